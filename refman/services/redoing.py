"""Doing again what was undone, across restarts: the history says all that is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refman.errors import NotFoundError
from refman.services import editing
from refman.store import ChangeRow, Store

_LOOKED_AT = 1000


def redo(store: Store) -> ChangeRow:
    """Do again what was undone last, if nothing else was done since. Returns what was done again.

    Raises `NotFoundError` where there is nothing.
    """
    undoing = last_undoing(store.history(limit=_LOOKED_AT))
    if undoing is None:
        raise NotFoundError("There is nothing to do again.")
    row = undoing
    while row.undoes is not None:
        row = store.change_row(row.undoes)
    editing.undo(store, undoing.id)
    return row


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
