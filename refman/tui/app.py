"""The application: one main screen over one library."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.worker import WorkerFailed

from refman import plugins
from refman.errors import RefmanError
from refman.rules import citekey
from refman.services.library import Library
from refman.tui import collecting
from refman.tui.desk import Desk
from refman.tui.enrichment import EnrichmentSetup
from refman.tui.help_text import groups_for
from refman.tui.keymap import checked
from refman.tui.memory import Memory
from refman.tui.outside import Outside
from refman.tui.palette import DeedCommands
from refman.tui.screens.keys import KeysHelp
from refman.tui.screens.main import MainScreen

__all__ = ["EnrichmentSetup", "RefmanApp", "run"]

_STOP_SECONDS = 3.0
_TURN_SECONDS = 0.0005
_ENDING = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_SIGNALLED = 128
"""The exit status of a program that a signal ended is this and its number."""
_SETTLED_SECONDS = 1.5
"""Seconds after which the first screen is there, with all that stays in memory."""


def terminal_theme() -> str:
    """The theme that leaves the colours to the terminal, unless TEXTUAL_THEME names another.

    COLORFGBG, where the terminal sets it, says whether its background is a light one.
    """
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    own = "ansi-light" if background in ("7", "15") else "ansi-dark"
    return os.environ.get("TEXTUAL_THEME", own)


class RefmanApp(App["int | RefmanError"]):
    """`open_library` is for tests: it is called in each thread that needs a library.

    `settle` is called once the first screen has had the time to appear.
    """

    # Known before the app is made, for App decides by it what NO_COLOR means.
    theme: Reactive[str] = Reactive(terminal_theme)

    TITLE = "refman"
    CSS_PATH = "refman.tcss"
    COMMANDS = App.COMMANDS | {DeedCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "To the shell; fg comes back", show=False),
    ]

    def __init__(  # noqa: PLR0913
        self,
        path: Path,
        *,
        enrichment: EnrichmentSetup,
        export_formats: Callable[[], Sequence[str]] = plugins.exporter_names,
        outside: Outside | None = None,
        open_library: Callable[[], Library] | None = None,
        style: str = "apa",
        template: str = citekey.DEFAULT,
        state_file: Path | None = None,
        keys: Mapping[str, str] | None = None,
        settle: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._settle = settle
        self.desk = Desk(
            path=path,
            open_library=open_library or _opener(path),
            enrichment=enrichment,
            export_formats=export_formats,
            outside=outside or Outside(),
            style=style,
            template=template,
            draft_file=state_file and state_file.with_name("draft.json"),
        )
        self.own_keys = checked(keys or {})
        """The keys of deeds that have others than the usual ones."""
        self.failure: BaseException | None = None
        """What ended the program though nobody meant it to end."""
        self._memory = Memory(state_file)
        self.main = MainScreen(self.desk, self._memory.load())

    def on_mount(self) -> None:
        """Show the main screen."""
        self.set_keymap(dict(self.own_keys))
        # A thread that reckons lets the one that draws have its turn sooner than usual.
        sys.setswitchinterval(_TURN_SECONDS)
        if self._settle is not None:
            self.set_timer(_SETTLED_SECONDS, self._settle)
        self._on_signals(self._end)
        # Back from the shell, the terminal is empty, and Textual draws what it thinks has changed.
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        self.push_screen(self.main)

    def _on_signals(self, deed: Callable[[int], None] | None) -> None:
        """Do that when the terminal goes away or somebody ends the program; None: as usual."""
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            # Not where there are no such signals, or where this is not the main thread.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                if deed is None:
                    loop.remove_signal_handler(number)
                else:
                    loop.add_signal_handler(number, deed, number)

    def _fatal_error(self) -> None:
        """End after a mistake of ours, without the pages that Textual prints of it."""
        error = sys.exc_info()[1]
        if self.failure is None and isinstance(error, Exception):
            self.failure = error.error if isinstance(error, WorkerFailed) else error
        self._close_messages_no_wait()

    def _end(self, number: int) -> None:
        self.exit(return_code=_SIGNALLED + number)

    def on_unmount(self) -> None:
        """Stop what is under way; what was done stays."""
        self._on_signals(None)
        self._memory.save(self.main.remembered)
        self.main.stop_enrichment(_STOP_SECONDS)
        self.desk.close()

    def action_keys(self) -> None:
        """Show the keys of the screen that has them now."""
        if not isinstance(self.screen, KeysHelp):
            self.push_screen(KeysHelp([*groups_for(self.screen)]))


def _opener(path: Path) -> Callable[[], Library]:
    """Opens the library, and makes it at first where there is none, but not if it was removed."""
    is_open = threading.Event()

    def open_library() -> Library:
        library = Library(path, create=not is_open.is_set())
        is_open.set()
        return library

    return open_library


def run(
    path: Path,
    *,
    enrichment: EnrichmentSetup,
    export_formats: Callable[[], Sequence[str]] = plugins.exporter_names,
    style: str = "apa",
    template: str = citekey.DEFAULT,
    state_file: Path | None = None,
    keys: Mapping[str, str] | None = None,
) -> int:
    """Show the library at `path` (made if there is none) until the user leaves.

    `style` is that of formatted references, `template` that of new citation keys; `state_file` is
    where the screen's state is remembered; `keys` are those of deeds, by name, that are to have
    others than the usual ones.

    Returns the exit status. Raises `StoreError` where the library cannot be opened, `ConfigError`
    for keys, and what went wrong inside, once the terminal is as it was.
    """
    app = RefmanApp(
        path,
        enrichment=enrichment,
        export_formats=export_formats,
        style=style,
        template=template,
        state_file=state_file,
        keys=keys,
        settle=collecting.settle,
    )
    result = app.run()
    if app.failure is not None:
        raise app.failure
    if isinstance(result, RefmanError):
        raise result
    return app.return_code or 0
