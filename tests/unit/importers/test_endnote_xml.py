"""EndNote XML as programs write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.importers.endnote_xml import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import Problem, Sample
from tests.unit.importers.reading import extras, reader

DATA = Path(__file__).parents[2] / "data" / "endnote-xml"


read = reader(importer, "x.xml")


def one(body: str, kind: str = "Journal Article") -> Description:
    """The description of a record of a type."""
    text = (
        f'<xml><records><record><ref-type name="{kind}">0</ref-type>{body}</record></records></xml>'
    )
    (record,) = read(text)
    assert isinstance(record, Record)
    return record.description


def styled(face: str, text: str) -> str:
    return f'<style face="{face}" font="default" size="100%">{text}</style>'


def test_a_file_with_every_entry_in_it() -> None:
    records = read((DATA / "several-titles.xml").read_bytes())
    assert len(records) == 3
    assert all(isinstance(record, Record) for record in records)


def test_an_article_of_bookends() -> None:
    (record,) = read((DATA / "bookends.xml").read_bytes())
    assert isinstance(record, Record)
    found = record.description
    assert found.author[1] == Name("Ormiston-Smith", "N")
    assert found.issued == Date(2015, 3, 3)
    assert (found.volume, found.issue, found.page) == ("112", "5", "943-7")
    assert found.ISSN == ("1532-1827", "0007-0920")
    assert (found.DOI, found.PMID) == ("10.1038/bjc.2014.606", "25647015")
    assert found.URL == "http://www.ncbi.nlm.nih.gov/pubmed/25647015"
    assert len(found.keyword) == 13
    assert extras(found)["pdf-urls"].startswith("file://localhost/Users/user/")
    assert extras(found)["auth-address"].split("\n")[1].startswith("Cancer Research UK")
    assert record.origin.location == "x.xml:4"


def test_jabref_has_editors_of_books_where_others_have_those_of_series() -> None:
    records = list(read((DATA / "jabref-export.xml").read_bytes()))
    paper, book = (one.description for one in records if isinstance(one, Record))
    assert paper.type == "paper-conference"
    assert paper.container_title is not None
    assert paper.container_title.startswith("Proceedings of the 9th International")
    assert paper.collection_title == "SoICT '18"
    assert paper.issued == Date(2018, 12)
    assert paper.page == "130-136"
    assert [name.family for name in book.editor] == ["Bhattacharyya", "McCormick"]


@pytest.mark.parametrize(
    ("runs", "title"),
    [
        ([("normal", "Of "), ("italic", "E. coli"), ("normal", " here")], "Of <i>E. coli</i> here"),
        ([("normal", "CO"), ("subscript", "2")], "CO<sub>2</sub>"),
        ([("bold", "a"), ("bold italic", "b"), ("italic", "c")], "<b>a<i>b</i></b><i>c</i>"),
        ([("underline", "plain"), ("superscript", " x")], "plain<sup> x</sup>"),
        ([("bold italic underline superscript", "x")], "<b><i><sup>x</sup></i></b>"),
        ([("italic", "a "), ("italic", "b")], "<i>a b</i>"),
    ],
)
def test_styled_runs_become_marks(runs: list[tuple[str, str]], title: str) -> None:
    body = "".join(styled(*run) for run in runs)
    assert one(f"<titles><title>{body}</title></titles>").title == title
    pretty = "\n  ".join(styled(*run) for run in runs)
    assert one(f"<titles>\n<title>\n  {pretty}\n</title></titles>").title == title


def test_what_looks_like_marks_is_kept_from_harm() -> None:
    found = one(
        "<titles><title>p &lt; 0.05 &amp; AT&amp;T &lt;i&gt;in vitro&lt;/i&gt;</title></titles>"
    )
    assert found.title == "p < 0.05 & AT&T <i>in vitro</i>"


def test_names() -> None:
    authors = ("van Dam, Jan", "King, Martin Luther, Jr.", "World Health Organization,",
               "University of California,, Berkeley", "Plato", "Jane Q. Doe", " ")  # fmt: skip
    body = "".join(f"<author>{author}</author>" for author in authors)
    attribute = '<author corp-name="Acme, Inc."/><author last-name="Roe" first-name="R."/>'
    found = one(
        f"<contributors><authors>{body}{attribute}</authors></contributors><label>k1</label>"
    )
    assert found.author == (
        Name("Dam", "Jan", non_dropping_particle="van"),
        Name("King", "Martin Luther", "Jr."),
        Name(literal="World Health Organization"),
        Name(literal="University of California, Berkeley"),
        Name(literal="Plato"),
        Name("Doe", "Jane Q."),
        Name(literal="Acme, Inc."),
        Name("Roe", "R."),
    )


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ("<year>1937</year><pub-dates><date>Jan</date></pub-dates>", Date(1937, 1)),
        ("<year>2015</year><pub-dates><date>Mar 3</date></pub-dates>", Date(2015, 3, 3)),
        ("<year>2022</year><pub-dates><date>2022 May</date></pub-dates>", Date(2022, 5)),
        ("<year>2009</year>", Date(2009)),
        ("<year>in press</year>", Date(literal="in press")),
        ("<year>2009</year><pub-dates><date>sometime</date></pub-dates>", Date(2009)),
        ("<year>2020</year><pub-dates><date>Spring</date></pub-dates>", Date(2020, season=1)),
        ("<pub-dates><date>2011-12-24</date></pub-dates>", Date(2011, 12, 24)),
    ],
)
def test_dates(dates: str, issued: Date) -> None:
    assert one(f"<dates>{dates}</dates><titles><title>x</title></titles>").issued == issued


def test_the_same_element_says_other_things_of_other_works() -> None:
    body = (
        "<titles><secondary-title>S</secondary-title></titles><pages>12</pages><number>3</number>"
    )
    article, book, report = (one(body, kind) for kind in ("Journal Article", "Book", "Report"))
    assert (article.container_title, article.page, article.issue) == ("S", "12", "3")
    assert (book.collection_title, book.number_of_pages, book.collection_number) == ("S", "12", "3")
    assert report.collection_title == "S"
    assert one("<isbn>TR-12</isbn>", "Report").number == "TR-12"
    assert one("<custom7>e12</custom7>").number == "e12"
    assert one("<custom2>PMC1234567</custom2>").PMCID == "PMC1234567"
    assert one("<edition>2020/01/05</edition>").published_online == Date(2020, 1, 5)


def test_zotero_has_the_issue_twice() -> None:
    found = one("<number>3</number><issue>3</issue>")
    assert (found.issue, found.extra) == ("3", ())
    assert extras(one("<number>3</number><issue>Part B</issue>")) == {"issue": "Part B"}


def test_identifiers() -> None:
    found = one(
        "<electronic-resource-num>10.1000/x&#xD;S0140-6736(09)1 [pii]</electronic-resource-num>"
        "<accession-num>12345</accession-num><remote-database-name>PubMed</remote-database-name>"
        "<urls><related-urls><url>https://doi.org/10.1000/x</url><url>&lt;Go to ISI&gt;://1</url>"
        "</related-urls><web-urls><url>https://example.org/a?b=1&amp;c=2</url></web-urls></urls>"
    )
    assert (found.DOI, found.PMID, found.source) == ("10.1000/x", "12345", "PubMed")
    assert found.URL == "https://example.org/a?b=1&c=2"
    assert ("electronic-resource-num", "S0140-6736(09)1 [pii]") in extras(found).items()
    kept = [extra.value for extra in found.extra if extra.name == "related-urls"]
    assert kept == ["https://doi.org/10.1000/x", "<GotoISI>://1"]
    assert extras(one("<accession-num>12345</accession-num><label>a1</label><volume>1</volume>"))


def test_everything_else_is_kept() -> None:
    found = one(
        "<rec-number>7</rec-number><foreign-keys><key app='EN' db-id='0x'>7</key></foreign-keys>"
        "<custom4>four</custom4><titles><translated-title>T</translated-title></titles>"
        "<contributors><translated-authors><author>Doe, J.</author></translated-authors>"
        "</contributors><coden>ABC</coden><user16>u</user16><volume>1</volume>"
        "<remote><deep>d</deep></remote>"
    )
    assert extras(found) == {
        "rec-number": "7", "foreign-keys": "EN 0x 7", "custom4": "four", "translated-title": "T",
        "translated-authors": "Doe, J.", "coden": "ABC", "user16": "u", "remote/deep": "d",
    }  # fmt: skip


def test_notes_and_abstracts_keep_their_lines() -> None:
    found = one(
        "<notes>one&#xD;two\n    wrapped</notes><research-notes>mine</research-notes>"
        "<abstract>First.&#xD;&#xD;Second, of patients &lt;21 years\n  old.</abstract>"
    )
    assert (found.note, found.annote) == ("one\ntwo wrapped", "mine")
    assert found.abstract == "First.\n\nSecond, of patients <21 years old."


def test_problems_have_lines() -> None:
    found = read(
        "<xml><records>\n<record><ref-type>17</ref-type></record>\n"
        "<record><titles></record>\n<record><volume>1</volume></record></records></xml>"
    )
    says_nothing, broken, record = found
    assert isinstance(says_nothing, Problem)
    assert isinstance(broken, Problem)
    assert isinstance(record, Record)
    assert (says_nothing.line, broken.line) == (2, 3)
    assert says_nothing.raw.startswith("<record><ref-type>")
    assert record.description == Description(volume="1")


def test_unknown_types_are_kept() -> None:
    found = one("<volume>1</volume>", "Quaternary Source")
    assert found.type == "document"
    assert found.extra == (Extra("endnote-xml", "ref-type", "0 Quaternary Source"),)


def test_it_is_recognised_by_what_it_holds() -> None:
    own = (DATA / "bookends.xml").read_text()
    assert importer.recognise(Sample("x", own)) > 0.9
    marc = (
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader/></record></collection>'
    )
    assert importer.recognise(Sample("x.xml", marc)) == 0
    assert importer.recognise(Sample("x.xml", "TY  - JOUR")) == 0


def test_a_second_label_is_kept() -> None:
    found = one("<titles><title>T</title></titles><label>roe2020</label><label>mine</label>")
    assert extras(found) == {"label": "mine"}
