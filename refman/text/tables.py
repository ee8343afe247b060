"""Tables of text: CSV (RFC 4180) with commas or semicolons, tab-separated values, plain lists.

A table is recognised from its beginning: how its rows are parted, whether the first one is a
header, and which column holds the DOIs. Its rows are then read one after the other, within bounds:
a quote that is not closed costs the row it stands in, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from refman.errors import UsageError
from refman.model.identifier import find_dois, parse_doi
from refman.text.markup import plain_text

MAX_ROW = 1024 * 1024
"""Longest row, in characters."""
MAX_ROW_LINES = 1000
"""Most lines that a row may run over, by line breaks inside quotes."""
MAX_CELLS = 1000
LONGEST = 4096
"""Longest cell, in characters, in which a DOI is looked for."""

_LOOKED_AT = 200
_UNCLOSED_AT_MOST = 20
"""Rows with an unclosed quote after which none may run over several lines any more: each of them
was read a thousand lines far, and that must not become a habit."""
_DELIMITERS = ("\t", ";", ",")
_SEPARATOR_LINE = re.compile(r"sep=([\t;,])\s*", re.IGNORECASE)
_WORDS = re.compile(r"[a-z0-9]+")
_BEST_NAMES = ("doi", "digital object identifier")
_TITLES = frozenset(("di", "do"))
"""What Web of Science and RIS call it."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; `line` is the 1-based line that it begins on."""

    line: int
    cells: tuple[str, ...]
    problem: str | None = None
    """Why the row is not what its author meant."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out."""

    delimiter: str | None
    """None for a plain list, whose lines are one cell each."""
    columns: tuple[str, ...]
    """The names of the columns; those of a table without a header are `column_1`, …"""
    column: int | None
    """The one that holds the DOIs; None where they may be in any."""
    has_header: bool
    skipped: int = 0
    """Lines before the header."""


def doi_in(cell: str) -> tuple[str | None, str | None]:
    """The DOI in a cell, in any spelling or inside a sentence, and a remark where one is due."""
    if len(cell) > LONGEST:
        return None, f"a cell of {len(cell):,} characters is no DOI"
    text = cell if cell.isascii() else plain_text(cell)
    text = text.partition(" #")[0].strip(" \t\r\n")
    doi = parse_doi(unquote(unquote(text)) if "%" in text else text)
    if doi is not None:
        return doi, None
    found = find_dois(text)
    if not found:
        return None, None
    return found[0], f"the first of {len(found)} DOIs in it" if len(found) > 1 else None


def recognise(sample: str, column: str | None = None) -> Layout:
    """The layout of the table that begins with `sample`.

    `column` is the name or the 1-based number of the column that holds the DOIs, where it is not
    to be found out. Raises `UsageError` where there is no such column.
    """
    sample_lines = list(io.StringIO(sample, newline=None))
    match = _SEPARATOR_LINE.fullmatch(sample_lines[0]) if sample_lines else None
    skipped = 1 if match else 0
    while not match and skipped < len(sample_lines) and _is_remark(sample_lines[skipped]):
        skipped += 1
    rest = sample_lines[skipped:]
    if len(sample) > LONGEST and len(rest) > 2:
        rest = rest[:-1]  # the sample may end inside it
    delimiter = match.group(1) if match else _delimiter(rest)
    if delimiter is None and not match:
        skipped = 0  # in a plain list they are passed over anyway
    rows = list(islice(_sample_rows(rest, delimiter), _LOOKED_AT))
    layout = _with_columns(rows, delimiter, skipped)
    return layout if column is None else _with_chosen(layout, rows, column)


def read(lines: Iterable[str], layout: Layout) -> Iterator[TableRow]:
    """The rows of a table but for its header, each with its line. Empty rows are no rows.

    In a plain list lines that begin with `#` are comments.
    """
    numbered = enumerate(lines, start=1)
    rows = _plain(numbered) if layout.delimiter is None else _Parted(numbered, layout.delimiter)
    skipped = layout.skipped
    header = layout.has_header
    for row in rows:
        if row.line <= skipped or not any(row.cells):
            continue
        if header:
            header = False
            continue
        yield row


