"""What can be asked of a library to tell whether it has a work, or a key, already."""

from __future__ import annotations

import json
from collections.abc import Iterable

from refman.model import Record
from refman.store.codec import encode_description
from refman.store.connection import Connection


class MatchingReader:
    """The questions about what is there already. Every method may raise `StoreError`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(
        self, identifiers: Iterable[tuple[str, str]], title_keys: Iterable[int]
    ) -> tuple[dict[tuple[str, str], list[int]], dict[int, list[int]]]:
        """Which works have these identifiers, and which these title keys."""
        by_identifier: dict[tuple[str, str], list[int]] = {}
        wanted = [[scheme.lower(), value] for scheme, value in identifiers]
        if wanted:
            rows = self._connection.execute(
                "SELECT i.scheme, i.value, i.work_id FROM json_each(?) j CROSS JOIN identifiers i "
                "ON i.scheme = j.value ->> 0 AND i.value = j.value ->> 1",
                (json.dumps(wanted),),
            )
            for scheme, value, work_id in rows:
                by_identifier.setdefault((scheme, value), []).append(work_id)
        by_title: dict[int, list[int]] = {}
        rows = self._connection.execute(
            "SELECT w.title_key, w.id FROM json_each(?) j CROSS JOIN works w "
            "ON w.title_key = j.value",
            (json.dumps(list(title_keys)),),
        )
        for title_key, work_id in rows:
            by_title.setdefault(title_key, []).append(work_id)
        return by_identifier, by_title

    def has_record(self, work_id: int, record: Record) -> bool:
        """Whether the same source has said just this of the work before."""
        row = self._connection.execute(
            "SELECT 1 FROM records WHERE work_id = ? AND source = ? AND withdrawn = 0 "
            "AND description = ? LIMIT 1",
            (work_id, record.origin.name, encode_description(record.description)),
        ).fetchone()
        return row is not None

    def stating(self, record: Record) -> int | None:
        """A work of which the same source has said just this, by its title and year or its key."""
        from refman.store.derived import sort_title  # noqa: PLC0415

        description = record.description
        row = self._connection.execute(
            "SELECT r.work_id FROM records r WHERE r.work_id IN (SELECT id FROM works "
            "WHERE sort_title IS ?1 AND year IS ?2 UNION SELECT work_id FROM citation_keys "
            "WHERE key = ?3) AND r.source = ?4 AND r.withdrawn = 0 AND r.description = ?5 LIMIT 1",
            (
                sort_title(description),
                description.year,
                record.citation_key,
                record.origin.name,
                encode_description(description),
            ),
        ).fetchone()
        return None if row is None else int(row[0])

    def taken_keys(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that are in use, in lower case."""
        rows = self._connection.execute(
            "SELECT key FROM citation_keys WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {row[0].lower() for row in rows}

    def keys_beginning(self, base: str) -> set[str]:
        """The keys in use that begin with `base`, in lower case."""
        rows = self._connection.execute(
            "SELECT key FROM citation_keys WHERE key >= ? AND key <= ?",
            (base, base + "\U0010ffff"),
        )
        return {row[0].lower() for row in rows}
