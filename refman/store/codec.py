"""Descriptions and records as the columns of a library hold them.

A description is a JSON object of the fields that say something, under their names in
`refman.model.Description`; dates are EDTF text, names objects of the parts they have. JSON rather
than a table of fields and values, so that one row is one statement and SQLite's JSON functions
reach each field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from refman.errors import StoreDamaged
from refman.model import (
    DATE_FIELDS,
    LIST_FIELDS,
    NAME_FIELDS,
    Date,
    Description,
    Extra,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Relation,
    Update,
    stated,
)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

RECORD_COLUMNS = (
    "id, work_id, kind, source, location, retrieved, preferred, state, withdrawn, citation_key, "
    "guessed, cleared, verbatim, payload, description"
)
"""What `record_from_row` takes, in its order."""


def encode_description(description: Description) -> str:
    """The description as JSON text; equal descriptions give equal texts."""
    item: dict[str, object] = {}
    for field, value in stated(description):
        if field in NAME_FIELDS:
            item[field] = [_name_item(name) for name in value]
        elif field in DATE_FIELDS:
            item[field] = _date_item(value)
        elif field == "updates":
            item[field] = [_update_item(update) for update in value]
        elif field == "relations":
            item[field] = [[relation.type, relation.id, relation.id_type] for relation in value]
        elif field == "extra":
            item[field] = [[extra.format, extra.name, extra.value] for extra in value]
        else:
            item[field] = value
    return _encode(item)


def decode_description(text: str) -> Description:
    """The description that `encode_description` made the text of.

    Raises `StoreDamaged` for any other text.
    """
    try:
        return _description(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreDamaged(
            f"The library holds a description that cannot be read ({error}).",
            hint="refman doctor looks into it.",
        ) from error


def _description(item: dict[str, Any]) -> Description:
    for field, value in item.items():
        if field in NAME_FIELDS:
            item[field] = tuple(_name_from_item(name) for name in value)
        elif field in DATE_FIELDS:
            item[field] = _date_from_item(value)
        elif field in LIST_FIELDS:
            item[field] = tuple(value)
        elif field == "updates":
            item[field] = tuple(
                Update(**{**update, "date": _date_from_item(update.get("date"))})
                for update in value
            )
        elif field == "relations":
            item[field] = tuple(Relation(*relation) for relation in value)
        elif field == "extra":
            item[field] = tuple(Extra(*extra) for extra in value)
    return Description(**item)


def _name_item(name: Name) -> dict[str, object]:
    item: dict[str, object] = {}
    if name.family is not None:
        item["family"] = name.family
    if name.given is not None:
        item["given"] = name.given
    if name.literal is not None:
        item["literal"] = name.literal
    # Most names have nothing more, and there are several to a work.
    if name.suffix or name.dropping_particle or name.non_dropping_particle:
        for part in ("suffix", "dropping_particle", "non_dropping_particle"):
            if value := getattr(name, part):
                item[part] = value
    if name.ORCID:
        item["ORCID"] = name.ORCID
    if name.affiliation:
        item["affiliation"] = name.affiliation
    return item


def _name_from_item(item: dict[str, Any]) -> Name:
    if "affiliation" in item:
        item["affiliation"] = tuple(item["affiliation"])
    return Name(**item)


def _date_item(date: Date) -> object:
    """EDTF text; an object where the words of a literal could be taken for a date."""
    text = date.edtf
    if date.literal is None and date.end is None:
        return text
    return text if Date.parse(text) == date else {"literal": text}


def _date_from_item(item: object) -> Date | None:
    if item is None:
        return None
    if isinstance(item, dict):
        return Date(literal=item["literal"])
    return Date.parse(str(item))


def _update_item(update: Update) -> dict[str, object]:
    item: dict[str, object] = {"type": update.type}
    for part in ("DOI", "source", "label"):
        value = getattr(update, part)
        if value is not None:
            item[part] = value
    if update.date is not None:
        item["date"] = _date_item(update.date)
    return item


def record_row(record: Record, work_id: int, change_id: int) -> tuple[object, ...]:
    """A record as the columns of `INSERT_RECORD`."""
    origin = record.origin
    return (
        work_id,
        change_id,
        origin.kind.value,
        origin.name,
        origin.location,
        origin.retrieved,
        int(origin.preferred),
        record.state.value,
        record.citation_key,
        " ".join(sorted(record.guessed)) or None,
        " ".join(sorted(record.cleared)) or None,
        _encode(record.verbatim) if record.verbatim else None,
        record.payload,
        encode_description(record.description),
    )


INSERT_RECORD = """
INSERT INTO records (work_id, change_id, kind, source, location, retrieved, preferred, state,
  citation_key, guessed, cleared, verbatim, payload, description)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def record_from_row(row: tuple[Any, ...]) -> Record:
    """The record in a row of `RECORD_COLUMNS`; a withdrawn one has that state.

    Raises `StoreDamaged` for what is no record.
    """
    try:
        return _record_from_row(row)
    except (ValueError, TypeError) as error:
        raise StoreDamaged(
            f"The library holds a record that cannot be read ({error}).",
            hint="refman doctor looks into it.",
        ) from error


def _record_from_row(row: tuple[Any, ...]) -> Record:
    (
        id_,
        work_id,
        kind,
        source,
        location,
        retrieved,
        preferred,
        state,
        withdrawn,
        citation_key,
        guessed,
        cleared,
        verbatim,
        payload,
        description,
    ) = row
    return Record(
        id=id_,
        work_id=work_id,
        description=decode_description(description),
        origin=Origin(
            kind=OriginKind(kind),
            name=source,
            location=location,
            retrieved=retrieved,
            preferred=bool(preferred),
        ),
        state=RecordState.WITHDRAWN if withdrawn else RecordState(state),
        citation_key=citation_key,
        guessed=frozenset((guessed or "").split()),
        cleared=frozenset((cleared or "").split()),
        verbatim=tuple((field, text) for field, text in json.loads(verbatim or "[]")),
        payload=payload,
    )


def encode_attribution(attribution: Mapping[str, int]) -> str | None:
    """Which record each field came from, as JSON; None where one record says it all."""
    return _encode(dict(attribution)) if attribution else None


def decode_attribution(text: str | None) -> Mapping[str, int]:
    """The inverse of `encode_attribution`. Raises `StoreDamaged` for any other text."""
    try:
        return json.loads(text) if text else {}
    except ValueError as error:
        raise StoreDamaged(
            f"The library holds a field whose source cannot be read ({error}).",
            hint="refman doctor looks into it.",
        ) from error
