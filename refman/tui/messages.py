"""What widgets and threads tell the screen. Nothing here decides anything."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from refman.store import Order
from refman.tui.enrichment import Progress
from refman.tui.pages import Tab
from refman.tui.places import Place


@dataclass
class CursorMoved(Message):
    """The cursor of the list is on another row."""

    index: int


@dataclass
class RowsWanted(Message):
    """Rows came into sight that are not in memory."""

    first: int
    last: int


@dataclass
class MarkToggled(Message):
    """The signs of a row were clicked."""

    index: int


@dataclass
class StretchWanted(Message):
    """All rows from where the cursor is, or a stretch began, to this one are to be marked."""

    index: int


@dataclass
class ColumnDragged(Message):
    """Somebody draws the edge of a column to make it so wide."""

    column: str
    width: int


@dataclass
class PlaceChosen(Message):
    """Another place of the sidebar is to be listed."""

    place: Place


@dataclass
class SortWanted(Message):
    """A heading was clicked."""

    order: Order


@dataclass
class TabChosen(Message):
    """Another page of the details is to be shown."""

    tab: Tab


@dataclass
class QueryTyped(Message):
    """Somebody changed the search line."""

    text: str


@dataclass
class EnrichmentProgressed(Message):
    """An enrichment tells how far it is."""

    progress: Progress


@dataclass
class Compared(Message):
    """A search for duplicates tells how many works have been compared."""

    done: int


@dataclass
class ImportProgressed(Message):
    """An import tells how many entries are done."""

    done: int
