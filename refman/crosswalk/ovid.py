"""A record of an Ovid database as a description.

The tags are those of Ovid's tagged export, `LABELS` the words that its other export has for them;
the databases fill them each in its own manner. `docs/formats/ovid.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from refman.crosswalk.ovid_citation import read_book, read_source
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import one_line, paragraphs
from refman.crosswalk.tags import TagReader
from refman.model import Name
from refman.model.identifier import parse_pmid
from refman.text.dates import read_date
from refman.text.initials import either_order

FORMAT = "ovid"

LABELS = {
    "abstract": "AB",
    "accession number": "AN",
    "author": "AU",
    "author keywords": "KW",
    "author, editor": "ED",
    "authors": "AU",
    "book title": "BT",
    "database": "DB",
    "digital object identifier": "DI",
    "doi number": "DI",
    "document type": "DT",
    "editor": "ED",
    "institution": "IN",
    "isbn": "IB",
    "issn": "IS",
    "keyword": "KW",
    "keywords": "KW",
    "language": "LG",
    "link to the ovid full text or citation": "XL",
    "mesh subject headings": "MH",
    "publication type": "PT",
    "publisher": "PB",
    "source": "SO",
    "title": "TI",
    "unique identifier": "UI",
    "volume": "VI",
    "year of publication": "YR",
}
"""The words that stand for tags in the export with names of fields."""
_TYPES = (
    ("chapter", "chapter"),
    ("patent", "patent"),
    ("dissertation", "thesis"),
    ("thesis", "thesis"),
    ("newspaper", "article-newspaper"),
    ("technical report", "report"),
    ("conference paper", "paper-conference"),
    ("conference proceeding", "paper-conference"),
    ("preprint", "article"),
)
"""Words in the publication type, the first that is found decides."""
_TEXTS = {
    "DB": "source",
    "RO": "license",
    "VI": "volume",
    "IP": "issue",
    "TA": "container_title_short",
    "EN": "edition",
    "PL": "publisher_place",
}
_DEGREE = re.compile(
    r"(?:^|[\s,]+)(?:M\.?D|Ph\.?\s?D|M\.?P\.?H|[BM]\.?Sc|[BM]\.?A|[BM]\.?S|M\.?B|MBBS|MBChB|R\.?N|"
    r"FAAN|FRCP|DPhil|DVM|D\.?O|PharmD|Ed\.?D|Psy\.?D|DrPH|MBA|MHS|Dr)\.?$",
)
_MARKS = re.compile(r"[\s\d,+*§†‡#]+$|\s\([\w*+,]{1,5}\)$")
_NUMBER = re.compile(r"^\(\d{1,3}\)\s*")
_PART = re.compile(r"\s*\[(?P<role>[^\[\]]*)\]?.*$")
_KIND = re.compile(r"(?:\.\s*)?\s*\[[A-Z][A-Za-z /-]{2,40}\]\.?$")
_LONGEST_NAME = 300
_COMPANY = re.compile(r"(?:Inc|Ltd|LLC|GmbH|Co|Corp|Press)\.?", re.IGNORECASE)
_MEDLINE = re.compile(r"medline|pubmed", re.IGNORECASE)


def description_from_ovid(tags: Mapping[str, Sequence[str]]) -> ReadEntry:
    """The description that the tags of one record make, each with its values.

    A value of several lines has line breaks in it. Values without a field are kept in `extra`.
    Raises nothing, whatever the values are.
    """
    return _Reader(tags).run()


class _Reader(TagReader):
    FORMAT = FORMAT

    def run(self) -> ReadEntry:
        self._left.pop("#", None)
        self._left.pop("VN", None)
        self._type()
        self._titles()
        self._people()
        for tag, field in _TEXTS.items():
            self._take(tag, field)
        self._source()
        self._date()
        self._numbers()
        self._texts()
        return self._read()

    def _type(self) -> None:
        given = [one_line(value).strip(" .").lower() for tag in ("PT", "DT")
                 for value in self._left.get(tag, ())]  # fmt: skip
        for word, kind in _TYPES:
            if any(word in one for one in given):
                self._kind = kind
                return
        if "book" in given:
            self._kind = "book"
            return
        self._kind = "article-journal"
        if not any("article" in one or "journal" in one for one in given):
            self._guessed.add("type")

    def _titles(self) -> None:
        given = self._title("TI")
        title = given
        if not given.startswith("["):
            title = _KIND.sub("", given)
        title = title.removesuffix(".").strip()
        if len(title) > 1 and title[0] == title[-1] == '"' and '"' not in title[1:-1]:
            title = title[1:-1]
        self._set("title", title)
        if title != given:
            self._verbatim["title"] = given
        self._set("container_title", self._title("JT") or self._title("JN"))

    def _people(self) -> None:
        authors: list[Name] = []
        editors: list[Name] = []
        full = "FA" if len(self._left.get("FA", ())) == len(self._left.get("AU", ())) else "AU"
        for tag, found in ((full, authors), ("ED", editors)):
            for value in self._all(tag):
                for piece in value.replace("\n", ";").split(";"):
                    name, role = _person(one_line(piece))
                    if name is not None:
                        (editors if role.lower().startswith("ed") else found).append(name)
        address = _NUMBER.sub("", one_line(self._peek("IN")))
        if address and len(authors) == 1 and len(self._left["IN"]) == 1:
            authors[0] = replace(authors[0], affiliation=(address,))
            del self._left["IN"]
        if full == "FA":
            self._all("AU")
        self._set("author", tuple(authors))
        self._set("editor", tuple(editors))

    def _source(self) -> None:
        """Where it is: the citation says it in words, and is kept."""
        if self._kind == "chapter":
            book = read_book(one_line(self._peek("BT") or self._peek("SO")))
            self._set("container_title", book.title)
            self._set("editor", book.editors)
            self._set("page", book.page)
        else:
            told = self._fields.keys() & {"container_title", "volume", "issue"}
            citation = read_source(one_line(self._peek("SO")))
            if self._kind in ("book", "thesis"):
                citation = citation._replace(container=None)
            self._set("container_title", citation.container)
            self._set("volume", citation.volume)
            self._set("issue", citation.issue)
            self._set("page", self._first("PG") or citation.page)
            self._set("issued", citation.date)
            self._guessed |= {"container_title", "volume", "issue", "page", "issued"} - told
        publisher = self._first("PB")
        if publisher and "publisher_place" not in self._fields:
            name, comma, place = publisher.rpartition(",")
            if comma and not _COMPANY.fullmatch(place.strip()):
                publisher = name
                self._set("publisher_place", place.strip())
        self._set("publisher", publisher)
        if self._kind == "patent":
            self._take("PN", "number")
            self._take("PA", "publisher")
            self._take("PC", "publisher_place")

    def _date(self) -> None:
        """The year of `YR` stands; the citation may say more exactly when in it."""
        for tag in ("DP", "DG", "YR"):
            given = self._first(tag)
            found = read_date(given) if given is not None else None
            if given is None or found is None:
                continue
            known = self._fields.get("issued")
            if known is None or (known.year != found.date.year and found.date.year is not None):
                self._fields["issued"] = found.date
            if not found.whole or self._fields["issued"].year != found.date.year:
                self._keep(tag, given)
        issued = self._fields.get("issued")
        if issued is not None and not issued.is_bare_year:
            self._guessed.discard("issued")

    def _numbers(self) -> None:
        self._serial_numbers("IS", "IB", of_books=self._kind in ("book", "chapter"))
        for tag in ("DI", "DO"):
            for raw in self._all(tag):
                if not self._doi(one_line(raw)):
                    self._left.setdefault(tag, []).append(raw)
        given = self._peek("UI")
        number = parse_pmid(given) if _MEDLINE.search(self._fields.get("source", "")) else None
        if number is not None:
            self._set("PMID", number)
            self._first("UI")
        self._set("call_number", (self._first("AN") or "").rstrip(". "))

    def _texts(self) -> None:
        for raw in self._all("AB"):
            if not self._set("abstract", paragraphs(raw)):
                self._left.setdefault("AB", []).append(raw)
        self._set("language", (self._first("LG") or "").rstrip(". "))
        self._keywords(
            (word.strip().removesuffix(".") for raw in self._all("KW", "MH")
             for word in raw.replace("\n", " ").split(";")),
            "",
        )  # fmt: skip


def _without_degrees(text: str) -> str:
    """`Lefkowitz, Rafael Y. MD, MPH 1` without what follows the name.

    `MB` in `Petrov, MB` and `Petrov MB` is no bachelor of medicine: a name has more than one word.
    """
    while True:
        name = _MARKS.sub("", text).strip(" ,;")
        shorter = _DEGREE.sub("", name).strip(" ,;")
        if shorter and (name.count(",") > shorter.count(",") == 0 or " " not in shorter):
            return name
        if shorter == text:
            return text
        text = shorter


def _person(text: str) -> tuple[Name | None, str]:
    """A name without its degrees and marks, and what stands in brackets after it."""
    if len(text) > _LONGEST_NAME:
        return Name(literal=text), ""
    match = _PART.search(text)
    role = match["role"] if match is not None else ""
    text = text[: match.start()] if match is not None else text
    text = _without_degrees(text)
    text = text.rstrip(".") if text.count(".") == 1 and len(text.split()[-1]) > 2 else text
    if not text.strip(" .,;"):
        return None, role
    name = either_order(text)
    family = name.family
    if family and family.isupper() and len(family) > 1 and not (name.given or "").isupper():
        family = "-".join(part.capitalize() for part in family.split("-"))
        name = replace(
            name, family=" ".join(word[:1].upper() + word[1:] for word in family.split())
        )
    return name, role
