"""``filter=``: splitting, validation and matching, after Crossref's own server.

Filters of one name are alternatives (OR), filters of different names must all hold (AND).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from tests.crossref_server.messages import Json, extract_doi
from tests.crossref_server.vocabulary import TYPES

Predicate = Callable[[Json], bool]
Pair = tuple[str, str]

_BOOLEANS = ("t", "true", "1", "f", "false", "0")
_ARCHIVES = ("Portico", "CLOCKSS", "DWT")


def failure(kind: str, value: str, message: str) -> Json:
    """One entry of a validation failure's ``message`` list."""
    return {"type": kind, "value": value, "message": message}


def split_filters(text: str, glue: bool) -> list[Pair] | None:
    """Filter text as (name, value) pairs, or None when it is not of the form ``key:val,...``.

    The text is split at commas, a piece at its first colon. A piece without a colon belongs to
    the value before it (`glue`): a DOI with a comma survives, ``doi:A,B`` asks for the one DOI
    "A,B". Without `glue` such a piece is an error unless it begins with a blank, which is what
    clients reported in 2026. A comma followed by a colon always begins a new filter.
    """
    pieces: list[str] = []
    for piece in text.split(","):
        if ":" in piece:
            pieces.append(piece)
        elif pieces and (glue or piece.startswith(" ")):
            pieces[-1] += "," + piece
        else:
            return None
    pairs = [piece.partition(":") for piece in pieces]
    return [(name, value) for name, _, value in pairs]


def filter_failures(pairs: Iterable[Pair]) -> list[Json]:
    """What is wrong with the filters: unknown names first, then values, in the service's order."""
    found: list[Json] = []
    values: list[Json] = []
    unknown: list[str] = []
    for name, value in pairs:
        if name not in FILTERS:
            if name not in unknown:
                unknown.append(name)
            continue
        wrong = FILTERS[name][0](value)
        if wrong is not None:
            values.append(wrong)
    names = ", ".join(sorted(FILTERS))
    for name in unknown:
        text = (
            f"Filter {name} specified but there is no such filter for this route."
            f" Valid filters for this route are: {names}"
        )
        found.append(failure("filter-not-available", name, text))
    return found + values


def build_predicate(pairs: Sequence[Pair]) -> Predicate:
    """A test of one work for already validated filters other than the store's own."""
    groups: dict[str, list[Predicate]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(FILTERS[name][1](value))
    tests = list(groups.values())
    return lambda work: all(any(test(work) for test in group) for group in tests)


# --- validators: a value in, None or a failure out ------------------------------------------------


def _any_text(value: str) -> Json | None:
    return None


def _one_of(kind: str, label: str, allowed: Sequence[str]) -> Callable[[str], Json | None]:
    def check(value: str) -> Json | None:
        if value in allowed:
            return None
        text = f"{label} specified as {value} but must be one of: {', '.join(allowed)}"
        return failure(kind, value, text)

    return check


def _integer(value: str) -> Json | None:
    if re.fullmatch(r"\d+", value):
        return None
    text = f"Integer specified as {value} but must be a positive integer. "
    return failure("integer-not-valid", value, text)


def _date(value: str) -> Json | None:
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value)
    if found is None:
        text = f"Date specified as {value} but must be of the form: yyyy or yyyy-MM or yyyy-MM-dd"
        return failure("date-not-valid", value, text)
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        date(max(year, 1), month, day)
    except ValueError:
        text = f"Date {value} specified in the correct format but represents an illegitimate date."
        return failure("date-not-legitimate", value, text)
    return None


def _shape(kind: str, label: str, pattern: str, form: str) -> Callable[[str], Json | None]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def check(value: str) -> Json | None:
        if compiled.fullmatch(value):
            return None
        return failure(kind, value, f"{label} specified as {value} but must be of the form: {form}")

    return check


def _doi(value: str) -> Json | None:
    doi = extract_doi(value)
    if doi is not None and re.fullmatch(r"10\.[0-9]{4,}/\S+", doi) and not re.search(r"\s", value):
        return None
    text = (
        f"DOI specified as {value} but must be of the form: 10.prefix/suffix where prefix is"
        " 4 or more digits and suffix  is a string"
    )
    return failure("doi-not-valid", value, text)


