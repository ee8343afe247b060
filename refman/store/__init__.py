"""The library file: the only part of refman that says SQL.

`Store` is open on one file and answers questions; `Store.writing` gives a `Writer` for one
transaction. What writes is loaded when something is written: a listing must not wait for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refman.store import connection as _connection
from refman.store.answers import Wanted
from refman.store.around import AroundReader
from refman.store.history import ChangeRow
from refman.store.marking import READ_TAG, Marks, MarksReader
from refman.store.reading import AttachmentRow, NoteRow, Reader
from refman.store.rows import Order, Page, Position, Row

if TYPE_CHECKING:
    from refman.store.bulk import BulkWriter
    from refman.store.checking import Finding
    from refman.store.mending import MendingWriter
    from refman.store.writing import NewRecord, Writer

__all__ = [
    "READ_TAG",
    "AttachmentRow",
    "ChangeRow",
    "Marks",
    "NewRecord",
    "NoteRow",
    "Order",
    "Page",
    "Position",
    "Reader",
    "Row",
    "Store",
    "Wanted",
    "Writer",
]

_WRITING = {"NewRecord": "refman.store.writing", "Writer": "refman.store.writing"}


def __getattr__(name: str) -> Any:
    """Load what writes when it is asked for."""
    if name not in _WRITING:
        raise AttributeError(f"module 'refman.store' has no attribute {name!r}")
    return getattr(import_module(_WRITING[name]), name)


class Store(AroundReader, MarksReader):
    """An open library. A connection belongs to the thread that opened it."""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Callable[[], str],
        create: bool = False,
        announce: Callable[[str], None] | None = None,
    ) -> Store:
        """Open the library at `path`; with `create`, make it where there is none.

        `clock` gives the time as ISO 8601 text; `announce` is told what will take its time, and
        of damage that is found. Raises `StoreError`.
        """
        connection = _connection.connect(path, create=create, clock=clock, announce=announce)
        return cls(connection, clock, announce)

    def close(self) -> None:
        """Close the file. What was committed stays."""
        self._close_instead()
        self._connection.close()

    def hold(self, mebibytes: int) -> None:
        """Have the connection keep no more of the file than that in memory."""
        self._connection.execute(f"PRAGMA cache_size = -{mebibytes * 1024}")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[MendingWriter]:
        """A writer for one transaction: durable at its end, undone if anything is raised.

        Raises `RuntimeError` inside another one.
        """
        from refman.store.mending import MendingWriter  # noqa: PLC0415

        with _connection.transaction(self._connection):
            writer = MendingWriter(self._connection, self._clock)
            yield writer
            writer.complete()

    @contextlib.contextmanager
    def bulk(self) -> Iterator[BulkWriter]:
        """For many transactions one after another; on leaving it, the last is done, too."""
        from refman.store.bulk import BulkWriter  # noqa: PLC0415

        bulk = BulkWriter(self._connection, self._clock)
        try:
            yield bulk
        finally:
            bulk.close()

    @contextlib.contextmanager
    def pairs(
        self, keys: Iterable[tuple[int, Iterable[int]]]
    ) -> Iterator[Iterator[tuple[int, int]]]:
        """The pairs of works, by id, that share one of the keys given for each, in order.

        Left out are those that a person keeps apart, and keys that very many works have.
        """
        from refman.store import pairing  # noqa: PLC0415

        try:
            pairing.fill(self._connection, keys)
            yield pairing.pairs(self._connection)
        finally:
            pairing.drop(self._connection)

    def examine(self, progress: Callable[[int], None] | None = None) -> list[Finding]:
        """What is wrong with the file, and what to do; that it is damaged, or not, is noted."""
        from refman.store.checking import examine  # noqa: PLC0415

        return examine(self._connection, progress)

    def backup(
        self,
        target: Path,
        *,
        replace: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Copy the library to `target`, as it is at this moment, while others use it.

        As `refman.store.copying.backup` does it, and raises.
        """
        from refman.store import copying  # noqa: PLC0415

        copying.backup(self._connection, target, replace=replace, progress=progress)
