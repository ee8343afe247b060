"""What MARCXML and PICA XML have in common: data fields, alone or in the answer of a catalogue."""

from __future__ import annotations

import re
from abc import abstractmethod

from lxml import etree

from refman.crosswalk.marc_fields import MarcRecord
from refman.crosswalk.marc_xml import record_from_xml
from refman.crosswalk.read_entry import ReadEntry
from refman.importers.xml_works import XmlImporter
from refman.ports import ImportOptions
from refman.text.xml_elements import attribute, children


class CatalogueImporter(XmlImporter):
    """Reads records of data fields and subfields."""

    namespace: str
    title_field: re.Pattern[str]
    """The start of a data field that tells the format where no namespace does."""
    other: str
    """What a record is that has the tags of the other format."""
    entries = ("record",)

    def likeness(self, text: str) -> float:
        """0.97 where the namespace stands in it, 0.9 for the fields of titles."""
        if self.namespace in text and "record" in text:
            return 0.97
        return 0.9 if self.title_field.search(text) else 0.0

    def is_envelope(self, element: etree._Element) -> bool:
        """Whether it is a record of the catalogue's answer, around the one that counts."""
        return bool(children(element, "recordData", "metadata"))

    def fault(self, element: etree._Element) -> str | None:
        """Both formats have records of the same name; their tags are of other lengths."""
        tags = (attribute(one, "tag") for one in children(element, "datafield"))
        return None if all(map(self.is_tag, tags)) else f"a record in {self.other}"

    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:  # noqa: ARG002
        """What a record says."""
        return self.read_record(record_from_xml(element))

    @abstractmethod
    def is_tag(self, tag: str) -> bool:
        """Whether the format has tags of this kind."""

    @abstractmethod
    def read_record(self, record: MarcRecord) -> ReadEntry:
        """What the fields of a record say."""


def field_start(*tags: str) -> re.Pattern[str]:
    """The start of a data field with one of the tags."""
    return re.compile(
        rf"<(?:[\w.-]{{1,40}}:)?datafield\s[^<>]{{0,200}}?tag=[\"'](?:{'|'.join(tags)})[\"']"
    )
