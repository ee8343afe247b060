"""RefWorks' tagged format: `RT Journal Article`, `A1 Smith, J.`, …

A tag is two characters and a blank at the beginning of a line; `RT` begins a record. What the tags
mean is `refman.crosswalk.refworks`'s business; see `docs/formats/refworks.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.refworks import FORMAT, description_from_refworks
from refman.crosswalk.tagged_records import to_record
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.tagged import Entry, Fault, Grammar, split

_TAG = re.compile(
    r"(A[1-6BDNV]|C[LNR]|D[BOS]|ED|F[DL]|I[DS]|J[FO]|K1|L[AKL]|NO|O[LP]|P[BP]|R[DT]|S[FLNPRT]|"
    r"T[1-3]|U(?:[1-9]|1[0-5])|UL|V[O]|W[PTV]|YR)(?: |$)"
)
_TYPED = re.compile(r"^\ufeff?RT [A-Z][A-Za-z/, ]{2,40}\r?$", re.MULTILINE)
_FIELD = re.compile(r"^(A1|T1|JF|JO|YR|FD|VO|SP|K1|AB|PB|SR|ID|SN|UL) \S", re.MULTILINE)
_PREAMBLE = re.compile(r"(?:Reference|Record) \d{1,9}.*|\d{1,9}\.?|-+|=+|\*+|<?RefWorks.*")


class RefworksImporter:
    """Reads `refworks`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="RefWorks tagged",
            extensions=(".txt",),
            description="from RefWorks, ProQuest, CINAHL",
        )

    def recognise(self, sample: Sample) -> float:
        """0.95 where a line `RT Journal Article` stands with two other tags."""
        if _TYPED.search(sample.text) is None:
            return 0.0
        tags = len(set(_FIELD.findall(sample.text)))
        return 0.95 if tags >= 2 else 0.6 if tags else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in split(source.lines(), _GRAMMAR):
            if isinstance(item, Fault):
                yield Problem(reason=item.reason, line=item.line, raw=item.raw)
            else:
                yield _read(item, source.name, options)


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    return (match[1], line[match.end() :]) if match is not None else None


_GRAMMAR = Grammar(
    tag=_tag,
    begins=frozenset(("RT",)),
    outside=lambda text: bool(text) and _PREAMBLE.fullmatch(text) is None,
    goes_on=lambda tag, _line, apart: tag in ("AB", "NO") or not apart,
)


def _read(entry: Entry, name: str, options: ImportOptions) -> Record | Problem:
    tags: dict[str, list[str]] = {}
    for field in entry.fields:
        tags.setdefault(field.tag, []).append(field.value)
    found = description_from_refworks(tags)
    return to_record(found, FORMAT, (name, entry.line), entry.raw, options)


importer = RefworksImporter()
