"""Beginnings of words: looked up one by one, they find what FTS5 finds by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refman.model import Description, Origin, OriginKind, Record
from refman.rules.query import Term
from refman.store import NewRecord, Store
from refman.store.beginnings import Beginnings
from tests.property.libraries import ScratchStore

_LETTERS = [chr(code) for code in range(0xC0, 0x250) if chr(code).isalpha()]
_TITLES = [
    *(f"Stem{letter}word" for letter in _LETTERS),
    *(f"smith{year}effect" for year in range(1980, 2021)),
    *(f"common{chr(97 + i)}{chr(97 + j)}" for i in range(9) for j in range(9)),
    "Smith", "smithson", "smithers2", "smithé", "smyth",
]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    scratch = ScratchStore()
    origin = Origin(kind=OriginKind.IMPORT, name="ris")
    with scratch.store.writing() as writer:
        change = writer.change("import", "import", "x")
        records = [Record(description=Description(title=title), origin=origin) for title in _TITLES]
        writer.insert(change, [NewRecord(record, f"k{i}") for i, record in enumerate(records)])
    yield scratch.store
    scratch.close()


def _found_by_fts5(store: Store, text: str) -> set[int]:
    rows = store._connection.execute(
        "SELECT rowid FROM works_fts WHERE works_fts MATCH ?", (f'title : "{text}" *',)
    )
    return {row[0] for row in rows}


def test_letters_with_accents_are_folded_as_the_index_folds_them(store: Store) -> None:
    for letter in _LETTERS:
        assert store.count(Term(f"stem{letter}wo", "title"))
        for text in (f"stem{letter}wo", f"STEM{letter.swapcase()}"):
            found = {row.id for row in store.rows(Term(text, "title"))}
            assert found == _found_by_fts5(store, text), text


@pytest.mark.parametrize("text", ["smit", "SMITH", "smith2", "smith19", "comm", "commona", "none"])
def test_words_are_found_whole_and_by_their_first_figure(store: Store, text: str) -> None:
    found = {row.id for row in store.rows(Term(text, "title"))}
    assert found == _found_by_fts5(store, text)
    assert store.count(Term(text, "title")) == len(found)


def test_citation_keys_are_not_named_one_by_one(store: Store) -> None:
    beginnings = Beginnings(store._connection)
    assert beginnings.words("smith") == [
        '"smith"', '"smith1" *', '"smith2" *', '"smithe"', '"smithers2" *', '"smithson"',
    ]  # fmt: skip
    assert beginnings.words("nothing") == []


@pytest.mark.parametrize("text", ["smi", "comm", "smith-son", "智能学习"])
def test_what_is_short_or_broad_or_no_word_is_left_to_fts5(store: Store, text: str) -> None:
    assert Beginnings(store._connection).words(text) is None
