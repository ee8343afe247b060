"""The parts that all kinds of record in Crossref's XML have, as its REST API gives them in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from refman.text.xml_elements import (
    attribute,
    child,
    child_text,
    children,
    descendants,
    inner_xml,
    text,
)
from refman.text.xml_stream import local_name

Message = dict[str, Any]
"""A work record in the shape of the REST API's `message`."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PEOPLE = ("person_name", "organization")
_MEDIA = {"print": "published-print", "online": "published-online"}


def titles(element: etree._Element | None) -> Message:
    """Title, subtitle and original title."""
    found = children(element, "titles")
    message: Message = {}
    for name, key in (
        ("title", "title"),
        ("subtitle", "subtitle"),
        ("original_language_title", "original-title"),
    ):
        # With several `titles` the others are translations.
        listed = [inner_xml(one) for one in children(found[0], name)] if found else []
        if listed:
            message[key] = listed
    return message


def first_title(element: etree._Element | None) -> str | None:
    """The title of what a work is in, subtitle and all."""
    said = titles(element)
    parts = [*said.get("title", ())[:1], *said.get("subtitle", ())[:1]]
    return ": ".join(part.strip() for part in parts) or None


def contributors(element: etree._Element | None) -> dict[str, list[Message]]:
    """The people and organisations by role, as objects of the REST API."""
    around = child(element, "contributors")
    found: dict[str, list[Message]] = {}
    for one in children(around if around is not None else element, *_PEOPLE):
        role = attribute(one, "contributor_role") or "author"
        found.setdefault(role, []).append(_contributor(one))
    return found


def _contributor(one: etree._Element) -> Message:
    if local_name(one) == "organization":
        name = text(child(one, "name")) or text(one)
        return {"name": name, "sequence": attribute(one, "sequence")}
    person: Message = {
        "given": child_text(one, "given_name") or None,
        "family": child_text(one, "surname") or None,
        "suffix": child_text(one, "suffix") or None,
        "ORCID": child_text(one, "ORCID") or None,
        "affiliation": [{"name": name} for name in _affiliations(one)],
    }
    return {key: value for key, value in person.items() if value}


def _affiliations(person: etree._Element) -> Iterable[str]:
    yield from filter(None, (text(one) for one in children(person, "affiliation")))
    for group in children(person, "affiliations"):
        for institution in children(group, "institution"):
            parts = ("institution_department", "institution_name", "institution_place")
            said = (text(one) for name in parts for one in children(institution, name))
            yield ", ".join(filter(None, said))


def dates(*elements: etree._Element | None) -> Message:
    """The dates of the first element that has any: print before online before others."""
    message: Message = {}
    for element in elements:
        found = children(element, "publication_date")
        found.sort(key=lambda one: attribute(one, "media_type") not in ("print", ""))
        for one in found:
            if (parts := date_parts(one)) is not None:
                key = _MEDIA.get(attribute(one, "media_type"))
                message.setdefault("issued", parts)
                if key is not None:
                    message.setdefault(key, parts)
        if message:
            break
    return message


def date_parts(element: etree._Element | None) -> Message | None:
    """`{"date-parts": [[2020, 9, 8]]}` for year, month and day."""
    numbers: list[int] = []
    for name in ("year", "month", "day"):
        said = child_text(element, name)
        if not (said.isascii() and said.isdecimal() and len(said) <= 4):
            break
        numbers.append(int(said))
    return {"date-parts": [numbers]} if numbers else None


def numbers(element: etree._Element | None, name: str) -> list[Message]:
    """ISSNs or ISBNs with their medium."""
    return [
        {"value": text(one), "type": attribute(one, "media_type") or "print"}
        for one in children(element, name)
        if text(one)
    ]


def pages(element: etree._Element | None) -> str | None:
    """`60-74`, and other pages behind them."""
    found = child(element, "pages")
    first, last = child_text(found, "first_page"), child_text(found, "last_page")
    both = "-".join(part for part in (first, last if last != first else "") if part)
    return ", ".join(filter(None, (both, child_text(found, "other_pages")))) or None


def publisher(*elements: etree._Element | None) -> Message:
    """Name and place of the first publisher that is there."""
    for element in elements:
        found = child(element, "publisher")
        if found is not None:
            said = {
                "publisher": child_text(found, "publisher_name"),
                "publisher-location": child_text(found, "publisher_place"),
            }
            return {key: value for key, value in said.items() if value}
    return {}


def institution(element: etree._Element | None) -> list[Message]:
    """Institutions with their places, as objects of the REST API."""
    return [
        {
            "name": child_text(one, "institution_name"),
            "place": [text(place) for place in children(one, "institution_place")],
        }
        for one in children(element, "institution")
        if child_text(one, "institution_name")
    ]


def identity(element: etree._Element | None) -> Message:
    """DOI and address."""
    data = child(element, "doi_data")
    said = {"DOI": child_text(data, "doi"), "URL": child_text(data, "resource")}
    return {key: value for key, value in said.items() if value}


def programs(element: etree._Element) -> Message:
    """Licences, funders, relations and what a notice is about."""
    licences = [
        {"URL": text(one), "content-version": attribute(one, "applies_to") or "unspecified"}
        for one in descendants(element, "license_ref")
    ]
    funders = [
        {"name": (one.text or "").strip() or text(one)}
        for one in descendants(element, "assertion")
        if attribute(one, "name") == "funder_name"
    ]
    relations: dict[str, list[Message]] = {}
    for one in descendants(element, "inter_work_relation", "intra_work_relation"):
        kind = _CAMEL.sub("-", attribute(one, "relationship-type")).lower()
        relations.setdefault(kind, []).append(
            {"id": text(one), "id-type": attribute(one, "identifier-type") or "doi"}
        )
    found: Message = {
        "license": licences,
        "funder": funders,
        "relation": relations,
        "update-to": _updates(element),
    }
    return {key: value for key, value in found.items() if value}


def _updates(element: etree._Element) -> list[Message]:
    return [
        {
            "DOI": text(one),
            "type": attribute(one, "type"),
            "label": attribute(one, "label") or None,
            "updated": {"date-time": attribute(one, "date")},
        }
        for one in descendants(element, "update")
    ]


def abstract(element: etree._Element | None) -> str | None:
    """The abstract with its JATS, the one in the work's own words before a translation."""
    for name in ("abstract", "description"):
        found = children(element, name)
        if found:
            return inner_xml(found[0])
    return None
