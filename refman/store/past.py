"""What works were at any change of the history.

Nothing of it is stored twice: records are never edited, and whenever one was withdrawn or moved to
another work, or a key, tag, note or file was given or taken, that was booked. So what a work was is
computed from its records of then, as what it is is from those of now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from refman.model import Description, OriginKind, Record, RecordState
from refman.rules import merge
from refman.store.codec import RECORD_COLUMNS, record_from_row
from refman.store.connection import Connection
from refman.store.history import homes
from refman.store.labels import LABEL_COLUMN

_WITHDRAWN = RECORD_COLUMNS.split(", ").index("withdrawn")
_CHOSEN = "IN (SELECT value FROM json_each(?1))"
_NAMES = {
    "citation_key": "citation_key",
    "alias": "aliases",
    "tags": "tags",
    "collections": "collections",
    "notes": "notes",
    "attachments": "files",
    "enrichment": "enrichment",
    "distinct": "kept_apart",
}
"""What is booked beside records, by what it is called in the history."""
_SAID = {"notes": "text", "attachments": "path"}

Pair = tuple[Any, Any]
"""Before and after; None where there was nothing."""


class Fate(Enum):
    """What a change did to a work as a whole."""

    CAME = "came"
    LEFT = "left"
    STAYED = "stayed"


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What one change came to for one work."""

    work_id: int
    citation_key: str
    """That the work has now, or had when it left."""
    title: str | None
    fate: Fate
    fields: Mapping[str, Pair]
    """The fields of the description that changed."""
    others: Mapping[str, tuple[str | None, str | None]]
    """What else changed, in words: citation key, tags, collections, notes, files and so on."""


@dataclass(slots=True)
class _Kept:
    """A record, and what was booked of it, each in the order it happened."""

    record: Record
    change_id: int
    withdrawals: list[tuple[int, bool]] = field(default_factory=list)
    moves: list[tuple[int, int, int]] = field(default_factory=list)
    """As (change, from, to)."""

    def stands(self, before: int) -> bool:
        """Whether it counted before a change."""
        if self.change_id >= before or self.record.state is not RecordState.STANDING:
            return False
        known = [gone for change, gone in self.withdrawals if change < before]
        return not (known and known[-1])

    def home(self, before: int) -> int:
        """The work that it belonged to before a change."""
        known = [to for change, _, to in self.moves if change < before]
        if known:
            return known[-1]
        assert self.record.work_id is not None
        return self.moves[0][1] if self.moves else self.record.work_id


