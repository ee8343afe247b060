"""Reports: one row for every row that went in, in the order they went in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refman.cli.plain import plain
from refman.cli.render import json_text
from refman.crosswalk.table import csv_line, safe_cell
from refman.errors import UsageError
from refman.services.exporting import write_file

if TYPE_CHECKING:
    from refman.services.tally import Summary

_Row = Mapping[str, object]


def write_report(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[_Row],
    summary: Summary | None = None,
) -> None:
    """Write rows as `.csv`, `.json` or `.html`, by the file's name, as they come.

    The sums stand in a page only: the others are rows for programs. Raises `UsageError` for
    another ending, `InputError` where it cannot be written.
    """
    write_file(path, _writer(path)(columns, rows, summary))


def check_report_name(path: Path | None) -> None:
    """Raise `UsageError` for a report that could not be written at the end."""
    if path is not None:
        _writer(path)
        check_folder(path)


def check_folder(path: Path | None) -> None:
    """Raise `UsageError` for a file whose folder is not there, before long work is done for it."""
    if path is not None and not path.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} to write {path.name} to.")


_Writer = Callable[[Sequence[str], Iterable[_Row], "Summary | None"], Iterator[str]]


def _writer(path: Path) -> _Writer:
    writers: dict[str, _Writer] = {".csv": _csv, ".json": _json, ".html": _html}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"A report is a .csv, .json or .html file, not {path.name}.")
    return writer


def _csv(columns: Sequence[str], rows: Iterable[_Row], _: Summary | None) -> Iterator[str]:
    yield csv_line(columns)
    for row in rows:
        yield csv_line([safe_cell(cell_text(row.get(column))) for column in columns])


def _json(columns: Sequence[str], rows: Iterable[_Row], _: Summary | None) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield separator + json_text({column: row.get(column) for column in columns}, indent=None)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _html(columns: Sequence[str], rows: Iterable[_Row], summary: Summary | None) -> Iterator[str]:
    # Loaded here: most reports are no pages.
    from refman.cli.report_html import page  # noqa: PLC0415

    cells = ([cell_text(row.get(column)) for column in columns] for row in rows)
    return page(columns, cells, summary)


def cell_text(value: object) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) else json_text(value, indent=None)
