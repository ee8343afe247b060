"""One `<record>` of an EndNote XML file, as a description."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from refman.crosswalk import notices
from refman.crosswalk.endnote_dates import choose_issued, endnote_date
from refman.crosswalk.endnote_fields import (
    ARTICLES,
    AUTHORS,
    COUNTED,
    NUMBERED,
    WHOLES,
    is_proceedings,
    names_field,
    other_field,
    series_title,
    text_field,
)
from refman.crosswalk.endnote_marks import marked_text, text_of
from refman.crosswalk.endnote_names import read_author
from refman.crosswalk.endnote_parts import RecordParts, unwrapped
from refman.crosswalk.endnote_types import EDITED_BOOK, csl_type, is_known
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import (
    is_citation_key,
    is_range,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    read_serial_numbers,
)
from refman.model import Description, Name
from refman.model.identifier import find_dois, parse_arxiv, parse_doi, parse_pmcid, parse_pmid
from refman.text.xml_stream import local_name

_TITLES = (
    "title", "secondary-title", "tertiary-title", "alt-title", "short-title", "translated-title",
)  # fmt: skip
_PUBMED = re.compile(r"\b(?:pubmed|medline|nlm)\b|mendeley", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:|ftp:)?//|www\.", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?:)?//(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_PMC = re.compile(r"\s*(PMC\d{1,9})\s*", re.IGNORECASE)
_PAGE = re.compile(r"[A-Za-z]{0,3}\d{1,7}[A-Za-z]?")


def description_from_record(record: etree._Element) -> ReadEntry:
    """The description that a `<record>` makes.

    Elements without a field are kept in `extra`. Raises nothing, whatever they hold.
    """
    return _Reader(record).run()


class _Reader(RecordParts):
    """One record on its way into a description."""

    def __init__(self, record: etree._Element) -> None:
        super().__init__(record)
        self._guessed: set[str] = set()
        self._kind = ""
        self._edited = False
        self._own_key: str | None = None

    def run(self) -> ReadEntry:
        self._type()
        self._titles()
        self._periodicals()
        self._names()
        self._dates()
        self._texts()
        self._pages()
        self._serial_numbers()
        self._identifiers()
        self._addresses()
        self._prose()
        self._others()
        key = self._key()
        self._keep_rest()
        description = Description(**self._fields, extra=tuple(self._extra))
        return ReadEntry(description, frozenset(self._guessed & self._fields.keys()), key)

    # Fields

    def _type(self) -> None:
        found = self._left.get("ref-type")
        if not found:
            self._guessed.add("type")
            return
        name, number = one_line(found[0].get("name") or ""), one_line(text_of(found[0]))
        self._kind, sure = csl_type(name or None, number)
        self._fields["type"] = self._kind
        self._edited = name.lower() in EDITED_BOOK or (not name and number in EDITED_BOOK)
        if not sure:
            self._guessed.add("type")
        if not is_known(name or None, number):
            self._keep("ref-type", " ".join(part for part in (number, name) if part))

    def _titles(self) -> None:
        # JabRef writes some of them beside `titles`, not in it.
        loose = [element for name in _TITLES for element in self._take(name)]
        for element in (*self._children("titles"), *loose):
            name, text = local_name(element), marked_text(element)
            if not text:
                continue
            field = self._title_field(name, text)
            if field is None or not self._set(field, text):
                self._keep(name, text)
        if self._kind == "paper-conference":
            self._proceedings()

    def _title_field(self, name: str, text: str) -> str | None:
        if name == "title":
            return "title"
        if name == "short-title":
            return "title_short"
        if name == "secondary-title":
            return None if self._kind == "thesis" else series_title(self._kind)
        if name == "tertiary-title":
            return "authority" if self._kind in ("bill", "hearing") else "collection_title"
        if name == "alt-title" and self._kind in ARTICLES:
            for field in ("container_title", "container_title_short"):
                if self._fields.get(field) == text:
                    return field
            return "container_title_short"
        return None

    def _proceedings(self) -> None:
        """The conference and its proceedings, of which some files name but one."""
        found = self._take("custom3")
        text = marked_text(found[0]) if found else ""
        event = self._fields.get("event_title")
        if text:
            self._fields["container_title"] = text
            if text == event:
                del self._fields["event_title"]
        elif event is not None and is_proceedings(event):
            self._fields["container_title"] = event
            self._guessed.add("event_title")

    def _periodicals(self) -> None:
        """The journal as the library's list of journals has it, which is better than the record."""
        for name in ("periodical", "alt-periodical"):
            for element in self._children(name):
                part, text = local_name(element), marked_text(element)
                if text and not self._periodical(name, part, text):
                    self._keep(part if name == "periodical" else f"{name}/{part}", text)

    def _periodical(self, name: str, part: str, text: str) -> bool:
        """Take a title of a periodical; False where it says something that has no field."""
        known = (self._fields.get("container_title"), self._fields.get("container_title_short"))
        if part == "full-title" and name == "periodical":
            title = known[0]
            if self._kind in WHOLES and self._kind != "periodical":
                return text in (self._fields.get("collection_title"), self._fields.get("title"))
            if title is not None and title != text and self._kind not in ARTICLES:
                return False
            self._fields["container_title"] = text
            return title in (None, text) or self._set("container_title_short", title)
        in_something = self._kind not in WHOLES or self._kind == "periodical"
        if part == "abbr-1" and name == "periodical" and in_something:
            return self._set("container_title_short", text)
        return text in known

    def _names(self) -> None:
        for group in self._children("contributors"):
            name = local_name(group)
            field = self._names_field(name)
            for element in group:
                person = read_author(element)
                if person is None:
                    continue
                if field is None:
                    self._keep(name, person.inverted)
                    continue
                if person.literal is not None:
                    self._guessed.add(field)
                names: tuple[Name, ...] = self._fields.get(field, ())
                self._fields[field] = (*names, person)

    def _names_field(self, element: str) -> str | None:
        if element not in AUTHORS:
            return None
        if element == "authors" and self._edited:
            return "editor"
        if element == "secondary-authors" and self._kind == "book" and self._is_from("jabref"):
            # JabRef has no other place for editors.
            return "editor"
        return names_field(element, self._kind)

    def _is_from(self, program: str) -> bool:
        return self._peek("source-app").lower() == program

    def _dates(self) -> None:
        self._issued()
        self._date("access-date", "accessed")
        if self._kind == "patent":
            self._date("custom1", "submitted")
        if self._kind in ARTICLES:
            self._date("edition", "published_online")
        if text_field("orig-pub", self._kind) is None:
            self._date("orig-pub", "original_date")

    def _issued(self) -> None:
        said: dict[str, list[str]] = {}
        for element in self._children("dates"):
            name = local_name(element)
            for one in element if name == "pub-dates" else (element,):
                if text := one_line(text_of(one)):
                    said.setdefault(name, []).append(text)
        years, dates = said.pop("year", []), said.pop("pub-dates", [])
        if years and not dates and "month" in said:
            # JabRef's way.
            month, day = said.pop("month")[0], said.pop("day", [])
            dates = ["-".join((years[0], month, *day[:1]))]
        for name, texts in said.items():
            for text in texts:
                self._keep(name, text)
        issued, left = choose_issued(list(filter(None, years)), list(filter(None, dates)))
        for name, text in left:
            self._keep(name, text)
        if issued is not None:
            self._fields["issued"] = issued
            if issued.is_bare_year:
                self._guessed.add("issued")

    def _date(self, name: str, field: str) -> None:
        found = endnote_date(self._peek(name)) if name in self._left else None
        if found is not None and found.whole and found.date.year is not None:
            self._fields[field] = found.date
            self._take(name)

    def _texts(self) -> None:
        """Elements that are one field, first those that are meant for it."""
        for choice in (text_field, other_field):
            for name in list(self._left):
                field = choice(name, self._kind)
                if field is None:
                    continue
                values = [one_line(text_of(element)) for element in self._take(name)]
                for text in values:
                    if not self._set(field, text):
                        self._keep(name, text)

    def _pages(self) -> None:
        self._dashes("page")
        self._dashes("number_of_pages")
        counted = self._fields.get("number_of_pages")
        counts = counted is None or self._kind not in COUNTED or not is_range(counted)
        if not counts and self._set("page", counted):
            del self._fields["number_of_pages"]
        first = self._fields.get("page_first")
        if first is not None and (
            not _PAGE.fullmatch(first) or self._fields.get("page", "").partition("-")[0] == first
        ):
            # EndNote's section, or a start page that says nothing new.
            del self._fields["page_first"]
            self._keep("section", first)

    def _dashes(self, field: str) -> None:
        text = self._fields.get(field)
        if text is None:
            return
        pages = read_pages(text, None)
        if pages is None:
            del self._fields[field]
            self._keep("pages", text)
        else:
            self._fields[field] = pages

    def _serial_numbers(self) -> None:
        texts = [text_of(element).replace("\r", "\n") for element in self._take("isbn")]
        issn, isbn, other = read_serial_numbers(tuple(texts))
        if other and self._kind in NUMBERED and self._set("number", other[0]):
            other = other[1:]
        # What is no valid number is kept as what it was meant to be.
        if self._kind in WHOLES or self._kind in ("chapter", "paper-conference"):
            isbn += other
        else:
            issn += other
        self._set("ISSN", issn)
        self._set("ISBN", isbn)

    def _identifiers(self) -> None:
        for element in self._take("electronic-resource-num"):
            text = one_line(text_of(element))
            doi = parse_doi(text) or next(iter(find_dois(text)), None)
            if not self._set("DOI", doi or text):
                self._keep("electronic-resource-num", text)
            elif doi is not None and " " in text:
                # `10.1000/x S0140-6736(09)1 [pii]`
                self._keep("electronic-resource-num", text.replace(doi, "", 1))
        number = self._peek("accession-num")
        pubmed = parse_pmid(number) if number else None
        if number.lower().startswith("arxiv:") and parse_arxiv(number):
            self._fields["arXiv"] = parse_arxiv(number)
            self._take("accession-num")
        elif pubmed is not None and self._is_of_pubmed():
            self._fields["PMID"] = pubmed
            self._take("accession-num")
            if self._peek("remote-database-provider") == "NLM":
                self._take("remote-database-provider")
        for name in ("custom2", "custom3", "custom7"):
            if "PMCID" not in self._fields and _PMC.fullmatch(self._peek(name)):
                self._set("PMCID", parse_pmcid(self._peek(name)))
                self._take(name)

    def _is_of_pubmed(self) -> bool:
        said = (self._peek("remote-database-provider"), self._fields.get("source", ""))
        if any(_PUBMED.search(text) for text in (*said, self._peek("database"))):
            return True
        urls = self._left.get("urls", ())
        return any("ncbi.nlm.nih.gov" in text_of(element) for element in urls)

    def _addresses(self) -> None:
        groups = sorted(self._children("urls"), key=lambda group: local_name(group) != "web-urls")
        for group in groups:
            name = local_name(group)
            listed = list(group) if len(group) and local_name(group[0]) != "style" else [group]
            for element in listed:
                text = "".join(text_of(element).split())
                if name in ("pdf-urls", "image-urls"):
                    self._keep(name, text_of(element).strip())
                elif not self._address(text):
                    self._keep(name, text)

    def _address(self, text: str) -> bool:
        if "DOI" not in self._fields and _RESOLVER.match(text):
            self._set("DOI", parse_doi(text))
        if "arXiv" not in self._fields and "arxiv.org/abs/" in text:
            self._set("arXiv", parse_arxiv(text))
        return not text or bool(_ADDRESS.match(text) and self._set("URL", one_line(text)))

    def _prose(self) -> None:
        for element in self._take("abstract"):
            raw = unwrapped(text_of(element))
            # What looks like a tag must not take the paragraphs away: `patients <21 years`.
            parts = raw.split("\n\n") if "<" in raw and "</" not in raw else [raw]
            text = "\n\n".join(part for one in parts if (part := paragraphs(one)))
            if not self._set("abstract", text):
                self._keep("abstract", raw)
        lines = note_lines(unwrapped(text_of(one)) for one in self._take("notes")).split("\n")
        self._notes(lines)
        self._set(
            "annote", note_lines(unwrapped(text_of(one)) for one in self._take("research-notes"))
        )

    def _notes(self, lines: Iterable[str]) -> None:
        """Notes, and among them the notices and relations that our own exporter writes there."""
        updates = {line: notices.update_from_line(line) for line in lines}
        relations = {line: notices.relation_from_line(line) for line in lines}
        self._set("updates", tuple(found for found in updates.values() if found is not None))
        self._set("relations", tuple(found for found in relations.values() if found is not None))
        plain = (line for line in lines if updates[line] is None and relations[line] is None)
        self._set("note", "\n".join(plain))

    def _others(self) -> None:
        words: dict[str, None] = {}
        listed = [text for one in self._children("keywords") if (text := text_of(one).strip())]
        if len(listed) == 1 and listed[0].count(";") > 1:
            # All of them in one.
            listed = listed[0].split(";")
        for text in listed:
            for piece in text.split("\r"):
                if word := one_line(piece):
                    words[word] = None
        self._set("keyword", tuple(words))
        for element in self._children("foreign-keys"):
            if element.get("app") == "refman":
                self._own_key = one_line(text_of(element))
                continue
            parts = (element.get("app"), element.get("db-id"), one_line(text_of(element)))
            self._keep("foreign-keys", " ".join(part for part in parts if part))

    def _key(self) -> str | None:
        """EndNote makes the BibTeX key of what stands under `label`."""
        text = self._peek("label")
        if self._own_key is not None or not is_citation_key(text):
            return self._own_key
        self._left["label"] = self._left["label"][1:]
        return text