class Past:
    """The past of some works, given by id, and of those that were merged into them."""

    def __init__(self, connection: Connection, work_ids: Iterable[int]) -> None:
        self._connection = connection
        self._ids = homes(connection, set(work_ids))
        self._json = json.dumps(sorted(self._ids))
        self._records = self._read_records()
        self._brought = {kept.record.id: kept.change_id for kept in self._records}
        self._keys = dict(
            connection.execute(
                f"SELECT id, citation_key FROM works WHERE id {_CHOSEN} "
                f"UNION SELECT id, citation_key FROM removed_works WHERE id {_CHOSEN}",
                (self._json,),
            ).fetchall()
        )

    def _read_records(self) -> list[_Kept]:
        kept: dict[int, _Kept] = {}
        for *row, change in self._connection.execute(
            f"SELECT {RECORD_COLUMNS}, change_id FROM records WHERE work_id {_CHOSEN} ORDER BY id",
            (self._json,),
        ):
            row[_WITHDRAWN] = 0
            kept[row[0]] = _Kept(record_from_row(tuple(row)), change)
        for target, kind, change, before, after in self._connection.execute(
            "SELECT CAST(target AS INTEGER), kind, change_id, CAST(before AS INTEGER), "
            f"CAST(after AS INTEGER) FROM change_items WHERE work_id {_CHOSEN} "
            "AND kind IN ('record', 'moved_records') ORDER BY id",
            (self._json,),
        ):
            if target not in kept:
                continue
            if kind == "record":
                kept[target].withdrawals.append((change, bool(after)))
            else:
                kept[target].moves.append((change, before, after))
        return list(kept.values())

    def of_change(self, change_id: int) -> list[WorkChange]:
        """What a change came to, for each of the works that it changed."""
        before, after = self.works(change_id), self.works(change_id + 1)
        others = self._others(change_id)
        told: list[WorkChange] = []
        for work_id in sorted(self._ids):
            was, is_now = (described(found.get(work_id, [])) for found in (before, after))
            if was is None and is_now is None:
                continue
            fields = merge.changes(was or Description(), is_now or Description())
            aside = others.get(work_id, {})
            if (was is None) == (is_now is None):
                fate = Fate.STAYED
            else:
                fate = Fate.CAME if was is None else Fate.LEFT
            if not fields and not aside and fate is Fate.STAYED:
                continue
            title = (is_now or was or Description()).title
            key = self._keys.get(work_id, "")
            told.append(WorkChange(work_id, key, title, fate, fields, aside))
        return told

    def works(self, before: int) -> dict[int, list[Record]]:
        """The records that counted before a change, by the work."""
        found: dict[int, list[Record]] = {}
        for kept in self._records:
            if kept.stands(before):
                found.setdefault(kept.home(before), []).append(kept.record)
        return found

    def change_of(self, record_id: int | None) -> int:
        """The change that brought a record of theirs."""
        return self._brought[record_id]

    def later(self, change_id: int) -> set[int]:
        """The changes that brought records after a change, or were done again since."""
        rows = self._connection.execute(
            f"SELECT id FROM changes WHERE id IN (SELECT change_id FROM records WHERE work_id "
            f"{_CHOSEN}) AND id <> ?2 AND (id > ?2 OR undone_by IS NOT NULL)",
            (self._json, change_id),
        )
        return {row[0] for row in rows}

    def _others(self, change_id: int) -> dict[int, dict[str, tuple[str | None, str | None]]]:
        sides: dict[int, dict[str, tuple[list[str], list[str]]]] = {}
        for work_id, kind, before, after in self._booked(change_id):
            was, is_now = sides.setdefault(work_id, {}).setdefault(_NAMES[kind], ([], []))
            was += [before] if before is not None else []
            is_now += [after] if after is not None else []
        return {
            work_id: {
                name: ("; ".join(was) or None, "; ".join(is_now) or None)
                for name, (was, is_now) in named.items()
            }
            for work_id, named in sides.items()
        }

    def _booked(self, change_id: int) -> Iterator[tuple[int, str, str | None, str | None]]:
        """What a change did beside records, as (work, kind, before, after)."""
        kinds = ", ".join(f"'{kind}'" for kind in _NAMES if kind not in ("tags", "collections"))
        for work_id, kind, target, before, after in self._connection.execute(
            "SELECT work_id, kind, target, before, after FROM change_items "
            f"WHERE change_id = ?2 AND work_id {_CHOSEN} AND kind IN ({kinds}) ORDER BY id",
            (self._json, change_id),
        ).fetchall():
            if kind == "distinct":
                other = self._key_of(int(target))
                yield work_id, kind, before and other, after and other
            elif kind in _SAID:
                yield work_id, kind, _said(kind, before), _said(kind, after)
            elif before != after:
                yield work_id, kind, before, after
        for table, column in LABEL_COLUMN.items():
            for work_id, name, was_there in self._connection.execute(
                # Put on by it, and there; put on by it, and taken off since; taken off by it.
                f"SELECT x.work_id, n.name, 0 FROM work_{table} x JOIN {table} n "
                f"ON n.id = x.{column} WHERE x.change_id = ?2 AND x.work_id {_CHOSEN} "
                f"UNION SELECT i.work_id, n.name, 0 FROM change_items i JOIN {table} n "
                "ON n.id = CAST(i.target AS INTEGER) WHERE i.kind = ?3 "
                f"AND i.work_id {_CHOSEN} AND CAST(i.before AS INTEGER) = ?2 "
                "UNION SELECT i.work_id, n.name, i.after IS NULL FROM change_items i "
                f"JOIN {table} n ON n.id = CAST(i.target AS INTEGER) WHERE i.kind = ?3 "
                f"AND i.work_id {_CHOSEN} AND i.change_id = ?2 ORDER BY 1, 2",
                (self._json, change_id, table),
            ).fetchall():
                yield work_id, table, *((name, None) if was_there else (None, name))

    def _key_of(self, work_id: int) -> str:
        row = self._connection.execute(
            "SELECT citation_key FROM works WHERE id = ?1 "
            "UNION SELECT citation_key FROM removed_works WHERE id = ?1",
            (work_id,),
        ).fetchone()
        return str(row[0]) if row else str(work_id)


def stands(records: list[Record]) -> bool:
    """Whether records that count are enough for a work to be in the library."""
    return any(record.origin.kind is not OriginKind.SOURCE for record in records)


def described(records: list[Record]) -> Description | None:
    """What records that counted made of a work; None where it was not in the library."""
    return merge.reconcile(records).description if stands(records) else None


def _said(kind: str, row: str | None) -> str | None:
    return None if row is None else str(json.loads(row)[_SAID[kind]])
