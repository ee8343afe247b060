"""Web of Science from outside: field-tagged and tab-delimited, Core Collection and the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.importers.wos import importer
from refman.model import Date, Description, Name, Record
from refman.ports import Importer, Problem, Sample
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import kept, only_records, reader

DATA = Path(__file__).parents[2] / "data" / "wos"

TAGGED = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Kim, S
   van Dijk, TH
AF Kim, Sungsu
   van Dijk, Teun H.
TI The role of DNA repair in <i>Homo
   sapiens</i>
SO JOURNAL OF PHYSICS-CONDENSED MATTER
LA English
DT Article; Proceedings Paper
CT 3rd Conference on Yeast
CL Delft, NETHERLANDS
DE yeast; DNA repair
ID DNA REPAIR; CELL CYCLE
AB Some abstract of several
   lines.
C1 [Kim, Sungsu; van Dijk, Teun H.] Univ X, Jakarta, Indonesia.
   [van Dijk, Teun H.] Univ Y, Delft, Netherlands.
RP Kim, S (corresponding author), Univ X, Jakarta, Indonesia.
OI Kim, Sungsu/0000-0002-1825-0097; Nobody, Else/0000-0001-5109-3700
CR Roe R, 1991, SOME BOOK
   POE E, 1997, SOME JOURNAL, V11, P185
TC 1
PU IOP PUBLISHING LTD
PI BRISTOL
SN 0953-8984
EI 1361-648X
J9 J PHYS-CONDENS MATTER
JI J. Phys.-Condes. Matter
PD JUN 14
PY 2006
VL 18
IS 23
BP 5323
EP 5331
DI 10.1088/0953-8984/18/23/001
EA MAY 2006
PM 12345678
UT WOS:000238592600006
ER

EF
"""
COLUMNS = "PT AU AF TI SO DT SN JI PD PY VL IS BP EP DI UT".split()
ROW = {
    "PT": "J",
    "AU": "Kim, S; van Dijk, TH",
    "AF": "Kim, Sungsu; van Dijk, Teun H.",
    "TI": 'The "cut-off" rule',
    "SO": "IEEE TRANSACTIONS ON COMPUTERS",
    "DT": "Article",
    "SN": "0018-9340",
    "JI": "IEEE Trans. Comput.",
    "PD": "JUN",
    "PY": "2006",
    "VL": "18",
    "BP": "1",
    "EP": "9",
    "UT": "WOS:1",
}


read = reader(importer, "x.txt")


def records(text: str | bytes) -> list[Record]:
    return only_records(read(text))


def one(*lines: str) -> Record:
    (record,) = records("\n".join((*lines, "ER", "")))
    return record


def described(*lines: str) -> Description:
    return one(*lines).description


def table(*rows: dict[str, str]) -> str:
    lines = ["\t".join(COLUMNS)]
    lines += ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "wos"


def test_the_usual_record() -> None:
    (record,) = records(TAGGED)
    description = record.description
    assert description.type == "article-journal"
    assert description.title == ("The role of DNA repair in <i>Homo sapiens</i>")
    kim, dijk = description.author
    assert (kim.family, kim.given, kim.ORCID) == ("Kim", "Sungsu", "0000-0002-1825-0097")
    assert kim.affiliation == ("Univ X, Jakarta, Indonesia.",)
    assert dijk.display == "Teun H. van Dijk"
    assert dijk.affiliation[1] == "Univ Y, Delft, Netherlands."
    assert description.container_title == "Journal of Physics-Condensed Matter"
    assert description.container_title_short == "J. Phys.-Condes. Matter"
    assert (description.event_title, description.event_place) == (
        "3rd Conference on Yeast",
        "Delft, NETHERLANDS",
    )
    assert description.keyword == ("yeast", "DNA repair", "cell cycle")
    assert description.abstract == "Some abstract of several lines."
    assert (description.publisher, description.publisher_place) == ("IOP Publishing Ltd", "Bristol")
    assert description.ISSN == ("0953-8984", "1361-648X")
    assert description.issued == Date(2006, 6, 14)
    assert description.published_online == Date(2006, 5)
    assert (description.volume, description.issue, description.page) == ("18", "23", "5323-5331")
    assert description.DOI == "10.1088/0953-8984/18/23/001"
    assert description.PMID == "12345678"
    assert description.note == "Web of Science ID: WOS:000238592600006"
    assert description.source == "Clarivate Analytics Web of Science"
    assert record.origin.location == "x.txt:3"


def test_what_has_no_field_is_kept() -> None:
    (record,) = records(TAGGED)
    left = kept(record.description)
    assert set(left) == {"DT", "RP", "OI", "CR", "TC", "J9"}
    assert left["OI"] == ["Nobody, Else/0000-0001-5109-3700"]
    assert len(left["CR"]) == 2


