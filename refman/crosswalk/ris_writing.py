"""A description as the tags of one RIS record.

Which of several tags a field is written under was chosen by what EndNote, Zotero, Mendeley and
rispy read back: `T2` for what a work is in, with `JF` beside it for periodicals and `J2` for the
abbreviation (`JO` would be taken for an abbreviation by Zotero), `ED` for editors of wholes and
`A2` for those of parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from refman.crosswalk import notices
from refman.crosswalk.ris_kinds import (
    ARTICLES,
    CONFERENCES,
    COUNTED,
    FORMAT,
    NUMBERED,
    PERIODICALS,
    TEXTS,
    VERSIONED,
    WHOLES,
)
from refman.crosswalk.ris_types import ris_type
from refman.crosswalk.ris_values import date_text, is_range, split_pages
from refman.model import Date, Description, Name, stated
from refman.text.markup import plain_text, strip_markup

_CARRIED = frozenset(
    (
        "type", "title", "title_short", "author", "editor", "translator", "collection_editor",
        "container_title", "container_title_short", "collection_title", "issued", "accessed",
        "volume", "issue", "page", "number", "number_of_pages", "number_of_volumes", "edition",
        "publisher", "publisher_place", "DOI", "ISSN", "ISBN", "PMID", "PMCID", "arXiv", "URL",
        "abstract", "keyword", "language", "note", "annote", "genre", "version", "source",
        "event_title", "section", "call_number", "updates", "relations", "extra",
    )
)  # fmt: skip
_REST = tuple((tag, field) for tag, field in TEXTS.items() if tag not in ("VL", "IS", "ST"))
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
        self._kind = description.type or ""
        self._tags: list[tuple[str, str]] = []
        self._losses: list[tuple[str, str]] = []

    def run(self) -> WrittenRis:
        self._type()
        self._names()
        self._titles()
        self._dates()
        self._parts()
        self._identifiers()
        self._texts()
        # Before any other ID that came with the record: the first one counts.
        self._put("ID", self._key)
        self._extra()
        for field, _ in stated(self._of):
            if field not in _CARRIED:
                self._lose(field, "RIS has no tag for it")
        return WrittenRis(self._tags, self._losses)

    def _put(self, tag: str, value: str | None) -> None:
        if value and (text := plain_text(value)):
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

    def _type(self) -> None:
        ris, exact = ris_type(self._of.type)
        self._tags.append(("TY", ris))
        if not exact:
            self._lose("type", f"RIS has no type {self._of.type}; it is written as {ris}")

    def _names(self) -> None:
        of = self._of
        editors = "ED" if self._kind in WHOLES else "A2"
        for tag, field, names in (
            ("AU", "author", of.author),
            (editors, "editor", of.editor),
            ("A3", "collection_editor", of.collection_editor),
            ("A4", "translator", of.translator),
        ):
            for name in names:
                self._put(tag, name.inverted)
            self._names_lost(field, names)

    def _names_lost(self, field: str, names: tuple[Name, ...]) -> None:
        if any(name.ORCID is not None for name in names):
            self._lose(field, "RIS has no ORCIDs")
        if any(name.affiliation for name in names):
            self._lose(field, "RIS has no affiliations of single persons")

    def _titles(self) -> None:
        of = self._of
        self._put_plain("TI", "title", of.title)
        self._put_plain("ST", "title_short", of.title_short)
        if self._kind in WHOLES:
            self._put_plain("T2", "collection_title", of.collection_title)
            if of.container_title is not None:
                # `T2` would be read as a series.
                periodical = self._kind not in ("book", "report")
                self._put("JF", of.container_title if periodical else None)
                if not periodical:
                    self._lose("container_title", "in RIS a book or report is in nothing")
        else:
            self._put_plain("T2", "container_title", of.container_title)
            if self._kind in PERIODICALS:
                self._put("JF", strip_markup(of.container_title or ""))
            self._put_plain("T3", "collection_title", of.collection_title)
        self._put("J2", of.container_title_short)
        self._put_plain("CP", "event_title", of.event_title)

    def _dates(self) -> None:
        issued = self._of.issued
        if issued is not None:
            if issued.year is not None and 0 <= issued.year <= 9999:
                self._put("PY", f"{issued.year:04d}")
            if not issued.is_bare_year or issued.circa:
                self._date("DA", "issued", issued)
        if self._of.accessed is not None:
            self._date("Y2", "accessed", self._of.accessed)

    def _date(self, tag: str, field: str, date: Date) -> None:
        text, lost = date_text(date)
        self._put(tag, text)
        if lost is not None:
            self._lose(field, f"RIS has no way to say {lost}")

    def _parts(self) -> None:
        of = self._of
        self._put("VL", of.volume)
        self._put("IS", of.issue)
        if of.page is not None:
            start, end = split_pages(of.page)
            self._put("SP", start)
            # Where `SP` alone would be read as the number of pages.
            self._put("EP", end or (start if self._kind in COUNTED else None))
            if of.number_of_pages is not None:
                self._lose("number_of_pages", "RIS has pages or their number, not both")
        elif of.number_of_pages is not None:
            if self._kind in COUNTED and not is_range(of.number_of_pages):
                self._put("SP", of.number_of_pages)
            else:
                self._lose("number_of_pages", "RIS has it for books and theses only")
        self._edition()
        self._number()

    def _edition(self) -> None:
        of = self._of
        versioned = self._kind in VERSIONED
        for field, value, fits in (
            ("edition", of.edition, not versioned and self._kind not in ARTICLES),
            ("version", of.version, versioned),
        ):
            if value is not None and fits:
                self._put("ET", value)
            elif value is not None:
                self._lose(field, f"RIS has none for the type {self._kind or 'GEN'}")
        if of.section is not None and self._kind in ARTICLES:
            self._lose("section", "RIS has none for articles")
        elif of.section is not None:
            self._put("SE", of.section)

    def _number(self) -> None:
        number = self._of.number
        if number is None:
            return
        if self._kind in ARTICLES or self._kind in CONFERENCES:
            self._put("C7", number)
        elif self._kind in NUMBERED:
            self._put("SN", number)
        elif self._of.arXiv is None:
            self._put("M1", number)
        else:
            self._lose("number", "RIS has one place for it and for the arXiv identifier")

    def _identifiers(self) -> None:
        of = self._of
        for number in (*of.ISSN, *of.ISBN):
            self._put("SN", number)
        self._put("DO", of.DOI)
        if of.arXiv is not None:
            self._put("M1", f"arXiv:{of.arXiv}")
        if of.PMID is not None:
            used = {extra.name for extra in of.extra if extra.format == FORMAT}
            if used.isdisjoint(("AN", "DB")):
                self._tags += [("DB", "PubMed"), ("AN", of.PMID)]
            else:
                self._put("U1", f"{of.PMID}[pmid]")
        if of.PMCID is not None:
            if self._kind in ARTICLES:
                self._put("C2", of.PMCID)
            else:
                self._put("U2", f"{of.PMCID}[pmcid]")
        self._put("UR", of.URL)

    def _texts(self) -> None:
        of = self._of
        self._put_plain("AB", "abstract", of.abstract)
        if of.abstract is not None and "\n" in of.abstract.strip():
            self._lose("abstract", "RIS has no paragraphs; they follow each other in one line")
        for word in of.keyword:
            self._put("KW", word)
        for tag, field in _REST:
            self._put(tag, getattr(of, field))
        self._put("M3", of.genre)
        for line in (of.note or "").split("\n"):
            self._put("N1", line)
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
