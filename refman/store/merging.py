"""Making one work of several, and keeping apart what is not one.

The records of the others become the work's own; so do their tags, notes and files, and their keys
become its aliases. Where each thing was before is booked, so that it can go back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from refman.errors import NotFoundError
from refman.model import EnrichmentStatus
from refman.store import derived
from refman.store.belongings import BelongingsWriter
from refman.store.labels import LABEL_COLUMN

MOVED = ("records", "notes", "attachments")
"""The tables whose rows belong to one work each."""

_ANSWERED = (EnrichmentStatus.ENRICHED.value, EnrichmentStatus.UNCHANGED.value)


class MergingWriter(BelongingsWriter):
    """A writer that can also merge works."""

    def merge(self, change_id: int, into: int, others: Sequence[int]) -> None:
        """Make the others, by id, part of the work `into`; they leave the library.

        Those that are gone by now are left out. Raises `NotFoundError` where that leaves nothing.
        """
        self.complete()
        there = self.present([into, *others])
        if into not in there or (others and there == {into}):
            raise NotFoundError("The works to be merged are no longer in the library.")
        others = [work_id for work_id in others if work_id in there and work_id != into]
        ids = json.dumps(others)
        keys = self._connection.execute(
            "SELECT key FROM citation_keys WHERE key IN (SELECT citation_key FROM works WHERE id "
            "IN (SELECT value FROM json_each(?1)) UNION SELECT key FROM citation_keys "
            "WHERE current = 0 AND work_id IN (SELECT value FROM json_each(?1)))",
            (ids,),
        ).fetchall()
        for table in MOVED:
            rows = self._connection.execute(
                f"SELECT id, work_id FROM {table} "
                "WHERE work_id IN (SELECT value FROM json_each(?))",
                (ids,),
            ).fetchall()
            self._move(change_id, table, [(id_, before, into) for id_, before in rows])
        for table, column in LABEL_COLUMN.items():
            self._connection.execute(
                f"INSERT OR IGNORE INTO work_{table} (work_id, {column}, change_id) "
                f"SELECT DISTINCT ?, {column}, ? FROM work_{table} "
                "WHERE work_id IN (SELECT value FROM json_each(?))",
                (into, change_id, ids),
            )
        self._take_over_enrichment(change_id, into, ids)
        self._refresh(change_id, [into, *others])
        self.add_aliases(change_id, ((into, key) for (key,) in keys))

    def _move(self, change_id: int, table: str, moves: Sequence[tuple[int, int, int]]) -> None:
        """Give rows, as (id, from, to), to other works, and book it."""
        searched = table == "notes" and bool(moves)
        works = json.dumps(sorted({work_id for _, *both in moves for work_id in both}))
        if searched:
            # The index must be told what it held before that changes.
            derived.unindex_text(self._connection, works)
        self._connection.executemany(
            f"UPDATE {table} SET work_id = ? WHERE id = ?", ((to, id_) for id_, _, to in moves)
        )
        if searched:
            derived.index(self._connection, works)
        self._connection.executemany(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            ((change_id, f"moved_{table}", to, id_, before, to) for id_, before, to in moves),
        )

    def _take_over_enrichment(self, change_id: int, into: int, ids: str) -> None:
        """Let the work be as far as one of the others was, if that was further."""
        rows = self._connection.execute(
            "SELECT work_id, status, source FROM enrichments WHERE work_id = ?1 "
            "OR work_id IN (SELECT value FROM json_each(?2))",
            (into, ids),
        ).fetchall()
        mine = {status for work_id, status, _ in rows if work_id == into}
        if mine.isdisjoint(_ANSWERED):
            for _, status, source in rows:
                if status in _ANSWERED:
                    self.set_enrichment(
                        [into], EnrichmentStatus(status), source, change_id=change_id
                    )
                    return

    def distinguish(
        self, change_id: int, pairs: Iterable[tuple[int, int]], *, distinct: bool = True
    ) -> int:
        """Note of pairs of works that they are not one, or forget it. Returns how many are new."""
        changed = 0
        for one, other in pairs:
            pair = (min(one, other), max(one, other))
            statement = "DELETE FROM distinct_works WHERE a = ? AND b = ?"
            if distinct:
                statement = "INSERT OR IGNORE INTO distinct_works (a, b) VALUES (?, ?)"
            if self._connection.execute(statement, pair).rowcount:
                changed += 1
                before, after = (None, "1") if distinct else ("1", None)
                self._book(change_id, "distinct", pair[0], str(pair[1]), before, after)
        return changed
