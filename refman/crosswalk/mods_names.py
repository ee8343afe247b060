"""The names in a MODS record, with the roles of their bearers.

A role is a word or a code of MARC's list of relators; the word counts first. Who has none is an
author.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from refman.model import Name
from refman.model.identifier import parse_orcid
from refman.text.names import parse_name
from refman.text.xml_elements import attribute, children, text

_ROLES = {
    "author": "aut cre dis art inv prg ctg spk ive author creator writer artist verfasser",
    "editor": "edt editor herausgeber hrsg ed",
    "translator": "trl translator",
    "contributor": "ctb contributor",
    "collection_editor": "pbd seriesEditor",
    "illustrator": "ill illustrator",
    "composer": "cmp composer",
    "compiler": "com compiler",
    "director": "drt director fmd",
    "performer": "prf sng itr performer singer musician",
    "interviewer": "ivr interviewer",
    "recipient": "rcp recipient addressee adressat",
    "narrator": "nrt narrator",
    "producer": "pro fmp producer",
    "host": "hst host",
    "curator": "cur curator",
    "organizer": "orm organizer",
}
_NOT_AUTHORS = frozenset(
    (
        "pbl", "dst", "asn", "own", "fnd", "spn", "prt", "dgg", "dgs", "ths", "dpt", "bsl", "his",
        "ctr", "fmo", "lbr", "dnr", "dto", "dte", "rth", "sht", "uvp", "prp", "isb", "publisher",
        "distributor", "associated name", "owner", "funder", "sponsor", "printer",
        "degree grantor", "degree supervisor", "thesis advisor", "advisor", "committee member",
        "depositor", "bookseller", "host institution", "donor", "dedicatee", "repository",
    )
)  # fmt: skip
"""Relators of those who made nothing of the work, and whom no citation names."""
_FIELDS = {term.lower(): field for field, terms in _ROLES.items() for term in terms.split()}
_DATES = re.compile(r"\s*[\[(][^A-Za-z\])]{1,40}[\])]")
_LIFE = re.compile(r",?\s*\(?(?:b\. |ca\. )?\d{3,4}\??\s?-\s?(?:ca\. )?(?:\d{3,4}\??)?\)?$")
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


class Role(NamedTuple):
    """A name, the field it belongs to (None for a role without one), and the role's own word."""

    name: Name
    field: str | None
    role: str
    sure: bool
    """Whether the parts of the name were marked as such, or it is an organisation's."""


def read_name(element: etree._Element, default: str = "author") -> Role | None:
    """What a `<name>` says; None where it names nobody."""
    name = _name(element)
    if name is None:
        return None
    terms = [
        (attribute(term, "type"), text(term))
        for role in children(element, "role")
        for term in children(role, "roleTerm")
    ]
    terms.sort(key=lambda term: term[0] == "code")
    for _, term in terms:
        field = field_of_role(term)
        if field is not None:
            return Role(name, field, term, _is_sure(element))
    told = next((term for _, term in terms if is_no_author(term)), None)
    if told is not None:
        return Role(name, None, told, _is_sure(element))
    return Role(name, default, "", _is_sure(element))


def field_of_role(role: str) -> str | None:
    """The field for a role of MARC's, as a word or a code; None where it is not known."""
    return _FIELDS.get(role.lower().rstrip("."))


def is_role(role: str) -> bool:
    """Whether a role is known."""
    return field_of_role(role) is not None or is_no_author(role)


def is_no_author(role: str) -> bool:
    """Whether a role is that of somebody whom no citation names."""
    return role.lower().rstrip(".") in _NOT_AUTHORS


def _is_sure(element: etree._Element) -> bool:
    kind = attribute(element, "type")
    return kind in ("corporate", "conference", "family") or any(
        attribute(part, "type") == "family" for part in children(element, "namePart")
    )


def _name(element: etree._Element) -> Name | None:
    parts: dict[str, list[str]] = {}
    for part in children(element, "namePart"):
        if said := text(part).strip(" ,"):
            parts.setdefault(attribute(part, "type"), []).append(said)
    affiliation = tuple(text(one) for one in children(element, "affiliation") if text(one))
    name = _put_together(element, parts)
    if name is None or not (name.display or "").strip(" .,"):
        return None
    return Name(
        name.family, name.given, name.suffix, name.dropping_particle, name.non_dropping_particle,
        name.literal, _orcid(element), affiliation,
    )  # fmt: skip


def _put_together(element: etree._Element, parts: dict[str, list[str]]) -> Name | None:
    family, given = " ".join(parts.get("family", ())), " ".join(parts.get("given", ()))
    suffix = next((t for t in parts.get("termsOfAddress", ()) if t.lower() in _SUFFIXES), None)
    if family:
        return Name(family, given, suffix) if given else Name(literal=family)
    whole = parts.get("", []) or [text(one) for one in children(element, "displayForm")]
    if attribute(element, "type") in ("corporate", "conference"):
        return Name(literal=": ".join(whole)) if whole else None
    joined = _LIFE.sub("", _DATES.sub("", " ".join((*whole, *parts.get("given", ())))))
    joined = _without_full_stop(joined.strip(" ,;"))
    if not joined:
        return None
    name = parse_name(joined)
    return Name(
        name.family,
        name.given,
        suffix or name.suffix,
        None,
        name.non_dropping_particle,
        name.literal,
    )


def _without_full_stop(name: str) -> str:
    """Without the full stop that ends a heading; that of an initial or of `Jr.` stays."""
    last = name.rpartition(" ")[2]
    if name.endswith(".") and len(last.strip(".")) > 2 and "." not in last[:-1]:
        return name[:-1]
    return name


def _orcid(element: etree._Element) -> str | None:
    for one in children(element, "nameIdentifier"):
        if "orcid" in f"{attribute(one, 'type')} {attribute(one, 'typeURI')} {text(one)}".lower():
            return parse_orcid(text(one))
    uri = attribute(element, "valueURI")
    return parse_orcid(uri) if "orcid.org" in uri else None
