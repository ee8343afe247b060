"""The dialog in which the columns of the list are chosen."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import SelectionList

from refman.tui.columns import COLUMNS
from refman.tui.screens.dialog import Dialog, buttons, title


class ColumnsDialog(Dialog[tuple[str, ...]]):
    """Gives the names of those chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Show these", show=False, priority=True),
    ]

    def __init__(self, chosen: Collection[str]) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """A line for each column."""
        lines = [(column.head, name, name in self._chosen) for name, column in COLUMNS.items()]
        with Vertical(classes="dialog"):
            yield title("Columns: Space chooses")
            yield SelectionList[str](*lines, id="columns", compact=True)
            yield buttons(("Show (Ctrl+S)", "save", "primary"), ("Cancel", "give_up", "default"))

    def action_save(self) -> None:
        """These; where none is chosen, none is changed."""
        chosen = self.query_one(SelectionList).selected
        self.dismiss(tuple(name for name in COLUMNS if name in chosen) or None)
