"""Deeds that change which works are listed and marked. They change nothing in the library."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from refman.rules.query import EVERYTHING
from refman.tui import state
from refman.tui.places import ALL
from refman.tui.screens.columns import ColumnsDialog

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


def search(screen: MainScreen) -> None:
    """Go to the search line."""
    screen.search_line.focus_input()


def sort(screen: MainScreen) -> None:
    """Sort by the next column."""
    screen.relist(state.next_order(screen.view))


def reverse(screen: MainScreen) -> None:
    """Sort the other way round."""
    screen.relist(state.reversed_order(screen.view))


async def columns(screen: MainScreen) -> None:
    """Choose the columns of the list."""
    chosen = await screen.app.push_screen_wait(ColumnsDialog(screen.view.columns))
    if chosen is not None:
        screen.become(replace(screen.view, columns=chosen))


def mark(screen: MainScreen) -> None:
    """Mark the work under the cursor, or unmark it, and go to the next."""
    screen.become(state.toggled(screen.view))
    screen.table.action_move(1)


def back(screen: MainScreen) -> None:
    """Take back the first of these: a search, marks, a place, an enrichment under way."""
    if screen.view.listing.text or screen.view.problem:
        screen.search_line.clear()
    elif screen.view.marked:
        screen.become(state.unmarked(screen.view))
    elif screen.view.listing.place.node != EVERYTHING:
        screen.sidebar.choose(ALL)
        screen.go(state.placed(screen.view, ALL))
    else:
        screen.stop_enrichment()
