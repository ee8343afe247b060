"""A box to tick, of which it is seen without colour whether it is ticked."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from refman.tui.display import one_line


def box(ticked: bool, label: str) -> str:
    """A label with its box."""
    return f"[{'x' if ticked else ' '}] {one_line(label)}"


class Tick(Widget, can_focus=True):
    """Space, Enter or a click ticks it; `value` is whether it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "tick", "Tick", show=False),
    ]

    value = reactive(False)

    class Changed(Message):
        """It was ticked, or is not any more."""

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._label = label

    def render(self) -> Content:
        """The box and what it is about."""
        return Content.styled(box(self.value, self._label), "reverse" if self.has_focus else "")

    def watch_value(self) -> None:
        """Say so."""
        self.post_message(self.Changed())

    def action_tick(self) -> None:
        """The other way round."""
        self.value = not self.value

    def on_click(self) -> None:
        """A click is as good as a key."""
        self.action_tick()
