"""The pane that shows one work whole."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from refman.tui.summary import Entry, paragraphs
from refman.tui.widgets.scrolled import Scrolled


class Detail(Scrolled):
    """What is known of the work under the cursor, and where it came from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,h,enter", "screen.do('to_list')", "Back to the list", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static("", id="detail-text", markup=False)

    def show(self, entry: Entry | None) -> None:
        """Show a work; with None, nothing."""
        content = Content("") if entry is None else Content.assemble(*paragraphs(entry))
        self.query_one("#detail-text", Static).update(content)
        self.scroll_home(animate=False)
