"""How a work becomes a line of the list, for any width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rich.cells import cell_len

from refman.store import Order, Row
from refman.tui import signs
from refman.tui.display import fitted, one_line
from refman.tui.matches import Finder, Span

_GAP = 1
_FIELDS = {"container": "container_title"}
"""The fields that columns show, where those have other names."""
_LEAST_TITLE = 20
"""The columns beside author, year and title give way where the title would have less room."""
NARROWEST, WIDEST = 4, 80
"""How narrow and how wide a column can be made."""


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
        Order.CONTAINER,
        lambda width: min(44, width // 5),
        least=70,
    ),
    "key": Column("Key", lambda row: one_line(row.citation_key), Order.KEY, lambda _: 20),
    "type": Column("Type", lambda row: one_line(row.type or ""), Order.TYPE, lambda _: 16),
    "DOI": Column("DOI", lambda row: one_line(row.DOI or ""), Order.DOI, lambda _: 28),
}
"""All that there are, by name, in the order in which they stand."""

USUAL = ("author", "year", "title", "container")

Sizes = tuple[tuple[str, int], ...]
"""Columns that somebody gave another width than the usual one, with that width."""


def sized(sizes: Sizes, name: str, width: int) -> Sizes:
    """The sizes with another one. The title takes what is left, so it has none of its own."""
    if name == "title" or name not in COLUMNS:
        return sizes
    return tuple({**dict(sizes), name: max(NARROWEST, min(width, WIDEST))}.items())


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list and their widths, in cells."""

    widths: Mapping[str, int]

    @classmethod
    @lru_cache(maxsize=64)
    def for_width(cls, width: int, names: tuple[str, ...] = USUAL, sizes: Sizes = ()) -> Columns:
        """Share out a line: what is left by the others is the title's.

        Where that is too little, columns are left out from the right.
        """
        given = dict(sizes)
        wanted = [name for name in COLUMNS if name in names]
        shown = [name for name in wanted if width >= COLUMNS[name].least] or ["title"]
        least = _LEAST_TITLE if "title" in shown else 0
        while True:
            widths = {name: given.get(name) or COLUMNS[name].width(width) for name in shown}
            left = width - signs.WIDTH - sum(widths.values()) - _GAP * len(widths)
            spare = [name for name in shown if name not in USUAL[:3]]
            if left >= least or not spare:
                break
            shown.remove(spare[-1])
        if "title" in widths:
            widths["title"] = max(1, left)
        return cls(widths)

    def line(self, before: str, cells: Iterable[str]) -> str:
        """The values side by side, each cut or filled to its width."""
        parts = [fitted(before, signs.WIDTH)]
        parts += [fitted(text, width) for text, width in zip(cells, self.widths.values())]
        return (" " * _GAP).join(parts)

    def row(self, row: Row, *, marked: bool) -> str:
        """The line of a work."""
        return self.line(
            signs.signs(row, marked=marked), [COLUMNS[name].text(row) for name in self.widths]
        )

    def found(self, line: str, finder: Finder) -> Iterator[Span]:
        """Where on such a line something stands that was looked for, in characters."""
        start = _characters(line, 0, signs.WIDTH) + _GAP
        for name, width in self.widths.items():
            end = _characters(line, start, width)
            for first, last in finder.spans(_FIELDS.get(name, name), line[start:end]):
                yield start + first, start + last
            start = end + _GAP

    def heads(self, order: Order | None, *, descending: bool) -> str:
        """The line of headings, with an arrow at the column that the list is sorted by."""
        arrow = "↓" if descending else "↑"
        heads = []
        for name in self.widths:
            column = COLUMNS[name]
            head = column.head
            if order is not None and column.order is order:
                head = head[:3] + arrow if column.order is Order.YEAR else f"{head} {arrow}"
            heads.append(head)
        return self.line("", heads)

    def order_at(self, x: int) -> Order | None:
        """What a click on the headings asks to sort by; on the signs, when works were added."""
        end = signs.WIDTH + _GAP
        if x < end:
            return Order.ADDED
        for name, width in self.widths.items():
            end += width + _GAP
            if x < end:
                return COLUMNS[name].order
        return None

    def edge_at(self, x: int) -> tuple[str, int] | None:
        """The column whose width the edge at `x` changes, and which way: 1 or -1.

        An edge is the gap behind a column; that behind the title moves the column after it.
        """
        end = signs.WIDTH + _GAP
        names = [*self.widths]
        for name, after in zip(names, [*names[1:], None], strict=True):
            end += self.widths[name] + _GAP
            if x == end - _GAP:
                return (after, -1) if name == "title" and after else (name, 1)
        return None


def _characters(line: str, start: int, cells: int) -> int:
    """Where so many cells of a line end that begin at a character."""
    if line.isascii():
        return start + cells
    end = start
    while cells > 0 and end < len(line):
        cells -= cell_len(line[end])
        end += 1
    while end < len(line) and not cell_len(line[end]):
        end += 1
    return end


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
