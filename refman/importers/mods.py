"""MODS, alone, in a `modsCollection`, or inside the answer of a catalogue (SRU, OAI-PMH).

What the elements mean is `refman.crosswalk.mods`'s business; see `docs/formats/mods.md`.
"""

from __future__ import annotations

import re

from lxml import etree

from refman.crosswalk.mods import FORMAT, description_from_mods
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.xml_works import XmlImporter
from refman.ports import FormatInfo, ImportOptions

_ELEMENT = re.compile(r"<(?:[\w.-]{1,40}:)?mods[\s>]")
_COLLECTION = re.compile(r"<(?:[\w.-]{1,40}:)?modsCollection[\s>]")
_NAMESPACE = "http://www.loc.gov/mods/v3"


class ModsImporter(XmlImporter):
    """Reads `mods`."""

    info = FormatInfo(
        name=FORMAT,
        label="MODS",
        extensions=(".xml", ".mods"),
        media_type="application/mods+xml",
        description="from library catalogues and repositories",
    )
    entries = ("mods",)

    def likeness(self, text: str) -> float:
        """0.97 where MODS's namespace stands in it."""
        found = _ELEMENT.search(text) or _COLLECTION.search(text)
        if found is None:
            return 0.0
        return 0.97 if _NAMESPACE in text else 0.7

    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:  # noqa: ARG002
        """What a record says."""
        return description_from_mods(element)


importer = ModsImporter()