_boolean = _one_of("boolean-not-valid", "Boolean", _BOOLEANS)
_issn = _shape(
    "issn-not-valid",
    "ISSN",
    r"(https?://id\.crossref\.org/issn/)?\d{4}-?\d{3}[\dX]",
    "aaaa-aaab where a is a digit, and b is a digit or 'X'",
)
_orcid = _shape(
    "orcid-not-valid",
    "ORCID",
    r"(https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]",
    "aaaa-aaaa-aaaa-aaab where a is a digit and b is a digit or 'X'",
)
_prefix = _shape(
    "prefix-not-valid", "Prefix", r".*10\.\d{4,}", "10.digits where digits is 4 or more digits"
)


# --- matchers: a value in, a test of a work out ---------------------------------------------------


def values_at(work: Any, path: str) -> list[Any]:
    """Everything at a dotted path, lists on the way gone through."""
    found = [work]
    for name in path.split("."):
        step: list[Any] = []
        for part in found:
            value = part.get(name) if isinstance(part, dict) else None
            step.extend(value if isinstance(value, list) else [value])
        found = [value for value in step if value is not None]
    return found


def _same(text: Any) -> str:
    return str(text).lower()


def _equal(path: str, clean: Callable[[Any], str] = _same) -> Callable[[str], Predicate]:
    """The value equals (cleaned) one at the path."""

    def build(value: str) -> Predicate:
        wanted = clean(value)
        return lambda work: any(clean(found) == wanted for found in values_at(work, path))

    return build


def _exists(path: str) -> Callable[[str], Predicate]:
    """true: something non-empty is at the path; false: nothing is."""

    def build(value: str) -> Predicate:
        wanted = value in ("t", "true", "1")
        return lambda work: any(bool(found) for found in values_at(work, path)) == wanted

    return build


def _tail(pattern: str) -> Callable[[Any], str]:
    """Cleaner that keeps what matches at the end, lower-cased, without hyphens."""
    compiled = re.compile(pattern + r"$", re.IGNORECASE)

    def clean(value: Any) -> str:
        found = compiled.search(str(value).replace("-", ""))
        return found.group().lower() if found else str(value).lower()

    return clean


def _doi_of(value: Any) -> str:
    return extract_doi(str(value)) or str(value).lower()


def _stamp(field: str, sign: int) -> Callable[[str], Predicate]:
    """Dates with a time (indexed, deposited, created): compared to the depth of the filter."""

    def build(value: str) -> Predicate:
        def test(work: Json) -> bool:
            stamp = str((work.get(field) or {}).get("date-time", ""))[: len(value)]
            return bool(stamp) and (stamp >= value if sign > 0 else stamp <= value)

        return test

    return build


def _parts(field: str, sign: int) -> Callable[[str], Predicate]:
    """Dates of one to three parts: a part the record lacks does not satisfy the filter."""

    def build(value: str) -> Predicate:
        wanted = [int(part) for part in value.split("-")]

        def test(work: Json) -> bool:
            return compare_parts(date_parts(work, field), wanted, sign)

        return test

    return build


def date_parts(work: Json, field: str) -> list[int]:
    """Year, month and day of a date field as far as they are known; [] for null dates."""
    outer = (work.get(field) or {}).get("date-parts") or [[]]
    return [part for part in outer[0] or [] if isinstance(part, int)]


def compare_parts(found: Sequence[int], wanted: Sequence[int], sign: int) -> bool:
    """Whether `found` is not before (`sign` 1) or not after (-1) `wanted`."""
    for index, part in enumerate(wanted):
        if index >= len(found):
            return False
        if found[index] != part:
            return (found[index] - part) * sign > 0
    return True


Validator = Callable[[str], Json | None]
Matcher = Callable[[str], Predicate]


def _date_filters() -> dict[str, tuple[Validator, Matcher]]:
    found: dict[str, tuple[Validator, Matcher]] = {}
    stamps = {"update": "deposited", "index": "indexed", "deposit": "deposited"}
    stamps["created"] = "created"
    parts = {"pub": "issued", "issued": "issued", "online-pub": "published-online"}
    parts |= {"print-pub": "published-print", "posted": "posted", "accepted": "accepted"}
    for ends, sign in (("from", 1), ("until", -1)):
        for name, field in stamps.items():
            found[f"{ends}-{name}-date"] = (_date, _stamp(field, sign))
        for name, field in parts.items():
            found[f"{ends}-{name}-date"] = (_date, _parts(field, sign))
    return found


