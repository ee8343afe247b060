from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from refman.crosswalk.crossref import description_from_message
from refman.exporters.biblatex import exporter
from refman.model import Date, Description, Extra, Name, Work
from refman.ports import Exporter, TextEncoding
from refman.text.names import OTHERS
from tests.bibtex_files import DATA, entry, losses, records, write
from tests.unit.exporters.test_bibtex import BOOK, MODEL_CASE


def _entry(description: Description) -> str:
    text = entry(description, to="biblatex")
    (back,) = records(text, recase=False)
    assert back.description == description
    return text


def test_it_is_an_exporter() -> None:
    assert isinstance(exporter, Exporter)
    assert write([], to="biblatex") == ""


def test_the_model_case_as_a_careful_person_would_write_it() -> None:
    assert entry(MODEL_CASE, "Dwi2021Effectiveness", to="biblatex") == (
        "@article{Dwi2021Effectiveness,\n"
        "  author = {Dwi, Rizkika},\n"
        "  title = {The effectiveness of the {International} {Organization} for {Migration} "
        "({IOM}) in addressing human trafficking against {Indonesian} migrant workers in "
        "{Malaysia} post-{COVID}-19},\n"
        "  journaltitle = {Mediasi: Journal of International Relations},\n"
        "  date = {2021-08-15},\n"
        "  volume = {4},\n"
        "  number = {2},\n"
        "  pages = {123--140},\n"
        "  doi = {10.21111/mediasi.v4i2.10036},\n"
        "  issn = {0028-0836},\n"
        "  url = {https://ejournal.unida.gontor.ac.id/index.php/mediasi?a=1&b=%20},\n"
        '  title+an:publisher = {="UNIDA GONTOR"}\n'
        "}\n"
    )


def test_a_book_has_all_its_fields() -> None:
    text = _entry(BOOK)
    for line in (
        "@book{key,",
        "  author = {van den Berg, Jr., Anna and {WHO} and others},",
        "  editor = {Ed, Al},",
        "  date = {2019},",
        "  volume = {2},",
        "  series = {Lecture Notes},",
        "  number = {12},",
        "  publisher = {Springer},",
        "  location = {München},",
        "  isbn = {9783161484100},",
    ):
        assert line in text.split("\n")


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (Date(2021), "2021"), (Date(2021, 8), "2021-08"), (Date(2021, 8, 15), "2021-08-15"),
        (Date(2021, season=2), "2021-22"), (Date(1850, circa=True), "1850~"),
        (Date(2020, 1, end=Date(2020, 3)), "2020-01/2020-03"),
        (Date(1999, end=Date(literal="..")), "1999/.."), (Date(-44), "-0044"),
    ],
)  # fmt: skip
def test_dates_with_their_precision(date: Date, written: str) -> None:
    assert f"  date = {{{written}}}" in _entry(Description(type="book", issued=date))


def test_words_are_no_date() -> None:
    text = _entry(Description(type="document", title="T", issued=Date(literal="in press")))
    assert '  title+an:year = {="in press"}' in text
    assert "  date = {..}" in text


@pytest.mark.parametrize(
    ("description", "start"),
    [
        (Description(type="article-journal", title="X"), "@misc{"),
        (Description(type="thesis", title="X", author=(Name("A", "B"),), publisher="P",
                     genre="PhD Thesis"), "@thesis{"),
        (Description(type="thesis", title="X", author=(Name("A", "B"),)), "@misc{"),
        (Description(type="report", title="X", author=(Name("A", "B"),), publisher="P"),
         "@report{"),
        (Description(type="webpage", title="X", URL="https://x.y"), "@online{"),
        (Description(type="article", title="X", arXiv="2101.00001"), "@online{"),
        (Description(type="dataset", title="X"), "@dataset{"),
        (Description(type="software", title="X", version="2"), "@software{"),
        (Description(type="chapter", title="X", author=(Name("A", "B"),), container_title="Y",
                     editor=(Name("C", "D"),)), "@incollection{"),
        (Description(type="chapter", title="X", author=(Name("A", "B"),), container_title="Y"),
         "@inbook{"),
        (Description(type="book", title="X", editor=(Name("C", "D"),)), "@collection{"),
        (Description(type="motion_picture", title="X", director=(Name("C", "D"),)), "@misc{"),
        (Description(type="periodical", title="X", editor=(Name("C", "D"),), volume="3"),
         "@periodical{"),
    ],
)  # fmt: skip
def test_types(description: Description, start: str) -> None:
    assert _entry(description).startswith(start)