def test_names_in_capitals_are_recased_as_a_guess() -> None:
    (record,) = records(TAGGED)
    assert {"container_title", "publisher", "publisher_place"} <= record.guessed
    verbatim = dict(record.verbatim)
    assert verbatim["container_title"] == "JOURNAL OF PHYSICS-CONDENSED MATTER"
    assert verbatim["publisher"] == "IOP PUBLISHING LTD"


def test_a_table() -> None:
    first, second = records(table(ROW, ROW | {"TI": "Other", "AF": "Roe, Jane"}))
    description = first.description
    assert description.title == 'The "cut-off" rule'
    assert description.author == (
        Name("Kim", "Sungsu"),
        Name("Dijk", "Teun H.", non_dropping_particle="van"),
    )
    assert description.container_title == "IEEE Transactions on Computers"
    assert description.issued == Date(2006, 6)
    assert description.page == "1-9"
    assert (first.origin.location, second.origin.location) == ("x.txt:2", "x.txt:3")
    assert second.description.author == (Name("Roe", "Jane"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_table_in_other_encodings(encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (record,) = records(mark + table(ROW).encode(encoding))
    assert record.description.title == 'The "cut-off" rule'


def test_a_table_that_went_through_a_spreadsheet() -> None:
    text = table(ROW | {"TI": '"The ""cut-off"" rule"'})
    (record,) = records(text)
    assert record.description.title == 'The "cut-off" rule'


def test_a_row_with_too_many_cells_is_told() -> None:
    record, problem = read(table(ROW).rstrip() + "\textra\tcells\r\n")
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.partial) == (2, True)


@pytest.mark.parametrize(
    ("publication", "document", "expected"),
    [
        ("J", "Article", "article-journal"),
        ("J", "Article; Proceedings Paper", "article-journal"),
        ("J", "Review", "article-journal"),
        ("J", "Preprint", "article"),
        ("S", "Proceedings Paper", "paper-conference"),
        ("B", "Proceedings Paper", "paper-conference"),
        ("S", "Article; Book Chapter", "chapter"),
        ("B", "Article; Book Chapter", "chapter"),
        ("B", "Book", "book"),
        ("S", "Article", "chapter"),
        ("P", "Patent", "patent"),
        ("P", "", "patent"),
        ("K", "-", "article-journal"),
    ],
)
def test_types(publication: str, document: str, expected: str) -> None:
    assert described(f"PT {publication}", f"DT {document}", "TI X").type == expected


def test_a_book_is_its_own_source() -> None:
    record = one("PT B", "AU Roe, J", "TI Yeasts", "SO YEASTS", "DT Book", "BN 978-3-86680-192-9",
                 "D2 10.1000/b", "PG 300", "PY 2013")  # fmt: skip
    description = record.description
    assert (description.title, description.container_title) == ("Yeasts", None)
    assert description.ISBN == ("9783866801929",)
    assert (description.DOI, description.number_of_pages) == ("10.1000/b", "300")
    assert record.guessed == {"issued"}
    assert record.verbatim == ()


def test_a_patent_of_derwent() -> None:
    description = described(
        "PT P", "AU CHEN X", "   WU B", "TI Use of glass", "PN CN123456789-A",
        "AE UNIV NANJING (UNAN-C)", "PC CN", "AB ", "   NOVELTY - Use.",
        "UT DIIDW:1",
    )  # fmt: skip
    assert description.author == (Name("CHEN", "X."), Name("WU", "B."))
    assert description.number == "CN123456789-A"
    assert description.publisher == "Univ Nanjing"
    assert description.publisher_place == "CN"
    assert description.abstract == "NOVELTY - Use."


def test_a_chapter_has_the_books_authors_and_editors() -> None:
    description = described(
        "PT S", "AU Roe, J", "BA Book, A", "BE Editor, E", "   Second, F", "CA The Group",
        "TI X", "SO HANDBOOK OF YEAST", "SE METHODS IN CELL BIOLOGY", "DT Article; Book Chapter",
    )  # fmt: skip
    assert description.author == (Name("Roe", "J."), Name(literal="The Group"))
    assert description.container_author == (Name("Book", "A."),)
    assert description.editor == (Name("Editor", "E."), Name("Second", "F."))
    assert description.container_title == "Handbook of Yeast"
    assert description.collection_title == "Methods in Cell Biology"


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["PD FEB 2011", "PY 2011"], Date(2011, 2)),
        (["PD JUN 14", "PY 2006"], Date(2006, 6, 14)),
        (["PD 04 2006", "PY 2006"], Date(2006, 4)),
        (["PD SEP-OCT", "PY 2006"], Date(2006, 9, end=Date(2006, 10))),
        (["PD 2006 May-Jun", "PY 2006"], Date(2006, 5, end=Date(2006, 6))),
        (["PD SPR", "PY 2006"], Date(2006, season=1)),
        (["DG June 28, 2011", "PY 2011"], Date(2011, 6, 28)),
        (["PY 1998"], Date(1998)),
        (["EA NOV 2020"], Date(2020, 11)),
    ],
)
def test_dates(lines: list[str], date: Date) -> None:
    assert described("PT J", "TI X", *lines).issued == date