_HAS = {
    "has-abstract": "abstract",
    "has-affiliation": "author.affiliation.name",
    "has-archive": "archive",
    "has-assertion": "assertion.name",
    "has-authenticated-orcid": "author.authenticated-orcid",
    "has-award": "funder.award",
    "has-clinical-trial-number": "clinical-trial-number.clinical-trial-number",
    "has-content-domain": "content-domain.domain",
    "has-domain-restriction": "content-domain.crossmark-restriction",
    "has-event": "event",
    "has-full-text": "link.URL",
    "has-funder": "funder.name",
    "has-funder-doi": "funder.DOI",
    "has-license": "license.URL",
    "has-orcid": "author.ORCID",
    "has-references": "references-count",
    "has-relation": "relation",
    "has-update": "updated-by.DOI",
    "has-update-policy": "update-policy",
    "is-update": "update-to.DOI",
}
_TEXT = {
    "alternative-id": "alternative-id",
    "archive": "archive",
    "article-number": "article-number",
    "assertion": "assertion.name",
    "assertion-group": "assertion.group.name",
    "award.number": "funder.award",
    "category-name": "subject",
    "clinical-trial-number": "clinical-trial-number.clinical-trial-number",
    "container-title": "container-title",
    "content-domain": "content-domain.domain",
    "full-text.application": "link.intended-application",
    "full-text.type": "link.content-type",
    "full-text.version": "link.content-version",
    "funder-doi-asserted-by": "funder.doi-asserted-by",
    "funder-name": "funder.name",
    "group-title": "group-title",
    "license.url": "license.URL",
    "license.version": "license.content-version",
    "update-type": "update-to.type",
}


def _relation_type(value: str) -> Predicate:
    return lambda work: value in (work.get("relation") or {})


def _relation_object(value: str) -> Predicate:
    wanted = value.lower()

    def test(work: Json) -> bool:
        objects = [o for group in (work.get("relation") or {}).values() for o in group]
        return any(str(found.get("id", "")).lower() == wanted for found in objects)

    return test


def _all_filters() -> dict[str, tuple[Validator, Matcher]]:
    found = _date_filters()
    found.update({name: (_boolean, _exists(path)) for name, path in _HAS.items()})
    found.update({name: (_any_text, _equal(path)) for name, path in _TEXT.items()})
    labels = dict(TYPES)
    isbn = _tail(r"[\dX]{10,13}")
    found["archive"] = (_one_of("archive-not-valid", "Archive", _ARCHIVES), _equal("archive"))
    found["doi"] = (_doi, _equal("DOI", _doi_of))
    found["isbn"] = (_any_text, _equal("ISBN", isbn))
    found["issn"] = (_issn, _equal("ISSN", _tail(r"[\dX]{8}")))
    found["member"] = (_integer, _equal("member"))
    found["orcid"] = (_orcid, _equal("author.ORCID", _tail(r"[\dX]{16}")))
    found["prefix"] = (_prefix, _equal("prefix", _tail(r"10\.\d+")))
    found["funder"] = (_any_text, _equal("funder.DOI", _funder_id))
    found["award.funder"] = found["funder"]
    found["relation.type"] = (_any_text, _relation_type)
    found["relation.object"] = (_any_text, _relation_object)
    found["type"] = (_one_of("type-not-valid", "Type", list(labels)), _equal("type"))
    found["type-name"] = (_any_text, _equal("type", lambda v: labels.get(str(v), str(v)).lower()))
    found["updates"] = (_doi, _equal("update-to.DOI", _doi_of))
    # Lists hold only prime DOIs; the store marks those other DOIs lead to.
    found["has-alias"] = (_boolean, _exists("alias"))
    found["has-prime-doi"] = (_boolean, _exists("prime-doi"))
    return found


def _funder_id(value: Any) -> str:
    """``501100000038`` for it and for ``10.13039/501100000038``."""
    return str(value).lower().rpartition("/")[2]


FILTERS = _all_filters()
"""Every filter of ``/works``: name -> (validator, builder of a test)."""
