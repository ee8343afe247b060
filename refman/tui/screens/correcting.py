"""The dialog in which an entry is corrected before it is imported."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from refman.errors import UsageError
from refman.model import Description
from refman.services.editing import text_from_value
from refman.services.pasting import Correction
from refman.tui.display import lines
from refman.tui.screens.dialog import Dialog, buttons, text, title
from refman.tui.widgets.scrolled import Scrolled

_FIELDS = (
    "title", "author", "issued", "container_title", "volume", "issue", "page", "DOI", "publisher",
    "type",
)  # fmt: skip


class CorrectDialog(Dialog[Correction]):
    """Gives what was corrected; None where nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
    ]

    def __init__(self, description: Description) -> None:
        super().__init__()
        self._description = description
        self._before = {field: _text(description, field) for field in _FIELDS}

    def compose(self) -> ComposeResult:
        """A line for each of the fields that references are made of."""
        with Vertical(classes="dialog -tall"):
            yield title("Correct before importing")
            with Scrolled(classes="correct-fields -ansi-scrollbar"):
                for field, value in self._before.items():
                    with Horizontal(classes="correct-line"):
                        yield Label(field.replace("_", " "), classes="correct-name", markup=False)
                        yield Input(value, id=f"correct-{field}", compact=True)
            yield text("Names as Family, Given; Family, Given. What you write is your own word.")
            yield Static("", id="correct-note", markup=False)
            yield buttons(("Keep (Ctrl+S)", "keep", "primary"), ("Cancel", "give_up", "default"))

    def on_input_submitted(self) -> None:
        """Enter keeps."""
        self.action_keep()

    def action_keep(self) -> None:
        """That is how it should be, if every field can hold it."""
        typed = {field: self.query_one(f"#correct-{field}", Input).value for field in _FIELDS}
        changed = {field: value for field, value in typed.items() if value != self._before[field]}
        try:
            self.dismiss(Correction.of(self._description, changed))
        except UsageError as error:
            note = " ".join(filter(None, (error.message, error.hint)))
            self.query_one("#correct-note", Static).update(Content.styled(note, "$text-error"))


def _text(description: Description, field: str) -> str:
    value = getattr(description, field)
    return lines(text_from_value(field, value)) if value else ""
