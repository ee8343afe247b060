"""The journal of a lookup: which DOIs it asks for, and what was answered, in a file of its own.

It is SQLite for the same reasons as the library: what was committed outlives a kill at any moment,
and a million DOIs, held apart from duplicates and read in any order, need no memory. It keeps the
last word on each DOI as a description, not the raw answer: that is what the output is made of, and
a fraction of the size (1.6 KB for an article with an abstract; records of Crossref are 10 KB).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from refman.errors import InputError, UsageError
from refman.model import Description
from refman.model.identifier import doi_key
from refman.ports import AnswerStatus, StoredAnswer
from refman.store.codec import decode_description, encode_description

APPLICATION_ID = 0x5265664A
"""Stored in the file's header (`PRAGMA application_id`): "RefJ"."""
VERSION = 1
"""Of the file's form; a journal of another one cannot be gone on with."""

_CHUNK = 500
_SETTLED = (AnswerStatus.FOUND.value, AnswerStatus.NOT_FOUND.value)
_SCHEMA = """
CREATE TABLE run (fingerprint TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  doi TEXT NOT NULL,
  status TEXT,
  source TEXT,
  reason TEXT,
  description TEXT
);
CREATE TABLE misses (
  source TEXT, key TEXT, reason TEXT, retrieved TEXT NOT NULL, PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""
_KEYS = """
CREATE TEMP TABLE keys (id INTEGER PRIMARY KEY, citation_key TEXT, lower TEXT UNIQUE);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal holds of a DOI."""

    id: int
    doi: str
    """As it was asked for."""
    status: AnswerStatus | None
    """None as long as there is no answer."""
    source: str | None
    reason: str | None
    description: Description | None


class Journal:
    """An open journal. One process has it at a time, and one thread.

    Every method raises `InputError` where the file cannot be read or written.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._translating = _Translating(name)
        self._has_misses = False
        self.path: Path | None = None
        """Where it is; None for a temporary one."""
        self.resumed = 0
        """How many DOIs had been answered for when it was opened."""
        self.is_done = False
        """To be set when the output is written: then it goes, if every DOI is answered."""

    @classmethod
    def temporary(cls) -> Journal:
        """One that nobody can go on with: it lies in the temporary folder, where it is large."""
        journal = cls(sqlite3.connect("", isolation_level=None), "the temporary folder")
        with journal.translating():
            journal._connection.executescript(_SCHEMA + _KEYS)
            journal._connection.execute("BEGIN")
        return journal

    @classmethod
    def open(cls, path: Path, fingerprint: str, about: str, *, restart: bool = False) -> Journal:
        """The journal at `path`, new or of an earlier run of the same lookup.

        `fingerprint` tells lookups apart, `about` says in words what this one is. With `restart`
        an earlier one is thrown away. Raises `UsageError` where the file is the journal of another
        lookup, or no journal, or another process has it.
        """
        if path.exists():
            _check_is_journal(path)
        journal = cls(_connect(path), path.name)
        journal.path = path
        try:
            with journal.translating():
                journal._begin(path, fingerprint, about, restart=restart)
        except BaseException:
            journal._connection.close()
            raise
        return journal

    def _begin(self, path: Path, fingerprint: str, about: str, *, restart: bool) -> None:
        execute = self._connection.execute
        # The lock is held from here on, and gone with the process, however that ends.
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("PRAGMA synchronous = FULL")
        execute("BEGIN EXCLUSIVE")
        if not path.exists():
            # Who had it until now was done with it, and took it away.
            raise UsageError(f"{path} was just finished by another run.", hint="Try again.")
        tables = [
            name
            for (name,) in execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        if restart:
            # Under the lock: by its name it could be taken away from a run that has it.
            for name in tables:
                execute(f'DROP TABLE "{name}"')
        if restart or not tables:
            for statement in _SCHEMA.split(";"):
                execute(statement)
            execute(f"PRAGMA application_id = {APPLICATION_ID}")
            execute(f"PRAGMA user_version = {VERSION}")
            execute("INSERT INTO run VALUES (?, ?)", (fingerprint, about))
        else:
            self._check(path, fingerprint)
            # What could not be reached or used is asked for again.
            execute(
                "UPDATE answers SET status = NULL, source = NULL, reason = NULL, description = NULL"
                " WHERE status NOT IN (?, ?)",
                _SETTLED,
            )
            [(self._has_misses,)] = execute("SELECT EXISTS (SELECT 1 FROM misses)")
            [(self.resumed,)] = execute("SELECT count(*) FROM answers WHERE status IS NOT NULL")
        execute("COMMIT")
        execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(_KEYS)
        execute("BEGIN")

    def _check(self, path: Path, fingerprint: str) -> None:
        [(application,)] = self._connection.execute("PRAGMA application_id")
        [(version,)] = self._connection.execute("PRAGMA user_version")
        if application != APPLICATION_ID:
            raise _no_journal(path)
        if version != VERSION:
            raise UsageError(
                f"{path} is of another version of refman.", hint="--restart begins anew."
            )
        [(known, about)] = self._connection.execute("SELECT fingerprint, about FROM run")
        if known != fingerprint:
            raise UsageError(
                f"{path} belongs to another lookup, of {about}.",
                hint="--restart throws it away and begins anew; with another -o both can go on.",
            )

    # Writing

    def add(self, doi: str) -> bool:
        """Note a DOI that is wanted. Returns whether it is a new one."""
        with self.translating():
            cursor = self._connection.execute(
                "INSERT OR IGNORE INTO answers (key, doi) VALUES (?, ?)", (doi_key(doi), doi)
            )
            return cursor.rowcount > 0

    def keep(
        self, doi: str, status: AnswerStatus, source: str | None, reason: str | None,
        description: Description | None,
    ) -> None:  # fmt: skip
        """Keep the answer for a DOI; durable after the next `commit`."""
        text = encode_description(description) if description is not None else None
        with self.translating():
            self._connection.execute(
                "UPDATE answers SET status = ?, source = ?, reason = ?, description = ?"
                " WHERE key = ?",
                (status.value, source, reason, text, doi_key(doi)),
            )

    def miss(self, doi: str, source: str, reason: str | None, retrieved: str) -> None:
        """Keep that one source has no record of a DOI, while the next one is being asked.

        `retrieved` is when it said so, as ISO 8601 in UTC.
        """
        with self.translating():
            self._connection.execute(
                "INSERT OR REPLACE INTO misses (source, key, reason, retrieved)"
                " VALUES (?, ?, ?, ?)",
                (source, doi_key(doi), reason, retrieved),
            )

    def commit(self) -> None:
        """Make durable what was kept."""
        with self.translating():
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN")

    # Reading

    @property
    def wanted(self) -> int:
        """How many DOIs there are."""
        with self.translating():
            [(count,)] = self._connection.execute("SELECT count(*) FROM answers")
            return int(count)

    @property
    def settled(self) -> int:
        """How many of them are answered, so that a later run need not ask for them."""
        with self.translating():
            [(count,)] = self._connection.execute(
                "SELECT count(*) FROM answers WHERE status IN (?, ?)", _SETTLED
            )
            return int(count)

    @property
    def unreached(self) -> int:
        """How many of them no source could be asked for."""
        with self.translating():
            [(count,)] = self._connection.execute(
                "SELECT count(*) FROM answers WHERE status IS NULL OR status = ?",
                (AnswerStatus.UNREACHED.value,),
            )
            return int(count)

    def open_dois(self) -> Iterator[str]:
        """The DOIs that have no answer, in the order they were noted, as they are taken."""
        last = 0
        while True:
            with self.translating():
                rows = self._connection.execute(
                    "SELECT id, doi FROM answers WHERE id > ? AND status IS NULL ORDER BY id"
                    f" LIMIT {_CHUNK}",
                    (last,),
                ).fetchall()
            if not rows:
                return
            for last, doi in rows:  # noqa: B007 - it is where the next chunk begins
                yield doi

    def find(self, doi: str, *, described: bool = True) -> Kept | None:
        """What there is of a DOI, with or without its description; None for one not noted."""
        description = "description" if described else "NULL"
        with self.translating():
            row = self._connection.execute(
                f"SELECT id, doi, status, source, reason, {description} FROM answers WHERE key = ?",
                (doi_key(doi),),
            ).fetchone()
        if row is None:
            return None
        id_, asked, status, source, reason, text = row
        return Kept(
            id_,
            asked,
            AnswerStatus(status) if status else None,
            source,
            reason,
            decode_description(text) if text is not None else None,
        )

    def stored_answers(self, source: str, dois: Iterable[str]) -> Mapping[str, StoredAnswer]:
        """Which of these DOIs a source had no record of in a run that was stopped.

        With it the journal fulfils `refman.ports.Answers`. DOIs with a last word are not asked for
        at all (`open_dois`).
        """
        if not self._has_misses:
            return {}
        known = {}
        with self.translating():
            for key in map(doi_key, dois):
                row = self._connection.execute(
                    "SELECT reason, retrieved FROM misses WHERE source = ? AND key = ?",
                    (source, key),
                ).fetchone()
                if row is not None:
                    known[key] = StoredAnswer(
                        DOI=key, status=AnswerStatus.NOT_FOUND, reason=row[0], retrieved=row[1]
                    )
        return known

    # Citation keys, which each run gives anew, in the order of its rows

    def key_of(self, id_: int) -> str | None:
        """The citation key that the work of a DOI was given in this run."""
        with self.translating():
            row = self._connection.execute(
                "SELECT citation_key FROM keys WHERE id = ?", (id_,)
            ).fetchone()
        return row[0] if row else None

    def give_key(self, id_: int, citation_key: str) -> None:
        """Give it one."""
        with self.translating():
            self._connection.execute(
                "INSERT INTO keys VALUES (?, ?, ?)", (id_, citation_key, citation_key.lower())
            )

    def __contains__(self, citation_key: object) -> bool:
        """Whether a citation key, here in lower case, was given in this run."""
        with self.translating():
            found = self._connection.execute("SELECT 1 FROM keys WHERE lower = ?", (citation_key,))
            return found.fetchone() is not None

    # The end

    def close(self) -> None:
        """Close it. What was kept is durable; one that nobody needs is taken away."""
        with self.translating():
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
            empty = not self.settled and not self._has_misses
            over = empty or (self.is_done and not self.unreached)
            if over and self.path is not None:
                # While it is locked, so that nobody begins to use what is about to go.
                self._connection.execute("PRAGMA journal_mode = DELETE")
                with suppress(OSError):
                    remove(self.path)
            self._connection.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def translating(self) -> _Translating:
        """SQLite's errors as `InputError`."""
        return self._translating


class _Translating:
    """Made once for a journal, for it is entered often."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: object, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, sqlite3.Error):
            raise _translated(error, self._name) from error


def remove(path: Path) -> None:
    """Take the journal at `path` away, with what SQLite put beside it."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, isolation_level=None, timeout=0.2)
    except sqlite3.Error as error:
        raise _translated(error, path.name) from error


def _check_is_journal(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            head = stream.read(72)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    # One that was killed while it was made is mended, or emptied, by SQLite.
    half_made = path.with_name(path.name + "-journal").exists()
    if head and not half_made and head[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise _no_journal(path)


def _no_journal(path: Path) -> UsageError:
    return UsageError(f"{path} is no journal of refman's, so it is left alone.")


def _translated(error: sqlite3.Error, name: str) -> InputError | UsageError:
    code: Any = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UsageError(f"{name} is in use: another refman writes the same output.")
    if code & 0xFF == sqlite3.SQLITE_NOTADB:
        return UsageError(f"{name} is no journal of refman's, so it is left alone.")
    if code & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        return InputError(f"{name} cannot be written, and so nothing could be gone on with.")
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return InputError(f"There is no room left on the disk of {name}.")
    return InputError(f"{name} cannot be used: {error}.")
