"""Crossref's XML, as doi.org and the REST API serve it, and the answers of the query service.

`application/vnd.crossref.unixref+xml` is a `<doi_records>` of records, `…unixsd+xml` a
`<crossref_result>` of queries with records in them. What the elements mean is
`refman.crosswalk.unixref`'s business; see `docs/formats/crossref-xml.md`.
"""

from __future__ import annotations

import re

from lxml import etree

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.unixref import FORMAT, description_from_record, fault_of
from refman.importers.xml_works import XmlImporter
from refman.ports import FormatInfo, ImportOptions

_OWN = re.compile(r"<(?:[\w.-]{1,40}:)?(?:doi_records?|crossref_result|crossref)[\s>]")
_SURE = re.compile(r"<(?:[\w.-]{1,40}:)?(?:doi_data|doi_record|query_result|crm-item)[\s>]")


class CrossrefXmlImporter(XmlImporter):
    """Reads `crossref-xml`."""

    info = FormatInfo(
        name=FORMAT,
        label="Crossref XML",
        extensions=(".xml",),
        media_type="application/vnd.crossref.unixref+xml",
        description="UNIXREF and UNIXSD, as doi.org gives them",
    )
    entries = ("query", "doi_record", "crossref")

    def likeness(self, text: str) -> float:
        """0.97 for Crossref's envelope with a record in it."""
        if not _OWN.search(text):
            return 0.0
        return 0.97 if _SURE.search(text) else 0.5

    def fault(self, element: etree._Element) -> str | None:
        """Crossref's answer may be that it knows no work."""
        return fault_of(element)

    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:
        """What a record says."""
        mapped = description_from_record(element, recase=options.recase_titles)
        return ReadEntry(mapped.description, mapped.guessed, verbatim=mapped.verbatim)


importer = CrossrefXmlImporter()
