"""Lists of DOIs, one a line or in a table."""

from __future__ import annotations

import io

import pytest

from refman.importers.doi_list import importer
from refman.model import Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly


def read(text: str) -> list[Record | Problem]:
    return list(importer.read(TextInput(io.BytesIO(text.encode()), "x.txt"), ImportOptions()))


def dois(text: str) -> list[str | None]:
    """The DOIs, and None for each line that has none."""
    items = read(text)
    return [
        item.description.DOI if isinstance(item, Record) else None
        for item in items
        if isinstance(item, Record) or not item.partial
    ]


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("10.1000/Xyz", "10.1000/Xyz"),
        ("  10.1000/xyz  ", "10.1000/xyz"),
        ("10.1000/xyz.", "10.1000/xyz"),
        ('"10.1000/xyz",', "10.1000/xyz"),
        ("<10.1000/xyz>", "10.1000/xyz"),
        ("doi:10.1000/xyz", "10.1000/xyz"),
        ("DOI: 10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz", "10.1000/xyz"),
        ("http://dx.doi.org/10.1000%2Fxyz", "10.1000/xyz"),
        ("https://ezproxy.example.edu/10.1000/xyz", "10.1000/xyz"),
        ("10.1007%252Fs00586-011-2029-6", "10.1007/s00586-011-2029-6"),
        ("10.1000/xyz # read this", "10.1000/xyz"),
        ("Doe 2020. doi:10.1000/xyz.", "10.1000/xyz"),
        ("doi = {10.1000/xyz},", "10.1000/xyz"),
        ("https://doi.org/100http://dx.doi.org/10.1097/MLR.0305", "10.1097/MLR.0305"),
        (
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        ),
        ("https://doi.org/10/bphrtk", None),
        ("https://doi.org/10127", None),
        ("10.105/nss:2005020", None),
        ("nothing", None),
    ],
)
def test_forms(line: str, doi: str | None) -> None:
    assert dois(f"10.1000/first\n{line}\n") == ["10.1000/first", doi]


def test_lines_are_told() -> None:
    first, second, third = read("# my list\n\n10.1000/x\nnothing here\n10.1000/x\n")
    assert isinstance(first, Record)
    assert first.origin.location == "x.txt:3"
    assert second == Problem(reason="no DOI in it", line=4, raw="nothing here")
    assert isinstance(third, Record)
    assert third.origin.location == "x.txt:5"


def test_several_on_a_line() -> None:
    assert dois("10.1000/x 10.1000/y\n") == ["10.1000/x", "10.1000/y"]


def test_a_doi_that_may_be_cut_is_remarked_upon() -> None:
    record, problem = read("10.3129/can j ophthalmol.06-124\n")
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert problem.partial
    assert problem.raw == "10.3129/can j ophthalmol.06-124"


def test_tables() -> None:
    named = (
        'key,DOI,title\na,10.1000/x,"A, see 10.1000/z"\nb,,none\nc,https://doi.org/10.1000/y,B\n'
    )
    assert dois(named) == ["10.1000/x", None, "10.1000/y"]
    unnamed = "10.1000/x,2020,A\n10.1000/y,2021,B\n10.1000/z,2022,C\n"
    assert dois(unnamed) == ["10.1000/x", "10.1000/y", "10.1000/z"]
    tabs = "A title\t10.1000/x\t2020\nAnother\t10.1000/y\t2021\n"
    assert dois(tabs) == ["10.1000/x", "10.1000/y"]
    assert dois("doi\n10.1000/x\n") == ["10.1000/x"]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("10.1000/x\n10.1000/y\n", True),
        ("# list\n\nhttps://doi.org/10.1000/x\ndoi:10.1000/y\n", True),
        ("doi\n10.1000/x\n10.1000/y\n", True),
        ("10.1000/a\n10.1000/b\n10.1000/c\n10.1000/d\nnothing\n", True),
        ("10.1000/a\n10.1000/b\n10.1000/c\nnothing\n", False),
        ("TY  - JOUR\nDO  - 10.1000/x\nER  - \n", False),
        ("Doe, J. (2020). A title. https://doi.org/10.1000/x\n", False),
        ("", False),
    ],
)
def test_recognises_by_content(text: str, sure: bool) -> None:
    assert importer.recognise(Sample("x.txt", text)) == (0.9 if sure else 0.0)


@pytest.mark.parametrize(
    ("head", "piece"), [("", "10.1000."), ("10.1000/", ")"), ("", '"'), ("", "10.1/")]
)
def test_hostile_lines_take_linear_time(head: str, piece: str) -> None:
    def read_it(size: int) -> None:
        (problem,) = read(head + piece * size)
        assert isinstance(problem, Problem)
        assert len(problem.raw) <= 4096

    assert_grows_linearly(read_it, 20_000)