@pytest.mark.parametrize(
    ("lines", "page", "number"),
    [
        (["BP 712", "EP 718"], "712-718", None),
        (["PS 2457-71"], "2457-2471", None),
        (["PS 170"], "170", None),
        (["BP 467", "EP 472", "PS 467-72"], "467-472", None),
        (["AR e1002"], None, "e1002"),
        (["BP 5", "EP +"], "5", None),
    ],
)
def test_pages(lines: list[str], page: str | None, number: str | None) -> None:
    description = described("PT J", "TI X", *lines)
    assert (description.page, description.number) == (page, number)


def test_addresses_that_fit_nobody_are_kept() -> None:
    lines = ("PT J", "TI X", "AU Roe, J", "   Poe, E")
    description = described(*lines, "C1 Univ X, Jakarta.")
    assert kept(description)["C1"] == ["Univ X, Jakarta."]
    assert all(not name.affiliation for name in description.author)
    alone = described("PT J", "TI X", "AU Roe, J", "C1 Univ X, Jakarta.")
    assert alone.author[0].affiliation == ("Univ X, Jakarta.",)


def test_real_files() -> None:
    found = records((DATA / "IsiImporterTestWOS.isi").read_bytes())
    assert [record.description.container_title for record in found] == [
        "Journal of Physics-Condensed Matter",
        "Optics Express",
    ]
    inspec = records((DATA / "IsiImporterTestInspec.isi").read_bytes())
    assert inspec[1].description.author[1] == Name("Gnatenko", "Yu. P.")
    medline = records((DATA / "IsiImporterTestMedline.isi").read_bytes())
    assert len(medline[1].description.author) == 7
    assert medline[1].description.issued == Date(2006, 5, end=Date(2006, 6))


def test_records_without_an_end_and_text_before_them() -> None:
    items = read("Exported today\nPT J\nTI A\nPT J\nTI B\n")
    assert [item.description.title for item in items if isinstance(item, Record)] == ["A", "B"]
    assert [item.line for item in items if isinstance(item, Problem)] == [1]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (TAGGED, 0.97, 1),
        (table(ROW), 0.97, 1),
        ("PT J\nAU Roe, J\nTI X\nSO Y\nER\n\nEF\n", 0.9, 1),
        ("FN\nVR\nSO My Journal\nPY 2005\nAU A\nTI My Title\nER\nEF", 0.7, 0.9),
        ("TY  - JOUR\nTI  - X\nAU  - A\nPY  - 2006\nER  - \n", 0, 0),
        ("PMID- 1\nTI  - X\n", 0, 0),
        ("%0 Book\n%T X\n", 0, 0),
        ("ID\tDOI\tTI\nA1\tB2\tC3\n", 0, 0),
        ("plain prose, of which nobody can make a reference", 0, 0),
    ],
)
def test_recognising(text: str, low: float, high: float) -> None:
    assert low <= importer.recognise(Sample("x", text)) <= high


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("PT AU AF TI SO DT C1 OI PD PY BP EP PS SN DI AE BN CA ID XX".split()),
            st.text(max_size=40),
        ),
        max_size=12,
    )
)
def test_any_value_of_a_table_is_read(fields: list[tuple[str, str]]) -> None:
    for item in read(table({tag: value.replace("\t", " ") for tag, value in fields})):
        assert item is not None


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("PT J\nAU A, B\nC1 [A, B] X\n", "   [A, B] X\n"),
        ("PT J\nC1 [A, B] X\nAU ", "A, B; "),
        ("PT J\nC1 ", "["),
        ("PT J\nAU A (", "("),
        ("PT J\nSO ", "A "),
        ("PT J\nPS ", "1-"),
        ("PT J\nTI X\n", "CR a\n"),
        ("PT\tAU\tTI\tSO\tPY\n", "\t"),
    ],
)
def test_long_values_take_no_longer(head: str, piece: str) -> None:
    assert_grows_linearly(lambda size: read(head + piece * size), 2000)


def test_a_remark_in_a_name_is_kept_as_it_came() -> None:
    record = one("AF Lee, Hyunju (Julie)", "   Kim (Min), S.", "TI X")
    assert [name.family for name in record.description.author] == ["Lee", "Kim (Min)"]
    assert record.verbatim == (("author", "Lee, Hyunju (Julie); Kim (Min), S."),)


def test_a_number_with_a_wrong_digit_stays_what_it_is_by_its_length() -> None:
    found = described("PT J", "TI X", "SN 0302-9743", "BN 978-0-8014-8639-4")
    assert (found.ISSN, found.ISBN) == (("0302-9743",), ("978-0-8014-8639-4",))
