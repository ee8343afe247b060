"""MARC 21 and UNIMARC records as descriptions.

The fields are those of the Library of Congress's "MARC 21 Format for Bibliographic Data" and of
IFLA's UNIMARC manual; a record with its title in 200 and none in 245 is UNIMARC. Fields without a
place are kept in `extra`, under their tags, with indicators and subfields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from refman.crosswalk.marc_fields import (
    Field,
    MarcRecord,
    says_more,
    tidy,
    without_full_stop,
)
from refman.crosswalk.marc_names import contributor
from refman.crosswalk.mods_values import read_amount
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import one_line, paragraphs, read_pages
from refman.crosswalk.words_said import words_said
from refman.model import Date, Description, Extra, Name
from refman.model.identifier import parse_doi, parse_isbn, parse_issn
from refman.text.dates import read_date

FORMAT = "marcxml"

_TYPES = {
    "a": "book", "c": "musical_score", "d": "musical_score", "e": "map", "f": "map",
    "g": "motion_picture", "i": "song", "j": "song", "k": "graphic", "m": "software",
    "t": "manuscript",
}  # fmt: skip
"""By the leader's sixth character."""
_CALL_NUMBERS = (
    ("852", "khim"), ("099", "a"), ("090", "ab"), ("050", "ab"), ("060", "ab"), ("070", "ab"),
    ("080", "ab"), ("082", "a"), ("084", "ab"),
)  # fmt: skip
_SUBJECTS = {
    "600": "aqtxyz", "610": "abxyz", "611": "abtxyz", "630": "acetxyz", "648": "atxyz",
    "650": "axyz", "651": "abcxyz", "653": "axyz", "654": "abcyz", "655": "abcxyz", "656": "axyz",
    "657": "axyz", "658": "ab", "662": "abcdfgh",
}  # fmt: skip
_NOTES = {"500": "a", "502": "abcdgo", "504": "a", "505": "agrt", "545": "ab", "518": "a"}
_OF_THE_CATALOGUE = frozenset(
    (
        "003", "005", "006", "007", "008", "039", "040", "042", "044", "336", "337", "338", "883",
        "884",
    )
)  # fmt: skip
"""What concerns the record and its making, or says once more in codes what stands in words."""
_SAID_BEFORE = frozenset(("689",))
"""Subjects once more, as chains."""
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_RANGE = re.compile(r"(?<!\d)((?:1[0-9]|20)\d\d)\s?[-–/]\s?((?:1[0-9]|20)\d\d)(?!\d)")
_THESIS = re.compile(
    r"\((?P<degree>[^()]{2,40})\)\s?(?:--?|–|—)\s?(?P<school>[^\d]{3,150}),\s?c?(?P<year>\d{4})"
)
_PART = (
    ("volume", r"(?:v|vol|volume|bd|band|jg|jahrgang|tome|t)\b\.?\s?(\d{1,6})"),
    ("issue", r"(?:no|nr|n|issue|heft|h|fasc)\b\.?\s?(\d{1,6}(?:[-/]\d{1,6})?)"),
    ("page", r"(?:p|pp|pages?|s|seiten?)\b\.?\s?(\w{0,3}\d{1,6}(?:\s?[-–]\s?\w{0,3}\d{1,6})?)"),
)
_PARTS = tuple((field, re.compile(rf"\b{text}", re.IGNORECASE)) for field, text in _PART)
"""What `$g` of a host says of the part: `Vol. 24, no. 9 (1993), p. 235-48`."""


def description_from_marc(record: MarcRecord) -> ReadEntry:
    """The description that a record makes. Raises nothing, whatever it holds."""
    unimarc = next(record.fields("200"), None) is not None
    if unimarc and next(record.fields("245"), None) is None:
        return _Unimarc(record).run()
    return _Marc21(record).run()


