"""RefWorks' tagged format: `RT Journal Article`, `A1 Smith, J.`, …

A tag is two characters and a blank at the beginning of a line; `RT` begins a record. What the tags
mean is `refman.crosswalk.refworks`'s business; see `docs/formats/refworks.md`.
"""

from __future__ import annotations

import re

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.refworks import FORMAT, description_from_refworks
from refman.importers.tagged_works import TaggedImporter
from refman.ports import FormatInfo, Sample
from refman.text.tagged import Entry, Grammar

_TAG = re.compile(
    r"(A[1-6BDNV]|C[LNR]|D[BOS]|ED|F[DL]|I[DS]|J[FO]|K1|L[AKL]|NO|O[LP]|P[BP]|R[DT]|S[FLNPRT]|"
    r"T[1-3]|U(?:[1-9]|1[0-5])|UL|V[O]|W[PTV]|YR)(?: |$)"
)
_TYPED = re.compile(r"^\ufeff?RT [A-Z][A-Za-z/, ]{2,40}\r?$", re.MULTILINE)
_FIELD = re.compile(r"^(A1|T1|JF|JO|YR|FD|VO|SP|K1|AB|PB|SR|ID|SN|UL) \S", re.MULTILINE)
_PREAMBLE = re.compile(r"(?:Reference|Record) \d{1,9}.*|\d{1,9}\.?|-+|=+|\*+|<?RefWorks.*")


def _tag(line: str) -> tuple[str, str] | None:
    match = _TAG.match(line)
    return (match[1], line[match.end() :]) if match is not None else None


class RefworksImporter(TaggedImporter):
    """Reads `refworks`."""

    info = FormatInfo(
        name=FORMAT,
        label="RefWorks tagged",
        extensions=(".txt",),
        description="from RefWorks, ProQuest, CINAHL",
    )
    grammar = Grammar(
        tag=_tag,
        begins=frozenset(("RT",)),
        outside=lambda text: bool(text) and _PREAMBLE.fullmatch(text) is None,
        goes_on=lambda tag, _line, apart: tag in ("AB", "NO") or not apart,
    )

    def recognise(self, sample: Sample) -> float:
        """0.95 where a line `RT Journal Article` stands with two other tags."""
        if _TYPED.search(sample.text) is None:
            return 0.0
        tags = len(set(_FIELD.findall(sample.text)))
        return 0.95 if tags >= 2 else 0.6 if tags else 0.0

    def read_entry(self, entry: Entry) -> ReadEntry:
        """What the tags of an entry say."""
        return description_from_refworks(entry.tags)


importer = RefworksImporter()
