"""Copies of a library: whole, looked over, and under their name only when they are done.

A copy is written under a name of its own in the same folder, checked, made durable and only then
given the name it is to have. Whatever stops it before that leaves no file of that name, nor harms
one that is there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from refman.errors import InputError, StoreDamaged, StoreError
from refman.store.connection import APPLICATION_ID, Connection, translated

Progress = Callable[[int, int], None]
"""Is told how many pages are done, and of how many."""

MIGRATIONS_KEPT = 3
"""So many of the copies that migrations made stay beside a library."""

_PART = ".part"
_PAGES = 2048
"""Pages copied at a time: between two such steps a copy can be interrupted."""
_APPLICATION_ID_AT = 68
_STAMP = r"\d{8}T\d{6}Z"


def backup(
    connection: Connection, target: Path, *, replace: bool = False, progress: Progress | None = None
) -> None:
    """Copy the library to `target`, as it is at this moment, while others use it.

    A file that is there is replaced only with `replace`, and then at once. Raises `InputError` for
    a target that cannot be, `StoreDamaged` where the copy is no sound database, since the library
    is none, and `StoreError` where it cannot be written; then there is no copy.
    """
    source = Path(connection.name)
    check_target(source, target, replace=replace)
    with unfinished(target) as part:
        _copy(connection, part, target, progress)
        _check(part, source)
        finish(part, target, mode=source.stat().st_mode & 0o777, replace=replace)


def check_target(source: Path, target: Path, *, replace: bool = False) -> None:
    """Raise `InputError` where a file cannot be made of a library in this place."""
    if target.is_dir():
        raise InputError(f"{target} is a folder.", hint="Name a file in it.")
    if not target.exists():
        return
    if target.samefile(source):
        raise InputError(f"{target} is the library itself.", hint="Name another file.")
    if not replace:
        raise InputError(f"{target} exists.", hint="Name another file; --force replaces it.")
    for ending in ("-wal", "-journal"):
        # It would be taken for the new file's own, and spoil that.
        beside = target.with_name(target.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise InputError(f"{target} is in use: {beside.name} belongs to it.")


@contextlib.contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """A new file beside the target, gone at the end unless it was given another name."""
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=_PART, dir=target.resolve().parent
        )
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                part.with_name(part.name + ending).unlink()


def _copy(connection: Connection, part: Path, target: Path, progress: Progress | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    # A transaction that reads holds still what is copied, however long it takes: without it the
    # copy would begin anew whenever another process writes.
    reading = not connection.in_transaction
    if reading:
        connection.execute("BEGIN")
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        with contextlib.closing(sqlite3.connect(part)) as copy:
            connection.backup(copy, pages=_PAGES, progress=told)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_IOERR:
            # A quota or a bad disk: SQLite knows no more of it.
            raise StoreError(
                f"{target} cannot be written to its end: {error}; it was not kept."
            ) from error
        raise translated(error, str(target)) from error
    finally:
        if reading and connection.in_transaction:
            connection.execute("ROLLBACK")


def _check(part: Path, source: Path) -> None:
    """Read all of the copy. Raises `StoreDamaged` where it is not sound."""
    uri = f"{part.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
    except sqlite3.Error as error:
        found = [str(error)]
    # Newer SQLites look at the search index, too; what is wrong there is mended from the rest.
    wrong = [text for text in found if text != "ok" and "fts5" not in text.lower()]
    if wrong:
        first = " ".join(wrong[0].split())
        raise StoreDamaged(
            f"{source} is damaged, and so its copy would be ({first}); none was kept.",
            hint="refman doctor --rescue NEW.db saves what can be read.",
        )


def finish(part: Path, target: Path, *, mode: int, replace: bool = False) -> None:
    """Make a file durable and give it the name it is to have.

    Raises `InputError` where a file of that name came meanwhile, `StoreError`.
    """
    try:
        part.chmod(mode)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        if replace:
            # Where the target is a link, what it leads to is replaced.
            part.replace(target.resolve())
        else:
            _give_name(part, target)
        sync_folder(target.resolve().parent)
    except FileExistsError as error:
        raise InputError(
            f"{target} exists.", hint="Name another file; --force replaces it."
        ) from error
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from error


def _give_name(part: Path, target: Path) -> None:
    """Name a file so that none that came meanwhile is replaced. Raises `FileExistsError`."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        part.rename(target)


def keep_aside(library: Path, made: str) -> Path:
    """Give a damaged library a second name, with its log, before a sound one takes its place.

    The first one leads to it still. Returns the second. Raises `StoreError`.
    """
    real = library.resolve()
    kept = _free(real.with_name(f"{real.stem}-damaged-{made}.db"))
    try:
        try:
            kept.hardlink_to(real)
        except OSError:
            shutil.copy2(real, kept)
        for ending in ("-wal", "-shm"):
            beside = real.with_name(real.name + ending)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + ending))
    except OSError as error:
        raise StoreError(f"{kept} cannot be written: {error.strerror}.") from error
    return kept


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# Rotation


def stamp(time: str) -> str:
    """A time as names of files have it: `20260131T235959Z` for `2026-01-31T23:59:59Z`."""
    return time.replace(":", "").replace("-", "")


def dated(folder: Path, library: Path, made: str) -> Path:
    """A free name for a backup of a library in a folder, made at a time as `stamp` gives it."""
    return _free(folder / f"{library.stem}-{made}.db")


def before_schema(library: Path, version: int, made: str) -> Path:
    """A free name, beside a library, for a copy of it before it gets a schema."""
    return _free(library.with_name(f"{library.stem}-before-schema-{version}-{made}.db"))


def _free(path: Path) -> Path:
    place, count = path, 2
    while place.exists():
        place = path.with_name(f"{path.stem}-{count}.db")
        count += 1
    return place


def rotate(folder: Path, library: Path, keep: int) -> list[Path]:
    """Remove the oldest of the backups that `dated` named, but for `keep`. Returns those removed.

    What is no library, or has any other name, is somebody else's and stays.
    """
    return _rotate(folder, rf"{re.escape(library.stem)}-({_STAMP})(?:-(\d+))?\.db", keep)


def rotate_migrations(library: Path, keep: int = MIGRATIONS_KEPT) -> list[Path]:
    """Remove the oldest of the copies that migrations made beside a library, but for `keep`."""
    name = rf"{re.escape(library.stem)}-before-schema-\d+-({_STAMP})(?:-(\d+))?\.db"
    return _rotate(library.parent, name, keep)


def _rotate(folder: Path, name: str, keep: int) -> list[Path]:
    pattern = re.compile(name)
    made = [
        ((match[1], int(match[2] or 1)), path)
        for path in folder.iterdir()
        if (match := pattern.fullmatch(path.name)) and _is_library(path)
    ]
    removed = []
    for _, path in sorted(made, reverse=True)[keep:]:
        with contextlib.suppress(OSError):
            path.unlink()
            removed.append(path)
    return removed


def _is_library(path: Path) -> bool:
    """Whether this is a file that refman made, and no link to one."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_APPLICATION_ID_AT + 4)
    except OSError:
        return False
    return head[_APPLICATION_ID_AT:] == APPLICATION_ID.to_bytes(4, "big")


def leftovers(paths: Iterable[Path]) -> list[Path]:
    """Copies in these folders that were never finished, since what made them was stopped."""
    return [
        path
        for folder in paths
        if folder.is_dir()
        for path in sorted(folder.glob(f".*.db.*{_PART}"))
        if path.is_file()
    ]
