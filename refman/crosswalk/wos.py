"""A Web of Science record as a description: field-tagged or a row of its tab-delimited export.

The tags are those of Clarivate's lists for the Core Collection and the other databases of the
platform (Derwent, BIOSIS, CABI, Inspec, MEDLINE). `docs/formats/wos.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from refman.crosswalk.medline_values import medline_date, whole_pages
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import one_line, paragraphs, read_pages
from refman.crosswalk.tags import TagReader
from refman.crosswalk.wos_names import group_names, names, with_addresses, with_orcids
from refman.model import Date
from refman.model.identifier import parse_doi, parse_pmid
from refman.text.headline import headline

FORMAT = "wos"

_LISTS = frozenset(
    ("AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED", "C1", "C3", "OI", "RI", "CR", "CP", "AE")
)
"""Tags of which each line is a value; the lines of all others are one text."""
_TYPES = {
    "J": "article-journal",
    "B": "book",
    "S": "chapter",
    "P": "patent",
    "C": "paper-conference",
}
_DOCUMENT_TYPES = {
    "proceedings paper": "paper-conference",
    "conference paper": "paper-conference",
    "meeting paper": "paper-conference",
    "patent": "patent",
    "preprint": "article",
    "data set": "dataset",
    "dataset": "dataset",
    "software": "software",
    "thesis": "thesis",
    "thesis/dissertation": "thesis",
    "dissertation/thesis": "thesis",
    "report": "report",
    "standard": "standard",
    "book": "book",
    "book chapter": "chapter",
}
_TEXTS = {
    "VL": "volume",
    "IS": "issue",
    "LA": "language",
    "CT": "event_title",
    "CL": "event_place",
    "SU": "supplement_number",
    "JI": "container_title_short",
}
_KEYWORDS = ("DE", "ID", "OR", "BD", "MC", "MQ")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2}) (\d{4})")
_YEAR = re.compile(r"\b\d{4}\b")
_ASSIGNEE_CODE = re.compile(r"\s*\([A-Z]{4}-[A-Z]\)")
_WORD = re.compile(r"[^\W_]+")


def description_from_wos(tags: Mapping[str, Sequence[str]], database: str = "") -> ReadEntry:
    """The description that the tags of one record make, each with the lines of its value.

    `database` is what the file says it comes from (`FN`). Values without a field are kept in
    `extra`. Raises nothing, whatever the values are.
    """
    return _Reader(tags, database).run()


class _Reader(TagReader):
    FORMAT = FORMAT

    def __init__(self, tags: Mapping[str, Sequence[str]], database: str) -> None:
        super().__init__(
            {tag: lines if tag in _LISTS else ["\n".join(lines)] for tag, lines in tags.items()}
        )
        if "Export Format" not in database:
            self._set("source", one_line(database))

    def run(self) -> ReadEntry:
        self._type()
        self._people()
        self._titles()
        self._date()
        for tag, field in _TEXTS.items():
            self._take(tag, field)
        self._pages()
        self._numbers()
        if self._kind == "patent":
            self._patent()
        self._published()
        self._texts()
        return self._read()

    def _type(self) -> None:
        given = (self._first("PT") or "").upper()
        self._kind = _TYPES.get(given[:1], "")
        said = [word.strip() for word in one_line(self._peek("DT")).lower().split(";")]
        kinds = [_DOCUMENT_TYPES[word] for word in said if word in _DOCUMENT_TYPES]
        if given[:1] in "BS" and "chapter" in kinds:
            self._kind = "chapter"
        elif kinds and kinds[0] != "chapter" and len(said) == 1:
            # `Article; Proceedings Paper` is in a journal all the same.
            self._kind = kinds[0]
        elif given[:1] in "BSC" and "paper-conference" in kinds:
            self._kind = "paper-conference"
        if not self._kind:
            self._kind = "article-journal"
            self._guessed.add("type")

    def _people(self) -> None:
        short, full = self._all("AU"), self._all("AF")
        authors = names(full or short)
        if full and len(names(short)) not in (0, len(authors)):
            self._keep("AU", *short)
        authors += group_names(self._all("CA"))
        books = self._all("BF") or self._left.get("BA", [])
        if books:
            self._left.pop("BA", None)
            field = (
                "container_author" if self._kind in ("chapter", "paper-conference") else "author"
            )
            if field == "author":
                authors = authors or names(books)
            else:
                self._set(field, names(books))
        authors, others = with_orcids(authors, self._all("OI"))
        self._keep("OI", *(["; ".join(others)] if others else []))
        addresses = self._left.get("C1", [])
        placed = with_addresses(authors, addresses) if addresses else None
        if placed is not None:
            authors = placed
            del self._left["C1"]
        self._set("author", authors)
        edited = self._all("BE", "ED")
        self._set("editor", names(edited))
        for field, lines in (("author", full or short), ("editor", edited)):
            if any("(" in line for line in lines):
                self._verbatim[field] = "; ".join(map(one_line, lines))
        for field in ("author", "editor"):
            if any(name.literal for name in self._fields.get(field, ())):
                self._guessed.add(field)

    def _titles(self) -> None:
        self._set("title", self._title("TI"))
        evidence = [self._peek("JI")]
        title = self._cased("SO", "container_title", evidence)
        if self._kind == "book" and title:
            # A book's source is the book.
            del self._fields["container_title"]
            own = self._fields.get("title")
            if own is None:
                self._fields["title"] = title
            if own is not None and own.casefold() != title.casefold():
                self._keep("SO", title)
            else:
                self._guessed.discard("container_title")
                self._verbatim.pop("container_title", None)
        self._cased("SE", "collection_title", evidence)
        if "container_title" not in self._fields and self._kind == "article-journal":
            short = self._peek("JI") or self._peek("J9")
            if short:
                self._fields["container_title"] = headline(one_line(short))
                self._guessed.add("container_title")

    def _cased(self, tag: str, field: str, evidence: Sequence[str] = ()) -> str:
        """Take a name, which Web of Science has in capitals; as it came it is kept aside."""
        given = self._first(tag) or ""
        text = headline(given, evidence)
        if self._set(field, text) and text != given:
            self._guessed.add(field)
            self._verbatim[field] = given
        return text

    def _date(self) -> None:
        year = self._first("PY") or ""
        for tag in ("PD", "DG"):
            given = self._first(tag)
            if given is None:
                continue
            found = self._one_date(given, year)
            if found is not None and self._set("issued", found):
                continue
            self._keep(tag, given)
        early = self._first("EA")
        online = self._one_date(early, "") if early else None
        self._set("published_online", online)
        if early and online is None:
            self._keep("EA", early)
        if year and "issued" not in self._fields:
            found_year = medline_date(year)
            self._set("issued", found_year.date if found_year is not None else None)
        elif year and year != str(self._fields["issued"].year):
            self._keep("PY", year)
        if online is not None and "issued" not in self._fields:
            self._fields["issued"] = online
            self._guessed.add("issued")
        issued = self._fields.get("issued")
        if issued is not None and issued.is_bare_year:
            self._guessed.add("issued")

    def _one_date(self, text: str, year: str) -> Date | None:
        """`FEB 2011`, `JUN 14` with the year beside it, `04 2006`, `2006 May-Jun`."""
        match = _MONTH_AND_YEAR.fullmatch(text)
        if match is not None:
            text = f"{match[2]}/{match[1]}"
        elif not _YEAR.search(text) and year:
            text = f"{year} {text}"
        found = medline_date(text.replace(",", " "))
        if found is None or not found.whole or found.date.year is None:
            return None
        return found.date

    def _pages(self) -> None:
        start, end = self._first("BP"), self._first("EP")
        if end == "+":
            self._keep("EP", end)
            end = None
        page = read_pages(start, end)
        alone = self._first("PS")
        if page is None and alone is not None:
            page = whole_pages(alone)
        elif alone is not None and whole_pages(alone) != page:
            self._keep("PS", alone)
        if not self._set("page", page):
            self._keep("BP", *filter(None, [start]))
            self._keep("EP", *filter(None, [end]))
        if self._kind in ("article-journal", "paper-conference", "article"):
            self._take("AR", "number")
        if self._kind == "book":
            self._take("PG", "number_of_pages")

    def _numbers(self) -> None:
        self._serial_numbers("SN", "EI", "BN", of_books=self._kind in ("book", "chapter"))
        for tag in ("DI", "D2") if self._kind == "book" else ("DI",):
            given = self._first(tag)
            if given is not None and not self._set("DOI", parse_doi(given) or given):
                self._keep(tag, given)
        given = self._first("PM")
        if given is not None:
            self._set("PMID", parse_pmid(given) or given)
        given = self._first("UT")
        if given is not None:
            self._set("note", f"Web of Science ID: {given}")

    def _patent(self) -> None:
        self._set("number", self._joined("PN", "; "))
        self._set("publisher_place", self._first("PC"))
        given = self._joined("AE", "; ")
        if given is not None:
            assignee = _ASSIGNEE_CODE.sub("", given)
            self._set("publisher", headline(assignee))
            if self._fields["publisher"] != assignee:
                self._guessed.add("publisher")
            if self._fields["publisher"] != given:
                self._verbatim["publisher"] = given

    def _published(self) -> None:
        if self._kind != "patent":
            self._cased("PU", "publisher")
            self._cased("PI", "publisher_place")
            self._take("PN", "part_number")
        given = self._first("CY")
        held = self._one_date(given, "") if given else None
        if held is not None:
            self._set("event_date", held)
        elif given is not None:
            self._keep("CY", given)
        # What it says anew is nothing where the names of the journal are known.
        short = self._peek("J9")
        if short and short.casefold() == self._fields.get("container_title", "").casefold():
            self._left.pop("J9")

    def _texts(self) -> None:
        given = self._all("AB")
        if given:
            self._set("abstract", paragraphs(" ".join(given[0].split())))
        beside = " ".join(
            text
            for text in (self._fields.get("title", ""), self._fields.get("abstract", ""))
            if not text.isupper()
        )
        acronyms = {word for word in _WORD.findall(beside) if word.isupper() and len(word) > 1}
        words = [
            one_line(piece)
            for tag in _KEYWORDS
            for value in self._all(tag)
            for piece in value.replace("\n", " ").split(";")
        ]
        self._keywords((_lowered(word, acronyms) for word in words), "")


def _lowered(keyword: str, acronyms: set[str]) -> str:
    """A keyword in capitals, as `Keywords Plus` are, in small letters, but for known acronyms."""
    if not keyword.isupper():
        return keyword
    return _WORD.sub(lambda match: match[0] if match[0] in acronyms else match[0].lower(), keyword)
