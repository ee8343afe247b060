"""Backups of a library: one file, or a folder in which the newest few are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from refman.errors import InputError
from refman.store import Store, copying


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, and checked."""

    path: Path
    works: int
    size: int
    """In bytes."""
    removed: tuple[Path, ...] = ()
    """Older ones that went."""


def backups_folder(library: Path) -> Path:
    """Where backups that are rotated are kept: `library-backups` beside `library.db`."""
    return library.with_name(f"{library.stem}-backups")


def back_up(
    store: Store,
    library: Path,
    target: Path | None,
    now: str,
    *,
    keep: int | None = None,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Backup:
    """Copy a library to a file; by default to one with the date in its name, beside the library.

    With `keep` the target is a folder, `backups_folder` by default, in which that many of the
    newest backups of this library stay. `now` is the time as ISO 8601 in UTC. Raises `InputError`
    for a target that cannot be, `StoreDamaged` where there is nothing sound to copy, `StoreError`
    where the copy cannot be written.
    """
    made = copying.stamp(now)
    if keep is not None:
        folder = target or backups_folder(library)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} is no folder for backups: {error.strerror}.") from error
        target = copying.dated(folder, library, made)
    elif target is None:
        target = copying.dated(library.parent, library, made)
    store.backup(target, replace=replace, progress=progress)
    # Only now: as long as the new one is not sound, the older ones are all there is.
    removed = () if keep is None else tuple(copying.rotate(target.parent, library, keep))
    return Backup(target, store.count(), target.stat().st_size, removed)