def test_what_the_data_model_does_not_allow() -> None:
    text = _entry(
        Description(
            type="article-journal",
            title="T",
            author=(Name("A", "B"),),
            container_title="J",
            issued=Date(2001),
            volume="12A",
            page="-5, 0-7",
            ISSN=("0028-0836", "1476-4687", "wrong"),
            license='"free"; as in beer',
            published_online=Date(2000, 12),
        )
    )
    for line in (
        "  journaltitleaddon = {12A},",
        "  journaltitleaddon+an = {=supplied},",
        '  title+an:volume = {="12A"},',
        "  pages = {{}-5, {}0-7},",
        "  issn = {0028-0836},",
        '  title+an:issn = {="0028-0836, 1476-4687, wrong"},',
        '  title+an:license = {=""free"; as in beer"},',
        '  title+an:published-online = {="2000-12"},',
    ):
        assert line in text.replace("\n}", ",\n}").split("\n"), text


def test_people() -> None:
    text = _entry(
        Description(
            type="book",
            title="T",
            author=(
                Name("Doe", "J.", dropping_particle="de", ORCID="0000-0002-1825-0097"),
                Name("Solo"),
                Name(literal="Solo"),
                Name("Roe", "R.", affiliation=('The "U"; Dept', "Home")),
                OTHERS,
            ),
            compiler=(Name("C", "D"),),
            composer=(Name("E", "F"),),
        )
    )
    assert "family={Doe}, given={J.}, prefix={de}, useprefix=false and family={Solo}" in text
    assert '  author+an:orcid = {1="0000-0002-1825-0097"}' in text
    assert '4="The \\textquotedbl{}U\\textquotedbl{}; Dept"; 4="Home"' in text
    assert "  editora = {C, D},\n  editoratype = {compiler}," in text
    assert '  title+an:composer = {="E, F"}' in text


def test_identifiers_share_one_eprint() -> None:
    alone = _entry(Description(type="document", title="T", PMID="123"))
    assert "  eprint = {123},\n  eprinttype = {pubmed}" in alone
    both = _entry(Description(type="article", title="T", PMID="123", arXiv="2101.00001"))
    assert "  eprint = {2101.00001},\n  eprinttype = {arXiv}" in both
    assert '  title+an:pmid = {="123"}' in both


def test_lists_are_held_together() -> None:
    text = _entry(Description(type="book", title="T", publisher="Smith and Sons"))
    assert "  publisher = {{Smith and Sons}}" in text


def test_private_fields_are_written_back() -> None:
    said = Description(
        type="book",
        title="T",
        author=(Name("A", "B"),),
        extra=(Extra("bibtex", "related", "k2"), Extra("bibtex", "mine", "{x} \\y")),
    )
    text = _entry(said)
    assert "  related = {k2}" in text
    assert "  mine = {{x} \\y}" in text
    assert losses([Work(id=1, citation_key="k", description=said)], to="biblatex") == []


# biber's word


def _works(first_key: str) -> list[Work]:
    raw = (DATA.parent / "crossref" / "works.jsonl").read_bytes()
    found = [description_from_message(json.loads(line)).description for line in raw.splitlines()]
    descriptions = [*found, MODEL_CASE, BOOK, Description(), Description(DOI="10.1000/x_y")]
    return [
        Work(id=number, citation_key=f"{first_key}{number}", description=description)
        for number, description in enumerate(descriptions)
    ]


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_finds_nothing_to_warn_of(tmp_path: Path) -> None:
    text = write(_works("u"), TextEncoding.UNICODE, "biblatex")
    text += write(_works("a"), TextEncoding.ASCII, "biblatex")
    (tmp_path / "all.bib").write_text(text, "utf-8")
    done = subprocess.run(
        ["biber", "--tool", "--validate-datamodel", "--output-file", "out.bib", "all.bib"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    said = [line for line in done.stdout.split("\n") if line.startswith(("WARN", "ERROR"))]
    assert said == []
