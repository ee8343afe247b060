"""Opening a library file, and SQLite's errors as refman's.

Reading needs nothing but `sqlite3`; sqlite-utils is loaded only where a schema has to be made or
brought up to date.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from refman.errors import (
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
    UsageError,
)
from refman.store import damage, opening

if TYPE_CHECKING:
    # It brings logging with it, and a listing needs neither.
    from concurrent.futures import Future

SCHEMA_VERSION = 4
"""How many migrations there are; kept in the file as `PRAGMA user_version`."""

APPLICATION_ID = 0x5265666D
"""Stored in the file's header (`PRAGMA application_id`): "Refm"."""

WAY_OUT = "refman doctor looks into it; refman doctor --rescue NEW.db saves what can be read of it."
"""What is said to somebody whose library is damaged."""

_BUSY_SECONDS = 30.0


class Cursor(sqlite3.Cursor):
    """Rows, read with errors that are `StoreError`s: a damaged page may turn up at any of them."""

    def fetchone(self) -> Any:
        """As in `sqlite3`. Raises `StoreError`."""
        with self._translating():
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        """As in `sqlite3`. Raises `StoreError`."""
        with self._translating():
            return super().fetchall()

    def __next__(self) -> Any:
        """As in `sqlite3`. Raises `StoreError`."""
        with self._translating():
            return super().__next__()

    def _translating(self) -> _Translating:
        connection = self.connection
        assert isinstance(connection, Connection)
        return connection.translating


class Connection(sqlite3.Connection):
    """A connection whose errors are `StoreError`s that name the file.

    It belongs to the thread that opened it. A bulk import lends it to a second one, which finishes
    a transaction (`lend`); whoever asks something meanwhile waits until that is done.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.translating = _Translating("the library")
        self._owner = threading.get_ident()
        self._borrower: int | None = None
        self._lent: Future[None] | None = None
        self.is_library = False
        """Whether it was seen to be one; of other files nothing is noted."""
        self.is_without_room = False
        """Whether it can only be read, since the disk is full."""
        self.path: Path | None = None
        """What it was opened by; None while a library is being made."""
        self.place: opening.Place | None = None
        """Where the file is on the disk, as long as it is open."""

    @property
    def damage(self) -> str | None:
        """What was found to be damaged. From then on nothing is written."""
        return self.translating.damage

    def judge(self, found: str | None) -> None:
        """Have it known that the file is damaged, and how; or, with None, that it is sound."""
        self.translating.damage = found
        if found is None:
            damage.clear(Path(self.name))

    def close(self) -> None:
        """Close the file. That it is damaged is noted beside it."""
        super().close()
        opening.release(self.place)
        self.place = None
        if self.damage is not None and self.is_library:
            damage.mark(Path(self.name), self.damage)

    def lend(self, borrower: int, until: Future[None]) -> None:
        """Let the thread `borrower` use the connection until the future is done."""
        self._borrower, self._lent = borrower, until

    def settle(self) -> None:
        """Have the connection back. Raises what the borrower failed with."""
        if self._lent is not None and threading.get_ident() != self._borrower:
            lent, self._lent = self._lent, None
            lent.result()

    def _take(self) -> None:
        me = threading.get_ident()
        if me == self._owner:
            if self._lent is not None:
                self.settle()
        elif me != self._borrower:
            raise RuntimeError(
                "A library belongs to the thread that opened it; open another one in this thread."
            )

    @property
    def name(self) -> str:
        """What the file is called in messages."""
        return self.translating.name

    def execute(self, *args: Any) -> Cursor:
        """As in `sqlite3`. Raises `StoreError`."""
        self._take()
        with self.translating:
            return self.cursor(Cursor).execute(*args)

    def executemany(self, *args: Any) -> Cursor:
        """As in `sqlite3`. Raises `StoreError`."""
        self._take()
        with self.translating:
            return self.cursor(Cursor).executemany(*args)


class _Translating:
    """Turns SQLite's errors into refman's; made once for a connection, for it is entered often."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.damage: str | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: object, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, OverflowError):
            # No change, work or limit has so large a number.
            raise UsageError("A number is larger than any in a library.") from error
        if isinstance(error, sqlite3.Error | UnicodeDecodeError):
            told = translated(error, self.name)
            if isinstance(told, StoreDamaged):
                self.damage = self.damage or str(error)
            raise told from error


def translated(error: Exception, name: str) -> StoreError:
    """The error in refman's terms."""
    text = str(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreLocked(
            f"{name} has been in use by another program for too long.",
            hint="Try again when that program is done.",
        )
    if code == sqlite3.SQLITE_READONLY:
        return StoreReadOnly(f"{name} cannot be written to.", hint="Check its permissions.")
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and opening.is_full(name)):
        return no_room(name)
    if (
        code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or isinstance(error, UnicodeDecodeError)
        or "not decode to UTF-8" in text
        or "unsupported file format" in text
    ):
        return StoreDamaged(f"{name} is damaged ({text}).", hint=WAY_OUT)
    return StoreError(f"{name} cannot be used: {text}.")