class _Reader:
    """A record on its way into a description; `_read` are the tags that are done with."""

    def __init__(self, record: MarcRecord) -> None:
        self._record = record
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._read: set[str] = set()
        self._extra: list[Extra] = []
        self._kept: list[Field] = []
        self._kind = "book"

    def _set(self, field: str, value: Any) -> bool:
        """Set a field that nothing has set yet; whether that was so, or it says the same."""
        return not value or self._fields.setdefault(field, value) == value

    def _take(self, *tags: str) -> list[Field]:
        self._read.update(tags)
        return list(self._record.fields(*tags))

    def _first(self, codes: str, *tags: str) -> str:
        self._read.update(tags)
        return one_line(self._record.first(codes, *tags))

    def _keep(self, field: Field) -> None:
        self._kept.append(field)
        self._extra.append(Extra(FORMAT, field.tag, one_line(field.text)))

    def _done(self) -> ReadEntry:
        self._fields["type"] = self._kind
        number = self._record.controlled("001")
        if number.strip():
            self._extra.insert(0, Extra(FORMAT, "001", one_line(number)))
        self._rest()
        extra = tuple(one for one in self._extra if one.value)
        description = Description(**self._fields, extra=extra)
        return ReadEntry(description, frozenset(self._guessed & self._fields.keys()))

    def _rest(self) -> None:
        """Keep the fields that were not read, and those that say more than was read of them."""
        words = words_said(self._fields)
        kept = {id(field) for field in self._kept}
        for field in self._record.data:
            if field.tag in _OF_THE_CATALOGUE or id(field) in kept:
                continue
            # The words for roles have become fields.
            passed_over = "e" if field.tag[:1] == "7" or field.tag[:2] in ("10", "11") else ""
            known = field.tag in self._read or field.tag in _SAID_BEFORE
            if not known or says_more(field, words, passed_over):
                self._keep(field)

    # What both have

    def _serials(self, isbn: str, issn: str) -> None:
        for tag, name, parse in ((isbn, "ISBN", parse_isbn), (issn, "ISSN", parse_issn)):
            found: dict[str, None] = {}
            for field in self._take(tag):
                said = field.first("a").partition(" ")[0].strip(" :,;")
                if said:
                    found[parse(said) or said] = None
            self._set(name, tuple(found))

    def _issued(self, texts: Iterable[str]) -> None:
        for said in texts:
            date = _date(said)
            if date is not None and self._set("issued", date):
                if date.is_bare_year:
                    self._guessed.add("issued")
                return

    def _people(self, fields: Iterable[Field], *, entered: bool) -> None:
        people: dict[str, dict[Name, None]] = {}
        for field in fields:
            found = contributor(field)
            if found is None:
                continue
            role = found.field
            if role is None:
                self._keep(field)
                continue
            if not found.told:
                # Whoever a book without a main entry names has edited it.
                added = field.tag[0] == "7" and not entered and self._kind == "book"
                role = "editor" if added else role
                self._guessed.add(role)
            people.setdefault(role, {})[found.name] = None
        for role, names in people.items():
            self._set(role, tuple(names))

    def _amount(self, said: str) -> None:
        amount = read_amount(said)
        self._set("number_of_pages", amount.pages_in_all)
        self._set("number_of_volumes", amount.volumes)

    def _urls(self) -> None:
        for field in self._take("856"):
            address = "".join(field.first("u").split())
            # The second indicator 2 is for what is about the work: contents, covers.
            if field.indicators[1:2] == "2" or not self._set("URL", address):
                self._keep(field)
            if "doi.org/" in address:
                self._set("DOI", parse_doi(address))


