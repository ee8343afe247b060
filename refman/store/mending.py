"""Making what is derived anew from the records."""

from __future__ import annotations

from refman.model import Record
from refman.rules.citekey import clean_key, make_key, next_free
from refman.store import derived
from refman.store.syncing import SyncingWriter
from refman.store.writing import STANDS

_BATCH = 1000


class MendingWriter(SyncingWriter):
    """A writer that can also mend a library."""

    def rebuild(self) -> int:
        """Make everything derived anew from the records. Returns the number of works.

        Works that were lost come back, under the keys that they had, as far as that can be told;
        works with nothing to stand on go. When works were changed stays as it is.
        """
        self._connection.execute("INSERT INTO works_fts (works_fts) VALUES ('rebuild')")
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
