"""Taking changes back, and doing them again, also after a restart: the history says all it needs.

Undoing is a change of its own. Whatever was undone can be done again, by undoing that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refman.errors import NotFoundError
from refman.store import ChangeRow, Store

if TYPE_CHECKING:
    from refman.store.past import WorkChange

_LOOKED_AT = 1000

Told = Callable[[int, int], object]
"""Is told how many works are done, of how many."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a change back would come to."""

    change: ChangeRow
    """The change that would be taken back."""
    count: int
    """How many works it would touch."""
    works: Sequence[WorkChange]
    """The first of them."""


def undo(
    store: Store, change_id: int | None, *, partly: bool = False, progress: Told | None = None
) -> ChangeRow:
    """Take back a change, or the latest that is in force. Returns what was taken back.

    `partly` takes back what is left of it where later changes stand in the way. Raises
    `NotFoundError` where there is none, `UsageError` where it was taken back before or something
    is in the way.
    """
    wanted = _latest(store) if change_id is None else change_id
    with store.writing() as writer:
        undoing = writer.undo(wanted, partly=partly, progress=progress)
        undone = writer.change_row(undoing).undoes
        assert undone is not None
        return writer.change_row(undone)


def preview(
    store: Store, change_id: int | None, *, partly: bool = False, limit: int = 20
) -> Preview:
    """What `undo` would do, found out by doing it, and not keeping it. Raises what it raises."""
    wanted = _latest(store) if change_id is None else change_id
    with contextlib.suppress(_NotKept), store.writing() as writer:
        undoing = writer.undo(wanted, partly=partly)
        undone = writer.change_row(undoing).undoes
        assert undone is not None
        found = Preview(
            writer.change_row(undone),
            writer.count_touched(undoing),
            writer.touched(undoing, limit=limit),
        )
        raise _NotKept
    return found


class _NotKept(Exception):
    """No error, but the end of a transaction."""


def redo(store: Store, *, progress: Told | None = None) -> ChangeRow:
    """Do again what was undone last, if nothing else was done since. Returns what was done again.

    Raises `NotFoundError` where there is nothing.
    """
    undoing = last_undoing(store.history(limit=_LOOKED_AT))
    if undoing is None:
        raise NotFoundError("There is nothing to do again.")
    row = undoing
    while row.undoes is not None:
        row = store.change_row(row.undoes)
    undo(store, undoing.id, progress=progress)
    return store.change_row(row.id)


def _latest(store: Store) -> int:
    """The newest change that did something, or did it again. Raises `NotFoundError`."""
    for limit in (_LOOKED_AT, -1):
        changes = {change.id: change for change in store.history(limit=limit)}
        for change in changes.values():
            if change.undone_by is None and _steps(changes, change.id, "undoes") % 2 == 0:
                return change.id
    raise NotFoundError("There is nothing to undo.")


def last_undoing(history: Iterable[ChangeRow]) -> ChangeRow | None:
    """The undoing that a redo takes back, given the changes with the newest first."""
    changes = {change.id: change for change in history}
    for change in changes.values():
        if _steps(changes, change.id, "undone_by") % 2:
            continue
        depth = _steps(changes, change.id, "undoes")
        if depth % 2 and change.undone_by is None:
            return change
        if depth == 0:
            return None
    return None


def _steps(changes: Mapping[int, ChangeRow], change_id: int, along: str) -> int:
    """How many changes one comes to from a change, by what undid it or by what it undoes."""
    steps = 0
    while change_id in changes and (following := getattr(changes[change_id], along)) is not None:
        change_id, steps = following, steps + 1
    return steps
