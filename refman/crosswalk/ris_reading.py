"""The tags of one RIS record, as a description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from refman.crosswalk import notices
from refman.crosswalk.ris_kinds import (
    ARTICLES,
    CONFERENCES,
    COUNTED,
    FORMAT,
    NUMBERED,
    TEXTS,
    VERSIONED,
    WHOLES,
)
from refman.crosswalk.ris_types import csl_type, is_known
from refman.crosswalk.ris_values import (
    choose_date,
    is_citation_key,
    is_range,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    read_serial_numbers,
    title_line,
)
from refman.model import Description, Extra, Name
from refman.model.identifier import parse_arxiv, parse_doi, parse_pmcid, parse_pmid
from refman.text.dates import read_date
from refman.text.names import parse_name

_AUTHORS = ("AU", "A1")
_CONTRIBUTORS = (
    ("editor", ("ED", "A2")),
    ("collection_editor", ("A3",)),
    ("translator", ("A4", "TA")),
)
_CONTAINERS = ("T2", "JF", "JO")
_ABBREVIATIONS = ("JA", "J2", "J1", "JI", "J9")
_STANDING_IN = {"PU": "publisher", "PI": "publisher_place"}
"""Web of Science's own tags, which it writes in RIS too."""
_VOLUME_AND_ISSUE = re.compile(r"([^\s()]{1,20})\s?\(([^()]{1,20})\)")
_PROCEEDINGS = re.compile(
    r"proceeding|conference|symposium|workshop|congress|lecture notes|transactions", re.IGNORECASE
)
_BRACKETED = re.compile(r"([\w.-]{1,20})\s?\[(pmid|pmcid)\]", re.IGNORECASE)
_OF_PUBMED = frozenset(("U1", "U2", "AN", "C2"))
_PUBMED = frozenset(("pubmed", "medline", "nlm", "pmc"))
_DOI_LABEL = re.compile(r"\s*(?:doi\s*:|https?://(?:dx\.)?doi\.org/|10\.\d{4})", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?:)?//(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:|ftp:)?//|www\.", re.IGNORECASE)
_URL_LIST = re.compile(r";\s*(?=https?://)")


class ReadRis(NamedTuple):
    """A description, the fields of it that were inferred, and the key that came with it."""

    description: Description
    guessed: frozenset[str]
    citation_key: str | None


def description_from_tags(tags: Mapping[str, Sequence[str]]) -> ReadRis:
    """The description that the tags of one record make.

    `tags` has for each tag its values in order; a value of several lines has line breaks in it.
    Values without a field are kept in `extra`. Raises nothing, whatever the values are.
    """
    return _Reader(tags).run()


