"""The cells of one row of a table, sorted by what their columns mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from refman.crosswalk.ris_values import note_lines
from refman.crosswalk.table import original_cell
from refman.crosswalk.table_columns import MISSING, Column, Columns, Dialect
from refman.model import Extra
from refman.text.markup import plain_text

FORMAT = "csv"
"""The format of what is kept in `extra`."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_WHOLE_NUMBER = re.compile(r"(\d{1,12})\.0")
_NUMBERS = frozenset(
    "year month day volume issue page_first page_last PMID number_of_pages".split()
)
"""What a program that takes them for measurements writes as `12.0`."""


class Cells:
    """The cells of a row; `cells` is what no field has taken yet, `extra` what none will."""

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        self.dialect = columns.dialect
        self.cells: dict[str, list[tuple[Column, str]]] = {}
        self.extra: list[tuple[int, Extra]] = []
        count = len(cells)
        for column in columns.columns:
            if column.place < count and (cell := cells[column.place]):
                self._take(column, cell)
        for place in range(len(columns.columns), count):
            self.keep(Column(place, f"column_{place + 1}", None), cells[place])

    def _take(self, column: Column, cell: str) -> None:
        """Sort a cell by what its column means."""
        own = self.dialect is Dialect.OWN
        cell = normalize("NFC", _CONTROLS.sub("", original_cell(cell) if own else cell)).strip()
        if not cell or (cell.lower() in MISSING and column.role != "title" and not own):
            return
        if column.role is None:
            self.keep(column, cell)
            return
        if not own and column.role in _NUMBERS and (match := _WHOLE_NUMBER.fullmatch(cell)):
            cell = match[1]
        self.cells.setdefault(column.role, []).append((column, cell))

    def keep(self, column: Column, cell: str) -> None:
        """Keep a cell as it is, under the name of its column."""
        text = note_lines([_CONTROLS.sub("", cell)]) or plain_text(cell)
        if text and not any(extra.value == text and extra.name == column.header
                            for _, extra in self.extra):  # fmt: skip
            self.extra.append((column.place, Extra(FORMAT, plain_text(column.header), text)))

    def all(self, *roles: str) -> list[tuple[Column, str]]:
        """All cells of some roles, which then are taken."""
        found: list[tuple[Column, str]] = []
        for role in roles:
            found += self.cells.pop(role, ())
        return found

    def peek(self, role: str) -> str:
        """The first cell of a role, which stays where it is."""
        cells = self.cells.get(role)
        return cells[0][1] if cells else ""

    def first(self, role: str) -> str | None:
        """The first cell of a role; another that says something else is kept as it is."""
        cells = self.cells.pop(role, None)
        if not cells:
            return None
        first = cells[0][1]
        for column, cell in cells[1:]:
            if cell != first:
                self.keep(column, cell)
        return first
