"""Taking changes back.

Undoing is a change of its own, and can be undone in turn, which does the first one again. A change
is in force while an even number of undoings stand behind it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from refman.errors import UsageError
from refman.model import EnrichmentStatus
from refman.store import obstacles
from refman.store.history import homes
from refman.store.labels import LABEL_COLUMN
from refman.store.merging import MOVED, MergingWriter


class UndoingWriter(MergingWriter):
    """A writer that can also take back what was done before."""

    def undo(
        self,
        change_id: int,
        *,
        partly: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> int:
        """Take a change back, as a change of its own, whose id is returned.

        Undoing that one does it again. `partly` takes back what is left of a change where later
        ones stand in the way. `progress` is told how many works are done, of how many. Raises
        `NotFoundError`, and `UsageError` where it was taken back before or something is in the way.
        """
        asked, change_id = change_id, self._last_in_force(change_id)
        root = self._root(change_id)
        undoing = self._begin_undoing(change_id, root)
        touched = self._undo_moves(change_id, undoing)
        touched |= self._undo_records(root, undoing)
        self._undo_labels(change_id, undoing)
        self._undo_spellings(change_id, undoing)
        self._undo_keys(change_id, undoing)
        self._undo_aliases(change_id, undoing)
        self._undo_enrichments(change_id, undoing)
        self._undo_distinctions(change_id, undoing)
        self._undo_belongings(change_id, undoing)
        self._undo_searches(change_id, undoing)
        self._refresh(undoing, touched, progress)
        self._undo_lost_aliases(change_id, undoing)
        if not partly:
            deed = obstacles.Deed(root, change_id, undoing, touched)
            obstacles.refuse(asked, obstacles.found(self._connection, deed))
        return undoing

    def _begin_undoing(self, change_id: int, root: int) -> int:
        row = self.change_row(root)
        is_redo = len(self._followers(root)) % 2 == 1
        action, told = ("redo", "did again") if is_redo else ("undo", "undid")
        undoing = self.change("user", action, f"{told} {row.action}: {row.summary}")
        self._connection.execute("UPDATE changes SET undoes = ? WHERE id = ?", (change_id, undoing))
        self._connection.execute(
            "UPDATE changes SET undone_by = ? WHERE id = ?", (undoing, change_id)
        )
        return undoing

    def _last_in_force(self, change_id: int) -> int:
        """The change, or where it was undone and done again, the change that did so."""
        followers = self._followers(change_id)
        if len(followers) % 2:
            raise UsageError(
                f"Change {change_id} was undone already, by change {followers[-1]}.",
                hint=f"refman undo {followers[-1]} does it again.",
            )
        return followers[-1] if followers else change_id

    def _followers(self, change_id: int) -> list[int]:
        """The change that undid this one, the one that undid that, and so on."""
        followers: list[int] = []
        undone_by = self.change_row(change_id).undone_by
        while undone_by is not None:
            followers.append(undone_by)
            undone_by = self.change_row(undone_by).undone_by
        return followers

    def _root(self, change_id: int) -> int:
        """The change that, through all undoing, this one is about."""
        while (undoes := self.change_row(change_id).undoes) is not None:
            change_id = undoes
        return change_id

    def _undo_records(self, root: int, undoing: int) -> set[int]:
        """Withdraw and restore what a change brought and withdrew. Returns the works touched.

        A record counts while the change that brought it is in force and none is that withdrew
        it; so changes can be undone in any order.
        """
        records = self._connection.execute(
            "SELECT id, work_id, withdrawn, change_id FROM records WHERE change_id = ?1 UNION "
            "SELECT r.id, r.work_id, r.withdrawn, r.change_id FROM change_items i "
            "JOIN records r ON r.id = CAST(i.target AS INTEGER) "
            "WHERE i.change_id = ?1 AND i.kind = 'record'",
            (root,),
        ).fetchall()
        works = homes(self._connection, {work_id for _, work_id, _, _ in records})
        withdrawals = self._connection.execute(
            "SELECT CAST(i.target AS INTEGER), i.change_id FROM change_items i "
            "JOIN changes c ON c.id = i.change_id WHERE i.kind = 'record' AND c.undoes IS NULL "
            "AND i.work_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(works)),),
        ).fetchall()
        changes = {change for *_, change in records} | {change for _, change in withdrawals}
        undone = {change for change in changes if len(self._followers(change)) % 2}
        gone = {record_id for record_id, change in withdrawals if change not in undone}
        gone |= {record_id for record_id, _, _, change in records if change in undone}
        for withdrawn in (True, False):
            chosen = [
                (record_id, work_id, before)
                for record_id, work_id, before, _ in records
                if before != withdrawn and (record_id in gone) is withdrawn
            ]
            self._set_withdrawn(undoing, chosen, withdrawn=withdrawn)
        return {work_id for _, work_id, _, _ in records}

    def _undo_labels(self, change_id: int, undoing: int) -> None:
        """Take off what a change put on, and put on what it took off, as it was put on before."""
        for table, column in LABEL_COLUMN.items():
            put = (
                f"(change_id = ?1 OR (work_id, {column}, change_id) IN (SELECT work_id, "
                "CAST(target AS INTEGER), CAST(after AS INTEGER) FROM change_items "
                "WHERE change_id = ?1 AND kind = ?2 AND after IS NOT NULL))"
            )
            self._connection.execute(
                "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
                f"SELECT ?3, ?2, work_id, {column}, change_id, NULL FROM work_{table} WHERE {put}",
                (change_id, table, undoing),
            )
            self._connection.execute(f"DELETE FROM work_{table} WHERE {put}", (change_id, table))
            taken = self._connection.execute(
                "SELECT work_id, CAST(target AS INTEGER), CAST(before AS INTEGER) "
                "FROM change_items WHERE change_id = ? AND kind = ? AND after IS NULL",
                (change_id, table),
            ).fetchall()
            for row in taken:
                if self._connection.execute(
                    f"INSERT OR IGNORE INTO work_{table} (work_id, {column}, change_id) "
                    "VALUES (?, ?, ?)",
                    row,
                ).rowcount:
                    self._book(undoing, table, row[0], str(row[1]), None, str(row[2]))

    def _undo_keys(self, change_id: int, undoing: int) -> None:
        items = self._connection.execute(
            "SELECT work_id, target, before, after FROM change_items "
            "WHERE change_id = ? AND kind = 'citation_key'",
            (change_id,),
        ).fetchall()
        for work_id, target, before, after in items:
            work = self.work(work_id)
            # Another work may have been given the key in the meantime; it stays there.
            if work is None or work.citation_key != after:
                continue
            holder = self._connection.execute(
                "SELECT work_id FROM citation_keys WHERE key = ?", (before,)
            ).fetchone()
            if holder in (None, (work_id,)):
                alias = self._as_spelt(before)
                self._book(undoing, "citation_key", work_id, alias, after, before)
                self._set_key(work_id, after, before)
                self._leave_key(after, target)

    def _leave_key(self, key: str, alias: str | None) -> None:
        """Let a key that was taken back be the alias that it was before, if it was one."""
        if alias is None:
            self._connection.execute(
                "DELETE FROM citation_keys WHERE key = ? AND current = 0", (key,)
            )
        else:
            self._connection.execute(
                "UPDATE citation_keys SET key = ? WHERE key = ? AND current = 0", (alias, key)
            )

    def _undo_aliases(self, change_id: int, undoing: int) -> None:
        """Take aliases away that a change gave."""
        for work_id, alias in self._connection.execute(
            "SELECT work_id, after FROM change_items "
            "WHERE change_id = ? AND kind = 'alias' AND after IS NOT NULL",
            (change_id,),
        ).fetchall():
            if self._connection.execute(
                "DELETE FROM citation_keys WHERE work_id = ? AND key = ? AND current = 0",
                (work_id, alias),
            ).rowcount:
                self._book(undoing, "alias", work_id, None, alias, None)

    def _undo_lost_aliases(self, change_id: int, undoing: int) -> None:
        """Give aliases that a change took away.

        The last thing: what works that are merged again were called is free only now.
        """
        lost = self._connection.execute(
            "SELECT work_id, before FROM change_items "
            "WHERE change_id = ? AND kind = 'alias' AND after IS NULL",
            (change_id,),
        ).fetchall()
        self.add_aliases(undoing, lost)

    def _undo_moves(self, change_id: int, undoing: int) -> set[int]:
        """Bring what a merge moved back to where it was. Returns the works touched.

        Raises `UsageError` where it has been moved on since.
        """
        touched: set[int] = set()
        for table in MOVED:
            moves = self._connection.execute(
                f"SELECT CAST(i.target AS INTEGER), CAST(i.before AS INTEGER), "
                f"CAST(i.after AS INTEGER), t.work_id FROM change_items i JOIN {table} t "
                "ON t.id = CAST(i.target AS INTEGER) WHERE i.change_id = ? AND i.kind = ?",
                (change_id, f"moved_{table}"),
            ).fetchall()
            on = [(id_, now) for id_, _, after, now in moves if now != after]
            if on:
                (later,) = self._connection.execute(
                    "SELECT max(change_id) FROM change_items WHERE work_id = ? AND kind = ? "
                    "AND CAST(target AS INTEGER) = ?",
                    (on[0][1], f"moved_{table}", on[0][0]),
                ).fetchone()
                raise UsageError(
                    f"Change {change_id} cannot be taken back: what it merged was merged again "
                    f"since, by change {later}.",
                    hint=f"refman undo {later} takes that one back first.",
                )
            self._move(undoing, table, [(id_, after, before) for id_, before, after, _ in moves])
            touched.update(work for _, before, after, _ in moves for work in (before, after))
        return touched

    def _undo_belongings(self, change_id: int, undoing: int) -> None:
        """Let notes and files be as they were before a change, unless they were changed since."""
        items = self._connection.execute(
            "SELECT kind, CAST(target AS INTEGER), before, after FROM change_items "
            "WHERE change_id = ? AND kind IN ('notes', 'attachments') ORDER BY id DESC",
            (change_id,),
        ).fetchall()
        for table, row_id, before, after in items:
            now = self._belonging(table, row_id)
            if now == (None if after is None else json.loads(after)):
                self._set_belonging(undoing, table, row_id, before and json.loads(before))

    def _undo_searches(self, change_id: int, undoing: int) -> None:
        items = self._connection.execute(
            "SELECT target, before, after FROM change_items "
            "WHERE change_id = ? AND kind = 'saved_search' ORDER BY id DESC",
            (change_id,),
        ).fetchall()
        for name, before, after in items:
            # Asked each time, for a name may have left under one spelling and come under another.
            now = self._connection.execute(
                "SELECT query FROM saved_searches WHERE name = ?", (name,)
            ).fetchone()
            if (None if now is None else now[0]) == after:
                self.save_search(undoing, name, before)

    def _undo_distinctions(self, change_id: int, undoing: int) -> None:
        pairs = self._connection.execute(
            "SELECT work_id, CAST(target AS INTEGER), after IS NOT NULL FROM change_items "
            "WHERE change_id = ? AND kind = 'distinct'",
            (change_id,),
        ).fetchall()
        for distinct in (True, False):
            chosen = [(a, b) for a, b, was in pairs if bool(was) is not distinct]
            self.distinguish(undoing, chosen, distinct=distinct)

    def _undo_enrichments(self, change_id: int, undoing: int) -> None:
        """Let works be as far as they were, unless they have got further since."""
        items = self._connection.execute(
            "SELECT i.work_id, i.before, i.after FROM change_items i "
            "LEFT JOIN enrichments e ON e.work_id = i.work_id "
            "WHERE i.change_id = ? AND i.kind = 'enrichment' AND e.status IS i.after",
            (change_id,),
        ).fetchall()
        for work_id, before, after in items:
            self._book(undoing, "enrichment", work_id, None, after, before)
            if before is None:
                self._connection.execute("DELETE FROM enrichments WHERE work_id = ?", (work_id,))
            else:
                self.set_enrichment([work_id], EnrichmentStatus(before))