class _Reader:
    """One record on its way into a description; `_left` is what has found no field yet."""

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        self._left = {tag: list(values) for tag, values in tags.items()}
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._kind = ""

    def run(self) -> ReadRis:
        self._type()
        self._titles()
        self._names()
        self._date()
        self._pages()
        for tag, field in TEXTS.items():
            if tag in self._left:
                self._set(field, self._first(tag))
        for tag, field in _STANDING_IN.items():
            if tag in self._left and field not in self._fields:
                self._set(field, self._first(tag))
        self._volume()
        self._numbers()
        self._identifiers()
        self._texts()
        key = self._key()
        extra = tuple(
            Extra(FORMAT, tag, value)
            for tag, values in self._left.items()
            for raw in values
            if (value := note_lines([raw]))
        )
        return ReadRis(Description(**self._fields, extra=extra), frozenset(self._guessed), key)

    # Taking values

    def _all(self, *tags: str) -> list[str]:
        """All values of some tags, which then are no longer left."""
        found: list[str] = []
        for tag in tags:
            found += self._left.pop(tag, ())
        return found

    def _peek(self, tag: str) -> str:
        """The first value, which stays where it is."""
        values = self._left.get(tag)
        return values[0].strip() if values else ""

    def _first(self, tag: str) -> str | None:
        """The first value that says something, as one line; the others are left."""
        values = self._left.pop(tag, [])
        for position, raw in enumerate(values, 1):
            if text := one_line(raw):
                if position < len(values):
                    self._left[tag] = values[position:]
                return text
        return None

    def _keep(self, tag: str, value: str) -> None:
        self._left.setdefault(tag, []).insert(0, value)

    def _set(self, field: str, value: Any) -> None:
        if value:
            self._fields.setdefault(field, value)

    # Fields

    def _type(self) -> None:
        given = self._first("TY")
        self._left.pop("TY", None)
        if given is None:
            self._guessed.add("type")
            return
        self._kind, sure = csl_type(given)
        self._fields["type"] = self._kind
        if not sure:
            self._guessed.add("type")
        if not is_known(given):
            self._keep("TY", given)

    def _titles(self) -> None:
        """The work's own title, and those of what it is in."""
        self._title("CP", "event_title")
        own = ("TI", "T1", "CT", "BT") if self._kind in WHOLES else ("TI", "T1", "CT")
        for tag in own:
            self._title(tag, "title")
        if self._kind in WHOLES:
            for tag in ("T3", "T2"):
                self._title(tag, "collection_title")
            if self._kind not in ("book", "report"):
                self._periodical()
            return
        self._title("T3", "collection_title")
        if self._kind in CONFERENCES:
            self._proceedings()
        self._title("BT", "container_title")
        self._periodical()

    def _title(self, tag: str, field: str) -> None:
        """Take the first title; others are left where they say something else."""
        if tag not in self._left:
            return
        values = [text for raw in self._all(tag) if (text := title_line(raw))]
        for text in values:
            if field not in self._fields:
                self._fields[field] = text
            elif text != self._fields[field]:
                self._left.setdefault(tag, []).append(text)

    def _periodical(self) -> None:
        """What it appeared in: whole titles first, then abbreviations, which may stand for it."""
        for tag in _CONTAINERS:
            for raw in self._all(tag):
                text = title_line(raw)
                if not text:
                    continue
                if "container_title" not in self._fields:
                    self._fields["container_title"] = text
                elif text == self._fields["container_title"]:
                    continue
                elif tag == "JO":
                    self._abbreviation(tag, text)
                else:
                    self._left.setdefault(tag, []).append(text)
        for tag in _ABBREVIATIONS:
            for raw in self._all(tag):
                if text := title_line(raw):
                    self._abbreviation(tag, text)
        if "container_title" not in self._fields and "container_title_short" in self._fields:
            self._fields["container_title"] = self._fields["container_title_short"]
            self._guessed.add("container_title")

    def _abbreviation(self, tag: str, text: str) -> None:
        short = self._fields.get("container_title_short")
        if short is None:
            if text != self._fields.get("container_title"):
                self._fields["container_title_short"] = text
        elif text not in (short, self._fields.get("container_title")):
            self._left.setdefault(tag, []).append(text)

    def _proceedings(self) -> None:
        """The proceedings may stand under `C3`, and then the conference under `T2`."""
        if _PROCEEDINGS.search(self._peek("C3")):
            self._title("C3", "container_title")
            self._title("T2", "event_title")

    def _names(self) -> None:
        self._people("author", _AUTHORS)
        for field, tags in _CONTRIBUTORS:
            self._people(field, tags)

    def _people(self, field: str, tags: Iterable[str]) -> None:
        names: list[Name] = []
        for raw in self._all(*tags):
            text = one_line(raw)
            if not text.strip(" ,;."):
                continue
            name = parse_name(text)
            if name.literal is not None:
                self._guessed.add(field)
            names.append(name)
        if names:
            self._fields[field] = tuple(names)

    def _date(self) -> None:
        candidates = [(tag, raw) for tag in ("DA", "Y1", "PY") for raw in self._all(tag)]
        date, left = choose_date(candidates)
        for tag, text in left:
            self._left.setdefault(tag, []).append(text)
        if date is not None:
            self._fields["issued"] = date
            if date.is_bare_year:
                self._guessed.add("issued")
        accessed = self._first("Y2") if "Y2" in self._left else None
        found = read_date(accessed) if accessed is not None else None
        if found is not None and found.whole and found.date.year is not None:
            self._fields["accessed"] = found.date
        elif accessed is not None:
            self._keep("Y2", accessed)

    def _pages(self) -> None:
        start, end = self._first("SP"), self._first("EP")
        if start is not None and end is None and self._kind in COUNTED and not is_range(start):
            self._fields["number_of_pages"] = start
            return
        page = read_pages(start, end)
        if page is not None:
            self._fields["page"] = page
            return
        for tag, text in (("SP", start), ("EP", end)):
            if text is not None:
                self._keep(tag, text)

    def _volume(self) -> None:
        """`50(2)` under `VL` holds the issue too."""
        match = _VOLUME_AND_ISSUE.fullmatch(self._fields.get("volume", ""))
        if match is not None and "issue" not in self._fields:
            self._fields["volume"], self._fields["issue"] = match.groups()
        edition = self._first("ET") if self._kind not in ARTICLES else None
        self._set("version" if self._kind in VERSIONED else "edition", edition)

    def _numbers(self) -> None:
        issn, isbn, other = read_serial_numbers(self._all("SN"))
        if other and self._kind in NUMBERED:
            self._fields["number"] = other[0]
            other = other[1:]
        # What is no valid number is kept as what it was meant to be.
        if self._kind in WHOLES or self._kind in ("chapter", "paper-conference"):
            isbn += other
        else:
            issn += other
        self._set("ISSN", issn)
        self._set("ISBN", isbn)
        if self._kind in ARTICLES or self._kind in CONFERENCES:
            self._set("number", self._first("C7"))
        elif self._kind and "number" not in self._fields and self._is_number("M1"):
            self._set("number", self._first("M1"))
        if self._is_arxiv("M1"):
            self._set("arXiv", parse_arxiv(self._first("M1") or ""))

    def _is_number(self, tag: str) -> bool:
        return self._peek(tag) not in ("", "0") and not self._is_arxiv(tag)

    def _is_arxiv(self, tag: str) -> bool:
        text = self._peek(tag)
        return text.lower().startswith("arxiv:") and parse_arxiv(text) is not None

    def _identifiers(self) -> None:
        given = self._first("DO")
        if given is not None:
            self._fields["DOI"] = parse_doi(given) or given
        self._addresses()
        for tag in ("M3", "L3", "N1"):
            if tag in self._left:
                self._doi_in(tag)
        if not _OF_PUBMED.isdisjoint(self._left):
            self._pubmed()

    def _addresses(self) -> None:
        addresses: list[str] = []
        for raw in self._all("UR"):
            addresses += (text for part in _URL_LIST.split(raw) if (text := "".join(part.split())))
        for address in addresses:
            if "DOI" not in self._fields and _RESOLVER.match(address):
                self._set("DOI", parse_doi(address))
            if "arXiv" not in self._fields and "arxiv.org/abs/" in address:
                self._set("arXiv", parse_arxiv(address))
        url = next((address for address in addresses if _ADDRESS.match(address)), None)
        if url is not None:
            self._fields["URL"] = one_line(url)
            addresses.remove(url)
        if addresses:
            self._left["UR"] = addresses

    def _doi_in(self, tag: str) -> None:
        """A DOI under another tag; repeated there it says nothing new."""
        values = self._left.get(tag, [])
        for value in values[:]:
            if not _DOI_LABEL.match(value):
                continue
            doi = parse_doi(value)
            if doi is not None and " " not in doi and self._fields.get("DOI", doi) == doi:
                self._fields["DOI"] = doi
                values.remove(value)

    def _pubmed(self) -> None:
        for tag in ("U1", "U2"):
            match = _BRACKETED.fullmatch(self._peek(tag))
            if match is not None:
                self._pubmed_number(tag, match.group(2).upper(), match.group(1))
        bases = [base.strip().lower() for tag in ("DB", "DP") for base in self._left.get(tag, ())]
        source = self._fields.get("source", "").lower()
        if not _PUBMED.isdisjoint((*bases, source)):
            number = self._peek("AN")
            field = "PMCID" if number.upper().startswith("PMC") else "PMID"
            if self._pubmed_number("AN", field, number) and bases[:1] == ["pubmed"]:
                self._first("DB")
        if self._kind in ARTICLES and "PMCID" not in self._fields:
            self._pubmed_number("C2", "PMCID", self._peek("C2"))

    def _pubmed_number(self, tag: str, field: str, text: str) -> bool:
        """Take the value of a tag if it is such a number, and no other than is known."""
        number = (parse_pmid if field == "PMID" else parse_pmcid)(text)
        if number is None or self._fields.get(field, number) != number:
            return False
        self._set(field, number)
        self._first(tag)
        return True

    def _texts(self) -> None:
        for tag in ("AB", "N2"):
            for raw in self._all(tag):
                text = paragraphs(raw)
                if "abstract" not in self._fields:
                    self._set("abstract", text)
                elif text and text != self._fields["abstract"]:
                    self._left.setdefault(tag, []).append(raw)
        words: dict[str, None] = {}
        for raw in self._all("KW"):
            for piece in raw.replace("\n", ";").split(";"):
                if word := one_line(piece):
                    words[word] = None
        self._set("keyword", tuple(words))
        self._notes()
        self._set("genre", self._first("M3"))
        self._set("section", self._first("SE") if self._kind not in ARTICLES else None)

    def _notes(self) -> None:
        """Notes, and among them the notices and relations that our own exporter writes there."""
        lines = note_lines(self._all("N1")).split("\n")
        updates = {line: notices.update_from_line(line) for line in lines}
        relations = {line: notices.relation_from_line(line) for line in lines}
        self._set("updates", tuple(found for found in updates.values() if found is not None))
        self._set("relations", tuple(found for found in relations.values() if found is not None))
        self._set(
            "note",
            "\n".join(line for line in lines if updates[line] is None and relations[line] is None),
        )

    def _key(self) -> str | None:
        """A citation key under `ID` or `LB`; a bare number, say, is the database's."""
        for tag in ("ID", "LB"):
            text = self._peek(tag)
            if is_citation_key(text):
                self._first(tag)
                return text
        return None
