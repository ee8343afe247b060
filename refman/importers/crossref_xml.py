"""Crossref's XML, as doi.org and the REST API serve it, and the answers of the query service.

`application/vnd.crossref.unixref+xml` is a `<doi_records>` of records, `…unixsd+xml` a
`<crossref_result>` of queries with records in them. What the elements mean is
`refman.crosswalk.unixref`'s business; see `docs/formats/crossref-xml.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.unixref import FORMAT, description_from_record, fault_of
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_stream import XmlEntry, XmlFault, xml_entries

_OWN = re.compile(r"<(?:[\w.-]{1,40}:)?(?:doi_records?|crossref_result|crossref)[\s>]")
_SURE = re.compile(r"<(?:[\w.-]{1,40}:)?(?:doi_data|doi_record|query_result|crm-item)[\s>]")
_SAY_NOTHING = frozenset(("type", "extra"))


class CrossrefXmlImporter:
    """Reads `crossref-xml`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Crossref XML",
            extensions=(".xml",),
            media_type="application/vnd.crossref.unixref+xml",
            description="UNIXREF and UNIXSD, as doi.org gives them",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 for Crossref's envelope with a record in it; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<") or not _OWN.search(text):
            return 0.0
        return 0.97 if _SURE.search(text) else 0.5

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record a work, in the order of the file."""
        for item in xml_entries(source.binary(), ("query", "doi_record", "crossref")):
            if isinstance(item, XmlFault):
                yield Problem(
                    reason=item.reason, line=item.line, raw=item.raw, partial=item.partial
                )
            else:
                yield _read(item, source.name, options)


def _read(entry: XmlEntry, name: str, options: ImportOptions) -> Record | Problem:
    fault = fault_of(entry.element)
    if fault is not None:
        return Problem(reason=fault, line=entry.line, raw=entry.raw)
    mapped = description_from_record(entry.element, recase=options.recase_titles)
    if all(field in _SAY_NOTHING for field, _ in stated(mapped.description)):
        return Problem(reason="a record that says nothing", line=entry.line, raw=entry.raw)
    return Record(
        description=mapped.description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{entry.line}"),
        guessed=mapped.guessed,
        verbatim=mapped.verbatim,
    )


importer = CrossrefXmlImporter()
