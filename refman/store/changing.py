"""What every deed on a library shares: it belongs to a change, inside one transaction.

A change is a row of `changes`, with what is needed to take it back. Records carry the change they
came with; what else a change did (a record withdrawn, a key given, a tag taken) stands in
`change_items` as before and after.
"""

from __future__ import annotations

from collections.abc import Callable

from refman.store import derived
from refman.store.connection import Connection
from refman.store.reading import Reader


class ChangeWriter(Reader):
    """Opens and closes changes. Every method may raise `StoreError`: then nothing of all stays."""

    def __init__(self, connection: Connection, clock: Callable[[], str]) -> None:
        super().__init__(connection)
        self._now = clock()
        self._unindexed: tuple[int, int] | None = None

    def complete(self) -> None:
        """Bring the full-text index up to the rows; the last thing in a transaction.

        It is left to the end since it takes as long as all the rows, and needs no Python: a bulk
        import has it done while it reads on (`refman.store.bulk`).
        """
        if self._unindexed is not None:
            first, last = self._unindexed
            self._unindexed = None
            derived.index_range(self._connection, first, last)

    @property
    def now(self) -> str:
        """The time of this transaction, as ISO 8601 in UTC."""
        return self._now

    def change(self, actor: str, action: str, summary: str) -> int:
        """Open an entry in the history; its id is what the deeds below are booked under."""
        cursor = self._connection.execute(
            "INSERT INTO changes (at, actor, action, summary) VALUES (?, ?, ?, ?)",
            (self._now, actor, action, summary),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def summarise(self, change_id: int, summary: str) -> None:
        """Say in the history what a change came to."""
        self._connection.execute(
            "UPDATE changes SET summary = ? WHERE id = ?", (summary, change_id)
        )

    def forget_if_empty(self, change_id: int) -> None:
        """Take a change that did nothing out of the history."""
        self._connection.execute(
            "DELETE FROM changes WHERE id = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM records WHERE change_id = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM change_items WHERE change_id = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM problems WHERE change_id = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM work_tags WHERE change_id = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM work_collections WHERE change_id = ?1)",
            (change_id,),
        )

    def _book(
        self,
        change_id: int,
        kind: str,
        work_id: int,
        target: str | None,
        before: str | None,
        after: str | None,
    ) -> None:
        self._connection.execute(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (change_id, kind, work_id, target, before, after),
        )
