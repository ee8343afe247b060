"""Exports of Ovid: with tags (`TI  - …`) or with the names of fields (`Title`, the value below).

A line `<12. >` or `<12>` begins a record in both. What the tags mean is `refman.crosswalk.ovid`'s
business; see `docs/formats/ovid.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.ovid import FORMAT, LABELS, description_from_ovid
from refman.crosswalk.tagged_records import to_record
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.tagged import Entry, Fault, Grammar, split

_NUMBER = re.compile(r"<(\d{1,9})\s{0,3}\.?\s{0,3}>\s*")
_TAG = re.compile(r"([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t]|$)")
_LABEL = re.compile(r"[A-Z][A-Za-z]{1,20}(?:[ -][A-Za-z,]{1,20}){0,7}\s*")
_OVID = re.compile(r"^VN  ?- ?Ovid", re.MULTILINE)
_NUMBERED = re.compile(r"^<\d{1,9}\s{0,3}\.?\s{0,3}>\s*$", re.MULTILINE)
_LABELLED = re.compile(
    r"^(Author|Title|Source|Abstract|Institution|Publication Type|Accession Number|DOI Number)"
    r"[ \t]{0,4}\r?\n[ \t]+\S",
    re.MULTILINE,
)
_TAGGED = re.compile(r"^(AN|AU|TI|SO|AB|LG|YR|XL|IN|DB)  - ", re.MULTILINE)


class OvidImporter:
    """Reads `ovid`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Ovid",
            extensions=(".txt",),
            description="tagged, or with the names of fields",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 where Ovid names itself; less for numbered records with its tags or fields."""
        text = sample.text
        if _OVID.search(text):
            return 0.97
        fields = len(set(_LABELLED.findall(text)))
        if fields >= 3 or (fields >= 2 and _NUMBERED.search(text)):
            return 0.9
        return 0.9 if _NUMBERED.search(text) and len(set(_TAGGED.findall(text))) >= 3 else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in split(source.lines(), _GRAMMAR):
            if isinstance(item, Fault):
                yield Problem(reason=item.reason, line=item.line, raw=item.raw)
            else:
                yield _read(item, source.name, options)


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    if match is not None:
        return match[1], line[match.end() :]
    if _LABEL.fullmatch(line):
        label = line.strip()
        return LABELS.get(label.lower(), label), ""
    match = _NUMBER.fullmatch(line)
    return ("#", match[1]) if match is not None else None


_GRAMMAR = Grammar(
    tag=_tag,
    begins=frozenset("#"),
    once=frozenset(("TI", "AN", "VN", "SO", "Score")),
    goes_on=lambda _tag, line, _apart: line[0] in " \t",
)


def _read(entry: Entry, name: str, options: ImportOptions) -> Record | Problem:
    tags: dict[str, list[str]] = {}
    for field in entry.fields:
        tags.setdefault(field.tag, []).append(field.value.strip())
    found = description_from_ovid(tags)
    return to_record(found, FORMAT, (name, entry.line), entry.raw, options)


importer = OvidImporter()
