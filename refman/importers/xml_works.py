"""What importers of XML have in common: entries read one by one, each of them a work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from lxml import etree

from refman.crosswalk.read_entry import ReadEntry, to_record
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_stream import XmlFault, xml_entries


class XmlImporter(ABC):
    """Reads works out of XML; fulfils `refman.ports.Importer`.

    `entries` are the local names of the elements that are works.
    """

    info: FormatInfo
    entries: tuple[str, ...] = ()

    def recognise(self, sample: Sample) -> float:
        """As sure as the elements that only this format has make it; never by name."""
        if not sample.text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        return self.likeness(sample.text)

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in xml_entries(source.binary(), self.entries):
            if isinstance(item, XmlFault):
                yield told(item)
                continue
            if self.is_envelope(item.element):
                continue
            fault = self.fault(item.element)
            if fault is not None:
                yield Problem(reason=fault, line=item.line, raw=item.raw)
                continue
            found = self.read_entry(item.element, options)
            yield to_record(found, self.info.name, source.name, item, options)

    @abstractmethod
    def likeness(self, text: str) -> float:
        """How sure the beginning of a file of XML makes one, from 0 to 1."""

    def is_envelope(self, element: etree._Element) -> bool:  # noqa: ARG002
        """Whether an entry only holds others, which were read before it."""
        return False

    def fault(self, element: etree._Element) -> str | None:  # noqa: ARG002
        """Why an entry is no work; None where it is one."""
        return None

    @abstractmethod
    def read_entry(self, element: etree._Element, options: ImportOptions) -> ReadEntry:
        """What an entry says."""


def told(fault: XmlFault) -> Problem:
    """The problem that something in a file was no XML."""
    return Problem(reason=fault.reason, line=fault.line, raw=fault.raw, partial=fault.partial)
