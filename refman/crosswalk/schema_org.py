"""Works in the JSON-LD of web pages, in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from refman.crosswalk.page_names import Vocabulary
from refman.crosswalk.page_statements import Statement
from refman.model import Name
from refman.model.identifier import parse_orcid
from refman.text.name_lists import parse_cell_name

MAX_WORKS = 5000

_TYPES = {
    "ScholarlyArticle": "article-journal", "MedicalScholarlyArticle": "article-journal",
    "Article": "article", "TechArticle": "article", "NewsArticle": "article-newspaper",
    "ReportageNewsArticle": "article-newspaper", "BlogPosting": "post-weblog", "Report": "report",
    "Book": "book", "Chapter": "chapter", "Dataset": "dataset", "Thesis": "thesis",
    "SoftwareSourceCode": "software", "SoftwareApplication": "software",
    "PublicationVolume": "book", "Legislation": "legislation",
}  # fmt: skip
_TEXTS = {
    "datePublished": "issued", "dateCreated": "created", "volumeNumber": "volume",
    "issueNumber": "issue", "pageStart": "page_first", "pageEnd": "page_last",
    "pagination": "page", "issn": "ISSN", "isbn": "ISBN", "abstract": "abstract",
    "description": "abstract", "license": "license", "numberOfPages": "number_of_pages",
    "bookEdition": "edition", "url": "page_address", "genre": "genre", "version": "version",
    "alternativeHeadline": "title_other", "alternateName": "title_other",
}  # fmt: skip
_NO_TITLES = frozenset(("PublicationIssue", "PublicationVolume", "WebSite", "WebPage", "Dataset"))
"""What a work may be part of without being in it."""


def statements_from_data(data: Any) -> Iterator[list[Statement]]:
    """For each work in a piece of JSON-LD, what it says of it. Raises nothing, whatever it is."""
    for count, work in enumerate(_works(data, 0)):
        if count >= MAX_WORKS:
            return
        yield list(_statements(work))


def _works(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(data, list):
        for item in data:
            yield from _works(item, depth + 1)
    elif isinstance(data, dict):
        if _type_of(data) is not None and (data.get("name") or data.get("headline")):
            yield data
            return
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(data.get(name), list | dict):
                yield from _works(data[name], depth + 1)


def _type_of(data: dict[str, Any]) -> str | None:
    kinds = data.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str) and (csl := _TYPES.get(kind.rpartition("/")[2])):
            return csl
    return None


def _statements(work: dict[str, Any]) -> Iterator[Statement]:
    yield _said("csl_type", "@type", _type_of(work) or "")
    title = _text(work.get("name")) or _text(work.get("headline"))
    yield _said("title", "name", title)
    for role, name in (("author", "author"), ("author", "creator"), ("editor", "editor"),
                       ("translator", "translator"), ("contributor", "contributor")):  # fmt: skip
        if role == "author" and name == "creator" and work.get("author"):
            continue
        for person in _people(work.get(name)):
            yield Statement(Vocabulary.SCHEMA_ORG, role, name, person)
    for name, role in _TEXTS.items():
        for value in _each(work.get(name)):
            if text := _text(value):
                yield _said(role, name, text)
    for value in _each(work.get("keywords")):
        yield _said("keyword", "keywords", _text(value))
    for value in _each(work.get("identifier")) + _each(work.get("sameAs")):
        yield _said("identifier", "identifier", _identifier(value))
    for value in _each(work.get("publisher"))[:1]:
        yield _said("publisher", "publisher", _text(value))
    for value in _each(work.get("inLanguage"))[:1]:
        language = value.get("alternateName") or value if isinstance(value, dict) else value
        yield _said("language", "inLanguage", _text(language))
    yield from _whole(work.get("isPartOf"), 0)


def _whole(whole: Any, depth: int) -> Iterator[Statement]:
    """What a work is part of: an issue of a volume of a periodical, or a book."""
    for data in _each(whole)[:5]:
        if isinstance(data, str):
            continue
        if depth > 4 or not isinstance(data, dict):
            return
        kinds = data.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        # Springer has volumes that are periodicals as well.
        named = any(not isinstance(kind, str) or kind not in _NO_TITLES for kind in kinds)
        if named and data.get("name"):
            yield _said("container_title", "isPartOf", _text(data))
        for name in ("volumeNumber", "issueNumber", "issn", "isbn"):
            for value in _each(data.get(name)):
                yield _said(_TEXTS[name], name, _text(value))
        yield from _whole(data.get("isPartOf"), depth + 1)


def _people(value: Any) -> Iterator[Name]:
    for person in _each(value):
        if isinstance(person, str):
            name = parse_cell_name(person)
        elif isinstance(person, dict):
            name = _person(person)
        else:
            name = None
        if name is not None:
            yield name


def _person(data: dict[str, Any]) -> Name | None:
    family, given = _text(data.get("familyName")), _text(data.get("givenName"))
    whole = _text(data.get("name"))
    if family and given:
        name: Name | None = Name(family=family, given=given)
    elif data.get("@type") == "Organization":
        name = Name(literal=whole) if whole else None
    else:
        name = parse_cell_name(whole or family or given)
    if name is None:
        return None
    orcid = next(
        (found
         for text in _each(data.get("@id")) + _each(data.get("sameAs")) + _each(data.get("url"))
         if isinstance(text, str) and "orcid.org" in text and (found := parse_orcid(text))),
        None,
    )  # fmt: skip
    places = tuple(filter(None, map(_text, _each(data.get("affiliation")))))
    return Name(
        family=name.family, given=name.given, suffix=name.suffix, literal=name.literal,
        non_dropping_particle=name.non_dropping_particle, ORCID=orcid, affiliation=places,
    )  # fmt: skip


def _identifier(value: Any) -> str:
    if isinstance(value, dict):
        kind = _text(value.get("propertyID"))
        text = _text(value.get("value")) or _text(value.get("@id"))
        return f"{kind}:{text}" if kind and not kind.startswith("http") and text else text
    return _text(value)


def _each(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:1000] if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """A text, a number, or the name of a thing; else an empty text."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("value")
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return value.strip() if isinstance(value, str) else str(value)


def _said(role: str, name: str, value: str) -> Statement:
    return Statement(Vocabulary.SCHEMA_ORG, role, name, value)
