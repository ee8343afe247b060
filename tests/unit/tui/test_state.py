from __future__ import annotations

from dataclasses import replace

from refman.rules.query import EVERYTHING
from refman.store import Order, Page, Position, Row
from refman.tui import state
from refman.tui.state import LibraryView
from refman.tui.window import PAGE_SIZE


def row(number: int) -> Row:
    return Row(number, f"key{number}", None, f"Title {number}", None, 2000, None, None, None, None)


def page(first: int, count: int) -> Page:
    rows = tuple(row(number) for number in range(first, first + count))
    return Page(rows, Position(first, first), Position(first + count - 1, first + count - 1))


def opened(count: int = 30) -> LibraryView:
    return state.opened(LibraryView(), page(0, count))


def test_a_query_asks_for_another_listing_and_keeps_the_old_rows_meanwhile() -> None:
    view = state.typed(opened(), "migra")
    assert view.stale
    assert view.listing.text == "migra"
    assert view.current == row(0)


def test_a_broken_query_keeps_the_listing_and_says_where_it_breaks() -> None:
    before = state.typed(opened(), "migra")
    view = state.typed(before, "migra (")
    assert view.listing is before.listing
    assert view.problem is not None
    assert view.problem.column == 6
    assert "bracket" in view.problem.message
    assert state.typed(view, "migra").problem is None


def test_a_blank_more_is_the_same_query() -> None:
    before = state.opened(state.typed(opened(), "migra"), page(0, 5))
    view = state.typed(before, "migra ")
    assert not view.stale
    assert view.listing.text == "migra "


def test_orders_go_round_and_begin_the_usual_way() -> None:
    view = opened()
    seen = []
    for _ in range(5):
        view = state.next_order(view)
        seen.append((view.listing.order, view.listing.descending))
    assert seen == [
        (Order.YEAR, True),
        (Order.AUTHOR, False),
        (Order.TITLE, False),
        (Order.MODIFIED, True),
        (Order.ADDED, True),
    ]
    assert not state.reversed_order(view).listing.descending


def test_sorting_keeps_the_length_and_searching_does_not() -> None:
    view = state.counted(opened(PAGE_SIZE), 5000)
    assert state.opened(state.next_order(view), page(0, PAGE_SIZE)).window.total == 5000
    twice = state.reversed_order(state.next_order(view))
    assert state.opened(twice, page(0, PAGE_SIZE)).window.total == 5000
    searched = state.next_order(state.typed(view, "migra"))
    assert state.opened(searched, page(0, PAGE_SIZE)).window.total is None


def test_a_new_listing_begins_at_the_top() -> None:
    view = state.moved(opened(), 20)
    assert state.opened(state.reversed_order(view), page(0, 30)).cursor == 0


def test_the_cursor_stays_on_its_work_when_rows_come_before_it() -> None:
    view = state.moved(opened(), 10)
    window = opened().window
    shifted = replace(window, pages={0: Page((row(99), *page(0, 30).rows))}, total=31)
    assert state.reloaded(view, shifted).cursor == 11


def test_the_cursor_stays_within_a_list_that_has_shrunk() -> None:
    view = state.moved(opened(), 29)
    assert state.counted(view, 3).cursor == 2
    assert state.counted(view, 0).cursor == 0


def test_marks_are_toggled_and_are_what_a_deed_is_for() -> None:
    view = opened()
    assert state.chosen(view) == {0: "key0"}
    view = state.toggled(state.moved(state.toggled(view), 3))
    assert state.chosen(view) == {0: "key0", 3: "key3"}
    assert state.toggled(view).marked == {0: "key0"}
    assert state.without(view, {0: "key0"}).marked == {3: "key3"}
    assert not state.unmarked(view).marked


def test_nothing_is_chosen_where_there_is_nothing() -> None:
    view = state.opened(LibraryView(), Page(()))
    assert state.chosen(view) == {}
    assert state.toggled(view) == view
    assert view.is_empty_library


def test_a_search_without_hits_is_no_empty_library() -> None:
    view = state.opened(state.typed(opened(), "zzz"), Page(()))
    assert view.window.total == 0
    assert not view.is_empty_library
    assert view.listing.node != EVERYTHING


def test_a_full_first_page_leaves_the_length_open() -> None:
    view = opened(PAGE_SIZE)
    assert view.window.total is None
    assert view.window.height == PAGE_SIZE
    assert state.counted(view, 1_000_000).window.height == 1_000_000
