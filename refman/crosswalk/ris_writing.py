"""A description as the tags of one RIS record.

Which of several tags a field is written under was chosen by what EndNote, Zotero, Mendeley and
rispy read back: that of `refman.crosswalk.ris_kinds`, with `JF` beside `T2` for periodicals (`JO`
would be taken for an abbreviation by Zotero) and `C3` beside it for proceedings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from refman.crosswalk import notices
from refman.crosswalk.ris_kinds import (
    ARTICLES,
    CONFERENCE,
    COUNTED,
    FORMAT,
    NUMBERED,
    PERIODICALS,
    TIMED,
    fields_by_tag,
    tags_by_field,
)
from refman.crosswalk.ris_types import csl_type, ris_type
from refman.crosswalk.ris_values import (
    date_text,
    is_range,
    read_name,
    read_serial_numbers,
    split_keywords,
    split_pages,
    split_volume,
    tidy,
)
from refman.model import NAME_FIELDS, Date, Description, Name, stated
from refman.text.markup import plain_text, strip_markup

_CARRIED = frozenset(
    (
        "type", "title", "author", "container_title", "container_title_short", "issued",
        "accessed", "submitted", "page", "number", "number_of_pages", "DOI", "ISSN", "ISBN",
        "PMID", "PMCID", "arXiv", "URL", "abstract", "keyword", "note", "updates", "relations",
        "event_title", "event_place", "extra",
    )
)  # fmt: skip
"""Fields that have their own way here."""
_MARKED = frozenset(("title_short", "collection_title", "reviewed_title"))
_NAMES = ("editor", "collection_editor", "translator")
_PARTS = ("volume", "issue")
_MADE = frozenset(("motion_picture", "song", "musical_score"))
_STANDING_FOR_AUTHORS = ("director", "composer", "performer")
_WITH_SERIES_EDITORS = frozenset(("book", "report"))
_SERIES = frozenset(("author", "editor", "collection_title"))
_NOT_WRITTEN_BACK = frozenset(("TY", "ER"))


class WrittenRis(NamedTuple):
    """The lines of a record, from `TY` to before `ER`, and what was lost: field and reason."""

    tags: list[tuple[str, str]]
    losses: list[tuple[str, str]]


def tags_from_description(description: Description, citation_key: str | None = None) -> WrittenRis:
    """The tags and values that say a description; each value is one line of plain text."""
    return _Writer(description, citation_key).run()


class _Writer:
    def __init__(self, description: Description, citation_key: str | None) -> None:
        self._of = description
        self._key = citation_key
        self._ris_type, self._exact = ris_type(description.type)
        # What it will be read as: for some types of CSL the nearest is written.
        self._kind, _ = csl_type(self._ris_type)
        self._tag_of = tags_by_field(self._kind)
        self._tags: list[tuple[str, str]] = []
        self._losses: list[tuple[str, str]] = []

    def run(self) -> WrittenRis:
        self._type()
        fields = dict(stated(self._of))
        self._author(fields)
        if self._kind in _WITH_SERIES_EDITORS and _SERIES.isdisjoint(fields):
            self._lose_series_editors()
        for field in _NAMES:
            if field in fields:
                self._people(field, fields.pop(field))
        self._titles()
        self._dates()
        for field in _PARTS:
            if field in fields:
                self._text(field, fields.pop(field))
        if self._of.issue is None and split_volume(self._of.volume or "") is not None:
            for field in ("volume", "issue"):
                self._lose(field, "in RIS this volume would be read as a volume and an issue")
        self._pages()
        self._number()
        self._identifiers()
        for field, value in fields.items():
            if field in NAME_FIELDS and field not in _CARRIED:
                self._people(field, value)
            elif field not in _CARRIED:
                self._text(field, value)
        self._texts()
        # Before any other ID that came with the record: the first one counts.
        self._put("ID", self._key)
        self._extra()
        return WrittenRis(self._tags, self._losses)

    def _put(self, tag: str, value: str | None) -> None:
        if value and (text := tidy(value)):
            self._tags.append((tag, text))

    def _put_plain(self, tag: str, field: str, value: str | None) -> None:
        """A text that may have inline marks, without them."""
        if value and "<" in value and "</" in value:
            plain = strip_markup(value)
            if plain != value:
                self._lose(field, "RIS has no italics and the like")
            value = plain
        self._put(tag, value)

    def _lose(self, field: str, reason: str) -> None:
        self._losses.append((field, reason))

    def _text(self, field: str, value: object) -> None:
        """A field that is one tag, if the type has it at all."""
        tag = self._tag_of.get(field)
        if tag is None or not isinstance(value, str):
            self._lose(field, f"RIS has no tag for it in the type {self._ris_type}")
        elif field in _MARKED:
            self._put_plain(tag, field, value)
        else:
            self._put(tag, value)

    def _type(self) -> None:
        ris = self._ris_type
        self._tags.append(("TY", ris))
        if not self._exact:
            self._lose("type", f"RIS has no type {self._of.type}; it is written as {ris}")

    # Names

    def _author(self, fields: dict[str, Any]) -> None:
        """The authors, or who made a film or a song, which is looked for among them."""
        self._people("author", self._of.author)
        if self._of.author or self._kind not in _MADE:
            return
        for field in _STANDING_FOR_AUTHORS:
            if field in fields and field not in self._tag_of:
                self._write_names("AU", fields.pop(field))
                self._lose(field, "in RIS they are authors")
                return

    def _lose_series_editors(self) -> None:
        if self._of.collection_editor:
            for field in ("collection_editor", "editor"):
                self._lose(field, "in RIS editors of a book without author or series are its own")

    def _people(self, field: str, names: tuple[Name, ...]) -> None:
        tag = self._tag_of.get(field)
        if names and tag is None:
            self._lose(field, "RIS has no tag for them")
        elif tag is not None:
            self._write_names(tag, names, field)

    def _write_names(self, tag: str, names: tuple[Name, ...], field: str | None = None) -> None:
        lost = set()
        for name in names:
            text = tidy(name.inverted)
            if text:
                self._tags.append((tag, text))
            bare = name
            if name.ORCID is not None or name.affiliation:
                lost.add("RIS has no ORCIDs and affiliations of single persons")
                bare = replace(name, ORCID=None, affiliation=())
            if text and read_name(text) != bare:
                lost.add("RIS parts names at the comma only")
        if field is not None and lost:
            self._lose(field, "; ".join(sorted(lost)))

    # Titles

    def _titles(self) -> None:
        of = self._of
        self._put_plain("TI", "title", of.title)
        if self._kind == CONFERENCE:
            self._conference()
        elif (tag := self._tag_of.get("container_title")) is not None:
            self._put_plain(tag, "container_title", of.container_title)
            if self._kind in PERIODICALS:
                self._put("JF", strip_markup(of.container_title or ""))
        elif of.container_title is not None:
            # `T2` would be read as a series, or a conference.
            if self._kind in ("book", "report"):
                self._lose("container_title", "in RIS a book or report is in nothing")
            else:
                self._put_plain("JF", "container_title", of.container_title)
        if of.container_title_short is not None and self._kind in ("book", "report"):
            self._lose("container_title_short", "in RIS a book or report is in nothing")
        else:
            self._put("J2", of.container_title_short)
        if self._kind != CONFERENCE:
            self._event()

    def _event(self) -> None:
        meeting = fields_by_tag(self._kind).get("T2") == "event_title"
        self._put_plain("T2" if meeting else "CP", "event_title", self._of.event_title)
        if self._of.event_place is not None:
            self._lose("event_place", "RIS has it for papers of conferences only")

    def _conference(self) -> None:
        """`T2` for the conference and `C3` for the proceedings, or `T2` and `C3` for these.

        Web of Science has the conference under `CP` and affiliations under `C3`; its records stay
        so.
        """
        of = self._of
        proceedings, event = of.container_title, of.event_title
        held = {extra.name for extra in of.extra if extra.format == FORMAT}
        wos = "C3" in held or (of.archive_location or "").startswith("WOS:")
        if proceedings is not None and event is not None and proceedings != event and not wos:
            self._put_plain("T2", "event_title", event)
            event = None
        else:
            self._put_plain("T2", "container_title", proceedings)
        if not wos:
            self._put("C3", strip_markup(proceedings or ""))
        self._put_plain("CP", "event_title", event)
        if of.event_place is not None and of.publisher_place is None:
            self._lose("event_place", "in RIS it would be read as the publisher's place")
        elif of.event_place is not None:
            self._put("CY", of.event_place)

    # Dates and numbers

    def _dates(self) -> None:
        issued = self._of.issued
        if issued is not None:
            if issued.year is not None and 0 <= issued.year <= 9999:
                self._put("PY", f"{issued.year:04d}")
            if not issued.is_bare_year or issued.circa:
                self._date("DA", "issued", issued)
        if self._of.accessed is not None:
            self._date("Y2", "accessed", self._of.accessed)
        if self._of.submitted is not None:
            tag = self._tag_of.get("submitted")
            if tag is None:
                self._lose("submitted", "RIS has it for patents only")
            else:
                self._date(tag, "submitted", self._of.submitted)

    def _date(self, tag: str, field: str, date: Date) -> None:
        text, lost = date_text(date)
        self._put(tag, text)
        if lost is not None:
            self._lose(field, f"RIS has no way to say {lost}")

    def _pages(self) -> None:
        of = self._of
        if of.page is not None:
            start, end = split_pages(of.page)
            self._put("SP", start)
            # Where `SP` alone would be read as the number of pages.
            alone = self._kind in COUNTED or self._kind in TIMED
            self._put("EP", end or (start if alone else None))
            if of.number_of_pages is not None:
                self._lose("number_of_pages", "RIS has pages or their number, not both")
        elif of.number_of_pages is not None:
            if self._kind in COUNTED and not is_range(of.number_of_pages):
                self._put("SP", of.number_of_pages)
            else:
                self._lose("number_of_pages", "RIS has it for books and theses only")
        elif self._kind in TIMED and of.dimensions is not None and not is_range(of.dimensions):
            self._put("SP", of.dimensions)

    def _number(self) -> None:
        number = self._of.number
        if number is None:
            return
        tag = "SN" if self._kind in NUMBERED else self._tag_of.get("number")
        if tag is None:
            self._lose("number", f"RIS has no tag for it in the type {self._ris_type}")
        elif tag == "SN" and not read_serial_numbers([number]).are_none:
            self._lose("number", "in RIS it would be read as an ISSN or ISBN")
        else:
            self._put(tag, number)

    def _identifiers(self) -> None:
        of = self._of
        for number in (*of.ISSN, *of.ISBN):
            self._put("SN", number)
        self._put("DO", of.DOI)
        if of.arXiv is not None:
            self._put("M1", f"arXiv:{of.arXiv}")
        if of.PMID is not None:
            used = {extra.name for extra in of.extra if extra.format == FORMAT}
            if used.isdisjoint(("AN", "DB")) and not (of.archive or of.archive_location):
                self._tags += [("DB", "PubMed"), ("AN", of.PMID)]
            else:
                self._put("U1", f"{of.PMID}[pmid]")
        if of.PMCID is not None:
            if self._kind in ARTICLES:
                self._put("C2", of.PMCID)
            else:
                self._put("U2", f"{of.PMCID}[pmcid]")
        self._put("UR", of.URL)

    # Texts

    def _texts(self) -> None:
        of = self._of
        self._put_plain("AB", "abstract", of.abstract)
        if of.abstract is not None and "\n" in of.abstract.strip():
            self._lose("abstract", "RIS has no paragraphs; they follow each other in one line")
        for word in of.keyword:
            self._put("KW", word)
        if split_keywords(of.keyword) != of.keyword:
            self._lose("keyword", "in RIS they would be parted at semicolons, or commas")
        for line in (of.note or "").split("\n"):
            self._put("N1", line)
            if line and line == (of.title or of.title_short):
                self._lose("note", "in RIS a note that repeats the title says nothing")
        self._notices("updates", map(notices.update_line, of.updates))
        self._notices("relations", map(notices.relation_line, of.relations))

    def _notices(self, field: str, lines: Iterable[str | None]) -> None:
        """As notes, which every program shows."""
        for line in lines:
            if line is not None and plain_text(line) == line:
                self._put("N1", line)
            else:
                self._lose(field, "RIS has no tag for it")

    def _extra(self) -> None:
        for extra in self._of.extra:
            if extra.format != FORMAT:
                continue
            if extra.name in _NOT_WRITTEN_BACK or not _is_tag(extra.name):
                self._lose("extra", f"{extra.name} cannot stand a second time")
            else:
                self._put(extra.name, extra.value)


def _is_tag(name: str) -> bool:
    return len(name) == 2 and name.isascii() and name[0].isupper() and name.isalnum()
