"""The line of headings over the list."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from refman.store import Order
from refman.tui.columns import USUAL, Columns, Sizes
from refman.tui.messages import ColumnDragged, SortWanted


class ColumnHeads(Widget):
    """Headings as wide as the columns below them.

    A click on one sorts by it; the gap behind one, dragged, makes it wider or narrower.
    """

    order: reactive[Order | None] = reactive[Order | None](Order.ADDED)
    """What is sorted by; None where it is no column."""
    descending = reactive(True)
    columns: reactive[tuple[str, ...]] = reactive(USUAL)
    sizes: reactive[Sizes] = reactive(())

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._edge: tuple[str, int, int, int] | None = None
        """The column that is being dragged, which way, its width and where that began."""
        self._was_dragged = False

    def render(self) -> Content:
        """The headings."""
        return Content(self._line.heads(self.order, descending=self.descending))

    @property
    def _line(self) -> Columns:
        return Columns.for_width(self.size.width, self.columns, self.sizes)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of an edge."""
        edge = self._line.edge_at(event.x)
        self._was_dragged = edge is not None
        if edge is not None:
            name, way = edge
            self._edge = (name, way, self._line.widths[name], event.screen_x)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw it."""
        if self._edge is not None:
            name, way, width, began = self._edge
            self.post_message(ColumnDragged(name, width + way * (event.screen_x - began)))

    def on_mouse_up(self) -> None:
        """Let go of it."""
        self._edge = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Ask for that order."""
        order = self._line.order_at(event.x)
        if order is not None and not self._was_dragged:
            self.post_message(SortWanted(order))
