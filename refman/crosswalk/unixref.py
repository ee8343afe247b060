"""Crossref's XML (UNIXREF 1.1, UNIXSD 1.1, and the answers of its query service) as descriptions.

A record is first put in the shape of the REST API's JSON, so that both say the same of a work; what
the JSON leaves open (which of two titles is the series, whose editors they are) is then taken from
the XML. References are left out, as they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from refman.crosswalk.crossref import Mapped, description_from_message
from refman.crosswalk.unixref_kinds import READERS, ROLES, Parts
from refman.crosswalk.unixref_parts import (
    Message,
    abstract,
    contributors,
    date_parts,
    dates,
    identity,
    institution,
    numbers,
    pages,
    programs,
    publisher,
    titles,
)
from refman.crosswalk.words_said import unsaid, words_said
from refman.model import Description, Extra, stated
from refman.text.xml_elements import (
    as_xml,
    attribute,
    child,
    child_text,
    children,
    descendants,
    text,
)
from refman.text.xml_stream import local_name

FORMAT = "crossref-xml"


def fault_of(record: etree._Element) -> str | None:
    """Why a record has no work in it; None where it has one."""
    error = next(descendants(record, "error"), None)
    if error is not None:
        return f"Crossref says: {text(error)[:200]}"
    if attribute(record, "status") == "unresolved":
        return "Crossref did not know the work that was asked for"
    return None if _kind(record) is not None or _is_answer(record) else "no record of a work"


def description_from_record(record: etree._Element, *, recase: bool = True) -> Mapped:
    """The description that a `query`, `doi_record` or `crossref` element makes.

    Raises nothing, whatever it holds; without a work in it the description is empty.
    """
    kind = _kind(record)
    if kind is None:
        mapped = description_from_message(_answer(record), recase=recase)
        return mapped if _is_answer(record) else Mapped(Description())
    parts = READERS[local_name(kind)](kind)
    message = {**_common(parts), **parts.message, "type": parts.type}
    for item in children(record, "crm-item"):
        if attribute(item, "name") == "publisher-name":
            message.setdefault("publisher", text(item))
    mapped = description_from_message(message, recase=recase)
    fixed = {field: value for field, value in parts.fixed.items() if value}
    fields = {**dict(stated(mapped.description)), **fixed}
    fields["extra"] = (*fields.get("extra", ()), *_rest(kind, parts, fields))
    return replace(mapped, description=Description(**fields), guessed=mapped.guessed - fixed.keys())


def _rest(kind: etree._Element, parts: Parts, fields: dict[str, Any]) -> Iterator[Extra]:
    """What nothing has read: numbers of awards, sponsors of a conference, a second publisher."""
    words = words_said(fields)
    for one in kind:
        name = local_name(one)
        if one is parts.own or not name.endswith(_WORKS):
            passed_over = _LEFT_OUT | (frozenset(_WORKS) - {name})
            for leaf in unsaid(one, words, passed_over):
                yield Extra(FORMAT, leaf.path, leaf.text)


_WORKS = ("journal_article", "content_item", "conference_paper", "dataset", "sa_component")
"""Works of their own, of which only the one that is read counts."""
_LEFT_OUT = frozenset(
    (
        "citation_list", "doi_data", "publication_date", "posted_date", "pages", "component_list",
        "",
    )
)  # fmt: skip
"""Cited works and parts that have DOIs of their own, and what has become dates and pages."""


def _kind(record: etree._Element) -> etree._Element | None:
    around = (
        record if local_name(record) == "crossref" else next(descendants(record, "crossref"), None)
    )
    return next((one for one in children(around) if local_name(one) in READERS), None)


def _common(parts: Parts) -> Message:
    """What is read in the same way for all kinds."""
    own, around = parts.own, parts.around
    message: Message = {
        **publisher(own, around),
        **titles(own),
        **dates(own, around),
        **programs(own),
        **identity(own),
        "language": attribute(own, "language") or attribute(around, "language"),
        "abstract": abstract(own),
        "page": pages(own),
        "institution": institution(own) or institution(around),
        "edition-number": child_text(own, "edition_number") or child_text(around, "edition_number"),
        "volume": child_text(own, "volume") or child_text(around, "volume"),
    }
    for role, people in contributors(own).items():
        message["contributor" if role not in ROLES else role] = people
    for key, name in (("ISSN", "issn"), ("ISBN", "isbn")):
        found = [*numbers(own, name), *(numbers(around, name) if around is not own else ())]
        message[key] = [one["value"] for one in found]
        message[f"{key.lower()}-type"] = found
    _items(own, message)
    for one in own:
        if len(one) == 0 and text(one) and local_name(one) not in _READ_OR_LEFT:
            message.setdefault(local_name(one), text(one))
        elif local_name(one) in _KEPT_AS_XML:
            message.setdefault(local_name(one), as_xml(one))
    return {key: value for key, value in message.items() if value}


_READ_OR_LEFT = frozenset(
    (
        "isbn", "issn", "noisbn", "edition_number", "volume", "publication_date", "doi", "resource",
        "citation_list", "abstract", "description", "group_title", "full_title", "abbrev_title",
        "degree", "component_number", "archive_locations", "",
    )
)  # fmt: skip
_KEPT_AS_XML = frozenset(("archive_locations", "special_numbering", "acceptance_date", "coden"))


def _items(own: etree._Element, message: Message) -> None:
    """Article numbers; other numbers of the publisher's are kept aside."""
    for group in children(own, "publisher_item"):
        for one in children(group, "item_number"):
            kind = attribute(one, "item_number_type")
            if kind in ("article_number", "article-number"):
                message["article-number"] = text(one)
            else:
                message.setdefault("item_number", []).append(text(one))
        for one in children(group, "identifier"):
            if attribute(one, "id_type") != "doi":
                message.setdefault("identifier", []).append(
                    f"{attribute(one, 'id_type')} {text(one)}"
                )


# The query service


def _is_answer(record: etree._Element) -> bool:
    return local_name(record) == "query" and child(record, "doi") is not None


def _answer(query: etree._Element) -> Message:
    """A `<query>` that the query service answers without the record itself."""
    kind = attribute(child(query, "doi"), "type").replace("_", "-")
    known = {
        "book-title": "book",
        "book-content": "book-chapter",
        "conference-paper": "proceedings-article",
    }
    people = [
        {"given": child_text(one, "given_name"), "family": child_text(one, "surname")}
        for one in descendants(query, "contributor")
    ] or [{"family": child_text(query, "author")}]
    journal = child_text(query, "journal_title") or child_text(query, "volume_title")
    message: Message = {
        "type": known.get(kind, kind),
        "DOI": child_text(query, "doi"),
        "title": [child_text(query, "article_title")],
        "container-title": [journal],
        "author": people,
        "volume": child_text(query, "volume"),
        "issue": child_text(query, "issue"),
        "page": child_text(query, "first_page"),
        "issued": date_parts(query),
        "ISSN": [text(one) for one in children(query, "issn")],
        "ISBN": [text(one) for one in children(query, "isbn")],
    }
    return {key: value for key, value in message.items() if value}
