"""Ovid from outside: tagged, and with the names of fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.crosswalk.ovid_citation import Citation, read_book, read_source
from refman.importers.nbib import importer as nbib
from refman.importers.ovid import importer
from refman.importers.ris import importer as ris
from refman.model import Date, Description, Name, Record
from refman.ports import Importer, Sample
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import only_records, reader

DATA = Path(__file__).parents[2] / "data" / "ovid"

TAGGED = """<6. >
VN  - Ovid Technologies
DB  - Journals@Ovid
AN  - 01445365-201001000-00001.
AU  - Berger, Anna Y. MD, MPH 1
AU  - Petrov, MB
AU  - SINGH, Arun.
IN  - (1)A School of Medicine, Jakarta
TI  - "Work at Sea".  [Article]
SO  - Some Journal Of Medicine June 2010;48(6):588-596
AB  - Background: Some text
      that goes on.
KW  - sailors;  work
LG  - English.
DT  - Research Articles.
DE  - first

      second
IS  - 0953-8984 (ISSN print)
DI  - 10.1000/abc.22
YR  - 2010

<7. >
VN  - Ovid Technologies
TI  - Another.
"""


read = reader(importer, "x.txt")


def records(text: str | bytes) -> list[Record]:
    return only_records(read(text))


def described(*lines: str) -> Description:
    (record,) = records("\n".join(("<1. >", *lines)) + "\n")
    return record.description


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "ovid"


def test_the_usual_record() -> None:
    first, second = records(TAGGED)
    description = first.description
    assert description.title == "Work at Sea"
    assert dict(first.verbatim)["title"] == '"Work at Sea". [Article]'
    assert description.author == (
        Name("Berger", "Anna Y."),
        Name("Petrov", "M. B."),
        Name("Singh", "Arun"),
    )
    assert description.container_title == "Some Journal Of Medicine"
    assert description.issued == Date(2010, 6)
    assert (description.volume, description.issue, description.page) == ("48", "6", "588-596")
    assert description.abstract == "Background: Some text that goes on."
    assert description.keyword == ("sailors", "work")
    assert (description.DOI, description.ISSN) == ("10.1000/abc.22", ("0953-8984",))
    assert description.call_number == "01445365-201001000-00001"
    assert description.source == "Journals@Ovid"
    assert {extra.name for extra in description.extra} == {"IN", "SO", "DT", "DE"}
    assert second.description.title == "Another"
    assert second.origin.location == "x.txt:23"


def test_names_of_fields() -> None:
    (record,) = records((DATA / "OvidImporterTest6.txt").read_bytes())
    description = record.description
    assert [name.display for name in description.author] == [
        "Jan Verbeek", "Erik Hermans", "Arie van Vugt", "Jan Paul Frolke",
    ]  # fmt: skip
    assert description.DOI == "10.1097/BOT.0000000000000502"
    assert description.keyword[-1] == "pelvic fracture"
    assert "Status" in {extra.name for extra in description.extra}


def test_degrees_after_a_name() -> None:
    (record,) = records((DATA / "OvidImporterTest5.txt").read_bytes())
    (name,) = record.description.author
    assert (name.family, name.given) == ("Bunkers", "Sandra Schmidt")
    assert name.affiliation == ("Adjunct Professor of Nursing, South Dakota State University",)


def test_every_record_of_a_file() -> None:
    found = records((DATA / "OvidImporterTest1.txt").read_bytes())
    assert [record.description.type for record in found] == [
        "article-journal", "paper-conference", "book", "book", "article-journal",
    ]  # fmt: skip
    assert found[1].description.editor == (Name(literal="Max"),)


def test_a_chapter() -> None:
    description = described(
        "TI  - [On fish.]", "AU  - Petrov, MB", "PT  - Book chapter",
        "PB  - A Press, Moscow", "YR  - 2002",
        "BT  - Ivanov, V.D. [Ed.]. [Research by A.A. M.] [Issledovaniya.] X, Y. 2002: 1-99. "
        "Chapter pagination: 14-18.",
    )  # fmt: skip
    assert (description.type, description.title) == ("chapter", "[On fish.]")
    assert description.container_title == "[Research by A.A. M.]"
    assert description.editor == (Name("Ivanov", "V. D."),)
    assert (description.publisher, description.publisher_place) == ("A Press", "Moscow")
    assert (description.page, description.issued) == ("14-18", Date(2002))


def test_a_patent() -> None:
    description = described(
        "TI  - X", "AU  - Roe, Jane B. [Inventor, Reprint Author]", "PT  - Patent",
        "PN  - US 1234567", "DG  - November 15, 2004", "PC  - USA", "PA  - Some Company",
    )  # fmt: skip
    assert description.author == (Name("Roe", "Jane B."),)
    assert (description.number, description.publisher) == ("US 1234567", "Some Company")
    assert description.issued == Date(2004, 11, 15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("American Journal June 2010;48(6):588-596",
         Citation("American Journal", "48", "6", "588-596", Date(2010, 6))),
        ("Journal of Some Studies 11, Winter 2008: 7-14.",
         Citation("Journal of Some Studies", "11", None, "7-14", Date(2008, season=4))),
        ("Journal of Asian Affairs, 2013(1): 3-28.",
         Citation("Journal of Asian Affairs", "2013", "1", "3-28", None)),
        ("Ecology & Trees. 101(2-3):227-34, November 15, 2003.",
         Citation("Ecology & Trees", "101", "2-3", "227-234", Date(2003, 11, 15))),
        ("Journal of Trauma. 55(1):1-5, 2003 Jul.",
         Citation("Journal of Trauma", "55", "1", "1-5", Date(2003, 7))),
        ("Psychology. Vol.45(3), 2003, pp. 12-20.",
         Citation("Psychology", "45", "3", "12-20", Date(2003))),
        ("Some Journal, vol. 4, no. 2, pp. 1-9, 1998.",
         Citation("Some Journal", "4", "2", "1-9", Date(1998))),
        ("Very Long Title.   28:103-106, April 2015.",
         Citation("Very Long Title", "28", None, "103-106", Date(2015, 4))),
        ("School Psychology Quarterly.",
         Citation("School Psychology Quarterly", None, None, None, None)),
        ("", Citation(None, None, None, None, None)),
    ],
)  # fmt: skip
def test_citations(text: str, expected: Citation) -> None:
    assert read_source(text) == expected


def test_a_book_without_editors() -> None:
    assert read_book("A Handbook. X, Y. 2002: 1-234.").title == "A Handbook"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (TAGGED, 0.95, 1),
        ("<1337>\nAuthor\n  A\nTitle\n  X\nSource\n  Y. 2015\n", 0.85, 1),
        ("TY  - JOUR\nTI  - X\nAU  - A\nSO  - Y\nAB  - Z\nER  - \n", 0, 0),
        ("PMID- 1\nTI  - X\n", 0, 0),
        ("Title\n\nplain prose, of which nobody can make a reference", 0, 0),
    ],
)
def test_recognising(text: str, low: float, high: float) -> None:
    assert low <= importer.recognise(Sample("x", text)) <= high


def test_it_is_surer_than_its_neighbours() -> None:
    sample = Sample("x.txt", TAGGED)
    for other in (ris, nbib):
        assert importer.recognise(sample) > other.recognise(sample)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("<1. >\nSO  - ", "Vol 1("),
        ("<1. >\nSO  - ", "June 2015 "),
        ("<1. >\nAU  - ", "MD, "),
        ("<1. >\nAU  - A, B ", "1 "),
        ("<1. >\nAU  - A, B ", "1 x "),
        ("<1. >\nTI  - ", "[A "),
        ("<1. >\nPT  - Book chapter\nBT  - ", "[Ed.] "),
        ("", "A b "),
    ],
)
def test_long_values_take_no_longer(head: str, piece: str) -> None:
    assert_grows_linearly(lambda size: read(head + piece * size), 2000)


def test_a_second_date_that_cannot_be_read_is_kept() -> None:
    found = described("TI  - X", "SO  - Lancet. 12(3):1-5, 2010.", "YR  - forthcoming")
    assert found.year == 2010
    assert [extra.value for extra in found.extra if extra.name == "YR"] == ["forthcoming"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Smith LJ", Name("Smith", "L. J.")),
        ("Petrov MB", Name("Petrov", "M. B.")),
        ("Petrov, MB", Name("Petrov", "M. B.")),
        ("Smith, Jane MD, PhD 1", Name("Smith", "Jane")),
        ("Jane Smith", Name("Smith", "Jane")),
    ],
)
def test_names_in_either_order(text: str, name: Name) -> None:
    assert described("TI  - X", f"AU  - {text}").author == (name,)


def test_full_names_and_the_journals_name_where_they_are_given() -> None:
    found = described(
        "TI  - X", "AU  - Smith J", "FA  - Smith, John", "SO  - Lanc. 1(2):3-9", "JN  - Lancet",
        "DP  - 2000 Jan",
    )  # fmt: skip
    assert found.author == (Name("Smith", "John"),)
    assert (found.container_title, found.issued) == ("Lancet", Date(2000, 1))
    assert [extra.name for extra in found.extra] == ["SO"]
