from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from refman.store import Page, Position, Row
from refman.tui.window import KEPT_PAGES, PAGE_SIZE, Fetch, Window, turned


class FakeList:
    """A list of `length` rows that answers as a library does."""

    def __init__(self, length: int) -> None:
        self.rows = [
            Row(number, f"key{number}", None, None, None, None, None, None, None, None)
            for number in range(length)
        ]

    def page(self, way: Fetch) -> Page:
        rows = self.rows[::-1] if way.from_end else self.rows
        if way.after is not None:
            rows = rows[way.after.id + 1 :][way.offset :][: way.limit]
        elif way.before is not None:
            rows = rows[: way.before.id][::-1][way.offset :][: way.limit][::-1]
        else:
            rows = rows[way.offset :][: way.limit]
        if not rows:
            return Page(())
        page = Page(tuple(rows), _position(rows[0]), _position(rows[-1]))
        return turned(page) if way.from_end else page


def _position(row: Row) -> Position:
    return Position(row.id, row.id)


@settings(max_examples=60, deadline=None)
@given(
    length=st.integers(0, 3000),
    jumps=st.lists(st.integers(0, 3000), max_size=12),
    counted=st.booleans(),
)
def test_whatever_the_way_a_page_is_the_same(length: int, jumps: list[int], counted: bool) -> None:
    rows = FakeList(length)
    window = Window().with_page(0, rows.page(Window().fetch(0)))
    if counted:
        window = window.counted(length)
    for jump in jumps:
        index = min(jump, max(0, window.height - 1))
        for number in window.missing(index, index + 40):
            window = window.with_page(number, rows.page(window.fetch(number)))
        assert len(window.pages) <= KEPT_PAGES
        if window.height:
            row = window.row(index)
            assert row is not None
            assert row.id == index
    if counted:
        assert window.height == length


def test_a_neighbour_is_sought_and_not_skipped_to() -> None:
    rows = FakeList(5000)
    window = Window().counted(5000)
    window = window.with_page(20, rows.page(Fetch(number=20, offset=2000)))
    after, before = window.fetch(21), window.fetch(19)
    assert (after.after, after.offset) == (Position(2099, 2099), 0)
    assert (before.before, before.offset) == (Position(2000, 2000), 0)


def test_the_far_end_is_reached_from_the_end() -> None:
    way = Window().counted(1_000_050).fetch(10_000)
    assert way.from_end
    assert (way.offset, way.limit) == (0, 50)


def test_nothing_is_missing_in_an_empty_list() -> None:
    assert Window().missing(0, 40) == ()
    assert Window().with_page(0, Page(())).missing(0, 40) == ()


def test_the_next_page_is_fetched_before_it_comes_into_sight() -> None:
    window = Window().with_page(0, FakeList(500).page(Fetch(number=0))).counted(500)
    assert window.missing(0, 40) == ()
    assert window.missing(50, 90) == (1,)


def test_an_empty_page_says_that_the_list_ended_before_it() -> None:
    window = Window().with_page(0, FakeList(PAGE_SIZE).page(Fetch(number=0)))
    assert window.total is None
    assert window.with_page(1, Page(())).total == PAGE_SIZE
