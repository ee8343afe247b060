"""The search line, and below it what may be typed or why what was typed is no query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from refman.tui.completion import Vocabulary, completed, completions
from refman.tui.display import fitted, one_line
from refman.tui.memory import MOST_QUERIES
from refman.tui.messages import QueryTyped
from refman.tui.state import Problem

HINT = 'words "a phrase" author: title: year:2019..2021 has:doi tag: -not OR'
_PAUSE = 0.015
"""Seconds without a key until the search begins; a further key stops it again."""
_FEW = 12
"""Fields that are named instead of the example."""


class SearchInput(Input):
    """The line itself. Its keys name actions of the screen, so that the next key is the list's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "screen.leave_search(True)", "Clear the search", show=False, priority=True
        ),
        Binding("up", "screen.recall(1)", "Searched before", show=False, priority=True),
        Binding(
            "down", "screen.recall(-1)", "Searched later; to the list", show=False, priority=True
        ),
        Binding("enter", "screen.leave_search(False)", "To the list", show=False, priority=True),
        Binding("tab", "complete", "Go on with the word", show=False, priority=True),
    ]

    def action_complete(self) -> None:
        """Take over the grey letters; where there are none, go to the list."""
        if self._suggestion and self.cursor_position >= len(self.value):
            self.value = self._suggestion
            self.cursor_position = len(self.value)
        else:
            self.call_later(self.screen.run_action, "leave_search(False)")


class WordSuggester(Suggester):
    """The grey letters behind what is typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.vocabulary = Vocabulary()

    async def get_suggestion(self, value: str) -> str | None:
        """The query with its last word gone on."""
        return completed(value, self.vocabulary)


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
        self._was_problem, self._hint_width = False, -1
        self._timer: Timer | None = None
        self._text = text
        self._queries = list(queries)
        self._back = 0
        self._draft = ""
        """What was typed before older queries were called back."""
        self._problem: Problem | None = None
        self._suggester = WordSuggester()

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
                suggester=self._suggester,
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

    def recall(self, step: int) -> bool:
        """Put an older query in the line, or with -1 a newer one. False where there is none."""
        back = self._back + step
        if not 0 <= back <= len(self._queries):
            return False
        line = self.query_one(SearchInput)
        if self._back == 0:
            self._draft = line.value
        self._back = back
        line.value = self._queries[-back] if back else self._draft
        line.cursor_position = len(line.value)
        return True

    def learn(self, vocabulary: Vocabulary) -> None:
        """Know these names for completing words."""
        self._suggester.vocabulary = vocabulary
        self._show_hint()

    def clear(self) -> None:
        """Empty the line at once."""
        self.put("")

    def put(self, text: str) -> None:
        """Search for this."""
        self.query_one(SearchInput).value = text

    def show_problem(self, problem: Problem | None) -> None:
        """Say why what was typed is no query, or give the hint."""
        if problem == self._problem:
            return
        self._problem = problem
        self.set_class(problem is not None, "-problem")
        self._show_hint()

    def _show_hint(self) -> None:
        width = self.size.width
        if self._problem is None:
            told = hint(self._text, self._suggester.vocabulary, width)
        else:
            told = _told(self._problem, width)
        # To lay the screen out anew for each letter would keep the next one waiting.
        is_problem = self._problem is not None
        other = is_problem or is_problem != self._was_problem or width != self._hint_width
        self.query_one("#search-hint", Static).update(Content(told), layout=other)
        self._was_problem, self._hint_width = is_problem, width

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for a pause, then say what was typed."""
        event.stop()
        self._text = event.value
        self._show_hint()
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


def hint(text: str, vocabulary: Vocabulary, width: int) -> str:
    """What may be typed: the words that could be meant, or else an example of everything."""
    found = completions(text, vocabulary)
    word = re.split(r"[\s(]", text)[-1]
    if not found or (":" not in word and len(found) > _FEW):
        return HINT
    words = "  ".join(found)
    return fitted(f"Tab: {words}", max(10, width - 4)).rstrip()


def _told(problem: Problem, width: int) -> str:
    """The problem, with a caret under what it is about."""
    message = one_line(problem.message)
    if problem.column is None:
        return message
    caret = " " * problem.column + "^"
    one = f"{caret} {message}"
    return one if len(one) <= width - 4 else f"{caret[: width - 5]}\n{message}"
