"""The dialog in which one of many names is chosen; typing narrows the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from refman.tui.display import one_line
from refman.tui.screens.dialog import Dialog, title

_MOST = 500
"""Names that are shown at once: of ten thousand styles, laying out all would take a second."""


class PickDialog(Dialog[str]):
    """Gives one of the names."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next", show=False, priority=True),
        Binding("up", "step(-1)", "Before", show=False, priority=True),
        Binding("pagedown", "step(8)", "Further down", show=False, priority=True),
        Binding("pageup", "step(-8)", "Further up", show=False, priority=True),
    ]

    def __init__(self, question: str, names: Sequence[str], present: str = "") -> None:
        super().__init__()
        self._question, self._names, self._present = question, names, present
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """A line that narrows the list below."""
        with Vertical(classes="dialog"):
            yield title(self._question)
            yield Input(compact=True, placeholder="type to narrow")
            yield OptionList(classes="pick-list -ansi-scrollbar", compact=True)

    def on_mount(self) -> None:
        """All of them, the present one chosen."""
        self.query_one(OptionList).can_focus = False
        self._narrow("")
        if self._present in self._found:
            self.query_one(OptionList).highlighted = self._found.index(self._present)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only those with what was typed in them; that very name first, then beginnings."""
        self._narrow(event.value.strip().lower().replace(" ", "_"))

    def _narrow(self, text: str) -> None:
        folded = [(name.lower().replace("-", "_").replace(" ", "_"), name) for name in self._names]
        wanted = text.replace("-", "_")
        found = [
            ((key != wanted, not key.startswith(wanted)), name)
            for key, name in folded
            if wanted in key
        ]
        self._found = [name for _, name in sorted(found, key=lambda pair: pair[0])][:_MOST]
        if not text and self._present in self._names and self._present not in self._found:
            self._found.insert(0, self._present)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(Content(one_line(name.replace("_", " ")))) for name in self._found
        )
        options.highlighted = 0 if self._found else None

    def action_step(self, step: int) -> None:
        """Go to another one."""
        options = self.query_one(OptionList)
        if self._found:
            here = options.highlighted or 0
            options.highlighted = max(0, min(here + step, len(self._found) - 1))

    def on_input_submitted(self) -> None:
        """The one that the cursor is on. Where nothing is, what is typed next is still for here."""
        place = self.query_one(OptionList).highlighted
        if place is not None and self._found:
            self.dismiss(self._found[place])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The one that was clicked."""
        self.dismiss(self._found[event.option_index])
