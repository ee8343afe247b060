"""The search line, and below it what may be typed or why what was typed is no query."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from refman.tui.messages import QueryTyped, SearchLeft

HINT = 'words  "a phrase"  author:  title:  journal:  year:2019..2021  has:doi  tag:  -not  OR'
_PAUSE = 0.06
"""Seconds without a key until the search begins."""


class SearchInput(Input):
    """The line itself; it gives the keys back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear the search", show=False),
        Binding("enter,down", "leave(False)", "To the list", show=False),
    ]

    def action_leave(self, clear: bool) -> None:
        """Go back to the list; the first time, Esc clears what was typed."""
        self.post_message(SearchLeft(clear))


class SearchLine(Vertical):
    """Posts what was typed once the typing pauses."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._timer: Timer | None = None
        self._problem: str | None = None

    def compose(self) -> ComposeResult:
        """A slash, the line, and the hint."""
        with Horizontal(id="search-row"):
            yield Label("/", id="search-slash", markup=False)
            yield SearchInput(
                placeholder="search (press /)", id="search-input", compact=True, max_length=10_000
            )
        yield Static(Content(HINT), id="search-hint", markup=False)

    def focus_input(self) -> None:
        """Let the keys be typed here, and the very next one too."""
        self.screen.set_focus(self.query_one(SearchInput))

    def clear(self) -> None:
        """Empty the line at once."""
        self.query_one(SearchInput).value = ""

    def show_problem(self, problem: str | None) -> None:
        """Say why what was typed is no query, or give the hint."""
        if problem == self._problem:
            return
        self._problem = problem
        self.set_class(problem is not None, "-problem")
        self.query_one("#search-hint", Static).update(Content(problem or HINT))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for a pause, then say what was typed."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        text = event.value
        self._timer = self.set_timer(_PAUSE, lambda: self.post_message(QueryTyped(text)))
