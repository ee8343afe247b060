"""Files that are kept in step with the library, and what was edited in them by hand.

What a file was last given is kept as a payload, under the source `sync` and the file's path: only
against that can be told what somebody changed in it since. There is one for each file.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from refman.model import Record
from refman.store.answering import payload_digest
from refman.store.keying import KeyingWriter

_PACKING = 3


class SyncingWriter(KeyingWriter):
    """A writer that can also note what files were given, and decide on proposals."""

    def keep_written(self, path: str, body: bytes) -> None:
        """Note what the file at a path was given, in place of what was noted of it before."""
        self._connection.execute(
            "DELETE FROM payloads WHERE source = 'sync' AND source_id = ?", (path,)
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO payloads (digest, source, source_id, retrieved, body) "
            "VALUES (?, 'sync', ?, ?, ?)",
            (
                payload_digest(path.encode("utf-8", "surrogateescape") + b"\0" + body),
                path,
                self.now,
                zlib.compress(body, _PACKING),
            ),
        )

    def decide(
        self,
        change_id: int,
        withdrawn: Sequence[Record],
        added: Sequence[tuple[int, Record]],
    ) -> None:
        """Withdraw proposals, and add the records that stand, or are proposed, in their place."""
        items = [
            (record.id, record.work_id, 0)
            for record in withdrawn
            if record.id is not None and record.work_id is not None
        ]
        self._set_withdrawn(change_id, items, withdrawn=True)
        self.append(change_id, added)
        self._refresh(change_id, {work_id for _, work_id, _ in items})
