"""RefWorks' tagged format from outside."""

from __future__ import annotations

import pytest

from refman.importers.refworks import importer
from refman.model import Date, Description, Name, Record
from refman.ports import Importer, Problem, Sample
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import only_records, reader

ARTICLE = """Reference 1 of 1
RT Journal Article
SR Print(0)
ID 12
A1 Smith,John A.
A1 van Gogh,V.
T1 Migration and the city
JF Urban Studies
JO Urban Stud.
YR 2005
FD May 5
VO 12
IS 3
SP 245
OP 261
K1 migration; city
K1 Indonesia
AB One.

Two.
NO A note
SN 0042-0980
DO 10.1000/XYZ
UL http://a.org/
DB CINAHL
RD 2006/01/31
OL English (30)
"""


read = reader(importer, "x.txt")


def records(text: str | bytes) -> list[Record]:
    return only_records(read(text))


def described(*lines: str) -> Description:
    (record,) = records("\n".join(lines) + "\n")
    return record.description


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "refworks"


def test_the_usual_record() -> None:
    items = read(ARTICLE)
    (record,) = items
    assert isinstance(record, Record)
    description = record.description
    assert description.type == "article-journal"
    assert description.author == (
        Name("Smith", "John A."),
        Name("Gogh", "V.", non_dropping_particle="van"),
    )
    assert description.issued == Date(2005, 5, 5)
    assert description.accessed == Date(2006, 1, 31)
    assert description.page == "245-261"
    assert description.keyword == ("migration", "city", "Indonesia")
    assert description.abstract == "One.\n\nTwo."
    assert description.note == "A note"
    assert description.ISSN == ("0042-0980",)
    assert (description.DOI, description.URL) == ("10.1000/XYZ", "http://a.org/")
    assert (description.container_title, description.container_title_short) == (
        "Urban Studies",
        "Urban Stud.",
    )
    assert description.source == "CINAHL"
    assert [(extra.name, extra.value) for extra in description.extra] == [
        ("SR", "Print(0)"), ("ID", "12"), ("OL", "English (30)"),
    ]  # fmt: skip
    assert record.origin.location == "x.txt:2"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Book, Whole", "book"),
        ("Book, Section", "chapter"),
        ("Dissertation/Thesis", "thesis"),
        ("Conference Proceedings", "paper-conference"),
        ("Journal, Electronic", "article-journal"),
        ("Video/ DVD", "motion_picture"),
        ("Generic", "article-journal"),
        ("Something New", "article-journal"),
    ],
)
def test_types(name: str, expected: str) -> None:
    (record,) = records(f"RT {name}\nT1 X\n")
    assert record.description.type == expected
    assert ("type" in record.guessed) == (name in ("Generic", "Something New"))


def test_what_a_tag_means_depends_on_the_type() -> None:
    book = described("RT Book, Whole", "T1 X", "T2 Series", "A2 S, E", "A3 E, D", "SP 141")
    assert book.collection_title == "Series"
    assert book.collection_editor == (Name("S", "E"),)
    assert book.editor == (Name("E", "D"),)
    assert book.number_of_pages == "141"
    chapter = described("RT Book, Section", "T1 X", "T2 Book", "A2 E, D", "SP 1", "U2 B, A")
    assert (chapter.container_title, chapter.page) == ("Book", "1")
    assert chapter.editor == (Name("E", "D"),)
    assert chapter.container_author == (Name("B", "A"),)
    patent = described("RT Patent", "T1 X", "A2 USPTO", "SN 4,904,581", "U1 1986/6/23")
    assert (patent.authority, patent.number) == ("USPTO", "4,904,581")
    assert patent.submitted == Date(1986, 6, 23)
    paper = described("RT Conference Proceedings", "T1 X", "T2 Conf", "U3 Proc", "PP Rome")
    assert (paper.event_title, paper.container_title) == ("Conf", "Proc")
    assert paper.event_place == "Rome"


def test_lines_that_go_on_and_text_that_belongs_to_nothing() -> None:
    items = read("RT Book, Whole\nT1 One\nand more\n\nstray\nRT Book, Whole\nT1 Two\n")
    assert [item.description.title for item in items if isinstance(item, Record)] == [
        "One and more",
        "Two",
    ]
    assert [item.line for item in items if isinstance(item, Problem)] == [5]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (ARTICLE, 0.95, 1),
        ("RT Journal Article\n", 0, 0),
        ("TY  - JOUR\nT1  - X\nER  - \n", 0, 0),
        ("PT J\nAU A\nTI X\nER\n", 0, 0),
        ("plain prose, of which nobody can make a reference", 0, 0),
    ],
)
def test_recognising(text: str, low: float, high: float) -> None:
    assert low <= importer.recognise(Sample("x", text)) <= high


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("RT Patent\nA1 ", "A, B; "),
        ("RT Book, Whole\nSP ", "1-"),
        ("RT Book\nFD ", "2019 "),
    ],
)
def test_long_values_take_no_longer(head: str, piece: str) -> None:
    assert_grows_linearly(lambda size: read(head + piece * size), 2000)
