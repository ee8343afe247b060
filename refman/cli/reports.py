"""Reports: one row for every row that went in, in the order they went in."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from refman.cli.plain import plain
from refman.cli.render import json_text
from refman.errors import UsageError
from refman.services.exporting import write_file

_FORMULA = ("=", "+", "-", "@", "\t")


def write_report(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as `.csv`, `.json` or `.html`, by the file's name.

    Raises `UsageError` for another ending, `InputError` where it cannot be written.
    """
    write_file(path, _writer(path)(columns, rows))


def check_report_name(path: Path | None) -> None:
    """Raise `UsageError` for a report that could not be written at the end."""
    if path is not None:
        _writer(path)
        check_folder(path)


def check_folder(path: Path | None) -> None:
    """Raise `UsageError` for a file whose folder is not there, before long work is done for it."""
    if path is not None and not path.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} to write {path.name} to.")


_Writer = Callable[[Sequence[str], Iterable[Mapping[str, object]]], Iterator[str]]


def _writer(path: Path) -> _Writer:
    writers: dict[str, _Writer] = {".csv": _csv, ".json": _json, ".html": _html}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"A report is a .csv, .json or .html file, not {path.name}.")
    return writer


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([_cell(row.get(column)) for column in columns])


def _csv_line(cells: Sequence[str]) -> str:
    # A cell that begins like a formula would be run as one by a spreadsheet.
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(safe)
    return line.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) else json_text(value, indent=None)


def _json(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield separator + json_text({column: row.get(column) for column in columns}, indent=None)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _html(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield (
        '<!doctype html>\n<meta charset="utf-8">\n<title>refman report</title>\n'
        "<style>body{font:15px system-ui;margin:2em}table{border-collapse:collapse}"
        "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}"
        "</style>\n<table>\n<tr>"
    )
    yield "".join(f"<th>{html.escape(column)}</th>" for column in columns) + "</tr>\n"
    for row in rows:
        cells = "".join(f"<td>{html.escape(_cell(row.get(column)))}</td>" for column in columns)
        yield f"<tr>{cells}</tr>\n"
    yield "</table>\n"
