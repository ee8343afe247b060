"""The creators and contributors of a DataCite record as names.

They are put into the form in which Crossref's are read, so that both are treated alike: codes for
missing values and placeholders are no names, and names in capitals are brought to mixed case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from refman.crosswalk.crossref_names import Names, read_names
from refman.crosswalk.crossref_values import items, line, mappings
from refman.crosswalk.datacite_values import said
from refman.model.identifier import parse_orcid
from refman.text.names import parse_name

ROLES = {"Editor": "editor", "Producer": "producer", "Translator": "translator"}
"""Types of contributor that CSL has a variable for."""

_INVERTED = re.compile(r"[^\W\d_][^,;:()/&\d]{0,40},\s*[^\W\d_][^,;:()/&\d]{0,40}")
_OF_MANY = re.compile(r"\b(?:and|of|for|und|für|et|de la|the|inc|ltd|gmbh)\b", re.IGNORECASE)


class Contributors(NamedTuple):
    """Names by variable, and what had no place."""

    names: dict[str, Names]
    left: list[Mapping[str, Any]]


def read_creators(value: object) -> Names:
    """The creators, in order."""
    return read_names([_for_crossref(entry) for entry in mappings(value)])


def read_contributors(value: object) -> Contributors:
    """The contributors who have a variable in CSL; the others as they came."""
    by_role: dict[str, list[Mapping[str, Any]]] = {}
    left: list[Mapping[str, Any]] = []
    for entry in mappings(value):
        role = ROLES.get(str(entry.get("contributorType")))
        if role is None:
            if said(entry.get("name")) or said(entry.get("familyName")):
                left.append(entry)
        else:
            by_role.setdefault(role, []).append(entry)
    return Contributors({role: read_creators(entries) for role, entries in by_role.items()}, left)


def more_identified(value: object) -> list[Mapping[str, Any]]:
    """Those who have an identifier that `Name` has no place for: an ISNI, a ROR, two ORCIDs."""
    return [entry for entry in mappings(value) if any(_others(entry))]


def _others(entry: Mapping[str, Any]) -> Iterator[bool]:
    seen = False
    for identifier in mappings(entry.get("nameIdentifiers")):
        text = line(identifier.get("nameIdentifier"))
        if text is None:
            continue
        orcid = _is_orcid(identifier)
        yield not orcid or seen
        seen = seen or orcid


def _is_orcid(identifier: Mapping[str, Any]) -> bool:
    scheme = str(identifier.get("nameIdentifierScheme")).upper()
    text = str(identifier.get("nameIdentifier")).lower()
    return scheme == "ORCID" or "orcid.org/" in text


def _for_crossref(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One contributor in Crossref's form."""
    found: dict[str, Any] = {"affiliation": list(_affiliations(entry.get("affiliation")))}
    orcid = _orcid(entry)
    if orcid is not None:
        found["ORCID"] = orcid
    family, given = said(entry.get("familyName")), said(entry.get("givenName"))
    name = said(entry.get("name"))
    kind = entry.get("nameType")
    if kind == "Organizational":
        found["name"] = name or family or given
    elif family is not None:
        found.update(family=family, given=given)
    elif name is None:
        found["name"] = given
    elif kind == "Personal" or _is_inverted(name):
        parsed = parse_name(name)
        given_name = " ".join(filter(None, (parsed.given, parsed.dropping_particle)))
        family_name = " ".join(filter(None, (parsed.non_dropping_particle, parsed.family)))
        found.update(
            name=parsed.literal, family=family_name, given=given_name, suffix=parsed.suffix
        )
    else:
        found["name"] = name
    return found


def _is_inverted(name: str) -> bool:
    """Whether a name of nobody knows whom has the form of a person's, `Family, Given`."""
    return _INVERTED.fullmatch(name) is not None and _OF_MANY.search(name) is None


def _orcid(entry: Mapping[str, Any]) -> str | None:
    """The first valid ORCID."""
    found = (
        line(identifier.get("nameIdentifier"))
        for identifier in mappings(entry.get("nameIdentifiers"))
        if _is_orcid(identifier)
    )
    return next((orcid for text in found if text and (orcid := parse_orcid(text))), None)


def _affiliations(value: object) -> Iterable[str]:
    """Names of places; the service gives objects only where it is asked to."""
    for place in items(value):
        text = said(place.get("name") if isinstance(place, dict) else place)
        if text is not None:
            yield text