class _Marc21(_Reader):
    def run(self) -> ReadEntry:
        self._type()
        self._serials("020", "022")
        self._doi()
        self._title()
        entered = any(True for _ in self._record.fields("100", "110", "111"))
        # With a title it is another work that an entry names, not somebody who made this one.
        people = [one for one in self._take("100", "110", "700", "710") if not one.first("t")]
        self._people(people, entered=entered)
        self._set("event_title", self._first("a", "111", "711"))
        self._publication()
        self._set("edition", self._first("a", "250").removesuffix("."))
        for field in self._take("300"):
            self._amount(field.first("a"))
            self._keep(field)
        self._series()
        self._host()
        self._subjects()
        self._notes()
        self._languages()
        for tag, codes in _CALL_NUMBERS:
            said = " ".join(value for field in self._take(tag) for value in field.all(codes))
            self._set("call_number", one_line(said))
        self._urls()
        return self._done()

    def _type(self) -> None:
        leader = self._record.leader.ljust(8)
        self._kind = _TYPES.get(leader[6], "book")
        hosts = list(self._record.fields("773"))
        theses = any(True for _ in self._record.fields("502"))
        if theses and not any(True for _ in self._record.fields("020")):
            self._kind = "thesis"
        elif self._kind == "book" and (hosts or leader[7] in "ab"):
            serial = leader[7] == "b" or any(field.first("7")[3:4] == "s" for field in hosts)
            self._kind = "article-journal" if serial or _has_issn(hosts) else "chapter"
        elif self._kind == "book" and leader[7] in "si":
            self._kind = "periodical"
        if not self._record.leader:
            self._guessed.add("type")
            self._fields["type"] = self._kind

    def _doi(self) -> None:
        for field in self._take("024"):
            said = field.first("a")
            if field.first("2").lower() == "doi" or said.startswith("10."):
                self._set("DOI", parse_doi(said) or one_line(said))
            elif field.indicators[:1] != "3":
                self._keep(field)

    def _title(self) -> None:
        for field in self._take("245")[:1]:
            parts = (tidy(field.first(code)) for code in "abnp")
            main, more, number, name = parts
            title = ": ".join(filter(None, (main, more)))
            part = ": ".join(filter(None, (number.removesuffix("."), name)))
            whole = f"{title.removesuffix('.')}. {part}" if title and part else title or part
            self._set("title", without_full_stop(one_line(whole)))
            self._set("medium", one_line(tidy(field.first("h"))).removesuffix(" :"))
        self._set("title_short", self._first("a", "210"))
        self._set("original_title", self._first("at", "240"))

    def _publication(self) -> None:
        # Of several 264 the one with the second indicator 1 is the publication.
        fields = self._take("260", "264")
        fields.sort(key=lambda one: one.tag == "264" and one.indicators[1:2] != "1")
        for field in fields:
            self._set("publisher_place", one_line(tidy("; ".join(map(tidy, field.all("a"))))))
            self._set("publisher", one_line(tidy(field.first("b"))))
        dates = [field.first("c") for field in fields]
        coded = self._record.controlled("008")[7:11]
        self._issued((*dates, coded if coded.isdecimal() else ""))
        for field in self._record.fields("502"):
            self._set("publisher", one_line(tidy(field.first("c"))))
            self._set("genre", one_line(tidy(field.first("b"))))
            self._issued((field.first("d"),))
            self._thesis(field.first("a"))

    def _thesis(self, note: str) -> None:
        """`Thesis (Ph. D.)--Yale University, 1999.`, as it was before the parts were told apart."""
        match = _THESIS.search(note[:1000])
        if match is None or self._kind != "thesis":
            return
        self._set("genre", one_line(match["degree"]))
        self._set("publisher", one_line(match["school"]).rstrip(" ,"))
        self._issued((match["year"],))
        self._guessed |= {"genre", "publisher"}

    def _series(self) -> None:
        for field in self._take("490", "440", "830"):
            title = one_line(tidy(", ".join(map(tidy, field.all("a")))))
            if field.tag == "830" and "collection_title" in self._fields:
                continue
            if not self._set("collection_title", title):
                self._keep(field)
                continue
            self._set("collection_number", one_line(tidy(field.first("v"))))

    def _host(self) -> None:
        for field in self._take("773"):
            title = one_line(tidy(field.first("t"))).removesuffix(".")
            self._set("container_title", title)
            self._set("container_title_short", one_line(tidy(field.first("p"))))
            for code, name, parse in (("x", "ISSN", parse_issn), ("z", "ISBN", parse_isbn)):
                said = field.first(code)
                self._set(name, (parse(said) or said,) if said else ())
            part = one_line(" ".join(field.all("gq")))[:300]
            for name, pattern in _PARTS:
                match = pattern.search(part)
                if match is not None:
                    said = match.group(1)
                    self._set(name, read_pages(said, None) if name == "page" else said)
            self._issued((part,))
            self._keep(field)

    def _subjects(self) -> None:
        words: dict[str, None] = {}
        for tag, codes in _SUBJECTS.items():
            for field in self._take(tag):
                for value in field.all(codes):
                    if word := without_full_stop(one_line(tidy(value))):
                        words[word] = None
        self._set("keyword", tuple(words))

    def _notes(self) -> None:
        lines = [
            one_line(" ".join(field.all(codes)))
            for tag, codes in _NOTES.items()
            for field in self._take(tag)
        ]
        self._set("note", "\n".join(filter(None, lines)))
        for field in self._take("520"):
            said = paragraphs(" ".join(field.all("ab")))
            if not self._set("abstract", said):
                self._keep(field)

    def _languages(self) -> None:
        said = [value for field in self._take("041") for value in field.all("a")]
        coded = self._record.controlled("008")[35:38]
        if not said and coded.isalpha() and coded not in ("zxx", "und", "mul"):
            said = [coded]
        self._set("language", one_line("; ".join(dict.fromkeys(said))))


