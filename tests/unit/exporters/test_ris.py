"""RIS on the way out."""

from __future__ import annotations

import io
from typing import Any

import pytest
import rispy

from refman.exporters.ris import exporter
from refman.importers.ris import importer
from refman.model import Date, Description, Extra, Name, Record, Update, Work
from refman.ports import Exporter, ExportOptions, ImportOptions, Loss
from refman.text.reading import TextInput

MODEL = Description(
    type="article-journal",
    title="The effectiveness of the International Organization for Migration (IOM)",
    author=(Name(literal="Rizkika Dwi"),),
    container_title="Jurnal Hubungan Internasional",
    volume="4",
    issue="2",
    issued=Date(2021),
    DOI="10.1000/XYZ",
    abstract="It was effective.",
)


def export(
    *descriptions: Description, omit: frozenset[str] = frozenset()
) -> tuple[str, list[Loss]]:
    works = [
        Work(id=number, citation_key=f"key{number}", description=description)
        for number, description in enumerate(descriptions, 1)
    ]
    items = list(exporter.write(works, ExportOptions(omit=omit)))
    text = "".join(item for item in items if isinstance(item, str))
    return text, [item for item in items if isinstance(item, Loss)]


def lines(description: Description) -> list[str]:
    return export(description)[0].split("\r\n")


def again(text: str) -> list[Record]:
    source = TextInput(io.BytesIO(text.encode()), "x")
    items = importer.read(source, ImportOptions(recase_titles=False))
    return [item for item in items if isinstance(item, Record)]


def test_is_an_exporter() -> None:
    assert isinstance(exporter, Exporter)
    assert exporter.info.name == "ris"


def test_the_model_case() -> None:
    text, losses = export(MODEL)
    assert text.split("\r\n") == (
        [
            "TY  - JOUR",
            "AU  - Rizkika Dwi",
            "TI  - The effectiveness of the International Organization for Migration (IOM)",
            "T2  - Jurnal Hubungan Internasional",
            "JF  - Jurnal Hubungan Internasional",
            "PY  - 2021",
            "VL  - 4",
            "IS  - 2",
            "DO  - 10.1000/XYZ",
            "AB  - It was effective.",
            "ID  - key1",
            "ER  - ",
            "",
            "",
        ]
    )
    assert losses == []


def test_rispy_reads_the_same() -> None:
    full = Description(
        type="article-journal",
        title="A title",
        author=(Name("King", "Martin Luther", "Jr."), Name("Doe", "Jane")),
        container_title="Journal of Things",
        container_title_short="J. Things",
        issued=Date(2021, 8, 15),
        volume="4",
        issue="2",
        page="12-20",
        DOI="10.1000/xyz",
        ISSN=("0714-9808",),
        URL="https://example.org/a",
        abstract="One.\n\nTwo.",
        keyword=("one", "two"),
        publisher="Publisher",
        publisher_place="Place",
        language="en",
        note="first\nsecond",
    )
    first, second = rispy.loads(export(full, MODEL)[0])
    assert first == {
        "type_of_reference": "JOUR",
        "authors": ["King, Martin Luther, Jr.", "Doe, Jane"],
        "title": "A title",
        "secondary_title": "Journal of Things",
        "alternate_title3": "Journal of Things",
        "alternate_title1": "J. Things",
        "year": "2021",
        "date": "2021/08/15",
        "volume": "4",
        "number": "2",
        "start_page": "12",
        "end_page": "20",
        "issn": "0714-9808",
        "doi": "10.1000/xyz",
        "urls": ["https://example.org/a"],
        "abstract": "One. Two.",
        "keywords": ["one", "two"],
        "publisher": "Publisher",
        "place_published": "Place",
        "language": "en",
        "notes": ["first", "second"],
        "id": "key1",
    }
    assert second["authors"] == ["Rizkika Dwi"]
    assert second["doi"] == "10.1000/XYZ"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (Date(2021), ["PY  - 2021"]),
        (Date(2021, 8), ["PY  - 2021", "DA  - 2021/08//"]),
        (Date(2021, 8, 15), ["PY  - 2021", "DA  - 2021/08/15"]),
        (Date(2021, season=3), ["PY  - 2021", "DA  - 2021///Autumn"]),
        (Date(2021, 3, end=Date(2021, 4)), ["PY  - 2021", "DA  - 2021/03//Mar-Apr"]),
        (Date(literal="in press"), ["DA  - in press"]),
    ],
)
def test_dates_keep_their_precision(date: Date, expected: list[str]) -> None:
    found = [line for line in lines(Description(issued=date)) if line[:2] in ("PY", "DA")]
    assert found == expected
    (record,) = again(export(Description(title="A", issued=date))[0])
    assert record.description.issued == date


