"""OpenAlex's works as a source of their own: all that a work says, for files of them.

As a supplement (`refman.crosswalk.openalex`) only what it adds to an agency's record counts. Here
authors, container and numbers are taken too. What is computed and has no variable (topics, counts,
related works) is kept in `extra`, as the JSON that it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from refman.crosswalk.crossref import Mapped
from refman.crosswalk.crossref_values import as_json, line
from refman.crosswalk.datacite_values import address
from refman.crosswalk.openalex import FORMAT, description_from_work
from refman.model import Date, Description, Extra, Name, stated
from refman.model.identifier import parse_issn, parse_orcid
from refman.text.names import parse_name

_MAX_PEOPLE = 5_000
_MAX_KEPT = 100_000
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "book-chapter": "chapter",
    "conference-paper": "paper-conference",
    "dataset": "dataset",
    "database": "dataset",
    "dissertation": "thesis",
    "editorial": "article-journal",
    "erratum": "article-journal",
    "letter": "article-journal",
    "paratext": "document",
    "peer-review": "review",
    "preprint": "article",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "retraction": "article-journal",
    "review": "article-journal",
    "software": "software",
    "standard": "standard",
    "supplementary-materials": "document",
}
_READ = frozenset(
    (
        "id", "doi", "title", "display_name", "ids", "language", "publication_year",
        "publication_date", "type", "biblio", "is_retracted", "abstract_inverted_index",
        "abstract_inverted_index_v3", "keywords", "authorships",
    )
)  # fmt: skip
_WITHOUT_CONTAINER = frozenset(("repository", "metadata"))


def description_from_whole_work(work: Mapping[str, Any]) -> Mapped:
    """Map one work. Raises nothing, whatever the values are."""
    mapped = description_from_work(work)
    location = _object(work.get("primary_location"))
    source, biblio = _object(location.get("source")), _object(work.get("biblio"))
    kind = _TYPES.get(line(work.get("type")) or "", "document")
    fields: dict[str, Any] = {
        "type": kind,
        "author": tuple(_authors(work.get("authorships"))),
        "volume": line(biblio.get("volume")),
        "issue": line(biblio.get("issue")),
        "page": _pages(line(biblio.get("first_page")), line(biblio.get("last_page"))),
        "publisher": line(source.get("host_organization_name")),
        "URL": address(location.get("landing_page_url")),
        "keyword": tuple(_keywords(work.get("keywords"))),
        "issued": _issued(work) or mapped.description.issued,
        "extra": (*mapped.description.extra, *_kept(work)),
    }
    if line(source.get("type")) not in _WITHOUT_CONTAINER:
        fields["container_title"] = line(source.get("display_name"))
        fields["ISSN"] = tuple(_issns(source.get("issn")))
    if fields["publisher"] == fields.get("container_title"):
        fields["publisher"] = None
    known = {name: value for name, value in fields.items() if value}
    description = Description(**{**dict(stated(mapped.description)), **known})
    return Mapped(description, mapped.guessed, mapped.verbatim)


def _authors(authorships: object) -> Iterator[Name]:
    people = authorships if isinstance(authorships, list) else []
    for person in people[:_MAX_PEOPLE]:
        said = _object(person)
        author = _object(said.get("author"))
        text = line(said.get("raw_author_name")) or line(author.get("display_name"))
        name = parse_name(text.strip(" ,")) if text else None
        if name is None:
            continue
        orcid = line(author.get("orcid")) or line(said.get("raw_orcid"))
        affiliations = said.get("raw_affiliation_strings")
        found = affiliations if isinstance(affiliations, list) else []
        yield replace(
            name,
            ORCID=parse_orcid(orcid) if orcid else None,
            affiliation=tuple(text for one in found if (text := line(one))),
        )


def _pages(first: str | None, last: str | None) -> str | None:
    if first is None or last is None or first == last:
        return first or last
    return f"{first}-{last}"


def _keywords(keywords: object) -> Iterator[str]:
    for keyword in keywords if isinstance(keywords, list) else []:
        said = _object(keyword)
        text = line(said.get("display_name")) or line(said.get("keyword")) or line(keyword)
        if text:
            yield text


def _issns(values: object) -> Iterator[str]:
    for value in values if isinstance(values, list) else []:
        text = line(value)
        if text:
            yield parse_issn(text) or text


def _issued(work: Mapping[str, Any]) -> Date | None:
    """The day, unless it is the first of January, which often is made up."""
    text = line(work.get("publication_date"))
    date = Date.parse(text) if text else None
    if date is None or date.year is None or (date.month, date.day) == (1, 1):
        return None
    return date


def _kept(work: Mapping[str, Any]) -> Iterator[Extra]:
    """What has no place, as the JSON that it is."""
    for key, value in work.items():
        if key in _READ or value in (None, "", [], {}, False):
            continue
        try:
            text = value if isinstance(value, str) else as_json(value)
        except (RecursionError, ValueError):
            continue
        yield Extra(FORMAT, str(key), text[:_MAX_KEPT])


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
