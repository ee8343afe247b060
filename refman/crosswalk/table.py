"""Descriptions as rows of a table: which column says what, and in which form.

A row is for people and spreadsheets: names and lists are parted by semicolons, dates are ISO 8601
(EDTF), titles lose their inline marks. What begins like a formula is defused, since spreadsheets
run formulas from any file that is opened.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from refman.model import Description, stated
from refman.text.markup import strip_markup

COLUMNS: tuple[str, ...] = (
    "type", "title", "author", "editor", "container_title", "issued", "year", "volume", "issue",
    "page", "number", "publisher", "ISSN", "ISBN", "PMID", "language", "URL", "license",
    "abstract", "keyword", "is_retracted", "updates", "relations",
)  # fmt: skip
"""The columns that a description fills; a DOI stands beside them in a column of its own."""

_DERIVED = frozenset(("year", "is_retracted"))
_CARRIED = (frozenset(COLUMNS) - _DERIVED) | {"DOI"}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t")


def cells_from_description(description: Description) -> list[str]:
    """The cells of a description, one for each of `COLUMNS`, defused."""
    retraction = description.retraction
    special = {
        "title": strip_markup(description.title) if description.title else "",
        "author": _names(description, "author"),
        "editor": _names(description, "editor"),
        "container_title": strip_markup(description.container_title or ""),
        "issued": description.issued.edtf if description.issued else "",
        "year": str(description.year) if description.year is not None else "",
        "is_retracted": "yes" if retraction is not None else "",
        "updates": "; ".join(
            " ".join(filter(None, (update.type, update.DOI))) for update in description.updates
        ),
        "relations": "; ".join(
            f"{relation.type} {relation.id}" for relation in description.relations
        ),
    }
    return [
        safe_cell(special[column] if column in special else _text(getattr(description, column)))
        for column in COLUMNS
    ]


def lost_fields(description: Description) -> list[str]:
    """The fields of a description that no column carries."""
    return [name for name, _ in stated(description) if name not in _CARRIED]


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets a `'`.

    One that looks as if it had got one gets another, so that `original_cell` can tell. Control
    characters go.
    """
    if not cell.isprintable():
        cell = _CONTROLS.sub("", cell)
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def original_cell(cell: str) -> str:
    """The cell of which `safe_cell` made this one."""
    defused = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
    return cell[1:] if defused else cell


def csv_line(cells: Iterable[str]) -> str:
    """A line of CSV (RFC 4180 but for its end, which is `\\n`)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _names(description: Description, field: str) -> str:
    return "; ".join(name.inverted for name in getattr(description, field))


def _text(value: str | Sequence[str] | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "; ".join(value)
