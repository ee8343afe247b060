"""Importer of Crossref's own JSON: what its REST API answers, or its public data file holds.

Read are one work with its envelope or without, a list answer, an array of works, and JSON Lines
of either (REST API, message version 1.0.0). Records of deleted DOIs are problems, since they
describe nothing. See `docs/formats/crossref-json.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from refman.crosswalk.crossref import is_deleted, record_from_message
from refman.model import Origin, OriginKind, Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.json_stream import Broken, elements

_ENVELOPE = ("message", "items")
_WORK_KEYS = ("DOI", "title", "author", "container-title", "publisher", "ISBN", "ISSN")
_OF_A_WORK = re.compile(r'"(indexed|DOI|prefix|member|deposited|is-referenced-by-count)"\s{0,9}:')
_OF_THE_API = re.compile(r'"message-type"\s{0,9}:\s{0,9}"(work|work-list)"')
_MAX_RAW = 100_000


class CrossrefJsonImporter:
    """Reads `crossref-json`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name="crossref-json",
            label="Crossref JSON",
            extensions=(".json", ".jsonl"),
            media_type="application/json",
            description="Works as the Crossref REST API and its public data file give them",
        )

    def recognise(self, sample: Sample) -> float:
        """0.95 for the API's envelope, or for the fields only Crossref has; never by name."""
        start = sample.text.lstrip("\ufeff \t\r\n")[:1]
        if start not in ("{", "["):
            return 0.0
        if _OF_THE_API.search(sample.text):
            return 0.95
        found = set(_OF_A_WORK.findall(sample.text))
        if found >= {"indexed", "DOI", "prefix"}:
            return 0.95
        return 0.7 if "DOI" in found and len(found) >= 4 else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record a work, in the order of the file."""
        for element in elements(source.lines(), within=_ENVELOPE):
            if isinstance(element, Broken):
                yield Problem(reason=element.reason, line=element.line, raw=element.raw)
                continue
            fault = _fault(element.value)
            if fault is not None:
                yield Problem(reason=fault, line=element.line, raw=element.text[:_MAX_RAW])
                continue
            location = f"{source.name}:{element.line}"
            origin = Origin(kind=OriginKind.IMPORT, name="crossref-json", location=location)
            yield record_from_message(element.value, origin, recase=options.recase_titles)


def _fault(value: object) -> str | None:
    """Why an element is no work; None where it is one."""
    if not isinstance(value, Mapping) or not any(value.get(key) for key in _WORK_KEYS):
        return "not a work record of Crossref"
    if is_deleted(value):
        return "the record of a DOI that was deleted at Crossref"
    return None


importer = CrossrefJsonImporter()
