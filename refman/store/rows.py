"""The lines of lists: what they say, how they are sorted, and where pages begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from refman.errors import UsageError
from refman.store.marking import NO_MARKS, Marks

PAGE = 500
"""Works that are read at a time."""

ROW = (
    "w.id, w.citation_key, w.type, w.title, coalesce(w.author, w.editor), w.year, "
    "w.container_title, w.doi, w.status, "
    "(SELECT status FROM enrichments e WHERE e.work_id = w.id)"
)


class Row(NamedTuple):
    """A work as a line of a list."""

    id: int
    citation_key: str
    type: str | None
    title: str | None
    author: str | None
    """Inverted names of the authors, else of the editors, joined with `; `."""
    year: int | None
    container_title: str | None
    DOI: str | None
    status: str | None
    """How it stands since it appeared: a `refman.rules.standing.Standing`, or None."""
    enrichment: str | None
    """An `EnrichmentStatus`, or None where enrichment was never asked for."""
    marks: Marks = NO_MARKS
    """What there is beside it, where that was asked for (`MarksReader.marks`)."""


class Order(StrEnum):
    """What a list is sorted by; the value is the column. Those before CONTAINER have an index."""

    ADDED = "id"
    YEAR = "year"
    AUTHOR = "sort_author"
    TITLE = "sort_title"
    MODIFIED = "modified"
    CONTAINER = "container_title"
    KEY = "citation_key"
    TYPE = "type"
    DOI = "doi"

    @classmethod
    def named(cls, name: str) -> Order:
        """The order a user means. Raises `UsageError` for a name that is none."""
        try:
            return cls[name.upper()]
        except KeyError:
            names = ", ".join(order.name.lower() for order in cls)
            raise UsageError(f"There is no order {name!r}; choose one of {names}.") from None


class Position(NamedTuple):
    """Where a page of a list begins or ends: the value sorted by, and the work's id."""

    value: object
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some consecutive rows of a list, and where they begin and end."""

    rows: tuple[Row, ...]
    first: Position | None = None
    last: Position | None = None


def stretches(
    order: Order, position: Position | None, *, forward: bool
) -> list[tuple[str, list[Any]]]:
    """Conditions for what lies beyond a position, one stretch of the index after the other.

    Works without a value come first in SQLite's ascending order. They are a stretch of their own,
    for a condition with OR in it would not be answered from the index.
    """
    column, sign = f"w.{order.value}", ">" if forward else "<"
    if position is None:
        return [("1", [])]
    if order is Order.ADDED:
        return [(f"w.id {sign} ?", [position.id])]
    if position.value is None:
        without = (f"{column} IS NULL AND w.id {sign} ?", [position.id])
        return [without, (f"{column} IS NOT NULL", [])] if forward else [without]
    beyond = (f"({column}, w.id) {sign} (?, ?)", [position.value, position.id])
    return [beyond] if forward else [beyond, (f"{column} IS NULL", [])]
