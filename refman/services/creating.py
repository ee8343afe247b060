"""Adding a work that somebody describes by hand, with no format and no source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refman.errors import UsageError
from refman.model import Description, Origin, OriginKind, Record
from refman.rules import citekey
from refman.services.editing import check_key
from refman.services.importing import ImportPolicy, import_entries
from refman.services.keys import KeyGiver
from refman.store import NewRecord, Store


def create(
    store: Store,
    values: Mapping[str, Any],
    now: str,
    *,
    key: str | None = None,
    template: str = citekey.DEFAULT,
) -> tuple[int, str]:
    """Add a work that has these fields, as the user's own word. Returns its id and citation key.

    Without a key it gets one by the template. Raises `UsageError` for a key that is unfit or in
    use, and where nothing is said of the work.
    """
    record = _record(values, now)
    if not record.description.title and len(values) < 2:
        raise UsageError("A work needs a title, or more than a type.")
    if key is not None:
        check_key(key)
    with store.writing() as writer:
        if key is None:
            wanted = citekey.make_key(record.description, template)
            giver = KeyGiver()
            giver.prepare(writer, [wanted])
            key = giver.give(writer, wanted)
        elif writer.taken_keys([key]):
            raise UsageError(f"The citation key {key} belongs to another work.")
        change = writer.change("user", "add", f"{key} added by hand")
        [work_id] = writer.insert(change, [NewRecord(record, key)])
    return work_id, key


def known_as(store: Store, values: Mapping[str, Any], now: str) -> str | None:
    """In words, which work of the library these fields are or may be of; None for a new one."""
    record = _record(values, now)
    policy = ImportPolicy(dry_run=True)
    reasons = [item.reason for item in import_entries(store, [record], "by hand", policy)]
    return reasons[0] if reasons else None


def _record(values: Mapping[str, Any], now: str) -> Record:
    said = {field: value for field, value in values.items() if value not in (None, (), "")}
    origin = Origin(kind=OriginKind.USER, name="user", retrieved=now)
    return Record(description=Description(**said), origin=origin)
