from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from refman.store import Order, Row
from refman.tui.columns import Columns, short_author
from refman.tui.display import fitted, lines, one_line, pieces


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60), width=st.integers(1, 40))
def test_a_fitted_text_takes_just_its_width(text: str, width: int) -> None:
    assert cell_len(fitted(one_line(text), width)) == width


@given(text=st.text(max_size=80))
def test_no_control_character_is_left(text: str) -> None:
    left = one_line(text) + lines(text).replace("\n", "").replace("\t", "")
    assert not [char for char in left if ord(char) < 32 or 127 <= ord(char) < 160]


def test_what_looks_like_markup_or_an_escape_shows_as_itself() -> None:
    assert one_line("[bold red]x[/x] \x1b[31mred\x9b0m") == "[bold red]x[/x] [31mred0m"


def test_marks_of_direction_go() -> None:
    assert one_line("a\u202eb\u2066c") == "abc"


def test_inline_marks_become_styles() -> None:
    assert [*pieces("On <i>E. <b>coli</b></i> H<sub>2</sub>O")] == [
        ("On ", ""),
        ("E. ", "italic"),
        ("coli", "italic bold"),
        (" H", ""),
        ("2", ""),
        ("O", ""),
    ]
    assert one_line('On <i>E. coli</i> <span class="nocase">DNA</span>') == "On E. coli DNA"


def test_a_mark_that_never_ends_is_no_harm() -> None:
    assert [*pieces("</i></i>a<i>b")] == [("a", ""), ("b", "italic")]
    assert one_line("a < b and c > d") == "a < b and c > d"


def test_a_wide_character_is_not_cut_in_two() -> None:
    assert fitted("中文标题", 4) == "中… "
    assert fitted("中文标题", 8) == "中文标题"


def test_authors_are_shortened() -> None:
    assert short_author(None) == ""
    assert short_author("UNICEF") == "UNICEF"
    assert short_author("Smith, John") == "Smith, J."
    assert short_author("Smith, John; Doe, Jane") == "Smith & Doe"
    assert short_author("Smith, John; Doe, Jane; Roe, R.") == "Smith et al."


def test_columns_fill_the_line_at_any_width() -> None:
    row = Row(1, "k", None, "T" * 300, "A, B", 2020, "J" * 300, None, None, "mismatch")
    for width in range(40, 260, 7):
        columns = Columns.for_width(width)
        assert cell_len(columns.row(row, marked=True)) == width
        assert cell_len(columns.heads(Order.YEAR, descending=True)) == width
        assert ("container" in columns.widths) == (width >= 70)


def test_columns_are_chosen_and_give_way_to_the_title() -> None:
    row = Row(1, "smith2020", "book", "T", "A, B", 2020, None, "10.1/x", None, None)
    columns = Columns.for_width(140, ("title", "key", "DOI", "type"))
    assert list(columns.widths) == ["title", "key", "type", "DOI"]
    assert "smith2020" in columns.row(row, marked=False)
    assert list(Columns.for_width(60, ("title", "key", "DOI", "type")).widths) == ["title", "key"]
    assert list(Columns.for_width(60, ("DOI",)).widths) == ["DOI"]
    heads = columns.heads(Order.TITLE, descending=False)
    assert columns.order_at(heads.index("Title ↑")) is Order.TITLE
    assert columns.order_at(heads.index("Key")) is Order.KEY
    assert columns.order_at(0) is Order.ADDED
    assert columns.order_at(500) is None


def test_a_work_without_a_title_shows_its_key() -> None:
    row = Row(1, "smith2020", None, None, None, None, None, None, "retracted", None)
    line = Columns.for_width(80).row(row, marked=False)
    assert "smith2020" in line
    assert line.startswith(" R")
