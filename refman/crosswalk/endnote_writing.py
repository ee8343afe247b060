"""A description as one `<record>` of an EndNote XML file.

The elements stand in the order of EndNote's document type definition. Which of several elements a
field is written under was chosen by what EndNote, Zotero and Mendeley read back: `full-title`
beside `secondary-title` for periodicals, `issue` beside `number`, `web-urls` for the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from refman.crosswalk import notices
from refman.crosswalk.endnote_dates import date_text
from refman.crosswalk.endnote_fields import (
    ARTICLES,
    AUTHORS,
    ELEMENTS,
    FORMAT,
    NUMBERED,
    is_proceedings,
    names_field,
    series_title,
    text_field,
    written_texts,
)
from refman.crosswalk.endnote_marks import styled_xml
from refman.crosswalk.endnote_names import author_text, name_from_text
from refman.crosswalk.endnote_types import csl_type, endnote_type
from refman.model import Date, Description, Name, stated
from refman.text.markup import plain_text, strip_markup

_TITLES = (
    "title", "secondary-title", "tertiary-title", "alt-title", "short-title", "translated-title",
)  # fmt: skip
_URLS = ("pdf-urls", "text-urls", "related-urls", "image-urls", "web-urls")
_IN_GROUPS = frozenset(
    (
        *_TITLES, *_URLS, *AUTHORS, "full-title", "abbr-1", "abbr-2", "abbr-3", "year", "pub-dates",
        "copyright-dates", "ref-type",
    )
)  # fmt: skip
"""Elements that stand in others, and are written with them."""
_ELEMENT = re.compile(r"[a-z][a-z0-9-]{0,40}")
_NO_ELEMENT = "EndNote has no field for it"


class WrittenEndnote(NamedTuple):
    """A record as XML, and what was lost: field and reason."""

    xml: str
    losses: list[tuple[str, str]]


def record_from_description(description: Description, citation_key: str) -> WrittenEndnote:
    """The `<record>` that says a description."""
    return _Writer(description, citation_key).run()


class _Writer:
    def __init__(self, description: Description, citation_key: str) -> None:
        self._of = description
        self._key = citation_key
        self._own_key = ""
        self._kind = description.type or ""
        self._parts: dict[str, list[str]] = {}
        self._said: set[str] = {"type", "extra"}
        self._losses: list[tuple[str, str]] = []

    def run(self) -> WrittenEndnote:
        self._type()
        self._names()
        self._titles()
        self._dates()
        self._texts()
        self._identifiers()
        self._prose()
        self._extra()
        for field, _ in stated(self._of):
            if field not in self._said:
                self._lose(field, _NO_ELEMENT)
        names = (*ELEMENTS, *(name for name in self._parts if name not in ELEMENTS))
        xml = "".join(piece for name in names for piece in self._parts.get(name, ()))
        return WrittenEndnote(f"<record>{xml}</record>", self._losses)

    # Writing elements

    def _put(self, name: str, content: str) -> None:
        """An element whose content is XML already."""
        if content:
            self._parts.setdefault(name, []).append(f"<{name}>{content}</{name}>")

    def _put_text(self, name: str, value: str | None) -> bool:
        text = plain_text(value or "")
        self._put(name, escape(text))
        return bool(text)

    def _lose(self, field: str, reason: str) -> None:
        self._losses.append((field, reason))

    def _plain(self, field: str, value: str) -> str:
        """A text that may have inline marks, without them."""
        if "<" in value and "</" in value:
            plain = strip_markup(value)
            if plain != value:
                self._lose(field, "EndNote's field for it has no italics and the like")
            return plain
        return value

    # Fields

    def _type(self) -> None:
        number, name, exact = endnote_type(self._of.type)
        for extra in self._of.extra:
            if (extra.format, extra.name) == (FORMAT, "ref-type"):
                # The type as it came, unless it has been changed since.
                first, _, rest = plain_text(extra.value).partition(" ")
                if csl_type(rest or None, first)[0] == self._of.type:
                    number, name, exact = first, rest, True
        self._parts["source-app"] = ['<source-app name="refman">refman</source-app>']
        self._parts["ref-type"] = [f"<ref-type name={quoteattr(name)}>{escape(number)}</ref-type>"]
        if not exact:
            reason = f"EndNote has no type {self._of.type}; it is written as {name}"
            self._lose("type", reason)

    def _names(self) -> None:
        groups: dict[str, list[str]] = {}
        for element in AUTHORS:
            field = names_field(element, self._kind)
            names: tuple[Name, ...] = getattr(self._of, field) if field is not None else ()
            if not names and element == "authors":
                field, names = "author", self._of.author
                if names:
                    reason = f"it comes back as the {names_field(element, self._kind)}"
                    self._lose(field, reason)
            if field is not None and names:
                self._said.add(field)
                groups[element] = [self._name(field, name) for name in names]
                self._names_lost(field, names)
        for extra in self._of.extra:
            if extra.format == FORMAT and extra.name in AUTHORS:
                groups.setdefault(extra.name, []).extend(
                    f"<author>{escape(plain_text(line))}</author>"
                    for line in extra.value.split("\n")
                )
        xml = (
            f"<{element}>{''.join(groups[element])}</{element}>"
            for element in AUTHORS
            if element in groups
        )
        self._put("contributors", "".join(xml))

    def _name(self, field: str, name: Name) -> str:
        text = plain_text(author_text(name))
        back = name_from_text(text)
        if back is None or (back.family, back.given, back.suffix, back.literal) != (
            name.family, name.given, name.suffix, name.literal,
        ):  # fmt: skip
            self._lose(field, f"{text!r} is taken apart in another way when it is read")
        return f"<author>{escape(text)}</author>"

    def _names_lost(self, field: str, names: tuple[Name, ...]) -> None:
        if any(name.ORCID is not None for name in names):
            self._lose(field, "EndNote has no ORCIDs")
        if any(name.affiliation for name in names):
            self._lose(field, "EndNote has no affiliations of single persons")

    def _titles(self) -> None:
        of = self._of
        series = series_title(self._kind)
        found = {"title": ("title", of.title), "short-title": ("title_short", of.title_short)}
        if self._kind != "thesis":
            found["secondary-title"] = (series, getattr(of, series))
        if self._kind in ("bill", "hearing"):
            found["tertiary-title"] = ("authority", of.authority)
        elif series != "collection_title":
            found["tertiary-title"] = ("collection_title", of.collection_title)
        if self._kind == "paper-conference":
            self._proceedings(found)
        self._periodical(series)
        pieces = []
        for name in _TITLES:
            field, value = found.get(name, ("", None))
            if value:
                pieces.append(self._title(name, field))
            pieces += self._kept(name)
        self._put("titles", "".join(pieces))

    def _proceedings(self, found: dict[str, tuple[str, str | None]]) -> None:
        """Most programs know of the conference only; `custom3` says that it is the proceedings."""
        of = self._of
        if of.container_title is not None:
            if of.event_title is None:
                found["secondary-title"] = ("container_title", of.container_title)
            elif of.event_title == of.container_title:
                self._said.add("container_title")
                if is_proceedings(of.event_title):
                    return
                self._lose("event_title", "it is the same as the title of the proceedings")
            self._parts["custom3"] = [self._title("custom3", "container_title")]

    def _periodical(self, series: str) -> None:
        pieces = []
        journal = self._kind in ARTICLES or self._kind == "periodical"
        if self._of.container_title is not None and journal:
            pieces.append(self._title("full-title", "container_title"))
        if self._of.container_title_short is not None and (journal or series != "collection_title"):
            pieces.append(self._title("abbr-1", "container_title_short"))
        for name in ("full-title", "abbr-1", "abbr-2", "abbr-3"):
            pieces += self._kept(name)
        self._put("periodical", "".join(pieces))

    def _title(self, name: str, field: str) -> str:
        xml, whole = styled_xml(plain_text(getattr(self._of, field)))
        if not whole and field not in self._said:
            self._lose(field, "EndNote has no small capitals and no mark for what keeps its case")
        self._said.add(field)
        return f"<{name}>{xml}</{name}>"

    def _kept(self, name: str) -> list[str]:
        """Values of an element that have no field and were kept."""
        return [
            f"<{name}>{_lines(extra.value)}</{name}>"
            for extra in self._of.extra
            if extra.format == FORMAT and extra.name == name
        ]

    def _dates(self) -> None:
        of = self._of
        self._said.add("issued")
        self._issued(of.issued)
        self._date("access-date", "accessed", of.accessed)
        if self._kind == "patent":
            self._date("custom1", "submitted", of.submitted)
        if self._kind in ARTICLES:
            self._date("edition", "published_online", of.published_online)
        if text_field("orig-pub", self._kind) is None:
            self._date("orig-pub", "original_date", of.original_date)

    def _issued(self, issued: Date | None) -> None:
        pieces = []
        if issued is not None and issued.year is not None:
            pieces.append(f"<year>{issued.year:04d}</year>")
        if issued is not None and (not issued.is_bare_year or issued.circa):
            pieces.append(f"<pub-dates><date>{escape(date_text(issued))}</date></pub-dates>")
        pieces += self._kept("year")
        for date in self._kept("pub-dates"):
            pieces.append(date.replace("pub-dates>", "date>").join(("<pub-dates>", "</pub-dates>")))
        self._put("dates", "".join((*pieces, *self._kept("copyright-dates"))))

    def _date(self, name: str, field: str, date: Date | None) -> None:
        if date is not None:
            self._said.add(field)
            self._put_text(name, date_text(date))

    def _texts(self) -> None:
        for name, field in written_texts(self._kind):
            value = getattr(self._of, field)
            if value is None or field in self._said:
                continue
            self._said.add(field)
            self._put_text(name, self._plain(field, value))
            if name == "number" and field == "issue":
                # Zotero and Mendeley look for it there.
                self._put_text("issue", value)
        if self._kind in NUMBERED and self._of.number is not None:
            self._said.add("number")
            self._put_text("isbn", self._of.number)

    def _identifiers(self) -> None:
        of = self._of
        self._said |= {"ISSN", "ISBN", "DOI", "URL"}
        numbers = [text for number in (*of.ISSN, *of.ISBN) if (text := plain_text(number))]
        if numbers:
            written = "\r".join(numbers)
            before = self._parts.pop("isbn", [])
            self._put("isbn", _lines("\n".join([*map(_content, before), written])))
        self._put_text("electronic-resource-num", of.DOI)
        kept = {extra.name for extra in of.extra if extra.format == FORMAT}
        if "accession-num" not in kept:
            self._accession(kept)
        if of.PMCID is not None and "custom2" not in kept:
            self._said.add("PMCID")
            self._put_text("custom2", of.PMCID)
        pieces = []
        if of.URL is not None:
            pieces.append(f"<web-urls><url>{escape(plain_text(of.URL))}</url></web-urls>")
        for name in _URLS:
            urls = [
                f"<url>{_lines(extra.value)}</url>"
                for extra in of.extra
                if extra.format == FORMAT and extra.name == name
            ]
            if urls:
                pieces.append(f"<{name}>{''.join(urls)}</{name}>")
        self._put("urls", "".join(pieces))

    def _accession(self, kept: set[str]) -> None:
        of = self._of
        if of.PMID is not None and "remote-database-provider" not in kept:
            self._said.add("PMID")
            self._put_text("accession-num", of.PMID)
            self._put_text("remote-database-provider", "NLM")
        elif of.arXiv is not None:
            self._said.add("arXiv")
            self._put_text("accession-num", f"arXiv:{of.arXiv}")

    def _prose(self) -> None:
        of = self._of
        self._said |= {"abstract", "note", "annote", "keyword", "updates", "relations"}
        if of.abstract is not None:
            self._put("abstract", _lines(self._plain("abstract", of.abstract)))
        lines = [line for line in (of.note or "").split("\n") if plain_text(line)]
        lines += self._notices("updates", map(notices.update_line, of.updates))
        lines += self._notices("relations", map(notices.relation_line, of.relations))
        self._put("notes", _lines("\n".join(lines)))
        self._put("research-notes", _lines(of.annote or ""))
        words = (escape(text) for word in of.keyword if (text := plain_text(word)))
        self._put("keywords", "".join(f"<keyword>{word}</keyword>" for word in words))
        if any((extra.format, extra.name) == (FORMAT, "label") for extra in of.extra):
            self._own_key = f'<key app="refman">{escape(plain_text(self._key))}</key>'
        else:
            self._put_text("label", self._key)

    def _notices(self, field: str, lines: Iterable[str | None]) -> Iterable[str]:
        """As notes, which every program shows."""
        for line in lines:
            if line is not None and plain_text(line) == line:
                yield line
            else:
                self._lose(field, _NO_ELEMENT)

    def _extra(self) -> None:
        groups: dict[str, list[str]] = {"foreign-keys": [self._own_key]} if self._own_key else {}
        taken = frozenset(self._parts)
        for extra in self._of.extra:
            name, _, part = extra.name.partition("/")
            if extra.format != FORMAT or extra.name in _IN_GROUPS:
                continue
            if name in taken or not (_ELEMENT.fullmatch(name) and _ELEMENT.fullmatch(part or name)):
                self._lose("extra", f"{extra.name} cannot stand a second time")
            elif name == "foreign-keys":
                groups.setdefault(name, []).append(_foreign_key(extra.value))
            elif part:
                groups.setdefault(name, []).append(f"<{part}>{_lines(extra.value)}</{part}>")
            else:
                self._put(name, _lines(extra.value))
        for name, pieces in groups.items():
            self._put(name, "".join(pieces))


def _lines(text: str) -> str:
    """A text of several lines; EndNote's line end is CR, which XML must be told by number."""
    lines = (escape(plain_text(line)) for line in text.replace("\r", "\n").split("\n"))
    return "&#xD;".join(lines).strip()


def _content(xml: str) -> str:
    """What stands in an element that was written, for adding to it."""
    return strip_markup(xml[xml.index(">") + 1 : xml.rindex("<")])


def _foreign_key(text: str) -> str:
    """`EN db-id number`, as it was kept."""
    app, _, rest = text.partition(" ")
    db, _, number = rest.partition(" ")
    if not number:
        return ""
    app, db, number = map(plain_text, (app, db, number))
    return f"<key app={quoteattr(app)} db-id={quoteattr(db)}>{escape(number)}</key>"
