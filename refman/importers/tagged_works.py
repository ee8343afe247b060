"""What importers of tagged lines have in common: a grammar, and a crosswalk for each entry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from refman.crosswalk.read_entry import ReadEntry, to_record
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.tagged import Entry, Fault, Grammar, split


class TaggedImporter(ABC):
    """Reads works out of tagged lines; fulfils `refman.ports.Importer`."""

    info: FormatInfo
    grammar: Grammar

    @abstractmethod
    def recognise(self, sample: Sample) -> float:
        """How sure it is, from 0 (no) to 1 (certain), that the sample is its format."""

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in split(source.lines(), self.grammar):
            if isinstance(item, Fault):
                yield told(item)
                continue
            yield to_record(self.read_entry(item), self.info.name, source.name, item, options)

    @abstractmethod
    def read_entry(self, entry: Entry) -> ReadEntry:
        """What an entry says."""


def told(fault: Fault) -> Problem:
    """The problem that something in a file belongs to no record."""
    return Problem(reason=fault.reason, line=fault.line, raw=fault.raw)
