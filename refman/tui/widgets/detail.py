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

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        # Held, not looked up: an answer may come while the screen is being made or taken down.
        self._text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._text

    def show(self, entry: Entry | None) -> None:
        """Show a work; with None, nothing."""
        self._text.update(Content("") if entry is None else Content.assemble(*paragraphs(entry)))
        if self.is_attached:
            self.scroll_home(animate=False)
