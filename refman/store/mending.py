"""Making what is derived anew from the records."""

from __future__ import annotations

from collections import Counter

from refman.model import Description, Origin, OriginKind, Record
from refman.rules.citekey import clean_key, make_key, next_free
from refman.store import derived, hearsay
from refman.store.labels import LABEL_COLUMN
from refman.store.syncing import SyncingWriter
from refman.store.writing import STANDS, NewRecord
from refman.text.counting import counted

NO_WORK = "{0} NOT IN (SELECT id FROM works UNION ALL SELECT id FROM removed_works)"
"""The condition for what belongs to a work that is not there, and never was removed."""
NO_PAYLOAD = "payload IS NOT NULL AND payload NOT IN (SELECT digest FROM payloads)"
"""The condition for an answer whose text is gone; it will be asked for again."""

_BATCH = 1000
_CHANGED_BY = (
    "records", "change_items", "removed_works", "work_tags", "work_collections", "problems",
)  # fmt: skip


class MendingWriter(SyncingWriter):
    """A writer that can also mend a library."""

    def rebuild(self) -> int:
        """Make everything derived anew from the records. Returns the number of works.

        Works that were lost come back, under the keys that they had, as far as that can be told;
        works with nothing to stand on go. When works were changed stays as it is.
        """
        self._connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")
        self._stand_in()
        self._find_lost_records()
        self._find_lost_works()
        self._find_lost_keys()
        bare: list[int] = []
        ids = [row[0] for row in self._connection.execute("SELECT id FROM works ORDER BY id")]
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            bare += derived.refresh(self._connection, batch, now=None)
        if bare:
            change = self.change("user", "repair", f"removal of {len(bare)} works without records")
            self.remove_bare(change, bare)
        self._tidy()
        self._connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")
        return len(ids) - len(bare)

    def _find_lost_works(self) -> None:
        """Give works that have records to stand on, but no row, a row again."""
        lost = self._connection.execute(
            f"SELECT r.work_id, min(c.at) FROM records r JOIN changes c ON c.id = r.change_id "
            f"WHERE {STANDS} AND r.work_id NOT IN (SELECT id FROM works) GROUP BY r.work_id"
        ).fetchall()
        for work_id, added in lost:
            known = self._connection.execute(
                "SELECT key FROM citation_keys WHERE work_id = ? ORDER BY current DESC", (work_id,)
            ).fetchone()
            key = known[0] if known else self._key_for(self.records(work_id))
            self._connection.execute(
                "DELETE FROM citation_keys WHERE work_id = ? AND key = ?", (work_id, key)
            )
            self._connection.execute(
                "INSERT INTO removed_works (id, citation_key, added, change_id) "
                "SELECT ?1, ?2, ?3, min(change_id) FROM records WHERE work_id = ?1 "
                "ON CONFLICT (id) DO NOTHING",
                (work_id, key, added),
            )
        restored = self._restore(work_id for work_id, _ in lost)
        derived.refresh(self._connection, restored, self._now, unindexed=restored)

    def _key_for(self, records: list[Record]) -> str:
        for record in records:
            if record.citation_key and (key := clean_key(record.citation_key)):
                return key
        return make_key(records[0].description)

    def _find_lost_keys(self) -> None:
        """Let works be found by their citation keys again."""
        lost = self._connection.execute(
            "SELECT w.id, w.citation_key FROM works w WHERE NOT EXISTS (SELECT 1 FROM "
            "citation_keys k WHERE k.key = w.citation_key AND k.work_id = w.id AND k.current = 1)"
        ).fetchall()
        for work_id, key in lost:
            self._connection.execute(
                "DELETE FROM citation_keys WHERE key = ? AND work_id = ?", (key, work_id)
            )
            free = next_free(key, self.keys_beginning(key))
            self._give_keys({work_id: free})

    def _stand_in(self) -> Counter[str]:
        """Let what others refer to be there: changes and names that were lost. Counts them."""
        lost: Counter[str] = Counter()
        # That a change was undone is told by both; where one of them is gone, the other knows.
        for this, other in (("undoes", "undone_by"), ("undone_by", "undoes")):
            lost["entries of the history"] += self._connection.execute(
                f"INSERT OR IGNORE INTO changes (id, at, actor, action, summary, {other}) "
                f"SELECT {this}, at, 'user', 'repair', 'a change whose entry was lost', id "
                f"FROM changes WHERE {this} IS NOT NULL"
            ).rowcount
        for table in _CHANGED_BY:
            lost["entries of the history"] += self._connection.execute(
                "INSERT OR IGNORE INTO changes (id, at, actor, action, summary) SELECT DISTINCT "
                f"change_id, ?, 'user', 'repair', 'a change whose entry was lost' FROM {table}",
                (self._now,),
            ).rowcount
        for table, column in LABEL_COLUMN.items():
            lost[f"names of {table}"] += self._connection.execute(
                f"INSERT OR IGNORE INTO {table} (id, name) SELECT DISTINCT {column}, "
                f"'rescued ' || {column} FROM work_{table} WHERE {column} NOT IN "
                f"(SELECT id FROM {table})"
            ).rowcount
        return lost

    def _find_lost_records(self) -> None:
        """Give works that no record speaks of one that says what the lists say of them."""
        rows = self._connection.execute(
            f"SELECT {hearsay.COLUMNS} FROM works w "
            "WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.work_id = w.id)"
        ).fetchall()
        if rows:
            change = self.change("user", "repair", f"records anew of {counted(len(rows), 'work')}")
            for row in rows:
                hearsay.add_record(self._connection, row, change)

    def _tidy(self) -> None:
        """Take away what belongs to no work; notes and files are given one."""
        for table in ("contributors", "identifiers", "citation_keys"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE work_id NOT IN (SELECT id FROM works)"
            )
        self._connection.execute("DELETE FROM removed_works WHERE id IN (SELECT id FROM works)")
        self._find_removed_works()
        for table in ("work_tags", "work_collections", "enrichments"):
            self._connection.execute(f"DELETE FROM {table} WHERE {NO_WORK.format('work_id')}")
        self._connection.execute(
            f"DELETE FROM distinct_works WHERE {NO_WORK.format('a')} OR {NO_WORK.format('b')}"
        )
        self._connection.execute(f"DELETE FROM answers WHERE {NO_PAYLOAD}")
        self._house_belongings()

    def _find_removed_works(self) -> None:
        """Let works that were removed, with all their records, be known as such again."""
        lost = self._connection.execute(
            "SELECT r.work_id, min(c.at), min(r.change_id) FROM records r "
            f"JOIN changes c ON c.id = r.change_id WHERE {NO_WORK.format('r.work_id')} "
            "GROUP BY r.work_id"
        ).fetchall()
        for work_id, added, change_id in lost:
            self._connection.execute(
                "INSERT INTO removed_works (id, citation_key, added, change_id) "
                "VALUES (?, ?, ?, ?)",
                (work_id, self._key_for(self.records(work_id)), added, change_id),
            )

    def _house_belongings(self) -> None:
        """Give notes and files whose work is gone a work, where they can be found."""
        homeless = {
            table: self._connection.execute(
                f"SELECT id, work_id FROM {table} WHERE {NO_WORK.format('work_id')}"
            ).fetchall()
            for table in ("notes", "attachments")
        }
        if not any(homeless.values()):
            return
        change = self.change("user", "repair", "a work for notes and files whose work is gone")
        record = Record(
            description=Description(type="document", title="Notes and files without a work"),
            origin=Origin(kind=OriginKind.USER, name="user"),
        )
        key = next_free("rescued", self.keys_beginning("rescued"))
        [home] = self.insert(change, [NewRecord(record, key)])
        self.complete()
        for table, rows in homeless.items():
            self._move(change, table, [(row_id, before, home) for row_id, before in rows])
