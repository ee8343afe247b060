"""The dialog in which a note is written."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import TextArea

from refman.tui.screens.dialog import Dialog, buttons, title


class NoteDialog(Dialog[str]):
    """Gives the text; an empty one takes the note away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
    ]

    def __init__(self, heading: str, text: str) -> None:
        super().__init__()
        self._heading, self._text = heading, text

    def compose(self) -> ComposeResult:
        """A page to write on."""
        with Vertical(classes="dialog -tall"):
            yield title(self._heading)
            yield TextArea(self._text, id="note-text", classes="-ansi-scrollbar", compact=True)
            yield buttons(("Save (Ctrl+S)", "save", "primary"), ("Cancel", "give_up", "default"))

    def on_mount(self) -> None:
        """Go on where it ends."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_save(self) -> None:
        """That is the note, with what was typed just before."""
        area = self.query_one(TextArea)
        area.call_later(lambda: void(self.call_later(self._save)))

    def _save(self) -> None:
        self.dismiss(self.query_one(TextArea).text)


def void(_: object) -> None:
    """Nothing: a callback's answer is of no interest."""
