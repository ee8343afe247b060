"""Tables of references: CSV (RFC 4180), with commas, semicolons, bars or tabs.

The first row that names known columns is the header; what the columns mean is
`refman.crosswalk.table_columns`'s business. Embase's other layout is read too, in which a record
stands in several rows, each beginning with the name of its field. See `docs/formats/csv.md`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from refman.crosswalk.read_entry import ReadEntry, record_of
from refman.crosswalk.table import csv_line
from refman.crosswalk.table_columns import Columns, columns_from_header, promise, role_of
from refman.crosswalk.table_reading import FORMAT, description_from_row
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text import tables
from refman.text.tables import Layout, TableRow

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 30
"""Lines at the beginning among which the header must be."""
_LONGEST_HEADER = 20_000
_MAX_RAW = 100_000
_TAG = re.compile(r"[A-Z][A-Z0-9]")
_RECORD = re.compile(r"record \d{1,9}", re.IGNORECASE)
_ELSE = re.compile(r"\s*(?:[\[{<@%]|TY  -|PMID-|FN )")


class _Table(NamedTuple):
    """Where the header stands and what it promises."""

    layout: Layout
    promised: int
    has_title: bool
    has_doi: bool
    transposed: bool = False


class CsvImporter:
    """Reads `csv`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="CSV",
            extensions=(".csv", ".tsv", ".tab"),
            media_type="text/csv",
            description="tables of references: Scopus, Web of Science, Zotero, plain ones, …",
        )

    def recognise(self, sample: Sample) -> float:
        """By how much the header promises.

        A mere list of DOIs and Web of Science's two-letter headers are others' business.
        """
        if _ELSE.match(sample.text):
            return 0.0
        table = _find(io.StringIO(sample.text, newline=None))
        if table is None:
            return 0.0
        if table.has_title and table.promised >= 2:
            return 0.97 if table.promised >= 5 else 0.92
        named = sample.name.lower().removesuffix(".gz").endswith(self.info.extensions)
        if table.has_title:
            return 0.5 if named else 0.0
        # Less than lists of references, whose lines have commas and DOIs, too.
        return 0.3 if table.has_doi or named else 0.15

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record for each row that says something, and a problem for each other."""
        lines = source.lines()
        head = list(islice(lines, _LOOKED_AT))
        table = _find(head)
        if table is None:
            layout = Layout(_usual_delimiter(head), (), None, has_header=False)
            table = _Table(layout, 0, has_title=False, has_doi=False)
        rows = tables.read(chain(head, lines), table.layout)
        if table.transposed:
            yield from _read_transposed(rows, source.name, options)
            return
        columns = columns_from_header(table.layout.columns)
        for row in rows:
            known = columns if table.layout.has_header else _columns_by_content(row.cells)
            yield from _read_row(row, known, source.name, options)


importer = CsvImporter()
"""What the entry point `csv` names."""


# Finding the header


def _find(lines: Iterable[str]) -> _Table | None:
    """The header among the first lines, parted in the way that makes most sense of it."""
    said = False
    head = list(islice(lines, _LOOKED_AT))
    for number, line in enumerate(head):
        if not line.strip() or len(line) > _LONGEST_HEADER:
            continue
        separator = re.fullmatch(r"sep=(.)\s*", line, re.IGNORECASE)
        if separator is not None:
            continue
        found = _best(line, number)
        if found is not None:
            turned = _transposed(head) if found.promised < 3 else None
            return found if turned is None else turned
        if said:
            break  # a title line above the table, but not more
        said = True
    return _transposed(head)


def _best(line: str, number: int) -> _Table | None:
    best: _Table | None = None
    for delimiter in _DELIMITERS:
        cells = _cells(line, delimiter)
        if cells is None or (len(cells) > 1 and _is_tagged(cells)):
            continue
        promised, has_title, has_doi = promise(cells)
        known = sum(role_of(cell) is not None for cell in cells)
        if not promised or 5 * known < len(cells) or any(len(cell) > 200 for cell in cells):
            continue
        if promised < 2 and not (has_title or has_doi):
            continue
        if best is None or promised > best.promised:
            layout = Layout(delimiter, tuple(cells), None, has_header=True, skipped=number)
            best = _Table(layout, promised, has_title, has_doi)
    return best


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line; None where it is no row of its own."""
    layout = Layout(delimiter, (), None, has_header=False)
    row = next(tables.read([line.rstrip("\n")], layout), None)
    return None if row is None or row.problem else list(row.cells)


