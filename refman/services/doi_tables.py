"""The input of a lookup: DOIs from the command line, lists and tables, as rows in their order.

Rows are read several times (to count them, to fill them in, to report on them), so that they need
not be held: an input that can be read once only, as a pipe, is copied to a temporary file first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from refman.errors import InputError
from refman.text import tables
from refman.text.reading import TextInput
from refman.text.tables import Layout, TableRow

_GIVEN = "given"
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class LookupRow:
    """A row of input, which may hold a DOI."""

    given: str
    """The text that the DOI was looked for in, or as much of it as is worth showing."""
    doi: str | None
    cells: tuple[str, ...] = ()
    """One for each column of the input."""
    remark: str | None = None
    """What is to be said of the row itself: why there is no DOI in it, or that it is damaged."""


def row_from_text(text: str, cells: tuple[str, ...] = ()) -> LookupRow:
    """The row that a text is, in which a DOI should be."""
    doi, remark = tables.doi_in(text)
    if doi is None and remark is None:
        remark = "no DOI in it"
    return LookupRow(text if len(text) <= _SHOWN else text[:_SHOWN] + "…", doi, cells, remark)


class DoiTables:
    """All rows of a lookup, which can be read any number of times. To be closed.

    Raises `InputError` for a file that cannot be read, `UsageError` where the column that was
    asked for is not there.
    """

    def __init__(
        self, dois: Sequence[str], files: Sequence[str], column: str | None = None
    ) -> None:
        self._dois = tuple(dois)
        self._stack = contextlib.ExitStack()
        self._digest = hashlib.sha256(repr((self._dois, column)).encode("utf-8", "replace"))
        self._tables: list[_Table] = []
        try:
            for file in files:
                table = _Table(_seekable(file, self._stack), file, column)
                self._tables.append(table)
                self._digest.update(table.digest())
        except BaseException:
            self._stack.close()
            raise
        self.columns: tuple[str, ...] = self._all_columns()
        """The names of the columns: of several inputs those of all."""

    def _all_columns(self) -> tuple[str, ...]:
        if len(self._tables) == 1 and not self._dois:
            return self._tables[0].columns
        names = [_GIVEN] if self._dois else []
        for table in self._tables:
            here = Counter(names)
            for name, times in Counter(table.columns).items():
                names += [name] * (times - here[name])
        return tuple(names)

    @property
    def fingerprint(self) -> str:
        """What tells this input from others: a digest of all of it."""
        return self._digest.hexdigest()

    @property
    def about(self) -> str:
        """The input in words."""
        files = [table.shown for table in self._tables]
        return (
            ", ".join(files) if files else f"{self._dois[0][:60]}, …" if self._dois else "nothing"
        )

    @property
    def mistakes(self) -> Iterator[str]:
        """What was wrong with the files' encoding, as far as they were read."""
        for table in self._tables:
            if table.mistake is not None:
                yield f"{table.shown}: {table.mistake}"

    def rows(self) -> Iterator[LookupRow]:
        """The rows, from the first. Only one such pass can be under way."""
        width = len(self.columns)
        for text in self._dois:
            yield row_from_text(text, (text, *[""] * (width - 1)))
        for table in self._tables:
            places = None if table.columns == self.columns else self._places(table)
            for row in table.rows():
                cells = row.cells
                if places is not None:
                    cells = _placed(cells, places, width)
                elif len(cells) != width:
                    cells = (*cells[:width], *[""] * (width - len(cells)))
                yield _from_table(row, table.layout, cells)

    def _places(self, table: _Table) -> list[int]:
        """Where its cells go: a name that is there twice means two columns."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.columns):
            places.setdefault(name, []).append(place)
        return [places[name].pop(0) for name in table.columns]

    def __enter__(self) -> DoiTables:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()


class _Table:
    """One file."""

    def __init__(self, stream: BinaryIO, name: str, column: str | None) -> None:
        self._stream = stream
        self._name = name
        self.shown = "standard input" if name == "-" else name
        self.mistake: str | None = None
        head = self._text()
        if head.is_binary:
            raise InputError(
                f"{self.shown} is no text.", hint="From a spreadsheet, save the sheet as CSV."
            )
        self.layout = tables.recognise(head.head_text, column)
        self.columns = self._all_columns()

    def digest(self) -> bytes:
        self._stream.seek(0)
        digest = hashlib.sha256()
        while block := self._stream.read(1 << 20):
            digest.update(block)
        return digest.digest()

    def rows(self) -> Iterator[TableRow]:
        text = self._text()
        yield from tables.read(text.lines(), self.layout)
        self.mistake = text.mistake

    def _text(self) -> TextInput:
        self._stream.seek(0)
        return TextInput(self._stream, self._name)

    def _all_columns(self) -> tuple[str, ...]:
        """The columns of the layout, and those of rows that have more cells than it."""
        known = self.layout.columns
        if self.layout.delimiter is None:
            return known
        width = max((len(row.cells) for row in self.rows()), default=0)
        return (*known, *(f"column_{i}" for i in range(len(known) + 1, width + 1)))


def _from_table(row: TableRow, layout: Layout, cells: tuple[str, ...]) -> LookupRow:
    column = layout.column
    if column is not None and column < len(row.cells) and row.problem is None:
        return row_from_text(row.cells[column], cells)
    # Of a table without a column of DOIs, and of a damaged row, any cell will do.
    for cell in row.cells:
        found = row_from_text(cell, cells)
        if found.doi is not None:
            return found if row.problem is None else replace(found, remark=row.problem)
    given = " ".join(row.cells)[:_SHOWN]
    return LookupRow(given, None, cells, row.problem or "no DOI in it")


def _placed(cells: Sequence[str], places: Sequence[int], width: int) -> tuple[str, ...]:
    out = [""] * width
    for place, cell in zip(places, cells):
        out[place] = cell
    return tuple(out)


def _seekable(name: str, stack: contextlib.ExitStack) -> BinaryIO:
    """A file that can be read more than once, closed by the stack. Raises `InputError`."""
    try:
        if name == "-":
            source = sys.stdin.buffer
        else:
            source = stack.enter_context(Path(name).open("rb"))  # noqa: SIM115 - the stack is one
            if stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                return source
        copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        shutil.copyfileobj(source, copy, 1 << 20)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error
    return copy
