"""Deeds that change which works are listed and marked. They change nothing in the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from refman.rules.query import EVERYTHING
from refman.tui import state
from refman.tui.places import ALL
from refman.tui.screens.columns import ColumnsDialog

_MOST_MARKED = 100_000
"""Works that can be marked at once."""

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


def search(screen: MainScreen) -> None:
    """Go to the search line."""
    screen.search_line.focus_input()
    screen.learn_names()


def sort(screen: MainScreen) -> None:
    """Sort by the next column."""
    screen.relist(state.next_order(screen.view))


def reverse(screen: MainScreen) -> None:
    """Sort the other way round."""
    screen.relist(state.reversed_order(screen.view))


def rank(screen: MainScreen) -> None:
    """Show the best matches of the search first; without one, say so."""
    if not screen.view.finder:
        screen.say("Search for words first (/): relevance is how well they match.")
        return
    screen.relist(state.ranked(screen.view))


async def columns(screen: MainScreen) -> None:
    """Choose the columns of the list, and how wide they are."""
    view = screen.view
    chosen = await screen.app.push_screen_wait(
        ColumnsDialog(view.columns, view.sizes, screen.table.size.width)
    )
    if chosen is not None:
        names, sizes = chosen
        screen.become(replace(screen.view, columns=names, sizes=sizes))


async def mark_all(screen: MainScreen) -> None:
    """Mark all works that are listed."""
    found = await _listed(screen)
    if found is not None:
        screen.become(state.marking(screen.view, {**screen.view.marked, **found}))


async def invert(screen: MainScreen) -> None:
    """Mark, of the works that are listed, those that are not marked, and no others."""
    found = await _listed(screen)
    if found is not None:
        marked = screen.view.marked
        left = {id_: key for id_, key in found.items() if id_ not in marked}
        screen.become(state.marking(screen.view, left))


async def _listed(screen: MainScreen) -> Mapping[int, str] | None:
    """The works that are listed, by id; None, and a word, where they are too many to mark."""
    listing, total = screen.view.listing, screen.view.window.total
    if total is None or total > _MOST_MARKED:
        screen.say(
            f"{'These' if total is None else f'{total:,}'} are too many to mark. "
            "Enriching and exporting take all that are listed.",
            "warning",
        )
        return None
    async with screen.desk.another() as thread:
        found = await thread.ask(
            lambda library: {row.id: row.citation_key for row in library.rows(listing.node)}
        )
    return found if screen.view.listing == listing else None


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