class _Unimarc(_Reader):
    def run(self) -> ReadEntry:
        leader = self._record.leader.ljust(8)
        self._kind = "manuscript" if leader[6] == "b" else _TYPES.get(leader[6], "book")
        if any(True for _ in self._record.fields("328")):
            self._kind = "thesis"
        self._serials("010", "011")
        for field in self._take("200")[:1]:
            title = ": ".join(filter(None, (tidy(field.first("a")), tidy(field.first("e")))))
            part = ": ".join(filter(None, (tidy(field.first("h")), tidy(field.first("i")))))
            self._set("title", one_line(". ".join(filter(None, (title, part)))))
        people = self._take("700", "701", "702", "710", "711", "712")
        self._people(people, entered=True)
        self._set(
            "language", "; ".join(value for one in self._take("101") for value in one.all("a"))
        )
        self._set("edition", self._first("a", "205"))
        self._set("scale", self._first("a", "206"))
        self._set("publisher_place", self._first("a", "210", "214"))
        self._set("publisher", self._first("c", "210", "214"))
        self._issued(one.first("d") for one in self._record.fields("210", "214"))
        for field in self._take("215"):
            self._amount(field.first("a"))
            self._keep(field)
        self._set("collection_title", self._first("a", "225"))
        self._set("collection_number", self._first("v", "225"))
        self._set("abstract", paragraphs(self._first("a", "330")))
        self._set("genre", self._first("b", "328"))
        notes = [one_line(" ".join(one.all("abcde"))) for one in self._take("300", "328", "327")]
        self._set("note", "\n".join(filter(None, notes)))
        words = (value for one in self._take("606", "607", "610") for value in one.all("axyz"))
        self._set("keyword", tuple(dict.fromkeys(filter(None, map(one_line, words)))))
        for tag, codes in (("680", "ab"), ("675", "a"), ("676", "a"), ("686", "ab")):
            self._set("call_number", self._first(codes, tag))
        self._urls()
        return self._done()


def _has_issn(hosts: Iterable[Field]) -> bool:
    return any(parse_issn(field.first("x")) is not None for field in hosts)


def _date(said: str) -> Date | None:
    """`c1999.`, `[2023]`, `1998-2002`; only the years, which are what is sure."""
    match = _RANGE.search(said)
    if match is not None and match.group(1) < match.group(2):
        return Date(int(match.group(1)), end=Date(int(match.group(2))))
    match = _YEAR.search(said)
    if match is not None:
        return Date(int(match.group()))
    found = read_date(tidy(said)[:60]) if any(char.isdigit() for char in said) else None
    return found.date if found is not None and found.whole else None
