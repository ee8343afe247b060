"""EndNote XML, as EndNote, Zotero, Mendeley, Bookends, Citavi and JabRef write it.

A file is `<xml><records><record>…`, all on one line or indented. What the elements mean is
`refman.crosswalk.endnote`'s business; see `docs/formats/endnote-xml.md`.
"""

from __future__ import annotations

import re

from lxml import etree

from refman.crosswalk.endnote import FORMAT, description_from_record
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.xml_works import XmlImporter
from refman.ports import FormatInfo, ImportOptions

_RECORDS = re.compile(r"<xml>\s{0,99}<records>\s{0,99}<record>", re.IGNORECASE)
_OWN = re.compile(r"<(?:ref-type|electronic-resource-num|source-app|foreign-keys|pub-dates)[\s>]")


class EndnoteXmlImporter(XmlImporter):
    """Reads `endnote-xml`."""

    info = FormatInfo(
        name=FORMAT,
        label="EndNote XML",
        extensions=(".xml",),
        media_type="application/xml",
        description="from EndNote, Zotero, Mendeley, Bookends, Citavi, …",
    )
    entries = ("record",)

    def likeness(self, text: str) -> float:
        """0.97 where records of EndNote's stand in it."""
        own = len(set(_OWN.findall(text)))
        if _RECORDS.search(text):
            return 0.97 if own else 0.6
        return 0.95 if "<record>" in text and "<ref-type" in text else 0.0

    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:  # noqa: ARG002
        """What a record says."""
        return description_from_record(element)


importer = EndnoteXmlImporter()
