"""Asking which files are attached, or were once."""

from __future__ import annotations

from refman.store.connection import Connection

BOOKED = "kind IN ('notes', 'attachments')"
"""As the index of what was booked of notes and files has it, or SQLite would not use that."""


class AttachedReader:
    """The questions about attached files. Every method may raise `StoreError`."""

    _connection: Connection

    def paths_with(self, sha256: str) -> list[str]:
        """Where files with these contents are said to be, the first attached first."""
        rows = self._connection.execute(
            "SELECT path FROM attachments WHERE sha256 = ? GROUP BY path ORDER BY min(id)",
            (sha256,),
        )
        return [path for (path,) in rows]

    def paths_in_use(self) -> set[str]:
        """The paths of all files that are attached to works of the library."""
        rows = self._connection.execute(
            "SELECT DISTINCT a.path FROM attachments a JOIN works w ON w.id = a.work_id"
        )
        return {path for (path,) in rows}

    def paths_remembered(self) -> set[str]:
        """The paths of all files that are attached, or that an undo could attach again."""
        rows = self._connection.execute(
            "SELECT path FROM attachments UNION SELECT j.value ->> 'path' FROM "
            f"(SELECT before AS value FROM change_items WHERE {BOOKED} "
            "AND kind = 'attachments' UNION ALL SELECT after FROM change_items "
            f"WHERE {BOOKED} AND kind = 'attachments') j "
            "WHERE j.value IS NOT NULL"
        )
        return {path for (path,) in rows}
