"""A MEDLINE record (PubMed's `nbib`) as a description.

The tags are those of NLM's "MEDLINE/PubMed Data Element (Field) Descriptions"; ERIC and KoreaMed
use the format with a few of their own (`ISSN`, `KW`, addresses under `AID` and `LID`).
`docs/formats/nbib.md` has the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from refman.crosswalk.medline_names import read_people
from refman.crosswalk.medline_values import (
    Cited,
    cited,
    csl_type,
    medline_date,
    thesis_genre,
    whole_pages,
)
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import one_line, paragraphs, read_serial_numbers, title_line
from refman.crosswalk.tags import TagReader
from refman.model import Date, Relation, Update
from refman.model.identifier import parse_pmcid, parse_pmid

FORMAT = "nbib"

_PEOPLE = frozenset(("FAU", "AU", "CN", "FED", "ED", "AD", "AUID"))
_TEXTS = {
    "VI": "volume",
    "IP": "issue",
    "PB": "publisher",
    "CTI": "collection_title",
    "VTI": "volume_title",
    "TT": "original_title",
    "EN": "edition",
    "CI": "license",
    "LA": "language",
}
_UPDATES = {
    "RIN": ("retraction", None),
    "RRI": ("retraction", "Retracted and republished"),
    "ECI": ("expression_of_concern", None),
    "EIN": ("erratum", None),
    "CRI": ("correction", "Corrected and republished"),
}
"""Notices about this work. Those that it is itself (`ROF`, `EFR`, `ECF`) have no field."""
_RELATIONS = {
    "CIN": "has-comment",
    "CON": "is-comment-on",
    "UIN": "is-replaced-by",
    "UOF": "replaces",
    "RPI": "has-version",
    "RPF": "is-version-of",
    "CRF": "replaces",
    "RRF": "replaces",
    "SPIN": "has-related-material",
}
_PREPRINT_SERVERS = re.compile(
    r"\b(?:(?:bio|med|chem|psyar|soc)?a?rxiv|res(?:earch)? sq|ssrn)", re.IGNORECASE
)
_BRACKETED = re.compile(r"(\S.{0,250}?)\s{0,3}\[([a-z]{2,20})\]")
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)
_ERIC = re.compile(r"E[JD]\d{1,9}")
_UNIVERSITY = re.compile(r",\s{0,3}([^,;]{1,200}? (?:University|Institute|College)[^,;.]{0,100})")
_NUMBER_LABEL = re.compile(r"\s*(?:[ep]?-?IS[SB]N-)+", re.IGNORECASE)


def description_from_medline(fields: Sequence[tuple[str, str]]) -> ReadEntry:
    """The description that the tags and values of a record make, given in their order.

    Values without a field are kept in `extra`. Raises nothing, whatever the values are.
    """
    return _Reader(fields).run()


class _Reader(TagReader):
    FORMAT = FORMAT

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        tags: dict[str, list[str]] = {}
        for tag, value in fields:
            if tag not in _PEOPLE:
                tags.setdefault(tag, []).append(value)
        super().__init__(tags)
        self._in_order = fields

    def run(self) -> ReadEntry:
        self._type()
        self._people()
        self._titles()
        self._dates()
        for tag, field in _TEXTS.items():
            self._take(tag, field)
        self._pages()
        self._numbers()
        self._identifiers()
        self._texts()
        self._notices()
        return self._read()

    def _type(self) -> None:
        given = self._left.get("PT", [])
        self._kind, sure = csl_type(given, eric_article=self._peek("OID").startswith("EJ"))
        if not sure:
            self._guessed.add("type")
        if self._kind == "thesis":
            self._set("genre", thesis_genre(given))
        # Only what says no more than the type is done with.
        self._left["PT"] = [one for one in given if one.strip() != "Journal Article"]

    def _people(self) -> None:
        people = read_people(self._in_order)
        self._set("author", people.author)
        self._set("editor", people.editor)
        for field in ("author", "editor"):
            if any(name.literal for name in self._fields.get(field, ())):
                self._guessed.add(field)
        for tag, text in people.left:
            self._left.setdefault(tag, []).append(text)

    def _titles(self) -> None:
        title = title_line(" ".join(self._all("TI")))
        book = title_line(" ".join(self._all("BTI")))
        if self._kind == "book" and book:
            title, book = book, "" if title in ("", book) else title
            self._keep("TI", *filter(None, [book]))
            book = ""
        self._set("title", title or book)
        if book and title:
            self._set("container_title", book)
        journal = self._first("JT")
        if self._kind in ("book", "report"):
            # ERIC writes the publisher there.
            if journal and not self._peek("PB"):
                self._set("publisher", journal)
            elif journal:
                self._keep("JT", journal)
        elif self._kind == "thesis":
            self._set("archive", journal)
            self._university()
        elif journal and not self._set("container_title", journal):
            self._keep("JT", journal)
        short = self._first("TA")
        self._set("container_title_short", short)
        if short and "container_title" not in self._fields and self._kind.startswith("article"):
            self._fields["container_title"] = short
            self._guessed.add("container_title")

    def _university(self) -> None:
        """`Ph.D. Dissertation, Drexel University`; the citation itself stays."""
        found = _UNIVERSITY.search(one_line(self._peek("SO"))[:2000])
        self._set("publisher", found[1] if found is not None else None)

    def _dates(self) -> None:
        given = self._first("DP")
        found = medline_date(given) if given is not None else None
        if given is not None and found is not None:
            self._fields["issued"] = found.date
            if not found.whole:
                self._keep("DP", given)
        online = self._date_of("DEP")
        self._set("published_online", online)
        if online is not None and "issued" not in self._fields:
            self._fields["issued"] = online
            self._guessed.add("issued")
        issued = self._fields.get("issued")
        if issued is not None and issued.is_bare_year:
            self._guessed.add("issued")
        self._history()

    def _date_of(self, tag: str) -> Date | None:
        given = self._first(tag)
        found = medline_date(given) if given is not None else None
        if found is not None and found.whole and found.date.year is not None:
            return found.date
        if given is not None:
            self._keep(tag, given)
        return None

    def _history(self) -> None:
        """`2013/02/18 [received]` is when it was submitted."""
        values = self._left.get("PHST", [])
        for place, value in enumerate(values):
            head, bracket, _ = value.partition("[received]")
            found = medline_date(head.strip()[:10]) if bracket else None
            if found is not None and found.whole and self._set("submitted", found.date):
                del values[place]
                return

    def _pages(self) -> None:
        given = self._first("PG")
        self._set("page", whole_pages(given) if given else None)
        place = self._first("PL")
        if place and self._kind.startswith("article"):
            # The country where the journal is published, which nobody cites.
            self._keep("PL", place)
        else:
            self._set("publisher_place", place)

    def _numbers(self) -> None:
        values = [_NUMBER_LABEL.sub("", value) for value in self._all("IS", "ISSN", "ISBN")]
        issn, isbn, other = read_serial_numbers(values)
        if self._kind in ("book", "chapter"):
            isbn += other
        else:
            issn += other
        self._set("ISSN", issn)
        self._set("ISBN", isbn)

    def _identifiers(self) -> None:
        self._number("PMID", "PMID")
        self._number("PMC", "PMCID")
        for tag in ("AID", "LID"):
            for value in self._all(tag):
                if not self._identifier(one_line(value), tag):
                    self._left.setdefault(tag, []).append(value)
        values = self._left.get("OID", [])
        for place, value in enumerate(values):
            if _ERIC.fullmatch(value.strip()):
                self._set("note", f"ERIC Number: {value.strip()}")
                del values[place]
                return

    def _number(self, tag: str, field: str) -> None:
        given = self._first(tag)
        number = (parse_pmid if field == "PMID" else parse_pmcid)(given) if given else None
        self._set(field, number or given)

    def _identifier(self, text: str, tag: str) -> bool:
        """Take `10.1016/… [doi]`, `e1234 [pii]`, an address; whether it is taken."""
        match = _BRACKETED.fullmatch(text)
        value, kind = match.groups() if match is not None else (text, "")
        if kind == "doi" or text.lower().startswith("doi") or "doi.org/" in text:
            return self._doi(value)
        if kind == "pii":
            if "page" not in self._fields and tag == "LID":
                return self._set("page", value)
            return self._fields.get("page") == value
        return not kind and _ADDRESS.match(value) is not None and self._set("URL", value)

    def _texts(self) -> None:
        for raw in self._all("AB"):
            text = paragraphs(raw)
            if not self._set("abstract", text):
                self._left.setdefault("AB", []).append(raw)
        self._keywords(self._all("MH", "OT", "KW"), "\n")

    def _notices(self) -> None:
        """What became of the work, and what others say of it; the citations themselves stay."""
        updates: dict[Update, None] = {}
        relations: dict[Relation, None] = {}
        for tag, (kind, label) in _UPDATES.items():
            for value in self._left.get(tag, ()):
                of = cited(one_line(value))
                updates[Update(kind, of.DOI, of.date, "pubmed", label)] = None
        types = {one.strip().lower() for one in self._left.get("PT", ())}
        if "retracted publication" in types and not any(
            update.type == "retraction" for update in updates
        ):
            updates[Update("retraction", source="pubmed")] = None
        for tag, kind in _RELATIONS.items():
            for value in self._left.get(tag, ()):
                found = self._relation(tag, kind, one_line(value))
                if found is not None:
                    relations[found] = None
        self._set("updates", tuple(updates))
        self._set("relations", tuple(relations))

    def _relation(self, tag: str, kind: str, text: str) -> Relation | None:
        of: Cited = cited(text)
        if tag == "UOF" and _PREPRINT_SERVERS.match(text):
            kind = "has-preprint"
        elif tag == "UIN" and self._kind == "article":
            kind = "is-preprint-of"
        if of.DOI is not None:
            return Relation(kind, of.DOI)
        return Relation(kind, of.PMID, "pmid") if of.PMID is not None else None
