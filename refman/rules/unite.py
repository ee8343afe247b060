"""Lists that several records add to, instead of one replacing the other.

An ISSN in print and one online, an ISBN of the hardback and one of the e-book are all true at
once. So are notices of retraction and relations to other works, and the fields of foreign formats
that have no place in a description.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from refman.model import Description, Relation, Update
from refman.model.identifier import doi_key, isbn_key, parse_isbn, parse_issn
from refman.rules.evidence import same_container

UNITED = frozenset({"ISSN", "ISBN", "keyword", "updates", "relations", "extra"})
"""The fields whose lists are united."""


def unite(name: str, first: Description, others: Iterable[Description]) -> tuple[Any, ...]:
    """The list of `first` in a field of `UNITED`, with what the others add, each thing once.

    An ISSN is only added where it can be the same journal's. Of identifiers, those whose check
    digit is right come first.
    """
    mine: tuple[Any, ...] = getattr(first, name)
    added = [
        value
        for other in others
        if name != "ISSN" or _same_serial(first, other)
        for value in getattr(other, name)
        if value not in mine
    ]
    if not added:
        return mine
    key = _KEYS[name]
    found: dict[Hashable, Any] = {}
    for value in (*mine, *added):
        found.setdefault(key(value), value)
    united = tuple(found.values())
    if name in _VALID:
        # The sort is stable, so the first record's come first among equals.
        united = tuple(sorted(united, key=lambda value: _VALID[name](value) is None))
    return united


def _same_serial(a: Description, b: Description) -> bool:
    if not set(a.ISSN).isdisjoint(b.ISSN):
        return True
    return same_container(a, b) is not False


def _isbn(value: str) -> str:
    parsed = parse_isbn(value)
    return isbn_key(parsed) if parsed is not None else value


def _issn(value: str) -> str:
    return parse_issn(value) or value


def _update(value: Update) -> Hashable:
    doi = doi_key(value.DOI) if value.DOI else None
    return value.type, doi, value.date, value.source


def _relation(value: Relation) -> Hashable:
    return value.type, value.id_type, value.id.lower()


_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "ISSN": _issn,
    "ISBN": _isbn,
    "keyword": str.casefold,
    "updates": _update,
    "relations": _relation,
    "extra": lambda value: value,
}
_VALID: dict[str, Callable[[str], str | None]] = {"ISSN": parse_issn, "ISBN": parse_isbn}
