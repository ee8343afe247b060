"""What is shown as found, against what the full-text index finds."""

from __future__ import annotations

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from refman.rules.query import Term, parse
from refman.store import Row
from refman.tui.columns import Columns
from refman.tui.matches import STYLE, finder_for


def found(query: str, field: str, text: str) -> list[str]:
    return [text[start:end] for start, end in finder_for(parse(query)).spans(field, text)]


def test_words_beginnings_phrases_fields_and_letters_without_blanks() -> None:
    text = "Human traf and Migrants, CAFÉ cafe\u0301s at 人工智能学"
    assert found('mig "human traf" café 智能', "title", text) == [
        "Human traf", "Mig", "CAFÉ", "cafe\u0301s", "智能",
    ]  # fmt: skip
    assert found('"mig"', "title", text) == []
    assert found("author:mig journal:x", "title", text) == []
    assert found("author:muller", "author", "Müller, A.; Mulleres") == ["Müller", "Muller"]
    assert found("-human (mig OR traf) NOT and", "title", text) == ["traf", "Mig"]
    assert found("has:doi is:retracted year:2019 tag:human key:human", "title", text) == []
    assert found("human-traf", "title", text) == ["Human traf"]


def test_what_is_found_is_cut_out_of_pieces_and_nothing_is_markup() -> None:
    pieces = [("[bold]Escher", "italic"), ("ichia[/] coli", "")]
    finder = finder_for(parse("escherichia bold"))
    told = [*finder.over("title", pieces)]
    assert "".join(text for text, _ in told) == "[bold]Escherichia[/] coli"
    assert [text for text, style in told if STYLE in style] == ["bold", "Escher", "ichia"]


def test_on_a_line_of_the_list_the_places_are_those_of_characters() -> None:
    row = Row(1, "k", "book", "智能 of café", "Müller, A", 2020, "智能 today", None, None, None)
    columns = Columns.for_width(120)
    line = columns.row(row, marked=False)
    spans = [*columns.found(line, finder_for(parse("智能 caf muller")))]
    assert [line[start:end] for start, end in spans] == ["Müller", "智能", "caf", "智能"]


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("aAbÉéz1 -.,ßñÄ\u0301"), max_size=12),
    st.text(st.sampled_from("aAbÉéz1 -.,ßñÄ\u0301"), min_size=1, max_size=4),
    st.booleans(),
)
def test_something_is_shown_where_and_only_where_the_index_finds_it(
    text: str, word: str, phrase: bool
) -> None:
    if not any(char.isalnum() for char in word):
        return
    index = sqlite3.connect(":memory:")
    index.execute(
        "CREATE VIRTUAL TABLE f USING fts5(t, tokenize = 'unicode61 remove_diacritics 2')"
    )
    index.execute("INSERT INTO f VALUES (?)", (text,))
    expression = f'"{word}"' + ("" if phrase else " *")
    hits = index.execute("SELECT count(*) FROM f WHERE f MATCH ?", (expression,)).fetchone()[0]
    spans = finder_for(Term(word, None, phrase)).spans("title", text)
    assert bool(spans) == bool(hits)
