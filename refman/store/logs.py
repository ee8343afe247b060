"""Whether the log beside a library (`library.db-wal`) is its own.

SQLite brings any log that it finds into the file, also one that was left by another library or that
belongs to a newer state of this one, of which a backup was put back. That would spoil it, so a log
that no process is using is looked at before the file is opened.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import struct
import sys
import tempfile
from pathlib import Path

from refman.store.pages import Frames, PageDamaged, PageFile, Row, log_of

_WAL_HEADER = 32
_SMALL = 64 * 1024 * 1024
"""Up to this size both are tried together; it takes a second at most, after a crash only."""
_IN_USE_AT = 128
"""Which byte of `library.db-shm` whoever has the library open holds a lock on."""
_FLOCK = "hhqqi4x"
_LASTING = (2, 3, 4, 15)
"""What of a record never changes: its change, kind, source and description."""


def belongs(path: Path) -> bool:
    """Whether the log of a library, if there is one, is its own, as far as can be seen.

    What is in the file has to be in it still as the log has it: records are never changed.
    """
    log = log_of(path)
    try:
        if log.stat().st_size <= _WAL_HEADER or _is_in_use(log):
            return True
        with log.open("rb") as stream:
            frames = Frames(stream)
            pages = {number for number, _ in frames.committed()}
        if not pages:
            return True
        with PageFile(path, with_log=False) as file:
            if frames.page_size != file.size or not file.has_header:
                return not file.has_header
            beyond = set(range(file.count + 1, frames.pages + 1))
            if not beyond <= pages or not _agree(path, file):
                return False
        size = path.stat().st_size + log.stat().st_size
        return size > _SMALL or _are_sound_together(path, log)
    except OSError:
        return True


def _agree(path: Path, file: PageFile) -> bool:
    try:
        root = file.roots()["records"]
        known = [file.find(root), file.find(root, last=True)]
    except (PageDamaged, KeyError):
        # A log that was half brought in leaves it so.
        return True
    with PageFile(path) as logged:
        try:
            root = logged.roots()["records"]
            return all(
                row is None or _lasting(logged.find(root, row[0])) == _lasting(row) for row in known
            )
        except (PageDamaged, KeyError):
            return False


def _are_sound_together(path: Path, log: Path) -> bool:
    """Whether a file that is sound by itself is so with its log, too; tried on copies."""
    with tempfile.TemporaryDirectory(prefix="refman-log-") as folder:
        alone, both = Path(folder) / "alone.db", Path(folder) / "both.db"
        for copy in (alone, both):
            shutil.copyfile(path, copy)
        shutil.copyfile(log, log_of(both))
        if not _is_sound(alone):
            # A log that was half brought in leaves it so.
            return True
        return _is_sound(both) and _goes_on(both, alone)


def _is_sound(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            return bool(database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _goes_on(path: Path, before: Path) -> bool:
    """Whether a library holds what it held before: all records, and all changes but the last."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("ATTACH ? AS old", (str(before),))
            [(records,)] = database.execute(
                "SELECT count(*) FROM old.records o LEFT JOIN main.records r ON r.id = o.id "
                "WHERE r.description IS NOT o.description OR r.source IS NOT o.source"
            )
            # The last one may have been summed up since, or forgotten as nothing came of it.
            [(changes,)] = database.execute(
                "SELECT count(*) FROM old.changes o LEFT JOIN main.changes c ON c.id = o.id "
                "WHERE (c.at, c.actor, c.summary) IS NOT (o.at, o.actor, o.summary) "
                "AND o.id < (SELECT max(id) FROM old.changes)"
            )
    except sqlite3.Error:
        return True
    return not records and not changes


def _lasting(row: Row | None) -> tuple[object, ...] | None:
    if row is None or len(row[1]) <= max(_LASTING):
        return None
    return tuple(row[1][place] for place in _LASTING)


def _is_in_use(log: Path) -> bool:
    """Whether another process has the library open; where that cannot be asked, it may have."""
    if sys.platform != "linux":
        return True
    import fcntl  # noqa: PLC0415

    try:
        handle = os.open(log.with_name(log.name.removesuffix("-wal") + "-shm"), os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _IN_USE_AT, 1, 0)
        kind = struct.unpack(_FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))[0]
    finally:
        os.close(handle)
    return bool(kind != fcntl.F_UNLCK)
