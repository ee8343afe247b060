"""A record: what one source said about one work, never edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from refman.model.description import Description


class OriginKind(StrEnum):
    """Who speaks. The order in which they are believed is `refman.rules.merge`'s business."""

    USER = "user"
    IMPORT = "import"
    SOURCE = "source"


class RecordState(StrEnum):
    """What a record counts for."""

    STANDING = "standing"
    """It takes part in what we believe."""
    PROPOSED = "proposed"
    """It waits for the user's decision."""
    MISMATCH = "mismatch"
    """It speaks of another work, so it is kept but not believed."""
    WITHDRAWN = "withdrawn"
    """Undone, or superseded by a newer answer of the same source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record came from."""

    kind: OriginKind
    name: str
    """The format (`bibtex`), the source (`crossref`), or `user`."""
    location: str | None = None
    """`file:line` for what was read from a file, the DOI or URL for what was fetched."""
    retrieved: str | None = None
    """When, as ISO 8601 in UTC."""
    preferred: bool = False
    """Whether the user chose to believe this source over the imported values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A description and where it came from.

    `guessed` names the fields that the importer did not read but inferred: a re-cased title, a
    name it could not split. Any source outranks a guess. `verbatim` keeps the text as it came for
    fields that were changed on the way in. `cleared` names the fields of which the user says that
    they are empty. `citation_key` is the key that came with the entry, `payload` the digest of
    the raw answer it was made from, `work_id` the work it belongs to once it is stored.
    """

    description: Description
    origin: Origin
    guessed: frozenset[str] = frozenset()
    verbatim: tuple[tuple[str, str], ...] = ()
    cleared: frozenset[str] = frozenset()
    citation_key: str | None = None
    payload: str | None = None
    state: RecordState = RecordState.STANDING
    id: int | None = field(default=None, compare=False)
    work_id: int | None = field(default=None, compare=False)
