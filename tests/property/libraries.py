"""Empty libraries, made in no time: a copy of one, with no waiting for the disk."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from refman.store import Store


def clock() -> Callable[[], str]:
    """A clock that goes on by a second each time it is looked at."""
    seconds = itertools.count()
    return lambda: f"2026-01-01T{next(seconds) // 3600:02d}:00:00Z"


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(path, clock=clock(), create=True).close()
        return path.read_bytes()


class ScratchStore:
    """A store in a folder of its own, which goes when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp()
        self.path = Path(self._folder) / "library.db"
        self.path.write_bytes(_template())
        self.store = Store.open(self.path, clock=clock())
        self.store._connection.execute("PRAGMA synchronous = OFF")

    def close(self) -> None:
        self.store.close()
        shutil.rmtree(self._folder)

    def __enter__(self) -> Store:
        return self.store

    def __exit__(self, *_: object) -> None:
        self.close()
