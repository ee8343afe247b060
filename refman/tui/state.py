"""What the main screen shows, as a value, and what becomes of it when something happens.

Nothing here knows of Textual: each function takes a view and gives the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from refman.errors import UsageError
from refman.rules.query import EVERYTHING, Node, expanded, parse
from refman.store import Order, Page, Row
from refman.tui.columns import USUAL, Sizes
from refman.tui.matches import Finder, finder_for
from refman.tui.memory import Remembered
from refman.tui.places import ALL, Place, joined
from refman.tui.window import Window

_NEWEST_FIRST = frozenset((Order.ADDED, Order.YEAR, Order.MODIFIED))
_IN_TURN = (Order.ADDED, Order.YEAR, Order.AUTHOR, Order.TITLE, Order.MODIFIED)
"""The orders that one key goes through; the others are for headings and the palette."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which works are listed, and in what order. Two that list the same are equal."""

    text: str = field(default="", compare=False)
    """The query as it was typed."""
    typed: Node = field(default=EVERYTHING, compare=False)
    """What it means."""
    place: Place = field(default=ALL, compare=False)
    """Where it is asked for."""
    node: Node = EVERYTHING
    """What is listed: what is in the place and matches the query."""
    order: Order = Order.ADDED
    descending: bool = True
    ranked: bool = False
    """Whether the best match comes first, whatever the order."""

    @property
    def order_name(self) -> str:
        """What it is sorted by, with an arrow."""
        if self.ranked:
            return "relevance"
        return f"{self.order.name.lower()} {'↓' if self.descending else '↑'}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a query, and at which of its characters, if at one."""

    message: str
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryView:
    """All that the main screen shows.

    While the first page of a new listing is on its way, the old rows stay (`stale`), so that the
    list never flickers empty under someone who types.
    """

    listing: Listing = field(default_factory=Listing)
    window: Window = field(default_factory=Window)
    cursor: int = 0
    marked: Mapping[int, str] = field(default_factory=dict)
    """The ids of the marked works, with their citation keys."""
    problem: Problem | None = None
    """Why what stands in the search line is no query; the list is then that of the last one."""
    stale: bool = True
    columns: tuple[str, ...] = USUAL
    """The columns that are shown, by name."""
    sizes: Sizes = ()
    """The widths that somebody gave to columns."""
    anchor: int | None = None
    """Where a stretch of marks began that is being drawn out."""
    before: Mapping[int, str] = field(default_factory=dict)
    """What was marked before that stretch."""
    saved: Mapping[str, str] = field(default_factory=dict)
    """The queries that are kept under a name."""
    usual: tuple[Order, bool] | None = None
    """How lists are sorted, while in a place that has an order of its own."""
    expected: int | None = None
    """How long the listing on its way is, where that is known: sorting changes no length."""

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.window.row(self.cursor)

    @property
    def finder(self) -> Finder:
        """What was typed, as what is looked for in the texts that are shown."""
        return finder_for(self.listing.typed)

    @property
    def is_empty_library(self) -> bool:
        """Whether there is nothing in the library at all, as far as is known."""
        return not self.stale and self.window.total == 0 and self.listing.node == EVERYTHING


def restored(remembered: Remembered, query: str) -> LibraryView:
    """The view that the screen was left with. A query that cannot be read is left out."""
    listing = Listing(order=Order[remembered.order], descending=remembered.descending)
    view = LibraryView(listing=listing, columns=remembered.columns, sizes=remembered.sizes)
    return replace(typed(view, query), problem=None)


def typed(view: LibraryView, text: str) -> LibraryView:
    """Somebody changed the search line."""
    try:
        saved = {name.lower(): query for name, query in view.saved.items()}
        node = expanded(parse(text), lambda name: saved.get(name.lower()))
    except UsageError as error:
        return replace(view, problem=_problem(error))
    listing = replace(view.listing, text=text, typed=node)
    if node == EVERYTHING:
        listing = replace(listing, ranked=False)
    return _asked(replace(view, problem=None), listing)


def placed(view: LibraryView, place: Place) -> LibraryView:
    """Go to another place; what was typed is looked for there."""
    listing = replace(view.listing, place=place)
    usual = view.usual
    if place.order is not None:
        usual = usual or (listing.order, listing.descending)
        listing = replace(listing, order=place.order, descending=True)
    elif usual is not None:
        listing = replace(listing, order=usual[0], descending=usual[1])
        usual = None
    return _asked(replace(view, usual=usual), listing)


def _asked(view: LibraryView, listing: Listing) -> LibraryView:
    node = joined(listing.place.node or EVERYTHING, listing.typed)
    if node == view.listing.node:
        listing = replace(listing, node=view.listing.node)
        if listing == view.listing:
            return replace(view, listing=listing)
        return _resorted(view, listing)
    return replace(view, listing=replace(listing, node=node), stale=True, expected=None)


def _problem(error: UsageError) -> Problem:
    """The hint of such an error ends in a line with a caret under what is wrong."""
    caret = (error.hint or "").rpartition("\n")[2]
    return Problem(error.message, len(caret) - 1 if caret.endswith("^") else None)


