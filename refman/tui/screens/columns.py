"""The dialog in which the columns of the list are chosen, and made wider and narrower."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import SelectionList

from refman.tui.columns import COLUMNS, Sizes, sized
from refman.tui.screens.dialog import Dialog, buttons, text, title

ChosenColumns = tuple[tuple[str, ...], Sizes]
"""The names of the columns, and the widths that were given to some."""


class ColumnsDialog(Dialog[ChosenColumns]):
    """`width` is that of a line of the list, by which the usual widths go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Show these", show=False, priority=True),
        Binding("plus,greater_than_sign,right", "widen(1)", "Wider", show=False, priority=True),
        Binding("minus,less_than_sign,left", "widen(-1)", "Narrower", show=False, priority=True),
        Binding("0", "usual", "The usual widths", show=False),
    ]

    def __init__(self, chosen: tuple[str, ...], sizes: Sizes = (), width: int = 80) -> None:
        super().__init__()
        self._chosen, self._sizes, self._width = chosen, sizes, width
        self._names = [*COLUMNS]

    def compose(self) -> ComposeResult:
        """A line for each column."""
        lines = [(self._label(name), name, name in self._chosen) for name in COLUMNS]
        with Vertical(classes="dialog"):
            yield title("Columns")
            yield SelectionList[str](*lines, id="columns", compact=True)
            yield text("Space chooses, + and - make wider and narrower, 0 as usual.")
            yield buttons(("Show (Ctrl+S)", "save", "primary"), ("Cancel", "give_up", "default"))

    def _label(self, name: str) -> Content:
        width = "what is left" if name == "title" else str(self._wide(name))
        return Content(f"{COLUMNS[name].head:<14}{width}")

    def _wide(self, name: str) -> int:
        given = dict(self._sizes).get(name)
        return given or COLUMNS[name].width(self._width)

    def action_widen(self, step: int) -> None:
        """Make the column under the cursor wider, or narrower."""
        place = self.query_one(SelectionList).highlighted
        if place is not None:
            name = self._names[place]
            self._sizes = sized(self._sizes, name, self._wide(name) + step)
            self._relabel()

    def action_usual(self) -> None:
        """Give no column a width of its own."""
        self._sizes = ()
        self._relabel()

    def _relabel(self) -> None:
        for place, name in enumerate(self._names):
            self.query_one(SelectionList).replace_option_prompt_at_index(place, self._label(name))

    def action_save(self) -> None:
        """These; where none is chosen, none is changed."""
        chosen = self.query_one(SelectionList).selected
        names = tuple(name for name in COLUMNS if name in chosen)
        self.dismiss((names, self._sizes) if names else None)
