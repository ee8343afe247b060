"""What can be done to a library. A `Writer` lives inside one transaction.

Everything that is done belongs to a change (`refman.store.changing`), so that it can be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from refman.errors import NotFoundError, UsageError
from refman.model import Record
from refman.rules.citekey import next_free
from refman.store import derived
from refman.store.answering import AnswersWriter
from refman.store.codec import INSERT_RECORD, RECORD_COLUMNS, record_from_row, record_row

_BATCH = 2500

STANDS = "r.withdrawn = 0 AND r.state = 'standing' AND r.kind <> 'source'"
"""The condition for a record `r` that a work can stand on."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that makes a work of its own, under a key that is free."""

    record: Record
    citation_key: str


class Writer(AnswersWriter):
    """The deeds. Every method may raise `StoreError`, and then nothing of the transaction stays."""

    # Records and works

    def insert(self, change_id: int, new: Sequence[NewRecord]) -> list[int]:
        """Make a work of each record. Returns their ids, in the same order."""
        if not new:
            return []
        first_work = self._next_id("works", "removed_works")
        first_record = self._next_id("records")
        self._connection.executemany(
            INSERT_RECORD,
            (record_row(item.record, first_work + i, change_id) for i, item in enumerate(new)),
        )
        derived.insert_works(
            self._connection,
            [
                derived.NewWork(
                    first_work + i, item.citation_key, first_record + i, item.record.description
                )
                for i, item in enumerate(new)
            ],
            self._now,
        )
        ids = range(first_work, first_work + len(new))
        self._unindexed = (self._unindexed[0] if self._unindexed else ids[0], ids[-1])
        return list(ids)

    def _next_id(self, *tables: str) -> int:
        newest = " UNION ALL ".join(f"SELECT max(id) AS id FROM {table}" for table in tables)
        row = self._connection.execute(f"SELECT max(id) FROM ({newest})").fetchone()
        return int(row[0] or 0) + 1

    def present(self, work_ids: Iterable[int]) -> set[int]:
        """Those of some works that are in the library now.

        A record of the user's or of an import, added to a work that somebody else has taken out
        meanwhile, would bring it back with that alone.
        """
        rows = self._connection.execute(
            "SELECT id FROM works WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(work_ids)),),
        )
        return {work_id for (work_id,) in rows}

    def append(self, change_id: int, additions: Sequence[tuple[int, Record]]) -> None:
        """Add records to works that there are, and reconcile those."""
        self._connection.executemany(
            INSERT_RECORD,
            (record_row(record, work_id, change_id) for work_id, record in additions),
        )
        self._refresh(change_id, (work_id for work_id, _ in additions))

    def supersede(self, change_id: int, additions: Sequence[tuple[int, Record]]) -> None:
        """Add records in place of those that the same source gave before.

        One that only proposes, or speaks of another work, does not replace one that stands.
        """
        given = json.dumps(
            [[work_id, record.origin.name, record.state.value] for work_id, record in additions]
        )
        older = self._connection.execute(
            "SELECT r.id, r.work_id, r.withdrawn FROM json_each(?) j CROSS JOIN records r "
            "ON r.work_id = j.value ->> 0 AND r.source = j.value ->> 1 "
            "WHERE r.kind = 'source' AND (r.state <> 'standing' OR j.value ->> 2 = 'standing')",
            (given,),
        ).fetchall()
        self._set_withdrawn(change_id, older, withdrawn=True)
        self.append(change_id, additions)

    def decided(self, work_id: int) -> list[Record]:
        """The proposals and mismatches of a work that the user has decided on, as they were."""
        rows = self._connection.execute(
            f"SELECT {RECORD_COLUMNS} FROM records r WHERE work_id = ? AND withdrawn "
            "AND state != 'standing' AND EXISTS (SELECT 1 FROM change_items i "
            "JOIN changes c ON c.id = i.change_id WHERE i.work_id = r.work_id "
            "AND i.kind = 'record' AND i.target = r.id AND c.action = 'review' "
            "AND c.undone_by IS NULL)",
            (work_id,),
        )
        return [record_from_row((*row[:8], 0, *row[9:])) for row in rows]

    def remove(self, change_id: int, work_ids: Iterable[int]) -> int:
        """Withdraw every record of the works, which thereby leave the library. Returns how many."""
        ids = json.dumps(sorted(set(work_ids)))
        records = self._connection.execute(
            "SELECT id, work_id, withdrawn FROM records WHERE work_id IN "
            "(SELECT w.id FROM works w WHERE w.id IN (SELECT value FROM json_each(?)))",
            (ids,),
        ).fetchall()
        self._set_withdrawn(change_id, records, withdrawn=True)
        works = {work_id for _, work_id, _ in records}
        self._refresh(change_id, works)
        return len(works)

    def _set_withdrawn(
        self, change_id: int, records: Sequence[tuple[int, int, int]], *, withdrawn: bool
    ) -> None:
        """Withdraw or restore records, given as (id, work id, withdrawn), and book it.

        Those that are withdrawn already are booked too: whoever else withdrew them may be undone.
        """
        self._connection.executemany(
            "UPDATE records SET withdrawn = ? WHERE id = ?",
            ((int(withdrawn), record_id) for record_id, _, _ in records),
        )
        self._connection.executemany(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            "VALUES (?, 'record', ?, ?, ?, ?)",
            (
                (change_id, work_id, record_id, before, int(withdrawn))
                for record_id, work_id, before in records
            ),
        )

    def _refresh(
        self,
        change_id: int,
        work_ids: Iterable[int],
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        """Derive works anew, a batch at a time, so that any number of them needs little memory."""
        self.complete()
        ids = sorted(set(work_ids))
        for start in range(0, len(ids), _BATCH):
            self._refresh_batch(change_id, ids[start : start + _BATCH])
            if progress is not None:
                progress(min(start + _BATCH, len(ids)), len(ids))

    def _refresh_batch(self, change_id: int, ids: Sequence[int]) -> None:
        restored = self._restore(ids)
        bare = derived.refresh(self._connection, ids, self._now, unindexed=restored)
        bare += self._without_records(ids)
        if bare:
            self._retire(change_id, json.dumps(bare))

    def _without_records(self, work_ids: Sequence[int]) -> list[int]:
        rows = self._connection.execute(
            "SELECT w.id FROM json_each(?) j JOIN works w ON w.id = j.value "
            "WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.work_id = w.id)",
            (json.dumps(work_ids),),
        )
        return [work_id for (work_id,) in rows]

    def remove_bare(self, change_id: int, work_ids: Iterable[int]) -> None:
        """Take works with nothing to stand on out of every list."""
        self._retire(change_id, json.dumps(list(work_ids)))

    def _retire(self, change_id: int, ids: str) -> None:
        """Take works with no standing record out of every list; their ids and keys are kept."""
        derived.unindex(self._connection, ids)
        chosen = "IN (SELECT value FROM json_each(?))"
        self._connection.execute(
            "INSERT INTO removed_works (id, citation_key, aliases, added, change_id) "
            "SELECT w.id, w.citation_key, (SELECT json_group_array(key) FROM citation_keys k "
            "WHERE k.work_id = w.id AND k.current = 0), w.added, ? FROM works w "
            f"WHERE w.id {chosen}",
            (change_id, ids),
        )
        # The table is ordered by key; without the list of keys each removal would read it all.
        self._connection.execute(
            f"DELETE FROM citation_keys WHERE key IN (SELECT citation_key FROM works WHERE id "
            f"{chosen} UNION SELECT key FROM citation_keys WHERE current = 0 AND work_id {chosen})",
            (ids, ids),
        )
        self._connection.execute(f"DELETE FROM works WHERE id {chosen}", (ids,))

    def _restore(self, work_ids: Iterable[int]) -> set[int]:
        """Give removed works that can stand again their rows and keys back.

        Returns their ids; they are still to be reconciled, and are not in the index.
        """
        rows = self._connection.execute(
            "SELECT id, citation_key, aliases, added FROM removed_works m "
            "WHERE id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM records r "
            f"WHERE r.work_id = m.id AND {STANDS}) ORDER BY id",
            (json.dumps(list(work_ids)),),
        ).fetchall()
        taken = self.taken_keys(key for _, key, _, _ in rows)
        keys: dict[int, str] = {}
        for work_id, key, _, _ in rows:
            free = key
            if key.lower() in taken:
                free = next_free(key, self.keys_beginning(key) | taken)
            taken.add(free.lower())
            keys[work_id] = free
        self._connection.executemany(
            "INSERT INTO works (id, citation_key, added, modified, facets, record_id) "
            "SELECT ?1, ?2, ?3, ?4, '', min(id) FROM records WHERE work_id = ?1",
            ((work_id, keys[work_id], added, self._now) for work_id, _, _, added in rows),
        )
        self._connection.executemany(
            "INSERT INTO citation_keys (key, work_id) VALUES (?, ?)",
            ((key, work_id) for work_id, key in keys.items()),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO citation_keys (key, work_id, current) VALUES (?, ?, 0)",
            (
                (alias, work_id)
                for work_id, _, aliases, _ in rows
                for alias in json.loads(aliases or "[]")
            ),
        )
        self._connection.executemany(
            "DELETE FROM removed_works WHERE id = ?", ((work_id,) for work_id in keys)
        )
        return set(keys)

    def rename(self, change_id: int, work_id: int, key: str) -> None:
        """Give a work another citation key; the old one stays as an alias.

        Raises `UsageError` where another work has the key.
        """
        work = self.work(work_id)
        if work is None:
            raise NotFoundError(f"There is no work {work_id}.")
        holder = self.find(key)
        if holder not in (None, work_id):
            raise UsageError(f"The citation key {key} belongs to another work.")
        # An alias that the key was before, it will be again when this is undone.
        alias = self._as_spelt(key) if holder is not None else None
        self._book(change_id, "citation_key", work_id, alias, work.citation_key, key)
        self._set_key(work_id, work.citation_key, key)

    def _set_key(self, work_id: int, before: str, after: str) -> None:
        self._connection.execute(
            "UPDATE citation_keys SET current = 0 WHERE key = ? AND work_id = ?", (before, work_id)
        )
        self._give_keys({work_id: after})

    def replace_keys(self, keys: Mapping[int, str]) -> None:
        """Give works, by id, free keys; the old ones stay as aliases."""
        self._connection.execute(
            "UPDATE citation_keys SET current = 0 WHERE key IN (SELECT citation_key FROM works "
            "WHERE id IN (SELECT value FROM json_each(?)))",
            (json.dumps(list(keys)),),
        )
        self._give_keys(keys)

    def _give_keys(self, keys: Mapping[int, str]) -> None:
        self.complete()
        ids = json.dumps(list(keys))
        derived.unindex_text(self._connection, ids)
        self._connection.executemany(
            "UPDATE works SET citation_key = ?, modified = ? WHERE id = ?",
            ((key, self._now, work_id) for work_id, key in keys.items()),
        )
        self._connection.executemany(
            "INSERT INTO citation_keys (key, work_id, current) VALUES (?, ?, 1) "
            "ON CONFLICT (key) DO UPDATE SET key = excluded.key, current = 1",
            ((key, work_id) for work_id, key in keys.items()),
        )
        derived.index(self._connection, ids)

    def _as_spelt(self, key: str) -> str | None:
        """A key in use, in the capitals that it has; None for one that is free."""
        row = self._connection.execute(
            "SELECT key FROM citation_keys WHERE key = ?", (key,)
        ).fetchone()
        return None if row is None else str(row[0])

    def add_aliases(self, change_id: int, aliases: Iterable[tuple[int, str]]) -> None:
        """Let works be found by further keys, those that are free."""
        for work_id, key in aliases:
            if self._connection.execute(
                # A merge done again may be one into a work that has been deleted since.
                "INSERT OR IGNORE INTO citation_keys (work_id, key, current) "
                "SELECT id, ?, 0 FROM works WHERE id = ?",
                (key, work_id),
            ).rowcount:
                self._book(change_id, "alias", work_id, None, None, key)

    # Organisation

    def label(
        self, change_id: int, table: str, name: str, work_ids: Iterable[int], *, on: bool = True
    ) -> int:
        """Put works under a name in `tags` or `collections`, or take them out. Returns how many."""
        singular = {"tags": "tag", "collections": "collection"}[table]
        if on:
            self._connection.execute(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", (name,))
        row = self._connection.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
        if row is None:
            return 0
        ids = json.dumps(sorted(set(work_ids)))
        if on:
            return self._connection.execute(
                f"INSERT OR IGNORE INTO work_{table} (work_id, {singular}_id, change_id) "
                "SELECT value, ?, ? FROM json_each(?)",
                (row[0], change_id, ids),
            ).rowcount
        chosen = f"{singular}_id = ? AND work_id IN (SELECT value FROM json_each(?))"
        self._connection.execute(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            f"SELECT ?, ?, work_id, ?, change_id, NULL FROM work_{table} WHERE {chosen}",
            (change_id, table, row[0], row[0], ids),
        )
        return self._connection.execute(
            f"DELETE FROM work_{table} WHERE {chosen}", (row[0], ids)
        ).rowcount
