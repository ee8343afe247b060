"""How a work becomes a line of the list, for any width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from refman.store import Order, Row
from refman.tui.display import fitted, one_line

_STANDINGS = {"retracted": "R", "concern": "E", "corrected": "C", "superseded": "P"}
_SIGNS = {
    "enriched": "+",
    "unchanged": "=",
    "pending": "~",
    "not_found": "?",
    "mismatch": "≠",
    "failed": "!",
}
MEANINGS = (
    ("●", "marked"),
    ("R", "retracted"),
    ("E", "an expression of concern was published"),
    ("C", "corrected"),
    ("P", "a preprint now published, or replaced"),
    ("+", "enriched"),
    ("=", "asked for, nothing new"),
    ("~", "waiting for enrichment"),
    ("?", "no source knows its DOI"),
    ("≠", "its DOI belongs to another work"),
    ("!", "enrichment failed"),
)
"""The signs before a work, for the help."""

_MARKS = 2
_GAP = 1
_LEAST_TITLE = 20
"""The columns beside author, year and title give way where the title would have less room."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, what its cells say, and what a click on its heading sorts by."""

    head: str
    text: Callable[[Row], str]
    order: Order | None = None
    width: Callable[[int], int] = field(default=lambda _: 0)
    """How wide it is on a line of some width; the title takes what is left."""
    least: int = 0
    """The narrowest line that has it."""


COLUMNS: Mapping[str, Column] = {
    "author": Column(
        "Author",
        lambda row: short_author(row.author),
        Order.AUTHOR,
        lambda width: max(12, min(30, width // 5)),
    ),
    "year": Column(
        "Year", lambda row: "" if row.year is None else str(row.year), Order.YEAR, lambda _: 4
    ),
    "title": Column("Title", lambda row: one_line(row.title or row.citation_key), Order.TITLE),
    "container": Column(
        "Published in",
        lambda row: one_line(row.container_title or ""),
        None,
        lambda width: min(44, width // 5),
        least=70,
    ),
    "key": Column("Key", lambda row: one_line(row.citation_key), None, lambda _: 20),
    "type": Column("Type", lambda row: one_line(row.type or ""), None, lambda _: 16),
    "DOI": Column("DOI", lambda row: one_line(row.DOI or ""), None, lambda _: 28),
}
"""All that there are, by name, in the order in which they stand."""

USUAL = ("author", "year", "title", "container")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list and their widths, in cells."""

    widths: Mapping[str, int]

    @classmethod
    @lru_cache(maxsize=64)
    def for_width(cls, width: int, names: tuple[str, ...] = USUAL) -> Columns:
        """Share out a line: what is left by the others is the title's.

        Where that is too little, columns are left out from the right.
        """
        wanted = [name for name in COLUMNS if name in names]
        shown = [name for name in wanted if width >= COLUMNS[name].least] or ["title"]
        least = _LEAST_TITLE if "title" in shown else 0
        while True:
            widths = {name: COLUMNS[name].width(width) for name in shown}
            left = width - _MARKS - sum(widths.values()) - _GAP * len(widths)
            spare = [name for name in shown if name not in USUAL[:3]]
            if left >= least or not spare:
                break
            shown.remove(spare[-1])
        if "title" in widths:
            widths["title"] = max(1, left)
        return cls(widths)

    def line(self, marks: str, cells: Iterable[str]) -> str:
        """The values side by side, each cut or filled to its width."""
        parts = [fitted(marks, _MARKS)]
        parts += [fitted(text, width) for text, width in zip(cells, self.widths.values())]
        return (" " * _GAP).join(parts)

    def row(self, row: Row, *, marked: bool) -> str:
        """The line of a work."""
        return self.line(
            marks(row, marked=marked), [COLUMNS[name].text(row) for name in self.widths]
        )

    def heads(self, order: Order, *, descending: bool) -> str:
        """The line of headings, with an arrow at the column that the list is sorted by."""
        arrow = "↓" if descending else "↑"
        heads = []
        for name in self.widths:
            column = COLUMNS[name]
            head = column.head
            if column.order is order:
                head = head[:3] + arrow if column.order is Order.YEAR else f"{head} {arrow}"
            heads.append(head)
        return self.line("", heads)

    def order_at(self, x: int) -> Order | None:
        """What a click on the headings asks to sort by; on the marks, when works were added."""
        end = _MARKS + _GAP
        if x < end:
            return Order.ADDED
        for name, width in self.widths.items():
            end += width + _GAP
            if x < end:
                return COLUMNS[name].order
        return None


def marks(row: Row, *, marked: bool) -> str:
    """The signs before a work: whether it is marked, and what to know of it first."""
    sign = _STANDINGS.get(row.status or "") or _SIGNS.get(row.enrichment or "", " ")
    return ("●" if marked else " ") + sign


def short_author(author: str | None) -> str:
    """One author with the initial, the families of two, or the first one's `et al.`"""
    if not author:
        return ""
    first, *others = author.split("; ", 2)
    family, _, given = one_line(first).partition(", ")
    if not others:
        return f"{family}, {given[0]}." if given else family
    if len(others) == 1:
        return f"{family} & {one_line(others[0].partition(',')[0])}"
    return f"{family} et al."
