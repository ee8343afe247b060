"""EndNote XML, as EndNote, Zotero, Mendeley, Bookends, Citavi and JabRef write it.

A file is `<xml><records><record>…`, all on one line or indented. What the elements mean is
`refman.crosswalk.endnote`'s business; see `docs/formats/endnote-xml.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.endnote import FORMAT, description_from_record
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_stream import XmlEntry, XmlFault, xml_entries

_RECORDS = re.compile(r"<xml>\s{0,99}<records>\s{0,99}<record>", re.IGNORECASE)
_OWN = re.compile(r"<(?:ref-type|electronic-resource-num|source-app|foreign-keys|pub-dates)[\s>]")
_SAY_NOTHING = frozenset(("type", "extra"))


class EndnoteXmlImporter:
    """Reads `endnote-xml`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="EndNote XML",
            extensions=(".xml",),
            media_type="application/xml",
            description="from EndNote, Zotero, Mendeley, Bookends, Citavi, …",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 where records of EndNote's stand in it; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        own = len(set(_OWN.findall(text)))
        if _RECORDS.search(text):
            return 0.97 if own else 0.6
        return 0.95 if "<record>" in text and "<ref-type" in text else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in xml_entries(source.binary(), ("record",)):
            if isinstance(item, XmlFault):
                yield Problem(
                    reason=item.reason, line=item.line, raw=item.raw, partial=item.partial
                )
            else:
                yield _read(item, source.name, options)


def _read(entry: XmlEntry, name: str, options: ImportOptions) -> Record | Problem:
    description, guessed, key = description_from_record(entry.element)
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


importer = EndnoteXmlImporter()
