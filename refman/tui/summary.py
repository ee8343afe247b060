"""All that is known of one work, as text for reading.

Each paragraph is a list of pieces: text, and the style it is shown in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from refman.model import (
    DATE_FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    Description,
    EnrichmentStatus,
    OriginKind,
    Record,
    RecordState,
    Work,
    stated,
)
from refman.services.items import other_keys
from refman.store import ChangeRow, NoteRow
from refman.tui.display import Piece, counted, lines, one_line, pieces
from refman.tui.matches import Finder

_MAX_NAMES = 8
_SAID_ABOVE = frozenset(
    ("title", "author", "container_title", "issued", "volume", "issue", "page", "abstract")
)
NO_TEXT = frozenset(("updates", "relations", "extra"))
"""Fields that are no text."""
_LONGEST = 4_000
_STATUS = {
    EnrichmentStatus.PENDING: "waits for enrichment",
    EnrichmentStatus.ENRICHED: "enriched",
    EnrichmentStatus.UNCHANGED: "asked for; its source had nothing new",
    EnrichmentStatus.NOT_FOUND: "no source knows its DOI",
    EnrichmentStatus.MISMATCH: "its DOI belongs to another work, so nothing was taken over",
    EnrichmentStatus.FAILED: "enrichment failed",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A work and all that was ever said of it."""

    work: Work
    records: Sequence[Record]
    notes: Sequence[NoteRow] = ()
    files: Sequence[str] = ()
    """The names of the attached files."""
    changes: Sequence[ChangeRow] = ()


def paragraphs(entry: Entry, found: Finder) -> Iterator[Piece]:
    """The text of the detail pane, piece by piece, with what was looked for marked."""
    work, description = entry.work, entry.work.description
    yield from _warning(description)
    yield from _reference(description, found)
    yield "\n" + one_line(work.citation_key), "bold"
    if aliases := other_keys(work):
        yield f"  (also {', '.join(map(one_line, aliases))})", "dim"
    yield "\n", ""
    for label, names in (("Tags", work.tags), ("Collections", work.collections)):
        if names:
            yield f"{label}  ", "dim"
            yield ", ".join(map(one_line, names)) + "\n", ""
    if work.enrichment is not None:
        yield "Status  ", "dim"
        yield _STATUS[work.enrichment] + "\n", ""
    kept = [counted(len(entry.notes), "note")] if entry.notes else []
    kept += map(one_line, entry.files)
    if kept:
        yield "With it  ", "dim"
        yield ", ".join(kept) + "\n", ""
    if description.abstract:
        yield "\n", ""
        yield from found.over("abstract", pieces(description.abstract[:_LONGEST]))
        yield ("…\n" if len(description.abstract) > _LONGEST else "\n"), ""
    yield "\n", ""
    yield from _fields(entry, found)
    yield from _sources(entry)


def _warning(description: Description) -> Iterator[Piece]:
    notice = description.retraction
    if notice is not None:
        label = one_line(notice.label or notice.type.replace("_", " "))
        when = f", {notice.date.edtf}" if notice.date is not None else ""
        by = f" ({one_line(notice.source)})" if notice.source else ""
        yield f"RETRACTED: {label}{when}{by}\n", "bold $text-error"


def _reference(description: Description, found: Finder) -> Iterator[Piece]:
    """The work as a reference list would have it, in the plainest style there is."""
    names = [one_line(name.inverted) for name in description.author[:_MAX_NAMES]]
    if len(description.author) > _MAX_NAMES:
        names.append(f"… and {len(description.author) - _MAX_NAMES} more")
    if names:
        yield from found.over("author", [("; ".join(names), "")])
    if description.issued is not None:
        yield f"{' ' if names else ''}({one_line(description.issued.edtf)})", ""
    if names or description.issued is not None:
        yield "\n", ""
    title = found.over("title", pieces(description.title or "[no title]"))
    for text, style in title:
        yield text, f"bold {style}".strip()
    yield "\n", ""
    where = "".join(_where(description))
    if description.container_title:
        container = one_line(description.container_title)
        yield from found.over("container_title", [(container, "italic")])
        yield where + "\n", ""
    elif where:
        yield where.lstrip(", ") + "\n", ""


def _where(description: Description) -> Iterator[str]:
    if description.volume:
        yield f", {one_line(description.volume)}"
    if description.issue:
        yield f"({one_line(description.issue)})"
    if description.page:
        yield f", {one_line(description.page).replace('-', '–')}"


def _fields(entry: Entry, found: Finder) -> Iterator[Piece]:
    origins = {record.id: record for record in entry.records}
    standing = [record for record in entry.records if record.state is RecordState.STANDING]
    for field, value in stated(entry.work.description):
        if field in NO_TEXT:
            continue
        source = origins.get(entry.work.attribution.get(field))
        said_above = field in _SAID_ABOVE
        if said_above and source is None:
            continue
        yield f"{field.replace('_', ' ')}  ", "dim"
        if not said_above:
            text = value_text(field, value)
            text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
            yield from found.over(field, [(text, "")])
        if source is not None and len(standing) > 1:
            yield f"{'' if said_above else '  '}← {voice(source)}", "dim italic"
        yield "\n", ""
    asked = {record.origin.name for record in standing if record.origin.kind is OriginKind.SOURCE}
    for extra in entry.work.description.extra:
        # What a source says beside, of funders and counts, is for programs; `refman show` has it.
        if extra.format in asked or any(name.startswith(f"{extra.format}-") for name in asked):
            continue
        yield f"{one_line(extra.format)}: {one_line(extra.name)}  ", "dim"
        # How the file it came from was laid out says nothing here.
        value = " ".join(lines(extra.value).split())
        yield (value if len(value) <= _LONGEST else value[:_LONGEST] + "…") + "\n", ""


def value_text(field: str, value: Any) -> str:
    """A value of a field as people read it."""
    if field in NAME_FIELDS:
        return "; ".join(one_line(name.inverted) for name in value)
    if field in LIST_FIELDS:
        return ", ".join(map(one_line, value))
    if field in DATE_FIELDS:
        return one_line(value.edtf)
    return lines(str(value)).strip()


def voice(record: Record) -> str:
    """Who speaks in a record, in a word."""
    return "you" if record.origin.kind is OriginKind.USER else one_line(record.origin.name)


def _sources(entry: Entry) -> Iterator[Piece]:
    """Where all of it comes from, and what was said but is not believed."""
    remarks = {
        RecordState.PROPOSED: " (proposed)",
        RecordState.MISMATCH: " (of another work; not believed)",
    }
    told = [record for record in entry.records if record.state is not RecordState.WITHDRAWN]
    if told:
        yield "from  ", "dim"
        yield (
            "; ".join(origin_text(record) + remarks.get(record.state, "") for record in told),
            "dim",
        )
        yield "\n", ""


def origin_text(record: Record) -> str:
    """Who speaks in a record, and where that was read."""
    if record.origin.kind is OriginKind.USER:
        own = record.origin.name == "user"
        return "you" if own else f"you, from {one_line(record.origin.name)}"
    place = f" ({one_line(record.origin.location)})" if record.origin.location else ""
    return one_line(record.origin.name) + place
