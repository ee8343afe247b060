"""PICA+ records as descriptions: those of K10plus, GVK, SWB and other German and Dutch catalogues.

The fields are those of the K10plus format manual. Fields without a place are kept in `extra`, under
their tags, with subfields; those of single copies and of the record's making are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refman.crosswalk.marc_fields import Field, MarcRecord, says_more
from refman.crosswalk.mods_names import field_of_role, is_no_author
from refman.crosswalk.mods_values import read_amount
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import one_line, paragraphs, read_pages
from refman.crosswalk.words_said import words_said
from refman.model import Date, Description, Extra, Name
from refman.model.identifier import parse_doi, parse_isbn, parse_issn
from refman.text.dates import read_date
from refman.text.names import parse_name

FORMAT = "picaxml"

_PEOPLE = {
    "028A": "author", "028B": "author", "028C": "editor", "028D": "contributor",
    "028E": "contributor", "028F": "contributor", "028G": "contributor", "029A": "author",
    "029E": "contributor", "029F": "contributor", "029G": "contributor",
}  # fmt: skip
_KEYWORDS = ("041A", "044A", "044C", "044F", "044G", "044H", "044K", "044L", "044N", "044S")
_TEXTS = (
    ("032@", "a", "edition"), ("033A", "p", "publisher_place"), ("033A", "n", "publisher"),
    ("034I", "a", "dimensions"), ("030F", "a", "event_title"), ("027A", "a", "original_title"),
)  # fmt: skip
_OF_THE_CATALOGUE = re.compile(r"00[0167]|1\d\d|2\d\d|019@|0[0-9]{2}[U-Z]")
_MATERIAL = {
    "K": "map",
    "M": "musical_score",
    "G": "song",
    "B": "motion_picture",
    "H": "manuscript",
}


def description_from_pica(record: MarcRecord) -> ReadEntry:
    """The description that a record makes. Raises nothing, whatever it holds."""
    return _Reader(record).run()


class _Reader:
    def __init__(self, record: MarcRecord) -> None:
        self._record = record
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._read: set[str] = set()

    def run(self) -> ReadEntry:
        self._type()
        self._titles()
        self._people()
        for tag, code, field in _TEXTS:
            self._set(field, self._first(code, tag))
        self._issued()
        self._part()
        self._numbers()
        self._prose()
        description = Description(**self._fields, extra=tuple(self._rest()))
        return ReadEntry(description, frozenset(self._guessed & self._fields.keys()))

    def _rest(self) -> Iterator[Extra]:
        """The fields that were not read, and those that say more than was read of them."""
        words = words_said(self._fields)
        for field in self._record.data:
            # `B` has the words for roles, which have become fields.
            if field.tag in self._read:
                said = field.tag == "002@" or not says_more(field, words, "B")
            else:
                said = _OF_THE_CATALOGUE.match(field.tag) is not None
            if not said:
                yield Extra(FORMAT, field.tag, one_line(field.text).removeprefix("__ "))

    def _set(self, field: str, value: Any) -> None:
        if value:
            self._fields.setdefault(field, value)

    def _take(self, *tags: str) -> list[Field]:
        self._read.update(tags)
        return list(self._record.fields(*tags))

    def _first(self, codes: str, *tags: str) -> str:
        found = (one_line(field.first(codes)) for field in self._take(*tags))
        return next((said for said in found if said), "")

    def _type(self) -> None:
        code = self._first("0", "002@").ljust(3)
        kind = _MATERIAL.get(code[0], "book")
        hosts = any(True for _ in self._record.fields("031A", "039B"))
        if any(True for _ in self._record.fields("037C")):
            kind = "thesis"
        elif code[1] in "so" and hosts:
            kind = "article-journal"
        elif code[1] in "bd":
            kind = "periodical"
        if not code.strip():
            self._guessed.add("type")
        self._fields["type"] = kind

    def _titles(self) -> None:
        for field in self._take("021A")[:1]:
            # `@` stands before the word by which the title is sorted.
            parts = (one_line(field.first(code)).replace("@", "", 1) for code in "ad")
            self._set("title", ": ".join(filter(None, parts)))
        volumes = self._take("036C", "036D")
        for field in volumes:
            whole = one_line(field.first("a")).replace("@", "", 1)
            own = self._fields.get("title")
            self._set("volume", one_line(field.first("l")))
            if own is None or own.startswith("@"):
                self._set("title", whole)
            elif whole and whole != own:
                self._set("collection_title", whole)
        for field in self._take("036E", "036F"):
            self._set("collection_title", one_line(field.first("a")).replace("@", "", 1))
            self._set("collection_number", one_line(field.first("l")))
        for field in self._take("039B"):
            self._set("container_title", one_line(field.first("ta8")).replace("@", "", 1))

    def _people(self) -> None:
        people: dict[str, list[Name]] = {}
        for tag, default in _PEOPLE.items():
            for field in self._take(tag):
                name = _name(field)
                roles = [one_line(role).rstrip(".") for role in field.all("4B")]
                told = next(filter(None, map(field_of_role, roles)), None)
                if name is None or (told is None and any(map(is_no_author, roles))):
                    continue
                if told is None:
                    self._guessed.add(told or default)
                people.setdefault(told or default, []).append(name)
        for role, names in people.items():
            self._set(role, tuple(names))

    def _issued(self) -> None:
        for field in self._take("011@"):
            start, end = read_date(field.first("a")), read_date(field.first("b"))
            if start is not None and end is not None and end.date.year and start.date.year:
                self._set("issued", Date(start.date.year, end=end.date))
            elif start is not None:
                self._set("issued", start.date)
        issued = self._fields.get("issued")
        if issued is not None and issued.is_bare_year:
            self._guessed.add("issued")

    def _part(self) -> None:
        for field in self._take("031A"):
            self._set("volume", one_line(field.first("d")))
            self._set("issue", one_line(field.first("e")))
            self._set("page", read_pages(one_line(field.first("h")) or None, None))
        for field in self._take("034D"):
            amount = read_amount(field.first("a"))
            self._set("number_of_pages", amount.pages_in_all)
            self._set("number_of_volumes", amount.volumes)

    def _numbers(self) -> None:
        isbn = (one_line(value) for one in self._take("004A") for value in one.all("0A"))
        self._set("ISBN", tuple(dict.fromkeys(parse_isbn(said) or said for said in isbn)))
        issn = (one_line(value) for one in self._take("005A") for value in one.all("0A"))
        self._set("ISSN", tuple(dict.fromkeys(parse_issn(said) or said for said in issn)))
        doi = self._first("0", "004V")
        self._set("DOI", parse_doi(doi) or doi)
        for field in self._take("017C", "009P"):
            self._set("URL", "".join(field.first("ua").split()))
        languages = [value for one in self._take("010@") for value in one.all("a")]
        self._set("language", one_line("; ".join(dict.fromkeys(languages))))
        self._set("call_number", self._first("a", "045F"))

    def _prose(self) -> None:
        words = (one_line(value) for one in self._take(*_KEYWORDS) for value in one.all("a"))
        self._set("keyword", tuple(dict.fromkeys(filter(None, words))))
        notes = (one_line(one.first("a")) for one in self._take("037A", "037C"))
        self._set("note", "\n".join(filter(None, notes)))
        self._set("abstract", paragraphs(self._first("a", "047I")))


def _name(field: Field) -> Name | None:
    family = one_line(field.first("aA"))
    given, particle = one_line(field.first("dD")), one_line(field.first("c"))
    if field.tag.startswith("029"):
        whole = ". ".join(filter(None, map(one_line, field.all("ab"))))
        return Name(literal=whole) if whole else None
    if family and given:
        return Name(family, given, non_dropping_particle=particle or None)
    said = family or one_line(field.first("8P5")).partition(" ;")[0]
    return parse_name(said) if said.strip(" ,;.") else None
