"""What importers of a service's own JSON have in common: works in an envelope, a list, or lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from refman.crosswalk.crossref import Mapped
from refman.model import Origin, OriginKind, Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.json_stream import Broken, elements

_MAX_RAW = 100_000


class JsonImporter(ABC):
    """Reads works out of JSON; fulfils `refman.ports.Importer`.

    `envelope` are the keys that a list of works, or a single one, stands under.
    """

    info: FormatInfo
    envelope: tuple[str, ...] = ()

    def recognise(self, sample: Sample) -> float:
        """As sure as the fields that only this service has make it; never by name."""
        if sample.text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
            return 0.0
        return self.likeness(sample.text)

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record a work, in the order of the file. Memory holds one work at a time."""
        for element in elements(source.lines(), within=self.envelope):
            if isinstance(element, Broken):
                yield Problem(reason=element.reason, line=element.line, raw=element.raw)
                continue
            fault = self.fault(element.value)
            if fault is not None:
                yield Problem(reason=fault, line=element.line, raw=element.text[:_MAX_RAW])
                continue
            mapped = self.mapped(element.value, recase=options.recase_titles)
            location = f"{source.name}:{element.line}"
            yield Record(
                description=mapped.description,
                origin=Origin(kind=OriginKind.IMPORT, name=self.info.name, location=location),
                guessed=mapped.guessed,
                verbatim=mapped.verbatim,
            )

    @abstractmethod
    def likeness(self, text: str) -> float:
        """How sure the beginning of a file of JSON makes one, from 0 to 1."""

    @abstractmethod
    def fault(self, value: object) -> str | None:
        """Why an element is no work; None where it is one."""

    @abstractmethod
    def mapped(self, value: Any, *, recase: bool) -> Mapped:
        """What a work says."""
