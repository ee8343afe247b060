"""What can be asked of a library for the sake of its sources: what to ask them, what they said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refman.rules.query import Node
from refman.store.connection import Connection
from refman.store.rows import PAGE
from refman.store.search import compile_query

if TYPE_CHECKING:
    from refman.ports import StoredAnswer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which works with a DOI are to be enriched: those not answered yet, and more."""

    all: bool = False
    """Those that were answered, too."""
    supplements: Sequence[str] = ()
    """Those found that one of these sources was never asked about."""
    stale: Sequence[str] = ()
    """Those of which an answer of these sources is marked to be asked for again."""


class AnswersReader:
    """The questions about sources. Every method may raise `StoreError`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dois_to_enrich(self, query: Node, wanted: Wanted) -> Iterator[tuple[int, str]]:
        """Work ids and DOIs of those works that match the query and are to be enriched."""
        source, where, parameters = _to_enrich(query, wanted)
        after = 0
        while True:
            rows = self._connection.execute(
                f"SELECT w.id, w.doi FROM {source} WHERE {where} "
                "AND w.id > ? ORDER BY w.id LIMIT ?",
                (*parameters, after, PAGE),
            ).fetchall()
            yield from rows
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def count_to_enrich(self, query: Node, wanted: Wanted) -> int:
        """How many works `dois_to_enrich` would give."""
        source, where, parameters = _to_enrich(query, wanted)
        row = self._connection.execute(
            f"SELECT count(*) FROM {source} WHERE {where}", parameters
        ).fetchone()
        return int(row[0])

    def dois_of(self, work_ids: Iterable[int]) -> list[tuple[int, str]]:
        """The ids and DOIs of those of the works that have one and wait for enrichment."""
        return list(
            self._connection.execute(
                "SELECT w.id, w.doi FROM works w JOIN enrichments e ON e.work_id = w.id "
                "WHERE w.doi IS NOT NULL AND e.status = 'pending' "
                "AND w.id IN (SELECT value FROM json_each(?)) ORDER BY w.id",
                (json.dumps(list(work_ids)),),
            )
        )

    def stored_answers(self, source: str, dois: Iterable[str]) -> dict[str, StoredAnswer]:
        """What a source has said of these DOIs before, each under the DOI's compared form."""
        # Loaded here, for no listing needs them.
        from refman.model.identifier import doi_key  # noqa: PLC0415
        from refman.ports import AnswerStatus, StoredAnswer  # noqa: PLC0415

        keys = json.dumps([doi_key(doi) for doi in dois])
        rows = self._connection.execute(
            "SELECT a.doi, a.status, a.retrieved, p.body, a.reason, a.etag, a.last_modified, "
            "a.stale "
            # CROSS: from the few that are asked for to the many that are kept, not the other way.
            "FROM json_each(?) j CROSS JOIN answers a ON a.source = ? AND a.doi = j.value "
            "LEFT JOIN payloads p ON p.digest = a.payload",
            (keys, source),
        )
        return {
            doi: StoredAnswer(
                DOI=doi,
                status=AnswerStatus(status),
                retrieved=retrieved,
                payload=None if body is None else _unpack(body),
                reason=reason,
                etag=etag,
                last_modified=last_modified,
                stale=bool(stale),
            )
            for doi, status, retrieved, body, reason, etag, last_modified, stale in rows
        }

    def written(self, path: str) -> bytes | None:
        """What is kept of the last time that a file was brought into step (`keep_written`)."""
        row = self._connection.execute(
            "SELECT body FROM payloads WHERE source = 'sync' AND source_id = ?", (path,)
        ).fetchone()
        return None if row is None else _unpack(row[0])

    def all_written(self) -> Iterator[bytes]:
        """What is kept of every file that was brought into step."""
        for (body,) in self._connection.execute("SELECT body FROM payloads WHERE source = 'sync'"):
            yield _unpack(body)

    def payload(self, digest: str) -> bytes | None:
        """A raw answer of a source, as it came."""
        row = self._connection.execute(
            "SELECT body FROM payloads WHERE digest = ?", (digest,)
        ).fetchone()
        return None if row is None else _unpack(row[0])


def _to_enrich(query: Node, wanted: Wanted) -> tuple[str, str, list[Any]]:
    """Tables, condition and parameters for the works that are to be enriched."""
    condition = compile_query(query)
    source, where, parameters = "works w", condition.sql, list(condition.parameters)
    if condition.match is not None:
        source = "works_fts f JOIN works w ON w.id = f.rowid"
        where = f"works_fts MATCH ? AND {where}"
        parameters.insert(0, condition.match)
    if not wanted.all:
        still_open = [
            "NOT EXISTS (SELECT 1 FROM enrichments e WHERE e.work_id = w.id "
            "AND e.status IN ('enriched', 'unchanged', 'not_found', 'mismatch'))"
        ]
        for name in wanted.supplements:
            still_open.append(
                "EXISTS (SELECT 1 FROM enrichments e WHERE e.work_id = w.id "
                "AND e.status IN ('enriched', 'unchanged')) AND NOT EXISTS "
                "(SELECT 1 FROM answers a WHERE a.source = ? AND a.doi = lower(w.doi))"
            )
            parameters.append(name)
        for name in wanted.stale:
            still_open.append(
                "EXISTS (SELECT 1 FROM answers a "
                "WHERE a.source = ? AND a.doi = lower(w.doi) AND a.stale = 1)"
            )
            parameters.append(name)
        where += f" AND ({' OR '.join(still_open)})"
    return source, f"{where} AND w.doi IS NOT NULL", parameters


def _unpack(body: bytes) -> bytes:
    # Loaded here: nothing that a listing does comes this way.
    import zlib  # noqa: PLC0415

    return zlib.decompress(body)