def _sample_rows(lines: Sequence[str], delimiter: str | None) -> Iterator[tuple[str, ...]]:
    layout = Layout(delimiter, (), None, has_header=False)
    return (row.cells for row in read(lines, layout))


# Recognising


def _is_remark(line: str) -> bool:
    """Whether a line above a table is about it: `# exported today`, but not `#,title,DOI`."""
    return line.startswith(("# ", "##")) or not line.strip()


def _delimiter(lines: Sequence[str]) -> str | None:
    """What parts the rows; None where each line is one cell."""
    said = [line for line in lines[:_LOOKED_AT] if line.strip() and not _is_remark(line)]
    if not said:
        return None
    for delimiter in _DELIMITERS:
        first = next(_sample_rows(said, delimiter), ())
        if len(first) > 1 and any(map(_rank_of_name, first)):
            return delimiter
    if _rank_of_name(said[0].strip(' "\r\n')):
        return None
    for delimiter in _DELIMITERS:
        # Commas and semicolons may belong to DOIs or to sentences, so without a header only what
        # nearly all rows have in the same number parts them. Tabs belong to tables only.
        rows = list(_sample_rows(said, delimiter))
        widths = Counter(map(len, rows))
        width, alike = widths.most_common(1)[0] if widths else (0, 0)
        needed = 0.5 if delimiter == "\t" else 0.8
        if width > 1 and alike > 1 and alike >= needed * len(rows):
            return delimiter
    return None


def _rank_of_name(name: str) -> int:
    """How much a column's name says that it holds DOIs, from 0."""
    plain = name.strip().lower().removesuffix("(s)")
    if len(plain) > 60 or "10." in plain:
        return 0
    if plain in _BEST_NAMES:
        return 3
    words = _WORDS.findall(plain)
    if words == ["dois"] or "doi" in words or "digital object identifier" in " ".join(words):
        return 2
    return 1 if plain in _TITLES else 0


def _with_columns(rows: Sequence[tuple[str, ...]], delimiter: str | None, skipped: int) -> Layout:
    """Header and DOI column, as the first rows show them."""
    if not rows:
        return Layout(delimiter, ("given",), 0, has_header=False, skipped=skipped)
    first, *others = rows
    ranks = list(map(_rank_of_name, first))
    width = max(map(len, rows))
    counts = [
        sum(1 for row in others if i < len(row) and doi_in(row[i])[0] is not None)
        for i in range(width)
    ]
    named = any(ranks) and not any(doi_in(cell)[0] for cell in first)
    column = _best_column(ranks if named else [], counts, first)
    holds_doi = column is not None and column < len(first) and doi_in(first[column])[0] is not None
    has_header = named or (
        delimiter is not None and column is not None and not holds_doi and counts[column] > 0
        and counts[column] >= 0.5 * len(others)
    )  # fmt: skip
    if has_header:
        columns = tuple(cell.strip() for cell in first)
    elif delimiter is None:
        columns = ("given",)
    else:
        columns = tuple(f"column_{i}" for i in range(1, width + 1))
    return Layout(delimiter, columns, column, has_header=has_header, skipped=skipped)


def _best_column(ranks: Sequence[int], counts: Sequence[int], first: Sequence[str]) -> int | None:
    """The column with the best name, else the one with most DOIs; None where there is neither."""
    totals = [
        count + (i < len(first) and doi_in(first[i])[0] is not None)
        for i, count in enumerate(counts)
    ]
    named = [i for i, rank in enumerate(ranks) if rank]
    if named and (any(totals[i] for i in named) or not any(totals)):
        return max(named, key=lambda i: (totals[i] > 0, ranks[i], totals[i], -i))
    best = max(range(len(totals)), key=lambda i: (totals[i], -i), default=None)
    return best if best is not None and totals[best] else None


