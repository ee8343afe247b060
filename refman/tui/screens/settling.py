"""The dialog for an edit that somebody else was quicker with: field by field, theirs or yours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from refman.tui.screens.dialog import Dialog, title
from refman.tui.side_by_side import Line, cell, heads
from refman.tui.widgets.comparison import Comparison


class ConflictDialog(Dialog[frozenset[str]]):
    """`sides` are fields with what the library says by now, and what is to be saved.

    Gives the fields that stay as the library has them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "choose(0)", "Theirs", key_display="←"),
        Binding("right,l", "choose(1)", "Yours", key_display="→"),
        Binding("enter,ctrl+s", "save", "Save", key_display="Enter"),
        Binding("escape", "give_up", "Back to the form", key_display="Esc"),
    ]

    def __init__(self, key: str, sides: Sequence[tuple[str, Any, Any]]) -> None:
        super().__init__()
        self._key, self._sides = key, sides
        self._theirs: set[str] = set()
        self._heads = Static("", classes="comparison-heads", markup=False)
        self._fields = Comparison(id="conflict-fields", classes="-ansi-scrollbar")

    def compose(self) -> ComposeResult:
        """Both, beside each other."""
        with Vertical(classes="dialog -whole"):
            yield title(f"{self._key} was changed meanwhile. Which is to stand?")
            yield self._heads
            yield self._fields
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Yours, to begin with."""
        self._fields.focus()
        self.call_after_refresh(self._draw, 0)

    def on_resize(self) -> None:
        """The columns have another width."""
        self.call_after_refresh(self._draw)

    def _draw(self, cursor: int | None = None) -> None:
        width = self._fields.scrollable_content_region.width
        self._heads.update(Content(heads(("In the library now", "Yours"), width)))
        lines = [
            Line(
                field.replace("_", " "),
                (cell(field, now), cell(field, mine)),
                True,
                "<" if field in self._theirs else ">",
                0 if field in self._theirs else 1,
            )
            for field, now, mine in self._sides
        ]
        self._fields.show(lines, 2, cursor)

    def action_choose(self, side: int) -> None:
        """Let this side of the field stand."""
        field = self._sides[self._fields.cursor][0]
        if side == 0:
            self._theirs.add(field)
        else:
            self._theirs.discard(field)
        self._draw()

    def on_comparison_clicked(self, message: Comparison.Clicked) -> None:
        """The side that was clicked is to stand."""
        if message.side is not None:
            self.action_choose(message.side)

    def action_save(self) -> None:
        """Save what was chosen."""
        self.dismiss(frozenset(self._theirs))
