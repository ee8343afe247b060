"""PubMed's XML, as its E-utilities (`efetch`) and its yearly baseline files give it.

What the elements mean is `refman.crosswalk.pubmed`'s business; see `docs/formats/pubmed-xml.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.pubmed import FORMAT, description_from_article
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.xml_stream import XmlEntry, XmlFault, local_name, xml_entries

_ENTRIES = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")
_OWN = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]")
_SAY_NOTHING = frozenset(("type", "extra"))


class PubmedXmlImporter:
    """Reads `pubmed-xml`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="PubMed XML",
            extensions=(".xml",),
            media_type="application/xml",
            description="articles and books as PubMed's E-utilities and baseline files give them",
        )

    def recognise(self, sample: Sample) -> float:
        """0.97 where PubMed's elements stand in it; never by name."""
        text = sample.text
        if not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        return 0.97 if _OWN.search(text) else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record for each that has anything to say, in the order of the file."""
        for item in xml_entries(source.binary(), _ENTRIES):
            if isinstance(item, XmlFault):
                yield Problem(
                    reason=item.reason, line=item.line, raw=item.raw, partial=item.partial
                )
            else:
                yield _read(item, source.name, options)


def _read(entry: XmlEntry, name: str, options: ImportOptions) -> Record | Problem:
    if local_name(entry.element).startswith("Delete"):
        return Problem(reason="records that PubMed has deleted", line=entry.line, raw=entry.raw)
    description, guessed, verbatim = description_from_article(entry.element)
    if all(field in _SAY_NOTHING for field, _ in stated(description)):
        return Problem(reason="a record that says nothing", line=entry.line, raw=entry.raw)
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed |= {"title"}
            verbatim = (*verbatim, ("title", title))
    return Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{entry.line}"),
        guessed=guessed,
        verbatim=verbatim,
    )


importer = PubmedXmlImporter()
