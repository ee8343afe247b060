"""Filling in a table: every row of input as it came, with what was found for it beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from refman.crosswalk.table import COLUMNS, cells_from_description, csv_line, safe_cell
from refman.services.looking_up import LookupItem

_OURS = ("status", "doi", "source", "citation_key", *COLUMNS, "reason")
_EMPTY = ("",) * len(COLUMNS)


def filled_columns(theirs: Sequence[str]) -> tuple[str, ...]:
    """The header of a table filled in: its own columns, then refman's.

    One of refman's whose name is there already, in whatever letter case, begins with `refman_`.
    """
    taken = {name.strip().lower() for name in theirs}
    named = []
    for name in _OURS:
        while name.lower() in taken:
            name = f"refman_{name}"  # noqa: PLW2901
        taken.add(name.lower())
        named.append(name)
    return (*theirs, *named)


def filled(theirs: Sequence[str], items: Iterable[LookupItem]) -> Iterator[str]:
    """The table as CSV, line by line. Cells that came with the input are as they were."""
    yield csv_line(filled_columns(theirs))
    for item in items:
        work = item.work
        yield csv_line(
            (
                *item.cells,
                item.status.value,
                safe_cell(item.doi or ""),
                safe_cell(item.source or ""),
                safe_cell(work.citation_key if work is not None else ""),
                *(_EMPTY if work is None else cells_from_description(work.description)),
                safe_cell(item.reason or ""),
            )
        )
