"""Looking at a library file before SQLite opens it."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import BinaryIO

from refman.errors import StoreDamaged, StoreMissing

IF_IT_WAS = "If it was one, refman doctor --rescue NEW.db saves what can be read of it."
"""What is said of a file that is no library."""

Place = tuple[int, int]
"""Where a file is: the disk, and its number there."""

_LEAST_ROOM = 64 * 1024
"""In bytes; SQLite needs half of that to look into a library."""
_HEADER = b"SQLite format 3\x00"
in_turn = threading.RLock()
"""Held while a file is looked at and opened, so that no other thread does so meanwhile."""

_open_here: Counter[Place] = Counter()
"""How many connections of this process each file is open in."""
_kept: dict[Place, list[BinaryIO]] = {}
"""What is to be closed only when no connection is open any more."""


def look_at(path: Path, *, create: bool) -> bool:
    """Whether there is a library file with something in it.

    With `create`, the folder is made for one that is to be. Raises `StoreMissing` where there is
    none and none can be, `StoreDamaged` for a file of another kind or with a foreign log.
    """
    if _is_open_here(path):
        # To close a file lets go of all locks that the process has on it, those of SQLite, too:
        # another process could then take the log away from under us.
        return True
    try:
        if path.is_dir():
            raise StoreMissing(f"{path} is a folder, not a library.")
        if path.exists():
            with path.open("rb") as stream:
                header = stream.read(len(_HEADER))
            if header and header != _HEADER:
                raise StoreDamaged(
                    f"{path} is not a refman library: it is no SQLite database.", hint=IF_IT_WAS
                )
            if header:
                _look_at_log(path)
                return True
        elif create:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreMissing(f"{path} cannot be opened: {error.strerror}.") from error
    if not create:
        raise StoreMissing(
            f"There is no library at {path}.",
            hint="refman import FILE makes one, as does refman add DOI.",
        )
    return False


def is_full(path: str) -> bool:
    """Whether there is no room to speak of left on the disk of a file."""
    from shutil import disk_usage  # noqa: PLC0415 - it takes a while, and is seldom needed

    try:
        return disk_usage(Path(path).absolute().parent).free < _LEAST_ROOM
    except OSError:
        return False


def has_log(path: Path) -> bool:
    """Whether there is something in the log beside a library."""
    log = _log_of(path)
    return log.exists() and log.stat().st_size > 0


def _log_of(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(real.name + "-wal")


def _look_at_log(path: Path) -> None:
    if not has_log(path):
        return
    # Loaded here, for a library that was closed has no log.
    from refman.store.logs import belongs  # noqa: PLC0415

    if not belongs(path):
        raise StoreDamaged(
            f"{_log_of(path)} is the log of another library, or of another state of this one; "
            "nothing was touched.",
            hint="Put back the file that it belongs to, or move it away: without it the library "
            "is as it was when it was last closed.",
        )


def hold(path: Path) -> Place | None:
    """Note that this process has a file open. Returns what `release` takes."""
    place = place_of(path)
    if place is not None:
        with in_turn:
            _open_here[place] += 1
    return place


def release(place: Place | None) -> None:
    """Note that one connection less has it open."""
    if place is not None:
        with in_turn:
            _open_here[place] -= 1
            if _open_here[place] <= 0:
                for stream in _kept.pop(place, ()):
                    stream.close()


def close(stream: BinaryIO, path: Path) -> None:
    """Close what was opened to look at a library's pages, now or when its connections are."""
    with in_turn:
        place = place_of(path)
        if place is not None and _open_here[place] > 0:
            _kept.setdefault(place, []).append(stream)
        else:
            stream.close()


def _is_open_here(path: Path) -> bool:
    place = place_of(path)
    with in_turn:
        return place is not None and _open_here[place] > 0


def place_of(path: Path) -> Place | None:
    """Where the file with this path is now; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
