"""A work: what we believe, and which record each belief came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from refman.model.description import Description


class EnrichmentStatus(StrEnum):
    """How far enriching a work by its DOI has come."""

    PENDING = "pending"
    """Asked for, not answered yet."""
    ENRICHED = "enriched"
    UNCHANGED = "unchanged"
    NOT_FOUND = "not_found"
    """No source knows the DOI."""
    MISMATCH = "mismatch"
    """The DOI's record describes another work."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One work of a library.

    `attribution` says for each field which record (by its id) it was taken from; a work with one
    record needs none, and has an empty one.
    """

    id: int
    citation_key: str
    description: Description
    attribution: Mapping[str, int] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    """Keys it had before it was merged or renamed; they still resolve."""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    enrichment: EnrichmentStatus | None = None
    added: str | None = None
    modified: str | None = None
