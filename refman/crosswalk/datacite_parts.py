"""What a resource of DataCite's appeared in: a journal, a series, a book, with volume and pages.

It stands in `container`, which DataCite works out, and since schema 4.4 in `relatedItems` of the
relation `IsPublishedIn`, from which the other comes in new records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from refman.crosswalk.crossref_values import mappings, titles, unlisted
from refman.crosswalk.datacite_names import read_contributors
from refman.crosswalk.datacite_values import page_range, said
from refman.model import Name
from refman.model.identifier import parse_isbn, parse_issn

_CONTAINER = (
    "firstPage", "identifier", "identifierType", "issue", "lastPage", "title", "type", "volume",
)  # fmt: skip
_ITEM = (
    "edition", "firstPage", "issue", "lastPage", "number", "relatedItemIdentifier",
    "relatedItemType", "relationType", "titles", "volume",
)  # fmt: skip
_JOURNALS = frozenset(("Journal", "JournalArticle", "Series"))


class Parts(NamedTuple):
    """Where it appeared, and under which key something had no place."""

    title: str | None
    volume: str | None
    issue: str | None
    page: str | None
    number: str | None
    edition: str | None
    ISSN: tuple[str, ...]
    ISBN: tuple[str, ...]
    editor: tuple[Name, ...]
    in_journal: bool
    left: dict[str, Any]


def read_parts(container: object, related_items: object) -> Parts:
    """Both put together; where they differ, the container counts, and the other is kept aside."""
    first: Mapping[str, Any] = container if isinstance(container, dict) else {}
    host = _host(related_items)
    left: dict[str, Any] = {}
    issn, isbn = _numbers(first.get("identifier"), first.get("identifierType"))
    if unlisted(first, _CONTAINER) or (said(first.get("identifier")) and not issn and not isbn):
        left["container"] = first
    identifier = host.get("relatedItemIdentifier")
    identifier = identifier if isinstance(identifier, dict) else {}
    more = _numbers(
        identifier.get("relatedItemIdentifier"), identifier.get("relatedItemIdentifierType")
    )
    others = [
        item
        for item in mappings(related_items)
        if item is not host or unlisted(item, _ITEM) or len(titles_of(item)) > 1
    ]
    if others:
        left["relatedItems"] = others
    title = next(iter(titles(first.get("title"))), None) or next(iter(titles_of(host)), None)
    volume, issue = _either(first, host, "volume"), _either(first, host, "issue")
    page = page_range(first) or page_range(host)
    kind = said(first.get("type")) or said(host.get("relatedItemType"))
    in_journal = kind in _JOURNALS and title is not None and any((volume, issue, page))
    editors = read_contributors(host.get("contributors")).names.get("editor")
    return Parts(
        title, volume, issue, page, said(host.get("number")), said(host.get("edition")),
        issn or more[0], isbn or more[1], editors.names if editors else (), in_journal, left,
    )  # fmt: skip


def titles_of(item: Mapping[str, Any]) -> list[str]:
    """The titles of a related item."""
    found = (titles(entry.get("title")) for entry in mappings(item.get("titles")))
    return [title for some in found for title in some if said(title)]


def _host(related_items: object) -> Mapping[str, Any]:
    """The related item that the resource was published in."""
    for item in mappings(related_items):
        if item.get("relationType") == "IsPublishedIn":
            return item
    return {}


def _either(first: Mapping[str, Any], second: Mapping[str, Any], key: str) -> str | None:
    return said(first.get(key)) or said(second.get(key))


def _numbers(value: object, kind: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISSN and ISBN, of which an identifier is one at the most."""
    text = said(value)
    name = str(kind).upper()
    if text is not None and name.endswith("ISSN"):
        return (parse_issn(text) or text,), ()
    if text is not None and name == "ISBN":
        return (), (parse_isbn(text) or text,)
    return (), ()
