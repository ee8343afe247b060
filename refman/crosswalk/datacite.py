"""DataCite's records, field by field, as descriptions.

The record is the `attributes` object of a JSON:API resource of `/dois` (DataCite Metadata Schema
4.6, as the REST API writes it). `docs/enrichment.md` has the table. What a `Description` has a
field for is mapped; what else is said of the work is kept as `Extra("datacite", key, compact
JSON)`, of a list those entries that had no place; what concerns the deposit, counts of use, and
lists of references stay in the raw payload, which sources keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refman.crosswalk.crossref import MAX_EXTRA, MAX_EXTRAS, MAX_TEXT, Mapped
from refman.crosswalk.crossref_titles import read_title
from refman.crosswalk.crossref_values import (
    as_json,
    bare,
    items,
    line,
    mappings,
    says_something,
    tidy_line,
)
from refman.crosswalk.datacite_names import more_identified, read_contributors, read_creators
from refman.crosswalk.datacite_parts import Parts, read_parts
from refman.crosswalk.datacite_types import Kind, kind_of
from refman.crosswalk.datacite_values import (
    FIELD_OF_SCIENCE,
    MAX_RELATIONS,
    address,
    arxiv_of,
    date,
    language,
    number_of_pages,
    relations,
    said,
)
from refman.model import Date, Description, Extra
from refman.model.identifier import parse_arxiv, parse_isbn, parse_issn, parse_pmcid, parse_pmid
from refman.text.addresses import is_resolver
from refman.text.markup import plain_abstract, plain_text

FORMAT = "datacite"
"""The format of what is kept in `extra`."""

ADMINISTRATIVE = frozenset(
    (
        "alternateIdentifiers", "citationCount", "citationsOverTime", "created", "doi",
        "downloadCount", "downloadsOverTime", "isActive", "landingPage", "metadataVersion",
        "partCount", "partOfCount", "prefix", "published", "reason", "referenceCount", "registered",
        "schemaVersion", "source", "state", "suffix", "updated", "versionCount", "versionOfCount",
        "viewCount", "viewsOverTime", "xml",
    )
)  # fmt: skip
"""Attributes that stay in the raw payload only."""

_MAPPED = frozenset(
    (
        "container", "contributors", "creators", "dates", "descriptions", "identifiers", "language",
        "publicationYear", "publisher", "relatedIdentifiers", "relatedItems", "rightsList", "sizes",
        "subjects", "titles", "types", "url", "version",
    )
)  # fmt: skip
"""Attributes that go into fields; what is left of them is kept aside."""

_IDENTIFIERS = {
    "arxiv": ("arXiv", parse_arxiv),
    "isbn": ("ISBN", parse_isbn),
    "issn": ("ISSN", parse_issn),
    "pmcid": ("PMCID", parse_pmcid),
    "pmid": ("PMID", parse_pmid),
}
_ISSUED = ("Issued", "Available", "Copyrighted")
"""Types of date in the order in which they stand in for a missing one."""


def description_from_attributes(attributes: Mapping[str, Any], *, recase: bool = True) -> Mapped:
    """Map one record. Any object will do: what cannot be read as its field goes to `extra`.

    Without `recase` a title in capitals stays in capitals. Raises nothing, whatever the values are.
    """
    return _Mapping(attributes, recase).run()


class _Mapping:
    """One record on its way into a description."""

    def __init__(self, attributes: Mapping[str, Any], recase: bool) -> None:
        self._attributes = attributes
        self._recase = recase
        self._get = attributes.get
        self._fields: dict[str, Any] = {}
        self._left: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._verbatim: list[tuple[str, str]] = []

    def run(self) -> Mapped:
        self._identity()
        parts = read_parts(self._get("container"), self._get("relatedItems"))
        self._kind(parts)
        self._containers(parts)
        self._descriptions()
        self._titles()
        self._contributors()
        self._dates()
        self._publication()
        self._content()
        description = Description(**self._fields, extra=self._extra())
        return Mapped(description, frozenset(self._guessed), tuple(self._verbatim))

    def _set(self, field: str, value: Any) -> None:
        """Set a field that nothing has set yet."""
        if value is not None and value != () and not _is_too_long(value):
            self._fields.setdefault(field, value)

    def _keep(self, key: str, entries: list[Any]) -> None:
        """Keep aside those entries of a list that had no place."""
        if entries:
            self._left[key] = entries

    # The fields, by subject

    def _identity(self) -> None:
        doi = bare(self._get("doi"))
        self._set("DOI", doi)
        self._set("arXiv", arxiv_of(doi))
        url = address(self._get("url"))
        if url is not None and not is_resolver(url):
            self._set("URL", url)
        elif url is None and says_something(self._get("url")):
            self._left["url"] = self._get("url")
        left = []
        for entry in mappings(self._get("identifiers")):
            text = said(entry.get("identifier"))
            kind = str(entry.get("identifierType")).lower()
            if text is None or (kind == "doi" and doi is not None and doi.lower() in text.lower()):
                continue
            field, parse = _IDENTIFIERS.get(kind, (None, None))
            value = parse(text) if parse is not None else None
            if field is None or value is None or field in self._fields:
                if value is None or value != self._fields.get(field or ""):
                    left.append(entry)
                continue
            self._set(field, (value,) if field in ("ISBN", "ISSN") else value)
        self._keep("identifiers", left)

    def _kind(self, parts: Parts) -> None:
        types = self._get("types")
        types = types if isinstance(types, dict) else {}
        general, free = said(types.get("resourceTypeGeneral")), said(types.get("resourceType"))
        if "arXiv" in self._fields:
            kind = Kind("article", "Preprint")
        else:
            kind = kind_of(general, free, line(types.get("citeproc")), parts.in_journal)
        self._fields["type"] = kind.type
        self._set("genre", kind.genre)
        if kind.guessed:
            self._guessed.add("type")
        if not kind.exact and (general or free):
            self._left["types"] = types

    def _containers(self, parts: Parts) -> None:
        series = self._fields["type"] in ("book", "report", "standard", "thesis")
        self._set("collection_title" if series else "container_title", parts.title)
        self._set("collection_number" if series else "volume", parts.volume)
        for field in ("issue", "number", "page", "edition"):
            self._set(field, getattr(parts, field))
        for field in ("ISSN", "ISBN"):
            self._set(field, getattr(parts, field))
        self._set("editor", parts.editor)
        self._left.update(parts.left)

    def _descriptions(self) -> None:
        left = []
        for entry in mappings(self._get("descriptions")):
            text = entry.get("description")
            if not isinstance(text, str) or not text.strip():
                continue
            if entry.get("descriptionType") == "Abstract" and "abstract" not in self._fields:
                abstract = plain_abstract(text) if len(text) <= MAX_TEXT and said(text) else None
                self._set("abstract", abstract or None)
            else:
                left.append(entry)
        self._keep("descriptions", left)

    def _titles(self) -> None:
        """The title without a type is the title; translated and alternative ones are kept aside."""
        main: list[str] = []
        subtitles: list[str] = []
        left: list[Mapping[str, Any]] = []
        for entry in mappings(self._get("titles")):
            text = entry.get("title")
            if not isinstance(text, str) or len(text) > MAX_TEXT or said(text) is None:
                continue
            kind = entry.get("titleType")
            if kind == "Subtitle":
                subtitles.append(text)
            elif kind in (None, "") and not main:
                main.append(text)
            else:
                left.append(entry)
        if not main and left:
            main.append(left.pop(0)["title"])
        message = {
            "DOI": self._fields.get("DOI"),
            "title": main,
            "subtitle": subtitles,
            "container-title": self._fields.get("container_title"),
            "subject": [entry.get("subject") for entry in mappings(self._get("subjects"))],
            "language": self._get("language"),
        }
        title = read_title(message, self._fields.get("abstract"), self._recase)
        self._set("title", title.text)
        self._set("title_short", title.short)
        if title.verbatim is not None:
            self._guessed.add("title")
            self._verbatim.append(("title", title.verbatim))
        if title.unused:
            left += [{"title": text, "titleType": "Subtitle"} for text in subtitles]
        self._keep("titles", left)

    def _contributors(self) -> None:
        creators, contributors = self._get("creators"), self._get("contributors")
        found = read_contributors(contributors)
        for field, names in (("author", read_creators(creators)), *found.names.items()):
            if field == "editor" and names.names:
                self._fields.pop("editor", None)
            self._set(field, names.names)
            if names.verbatim is not None:
                self._guessed.add(field)
                self._verbatim.append((field, names.verbatim))
        self._keep("contributors", found.left)
        self._keep("creators", more_identified(creators))

    def _dates(self) -> None:
        first: dict[str, Date] = {}
        entries: list[tuple[Mapping[str, Any], Date | None]] = []
        for entry in mappings(self._get("dates")):
            found = date(entry.get("date"))
            entries.append((entry, found))
            if found is not None:
                first.setdefault(str(entry.get("dateType")), found)
        issued = next((first[kind] for kind in _ISSUED if kind in first), None)
        issued = issued or date(self._get("publicationYear"))
        available = first.get("Available")
        if issued is not None and available is not None and available.refines(issued):
            issued = available
        self._set("issued", issued)
        self._set("available_date", available)
        self._set("submitted", first.get("Submitted"))
        known = {
            "Issued": first.get("Issued"),
            "Available": available,
            "Submitted": first.get("Submitted"),
        }
        left = [
            entry
            for entry, found in entries
            if (found is None and says_something(entry.get("date")))
            or (found is not None and known.get(str(entry.get("dateType"))) != found)
        ]
        self._keep("dates", left)

    def _publication(self) -> None:
        publisher = self._get("publisher")
        if isinstance(publisher, dict):
            name = publisher.get("name")
            if any(says_something(value) for key, value in publisher.items() if key != "name"):
                self._left["publisher"] = publisher
        else:
            name = publisher
        if said(name) is not None:
            self._set("publisher", tidy_line(name))
        self._set("version", said(self._get("version")))
        sizes = items(self._get("sizes"))
        pages = number_of_pages(sizes)
        self._set("number_of_pages", pages)
        if pages is None:
            self._keep("sizes", [size for size in sizes if says_something(size)])

    def _content(self) -> None:
        self._set("language", language(self._get("language")))
        words = (said(entry.get("subject")) for entry in mappings(self._get("subjects")))
        # Fields of science are DataCite's own addition, worked out from other classifications.
        kept = (word for word in words if word and not word.startswith(FIELD_OF_SCIENCE))
        self._set("keyword", tuple(dict.fromkeys(kept)))
        rights = list(mappings(self._get("rightsList")))
        found = (address(entry.get("rightsUri")) for entry in rights)
        self._set("license", next((url for url in found if url), None))
        if rights and ("license" not in self._fields or len(rights) > 1):
            self._keep("rightsList", rights)
        related = dict.fromkeys(relations(self._get("relatedIdentifiers")))
        self._set("relations", tuple(related)[:MAX_RELATIONS])

    def _extra(self) -> tuple[Extra, ...]:
        kept: list[Extra] = []
        for key, value in self._attributes.items():
            if key in ADMINISTRATIVE:
                continue
            rest = self._left.get(key) if key in _MAPPED else value
            if len(kept) < MAX_EXTRAS and says_something(rest):
                extra = _extra(key, rest)
                if extra is not None:
                    kept.append(extra)
        return tuple(kept)


def _is_too_long(value: object) -> bool:
    return isinstance(value, str) and len(value) > MAX_TEXT


def _extra(key: str, value: object) -> Extra | None:
    try:
        text = as_json(value)
    except RecursionError:
        return None
    return Extra(FORMAT, plain_text(key), text) if len(text) <= MAX_EXTRA else None
