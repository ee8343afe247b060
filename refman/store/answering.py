"""Keeping what sources said, and how far enriching works has come."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from refman.model import EnrichmentStatus
from refman.model.identifier import doi_key
from refman.rules.query import Node
from refman.store.answers import Wanted
from refman.store.changing import ChangeWriter

if TYPE_CHECKING:
    from refman.ports import Answer

_PACKING = 3
"""zlib's level for payloads: twice as fast as its usual one, for a twentieth more space."""


def payload_digest(payload: bytes | None) -> str | None:
    """What a raw answer is known by in the library."""
    return None if payload is None else hashlib.blake2b(payload, digest_size=16).hexdigest()


class AnswersWriter(ChangeWriter):
    """A writer of what came from sources."""

    def save_answers(self, source: str, answers: Iterable[Answer]) -> list[str | None]:
        """Keep what a source said now: that there is no record, or the raw payload of one.

        What it said before gives way. Returns the digest of each payload, in the same order.
        """
        given = list(answers)
        digests = [payload_digest(answer.payload) for answer in given]
        kept = self._kept_payloads([digest for digest in digests if digest is not None])
        self._connection.executemany(
            "INSERT INTO payloads (digest, source, source_id, retrieved, body) "
            "VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (digest) DO UPDATE SET retrieved = excluded.retrieved",
            (
                (digest, source, a.DOI, self._now, zlib.compress(a.payload, _PACKING))
                for a, digest in zip(given, digests, strict=True)
                if a.payload is not None and digest not in kept
            ),
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO answers "
            "(source, doi, status, retrieved, payload, reason, etag, last_modified) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    source,
                    doi_key(a.DOI),
                    a.status.value,
                    self._now,
                    digest,
                    a.reason,
                    a.etag,
                    a.last_modified,
                )
                for a, digest in zip(given, digests, strict=True)
            ),
        )
        return digests

    def mark_stale(self, query: Node, sources: Iterable[str]) -> None:
        """Have what these sources said of the works of a query asked for again."""
        names = list(sources)
        self._connection.executemany(
            "UPDATE answers SET stale = 1 WHERE source = ? AND doi = ?",
            (
                (name, doi_key(doi))
                for _, doi in self.dois_to_enrich(query, Wanted(all=True))
                for name in names
            ),
        )

    def _kept_payloads(self, digests: Sequence[str]) -> set[str]:
        """Those of the digests whose payload is kept already."""
        rows = self._connection.execute(
            "SELECT digest FROM payloads WHERE digest IN (SELECT value FROM json_each(?))",
            (json.dumps(digests),),
        )
        return {digest for (digest,) in rows}

    def set_enrichment(
        self,
        work_ids: Iterable[int],
        status: EnrichmentStatus,
        source: str | None = None,
        reason: str | None = None,
        *,
        change_id: int | None = None,
    ) -> None:
        """Note how far enriching works has come; undoing the change given takes it back."""
        work_ids = list(work_ids)
        if change_id is not None:
            self._connection.executemany(
                "INSERT INTO change_items (change_id, kind, work_id, before, after) VALUES "
                "(?1, 'enrichment', ?2, (SELECT status FROM enrichments WHERE work_id = ?2), ?3)",
                ((change_id, work_id, status.value) for work_id in work_ids),
            )
        self._connection.executemany(
            "INSERT INTO enrichments (work_id, status, source, reason, at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (work_id) DO UPDATE SET status = excluded.status, "
            "source = excluded.source, reason = excluded.reason, at = excluded.at",
            ((work_id, status.value, source, reason, self._now) for work_id in work_ids),
        )

    def mark_pending(self, work_ids: Iterable[int]) -> None:
        """Note that works with a DOI wait for enrichment, unless that has been answered."""
        self._connection.execute(
            "INSERT INTO enrichments (work_id, status, at) SELECT id, ?, ? FROM works "
            "WHERE doi IS NOT NULL AND id IN (SELECT value FROM json_each(?)) "
            "ON CONFLICT (work_id) DO UPDATE SET status = excluded.status, at = excluded.at, "
            "reason = NULL WHERE enrichments.status = 'failed'",
            (EnrichmentStatus.PENDING.value, self._now, json.dumps(list(work_ids))),
        )

    def save_problems(self, change_id: int, problems: Iterable[tuple[str, str, str]]) -> None:
        """Keep what could not be read: (location, reason, raw text) each."""
        self._connection.executemany(
            "INSERT INTO problems (change_id, location, reason, raw) VALUES (?, ?, ?, ?)",
            ((change_id, *problem) for problem in problems),
        )
