"""The help: the keys that do something on the screen it was asked from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from refman.tui.screens.dialog import Dialog, title
from refman.tui.widgets.scrolled import Scrolled


class KeysHelp(Dialog[None]):
    """`groups` are headings with their lines: a key, and what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,enter", "give_up", "Close", show=False),
    ]

    def __init__(self, groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        """The keys, which may be scrolled."""
        parts: list[tuple[str, str]] = []
        for heading, rows in self._groups:
            parts.append((f"{heading}\n", "bold"))
            for key, what in rows:
                parts.append((f"  {key:<16}", "bold"))
                parts.append((f"{what}\n", ""))
            parts.append(("\n", ""))
        with Scrolled(classes="dialog -tall -ansi-scrollbar"):
            yield title("Keys")
            yield Static(Content.assemble(*parts), markup=False)
            yield Static(Content("Esc closes this."), classes="dialog-text", markup=False)
