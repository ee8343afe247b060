"""The row of a table of references, as a description.

`refman.crosswalk.table_columns` says what the columns mean; here their cells become fields. What
has no field, and what a field could not take, stays as `Extra("csv", header, value)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from refman.crosswalk.csljson_note import key_in_note
from refman.crosswalk.ris_values import (
    choose_date,
    is_citation_key,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    read_serial_numbers,
    title_line,
)
from refman.crosswalk.table_cells import FORMAT, Cells
from refman.crosswalk.table_columns import (
    DATE_ROLES,
    LIST_ROLES,
    NAME_ROLES,
    TEXT_ROLES,
    Column,
    Columns,
    Dialect,
)
from refman.crosswalk.table_types import read_type
from refman.crosswalk.table_values import (
    CITED,
    CITED_BY_PUBMED,
    OPEN_URL_DOI,
    date_text,
    date_through,
    keywords,
    own_names,
    own_paragraphs,
    padded_issn,
    relations_from_text,
    update_from_text,
)
from refman.model import Date, Description, Relation, Update
from refman.model.identifier import (
    find_dois,
    parse_arxiv,
    parse_doi,
    parse_pmcid,
    parse_pmid,
)
from refman.model.vocabulary import is_csl_type
from refman.text.dates import read_date
from refman.text.markup import plain_text
from refman.text.name_lists import parse_name_list

__all__ = ["FORMAT", "ReadRow", "description_from_row"]

_SEPARATED = re.compile(r"\s*[;,|\n]\s*")
_DOI_ADDRESS = re.compile(r"(?:https?:)?//(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_PUBMED_NOTE = re.compile(r"\b(PMID|PMCID):\s*(\d{4,9}|PMC\d{2,9})\b")
_SAYS_NOTHING = frozenset(
    ("type", "language", "keyword", "note", "annote", "source", "license", "genre", "extra",
     "issued", "accessed", "updates", "relations", "number_of_pages", "publisher_place")
)  # fmt: skip
_READ_ELSEWHERE = frozenset("type DOI PMID PMCID arXiv URL page page_first note".split())
_MAX_KEYWORDS = 2000


class ReadRow(NamedTuple):
    """A description, the fields of it that were inferred, and the key that came with it."""

    description: Description
    guessed: frozenset[str]
    citation_key: str | None

    @property
    def is_bibliographic(self) -> bool:
        """Whether it says what a work could be found by."""
        return not _SAYS_NOTHING.issuperset(vars(self.description))


def description_from_row(columns: Columns, cells: Sequence[str]) -> ReadRow:
    """The description that a row makes. Raises nothing, whatever the cells hold."""
    return _Row(columns, cells).read()


class _Row(Cells):
    """One row on its way into a description."""

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        super().__init__(columns, cells)
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()

    def _set(self, field: str, value: Any) -> None:
        if value:
            self._fields.setdefault(field, value)

    def read(self) -> ReadRow:
        self._citation()
        self._texts_of_their_own()
        self._people()
        self._dates()
        self._identifiers()
        self._pages()
        self._lists()
        self._notes()
        self._notices()
        self._type()
        key = self._key()
        for cells in self.cells.values():
            for column, cell in cells:
                self.keep(column, cell)
        extra = tuple(extra for _, extra in sorted(self.extra, key=lambda kept: kept[0]))
        return ReadRow(Description(**self._fields, extra=extra), frozenset(self._guessed), key)

    def _texts_of_their_own(self) -> None:
        own = self.dialect is Dialect.OWN
        for role in [role for role in self.cells if role in TEXT_ROLES]:
            if role in _READ_ELSEWHERE:
                continue
            read: Callable[[str], str] = one_line
            if own:
                read = own_paragraphs if role == "abstract" else plain_text
            elif role == "abstract":
                read = paragraphs
            elif role.endswith("title"):
                read = title_line
            text = read(self.first(role) or "")
            self._set(role, text)
        container = self._fields.get("container_title")
        if container and self._fields.get("container_title_short") == container:
            del self._fields["container_title_short"]
        if not container and "container_title_short" in self._fields:
            self._fields["container_title"] = self._fields["container_title_short"]
            self._guessed.add("container_title")
        self._institution()

    def _institution(self) -> None:
        """The university of a thesis is its publisher; of anything else it is an affiliation."""
        if "publisher" not in self._fields and self._kind() in ("thesis", "report"):
            self._set("publisher", one_line(self.first("institution") or ""))

    def _people(self) -> None:
        for role in [role for role in self.cells if role in NAME_ROLES]:
            text = self.first(role) or ""
            if self.dialect is Dialect.OWN:
                names, sure = own_names(text), True
            else:
                names, sure = parse_name_list(text)
            self._set(role, names)
            if self.dialect is not Dialect.OWN and (
                not sure or any(name.literal is not None for name in names)
            ):
                self._guessed.add(role)

    def _dates(self) -> None:
        """The whole date, or one put together of year, month and day."""
        candidates: list[tuple[Column, str]] = self.all("issued")
        years = self.all("year")
        month, day = self.first("month"), self.first("day")
        if years and month:
            parts = [years[0][1], month, day] if month.isdecimal() else [day, month, years[0][1]]
            cut = "/" if month.isdecimal() else " "
            candidates.append((years[0][0], cut.join(filter(None, parts))))
        candidates += years
        own = self.dialect is Dialect.OWN
        if own and candidates and (date := Date.parse(candidates[0][1])) is not None:
            self._fields["issued"] = date
        elif candidates:
            given = [
                (str(place), self._date_text(cell)) for place, (_, cell) in enumerate(candidates)
            ]
            chosen, left = choose_date(given)
            for place, _ in left:
                self.keep(*candidates[int(place)])
            self._set("issued", chosen)
        found = self._fields.get("issued")
        if found is not None and found.is_bare_year:
            self._guessed.add("issued")
        for role in [role for role in self.cells if role in DATE_ROLES]:
            (column, cell), *others = self.all(role)
            for other in others:
                self.keep(*other)
            date = date_through(cell)
            read = None if date is not None else read_date(self._date_text(cell))
            if read is not None and read.whole and read.date.year is not None:
                date = read.date
            if date is None:
                self.keep(column, cell)
            self._set(role, date)

    def _date_text(self, cell: str) -> str:
        return date_text(cell, american=self.dialect is Dialect.RETRACTION_WATCH)

    def _identifiers(self) -> None:
        self._doi()
        for role, parse in (("PMID", parse_pmid), ("PMCID", parse_pmcid), ("arXiv", parse_arxiv)):
            if (given := self.first(role)) is not None:
                self._set(role, parse(given) or plain_text(given))
        self._addresses()
        serial = [padded_issn(cell) for _, cell in self.all("serial")]
        if serial:
            issn, isbn, other = read_serial_numbers(serial)
            if other and isbn and not issn:
                isbn += other
            else:
                issn += other
            self._set("ISSN", issn)
            self._set("ISBN", isbn)

    def _doi(self) -> None:
        for column, cell in self.all("DOI"):
            known = self._fields.get("DOI")
            found = find_dois(cell[:4096]) if _SEPARATED.search(cell) else []
            doi = (found[0] if len(found) > 1 else None) or parse_doi(cell) or plain_text(cell)
            if known is None:
                self._set("DOI", doi)
                if len(found) > 1:
                    self.keep(column, cell)
            elif doi.lower() != known.lower():
                self.keep(column, cell)
        for column, cell in self.all("book_DOI", "other_URL"):
            match = OPEN_URL_DOI.search(cell[:4096])
            if match is not None:
                self._set("DOI", parse_doi(unquote(match[1])))
            self.keep(column, cell)

    def _addresses(self) -> None:
        for column, cell in self.all("URL"):
            address = "".join(cell.split())
            doi = parse_doi(address) if _DOI_ADDRESS.match(address) else None
            if doi is not None and self._fields.get("DOI", doi).lower() == doi.lower():
                self._set("DOI", doi)
            elif "URL" not in self._fields:
                self._set("URL", one_line(address))
            elif address != self._fields["URL"]:
                self.keep(column, cell)

    def _pages(self) -> None:
        start, end = self.first("page_first"), self.first("page_last")
        given = self.first("page")
        self._set("page", read_pages(given, None))
        page = read_pages(start, end)
        if page is not None:
            self._set("page", page)
        for column_name, text in (("page_first", start), ("page_last", end)):
            if text and page is None:
                self.keep(Column(0, column_name, None), text)

    def _lists(self) -> None:
        words: dict[str, None] = {}
        own = self.dialect is Dialect.OWN
        for _, cell in self.all("keyword"):
            for word in map(plain_text, cell.split("; ")) if own else keywords(cell):
                words[word] = None
        index = self.all("index_keyword")
        if not words and index:
            for word in keywords(index[0][1]):
                words[word] = None
            index = index[1:]
        for column, cell in index:
            self.keep(column, cell)
        self._set("keyword", tuple(words)[:_MAX_KEYWORDS])
        for role in [role for role in self.cells if role in LIST_ROLES]:
            self._set(role, tuple(keywords(self.first(role) or "")))

    def _notes(self) -> None:
        cells = [cell for _, cell in self.all("note")]
        for cell in cells:
            for kind, number in _PUBMED_NOTE.findall(cell[:5000]):
                self._set(kind, number)
        self._set("note", note_lines(cells))

    def _notices(self) -> None:
        updates: list[Update] = []
        for column, cell in self.all("updates"):
            read = [update_from_text(part) for part in cell.split("; ")]
            if None in read:
                self.keep(column, cell)
            updates += [update for update in read if update is not None]
        if (nature := self.first("retraction_nature")) is not None:
            updates.append(self._retraction(plain_text(nature)))
        retracted = self.all("is_retracted")
        if retracted and not updates:
            self.keep(*retracted[0])
        self._set("updates", tuple(updates))
        relations: list[Relation] = []
        for column, cell in self.all("relations"):
            found = relations_from_text(cell)
            if not found:
                self.keep(column, cell)
            relations += found
        self._set("relations", tuple(relations))

    def _retraction(self, nature: str) -> Update:
        """What Retraction Watch says was done, in Crossref's words."""
        date = read_date(self._date_text(self.first("retraction_date") or ""))
        doi = parse_doi(self.first("retraction_DOI") or "")
        kind = nature.lower().replace(" ", "_")
        return Update(kind, doi, date.date if date else None, "retraction-watch", nature)

    def _kind(self) -> str | None:
        return read_type(cell for _, cell in self.cells.get("type", ())).type

    def _type(self) -> None:
        cells = self.all("type")
        kind, left = read_type(cell for _, cell in cells)
        if self.dialect is Dialect.OWN and cells and is_csl_type(cells[0][1]):
            kind, left = cells[0][1], []
        for index in left:
            self.keep(*cells[index])
        if kind == "article-journal" and self._fields.get("source") == "Scopus" and (
            "ISBN" in self._fields and "ISSN" not in self._fields
        ):  # fmt: skip
            kind = "chapter"
        if kind is None:
            self._guessed.add("type")
            kind = self._likely()
        self._set("type", kind)
        container = self._fields.get("container_title")
        if container and kind == "book" and container == self._fields.get("title"):
            # Scopus says a book's title twice.
            self._fields.pop("container_title")
            short = self._fields.pop("container_title_short", None)
            self._set("title_short", short)

    def _likely(self) -> str | None:
        """The type of a row that names none."""
        if "event_title" in self._fields:
            return "paper-conference"
        if "container_title" in self._fields or "ISSN" in self._fields:
            return "article-journal"
        return "book" if "ISBN" in self._fields else None

    def _citation(self) -> None:
        """A reference in one cell, of which the journal, volume and pages can be had for sure."""
        cell = self.peek("container_title")
        match = CITED.fullmatch(cell) if 10 < len(cell) < 2000 else None
        if match is not None:
            ((column, _), *others) = self.cells.pop("container_title")
            self.cells["container_title"] = [(column, match["journal"])]
            for kept in ((column, cell), *others):
                self.keep(*kept)
        else:
            cell = self.peek("citation")
            match = CITED_BY_PUBMED.match(cell) if 10 < len(cell) < 2000 else None
        if match is None:
            return
        for role, text in match.groupdict().items():
            if text and role != "journal" and (role == "issued" or role not in self.cells):
                column = Column(-1, role, role)
                self.cells.setdefault(role, []).append((column, text.strip()))

    def _key(self) -> str | None:
        cells = self.cells.get("citation_key", [])
        for index, (_, cell) in enumerate(cells):
            if self.dialect is Dialect.OWN or is_citation_key(cell):
                del cells[index]
                return plain_text(cell)
        stated = key_in_note(self._fields.get("note"))
        return stated if stated is not None and is_citation_key(stated) else None
