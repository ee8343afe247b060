"""The line of headings over the list."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from refman.store import Order
from refman.tui.columns import Columns


class ColumnHeads(Widget):
    """Headings as wide as the columns below them."""

    order: reactive[Order] = reactive(Order.ADDED)
    descending = reactive(True)

    def render(self) -> Content:
        """The headings."""
        columns = Columns.for_width(self.size.width)
        return Content(columns.heads(self.order, descending=self.descending))
