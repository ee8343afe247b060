"""A node of a bibliography in RDF, as a description.

The properties are those of Zotero RDF, and of Dublin Core, PRISM, BIBO, EPrints, FOAF and
schema.org, in the order in which Zotero believes them. A property without a field is kept in
`extra`, under its short name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from refman.crosswalk.rdf_properties import (
    ABSTRACT,
    CALL_NUMBERS,
    DOI,
    IN_CONTAINER,
    ISBN,
    ISSN,
    ISSUED,
    KEYWORDS,
    PART_OF,
    PEOPLE,
    PUBLICATION,
    TEXTS,
    TITLE,
    URLS,
)
from refman.crosswalk.rdf_types import local, of_nodes, of_words
from refman.crosswalk.rdf_values import leaves, person_of, text_of, texts
from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import (
    is_citation_key,
    note_lines,
    one_line,
    paragraphs,
    read_pages,
    read_serial_numbers,
    title_line,
)
from refman.crosswalk.words_said import is_said, words_said
from refman.crosswalk.zotero_fields import CREATORS, DATES, FIELDS
from refman.model import Description, Extra, Name
from refman.model.identifier import parse_arxiv, parse_doi, parse_pmcid, parse_pmid
from refman.text.dates import read_date
from refman.text.markup import plain_abstract
from refman.text.rdf_xml import Node, members

FORMAT = "zotero-rdf"

_Values = list[Node | str]
_OF_PERIODICALS = frozenset((*ISSN, *PUBLICATION, *IN_CONTAINER["issue"]))
_NUMBERED = frozenset(("patent", "report", "standard", "bill"))
_PLAIN_TYPES = frozenset(("chapter", "book"))
_EXTRA_LINE = re.compile(r"([A-Za-z][A-Za-z .]{1,30}?)\s?[:=]\s?(\S.{0,500})")
_ADDRESS = re.compile(r"https?://\S")
_Readers = dict[str, tuple[str, Callable[[str], str | None]]]
_IN_EXTRA: _Readers = {
    "pmid": ("PMID", parse_pmid), "pmcid": ("PMCID", parse_pmcid), "doi": ("DOI", parse_doi),
    "arxiv": ("arXiv", parse_arxiv), "arxiv id": ("arXiv", parse_arxiv),
}  # fmt: skip


def description_from_node(node: Node) -> ReadEntry:
    """The description that a node makes. Raises nothing, whatever it holds."""
    return _Reader(node).run()


class _Reader:
    """A node on its way into a description; `_left` is what has found no field yet."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._left = {name: list(values) for name, values in node.properties.items()}
        self._around = list(_containers(self._take(*PART_OF)))
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._extra: list[Extra] = []
        self._notes: list[str] = []
        self._key: str | None = None
        self._kind = ""
        self._of_zotero = "z:itemType" in node.properties

    def run(self) -> ReadEntry:
        self._type()
        self._set("title", title_line(self._first(*TITLE)))
        self._containers()
        self._people()
        self._publisher()
        self._pages()
        for field, names in TEXTS.items():
            self._set(field, one_line(self._first(*names)))
        self._dates()
        self._identifiers()
        self._subjects()
        self._prose()
        self._zotero()
        self._rest()
        self._set("note", "\n".join(self._notes))
        self._read_in_part()
        description = Description(**self._fields, extra=tuple(self._extra))
        return ReadEntry(description, frozenset(self._guessed & self._fields.keys()), self._key)

    # Taking values

    def _take(self, *names: str) -> _Values:
        return [value for name in names for value in self._left.pop(name, ())]

    def _first(self, *names: str) -> str:
        """The first text of the first of the properties that has one; other texts are left."""
        for name in names:
            for place, value in enumerate(self._left.get(name, ())):
                said = text_of(value)
                if said:
                    del self._left[name][place]
                    return said
        return ""

    def _set(self, field: str, value: Any) -> bool:
        """Set a field that nothing has set yet; whether that was so, or it says the same."""
        return not value or self._fields.setdefault(field, value) == value

    def _keep(self, name: str, value: str) -> None:
        if text := note_lines([value]):
            self._extra.append(Extra(FORMAT, name, text))

    # Fields

    def _type(self) -> None:
        said = one_line(self._first("z:itemType", "z:type")) if self._of_zotero else ""
        kinds = [kind for one in self._around for kind in one.types]
        found = of_words(said) if said else None
        if found is None:
            found = of_nodes(self._node.types, kinds)
        if found is None:
            words = [text_of(one) for name in ("dc:type", "dcterms:type", "eprints:type")
                     for one in self._node.properties.get(name, ())]  # fmt: skip
            found = next(filter(None, map(of_words, words)), None)
            if found is None:
                self._guessed.add("type")
        if said and of_words(said) is None:
            self._keep("z:itemType", said)
        published = not _OF_PERIODICALS.isdisjoint(self._node.properties)
        self._kind = found or ("article-journal" if self._around or published else "document")
        self._fields["type"] = self._kind

    def _containers(self) -> None:
        for one in self._around:
            kinds = {local(kind) for kind in one.types}
            title = title_line(texts(one, *TITLE))
            if "part" in kinds:
                self._set("section", title)
            elif "series" in kinds:
                self._set(
                    "collection_title", title or title_line(texts(one, "dcterms:alternative"))
                )
                self._set("collection_number", one_line(texts(one, "dc:identifier")))
            elif not self._set("container_title", title):
                self._keep("dcterms:isPartOf", title)
            if "series" not in kinds and "part" not in kinds:
                for field, names in IN_CONTAINER.items():
                    self._set(field, one_line(texts(one, *names)))
        self._set("container_title", title_line(self._first(*PUBLICATION)))
        for field, names in IN_CONTAINER.items():
            numbered = field == "issue" and self._kind in _NUMBERED
            self._set("number" if numbered else field, one_line(self._first(*names)))
        meeting = self._take("bib:presentedAt")
        self._set("event_title", title_line(next(filter(None, map(text_of, meeting)), "")))

    def _people(self) -> None:
        people: dict[str, dict[Name, None]] = {}
        for name in list(self._left):
            field = PEOPLE.get(name)
            if field is None and name.startswith("z:") and name.endswith("s"):
                field = CREATORS.get(name[2:-1])
            if field is None:
                continue
            for one in members(self._take(name)):
                person = person_of(one)
                if person is None:
                    continue
                if person.literal is not None:
                    self._guessed.add(field)
                people.setdefault(field, {})[person] = None
        for field, names in people.items():
            self._set(field, tuple(names))

    def _publisher(self) -> None:
        around = [
            value for one in self._around for value in one.properties.get("schema:publisher", ())
        ]
        for one in (*self._take("dc:publisher", "dcterms:publisher", "schema:publisher",
                                "eprints:institution"), *around):  # fmt: skip
            self._set("publisher", one_line(text_of(one)))
            if isinstance(one, Node):
                for address in one.properties.get("vcard:adr", ()):
                    if isinstance(address, Node):
                        self._set("publisher_place", one_line(texts(address, "vcard:locality")))
        self._set("publisher_place", one_line(self._first("eprints:place_of_pub")))

    def _pages(self) -> None:
        pages = one_line(
            self._first("bib:pages", "prism:pageRange", "bibo:pages", "schema:pagination",
                        "eprints:pagerange")
        )  # fmt: skip
        start = one_line(self._first("prism:startingPage", "bibo:pageStart", "schema:pageStart"))
        end = one_line(self._first("prism:endingPage", "bibo:pageEnd", "schema:pageEnd"))
        self._set("page", read_pages(pages or start or None, None if pages else end or None))

    def _dates(self) -> None:
        for name in ISSUED:
            said = one_line(self._first(name))
            found = read_date(said) if said else None
            if found is None:
                continue
            if not self._set("issued", found.date) or not found.whole:
                self._keep(name, said)
        for one in self._around:
            found = read_date(one_line(texts(one, *ISSUED)))
            self._set("issued", found.date if found is not None else None)
        issued = self._fields.get("issued")
        if issued is not None and issued.is_bare_year:
            self._guessed.add("issued")
        for name, field in (
            ("dcterms:dateSubmitted", "accessed"),
            ("dcterms:available", "available_date"),
        ):
            said = one_line(self._first(name))
            found = read_date(said) if said else None
            if found is not None and found.date.year is not None:
                self._set(
                    field if self._of_zotero or field != "accessed" else "submitted", found.date
                )

    def _identifiers(self) -> None:
        numbers: list[str] = []
        for one in (self._node, *self._around):
            if "bib:Series" in one.types:
                continue
            for name in (*ISSN, *ISBN):
                numbers += [text_of(value) for value in one.properties.get(name, ())]
                self._left.pop(name, None)
            for value in one.properties.get("dc:identifier", []) + one.properties.get(
                "dcterms:identifier", []
            ):
                self._identifier(value, numbers)
        self._left.pop("dc:identifier", None)
        self._left.pop("dcterms:identifier", None)
        serial = read_serial_numbers(numbers)
        book = self._kind in _PLAIN_TYPES or (serial.isbn and not serial.issn)
        self._set("ISSN", serial.issn + (() if book else serial.other))
        self._set("ISBN", serial.isbn + (serial.other if book else ()))
        for value in self._take(*DOI):
            said = one_line(text_of(value))
            self._set("DOI", parse_doi(said) or said)
        addresses = [text_of(value) for value in self._take(*URLS)] + [self._node.about]
        for address in addresses:
            if "doi.org/" in address or address.lower().startswith(("doi:", "info:doi/")):
                self._set("DOI", parse_doi(address))
            if _ADDRESS.match(address) and not self._set("URL", one_line(address)):
                self._keep("url", address if address != self._node.about else "")

    def _identifier(self, value: Node | str, numbers: list[str]) -> None:
        said = one_line(text_of(value))
        if isinstance(value, Node) and "dcterms:URI" in value.types:
            self._set("URL", one_line(texts(value, "rdf:value")))
            return
        label, _, rest = said.partition(" ")
        if label.upper() in ("ISBN", "ISSN"):
            numbers.append(rest)
        elif label.upper() == "DOI" or said.startswith("10.") or "doi.org/" in said:
            if not self._set("DOI", parse_doi(said) or rest):
                self._keep("dc:identifier", said)
        elif said.startswith(("urn:issn:", "urn:isbn:")):
            numbers.append(said[9:])
        elif not (_ADDRESS.match(said) and self._set("URL", said)):
            self._keep("dc:identifier", said)

    def _subjects(self) -> None:
        words: dict[str, None] = {}
        for value in members(self._take(*KEYWORDS)):
            if isinstance(value, Node) and CALL_NUMBERS & set(value.types):
                if not self._set("call_number", one_line(texts(value, "rdf:value"))):
                    self._keep("dc:subject", texts(value, "rdf:value"))
            elif said := one_line(text_of(value)):
                words[said] = None
        self._set("keyword", tuple(words))

    def _prose(self) -> None:
        for name in ABSTRACT:
            for value in self._take(name):
                if not self._set("abstract", paragraphs(text_of(value))):
                    self._keep(name, text_of(value))
        for value in self._take("dcterms:isReferencedBy"):
            said = texts(value, "rdf:value", "dc:description") if isinstance(value, Node) else value
            self._notes += [line for line in plain_abstract(said).split("\n") if line]
        if "bib:Memo" in self._node.types:
            self._notes += plain_abstract(self._first("rdf:value")).split("\n")
        for value in self._take("dc:description", "dcterms:description", "z:extra"):
            if self._of_zotero or not self._set("abstract", paragraphs(text_of(value))):
                for line in note_lines([text_of(value)]).split("\n"):
                    self._extra_line(line)

    def _extra_line(self, line: str) -> None:
        """A line of what Zotero calls "Extra", in which people keep what it has no field for."""
        match = _EXTRA_LINE.fullmatch(line)
        label = match.group(1).lower() if match is not None else ""
        if match is not None and label in _IN_EXTRA:
            field, read = _IN_EXTRA[label]
            value = read(match.group(2))
            if value is not None and self._set(field, value):
                return
        if match is not None and label == "original date":
            found = read_date(match.group(2))
            if found is not None and self._set("original_date", found.date):
                return
        if match is not None and label == "citation key" and is_citation_key(match.group(2)):
            self._key = match.group(2)
        elif line:
            self._notes.append(line)

    def _zotero(self) -> None:
        """Fields of Zotero's that RDF has no other word for."""
        for name in [name for name in self._left if name.startswith("z:")]:
            field = FIELDS.get(name[2:])
            said = one_line(self._first(name))
            if name == "z:citationKey" and is_citation_key(said):
                self._key = said
            elif field is not None and not self._set(field, said):
                self._keep(name, said)
            elif name[2:] in DATES and (found := read_date(said)) is not None:
                if not self._set(DATES[name[2:]], found.date):
                    self._keep(name, said)
            elif field is None:
                self._keep(name, said)
        if self._kind in ("thesis", "report", "manuscript", "map", "webpage", "speech", "document"):
            said = one_line(self._first("dc:type", "dcterms:type"))
            if of_words(said) != self._kind:
                self._set("genre", said)

    def _rest(self) -> None:
        for value in self._take("link:link"):
            if isinstance(value, Node):
                parts = (texts(value, "dc:title"), texts(value, "rdf:resource", "dc:identifier"))
                self._keep("link:link", " ; ".join(filter(None, map(one_line, parts))))
        for name, values in self._left.items():
            if name.startswith("rdf:"):
                continue
            for value in values:
                self._keep(name, text_of(value))

    def _read_in_part(self) -> None:
        said = {**self._fields, "extra": tuple(self._extra), "key": self._key or ""}
        words = words_said(said) | _LABELS
        for name, value in leaves(self._node):
            # The time of day when a page was looked at is no loss.
            if name not in _TYPES and not is_said(_TIME.sub("", value), words):
                self._keep(name, value)


_TIME = re.compile(r"(?<=\d)[ T]\d\d:\d\d(?::\d\d)?Z?$")
_LABELS = frozenset("doi issn isbn urn info pmid arxiv http https dx org".split())
"""What stands before identifiers."""
_TYPES = frozenset(("z:itemType", "z:type", "dc:type", "dcterms:type", "eprints:type"))


def _containers(values: Iterable[Node | str]) -> Iterator[Node]:
    """What a work is in, what that is in, and so on, each once."""
    waiting = [value for value in values if isinstance(value, Node)]
    seen: set[int] = set()
    while waiting and len(seen) < 20:
        node = waiting.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        for name in PART_OF:
            waiting += [one for one in node.properties.get(name, ()) if isinstance(one, Node)]