@pytest.mark.parametrize(
    ("description", "field"),
    [
        (Description(issued=Date(2021, end=Date(2023))), "issued"),
        (Description(issued=Date(1850, circa=True)), "issued"),
        (Description(author=(Name("Doe", ORCID="0000-0002-1825-0097"),)), "author"),
        (Description(title="An <i>E. coli</i>"), "title"),
        (Description(type="treaty"), "type"),
        (Description(updates=(Update("retraction"),)), "updates"),
        (Description(type="book", scale="1:50000"), "scale"),
        (Description(abstract="One.\n\nTwo."), "abstract"),
    ],
)
def test_what_is_lost_is_said(description: Description, field: str) -> None:
    _, losses = export(description)
    assert [(loss.citation_key, loss.field) for loss in losses] == [("key1", field)]
    assert losses[0].reason


def test_every_value_is_on_one_line() -> None:
    text, _ = export(Description(title="A\nTY  - BOOK", abstract="x\r\nER  - \r\ny", note="a\n\nb"))
    assert text.split("\r\n")[1:5] == [
        "TI  - A TY - BOOK",
        "AB  - x ER - y",
        "N1  - a",
        "N1  - b",
    ]
    assert len(again(text)) == 1


def test_marks_are_taken_out() -> None:
    assert "TI  - The E. coli <5" in lines(Description(title="The <i>E. coli</i> <5"))
    assert "TI  - p < 0.05" in lines(Description(title="p < 0.05"))


def test_foreign_fields_of_ris_are_written_back() -> None:
    extra = (
        Extra("ris", "AD", "An address"),
        Extra("ris", "ID", "12345"),
        Extra("ris", "TY", "HOLO"),
        Extra("bibtex", "file", "a.pdf"),
    )
    text, losses = export(Description(title="A", extra=extra))
    assert text.split("\r\n")[2:6] == ["ID  - key1", "AD  - An address", "ID  - 12345", "ER  - "]
    assert [loss.field for loss in losses] == ["extra"]


def test_omitted_fields_are_left_out() -> None:
    text, losses = export(MODEL, omit=frozenset(("abstract", "author", "issued")))
    assert not {"AB", "AU", "PY"} & {line[:2] for line in text.split("\r\n")}
    assert losses == []


def test_nothing_makes_nothing() -> None:
    assert export() == ("", [])


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        ({"type": "book", "number_of_pages": "310"}, "SP  - 310"),
        ({"type": "article-journal", "number": "e12"}, "C7  - e12"),
        ({"type": "report", "number": "R-12"}, "SN  - R-12"),
        ({"type": "article-journal", "PMCID": "PMC123"}, "C2  - PMC123"),
        ({"type": "article", "arXiv": "2101.00001"}, "M1  - arXiv:2101.00001"),
        ({"type": "chapter", "editor": (Name("Doe", "J."),)}, "A2  - Doe, J."),
        ({"type": "book", "editor": (Name("Doe", "J."),)}, "ED  - Doe, J."),
        ({"type": "book", "collection_title": "Series"}, "T2  - Series"),
        ({"type": "chapter", "collection_title": "Series"}, "T3  - Series"),
    ],
)
def test_tags_by_type(fields: dict[str, Any], tag: str) -> None:
    description = Description(title="A", **fields)
    text, losses = export(description)
    assert tag in text.split("\r\n")
    assert losses == []
    (record,) = again(text)
    assert record.description == description
