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

    def go_on(self, change_id: int | None, actor: str, action: str, summary: str) -> int:
        """The change of a run of several transactions, or a new one for the rest of it.

        A new one is opened at first, and where somebody has undone meanwhile what there was of
        it: what comes after that was not undone.
        """
        steps, change = 0, change_id
        while change is not None:
            (change,) = self._connection.execute(
                "SELECT undone_by FROM changes WHERE id = ?", (change,)
            ).fetchone() or (None,)
            steps += 1
        if change_id is None or steps % 2 == 0:
            return self.change(actor, action, summary)
        return change_id

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
