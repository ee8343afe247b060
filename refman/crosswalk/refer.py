"""A record in EndNote's import format, which is Refer (BibIX), as a description.

The tags are those of EndNote's "EndNote Import" filter; where Unix `refer` and Zotero mean another
thing by a tag, what the record is and has decides. `docs/formats/enw.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.refer_types import csl_type
from refman.crosswalk.ris_values import (
    choose_date,
    is_citation_key,
    is_range,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    title_line,
)
from refman.crosswalk.tags import TagReader
from refman.model import Name
from refman.model.identifier import parse_pmcid, parse_pmid
from refman.text.dates import read_date
from refman.text.initials import person

FORMAT = "enw"

_TEXTS = {
    "V": "volume",
    "W": "archive_location",
    "*": "license",
    "!": "title_short",
    "6": "number_of_volumes",
    "~": "source",
    "&": "section",
    "<": "annote",
}
_IN_ONE = {"C": "publisher_place", "I": "publisher", "G": "language", "L": "call_number"}
"""Tags whose values are put in one line: a book of four languages has four `%G`."""
_ARTICLES = frozenset(("article", "article-journal", "article-magazine", "article-newspaper"))
_WHOLES = frozenset(
    ("book", "thesis", "report", "map", "software", "standard", "motion_picture", "song", "classic",
     "pamphlet", "patent", "musical_score", "manuscript")
)  # fmt: skip
"""Works that are in nothing: `%B` is their series."""
_COUNTED = frozenset(("book", "thesis", "manuscript", "pamphlet", "classic"))
"""`%P` is the number of their pages, unless it is a range."""
_NUMBERED = frozenset(
    ("report", "patent", "standard", "bill", "legislation", "legal_case", "thesis", "manuscript")
)
_OF_ENDNOTE = frozenset("!~>[&()^<=6#$]1234")
"""Tags that only EndNote writes."""
_ADDRESS = re.compile(r"(?:https?:|ftp:)?//\S|www\.\S", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?:)?//(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_PUBMED = re.compile(r"\b(?:pubmed|medline|nlm)\b", re.IGNORECASE)


def description_from_refer(tags: Mapping[str, Sequence[str]]) -> ReadEntry:
    """The description that the tags of one record make (`A` for `%A`), each with its values.

    A value of several lines has line breaks in it. Values without a field are kept in `extra`.
    Raises nothing, whatever the values are.
    """
    return _Reader(tags).run()


class _Reader(TagReader):
    FORMAT = FORMAT

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        super().__init__(tags)
        self._from_endnote = not _OF_ENDNOTE.isdisjoint(tags)

    def run(self) -> ReadEntry:
        self._type()
        self._titles()
        self._names()
        self._date()
        for tag, field in _TEXTS.items():
            self._take(tag, field)
        for tag, field in _IN_ONE.items():
            self._set(field, self._joined(tag))
        self._parts()
        self._numbers()
        self._identifiers()
        self._texts()
        return self._read(self._key())

    def _type(self) -> None:
        """The last type that is known; without one `refer`'s own rules tell."""
        given = [name for raw in self._all("0") if (name := one_line(raw))]
        known = [name for name in given if csl_type(name) is not None]
        if known:
            self._kind = csl_type(known[-1]) or ""
            self._edited = known[-1].lower() == "edited book"
        self._keep("0", *(name for name in given if name not in (*known[-1:], "Generic")))
        if self._kind:
            return
        self._guessed.add("type")
        if self._peek("J"):
            self._kind = "article-journal"
        elif self._peek("B"):
            self._kind = "chapter"
        else:
            self._kind = "book"

    _edited = False

    def _titles(self) -> None:
        self._set("title", self._title("T"))
        self._set("collection_title", self._title("S"))
        for tag in ("J", "B"):
            # Of several the last, as Zotero has it: catalogues give a translation after it.
            title = self._last(tag, title_line)
            if not title:
                continue
            field = "collection_title" if self._kind in _WHOLES else "container_title"
            if not self._set(field, title):
                self._keep(tag, title)

    def _names(self) -> None:
        authors = "editor" if self._edited and not self._peek("E") else "author"
        tertiary = "translator"
        if self._kind == "thesis":
            tertiary = "contributor"
        elif self._from_endnote and self._kind in ("chapter", "paper-conference"):
            tertiary = "collection_editor"
        self._people(authors, "A")
        self._people("editor", "E")
        self._people("translator", "?")
        self._people(tertiary, "Y")
        if not (self._from_endnote and self._fields.get("author")):
            # In `refer` an author whose name is not inverted; EndNote has translated titles there.
            corporate = tuple(Name(literal=one_line(raw)) for raw in self._all("Q"))
            self._set_anew("author", (*self._fields.get("author", ()), *corporate))
        self._addresses()

    def _people(self, field: str, tag: str) -> None:
        names = list(self._fields.get(field, ()))
        for raw in self._all(tag):
            for line in raw.split("\n"):
                text = one_line(line)
                if not text.strip(" ,;."):
                    continue
                # A comma at its end is how EndNote has organisations.
                organisation = text.endswith(",") and text.count(",") == 1
                name = Name(literal=text.rstrip(", ")) if organisation else person(text)
                if name.literal is not None:
                    self._guessed.add(field)
                names.append(name)
        self._set_anew(field, tuple(names))

    def _addresses(self) -> None:
        """Where there is one for each author, each has it."""
        authors = self._fields.get("author", ())
        values = [one_line(value) for value in self._left.get("+", ())]
        if values and len(values) == len(authors):
            self._fields["author"] = tuple(
                replace(name, affiliation=(text,)) if text else name
                for name, text in zip(authors, values)
            )
            del self._left["+"]

    def _date(self) -> None:
        candidates = [(tag, one_line(raw)) for tag in ("8", "D") for raw in self._all(tag)]
        date, left = choose_date(candidates)
        for tag, text in left:
            self._left.setdefault(tag, []).append(text)
        if date is not None:
            self._fields["issued"] = date
            if date.is_bare_year:
                self._guessed.add("issued")
        self._day("[", "accessed")
        if self._kind in _ARTICLES:
            self._day("7", "published_online")
        else:
            self._take("7", "edition")

    def _day(self, tag: str, field: str) -> None:
        given = self._first(tag)
        found = read_date(given) if given is not None else None
        if found is not None and found.whole and found.date.year is not None:
            self._set(field, found.date)
        elif given is not None:
            self._keep(tag, given)

    def _parts(self) -> None:
        pages = self._first("P")
        if pages is not None and self._kind in _COUNTED and not is_range(pages):
            self._set("number_of_pages", pages)
        elif pages is not None and not self._set("page", read_pages(pages, None)):
            self._keep("P", pages)
        if self._kind in _NUMBERED:
            self._take("N", "number")
        elif self._kind in ("book", "chapter"):
            self._take("N", "collection_number")
        else:
            self._take("N", "issue")
        if self._kind not in _ARTICLES:
            self._set("genre", self._last("9"))

    def _numbers(self) -> None:
        of_books = self._kind in _WHOLES or self._kind in ("chapter", "paper-conference")
        self._serial_numbers("@", of_books=of_books, numbered=self._kind in _NUMBERED)

    def _identifiers(self) -> None:
        for raw in self._all("R"):
            text = one_line(raw)
            if not self._doi(text) and not self._report(text):
                self._left.setdefault("R", []).append(raw)
        for address in [text for raw in self._all("U") for text in raw.split("\n")]:
            text = one_line(address)
            if _RESOLVER.match(text) and "DOI" not in self._fields:
                self._doi(text)
            if not (_ADDRESS.match(text) and self._set("URL", text)) and text:
                self._left.setdefault("U", []).append(text)
        base = " ".join((*self._left.get("W", ()), self._fields.get("archive_location", ""),
                         self._fields.get("source", "")))  # fmt: skip
        if _PUBMED.search(base) and (number := parse_pmid(self._peek("M"))):
            self._set("PMID", number)
            self._first("M")
        if number := parse_pmcid(self._peek("2")):
            self._set("PMCID", number)
            self._first("2")

    def _report(self, text: str) -> bool:
        """A report's number or kind stands where EndNote has the DOI, in `refer` and Zotero."""
        if self._kind in ("report", "manuscript", "standard") and any(map(str.isdigit, text)):
            return self._set("number", text)
        if self._kind in ("thesis", "report", "manuscript", "map", "webpage", "speech"):
            return ":" not in text and self._set("genre", text)
        return False

    def _texts(self) -> None:
        for raw in self._all("X"):
            if not self._set("abstract", paragraphs(raw)):
                self._left.setdefault("X", []).append(raw)
        self._keywords(self._all("K"), ";")
        self._set("note", note_lines(self._all("H", "O", "Z")))

    def _key(self) -> str | None:
        """The label, if it can be a citation key."""
        text = self._peek("F")
        if not is_citation_key(text):
            return None
        self._first("F")
        return text
