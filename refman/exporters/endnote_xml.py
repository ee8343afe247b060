"""EndNote XML, as EndNote, Zotero and Mendeley read it.

What stands in which element: `refman.crosswalk.endnote`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refman.crosswalk.endnote import FORMAT, record_from_description
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss, TextEncoding

_START = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>'
_END = "</records></xml>\n"


class EndnoteXmlExporter:
    """Writes `endnote-xml`; fulfils `refman.ports.Exporter`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="EndNote XML",
            extensions=(".xml",),
            media_type="application/xml",
            description="for EndNote, Zotero, Mendeley and Citavi",
        )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A record a work, a line each. No works make a file without records."""
        yield _START
        for work in works:
            description = without(work.description, options.omit)
            written = record_from_description(description, work.citation_key)
            xml = written.xml
            if options.encoding is TextEncoding.ASCII:
                xml = xml.encode("ascii", "xmlcharrefreplace").decode("ascii")
            yield f"\n{xml}"
            for field, reason in written.losses:
                yield Loss(citation_key=work.citation_key, field=field, reason=reason)
        yield _END


exporter = EndnoteXmlExporter()