def no_room(name: str) -> StoreError:
    """What is said where a disk is full."""
    return StoreError(
        f"There is no room left on the disk of {name}; what was begun was taken back.",
        hint="Make room and do it again; what was done before is there.",
    )


def connect(
    path: Path,
    *,
    create: bool,
    clock: Callable[[], str],
    announce: Callable[[str], None] | None = None,
) -> Connection:
    """A connection to the library at `path`, at the newest schema.

    With `create`, a missing library is made. What takes its time, bringing a library of an earlier
    refman up to date, is told to `announce` beforehand. Raises `StoreMissing`, `StoreDamaged`,
    `StoreReadOnly`, `StoreTooNew` or `StoreLocked`.
    """
    with opening.in_turn:
        exists = opening.look_at(path, create=create)
        connection = _open(path, new=not exists)
        connection.path = path.absolute()
        connection.place = opening.hold(path)
    try:
        # The tables first: another process that makes them gives the number with them.
        used = _has_tables(connection)
        version = _version(connection)
        if used and _number(connection, "application_id") != APPLICATION_ID:
            raise StoreDamaged(
                f"{path} is an SQLite database, but no refman library; it was not touched.",
                hint=opening.IF_IT_WAS,
            )
        if version > SCHEMA_VERSION:
            raise StoreTooNew(
                f"{path} was written by a newer refman (schema {version}, this one knows "
                f"{SCHEMA_VERSION}); it was not touched.",
                hint="Install a newer refman.",
            )
        if version < SCHEMA_VERSION:
            if exists and not os.access(path, os.W_OK):
                raise StoreReadOnly(
                    f"{path} has an older form and cannot be written to, so it cannot be updated.",
                    hint="Check its permissions, or copy it.",
                )
            # Loaded here, for it takes as long as all the rest of a listing together.
            from refman.store.migrating import migrate  # noqa: PLC0415

            migrate(connection, path, version, clock, announce or (lambda _: None))
    except BaseException:
        connection.close()
        raise
    connection.is_library = True
    return connection


def _open(path: Path, *, new: bool) -> Connection:
    known = damage.marked(path)
    if known is not None:
        connection = _open_to_read(path)
        connection.translating.damage = known
        return connection
    if new or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        try:
            return _open_as(path, "rwc")
        except StoreError:
            if new or not opening.is_full(str(path)) or opening.has_log(path):
                raise
            # To use its log SQLite needs a little room, but there is nothing in it to be read.
            connection = _open_as(path, "ro&immutable=1")
            connection.is_without_room = True
            return connection
    return _open_to_read(path)


def _open_to_read(path: Path) -> Connection:
    try:
        return _open_as(path, "ro")
    except StoreDamaged:
        raise
    except StoreError:
        # In WAL mode a file opens for reading only where its log is there or can be made; where
        # neither is so, nobody else has the file open.
        return _open_as(path, "ro&immutable=1")


def _open_as(path: Path, mode: str) -> Connection:
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            factory=Connection,
            # A bulk import finishes a transaction in another thread; never two at once.
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise StoreMissing(f"{path} cannot be opened: {error}.") from error
    connection.translating.name = str(path)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if sys.platform == "darwin":
            # There a plain fsync leaves it to the disk when to write.
            connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except StoreError:
        connection.close()
        raise
    return connection


def _number(connection: Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _version(connection: Connection) -> int:
    return _number(connection, "user_version")


def _has_tables(connection: Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """One transaction: all of it is durable at its end, or, if anything is raised, none of it.

    It takes the write lock at once, so that what is read inside is what will be changed. There is
    one at a time: raises `RuntimeError` inside another.
    """
    begin(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def begin(connection: Connection) -> None:
    """Begin a transaction with the write lock, in WAL mode where the file system can.

    Raises `StoreError` where nothing can be written, or would be kept.
    """
    connection.settle()
    if connection.in_transaction:
        raise RuntimeError("The library is being written to already.")
    if connection.is_without_room:
        raise no_room(connection.name)
    if connection.path and connection.place != opening.place_of(connection.path):
        # What is written to a file without a name is gone when it is closed.
        raise StoreMissing(
            f"{connection.name} was moved, removed or replaced while it was open; nothing was "
            "changed.",
            hint="Put it back, or open it anew.",
        )
    if connection.damage is not None:
        raise StoreDamaged(
            f"{connection.name} is damaged ({connection.damage}), so nothing is written to it.",
            hint=WAY_OUT,
        )
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        # A file system without shared memory keeps the rollback journal, which serves too. Where
        # another process holds the file the change is refused at once; it will be made later.
        with contextlib.suppress(StoreLocked):
            connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")


def roll_back(connection: Connection) -> None:
    """End a transaction with nothing done."""
    # A full disk, among other things, makes SQLite roll back by itself.
    if connection.in_transaction:
        connection.execute("ROLLBACK")