def _is_tagged(cells: Sequence[str]) -> bool:
    """Whether a header is one of two-letter tags, as Web of Science has them."""
    tags = sum(_TAG.fullmatch(cell.strip("\ufeff ")) is not None for cell in cells)
    return tags > 0.8 * len(cells)


def _transposed(head: Sequence[str]) -> _Table | None:
    """A table with the names of fields in its first column: `"TITLE","Duplication cysts"`."""
    rows = list(tables.read(head, Layout(",", (), None, has_header=False)))
    names = [row.cells[0] for row in rows if len(row.cells) > 1]
    if len(names) < 3 or any(len(name) > 80 for name in names):
        return None
    promised, has_title, has_doi = promise(names)
    known = sum(role_of(name) is not None for name in names)
    if not has_title or promised < 3 or 3 * known < len(names):
        return None
    layout = Layout(",", (), None, has_header=False)
    return _Table(layout, promised, has_title, has_doi, transposed=True)


def _usual_delimiter(head: Sequence[str]) -> str:
    """What parts rows without a header, at a guess."""
    text = "".join(head)
    return max(_DELIMITERS, key=text.count)


# Reading


def _raw(row: TableRow) -> str:
    """About what stood in the file."""
    return csv_line(row.cells).rstrip("\n")[:_MAX_RAW]


def _read_row(
    row: TableRow, columns: Columns, name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    read = description_from_row(columns, row.cells)
    reason = row.problem and re.sub(r"^line \d+: ", "", row.problem)
    if not read.is_bibliographic:
        yield Problem(reason=reason or "nothing bibliographic in it", line=row.line, raw=_raw(row))
        return
    yield record_of(ReadEntry(*read), FORMAT, f"{name}:{row.line}", options)
    if reason is None and columns.columns and len(row.cells) > len(columns.columns):
        surplus = len(row.cells) - len(columns.columns)
        if any(cell.strip() for cell in row.cells[-surplus:]):
            reason = f"{surplus} more cells than there are columns"
    if reason is not None:
        yield Problem(reason=reason, line=row.line, raw=_raw(row), partial=True)


def _columns_by_content(cells: Sequence[str]) -> Columns:
    """What the cells of a row without a header are, as far as that can be seen: the DOI."""
    dois = [place for place, cell in enumerate(cells) if tables.doi_in(cell)[0] is not None]
    columns = columns_from_header([""] * len(cells))
    if not dois:
        return columns
    parts = list(columns.columns)
    parts[dois[0]] = parts[dois[0]]._replace(role="DOI")
    return columns._replace(columns=tuple(parts))


def _read_transposed(
    rows: Iterator[TableRow], name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    """Records whose fields stand in rows; the first field's name begins the next record."""
    taken: list[TableRow] = []
    first: str | None = None
    for row in rows:
        label = row.cells[0].strip().casefold()
        if row.problem is not None:
            yield Problem(reason=row.problem, line=row.line, raw=_raw(row))
            continue
        heading = len(row.cells) == 1 and _RECORD.fullmatch(label) is not None
        if taken and (heading or label == first or len(taken) >= tables.MAX_CELLS):
            yield from _turned(taken, name, options)
            taken = []
        if not heading:
            first = first or label
            taken.append(row)
    if taken:
        yield from _turned(taken, name, options)


def _turned(
    rows: Sequence[TableRow], name: str, options: ImportOptions
) -> Iterator[Record | Problem]:
    columns = columns_from_header([row.cells[0] for row in rows])
    cells = tuple("; ".join(filter(None, row.cells[1:])) for row in rows)
    for entry in _read_row(TableRow(rows[0].line, cells), columns, name, options):
        if isinstance(entry, Problem):
            raw = "".join(csv_line(row.cells) for row in rows)[:_MAX_RAW]
            yield replace(entry, raw=raw)
        else:
            yield entry
