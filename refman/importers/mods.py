"""MODS, alone, in a `modsCollection`, or inside the answer of a catalogue (SRU, OAI-PMH).

What the elements mean is `refman.crosswalk.mods`'s business; see `docs/formats/mods.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.mods import FORMAT, description_from_mods
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_stream import XmlEntry, XmlFault, xml_entries

_ELEMENT = re.compile(r"<(?:[\w.-]{1,40}:)?mods[\s>]")
_COLLECTION = re.compile(r"<(?:[\w.-]{1,40}:)?modsCollection[\s>]")
_NAMESPACE = "http://www.loc.gov/mods/v3"
_SAY_NOTHING = frozenset(("type", "extra"))


class ModsImporter:
    """Reads `mods`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="MODS",
            extensions=(".xml", ".mods"),
            media_type="application/mods+xml",
            description="from library catalogues and repositories",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 where MODS's namespace stands in it; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        found = _ELEMENT.search(text) or _COLLECTION.search(text)
        if found is None:
            return 0.0
        return 0.97 if _NAMESPACE in text else 0.7

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in xml_entries(source.binary(), ("mods",)):
            if isinstance(item, XmlFault):
                yield Problem(
                    reason=item.reason, line=item.line, raw=item.raw, partial=item.partial
                )
            else:
                yield _read(item, source.name, options)


def _read(entry: XmlEntry, name: str, options: ImportOptions) -> Record | Problem:
    description, guessed, key = description_from_mods(entry.element)
    if all(field in _SAY_NOTHING for field, _ in stated(description)):
        return Problem(reason="a record that says nothing", line=entry.line, raw=entry.raw)
    verbatim: tuple[tuple[str, str], ...] = ()
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed |= {"title"}
            verbatim = (("title", title),)
    return Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{entry.line}"),
        guessed=guessed,
        verbatim=verbatim,
        citation_key=key,
    )


importer = ModsImporter()