def _with_chosen(layout: Layout, rows: Sequence[tuple[str, ...]], wanted: str) -> Layout:
    """The layout with the column that was asked for. Raises `UsageError`."""
    first = [cell.strip() for cell in rows[0]] if rows else []
    lowered = [cell.lower() for cell in first]
    name = wanted.strip().lower()
    width = max(map(len, rows), default=1)
    if name in lowered:
        return Layout(
            layout.delimiter, tuple(first), lowered.index(name), has_header=True,
            skipped=layout.skipped,
        )  # fmt: skip
    if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= width:
        index = int(name[:9]) - 1
        doi_first = index < len(first) and doi_in(first[index])[0] is not None
        others = sum(
            1 for row in rows[1:] if index < len(row) and doi_in(row[index])[0] is not None
        )
        has_header = layout.has_header or (
            layout.delimiter is not None and not doi_first and others > 0
        )
        columns = tuple(first) if has_header else layout.columns
        return Layout(layout.delimiter, columns, index, has_header, layout.skipped)
    known = ", ".join(layout.columns[:20])[:400]
    raise UsageError(f"There is no column {wanted!r}; there are {known}.")


# Reading


def _plain(numbered: Iterable[tuple[int, str]]) -> Iterator[TableRow]:
    for number, line in numbered:
        text = line.strip()
        if not text or text[0] == "#":
            continue
        if len(text) > MAX_ROW:
            yield _too_long(number, text)
        else:
            yield TableRow(number, (text,))


def _too_long(number: int, text: str) -> TableRow:
    return TableRow(number, (text[:200],), f"line {number}: a row of over {MAX_ROW:,} characters")


class _TooFar(Exception):
    """A row runs on further than rows do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Parted:
    """The rows of a table with a delimiter."""

    def __init__(self, numbered: Iterable[tuple[int, str]], delimiter: str) -> None:
        self._numbered = iter(numbered)
        self._delimiter = delimiter
        self._waiting: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        self._size = 0
        self._unclosed = 0
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_ROW))

    def __iter__(self) -> Iterator[TableRow]:
        reader = csv.reader(self._lines(), delimiter=self._delimiter)
        while True:
            try:
                cells = next(reader, None)
            except _TooFar as error:
                yield self._give_up(error.reason)
                reader = csv.reader(self._lines(), delimiter=self._delimiter)
                continue
            except csv.Error as error:
                yield self._give_up(str(error))
                reader = csv.reader(self._lines(), delimiter=self._delimiter)
                continue
            if cells is None:
                return
            taken = self._taken
            number, last = taken[0][0], taken[-1][1]
            if len(cells) > MAX_CELLS:
                reason = f"line {number}: a row of {len(cells):,} cells"
                yield TableRow(number, tuple(cells[:10]), reason)
            elif len(taken) > 1 and not self._waiting and self._ended_inside(cells, last):
                # Only at the very end can csv hand over a row whose quote is still open.
                yield self._give_up("a quote that is not closed")
                reader = csv.reader(self._lines(), delimiter=self._delimiter)
                continue
            else:
                yield TableRow(number, tuple(cells))
            self._taken, self._size = [], 0

    def _lines(self) -> Iterator[str]:
        while True:
            numbered = self._waiting.popleft() if self._waiting else next(self._numbered, None)
            if numbered is None:
                return
            self._taken.append(numbered)
            self._size += len(numbered[1])
            if self._size > MAX_ROW:
                raise _TooFar(
                    "a quote that is not closed" if len(self._taken) > 1
                    else f"a row of over {MAX_ROW:,} characters"
                )  # fmt: skip
            far = MAX_ROW_LINES if self._unclosed < _UNCLOSED_AT_MOST else 1
            if len(self._taken) > far:
                raise _TooFar("a quote that is not closed")
            yield numbered[1]

    def _ended_inside(self, cells: Sequence[str], last: str) -> bool:
        """Whether the last cell runs to the end of the input, line end and all."""
        return last.endswith("\n") and cells[-1].endswith("\n") and not last.rstrip().endswith('"')

    def _give_up(self, reason: str) -> TableRow:
        """The first line of what was taken, as a row of its own; the others are read again."""
        (number, line), *others = self._taken
        self._waiting.extendleft(reversed(others))
        self._taken, self._size = [], 0
        self._unclosed += bool(others)
        if len(line) > MAX_ROW:
            return _too_long(number, line)
        cells = next(csv.reader([line.rstrip("\n")], delimiter=self._delimiter), [])
        return TableRow(number, tuple(cells[:MAX_CELLS]), f"line {number}: {reason}")
