"""Asking the history: what was changed, by whom and when, and what it came to for each work."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refman.errors import NotFoundError
from refman.store.connection import Connection

if TYPE_CHECKING:
    from refman.store.past import WorkChange

_CHOSEN = "work_id IN (SELECT value FROM json_each(:works))"
_OF_WORK = (
    f"id IN (SELECT change_id FROM records WHERE {_CHOSEN} "
    f"UNION SELECT change_id FROM change_items WHERE {_CHOSEN} "
    # What was put under a name and taken out again is known by its taking out only.
    "UNION SELECT CAST(before AS INTEGER) FROM change_items WHERE kind IN ('tags', 'collections') "
    f"AND before IS NOT NULL AND {_CHOSEN} "
    f"UNION SELECT change_id FROM work_tags WHERE {_CHOSEN} "
    f"UNION SELECT change_id FROM work_collections WHERE {_CHOSEN})"
)
_TOUCHED = (
    "SELECT work_id FROM records WHERE change_id = ?1 "
    # What was withdrawn or moved may belong to another work by now.
    "UNION SELECT r.work_id FROM change_items i JOIN records r ON r.id = CAST(i.target AS INTEGER) "
    "WHERE i.change_id = ?1 AND i.kind IN ('record', 'moved_records') "
    "UNION SELECT work_id FROM change_items WHERE change_id = ?1 AND work_id > 0 "
    "UNION SELECT work_id FROM work_tags WHERE change_id = ?1 "
    "UNION SELECT work_id FROM work_collections WHERE change_id = ?1"
)
"""The works that a change did anything to."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry of a library's history."""

    id: int
    at: str
    actor: str
    action: str
    summary: str
    undoes: int | None
    undone_by: int | None


def homes(connection: Connection, work_ids: set[int]) -> set[int]:
    """Works, and those that their records belonged to before they were merged."""
    found, new = set(work_ids), set(work_ids)
    while new:
        rows = connection.execute(
            "SELECT DISTINCT CAST(before AS INTEGER) FROM change_items "
            "WHERE kind = 'moved_records' AND work_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(new)),),
        )
        new = {work_id for (work_id,) in rows} - found
        found |= new
    return found


class HistoryReader:
    """The questions about what was done. Every method may raise `StoreError`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def history(self, *, work_id: int | None = None, limit: int = 100) -> list[ChangeRow]:
        """The latest changes, newest first; of all, or of one work and those merged into it."""
        works = set() if work_id is None else homes(self._connection, {work_id})
        rows = self._connection.execute(
            "SELECT id, at, actor, action, summary, undoes, undone_by FROM changes "
            f"WHERE {'1' if work_id is None else _OF_WORK} ORDER BY id DESC LIMIT :limit",
            {"works": json.dumps(sorted(works)), "limit": limit},
        )
        return [ChangeRow(*row) for row in rows]

    def change_row(self, change_id: int) -> ChangeRow:
        """One entry of the history. Raises `NotFoundError`."""
        row = self._connection.execute(
            "SELECT id, at, actor, action, summary, undoes, undone_by FROM changes WHERE id = ?",
            (change_id,),
        ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no change {change_id}.")
        return ChangeRow(*row)

    def count_touched(self, change_id: int) -> int:
        """How many works a change did anything to."""
        row = self._connection.execute(
            f"SELECT count(*) FROM ({_TOUCHED})", (change_id,)
        ).fetchone()
        return int(row[0])

    def touched(self, change_id: int, *, limit: int = 100, offset: int = 0) -> list[WorkChange]:
        """What a change came to for some of the works that it touched, in the order of their ids.

        Left out are those for which it came to nothing.
        """
        from refman.store import past  # noqa: PLC0415

        rows = self._connection.execute(
            f"{_TOUCHED} ORDER BY 1 LIMIT ?2 OFFSET ?3", (change_id, limit, offset)
        )
        ids = [row[0] for row in rows]
        return past.Past(self._connection, ids).of_change(change_id)

    def past(self, work_id: int, changes: Sequence[int]) -> Mapping[int, list[WorkChange]]:
        """What changes, given by number, came to for a work and for those merged into it."""
        from refman.store import past  # noqa: PLC0415

        told = past.Past(self._connection, [work_id])
        return {change: told.of_change(change) for change in changes}
