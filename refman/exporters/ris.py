"""RIS, as EndNote, Zotero, Mendeley and the review tools read it.

Lines end in CR LF, as the format's specification demands and Zotero, EBSCO and EndNote do; `TY`
is first, `ER  - ` with its blank last, and every value is on one line. What stands under which
tag: `refman.crosswalk.ris`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refman.crosswalk.ris import FORMAT, tags_from_description
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss
from refman.rules.export_view import ordered

_LINE_END = "\r\n"
_FIELD_OF = {
    "TI": "title", "ST": "title_short", "AU": "author", "ED": "editor", "A2": "editor",
    "A3": "collection_editor", "A4": "translator", "T2": "container_title", "BT": "container_title",
    "JO": "container_title", "JF": "container_title", "J2": "container_title_short",
    "JA": "container_title_short", "T3": "collection_title", "PY": "issued", "DA": "issued",
    "VL": "volume", "IS": "issue", "SP": "page", "EP": "page", "ET": "edition", "PB": "publisher",
    "CY": "publisher_place", "SN": "ISSN", "DO": "DOI", "UR": "URL", "AN": "PMID", "KW": "keyword",
    "AB": "abstract", "N1": "note", "LA": "language", "Y2": "accessed", "M3": "genre",
    "CN": "call_number", "DB": "source",
}  # fmt: skip
"""What the tags stand for in most types, to put them in the order that was asked for."""


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
            lines = [f"{tag}  - {value}" for tag, value in _in_order(written.tags, options)]
            lines += ("ER  - ", "", "")
            yield _LINE_END.join(lines)
            for field, reason in written.losses:
                yield Loss(citation_key=work.citation_key, field=field, reason=reason)


def _in_order(tags: Sequence[tuple[str, str]], options: ExportOptions) -> Sequence[tuple[str, str]]:
    """The tags as the format has them, or `TY` and then those of the fields asked for, in order."""
    if not options.fields:
        return tags
    places = {tag: place for place, tag in enumerate(ordered(list(_FIELD_OF), options, _FIELD_OF))}
    return [*tags[:1], *sorted(tags[1:], key=lambda one: places.get(one[0], len(places)))]


exporter = RisExporter()
