"""A dialog of lines to be read, of which one may be gone to, or all agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from refman.tui.display import one_line
from refman.tui.screens.dialog import Dialog, buttons, text, title


class LinesDialog(Dialog[int]):
    """Enter gives the number of a line. With `agree`, only Ctrl+S answers, and gives `AGREED`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", "Next", show=False),
        Binding("k", "move(-1)", "Previous", show=False),
        Binding("ctrl+s", "agree", "Do it", show=False, priority=True),
    ]
    AGREED = -1

    def __init__(
        self, heading: str, lines: Sequence[str], details: str = "", agree: str = ""
    ) -> None:
        super().__init__()
        self._heading, self._lines = heading, lines
        self._details, self._agree = details, agree

    def compose(self) -> ComposeResult:
        """The lines, and what can be done."""
        close = ("Cancel (Esc)" if self._agree else "Close (Esc)", "give_up", "default")
        agree = [(f"{self._agree} (Ctrl+S)", "agree", "primary")] if self._agree else []
        with Vertical(classes="dialog -tall"):
            yield title(self._heading)
            if self._details:
                yield text(self._details)
            lines = (Content(one_line(line)) for line in self._lines)
            yield OptionList(*lines, id="lines", classes="-ansi-scrollbar", compact=True)
            yield buttons(*agree, close)

    def action_move(self, step: int) -> None:
        """The next line, or the one before."""
        lines = self.query_one(OptionList)
        if step > 0:
            lines.action_cursor_down()
        else:
            lines.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """That line."""
        event.stop()
        if not self._agree:
            self.dismiss(event.option_index)

    def action_agree(self) -> None:
        """Do it."""
        if self._agree:
            self.dismiss(self.AGREED)
