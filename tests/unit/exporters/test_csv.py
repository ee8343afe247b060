from __future__ import annotations

import csv
import io

import pytest

from refman.crosswalk.table import COLUMNS, cells_from_description, safe_cell
from refman.exporters.csv import exporter
from refman.model import Date, Description, Name, Update, Work
from refman.ports import ExportOptions, Loss

WORK = Work(
    id=1,
    citation_key="dwi2021",
    description=Description(
        type="article-journal",
        title="The <i>IOM</i>, \"quoted\"",
        author=(Name(family="Dwi", given="Rizkika"), Name(literal="World Health Organization")),
        container_title="Mediasi; a journal",
        issued=Date(2021, 8),
        DOI="10.1000/dwi",
        ISSN=("1234-5679", "9876-5434"),
        abstract="First.\n\nSecond.",
        updates=(Update("retraction", "10.1000/notice"),),
        number_of_pages="12",
    ),
)  # fmt: skip


def _written(works: list[Work], options: ExportOptions | None = None) -> tuple[str, list[Loss]]:
    pieces = list(exporter.write(works, options or ExportOptions()))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text, [piece for piece in pieces if isinstance(piece, Loss)]


def test_a_row_a_work() -> None:
    text, losses = _written([WORK, Work(id=2, citation_key="bare", description=Description())])
    first, second = csv.DictReader(io.StringIO(text))
    assert first["citation_key"] == "dwi2021"
    assert first["DOI"] == "10.1000/dwi"
    assert first["title"] == 'The IOM, "quoted"'
    assert first["author"] == "Dwi, Rizkika; World Health Organization"
    assert (first["issued"], first["year"]) == ("2021-08", "2021")
    assert first["ISSN"] == "1234-5679; 9876-5434"
    assert first["abstract"] == "First.\n\nSecond."
    assert first["is_retracted"] == "yes"
    assert first["updates"] == "retraction 10.1000/notice"
    assert {second[column] for column in COLUMNS} == {""}
    assert [(loss.citation_key, loss.field) for loss in losses] == [("dwi2021", "number_of_pages")]


def test_no_works_make_a_header() -> None:
    assert _written([])[0] == f"citation_key,DOI,{','.join(COLUMNS)}\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_formulas_are_defused(start: str) -> None:
    assert safe_cell(f"{start}1+1").startswith("'")
    cells = cells_from_description(Description(title=f"{start}cmd|' /C calc'!A0"))
    assert cells[COLUMNS.index("title")].startswith("'")
    assert safe_cell("a=1") == "a=1"
    # A control character before it is none any more, and so hides nothing.
    assert safe_cell("\x00=1").startswith("'")
    assert safe_cell("\r=1").startswith("'")
