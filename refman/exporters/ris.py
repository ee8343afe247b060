"""RIS, as EndNote, Zotero, Mendeley and the review tools read it.

Lines end in CR LF, as the format's specification demands and Zotero, EBSCO and EndNote do; `TY`
is first, `ER  - ` with its blank last, and every value is on one line. What stands under which
tag: `refman.crosswalk.ris`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refman.crosswalk.ris import FORMAT, tags_from_description
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss

_LINE_END = "\r\n"


class RisExporter:
    """Writes `ris`; fulfils `refman.ports.Exporter`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="RIS",
            extensions=(".ris",),
            media_type="application/x-research-info-systems",
            description="for EndNote, Zotero, Mendeley, RefWorks and review tools",
        )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A record a work, an empty line after each. No works make an empty text."""
        for work in works:
            description = without(work.description, options.omit)
            written = tags_from_description(description, work.citation_key)
            lines = [f"{tag}  - {value}" for tag, value in written.tags]
            lines += ("ER  - ", "", "")
            yield _LINE_END.join(lines)
            for field, reason in written.losses:
                yield Loss(citation_key=work.citation_key, field=field, reason=reason)


exporter = RisExporter()
