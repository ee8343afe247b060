"""The statements that a page makes of one work, as a description.

Of several vocabularies that say the same thing the first is believed (`Vocabulary`); what another
says differently, and what has no field, stays as `Extra("html", name, value)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from refman.crosswalk.page_identifiers import identify
from refman.crosswalk.page_names import Vocabulary
from refman.crosswalk.page_statements import Statement
from refman.crosswalk.ris_values import (
    SerialNumbers,
    choose_date,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    read_serial_numbers,
    title_line,
)
from refman.crosswalk.table_types import read_type
from refman.crosswalk.table_values import keywords
from refman.model import Date, Description, Extra, Name
from refman.model.identifier import parse_arxiv, parse_doi, parse_orcid, parse_pmcid, parse_pmid
from refman.text.dates import read_date
from refman.text.name_lists import parse_cell_name, parse_name_list
from refman.text.titles import fold

FORMAT = "html"
"""The format of what is kept in `extra`."""

_PROCEEDINGS = re.compile(r"proceeding|lecture notes|transactions|prosiding", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_TEXTS = (
    "container_title", "container_title_short", "collection_title", "volume", "issue", "number",
    "edition", "publisher", "publisher_place", "language", "license", "genre", "source",
    "event_title", "number_of_pages", "version",
)  # fmt: skip
_ADDRESSES = ("page_address", "canonical", "address_here", "full_address", "pdf_address")
_PEOPLE = ("editor", "translator", "contributor")
_SAYS_NOTHING = frozenset(("type", "URL", "language", "source", "license", "publisher", "extra"))


class ReadPage(NamedTuple):
    """A description, and the fields of it that were inferred."""

    description: Description
    guessed: frozenset[str]

    @property
    def is_bibliographic(self) -> bool:
        """Whether it says what a work could be found by."""
        return bool(
            self.description.title or self.description.DOI
        ) and not _SAYS_NOTHING.issuperset(vars(self.description))


def description_from_statements(statements: Iterable[Statement]) -> ReadPage:
    """The description that statements of one work make. Raises nothing."""
    return _Work(statements).read()


def same_work(one: Sequence[Statement], other: Sequence[Statement]) -> bool:
    """Whether two sets of statements are of the same work: by DOI, else by title."""
    dois = [_doi_of(statements) for statements in (one, other)]
    if all(dois):
        return dois[0] == dois[1]
    titles = [_title_of(statements) for statements in (one, other)]
    return bool(titles[0]) and titles[0] == titles[1]


def _doi_of(statements: Sequence[Statement]) -> str | None:
    for statement in statements:
        if statement.role in ("DOI", "identifier") and isinstance(statement.value, str):
            doi = identify(statement.value).get("DOI")
            if doi is not None:
                return doi.lower()
    return None


def _title_of(statements: Sequence[Statement]) -> str:
    titles = (s.value for s in statements if s.role == "title" and isinstance(s.value, str))
    return fold(next(titles, ""))


class _Work:
    """One work on its way into a description."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._by_role: dict[str, list[Statement]] = {}
        self._unknown: list[Statement] = []
        self._left: list[Statement] = []
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        ordered = sorted(statements, key=lambda statement: statement.vocabulary)
        self._only_graph = bool(ordered) and ordered[0].vocabulary is Vocabulary.OPEN_GRAPH
        for statement in ordered:
            if statement.role is None:
                self._unknown.append(statement)
            elif statement.value:
                self._by_role.setdefault(statement.role, []).append(statement)

    def read(self) -> ReadPage:
        self._title()
        self._authors()
        self._identifiers()
        self._containers()
        for role in _TEXTS:
            self._set(role, one_line(self._first(role) or ""))
        for role in _PEOPLE:
            self._set(role, tuple(filter(None, map(_name, self._chosen(role)))))
        self._dates()
        self._pages()
        self._texts()
        self._addresses()
        self._type()
        if self._only_graph:
            self._guessed |= set(self._fields)
        return ReadPage(Description(**self._fields, extra=self._extra()), frozenset(self._guessed))

    # Taking statements

    def _chosen(self, role: str) -> list[Statement]:
        """What the first vocabulary that speaks says; the others' words are left."""
        found = self._by_role.pop(role, [])
        chosen = [said for said in found if said.vocabulary == found[0].vocabulary]
        self._left += found[len(chosen) :]
        return chosen

    def _first(self, role: str) -> str | None:
        chosen = self._chosen(role)
        texts = [said for said in chosen if isinstance(said.value, str)]
        self._left += texts[1:]
        return str(texts[0].value) if texts else None

    def _set(self, field: str, value: Any) -> None:
        if value:
            self._fields.setdefault(field, value)

    # Fields

    def _title(self) -> None:
        self._set("title", title_line(self._first("title") or ""))
        self._left += self._by_role.pop("title_other", [])

    def _authors(self) -> None:
        """Authors in order, each with what is said of him before the next."""
        chosen = self._by_role.pop("author", [])
        if not chosen:
            return
        first = chosen[0].vocabulary
        self._left += [said for said in chosen if said.vocabulary is not first]
        names, sure = _names([said for said in chosen if said.vocabulary is first])
        self._fields["author"] = self._with_affiliations(names, first)
        if not sure:
            self._guessed.add("author")

    def _with_affiliations(self, names: list[Name], vocabulary: Vocabulary) -> tuple[Name, ...]:
        said = self._by_role.pop("author_about", [])
        for about in said:
            place, _, text = str(about.value).partition("\n")
            index = int(place)
            if about.vocabulary is not vocabulary or index >= len(names):
                continue
            if about.name.endswith("orcid"):
                names[index] = replace(names[index], ORCID=parse_orcid(text))
            else:
                kept = (*names[index].affiliation, one_line(text))
                names[index] = replace(names[index], affiliation=kept)
        return tuple(names)

    def _containers(self) -> None:
        conference = one_line(self._first("conference") or "")
        if conference:
            book = "container_title" not in self._by_role and _PROCEEDINGS.search(conference)
            self._set("container_title" if book else "event_title", conference)

    def _dates(self) -> None:
        found = self._by_role.pop("issued", []) + self._by_role.pop("year", [])
        candidates = [(str(n), one_line(str(said.value))) for n, said in enumerate(found)]
        date, left = choose_date(candidates[:20])
        self._left += [found[int(place)] for place, _ in left]
        self._set("issued", date if date is not None and date.year is not None else None)
        online = self._first("published_online")
        read = read_date(one_line(online)) if online else None
        if read is not None and read.date.year is not None:
            self._set("published_online", read.date)
            self._set("issued", read.date)
        issued: Date | None = self._fields.get("issued")
        if issued is not None and issued.is_bare_year:
            self._guessed.add("issued")

    def _pages(self) -> None:
        start, end = self._first("page_first"), self._first("page_last")
        self._set("page", read_pages(start, end))
        self._set("page", read_pages(self._first("page"), None))

    def _identifiers(self) -> None:
        invalid: dict[str, Statement] = {}
        parsers: tuple[tuple[str, Callable[[str], str | None]], ...] = (
            ("DOI", parse_doi), ("PMID", parse_pmid), ("PMCID", parse_pmcid),
            ("arXiv", parse_arxiv),
        )  # fmt: skip
        for role, parse in parsers:
            for said in self._by_role.pop(role, []):
                number = parse(str(said.value))
                self._set(role, number)
                if number is None:
                    invalid.setdefault(role, said)
        for said in self._by_role.pop("other_source", []):
            kind = "identifier" if identify(str(said.value)) else "left"
            self._by_role.setdefault(kind, []).append(said)
        issn, isbn, other = self._serial_numbers()
        for said in self._by_role.pop("identifier", []):
            found = identify(str(said.value))
            self._set("PMID", found.get("PMID"))
            self._set("arXiv", found.get("arXiv"))
            self._set("DOI", found.get("DOI"))
            issn += tuple(filter(None, (found.get("ISSN"),)))
            isbn += tuple(filter(None, (found.get("ISBN"),)))
            if (address := found.get("URL")) is not None:
                self._by_role.setdefault("pdf_address", []).insert(
                    0, said._replace(value=address, role="pdf_address")
                )
            elif not found:
                self._left.append(said)
        for role, said in invalid.items():
            if role in self._fields:
                self._left.append(said)
            self._set(role, one_line(str(said.value)))
        self._set("ISSN", tuple(dict.fromkeys(issn + (other if not isbn else ()))))
        self._set("ISBN", tuple(dict.fromkeys(isbn + (other if isbn else ()))))

    def _serial_numbers(self) -> SerialNumbers:
        said = [*self._by_role.pop("ISSN", []), *self._by_role.pop("ISBN", [])]
        return read_serial_numbers(str(statement.value) for statement in said)

    def _texts(self) -> None:
        abstracts = self._chosen("abstract")
        if abstracts:
            mine = self._fields.get("language", "")[:2].lower()
            best = next(
                (said for said in abstracts if mine and said.language[:2].lower() == mine),
                abstracts[0],
            )
            self._set("abstract", paragraphs(str(best.value)))
            self._left += [said for said in abstracts if said is not best]
        self._summary()
        # Dublin Core's subjects often are the journal's, not the author's.
        found = self._by_role.get("keyword", [])
        found.sort(key=lambda said: said.vocabulary is Vocabulary.DUBLIN_CORE)
        texts = [str(statement.value) for statement in self._chosen("keyword")]
        words = keywords(texts[0]) if len(texts) == 1 else [w for s in texts for w in s.split(";")]
        self._set("keyword", tuple(dict.fromkeys(filter(None, map(one_line, words)))))

    def _summary(self) -> None:
        """The text that is shown where a page is linked to: perhaps an abstract."""
        said = self._chosen("summary")
        text = paragraphs(str(said[0].value)) if said else ""
        authors = self._fields.get("author", ())
        cites = any(name.full_family in text[:100] for name in authors)
        whole = len(text) > 150 and not text.endswith(("…", "...")) and not cites
        if text and "abstract" not in self._fields and (whole or self._only_graph):
            self._fields["abstract"] = text
            self._guessed.add("abstract")
        else:
            self._left += said

    def _addresses(self) -> None:
        for role in _ADDRESSES:
            for said in self._by_role.pop(role, []):
                address = "".join(str(said.value).split())
                if "URL" not in self._fields and address.startswith(("http://", "https://")):
                    doi = identify(address).get("DOI")
                    if doi is not None:
                        self._set("DOI", doi)
                        continue
                    self._fields["URL"] = one_line(address)
                else:
                    self._left.append(said)

    def _type(self) -> None:
        thesis = one_line(self._first("thesis_institution") or "")
        report = one_line(self._first("report_institution") or "")
        number = one_line(self._first("report_number") or "")
        words = [str(said.value).rpartition("/")[2] for said in self._by_role.pop("type", [])]
        named, saying_more = read_type(words)
        given = self._first("csl_type")
        self._left += [
            Statement(Vocabulary.OPEN_GRAPH, None, "type", words[place])
            for place in saying_more
            if words[place].lower() != "text"
        ]
        self._by_role.pop("graph_type", None)
        in_book = self._by_role.pop("in_book", [])
        if thesis and "container_title" not in self._fields:
            kind: str | None = "thesis"
        elif report or number:
            kind = "report"
        else:
            kind = self._by_parts(named, given, in_book=bool(in_book))
        self._set("publisher", thesis or report)
        if number:
            self._fields["number"] = number
        self._set("type", kind)
        if not named and not given and not (thesis or report or number):
            self._guessed.add("type")

    def _by_parts(self, named: str | None, given: str | None, *, in_book: bool) -> str | None:
        """The type by what the work is in, where its name says no more than that it is in it."""
        if named not in (None, "document", "article-journal", "article"):
            return named
        if in_book:
            return "chapter"
        if "container_title" in self._fields:
            if _PROCEEDINGS.search(self._fields["container_title"]) and "ISSN" not in self._fields:
                return "paper-conference"
            return given if given in ("chapter", "paper-conference") else "article-journal"
        if "event_title" in self._fields:
            return "paper-conference"
        if given not in (None, "document"):
            return given
        if "ISBN" in self._fields:
            return "book"
        return "article-journal" if "ISSN" in self._fields else named or given

    def _extra(self) -> tuple[Extra, ...]:
        """What says something that no field says."""
        known = set(_WORD.findall(repr([*self._fields.values()]).casefold()))
        known |= {"doi", "https", "http", "org", "dx", "info", "issn", "isbn", "urn"}
        left = [*self._left, *(said for rest in self._by_role.values() for said in rest)]
        kept: dict[Extra, None] = {}
        for said in [*left, *self._unknown]:
            text = note_lines([_as_text(said.value)])
            if said.name and text and not known.issuperset(_WORD.findall(text.casefold())):
                kept[Extra(FORMAT, said.name, text)] = None
        return tuple(kept)


def _as_text(value: str | Name) -> str:
    return value if isinstance(value, str) else value.inverted


def _name(said: Statement) -> Name | None:
    return said.value if isinstance(said.value, Name) else parse_cell_name(one_line(said.value))


def _names(said: Sequence[Statement]) -> tuple[list[Name], bool]:
    """The authors, and whether each is known for certain to be one."""
    if len(said) == 1 and isinstance(said[0].value, str):
        listed = parse_name_list(one_line(said[0].value))
        names = list(listed.names)
        return names, listed.sure and all(name.literal is None for name in names)
    names = []
    sure = True
    for statement in said:
        if isinstance(statement.value, str) and ";" in statement.value:
            names += parse_name_list(one_line(statement.value)).names
        elif (name := _name(statement)) is not None:
            names.append(name)
            sure &= name.literal is None or isinstance(statement.value, Name)
    return names, sure
