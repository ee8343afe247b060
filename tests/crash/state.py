"""What a library holds, so that two of them can be compared, and who is writing to it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import sqlite3
import struct
from pathlib import Path

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)?")
_FLOCK = "hhqqi4x"
_WRITE_LOCK = (("library.db-shm", 120), ("library.db", 0x40000001))
"""Where SQLite locks a byte while it writes: in WAL mode, and without."""


def signature(path: Path) -> str:
    """A digest of every row of a library but for the index; times count as the same."""
    digest = hashlib.sha256()
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        for table in tables:
            rows = sorted(_TIME.sub("T", repr(row)) for row in database.execute(
                f'SELECT * FROM "{table}"'
            ))  # fmt: skip
            digest.update(repr((table, rows)).encode())
    return digest.hexdigest()


def integrity(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a file."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check")]
        found += [str(row) for row in database.execute("PRAGMA foreign_key_check")]
    return [text for text in found if text != "ok"]


def is_being_written(folder: Path) -> bool:
    """Whether some process is inside a transaction that writes to the library in a folder."""
    for name, byte in _WRITE_LOCK:
        try:
            handle = os.open(folder / name, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
            answer = struct.unpack(_FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))
        finally:
            os.close(handle)
        if answer[0] != fcntl.F_UNLCK:
            return True
    return False
