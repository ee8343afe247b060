"""What the screens share on which works are seen side by side and decided on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from refman.errors import RefmanError
from refman.tui.display import one_line
from refman.tui.screens.dialog import Dialog
from refman.tui.widgets.comparison import Comparison


class ComparingScreen(Dialog[int]):
    """A comparison under its heads, a note, and the keys; gives how many were decided on.

    `waiting` is the title until there is something to show, `fields` the id of the comparison.
    """

    def __init__(self, waiting: str, fields: str) -> None:
        super().__init__()
        self._done = 0
        self._busy = False
        self._title = Static(waiting, classes="dialog-title", markup=False)
        self._heads = Static("", classes="comparison-heads", markup=False)
        self._fields = Comparison(id=fields, classes="-ansi-scrollbar")
        self._note = Static("", classes="dialog-text", markup=False)

    def compose(self) -> ComposeResult:
        """One below the other."""
        with Vertical(classes="dialog -whole"):
            yield self._title
            yield self._heads
            yield self._fields
            yield self._note
        yield Footer(compact=True, show_command_palette=False)

    def on_resize(self) -> None:
        """The columns have another width."""
        self.call_after_refresh(self._draw)

    @abstractmethod
    def _draw(self, cursor: int | None = None) -> None:
        """Show what there is, with the cursor on a line."""

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work in the background, in place of what was under way; an error is told."""

        async def guarded() -> None:
            self._busy = True
            try:
                await work()
            except RefmanError as error:
                self._say(" ".join(filter(None, (error.message, error.hint))))
            finally:
                self._busy = False

        self.run_worker(guarded, exclusive=True)  # type: ignore[arg-type]

    def _say(self, text: str) -> None:
        self._note.update(Content(one_line(text)))
