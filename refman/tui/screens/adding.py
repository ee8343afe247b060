"""The dialog that asks for an identifier, or leads to a blank form."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from refman.tui.screens.dialog import Dialog, buttons, text, title


class AddDialog(Dialog[str]):
    """Gives an identifier, or `""` where the work is to be written by hand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "by_hand", "By hand", show=False, priority=True),
    ]

    def compose(self) -> ComposeResult:
        """A line for the identifier, and the way to the form."""
        with Vertical(classes="dialog"):
            yield title("Add a work")
            yield text("A DOI, arXiv identifier, ISBN or PMID; Enter looks it up.")
            yield Input(compact=True, max_length=500)
            yield buttons(
                ("Look up (Enter)", "look_up", "primary"),
                ("Write it by hand (Ctrl+N)", "by_hand", "default"),
            )

    def action_look_up(self) -> None:
        """That identifier; without one, by hand."""
        self.dismiss(self.query_one(Input).value.strip())

    def on_input_submitted(self) -> None:
        """Enter."""
        self.action_look_up()

    def action_by_hand(self) -> None:
        """Write it by hand."""
        self.dismiss("")
