"""The works that a query finds, as something to look at, to count and to go through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, overload

from refman.model import Work
from refman.rules.query import Node
from refman.store import Order, Row, Store
from refman.text.counting import counted

if TYPE_CHECKING:
    from rich.table import Table

_SHOWN = 20
_COLUMNS = ("key", "year", "authors", "title", "in")


class Works(Iterable[Work]):
    """Goes through the works anew each time; `len`, `[3]` and `[:10]` read no more than they need.

    In a notebook, and where rich prints it, it is a table of the first ones. `store` gives the
    connection of the thread that asks.
    """

    def __init__(self, store: Callable[[], Store], query: Node, limit: int | None = None) -> None:
        self._store = store
        self._query = query
        self._limit = limit

    def __iter__(self) -> Iterator[Work]:
        return self._store().iterate(self._query, limit=self._limit)

    def __len__(self) -> int:
        count = self._store().count(self._query)
        return count if self._limit is None else min(count, self._limit)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    @overload
    def __getitem__(self, place: int) -> Work: ...

    @overload
    def __getitem__(self, place: slice) -> list[Work]: ...

    def __getitem__(self, place: int | slice) -> Work | list[Work]:
        size = len(self)
        if isinstance(place, slice):
            start, stop, step = place.indices(size)
            if step > 0:
                return list(islice(self, start, max(start, stop), step))
            return list(self)[place]
        index = place + size if place < 0 else place
        if not 0 <= index < size:
            raise IndexError(f"There are {size} works.")
        page = self._store().page(self._query, Order.ADDED, limit=1, offset=index)
        return self._store().works([page.rows[0].id])[0]

    def __repr__(self) -> str:
        return f"<{counted(len(self), 'work')}>"

    def _rows(self) -> list[Row]:
        limit = _SHOWN if self._limit is None else min(_SHOWN, self._limit)
        return list(self._store().rows(self._query, limit=limit))

    def _repr_html_(self) -> str:
        """A table, for notebooks."""
        head = "".join(f"<th>{column}</th>" for column in _COLUMNS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row)) + "</tr>"
            for row in self._rows()
        )
        caption = f"<caption>{counted(len(self), 'work')}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __rich__(self) -> Table:
        """A table, for rich."""
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(*_COLUMNS, title=counted(len(self), "work"))
        for row in self._rows():
            table.add_row(*map(Text, _cells(row)))
        return table


def _cells(row: Row) -> tuple[str, ...]:
    year = "" if row.year is None else str(row.year)
    cells = (row.citation_key, year, row.author or "", row.title or "", row.container_title or "")
    return tuple("".join(c if c.isprintable() else " " for c in cell) for cell in cells)
