"""Updates and relations in a Crossref record: what became of a work, and what it belongs to.

Crossref notes an update twice: on the changed work as `updated-by`, on the notice as `update-to`.
A notice is not itself retracted, so `update-to` counts only where it points to its own record, as
in-place retractions do. Notices by Retraction Watch are in the same list with their source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refman.crosswalk.crossref_values import bare, date, items, line, mappings
from refman.model import Date, Relation, Update
from refman.model.identifier import doi_key

MAX_RELATIONS = 10_000

_GRAVITY = {
    "retraction": 0,
    "removal": 1,
    "withdrawal": 1,
    "partial_retraction": 2,
    "expression_of_concern": 3,
}


def read_updates(message: Mapping[str, Any]) -> tuple[Update, ...]:
    """What was done to the work itself, the gravest first; of equals, Retraction Watch's first."""
    own = bare(message.get("DOI"))
    found = [_update(entry) for entry in mappings(message.get("updated-by"))]
    found += [_update(entry) for entry in mappings(message.get("update-to")) if _same(entry, own)]
    return tuple(sorted(dict.fromkeys(found), key=_order)) if found else ()


def updates_others(message: Mapping[str, Any]) -> bool:
    """Whether the record is a notice about another work."""
    own = bare(message.get("DOI"))
    return any(not _same(entry, own) for entry in mappings(message.get("update-to")))


def _same(entry: Mapping[str, Any], own: str | None) -> bool:
    doi = bare(entry.get("DOI"))
    return doi is not None and own is not None and doi_key(doi) == doi_key(own)


def _update(entry: Mapping[str, Any]) -> Update:
    kind = line(entry.get("type")) or line(entry.get("label")) or "update"
    return Update(
        type=kind.lower().replace("-", "_").replace(" ", "_"),
        DOI=bare(entry.get("DOI")),
        date=date(entry.get("updated")) or _day(entry.get("updated")),
        source=line(entry.get("source")),
        label=line(entry.get("label")),
    )


def _day(value: object) -> Date | None:
    """The date of an update that has only a `date-time`."""
    moment = line(value.get("date-time")) if isinstance(value, dict) else None
    found = Date.parse(moment[:10]) if moment else None
    return found if found is not None and found.year is not None else None


def _order(update: Update) -> tuple[int, bool, str]:
    return (
        _GRAVITY.get(update.type, 4),
        update.source != "retraction-watch",
        update.date.edtf if update.date else "",
    )


def read_relations(value: object) -> tuple[Relation, ...]:
    """The relations, each once whichever side asserts it."""
    if not isinstance(value, dict) or not value:
        return ()
    found: dict[Relation, None] = {}
    for relation in _relations(value):
        if len(found) == MAX_RELATIONS:
            break
        found.setdefault(relation)
    return tuple(found)


def _relations(value: Mapping[str, Any]) -> Iterator[Relation]:
    for kind, objects in value.items():
        for entry in items(objects):
            if isinstance(entry, dict) and (target := bare(entry.get("id"))):
                yield Relation(kind, target, (line(entry.get("id-type")) or "doi").lower())
