"""The dialog in which the columns of the list are chosen, and made wider and narrower."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from refman.tui.columns import COLUMNS, Sizes, sized
from refman.tui.screens.dialog import Dialog, buttons, text, title
from refman.tui.widgets.tick import box

ChosenColumns = tuple[tuple[str, ...], Sizes]
"""The names of the columns, and the widths that were given to some."""


class ColumnsDialog(Dialog[ChosenColumns]):
    """`width` is that of a line of the list, by which the usual widths go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Show these", show=False, priority=True),
        Binding("plus,greater_than_sign,right", "widen(1)", "Wider", show=False, priority=True),
        Binding("minus,less_than_sign,left", "widen(-1)", "Narrower", show=False, priority=True),
        Binding("space", "choose", "Show or hide the column", show=False, priority=True),
        Binding("j,down", "move(1)", "Next", show=False, priority=True),
        Binding("k,up", "move(-1)", "Previous", show=False, priority=True),
        Binding("0", "usual", "The usual widths", show=False),
    ]

    def __init__(self, chosen: tuple[str, ...], sizes: Sizes = (), width: int = 80) -> None:
        super().__init__()
        self._chosen, self._sizes, self._width = {*chosen}, sizes, width
        self._names = [*COLUMNS]

    def compose(self) -> ComposeResult:
        """A line for each column."""
        with Vertical(classes="dialog"):
            yield title("Columns")
            yield OptionList(
                *map(self._label, self._names),
                id="columns",
                compact=True,
                classes="-ansi-scrollbar",
            )
            yield text("Space chooses, + and - make wider and narrower, 0 as usual.")
            yield buttons(("Show (Ctrl+S)", "save", "primary"), ("Cancel", "give_up", "default"))

    def _label(self, name: str) -> Content:
        width = "what is left" if name == "title" else str(self._wide(name))
        return Content(f"{box(name in self._chosen, COLUMNS[name].head):<18}{width}")

    def _wide(self, name: str) -> int:
        return dict(self._sizes).get(name) or COLUMNS[name].width(self._width)

    @property
    def _here(self) -> str:
        return self._names[self.query_one(OptionList).highlighted or 0]

    def action_move(self, step: int) -> None:
        """Go to the next column, or the one before."""
        options = self.query_one(OptionList)
        here = options.highlighted or 0
        options.highlighted = max(0, min(here + step, len(self._names) - 1))

    def action_choose(self) -> None:
        """Show the column under the cursor, or do not."""
        self._chosen ^= {self._here}
        self._relabel()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter and the mouse choose, too."""
        event.stop()
        self.action_choose()

    def action_widen(self, step: int) -> None:
        """Make the column under the cursor wider, or narrower."""
        self._sizes = sized(self._sizes, self._here, self._wide(self._here) + step)
        self._relabel()

    def action_usual(self) -> None:
        """Give no column a width of its own."""
        self._sizes = ()
        self._relabel()

    def _relabel(self) -> None:
        for place, name in enumerate(self._names):
            self.query_one(OptionList).replace_option_prompt_at_index(place, self._label(name))

    def action_save(self) -> None:
        """These; where none is chosen, none is changed."""
        names = tuple(name for name in COLUMNS if name in self._chosen)
        self.dismiss((names, self._sizes) if names else None)
