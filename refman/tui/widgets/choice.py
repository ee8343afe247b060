"""One of some answers, all of them in sight; which one is chosen is told without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from refman.tui.display import fitted, one_line


class Choice(Widget, can_focus=True):
    """The arrows choose; `index` is what is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,space", "step(1)", "Next answer", show=False),
        Binding("up,k", "step(-1)", "Answer before", show=False),
    ]

    index = reactive(0)

    class Chosen(Message):
        """Another answer was chosen."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, answers: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._answers = [one_line(answer) for answer in answers]
        self.styles.height = len(self._answers)

    def render(self) -> Content:
        """A line for each answer."""
        parts: list[tuple[str, str]] = []
        for number, answer in enumerate(self._answers):
            chosen = number == self.index
            line = fitted(f"({'•' if chosen else ' '}) {answer}", self.size.width)
            style = ("reverse" if self.has_focus else "bold") if chosen else ""
            parts.append((line + ("\n" if number < len(self._answers) - 1 else ""), style))
        return Content.assemble(*parts)

    def validate_index(self, index: int) -> int:
        """Keep it among the answers."""
        return max(0, min(index, len(self._answers) - 1))

    def watch_index(self, index: int) -> None:
        """Say so."""
        self.post_message(self.Chosen(index))

    def action_step(self, step: int) -> None:
        """Choose the next one, or the one before; after the last comes the first."""
        self.index = (self.index + step) % len(self._answers)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        self.index = event.y
