"""Records of works whose own are gone, made of what the lists still say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refman.errors import StoreDamaged
from refman.model import Date, Description, Name
from refman.store.codec import decode_description, encode_description
from refman.store.connection import Connection
from refman.store.shapes import WORKS

COLUMNS = ", ".join(WORKS.columns)
"""Of the table of works, in the order that `add_record` takes them."""

_TEXTS = ("type", "title", "container_title", "volume", "issue", "page", "publisher", "language")


def add_record(
    connection: Connection, row: Sequence[Any], change_id: int, contributors: str = "contributors"
) -> None:
    """Make a record of a row of works, with the names that a table of contributors has for it."""
    work = dict(zip(WORKS.columns, row, strict=True))
    people = connection.execute(
        f"SELECT role, family, given, literal FROM {contributors} WHERE work_id = ? "
        "ORDER BY role, position",
        (work["id"],),
    ).fetchall()
    connection.execute(
        "INSERT INTO records (work_id, change_id, kind, source, location, citation_key, "
        "description) VALUES (?, ?, 'import', 'rescue', NULL, ?, ?)",
        (work["id"], change_id, work["citation_key"], _description(work, people)),
    )


def _description(work: dict[str, Any], people: Sequence[tuple[str, str, str, str]]) -> str:
    """What lists say of a work, as the description of a record."""
    if work["description"]:
        try:
            return encode_description(decode_description(work["description"]))
        except StoreDamaged:
            pass
    said: dict[str, Any] = {name: work[name] for name in _TEXTS if work[name]}
    if work["doi"]:
        said["DOI"] = work["doi"]
    if work["issued"]:
        said["issued"] = Date.parse(work["issued"])
    for role in ("author", "editor"):
        names = [
            Name(literal=literal) if literal else Name(family=family, given=given)
            for of, family, given, literal in people
            if of == role and (literal or family or given)
        ]
        if not names:
            names = [_name(text) for text in (work[role] or "").split("; ") if text]
        if names:
            said[role] = tuple(names)
    return encode_description(Description(**said))


def _name(inverted: str) -> Name:
    family, comma, given = inverted.partition(", ")
    return Name(family=family, given=given) if comma else Name(literal=inverted)
