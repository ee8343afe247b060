"""What there is beside works: whether they were read, have notes or files, or wait for a decision.

Lists of a screen show it as signs. It is asked for the works of a page when the page is there, so
that no list pays for works that nobody sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from refman.rules.query import READ
from refman.store.connection import Connection

READ_TAG = READ
"""The tag of works that were read."""

_SQL = (
    "SELECT j.value, "
    "EXISTS (SELECT 1 FROM work_tags x WHERE x.work_id = j.value "
    "AND x.tag_id = (SELECT id FROM tags WHERE name = ?)), "
    "EXISTS (SELECT 1 FROM notes x WHERE x.work_id = j.value), "
    "EXISTS (SELECT 1 FROM attachments x WHERE x.work_id = j.value), "
    "EXISTS (SELECT 1 FROM records x INDEXED BY records_proposed WHERE x.work_id = j.value "
    "AND x.state = 'proposed' AND x.withdrawn = 0) "
    "FROM json_each(?) j"
)


class Marks(NamedTuple):
    """What there is beside a work."""

    read: bool = False
    """Whether it has the tag `READ_TAG`."""
    note: bool = False
    file: bool = False
    proposed: bool = False
    """Whether something is proposed for it and not decided."""


NO_MARKS = Marks()


class MarksReader:
    """The question. It may raise `StoreError`."""

    _connection: Connection

    def marks(self, work_ids: Sequence[int]) -> Mapping[int, Marks]:
        """What there is beside each of these works."""
        rows = self._connection.execute(_SQL, (READ_TAG, json.dumps(list(work_ids))))
        return {work_id: Marks(*map(bool, found)) for work_id, *found in rows}
