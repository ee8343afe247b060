"""Noticing that the library or a file has changed.

Both are asked several times a second: SQLite tells in a few microseconds whether another
connection has written (`PRAGMA data_version`), and the file system tells a file's time, size and
number. That is the same on every system, needs no thread, and misses nothing: what changed while
something else was done differs from what was noted before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from refman.store import Store

INTERVAL = 0.1
"""Seconds between two looks."""

_Seen = tuple[int, tuple[tuple[int, int, int] | None, ...]]


class Watch:
    """A library and files that are looked at."""

    def __init__(self, store: Store, sleep: Callable[[float], None] = time.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._paths: list[Path] = []
        self._seen: _Seen | None = None

    def note(self, paths: Iterable[Path]) -> None:
        """Note how all of it is now. To be called before it is read."""
        self._paths = list(paths)
        self._seen = self._look()

    def wait(self) -> None:
        """Wait until something is not as it was noted, and stays so for two looks.

        An editor may write a file in pieces.
        """
        while (before := self._look()) == self._seen:
            self._sleep(INTERVAL)
        while True:
            self._sleep(INTERVAL)
            now = self._look()
            if now[1] == before[1]:
                return
            before = now

    def _look(self) -> _Seen:
        return self._store.data_version, tuple(_signature(path) for path in self._paths)


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