def next_order(view: LibraryView) -> LibraryView:
    """Sort by the next column, the way one usually wants it; what is searched for, also by rank."""
    listing = view.listing
    if listing.ranked:
        return ordered(view, _IN_TURN[0])
    place = _IN_TURN.index(listing.order) + 1 if listing.order in _IN_TURN else 0
    if place == len(_IN_TURN) and finder_for(listing.typed):
        return ranked(view)
    return ordered(view, _IN_TURN[place % len(_IN_TURN)])


def ranked(view: LibraryView) -> LibraryView:
    """The best match first."""
    return _resorted(view, replace(view.listing, ranked=True))


def ordered(view: LibraryView, order: Order) -> LibraryView:
    """Sort by a column."""
    descending = order in _NEWEST_FIRST
    return _resorted(view, replace(view.listing, order=order, descending=descending, ranked=False))


def clicked_order(view: LibraryView, order: Order) -> LibraryView:
    """Sort by a column whose heading was clicked; the one that it is sorted by, the other way."""
    again = view.listing.order is order and not view.listing.ranked
    return reversed_order(view) if again else ordered(view, order)


def reversed_order(view: LibraryView) -> LibraryView:
    """Sort the other way round."""
    listing = replace(view.listing, descending=not view.listing.descending, ranked=False)
    return _resorted(view, listing)


def _resorted(view: LibraryView, listing: Listing) -> LibraryView:
    expected = view.expected if view.stale else view.window.total
    return replace(view, listing=listing, stale=True, expected=expected)


def opened(view: LibraryView, page: Page) -> LibraryView:
    """The first page of a new listing is there."""
    window = Window(total=view.expected).with_page(0, page)
    return replace(view, window=window, cursor=0, stale=False, expected=None, anchor=None)


def filled(view: LibraryView, number: int, page: Page) -> LibraryView:
    """A further page is there."""
    return _within(replace(view, window=view.window.with_page(number, page)))


def counted(view: LibraryView, total: int) -> LibraryView:
    """The list has been counted."""
    return _within(replace(view, window=view.window.counted(total)))


def reloaded(view: LibraryView, window: Window) -> LibraryView:
    """The library has changed; `window` holds what is on the screen now.

    The cursor stays on its work where that is still near by.
    """
    row = view.current
    place = None if row is None else window.place_of(row.id)
    cursor = view.cursor if place is None else place
    return _within(replace(view, window=window, cursor=cursor, stale=False, anchor=None))


def moved(view: LibraryView, cursor: int) -> LibraryView:
    """The cursor is on another row."""
    return _within(replace(view, cursor=cursor))


def resized(view: LibraryView, sizes: Sizes) -> LibraryView:
    """Columns have other widths."""
    return replace(view, sizes=sizes)


def _within(view: LibraryView) -> LibraryView:
    cursor = max(0, min(view.cursor, view.window.height - 1))
    return view if cursor == view.cursor else replace(view, cursor=cursor)


def toggled(view: LibraryView) -> LibraryView:
    """Mark the work under the cursor, or unmark it."""
    row = view.current
    if row is None:
        return view
    marked = dict(view.marked)
    if marked.pop(row.id, None) is None:
        marked[row.id] = row.citation_key
    return _marking(view, marked)


def unmarked(view: LibraryView) -> LibraryView:
    """Mark nothing."""
    return _marking(view, {})


def marking(view: LibraryView, marked: Mapping[int, str]) -> LibraryView:
    """Mark these and no others."""
    return _marking(view, marked)


def _marking(view: LibraryView, marked: Mapping[int, str]) -> LibraryView:
    return replace(view, marked=marked, anchor=None, before={})


def drawn_out(view: LibraryView, index: int) -> LibraryView:
    """Mark all from where the stretch began to a row, and go there; what was marked stays so.

    Where rows between are not in memory, nothing is marked: a gap would not be seen.
    """
    anchor, before = (
        (view.cursor, view.marked) if view.anchor is None else (view.anchor, view.before)
    )
    index = max(0, min(index, view.window.height - 1))
    rows = [view.window.row(i) for i in range(min(anchor, index), max(anchor, index) + 1)]
    known = {row.id: row.citation_key for row in rows if row is not None}
    if len(known) < len(rows):
        return view
    return replace(view, marked={**before, **known}, anchor=anchor, before=before, cursor=index)


def settled(view: LibraryView) -> LibraryView:
    """A stretch of marks that was drawn out is over."""
    return view if view.anchor is None else replace(view, anchor=None, before={})


def without(view: LibraryView, work_ids: Mapping[int, str]) -> LibraryView:
    """Works have left the library, so they are not marked any more."""
    left = {id_: key for id_, key in view.marked.items() if id_ not in work_ids}
    return replace(view, marked=left)


def chosen(view: LibraryView) -> Mapping[int, str]:
    """The works that a deed is for: those marked, else the one under the cursor."""
    if view.marked:
        return view.marked
    row = view.current
    return {} if row is None else {row.id: row.citation_key}
