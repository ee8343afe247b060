"""MARCXML, alone, in a `collection`, or inside the answer of a catalogue (SRU, OAI-PMH).

What the fields mean is `refman.crosswalk.marc`'s business; see `docs/formats/marcxml.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.marc import FORMAT, description_from_marc
from refman.crosswalk.marc_xml import record_from_xml
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_elements import children
from refman.text.xml_stream import XmlEntry, XmlFault, xml_entries

_NAMESPACE = "http://www.loc.gov/MARC21/slim"
_DATAFIELD = re.compile(r"<(?:[\w.-]{1,40}:)?datafield\s[^<>]{0,200}?tag=[\"'](?:245|200)[\"']")
_SAY_NOTHING = frozenset(("type", "extra"))


class MarcXmlImporter:
    """Reads `marcxml`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="MARCXML",
            extensions=(".xml", ".marcxml"),
            media_type="application/marcxml+xml",
            description="MARC 21 and UNIMARC from library catalogues",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 where MARC's namespace stands in it, 0.9 for its title fields; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        if _NAMESPACE in text and "record" in text:
            return 0.97
        return 0.9 if _DATAFIELD.search(text) else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in xml_entries(source.binary(), ("record",)):
            if isinstance(item, XmlFault):
                yield Problem(
                    reason=item.reason, line=item.line, raw=item.raw, partial=item.partial
                )
            elif not children(item.element, "recordData", "metadata"):
                # Those are records of the answer, whose own record came before them.
                yield _read(item, source.name, options)


def _read(entry: XmlEntry, name: str, options: ImportOptions) -> Record | Problem:
    marc = record_from_xml(entry.element)
    if any(len(field.tag) != 3 for field in marc.data):
        return Problem(reason="a record in PICA, not in MARC", line=entry.line, raw=entry.raw)
    description, guessed = description_from_marc(marc)
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
    )


importer = MarcXmlImporter()
