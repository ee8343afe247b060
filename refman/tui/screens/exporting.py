"""The dialog that asks for a format and a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from refman.tui.screens.dialog import Dialog, buttons, text, title
from refman.tui.widgets.choice import Choice

_STEM = "references"


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What was chosen."""

    format: str
    path: Path


class ExportDialog(Dialog[ExportChoice]):
    """`what` says which works; `extension` gives that of a format's files."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "write", "Write", show=False)]

    def __init__(self, what: str, formats: Sequence[str], extension: Callable[[str], str]) -> None:
        super().__init__()
        self._what, self._formats, self._extension = what, formats, extension
        self._proposed = ""

    def compose(self) -> ComposeResult:
        """A choice of formats, and a line for the file."""
        with Vertical(classes="dialog"):
            yield title(f"Export {self._what}")
            yield Choice(self._formats, id="export-format")
            yield Input(id="export-path", compact=True, placeholder="file to write")
            yield text("", id="export-note")
            yield buttons(("Write (Ctrl+S)", "write", "primary"), ("Cancel", "give_up", "default"))

    def on_mount(self) -> None:
        """Propose a file of the first kind."""
        self._propose(0)

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        """Propose a file of that kind, unless another name was typed."""
        self._propose(message.index)

    def _propose(self, index: int) -> None:
        field = self.query_one("#export-path", Input)
        if field.value == self._proposed:
            self._proposed = field.value = _STEM + self._extension(self._formats[index])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what would be written over."""
        path = Path(event.value.strip()).expanduser()
        note = ""
        if event.value.strip():
            if path.is_dir():
                note = "That is a folder."
            elif path.exists():
                note = "There is such a file; it will be replaced."
        self.query_one("#export-note", Static).update(Content(note))

    def on_input_submitted(self) -> None:
        """Enter in the line writes."""
        self.action_write()

    def action_write(self) -> None:
        """That is the choice."""
        value = self.query_one("#export-path", Input).value.strip()
        if not value or Path(value).expanduser().is_dir():
            self.query_one("#export-note", Static).update(Content("Name a file to write."))
            return
        index = self.query_one("#export-format", Choice).index
        self.dismiss(ExportChoice(self._formats[index], Path(value).expanduser()))
