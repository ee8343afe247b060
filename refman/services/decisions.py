"""What the user decided on before, and is not asked about again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from refman.model import Description, Record, RecordState, stated


def answered_fields(
    record: Record, decided: Iterable[Record], known: Iterable[Record]
) -> frozenset[str]:
    """The fields in which a proposal says what its source said when the user decided on them.

    Those that the source proposes still, among the records that are known, are not meant.
    """
    waiting = {
        field
        for other in known
        if other.state is RecordState.PROPOSED and other.origin.name == record.origin.name
        for field, _ in stated(other.description)
    }
    return frozenset(
        field
        for other in decided
        if other.state is RecordState.PROPOSED and other.origin.name == record.origin.name
        for field, value in stated(other.description)
        if field not in waiting and value == getattr(record.description, field)
    )


def without_fields(record: Record, fields: frozenset[str]) -> Record:
    """A record that says nothing of some fields."""
    said = {field: value for field, value in stated(record.description) if field not in fields}
    return replace(
        record,
        description=Description(**said),
        guessed=record.guessed - fields,
        verbatim=tuple(pair for pair in record.verbatim if pair[0] not in fields),
    )


def is_dismissed(record: Record, decided: Iterable[Record]) -> bool:
    """Whether the user has decided on a mismatch that says the same."""
    return any(
        other.state is RecordState.MISMATCH
        and other.origin.name == record.origin.name
        and other.description == record.description
        for other in decided
    )
