"""Giving works other citation keys, many at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence

from refman.store.undoing import UndoingWriter

_CHUNK = 1000


class KeyingWriter(UndoingWriter):
    """A writer that can also give works other keys."""

    def rekey(self, change_id: int, keys: Sequence[tuple[int, str, str]]) -> list[int]:
        """Give works, as (id, key that it has, key to have), other keys; the old ones stay aliases.

        Left out are those that have another key by now, and keys that belong to another work by
        now. Returns the ids of those done.
        """
        done: list[int] = []
        for start in range(0, len(keys), _CHUNK):
            done += self._rekey(change_id, keys[start : start + _CHUNK])
        return done

    def _rekey(self, change_id: int, keys: Sequence[tuple[int, str, str]]) -> list[int]:
        present = dict(
            self._connection.execute(
                "SELECT id, citation_key FROM works WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([work_id for work_id, _, _ in keys]),),
            ).fetchall()
        )
        holders = {
            key.lower(): (key, work_id)
            for key, work_id in self._connection.execute(
                "SELECT key, work_id FROM citation_keys "
                "WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps([after for _, _, after in keys]),),
            ).fetchall()
        }
        chosen: dict[int, str] = {}
        items: list[tuple[object, ...]] = []
        for work_id, before, after in keys:
            spelt, holder = holders.get(after.lower(), (None, None))
            if present.get(work_id) != before or holder not in (None, work_id):
                continue
            holders[after.lower()] = (after, work_id)
            chosen[work_id] = after
            # An alias that the key was before, it will be again when this is undone.
            items.append((change_id, work_id, spelt, before, after))
        self._connection.executemany(
            "INSERT INTO change_items (change_id, kind, work_id, target, before, after) "
            "VALUES (?, 'citation_key', ?, ?, ?, ?)",
            items,
        )
        if chosen:
            self.replace_keys(chosen)
        return list(chosen)
