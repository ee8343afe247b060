"""Exports of Ovid: with tags (`TI  - …`) or with the names of fields (`Title`, the value below).

A line `<12. >` or `<12>` begins a record in both. What the tags mean is `refman.crosswalk.ovid`'s
business; see `docs/formats/ovid.md`.
"""

from __future__ import annotations

import re

from refman.crosswalk.ovid import FORMAT, LABELS, description_from_ovid
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.tagged_works import TaggedImporter
from refman.ports import FormatInfo, Sample
from refman.text.tagged import Entry, Grammar

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


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    if match is not None:
        return match[1], line[match.end() :]
    if _LABEL.fullmatch(line):
        label = line.strip()
        return LABELS.get(label.lower(), label), ""
    match = _NUMBER.fullmatch(line)
    return ("#", match[1]) if match is not None else None


class OvidImporter(TaggedImporter):
    """Reads `ovid`."""

    info = FormatInfo(
        name=FORMAT,
        label="Ovid",
        extensions=(".txt",),
        description="tagged, or with the names of fields",
    )
    grammar = Grammar(
        tag=_tag,
        begins=frozenset("#"),
        once=frozenset(("TI", "AN", "VN", "SO", "Score")),
        goes_on=lambda _tag, line, _apart: line[0] in " \t",
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

    def read_entry(self, entry: Entry) -> ReadEntry:
        """What the tags of an entry say."""
        return description_from_ovid(entry.tags)


importer = OvidImporter()
