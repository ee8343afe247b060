"""EndNote's import format from outside: EndNote, Google Scholar, catalogues, Unix refer."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.importers.enw import importer
from refman.model import Date, Description, Name, Record
from refman.ports import Importer, Problem, Sample
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import kept, only_records, reader

DATA = Path(__file__).parents[2] / "data" / "enw"

SCHOLAR = """%0 Journal Article
%T Migration and the city
%A van der Berg, Anna
%A Lee, K
%J Urban Studies
%V 12
%N 3
%P 245-261
%@ 0042-0980
%D 2020
%I Sage
"""


read = reader(importer, "x.enw")


def records(text: str | bytes) -> list[Record]:
    return only_records(read(text))


def described(*lines: str) -> Description:
    (record,) = records("\n".join(lines) + "\n")
    return record.description


def article(*lines: str) -> Description:
    return described("%0 Journal Article", "%T X", *lines)


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "enw"


def test_the_usual_record() -> None:
    (record,) = records(SCHOLAR)
    assert record.description == Description(
        type="article-journal",
        title="Migration and the city",
        author=(Name("Berg", "Anna", non_dropping_particle="van der"), Name("Lee", "K.")),
        container_title="Urban Studies",
        volume="12",
        issue="3",
        page="245-261",
        ISSN=("0042-0980",),
        issued=Date(2020),
        publisher="Sage",
    )
    assert record.guessed == {"issued"}
    assert record.origin.location == "x.enw:1"


def test_a_book_of_a_catalogue() -> None:
    (record,) = records((DATA / "Endnote.book.example.enw").read_bytes())
    description = record.description
    assert (description.type, description.number_of_pages) == ("book", "XX, 327")
    assert description.ISBN == ("9783864903113",)
    assert description.call_number == "6H 1249(3)"
    assert description.accessed == Date(2015, 10, 28)
    assert description.edition == "3., aktualisierte und erweiterte Auflage"
    assert kept(description) == {
        "=": ["20151125"],
        "1": ["UB Vaihingen (geschlossen: 24.12.15 - 3.1.16)"],
    }


def test_what_zotero_writes() -> None:
    found = records((DATA / "refer.bibIX.ref").read_bytes())
    assert [record.description.type for record in found] == [
        "book", "paper-conference", "entry-encyclopedia", "thesis",
    ]  # fmt: skip
    paper = found[1].description
    assert paper.container_title == "Proceedings Title"
    assert paper.translator == (Name("TranslatorL", "TranslatorF I."),)
    assert paper.archive_location == "Loc. in Archive CP"
    assert paper.license == "Rights CP"
    assert found[3].description.genre == "Type"


def test_records_without_empty_lines_begin_with_their_type() -> None:
    found = records((DATA / "Endnote.entries.enw").read_bytes())
    assert [record.origin.location for record in found] == [
        "x.enw:1", "x.enw:7", "x.enw:23", "x.enw:25", "x.enw:28",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["%0 Book Section"], "chapter"),
        (["%0 Edited Book"], "book"),
        (["%0 Conference Proceedings"], "paper-conference"),
        (["%0 Thesis"], "thesis"),
        (["%0 Unheard of", "%0 Audio"], "song"),
        (["%0 web page"], "webpage"),
        (["%0 Unused 1"], "book"),
        (["%0 Generic", "%J Nature"], "article-journal"),
        (["%J Nature"], "article-journal"),
        (["%B A Handbook"], "chapter"),
        (["%I A Publisher"], "book"),
    ],
)
def test_types(lines: list[str], expected: str) -> None:
    (record,) = records("\n".join([*lines, "%T X"]))
    assert record.description.type == expected
    assert ("type" in record.guessed) == (
        lines[0] in ("%0 Generic", "%0 Unused 1") or not lines[0].startswith("%0")
    )


def test_types_that_do_not_count_are_kept() -> None:
    description = described("%0 Serial", "%0 Unheard of", "%0 Audio", "%T X")
    assert description.type == "song"
    assert kept(description) == {"0": ["Serial", "Unheard of"]}


def test_an_edited_book_has_editors() -> None:
    assert described("%0 Edited Book", "%T X", "%A Roe, J").editor == (Name("Roe", "J."),)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("%A Dwi, Rizkika", Name("Dwi", "Rizkika")),
        ("%A Geoffrey Chaucer", Name("Chaucer", "Geoffrey")),
        ("%A Brown, C. D.", Name("Brown", "C. D.")),
        ("%A Smith, JA", Name("Smith", "J. A.")),
        ("%A U.S. Centers for Disease Control,", Name(literal="U.S. Centers for Disease Control")),
        ("%A 王芳", Name(literal="王芳")),
        ("%Q Ministry of Health", Name(literal="Ministry of Health")),
    ],
)
def test_authors(line: str, name: Name) -> None:
    assert article(line).author == (name,)


def test_other_people() -> None:
    description = described(
        "%0 Book", "%T X", "%A Eco, U", "%Y Weaver, William", "%E Clark, J", "%? Roe, R"
    )
    assert description.translator == (Name("Roe", "R."), Name("Weaver", "William"))
    assert description.editor == (Name("Clark", "J."),)


def test_endnotes_own_tags_mean_what_endnote_means() -> None:
    description = described(
        "%0 Book Section", "%T X", "%A A, B", "%Y Series, Editor", "%! Short", "%Q Übersetzt"
    )
    assert description.collection_editor == (Name("Series", "Editor"),)
    assert description.title_short == "Short"
    assert kept(description) == {"Q": ["Übersetzt"]}


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["%D 1982"], Date(1982)),
        (["%D 2010", "%8 Mar 15"], Date(2010, 3, 15)),
        (["%D 2010", "%8 2010/03//"], Date(2010, 3)),
        (["%8 March 2010"], Date(2010, 3)),
        (["%D in press"], Date(literal="in press")),
    ],
)
def test_dates(lines: list[str], date: Date) -> None:
    assert article(*lines).issued == date


def test_a_book_of_several_languages() -> None:
    description = described("%0 Book", "%T X", "%G Indonesia", "%G Jawa", "%K a\nb", "%K c; d")
    assert description.language == "Indonesia, Jawa"
    assert description.keyword == ("a", "b", "c", "d")


def test_identifiers() -> None:
    description = article(
        "%R 10.1000/XYZ", "%R URN:NBN:no", "%U https://doi.org/10.1000/XYZ", "%U http://b.org/",
        "%M 123456", "%~ PubMed", "%2 PMC77",
    )  # fmt: skip
    assert description.DOI == "10.1000/XYZ"
    assert (description.PMID, description.PMCID) == ("123456", "PMC77")
    assert description.URL == "https://doi.org/10.1000/XYZ"
    assert kept(description) == {"R": ["URN:NBN:no"], "U": ["http://b.org/"]}


def test_a_reports_number_where_others_have_the_doi() -> None:
    assert described("%0 Report", "%T X", "%R TR-92-7").number == "TR-92-7"
    assert described("%0 Report", "%T X", "%R Working Paper").genre == "Working Paper"


def test_notes_and_an_abstract_of_paragraphs() -> None:
    description = article("%Z First", "%O Second", "%X One.", "", "Two.", "%U http://a.org/")
    assert description.note == "Second\nFirst"
    assert description.abstract == "One.\n\nTwo."
    assert description.URL == "http://a.org/"


def test_addresses_go_with_authors_where_there_is_one_for_each() -> None:
    description = article("%A A, B", "%A C, D", "%+ Jakarta", "%+ Bandung")
    assert [name.affiliation for name in description.author] == [("Jakarta",), ("Bandung",)]
    assert kept(article("%A A, B", "%A C, D", "%+ Jakarta")) == {"+": ["Jakarta"]}


def test_of_several_journals_the_last_one_stands() -> None:
    description = article("%J 城市研究", "%J URBAN STUDIES")
    assert description.container_title == "URBAN STUDIES"
    assert kept(description) == {"J": ["城市研究"]}


def test_a_label_is_the_citation_key() -> None:
    (record,) = records(SCHOLAR + "%F berg2020\n")
    assert record.citation_key == "berg2020"


def test_empty_lines_part_records() -> None:
    text = "%T A\n%A B, C\n%D 2001\n\n%T D\n%A E, F\n%D 2002\n\n\nstray words\n"
    items = read(text)
    assert [item.description.title for item in items if isinstance(item, Record)] == ["A", "D"]
    assert [item.line for item in items if isinstance(item, Problem)] == [10]


def test_other_line_ends_and_encodings() -> None:
    (record,) = records(SCHOLAR)
    for raw in (
        b"\xef\xbb\xbf" + SCHOLAR.replace("\n", "\r\n").encode(),
        SCHOLAR.encode("utf-16"),
        SCHOLAR.replace("\n", "\n\n").encode(),
    ):
        (again,) = records(raw)
        assert again.description == record.description


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (SCHOLAR, 0.95, 1),
        ("%T Rice\n%A Brown, C. D.\n%D 1931\n", 0.85, 1),
        ("%A testA", 0.5, 0.7),
        ("% a comment of TeX\n@book{a, title={X}}\n", 0, 0),
        ("%PDF-1.4\n%Äå\n", 0, 0),
        ("TY  - JOUR\nTI  - 100\n%A of it\nER  - \n", 0, 0.1),
        ("PMID- 1\nTI  - X\n", 0, 0),
        ("plain prose, of which nobody can make a reference", 0, 0),
    ],
)
def test_recognising(text: str, low: float, high: float) -> None:
    assert low <= importer.recognise(Sample("x", text)) <= high


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("%A ", "A, "),
        ("%A ", "A "),
        ("%P ", "1-"),
        ("%D ", "2019 "),
        ("%U ", "http://"),
        ("%T x\n", "%K a\n"),
        ("%T ", "%T "),
    ],
)
def test_long_values_take_no_longer(head: str, piece: str) -> None:
    assert_grows_linearly(lambda size: read(head + piece * size), 2000)


def test_titles_keep_their_inline_marks() -> None:
    description = described("%0 Book", "%T In <i>vitro</i>", "%S H<sub>2</sub>O")
    assert (description.title, description.collection_title) == (
        "In <i>vitro</i>",
        "H<sub>2</sub>O",
    )


def test_a_patents_number_may_have_commas() -> None:
    assert described("%0 Patent", "%T X", "%@ 4,904,581").number == "4,904,581"


def test_a_report_may_have_two_numbers() -> None:
    found = described("%0 Report", "%T X", "%N TR-12", "%@ XYZ-1")
    assert found.number == "TR-12"
    assert "XYZ-1" in repr(found)


def test_latex_with_comments_is_no_refer() -> None:
    text = "%A comment\n%T another\n\\documentclass{article}\n\\begin{document}\n"
    assert importer.recognise(Sample("x.tex", text)) == 0
