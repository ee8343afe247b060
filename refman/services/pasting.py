"""Reading and importing what somebody pasted: several kinds at once, looked over, corrected.

A text that is of one kind is read as a file is. Of one that is not, each part is read as what it
is, and the lines are those of the whole. What was corrected before it is imported is the user's own
word: the record says it (with what came kept beside it), and so does a record of the user's.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from refman import plugins
from refman.errors import RefmanError, UnknownFormat
from refman.model import Description, Origin, OriginKind, Record
from refman.ports import ImportOptions, Problem
from refman.services.editing import text_from_value, value_from_text
from refman.services.importing import ImportItem, choose_importer
from refman.store import Store
from refman.text.reading import TextInput
from refman.text.sections import Section, sections

_LINE = re.compile(r":(\d+)$")
_NAMES = {"doi": "doi-list"}
"""Sections whose kind says their format; the others are recognised."""
_STRUCTURED = frozenset(("bibtex", "ris", "json"))

Entry = Record | Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is, in words, and its entries, read as they are taken."""

    label: str
    entries: Iterator[Entry]


def read(text: str, name: str) -> Reading:
    """The entries of a text. Raises `InputError` where nothing of it is in a known format."""
    parts = sections(text)
    kinds = {part.kind for part in parts}
    structured = kinds & _STRUCTURED
    if structured and len(kinds) > 1:
        mixed = _mixed(parts, name)
        if mixed and not _is_sound(text, name, mixed):
            return Reading(" + ".join(mixed), _chained(parts, name))
    label, entries = _read(text, name, None)
    return Reading(label, entries)


def _read(text: str, name: str, format_name: str | None) -> tuple[str, Iterator[Entry]]:
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    source = TextInput(stream, name)
    importer = choose_importer(source, format_name)
    return importer.info.label, plugins.entries(importer, source, ImportOptions())


def _mixed(parts: list[Section], name: str) -> list[str]:
    """What the parts are, in words; those that are in no known format are left out."""
    labels: dict[str, None] = {}
    for part in parts:
        with contextlib.suppress(UnknownFormat):
            labels[_read(part.text, name, _NAMES.get(part.kind))[0]] = None
    return [*labels]


def _is_sound(text: str, name: str, labels: list[str]) -> bool:
    """Whether a text is of one kind after all, with remarks in between that mean nothing."""
    if len(labels) > 1:
        return False
    try:
        label, entries = _read(text, name, None)
        return [label] == labels and all(
            isinstance(entry, Record) or entry.partial for entry in entries
        )
    except RefmanError:
        return False


def _chained(parts: list[Section], name: str) -> Iterator[Entry]:
    for part in parts:
        if part.kind == "text" and all(line[:1] == "%" for line in part.text.split("\n") if line):
            continue  # remarks, as TeX has them
        try:
            _, entries = _read(part.text, name, _NAMES.get(part.kind))
        except UnknownFormat:
            yield _unknown(part)
        else:
            yield from _moved(entries, name, part.line - 1)


def _unknown(part: Section) -> Problem:
    return Problem(reason="in no format that refman knows", line=part.line, raw=part.text)


def _moved(entries: Iterator[Entry], name: str, by: int) -> Iterator[Entry]:
    """Entries whose lines are those of a part, with those of the whole."""
    for entry in entries:
        if isinstance(entry, Problem):
            yield entry if entry.line is None else replace(entry, line=entry.line + by)
            continue
        match = _LINE.search(entry.origin.location or "")
        if match is None:
            yield entry
            continue
        origin = replace(entry.origin, location=f"{name}:{int(match[1]) + by}")
        yield replace(entry, origin=origin)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a user says of an entry before it is imported: values of fields, and which are empty."""

    values: Mapping[str, Any]
    cleared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, description: Description, texts: Mapping[str, str]) -> Correction | None:
        """Out of fields as typed; None where that changes nothing. Raises `UsageError`."""
        values: dict[str, Any] = {}
        cleared = set()
        for field, text in texts.items():
            value = getattr(description, field)
            if text.strip() == ("" if not value else text_from_value(field, value)).strip():
                continue
            if text.strip():
                values[field] = value_from_text(field, text)
            else:
                cleared.add(field)
        return cls(values, frozenset(cleared)) if values or cleared else None

    def with_later(self, later: Correction) -> Correction:
        """Both, where the later one knew of this one."""
        before = {name: self.values[name] for name in self.values if name not in later.cleared}
        values = {**before, **later.values}
        return Correction(values, (self.cleared - values.keys()) | later.cleared)

    def applied(self, record: Record) -> Record:
        """The record with what the user says, and what came kept beside it."""
        said = record.description
        fields = {*self.values, *self.cleared}
        came = tuple(
            (field, text_from_value(field, getattr(said, field)))
            for field in sorted(fields)
            if getattr(said, field)
        )
        empty = Description()
        emptied = {field: getattr(empty, field) for field in self.cleared}
        return replace(
            record,
            description=replace(said, **self.values, **emptied),
            guessed=record.guessed - fields,
            verbatim=(*(pair for pair in record.verbatim if pair[0] not in fields), *came),
        )


def corrected(
    entries: Iterable[Entry], corrections: Mapping[int, Correction], left_out: frozenset[int]
) -> Iterator[Entry]:
    """The entries but those left out, with corrections, both by place."""
    for place, entry in enumerate(entries):
        if place in left_out:
            continue
        correction = corrections.get(place)
        if correction is not None and isinstance(entry, Record):
            entry = correction.applied(entry)  # noqa: PLW2901
        yield entry


def keep_corrections(
    store: Store,
    said: Iterable[tuple[ImportItem, Correction]],
    since: int,
    clock: Callable[[], str],
) -> None:
    """Make what was corrected the user's own word, under the change of the import.

    `since` is the latest change before that. Where the import changed nothing of a work, there is
    a change for it: one that is older is not added to, or undoing it would take this along.
    """
    origin = Origin(kind=OriginKind.USER, name="user", retrieved=clock())
    with store.writing() as writer:
        own: int | None = None
        for item, correction in said:
            if item.work_id is None:
                continue
            latest = store.history(work_id=item.work_id, limit=1)
            is_its = latest and latest[0].id > since and latest[0].action == "import"
            change = latest[0].id if is_its else own
            if change is None:
                change = own = writer.change("user", "edit", "corrections on importing")
            record = Record(
                description=Description(**correction.values),
                origin=origin,
                cleared=correction.cleared,
            )
            writer.append(change, [(item.work_id, record)])
