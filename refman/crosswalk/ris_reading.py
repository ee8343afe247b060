"""The tags of one RIS record, as a description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from refman.crosswalk import notices
from refman.crosswalk.ris_dialects import in_plain_ris
from refman.crosswalk.ris_kinds import CONFERENCE, FORMAT, WEBPAGE, WHOLES, fields_by_tag
from refman.crosswalk.ris_numbers import read_identifiers, read_numbers, read_page_numbers
from refman.crosswalk.ris_record import RisRecord
from refman.crosswalk.ris_types import csl_type, is_known
from refman.crosswalk.ris_values import (
    choose_date,
    is_citation_key,
    is_proceedings,
    note_lines,
    paragraphs,
    split_keywords,
    title_line,
)
from refman.model import DATE_FIELDS, NAME_FIELDS, Description, Extra

_TITLES = frozenset(
    (
        "title", "container_title", "collection_title", "title_short", "event_title",
        "reviewed_title",
    )
)  # fmt: skip
_CONTAINERS = ("JF", "JO")
_ABBREVIATIONS = ("J2", "JA", "J1", "JI", "J9")
_PERIODICAL = frozenset(_CONTAINERS + _ABBREVIATIONS)
_LATER = frozenset(("M1", "C3"))
"""Tags that are one field only for want of better, or together with others."""


class ReadRis(NamedTuple):
    """A description, the fields of it that were inferred, and the key that came with it."""

    description: Description
    guessed: frozenset[str]
    citation_key: str | None


def description_from_tags(tags: Mapping[str, Sequence[str]]) -> ReadRis:
    """The description that the tags of one record make.

    `tags` has for each tag its values in order; a value of several lines has line breaks in it.
    Values without a field are kept in `extra`. Raises nothing, whatever the values are.
    """
    record = RisRecord(tags)
    _type(record)
    record.left = in_plain_ris(record.left, record.ris_type, record.kind)
    read_identifiers(record)
    for tag, field, take in _steps(record.kind, tuple(record.left)):
        take(record, tag, field)
    _titles(record)
    _date(record)
    read_page_numbers(record)
    read_numbers(record)
    _texts(record)
    key = _key(record)
    if record.left:
        record.fields["extra"] = tuple(
            Extra(FORMAT, tag, value)
            for tag, values in sorted(record.left.items())
            for raw in values
            if (value := note_lines([raw]))
        )
    return ReadRis(Description(**record.fields), frozenset(record.guessed), key)


_Step = tuple[str, str, Callable[[RisRecord, str, str], None]]


@lru_cache(maxsize=1024)
def _steps(kind: str, tags: tuple[str, ...]) -> tuple[_Step, ...]:
    """Those of the tags that are one field in a type, in the order of reading, and how."""
    # Cached, since the records of a file mostly have the same few sets of tags.
    return tuple(
        (tag, field, _way(field))
        for tag, field in fields_by_tag(kind).items()
        if tag in tags and tag not in _LATER
    )


def _way(field: str) -> Callable[[RisRecord, str, str], None]:
    if field in NAME_FIELDS:
        return RisRecord.take_people
    if field in DATE_FIELDS:
        return RisRecord.take_date
    return RisRecord.take_title if field in _TITLES else RisRecord.take_text


def _type(record: RisRecord) -> None:
    given = record.first("TY")
    record.left.pop("TY", None)
    if given is None:
        record.guessed.add("type")
        return
    record.ris_type = given
    record.kind, sure = csl_type(given)
    record.fields["type"] = record.kind
    if not sure:
        record.guessed.add("type")
    if not is_known(given):
        record.keep("TY", given)
    if record.kind == "document" and not sure and _is_in_a_journal(record):
        record.kind = record.fields["type"] = "article-journal"
    if given == "EDBOOK" and "AU" in record.left:
        record.left["ED"] = [*record.left.pop("AU"), *record.left.get("ED", ())]


def _is_in_a_journal(record: RisRecord) -> bool:
    left = record.left
    return ("JF" in left or "JO" in left) and "VL" in left and ("IS" in left or "SP" in left)


def _titles(record: RisRecord) -> None:
    """What it is in, and the titles that stand in for others."""
    fields = record.fields
    if record.kind == CONFERENCE:
        _conference(record)
    elif "C3" in record.left and (field := fields_by_tag(record.kind).get("C3")):
        record.take_text("C3", field)
    if not _PERIODICAL.isdisjoint(record.left) and record.kind not in ("book", "report"):
        _periodical(record)
    if "title" not in fields and "title_short" in fields:
        fields["title"] = fields["title_short"]
        record.guessed.add("title")
    if (
        record.kind in ("book", "report")
        and "collection_editor" in fields
        and not {"author", "editor", "collection_title"} & fields.keys()
    ):
        # There is nothing that they could have edited but the book itself.
        fields["editor"] = fields.pop("collection_editor")
        record.guessed.add("editor")


def _conference(record: RisRecord) -> None:
    """The proceedings stand under `C3`, and then the conference under `T2`; or under `T2`.

    Web of Science has affiliations under `C3`.
    """
    proceedings, conference = (title_line(record.peek(tag)) for tag in ("C3", "T2"))
    known = proceedings == conference or is_proceedings(proceedings)
    if proceedings and (known or not _is_of_wos(record)):
        record.fields["container_title"] = proceedings
        record.first("C3")
        if conference and conference != proceedings:
            record.take_title("T2", "event_title")
    if "T2" in record.left:
        record.take_title("T2", "container_title")
    if "CY" in record.left:
        known = "publisher_place" in record.fields
        record.take_text("CY", "event_place" if known else "publisher_place")


def _is_of_wos(record: RisRecord) -> bool:
    number = record.fields.get("archive_location", "")
    return number[:4] == "WOS:" or len(record.left.get("C3", ())) > 1


def _periodical(record: RisRecord) -> None:
    """What it appeared in: whole titles first, then abbreviations, which may stand for it."""
    fields = record.fields
    for tag in _CONTAINERS:
        if tag not in record.left:
            continue
        others = []
        for raw in record.left.pop(tag):
            text = title_line(raw)
            if (
                text
                and fields.setdefault("container_title", text) != text
                and not (tag == "JO" and fields.setdefault("container_title_short", text) == text)
            ):
                others.append(text)
        record.keep(tag, *others)
    for tag in _ABBREVIATIONS:
        if tag not in record.left:
            continue
        read = [text for raw in record.left.pop(tag) if (text := title_line(raw))]
        for text in read:
            fields.setdefault("container_title_short", text)
        known = (fields.get("container_title"), fields.get("container_title_short"))
        record.keep(tag, *(text for text in read if text not in known))
    named = "container_title" not in fields and record.kind not in WHOLES
    if named and "container_title_short" in fields:
        fields["container_title"] = fields["container_title_short"]
        record.guessed.add("container_title")


def _date(record: RisRecord) -> None:
    tags = ("DA", "Y1", "PY", "C2") if record.kind == "patent" else ("DA", "Y1", "PY")
    candidates = [(tag, raw) for tag in tags for raw in record.left.pop(tag, ())]
    date, left = choose_date(candidates)
    for tag, text in reversed(left):
        record.keep(tag, text)
    if date is not None:
        record.fields["issued"] = date
        if date.is_bare_year:
            record.guessed.add("issued")
    if "Y2" in record.left:
        record.take_date("Y2", "accessed")
    if record.kind == WEBPAGE:
        _webpage(record)


def _webpage(record: RisRecord) -> None:
    for tag in ("M1", "VL"):
        if tag in record.left:
            record.take_date(tag, "accessed")
    for tag, field in (("M1", "number"), ("VL", "volume")):
        if tag in record.left:
            record.take_text(tag, field)


def _texts(record: RisRecord) -> None:
    for tag in ("AB", "N2"):
        if tag not in record.left:
            continue
        others = []
        for raw in record.left.pop(tag):
            text = paragraphs(raw)
            if text and record.fields.setdefault("abstract", text) != text:
                others.append(raw)
        record.keep(tag, *others)
    if "KW" in record.left:
        words = split_keywords(record.left.pop("KW"))
        if words:
            record.fields["keyword"] = words
    if "N1" in record.left:
        _notes(record)


def _notes(record: RisRecord) -> None:
    """Notes, and among them the notices and relations that our own exporter writes there."""
    updates, relations, notes = [], [], []
    for line in note_lines(record.left.pop("N1")).split("\n"):
        if ": " in line[:60]:
            if (update := notices.update_from_line(line)) is not None:
                updates.append(update)
                continue
            if (relation := notices.relation_from_line(line)) is not None:
                relations.append(relation)
                continue
        if line != record.fields.get("title"):
            notes.append(line)
    if updates:
        record.fields["updates"] = tuple(dict.fromkeys(updates))
    if relations:
        record.fields["relations"] = tuple(dict.fromkeys(relations))
    if note := "\n".join(notes):
        record.fields["note"] = note


def _key(record: RisRecord) -> str | None:
    """A citation key under `ID` or `LB`; a bare number, say, is the database's."""
    for tag in ("ID", "LB"):
        if tag in record.left and is_citation_key(text := record.peek(tag)):
            record.first(tag)
            return text
    return None
