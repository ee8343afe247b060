"""A record in RefWorks' tagged format as a description.

The tags and types are those of RefWorks' own description of the format; what a tag means for which
type is as in Zotero. `docs/formats/refworks.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import (
    choose_date,
    is_range,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
)
from refman.crosswalk.tags import TagReader
from refman.model.identifier import parse_doi
from refman.text.dates import read_date
from refman.text.names import parse_name

FORMAT = "refworks"

_TYPES = {
    "abstract": "article-journal",
    "artwork": "graphic",
    "bills": "bill",
    "bills/resolutions": "bill",
    "book, edited": "book",
    "book, section": "chapter",
    "book, whole": "book",
    "case": "legal_case",
    "case/court decisions": "legal_case",
    "computer program": "software",
    "conference proceedings": "paper-conference",
    "court decisions": "legal_case",
    "dissertation": "thesis",
    "dissertation/thesis": "thesis",
    "dissertation/thesis, unpublished": "thesis",
    "dvd": "motion_picture",
    "grant": "document",
    "hearing": "hearing",
    "journal": "article-journal",
    "journal article": "article-journal",
    "journal, electronic": "article-journal",
    "laws": "legislation",
    "laws/statutes": "legislation",
    "magazine article": "article-magazine",
    "map": "map",
    "monograph": "book",
    "motion picture": "motion_picture",
    "music score": "musical_score",
    "newspaper article": "article-newspaper",
    "online discussion forum": "post",
    "online discussion forum/blogs": "post",
    "patent": "patent",
    "personal communication": "personal_communication",
    "report": "report",
    "resolutions": "bill",
    "sound recording": "song",
    "statutes": "legislation",
    "thesis": "thesis",
    "thesis, unpublished": "thesis",
    "unpublished material": "manuscript",
    "video": "motion_picture",
    "video/dvd": "motion_picture",
    "web page": "webpage",
}
_TEXTS = {
    "VO": "volume",
    "IS": "issue",
    "LA": "language",
    "CN": "call_number",
    "ST": "title_short",
    "SL": "archive",
    "LL": "archive_location",
    "DB": "source",
}
_WHOLES = frozenset(("book", "report", "software", "map", "thesis", "manuscript", "patent"))
"""Works that are in nothing: `T2` is their series."""
_COUNTED = frozenset(("book", "thesis", "manuscript"))
"""`SP` is the number of their pages, unless there is an `OP`."""
_ARTICLES = frozenset(("article-journal", "article-magazine", "article-newspaper"))
_CLASSIFIED = {
    "bill": "number",
    "hearing": "number",
    "legislation": "number",
    "patent": "call_number",
    "graphic": "medium",
    "interview": "medium",
    "software": "medium",
}
"""What `CL`, the classification, is; of all others but articles and books it is the genre."""
_OTHERS = {
    ("patent", "U1"): "submitted",
    ("map", "U1"): "scale",
    ("paper-conference", "U1"): "publisher_place",
    ("patent", "U2"): "issued",
    ("graphic", "U3"): "dimensions",
    ("paper-conference", "U3"): "container_title",
    ("patent", "U3"): "publisher_place",
}
_PARTING = re.compile(r"[;\n]")
_ADDRESS = re.compile(r"(?:https?:|ftp:)?//\S|www\.\S", re.IGNORECASE)


def description_from_refworks(tags: Mapping[str, Sequence[str]]) -> ReadEntry:
    """The description that the tags of one record make, each with its values.

    A value of several lines has line breaks in it. Values without a field are kept in `extra`.
    Raises nothing, whatever the values are.
    """
    return _Reader(tags).run()


class _Reader(TagReader):
    FORMAT = FORMAT

    def run(self) -> ReadEntry:
        self._type()
        self._titles()
        self._people()
        self._user_fields()
        self._date()
        for tag, field in _TEXTS.items():
            self._take(tag, field)
        self._published()
        self._pages()
        self._identifiers()
        self._texts()
        return self._read()

    def _type(self) -> None:
        given = self._first("RT") or ""
        name = re.sub(r"\s*/\s*", "/", given).lower()
        self._kind = _TYPES.get(name, "")
        self._edited = name == "book, edited"
        if not self._kind:
            self._kind = "article-journal"
            self._guessed.add("type")
            if name not in ("", "generic"):
                self._keep("RT", given)

    def _titles(self) -> None:
        self._set("title", self._title("T1"))
        second = self._title("T2")
        third = self._title("T3")
        journal = self._title("JF")
        short = self._title("JO")
        if self._kind in _WHOLES:
            self._or_keep("T2", "collection_title", second)
        elif self._kind == "paper-conference":
            self._or_keep("T2", "event_title", second)
        elif self._kind == "hearing":
            self._or_keep("T2", "section", second)
        else:
            self._or_keep("T2", "container_title", second)
        self._or_keep("T3", "authority" if self._kind in ("hearing", "bill") else
                      "collection_title", third)  # fmt: skip
        self._or_keep("JF", "container_title", journal)
        if self._kind == "paper-conference" and "event_title" not in self._fields:
            self._or_keep("JO", "event_title", short)
        else:
            self._or_keep("JO", "container_title_short", short)
        if self._kind in _ARTICLES and short and "container_title" not in self._fields:
            self._fields["container_title"] = short
            self._guessed.add("container_title")

    def _or_keep(self, tag: str, field: str, value: str | None) -> None:
        if value and not self._set(field, value):
            self._keep(tag, value)

    def _people(self) -> None:
        edited = self._edited and not self._peek("A2") and not self._peek("A3")
        self._names("A1", "editor" if edited else "author")
        self._names("A2", {
            "book": "collection_editor", "bill": "author", "song": "performer",
            "interview": "interviewer", "personal_communication": "recipient",
        }.get(self._kind, "editor"))  # fmt: skip
        self._names("A3", {"book": "editor", "motion_picture": "producer"}.get(
            self._kind, "collection_editor"))  # fmt: skip
        place = self._kind in ("paper-conference", "motion_picture")
        self._names("A4", "contributor" if place else "translator")
        if self._kind == "chapter":
            self._names("U2", "container_author")
        authors = self._fields.get("author", ())
        if len(authors) == 1 and (address := self._first("AD")):
            self._fields["author"] = (replace(authors[0], affiliation=(address,)),)

    def _names(self, tag: str, field: str) -> None:
        if self._kind in ("patent", "legal_case") and tag == "A2":
            # Who issued the patent; in what the case is reported.
            patent = self._kind == "patent"
            self._or_keep(tag, "authority" if patent else "container_title", self._joined(tag))
            return
        pieces = [piece for value in self._all(tag) for piece in _PARTING.split(value)]
        found = [parse_name(text) for text in map(one_line, pieces) if text.strip(" ,;.")]
        if any(name.literal is not None for name in found):
            self._guessed.add(field)
        self._set_anew(field, (*self._fields.get(field, ()), *found))

    def _user_fields(self) -> None:
        for (kind, tag), field in _OTHERS.items():
            if kind != self._kind:
                continue
            given = self._first(tag)
            if given is None:
                continue
            if field in ("submitted", "issued"):
                found = read_date(given)
                if found is None or not found.whole or not self._set(field, found.date):
                    self._keep(tag, given)
            else:
                self._or_keep(tag, field, given)
        edition = self._first("ED")
        if self._kind not in ("bill", "hearing", "legislation"):
            self._set("version" if self._kind == "software" else "edition", edition)
        elif edition is not None:
            self._keep("ED", edition)
        if self._kind not in (*_ARTICLES, "book", "chapter", "paper-conference"):
            self._take("CL", _CLASSIFIED.get(self._kind, "genre"))

    def _date(self) -> None:
        candidates = [(tag, one_line(raw)) for tag in ("FD", "YR") for raw in self._all(tag)]
        date, left = choose_date(candidates)
        for tag, text in left:
            self._left.setdefault(tag, []).append(text)
        if date is not None and self._set("issued", date) and date.is_bare_year:
            self._guessed.add("issued")
        given = self._first("RD")
        found = read_date(given) if given is not None else None
        if found is not None and found.whole and found.date.year is not None:
            self._set("accessed", found.date)
        elif given is not None:
            self._keep("RD", given)

    def _published(self) -> None:
        self._take("PB", "authority" if self._kind == "legal_case" else "publisher")
        self._take("PP", "event_place" if self._kind == "paper-conference" else "publisher_place")

    def _pages(self) -> None:
        start, end = self._first("SP"), self._first("OP")
        if start is not None and end is None and not is_range(start):
            if self._kind in _COUNTED:
                self._set("number_of_pages", start)
                return
            if self._kind == "motion_picture":
                self._set("dimensions", start)
                return
        if not self._set("page", read_pages(start, end)):
            self._keep("SP", *filter(None, [start]))
            self._keep("OP", *filter(None, [end]))

    def _identifiers(self) -> None:
        numbered = self._kind in ("patent", "report")
        self._serial_numbers("SN", of_books=self._kind not in _ARTICLES, numbered=numbered)
        given = self._first("DO")
        if given is not None:
            self._set("DOI", parse_doi(given) or given)
        for tag in ("UL", "LK"):
            for raw in self._all(tag):
                text = one_line(raw)
                if not (_ADDRESS.match(text) and self._set("URL", text)):
                    self._left.setdefault(tag, []).append(text)

    def _texts(self) -> None:
        for raw in self._all("AB"):
            if not self._set("abstract", paragraphs(raw)):
                self._left.setdefault("AB", []).append(raw)
        self._keywords(self._all("K1"), ";")
        self._set("note", note_lines(self._all("NO")))
