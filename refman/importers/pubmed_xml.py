"""PubMed's XML, as its E-utilities (`efetch`) and its yearly baseline files give it.

What the elements mean is `refman.crosswalk.pubmed`'s business; see `docs/formats/pubmed-xml.md`.
"""

from __future__ import annotations

import re

from lxml import etree

from refman.crosswalk.pubmed import FORMAT, description_from_article
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.xml_works import XmlImporter
from refman.ports import FormatInfo, ImportOptions
from refman.text.xml_stream import local_name

_DELETED = ("DeleteCitation", "DeleteDocument")
_OWN = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]")


class PubmedXmlImporter(XmlImporter):
    """Reads `pubmed-xml`."""

    info = FormatInfo(
        name=FORMAT,
        label="PubMed XML",
        extensions=(".xml",),
        media_type="application/xml",
        description="articles and books as PubMed's E-utilities and baseline files give them",
    )
    entries = ("PubmedArticle", "PubmedBookArticle", *_DELETED)

    def likeness(self, text: str) -> float:
        """0.97 where PubMed's elements stand in it."""
        return 0.97 if _OWN.search(text) else 0.0

    def fault(self, element: etree._Element) -> str | None:
        """Baseline files name records that are to be taken out."""
        return "records that PubMed has deleted" if local_name(element) in _DELETED else None

    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:  # noqa: ARG002
        """What a record says."""
        return description_from_article(element)


importer = PubmedXmlImporter()
