"""RIS from outside, dialect by dialect."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from refman.importers.ris import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly

DATA = Path(__file__).parents[2] / "data" / "ris"


def read(text: str | bytes, *, recase_titles: bool = True) -> list[Record | Problem]:
    raw = text.encode() if isinstance(text, str) else text
    options = ImportOptions(recase_titles=recase_titles)
    return list(importer.read(TextInput(io.BytesIO(raw), "x.ris"), options))


def records(text: str | bytes, *, recase_titles: bool = True) -> list[Record]:
    return [item for item in read(text, recase_titles=recase_titles) if isinstance(item, Record)]


def one(text: str) -> Record:
    (record,) = records(f"TY  - JOUR\n{text}\nER  - \n")
    return record


def described(text: str) -> Description:
    return one(text).description


def from_file(name: str) -> list[Record | Problem]:
    return read((DATA / name).read_bytes())


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "ris"


MODEL = """TY  - JOUR
AU  - Rizkika Dwi
TI  - THE EFFECTIVENESS OF THE INTERNATIONAL ORGANIZATION FOR MIGRATION (IOM)
JO  - Jurnal Hubungan Internasional
PY  - 2021
VL  - 4
IS  - 2
DO  - https://doi.org/10.1000/XYZ
AB  - The International Organization for Migration (IOM) was effective.
ER  -\x20
"""


def test_the_usual_record() -> None:
    (record,) = records(MODEL)
    description = record.description
    assert description.type == "article-journal"
    assert description.title is not None
    assert description.title.startswith("The effectiveness of the International Organization")
    assert description.container_title == "Jurnal Hubungan Internasional"
    assert description.issued == Date(2021)
    assert (description.volume, description.issue) == ("4", "2")
    assert description.DOI == "10.1000/XYZ"
    assert {"title", "issued"} <= record.guessed
    assert dict(record.verbatim)["title"].startswith("THE EFFECTIVENESS")
    assert record.origin.location == "x.ris:1"


def test_capitals_stay_if_one_wants_them() -> None:
    (record,) = records(MODEL, recase_titles=False)
    assert record.description.title is not None
    assert record.description.title.isupper()
    assert "title" not in record.guessed
    assert record.verbatim == ()


@pytest.mark.parametrize(
    "text",
    [
        MODEL.replace("\n", "\r\n"),
        MODEL.replace("\n", "\r"),
        "\ufeff" + MODEL,
        MODEL.replace("  - ", " - "),
        MODEL.replace("  - ", "  -"),
        MODEL.replace("  - ", "\t- "),
        MODEL.replace("  - ", "- "),
        MODEL.replace("ER  - \n", "ER\n"),
        MODEL.replace("ER  - \n", ""),
        "\n\n  \n" + MODEL,
        "Provider: JSTOR http://www.jstor.org\nDatabase: JSTOR\n"
        'Content: text/plain; charset="UTF-8"\n\n\n' + MODEL,
        "1.\n" + MODEL,
    ],
    ids=["crlf", "cr", "bom", "one-blank", "no-blank-after", "tab", "tight", "bare-er", "no-er",
         "blank-lines", "jstor", "numbered"],
)  # fmt: skip
def test_every_dialect_gives_the_same(text: str) -> None:
    (expected,) = records(MODEL)
    (found,) = read(text)
    assert isinstance(found, Record)
    assert found.description == expected.description


def test_ieee_line_ends() -> None:
    text = b"TY  - CONF\rTI  - A\rER  - \r\n\n\r\rTY  - CONF\rTI  - B\rER  - \r\n\n\r\r"
    assert [record.description.title for record in records(text)] == ["A", "B"]


def test_a_record_without_its_end_is_ended_by_the_next() -> None:
    found = read("TY  - JOUR\nTI  - A\nTY  - BOOK\nTI  - B\n")
    assert [item.description.title for item in found if isinstance(item, Record)] == ["A", "B"]


def test_a_record_without_its_type_is_read_and_remarked_upon() -> None:
    record, problem = from_file("RisImporterCorrupted.ris")
    assert isinstance(record, Record)
    assert record.description.type is None
    assert record.description.DOI == "10.1023/A:1017379030770"
    assert "type" in record.guessed
    assert isinstance(problem, Problem)
    assert problem.partial
    assert problem.line == 2


def test_an_empty_record_is_a_problem() -> None:
    first, second = read("TY  - JOUR\nER  - \nTY  - JOUR\nTI  - A\nER  - \n")
    assert isinstance(first, Problem)
    assert (first.line, first.raw) == (1, "TY  - JOUR")
    assert isinstance(second, Record)


def test_text_outside_records_is_a_problem() -> None:
    first, second = read("Dear all,\nhere they are:\nTY  - JOUR\nTI  - A\nER  - \n")
    assert isinstance(first, Problem)
    assert (first.line, first.raw) == (1, "Dear all,\nhere they are:\n")
    assert isinstance(second, Record)


def test_values_go_on_over_lines() -> None:
    first, second, third = (
        item.description for item in from_file("example_multiline.ris") if isinstance(item, Record)
    )
    assert first.abstract == second.abstract == third.abstract
    assert first.abstract == "first line, ER then second line and at the end the last line"
    assert first.note == "first line\n* second line\n* last line"


def test_paragraphs_of_an_abstract() -> None:
    text = (
        "AB  - Background: We had\nan idea.\nMethods: We tried it.\n\nResults: None.\nAU  - Doe, J."
    )
    assert described(text).abstract == (
        "Background: We had an idea.\n\nMethods: We tried it.\n\nResults: None."
    )


def test_a_line_that_only_resembles_a_tag_belongs_to_the_value() -> None:
    found = described("KW  - NF-kappa B\nNF-kappa B/metabolism\nIL - 2\nDO  - 10.1000/x")
    assert found.keyword[:2] == ("NF-kappa B", "NF-kappa B/metabolism")
    assert found.DOI == "10.1000/x"


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("PY  - 2010", Date(2010)),
        ("PY  - 2010///", Date(2010)),
        ("Y1  - 2010/11/01", Date(2010, 11, 1)),
        ("Y1  - 2010/11/01/", Date(2010, 11, 1)),
        ("PY  - 2005//", Date(2005)),
        ("PY  - 2005//Spring", Date(2005, season=1)),
        ("DA  - 2005///Fal", Date(2005, season=3)),
        ("DA  - 2019/09//undefined\nPY  - 2019", Date(2019, 9)),
        ("DA  - JAN 15\nPY  - 2022", Date(2022, 1, 15)),
        ("PY  - 2018\nDA  - SEP", Date(2018, 9)),
        ("DA  - 2020 Mar-Apr\nPY  - 2020", Date(2020, 3, end=Date(2020, 4))),
        ("Y1  - 2020/04//Apr-Jun, 2020", Date(2020, 4, end=Date(2020, 6))),
        ("PY  - 2015/october", Date(2015, 10)),
        ("PY  - 2005/02/31", Date(2005, 2)),
        ("Y1  - 1900/01/01\nDA  - 1950/01/01", Date(1950, 1, 1)),
        ("PY  - in press", Date(literal="in press")),
        ("PY  - in press\nY1  - 2004", Date(2004)),
        ("PY  - ////", None),
    ],
)
def test_dates(lines: str, date: Date | None) -> None:
    assert described(f"TI  - A\n{lines}").issued == date


def test_only_a_bare_year_is_a_guess() -> None:
    assert "issued" in one("TI  - A\nPY  - 2010").guessed
    assert "issued" not in one("TI  - A\nPY  - 2010\nDA  - 2010/05//").guessed


def test_a_date_that_says_something_else_is_kept() -> None:
    (record,) = [item for item in from_file("RisImporterTest6.ris") if isinstance(item, Record)]
    assert record.description.issued == Date(2013, 4, 18)
    kept = [extra.value for extra in record.description.extra if extra.name == "PY"]
    assert kept == ["2013/02/15/received", "2013/03/14/accepted"]


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        ("SP  - 12\nEP  - 15", "12-15"),
        ("SP  - 12-15", "12-15"),
        ("SP  - 12–15", "12-15"),
        ("SP  - 123-130\nEP  - 123-130", "123-130"),
        ("SP  - 123-130\nEP  - 130", "123-130"),
        ("SP  - 123\nEP  - 123-130", "123-130"),
        ("SP  - 7\nEP  - 7", "7"),
        ("EP  - 15\nSP  - 12", "12-15"),
        ("SP  - e0815", "e0815"),
        ("SP  - 1-3, 7", "1-3, 7"),
        ("SP  - No\nEP  - Specified", None),
        ("SP  -", None),
    ],
)
def test_pages(lines: str, page: str | None) -> None:
    assert described(f"TI  - A\n{lines}").page == page


def test_a_book_has_a_number_of_pages() -> None:
    (record,) = records("TY  - BOOK\nTI  - A\nSP  - 310\nER  - \n")
    assert record.description.number_of_pages == "310"
    assert record.description.page is None


@pytest.mark.parametrize(
    ("value", "issn", "isbn"),
    [
        ("0714-9808", ("0714-9808",), ()),
        ("16066359", ("1606-6359",), ()),
        ("03064530 (ISSN)", ("0306-4530",), ()),
        ("1660-4601 1661-7827", ("1660-4601", "1661-7827"), ()),
        ("2325-9671 (electronic); 978-1-4822-5326-9", ("2325-9671",), ("9781482253269",)),
        ("0714-9809", ("0714-9809",), ()),
    ],
)
def test_serial_numbers(value: str, issn: tuple[str, ...], isbn: tuple[str, ...]) -> None:
    description = described(f"TI  - A\nSN  - {value}")
    assert issn == description.ISSN
    assert isbn == description.ISBN


@pytest.mark.parametrize(
    ("lines", "doi"),
    [
        ("DO  - 10.1000/Abc", "10.1000/Abc"),
        ("DO  - doi:10.1000/abc", "10.1000/abc"),
        ("DO  - not a DOI", "not a DOI"),
        ("UR  - https://doi.org/10.1000/abc", "10.1000/abc"),
        ("UR  - https://example.org/10.1000/abc", None),
        ("L3  - 10.1080/16066359.2020.1867111", "10.1080/16066359.2020.1867111"),
        ("M3  - doi: 10.1063/1.1954747", "10.1063/1.1954747"),
        ("N1  - doi: 10.1063/1.1954747\nDO  - 10.1063/1.1954747", "10.1063/1.1954747"),
    ],
)
def test_dois(lines: str, doi: str | None) -> None:
    description = described(f"TI  - A\n{lines}")
    assert doi == description.DOI
    assert description.note is None
    if doi is not None and doi.startswith("10."):
        assert description.genre is None


def test_pubmed() -> None:
    (record,) = [item for item in from_file("RisImporterTestDOI.ris") if isinstance(item, Record)]
    description = record.description
    assert (description.PMID, description.PMCID) == ("26957754", "PMC4756000")
    assert description.container_title == "Journal of physical therapy science"
    assert description.container_title_short == "J Phys Ther Sci"
    assert description.issued == Date(2016, 1)
    assert [extra.name for extra in description.extra] == ["ET", "L2", "U4"]


def test_journal_titles_whole_and_abbreviated() -> None:
    (record,) = [
        item for item in from_file("RisImporterTest8_date.ris") if isinstance(item, Record)
    ]
    assert record.description.container_title == "The Journal of Chemical Physics"
    assert record.description.container_title_short == "J. Chem. Phys."
    only = one("TI  - A\nJA  - J. Chem. Phys.")
    assert only.description.container_title == "J. Chem. Phys."
    assert "container_title" in only.guessed


def test_a_chapter_is_in_a_book_which_is_in_a_series() -> None:
    (record,) = [item for item in from_file("RisImporterTest3.ris") if isinstance(item, Record)]
    description = record.description
    assert description.type == "chapter"
    assert description.container_title == "Dermoscopy Image Analysis"
    assert description.collection_title == "Digital Imaging and Computer Vision"
    assert description.ISBN == ("9781482253269",)
    (book,) = records("TY  - BOOK\nBT  - A\nT2  - A Series\nER  - \n")
    assert (book.description.title, book.description.collection_title) == ("A", "A Series")


def test_volume_with_its_issue() -> None:
    (record,) = [item for item in from_file("RisImporterTest4c.ris") if isinstance(item, Record)]
    assert (record.description.volume, record.description.issue) == ("50", "2")
    assert record.citation_key == "huffman"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("ID  - Just2005", "Just2005"),
        ("ID  - 12345", None),
        ("LB  - doe:2020", "doe:2020"),
        ("ID  - WOS:000391862900014", None),
        ("ID  - two words", None),
        ("ID  - 10.1000/abc", None),
        ("ID  - https://example.org/1", None),
        ("ID  - 123/abc", None),
        ("ID  - averroes/bland", "averroes/bland"),
        ("ID  - DBLP:conf/nips/VaswaniSPUJGKP17", "DBLP:conf/nips/VaswaniSPUJGKP17"),
    ],
)
def test_citation_keys(line: str, key: str | None) -> None:
    record = one(f"TI  - A\n{line}")
    assert record.citation_key == key
    kept = [extra for extra in record.description.extra if extra.name in ("ID", "LB")]
    assert bool(kept) == (key is None)


def test_names() -> None:
    record = one("AU  - King, Martin Luther, Jr.\nA1  - van Beethoven, Ludwig\nA2  - Doe, Jane")
    assert record.description.author == (
        Name("King", "Martin Luther", "Jr."),
        Name("Beethoven", "Ludwig", non_dropping_particle="van"),
    )
    assert record.description.editor == (Name("Doe", "Jane"),)
    assert record.guessed == frozenset()
    single = one("AU  - Minollah")
    assert single.description.author == (Name(literal="Minollah"),)
    assert "author" in single.guessed


def test_several_addresses() -> None:
    found = [item.description for item in from_file("example_urls.ris") if isinstance(item, Record)]
    assert {description.URL for description in found} == {"http://example.com"}
    kept = [[extra.value for extra in description.extra] for description in found]
    assert kept == [[], ["http://www.example.com"], ["http://www.example.com"],
                    ["http://www.example.com"]]  # fmt: skip


def test_all_types_are_known() -> None:
    found = from_file("baseline_reference_types.ris")
    types = {item.description.type for item in found if isinstance(item, Record)}
    assert len(types) > 30
    unknown = [
        extra.value
        for item in found
        if isinstance(item, Record)
        for extra in item.description.extra
        if extra.name == "TY"
    ]
    assert unknown == []


def test_an_unknown_type_is_a_document_and_kept() -> None:
    (record,) = records("TY  - HOLO\nTI  - A\nER  - \n")
    assert record.description.type == "document"
    assert record.description.extra == (Extra("ris", "TY", "HOLO"),)
    assert "type" in record.guessed
    (spelt_out,) = records("TY  - Journal Article\nTI  - A\nER  - \n")
    assert spelt_out.description.type == "article-journal"


def test_nothing_is_lost() -> None:
    found = from_file("baseline_tag_and_field_definitions.ris")
    (record, *_) = (item for item in found if isinstance(item, Record))
    text = repr(record.description) + repr(record.citation_key)
    for line in (DATA / "baseline_tag_and_field_definitions.ris").read_text().splitlines():
        value = line.partition("- ")[2].strip()
        if value and not line.lstrip("\ufeff").startswith(("TY", "ER", "UK")):
            assert all(word in text for word in value.split()), line


def test_markup_and_control_characters_go() -> None:
    description = described(
        "TI  - <i>E. coli</i> &amp; more\x01\nAB  - <p>One.</p><p>Two.</p>\nPB  - A &amp; B\x7f"
    )
    assert description.title == "<i>E. coli</i> & more"
    assert description.abstract == "One.\n\nTwo."
    assert description.publisher == "A & B"


@pytest.mark.parametrize(
    ("name", "text", "least", "most"),
    [
        ("a", MODEL, 0.9, 1.0),
        ("a.ris", "hello", 0.0, 0.0),
        ("a", "Provider: JSTOR\n\n" + MODEL, 0.9, 1.0),
        ("a", "@article{a, title={TY  - JOUR}}", 0.0, 0.0),
        ("a", '[{"type": "book"}]', 0.0, 0.0),
        ("a", "FN Clarivate\nPT J\nAU Doe, J\nTI A\n", 0.0, 0.0),
        ("a", "PMID- 123\nTI  - A\nAB  - B\n", 0.0, 0.3),
    ],
)
def test_recognises_by_content(name: str, text: str, least: float, most: float) -> None:
    assert least <= importer.recognise(Sample(name, text)) <= most


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        ("TY  - JOUR\nAB  - a\n", "b\n"),
        ("TY  - JOUR\nTI  - ", "<"),
        ("TY  - JOUR\nSN  - ", "1"),
        ("TY  - JOUR\nSP  - ", "1 - "),
        ("TY  - JOUR\nDA  - ", "1 "),
        ("TY  - JOUR\nUR  - ", "; http"),
        ("TY  - JOUR\nVL  - ", "("),
        (" " * 200_000 + "TY  - JOUR\n", "\t"),
        ("", "TY\n"),
    ],
)
def test_hostile_input_takes_linear_time(head: str, piece: str) -> None:
    def read_it(size: int) -> None:
        text = head + piece * size
        read(text)
        importer.recognise(Sample("x", text[:65536]))

    assert_grows_linearly(read_it, 10_000)


def test_a_record_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refman.importers.ris.MAX_RECORD", 1000)
    found = read("TY  - JOUR\nTI  - A\n" + "x" * 2000 + "\nmore\nTY  - JOUR\nTI  - B\nER  - \n")
    assert isinstance(found[0], Problem)
    assert found[0].line == 1
    assert isinstance(found[-1], Record)
    assert found[-1].description.title == "B"
