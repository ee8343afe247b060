"""The kinds of record in Crossref's XML, each with what is its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from refman.crosswalk.crossref_names import read_names
from refman.crosswalk.unixref_parts import (
    Message,
    contributors,
    date_parts,
    dates,
    first_title,
    institution,
    numbers,
    publisher,
)
from refman.text.markup import clean_inline
from refman.text.xml_elements import attribute, child, child_text, children, descendants, text

ROLES = frozenset(("author", "editor", "translator", "chair"))
"""The roles of contributors that the REST API has a list for."""


class Parts(NamedTuple):
    """A record's parts: the work's own, what is said of what it is in, and what else is sure."""

    type: str
    own: etree._Element
    around: etree._Element | None
    message: Message
    fixed: dict[str, Any]
    """Fields of the description that the XML gives and the JSON would not."""


def _names(people: list[Message] | None) -> Any:
    return read_names(people or []).names


def _journal(kind: etree._Element) -> Parts:
    metadata, issue = child(kind, "journal_metadata"), child(kind, "journal_issue")
    article = child(kind, "journal_article")
    message: Message = {
        "container-title": [text(one) for one in children(metadata, "full_title")[:1]],
        "short-container-title": [text(one) for one in children(metadata, "abbrev_title")[:1]],
        "volume": child_text(issue, "journal_volume", "volume"),
        "issue": child_text(issue, "issue") or child_text(issue, "journal_volume", "issue"),
    }
    if article is not None:
        message |= dates(article, issue)
    own = article if article is not None else issue
    if own is None:
        own = metadata if metadata is not None else kind
        message["title"] = message.pop("container-title")
    name = (
        "journal-article" if article is not None else "journal-issue" if own is issue else "journal"
    )
    fixed = {}
    if article is not None and first_title(issue):
        fixed["volume_title"] = clean_inline(first_title(issue) or "")
    return Parts(name, own, metadata, {k: v for k, v in message.items() if v}, fixed)


_BOOKS = {"edited_book": "edited-book", "monograph": "monograph", "reference": "reference-book"}
_CHAPTERS = {
    "section": "book-section", "part": "book-part", "track": "book-track",
    "reference_entry": "reference-entry",
}  # fmt: skip


def _book(kind: etree._Element) -> Parts:
    names = ("book_metadata", "book_series_metadata", "book_set_metadata")
    metadata = next(iter(children(kind, *names)), None)
    series = child(metadata, "series_metadata")
    fixed = _series(series, metadata)
    item = child(kind, "content_item")
    whole = child(metadata, "set_metadata")
    if item is None:
        name = _BOOKS.get(attribute(kind, "book_type"), "book")
        if whole is not None:
            fixed["collection_title"] = clean_inline(first_title(whole) or "")
        return Parts(name, metadata if metadata is not None else kind, metadata, {}, fixed)
    fixed["container_title"] = clean_inline(first_title(metadata) or "")
    people = contributors(metadata)
    fixed["editor"] = _names(people.get("editor"))
    fixed["container_author"] = _names(people.get("author"))
    fixed["chapter_number"] = child_text(item, "component_number")
    name = _CHAPTERS.get(attribute(item, "component_type"), "book-chapter")
    return Parts(name, item, metadata, {}, fixed)


def _series(series: etree._Element | None, metadata: etree._Element | None) -> dict[str, Any]:
    number = child_text(series, "series_number") or child_text(metadata, "series_number")
    return {
        "collection_title": clean_inline(first_title(series) or ""),
        "collection_number": number,
        "collection_editor": _names(contributors(series).get("editor")),
        "ISSN": tuple(one["value"] for one in numbers(series, "issn"))
        if series is not None
        else (),
    }


def _conference(kind: etree._Element) -> Parts:
    names = ("proceedings_metadata", "proceedings_series_metadata")
    metadata = next(iter(children(kind, *names)), None)
    event = child(kind, "event_metadata")
    day = child(event, "conference_date")
    when: Message = {
        "name": child_text(event, "conference_name"),
        "location": child_text(event, "conference_location"),
    }
    for side in ("start", "end"):
        parts = [attribute(day, f"{side}_{name}") for name in ("year", "month", "day")]
        known = [
            int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 5
        ]
        if known:
            when[side] = {"date-parts": [known]}
    title = child_text(metadata, "proceedings_title")
    fixed = _series(child(metadata, "series_metadata"), metadata)
    paper = child(kind, "conference_paper")
    message: Message = {"event": {key: value for key, value in when.items() if value}}
    if paper is None:
        return Parts(
            "proceedings", _or(metadata, kind), metadata, message | {"title": [title]}, fixed
        )
    fixed["editor"] = _names(
        contributors(kind).get("editor") or contributors(metadata).get("editor")
    )
    return Parts(
        "proceedings-article", paper, metadata, message | {"container-title": [title]}, fixed
    )


def _report(kind: etree._Element) -> Parts:
    names = ("report-paper_metadata", "report-paper_series_metadata")
    metadata = next(iter(children(kind, *names)), None)
    item = child(kind, "content_item")
    own = _or(item, _or(metadata, kind))
    fixed = _series(child(metadata, "series_metadata"), metadata)
    number = child_text(own, "publisher_item", "item_number") or child_text(metadata, "volume")
    fixed["number"] = number
    if item is not None:
        fixed["container_title"] = clean_inline(first_title(metadata) or "")
    return Parts("report" if item is None else "report-component", own, metadata, {}, fixed)


def _standard(kind: etree._Element) -> Parts:
    metadata = _or(child(kind, "standard_metadata"), kind)
    body = child(metadata, "standards_body")
    message: Message = {
        "standards-body": {
            "name": child_text(body, "standards_body_name"),
            "acronym": child_text(body, "standards_body_acronym"),
        }
    }
    designator = next(descendants(metadata, "std_designator"), None)
    approved = date_parts(child(metadata, "approval_date"))
    if approved is not None and not dates(metadata):
        message["issued"] = approved
    return Parts("standard", metadata, metadata, message, {"number": text(designator)})


def _database(kind: etree._Element) -> Parts:
    metadata, dataset = child(kind, "database_metadata"), child(kind, "dataset")
    own = _or(dataset, _or(metadata, kind))
    message: Message = {}
    for one in (dataset, metadata):
        for name in ("publication_date", "creation_date", "update_date"):
            found = date_parts(child(one, "database_date", name))
            if found is not None:
                message.setdefault("issued", found)
    people = contributors(own) or contributors(metadata)
    message |= {role: found for role, found in people.items() if role in ROLES}
    if not publisher(own, metadata):
        message["publisher"] = child_text(metadata, "institution", "institution_name")
    fixed = {}
    if dataset is not None:
        fixed["container_title"] = clean_inline(first_title(metadata) or "")
    return Parts("dataset" if dataset is not None else "database", own, metadata, message, fixed)


def _dissertation(kind: etree._Element) -> Parts:
    message: Message = {"degree": [text(one) for one in children(kind, "degree")]}
    issued = date_parts(child(kind, "approval_date"))
    if issued is not None:
        message |= {"approved": issued, "issued": issued}
    return Parts("dissertation", kind, None, message, {})


def _posted(kind: etree._Element) -> Parts:
    where = institution(kind)
    group = child_text(kind, "group_title")
    message: Message = {
        "posted": date_parts(child(kind, "posted_date")),
        "issued": date_parts(child(kind, "posted_date")),
        "subtype": attribute(kind, "type"),
        "group-title": group,
    }
    names = " ".join((group, *(one["name"] for one in where)))
    if attribute(kind, "type") == "other" and "blog" in names.lower().split():
        message["subtype"] = "blog"
        message["group-title"] = where[0]["name"] if where else group
    elif not where and group:
        # The server that a preprint is on stands there too.
        message["publisher"] = group
    return Parts("posted-content", kind, None, {k: v for k, v in message.items() if v}, {})


def _review(kind: etree._Element) -> Parts:
    issued = date_parts(child(kind, "review_date")) or date_parts(child(kind, "reviewed_date"))
    said = ("type", "stage", "recommendation", "revision-round", "language")
    review = {name: attribute(kind, name) for name in said if attribute(kind, name)}
    message: Message = {"review": review, "running-number": child_text(kind, "running_number")}
    if issued is not None:
        message["issued"] = issued
    return Parts("peer-review", kind, None, {k: v for k, v in message.items() if v}, {})


def _component(kind: etree._Element) -> Parts:
    component = next(descendants(kind, "component"), kind)
    return Parts("component", component, None, {}, {})


def _other(name: str) -> Callable[[etree._Element], Parts]:
    return lambda kind: Parts(name, kind, None, {}, {})


def _or(element: etree._Element | None, other: etree._Element) -> etree._Element:
    return other if element is None else element


READERS: dict[str, Callable[[etree._Element], Parts]] = {
    "journal": _journal,
    "book": _book,
    "conference": _conference,
    "report-paper": _report,
    "standard": _standard,
    "database": _database,
    "dissertation": _dissertation,
    "posted_content": _posted,
    "peer_review": _review,
    "sa_component": _component,
    "grant": _other("grant"),
    "pending_publication": _other("other"),
}
