"""How a work becomes a line of the list, for any width."""

from __future__ import annotations

from dataclasses import dataclass

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
_YEAR = 4
_GAP = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns, in cells; one of none is left out."""

    author: int
    title: int
    container: int

    @classmethod
    def for_width(cls, width: int) -> Columns:
        """Share out a line: what is left by the others is the title's."""
        author = max(12, min(30, width // 5))
        container = 0 if width < 70 else min(44, width // 5)
        fixed = _MARKS + _GAP + author + _GAP + _YEAR + _GAP
        if container:
            fixed += container + _GAP
        return cls(author=author, title=max(1, width - fixed), container=container)

    def line(self, marks: str, author: str, year: str, title: str, container: str) -> str:
        """The values side by side, each cut or filled to its width."""
        parts = [
            fitted(marks, _MARKS),
            fitted(author, self.author),
            fitted(year, _YEAR),
            fitted(title, self.title),
        ]
        if self.container:
            parts.append(fitted(container, self.container))
        return (" " * _GAP).join(parts)

    def row(self, row: Row, *, marked: bool) -> str:
        """The line of a work."""
        return self.line(
            marks(row, marked=marked),
            short_author(row.author),
            "" if row.year is None else str(row.year),
            one_line(row.title or row.citation_key),
            one_line(row.container_title or ""),
        )

    def heads(self, order: Order, *, descending: bool) -> str:
        """The line of headings, with an arrow at the column that the list is sorted by."""
        arrow = "↓" if descending else "↑"
        names = {Order.AUTHOR: "Author", Order.YEAR: "Year", Order.TITLE: "Title"}
        heads = {
            column: (name[:3] + arrow if column is Order.YEAR else f"{name} {arrow}")
            if column is order
            else name
            for column, name in names.items()
        }
        return self.line(
            "", heads[Order.AUTHOR], heads[Order.YEAR], heads[Order.TITLE], "Published in"
        )


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
