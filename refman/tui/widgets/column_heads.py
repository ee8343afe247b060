"""The line of headings over the list."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from refman.store import Order
from refman.tui.columns import USUAL, Columns
from refman.tui.messages import SortWanted


class ColumnHeads(Widget):
    """Headings as wide as the columns below them; a click on one sorts by it."""

    order: reactive[Order] = reactive(Order.ADDED)
    descending = reactive(True)
    columns: reactive[tuple[str, ...]] = reactive(USUAL)

    def render(self) -> Content:
        """The headings."""
        columns = Columns.for_width(self.size.width, self.columns)
        return Content(columns.heads(self.order, descending=self.descending))

    def on_click(self, event: events.Click) -> None:
        """Ask for that order."""
        order = Columns.for_width(self.size.width, self.columns).order_at(event.x)
        if order is not None:
            self.post_message(SortWanted(order))
