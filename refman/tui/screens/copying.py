"""The dialog that asks in which form a work is to be copied: one key more, and it is done."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from refman.tui.screens.dialog import Dialog, buttons, title

FORMS = (
    ("y", "key", "Citation key"),
    ("c", "cite", r"\cite{…}"),
    ("p", "pandoc", "[@…]"),
    ("r", "reference", "Formatted reference"),
    ("b", "bibtex", "BibTeX"),
    ("i", "ris", "RIS"),
    ("j", "csl-json", "CSL-JSON"),
    ("d", "doi", "DOI"),
)
"""Key, name and label of each."""


class CopyDialog(Dialog[str]):
    """Gives the name of the form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"choose('{name}')", label, show=False) for key, name, label in FORMS),
        Binding("k,enter", "choose('key')", "Citation key", show=False),
    ]

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def compose(self) -> ComposeResult:
        """The forms, each with its key."""
        parts: list[tuple[str, str]] = []
        for key, _, label in FORMS:
            parts += [(f" {key} ", "bold reverse"), (f"  {label}\n", "")]
        with Vertical(classes="dialog"):
            yield title(f"Copy {self._what} as")
            yield Static(Content.assemble(*parts), markup=False)
            yield buttons(("Cancel", "give_up", "default"))

    def action_choose(self, name: str) -> None:
        """In that form."""
        self.dismiss(name)
