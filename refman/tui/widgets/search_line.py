"""The search line, and below it what may be typed or why what was typed is no query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from refman.tui.display import one_line
from refman.tui.memory import MOST_QUERIES
from refman.tui.messages import QueryTyped
from refman.tui.state import Problem

HINT = 'words "a phrase" author: title: journal: year:2019..2021 has:doi tag: -not OR'
_PAUSE = 0.015
"""Seconds without a key until the search begins; a further key stops it again."""


class SearchInput(Input):
    """The line itself. Its keys name actions of the screen, so that the next key is the list's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "screen.leave_search(True)", "Clear the search", show=False, priority=True
        ),
        Binding("up", "screen.recall", "Searched before", show=False, priority=True),
        Binding(
            "enter,down", "screen.leave_search(False)", "To the list", show=False, priority=True
        ),
    ]


class SearchLine(Vertical):
    """Posts what was typed once the typing pauses."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        text: str = "",
        queries: Sequence[str] = (),
    ) -> None:
        super().__init__(id=id)
        self._timer: Timer | None = None
        self._text = text
        self._queries = list(queries)
        self._back = 0
        self._problem: Problem | None = None

    def compose(self) -> ComposeResult:
        """A slash, the line, and the hint."""
        with Horizontal(id="search-row"):
            yield Label("/", id="search-slash", markup=False)
            yield SearchInput(
                self._text,
                placeholder="search (press /)",
                id="search-input",
                compact=True,
                max_length=10_000,
                select_on_focus=False,
            )
        yield Static(Content(HINT), id="search-hint", markup=False)

    def focus_input(self) -> None:
        """Let the keys be typed here, and the very next one too."""
        self.screen.set_focus(self.query_one(SearchInput))

    def on_descendant_focus(self) -> None:
        """Show the hint."""
        self.add_class("-active")

    def on_descendant_blur(self) -> None:
        """Hide the hint."""
        self.remove_class("-active")

    @property
    def queries(self) -> tuple[str, ...]:
        """What was searched for, the latest last."""
        return tuple(self._queries[-MOST_QUERIES:])

    def keep(self) -> None:
        """Remember what is typed now, as the latest."""
        text = self.query_one(SearchInput).value.strip()
        self._back = 0
        if text:
            self._queries = [query for query in self._queries if query != text] + [text]

    def recall(self) -> None:
        """Put the query before in the line, and with each call an older one."""
        if self._back < len(self._queries):
            self._back += 1
            line = self.query_one(SearchInput)
            line.value = self._queries[-self._back]
            line.cursor_position = len(line.value)

    def clear(self) -> None:
        """Empty the line at once."""
        self.query_one(SearchInput).value = ""

    def show_problem(self, problem: Problem | None) -> None:
        """Say why what was typed is no query, or give the hint."""
        if problem == self._problem:
            return
        self._problem = problem
        self.set_class(problem is not None, "-problem")
        self.query_one("#search-hint", Static).update(Content(_told(problem, self.size.width)))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for a pause, then say what was typed."""
        event.stop()
        self._text = event.value
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self.tell)

    def tell(self) -> None:
        """Say what was typed, if that has not been said yet."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self.post_message(QueryTyped(self._text))
            if not self.has_class("-active"):
                self.keep()


def _told(problem: Problem | None, width: int) -> str:
    """The hint, or the problem with a caret under what it is about."""
    if problem is None:
        return HINT
    message = one_line(problem.message)
    if problem.column is None:
        return message
    caret = " " * problem.column + "^"
    one = f"{caret} {message}"
    return one if len(one) <= width - 4 else f"{caret[: width - 5]}\n{message}"
