"""Checking a library and mending it, as far as that can be done from what is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from refman.services import belongings
from refman.services.backups import backups_folder
from refman.services.library import Library, utc_now
from refman.store import copying, rescuing
from refman.store.checking import Area, Finding
from refman.store.rescuing import Rescue

__all__ = ["Area", "Finding", "Rescue", "examine", "mend", "rescue"]

_QUIET_SECONDS = 600.0
"""A copy that nobody has written to for so long is no longer being made."""


def examine(
    library: Library, *, thorough: bool = False, progress: Callable[[int], None] | None = None
) -> list[Finding]:
    """What is wrong with a library and what belongs to it; nothing where all is well.

    `thorough` reads all attached files, too; `progress` is told how many works were compared with
    their records. Raises `StoreError`.
    """
    found = library.store.examine(progress)
    if not is_damaged(found):
        for state in belongings.states(library.store, library.path, thorough=thorough):
            if state.fault is not None:
                changed = state.path.is_file()
                remedy = (
                    "Put it back from a backup, or take it off with refman attach --remove and "
                    "attach it as it is now."
                    if changed
                    else "Put it back, or take it off with refman attach --remove."
                )
                found.append(Finding(Area.FILES, f"{state.path}: {state.fault}.", remedy))
    for path in _leftovers(library.path):
        sentence = f"{path} is a copy that was never finished."
        found.append(Finding(Area.LEFTOVERS, sentence, "refman doctor --fix removes it."))
    return found


def is_damaged(found: Sequence[Finding]) -> bool:
    """Whether pages of the file make no sense."""
    return any(finding.area is Area.FILE for finding in found)


def mend(library: Library) -> int:
    """Make what is derived anew, and remove what was left over. Returns the number of works."""
    count = library.mend()
    for path in _leftovers(library.path):
        path.unlink(missing_ok=True)
    return count


def replace_damaged(path: Path, progress: Callable[[int], None]) -> tuple[Rescue, Path]:
    """As `refman.store.rescuing.replace_damaged`, now."""
    return rescuing.replace_damaged(path, utc_now, progress)


def rescue(source: Path, target: Path, progress: Callable[[int], None]) -> Rescue:
    """As `refman.store.rescuing.rescue`, now."""
    return rescuing.rescue(source, target, utc_now, progress)


def _leftovers(library: Path) -> list[Path]:
    before = time.time() - _QUIET_SECONDS
    parts = copying.leftovers((library.absolute().parent, backups_folder(library)))
    return [path for path in parts if path.stat().st_mtime < before]
