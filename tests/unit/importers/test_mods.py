"""MODS as catalogues and repositories give it."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.importers.mods import importer
from refman.model import Date, Description, Name, Record
from refman.ports import Sample
from tests.unit.importers.reading import extras, reader

DATA = Path(__file__).parents[2] / "data" / "mods"
NAMESPACE = 'xmlns="http://www.loc.gov/mods/v3"'


read = reader(importer, "x.xml")


def one(body: str) -> Description:
    (record,) = read(f"<mods {NAMESPACE}>{body}</mods>")
    assert isinstance(record, Record), record
    return record.description


def test_articles_and_a_book() -> None:
    records = read((DATA / "collection.xml").read_bytes())
    article, other, book = (found for found in records if isinstance(found, Record))
    found = article.description
    assert (article.citation_key, other.citation_key) == ("Mock++2003", "Schewe+Soltwedel2003")
    assert found.type == "article-journal"
    assert found.author[0] == Name("Mock", "T")
    assert found.container_title == "Aquatic Microbial Ecology"
    assert found.container_title_short == "Aquat Microb Ecol"
    assert (found.volume, found.issue, found.page) == ("30", "2", "197-205")
    assert (found.ISSN, found.issued) == (("0948-3055",), Date(2003))
    assert other.description.DOI == "10.1007/s00300-003-0526-8"
    assert book.description.type == "book"
    assert [name.family for name in book.description.editor] == ["Thomas", "Dieckmann"]
    assert book.description.ISBN == ("0632058080",)


def test_a_record_of_the_library_of_congress() -> None:
    (record,) = read((DATA / "library-of-congress.xml").read_bytes())
    assert isinstance(record, Record)
    found = record.description
    assert (found.type, found.number_of_pages, found.publisher_place) == (
        "book", "389", "Burlington, MA",
    )  # fmt: skip
    assert "type" in record.guessed
    assert found.author == (Name("West", "Matthew"),)
    assert found.note == "statement of responsibility: Matthew West.\nIncludes index."
    assert extras(found)["identifier lccn"] == "2010045158"


def test_records_inside_the_answer_of_a_catalogue() -> None:
    records = "".join(
        f"<zs:record><zs:recordData><mods {NAMESPACE}><titleInfo><title>{n}</title></titleInfo>"
        "</mods></zs:recordData></zs:record>\n"
        for n in range(3)
    )
    found = read(
        '<zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/"><zs:records>\n'
        f"{records}</zs:records></zs:searchRetrieveResponse>"
    )
    assert [one.origin.location for one in found if isinstance(one, Record)] == [
        "x.xml:2", "x.xml:3", "x.xml:4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ("<nonSort>The </nonSort><title>end</title>", "The end"),
        ("<nonSort>L'</nonSort><title>étranger</title>", "L'étranger"),
        ("<title>Arias :</title><subTitle>for piano</subTitle>", "Arias: for piano"),
        ("<title>Works.</title><partNumber>2</partNumber>", "Works. 2"),
        (
            "<title>Works</title><partNumber>2</partNumber><partName>Plays</partName>",
            "Works. 2: Plays",
        ),
    ],
)
def test_titles(parts: str, title: str) -> None:
    assert one(f"<titleInfo>{parts}</titleInfo>").title == title


def test_other_titles() -> None:
    found = one(
        '<titleInfo type="alternative"><title>Alt</title></titleInfo><titleInfo><title>Main</title>'
        '</titleInfo><titleInfo type="abbreviated"><title>M</title></titleInfo>'
    )
    assert (found.title, found.title_short) == ("Main", "M")
    assert extras(found) == {"titleInfo alternative": "Alt"}


def test_names_and_roles() -> None:
    def name(parts: str, role: str = "", kind: str = "personal") -> str:
        roles = f'<role><roleTerm type="code">{role}</roleTerm></role>' if role else ""
        return f'<name type="{kind}">{parts}{roles}</name>'

    found = one(
        name("<namePart>Alleman, Tillie Pierce [1848-1914]</namePart>", "aut")
        + name('<namePart>West, Matthew,</namePart><namePart type="date">1953-</namePart>')
        + name("<namePart>Sridharan, Kumar.</namePart>")
        + name(
            '<namePart type="family">King</namePart><namePart type="given">Martin</namePart>'
            '<namePart type="given">L.</namePart><namePart type="termsOfAddress">Jr.</namePart>'
        )
        + name("<namePart>UN</namePart><namePart>Assembly</namePart>", kind="corporate")
        + name("<namePart>Roe, R.</namePart>", "edt")
        + name("<namePart>Poe, E. A.</namePart>", "rcp")
        + name("<namePart>Elsevier</namePart>", "pbl", "corporate")
        + name("<namePart></namePart>")
    )
    assert found.author == (
        Name("Alleman", "Tillie Pierce"),
        Name("West", "Matthew"),
        Name("Sridharan", "Kumar"),
        Name("King", "Martin L.", "Jr."),
        Name(literal="UN: Assembly"),
    )
    assert found.editor == (Name("Roe", "R."),)
    assert found.recipient == (Name("Poe", "E. A."),)
    assert [(extra.name, extra.value) for extra in found.extra] == [
        ("name pbl", "Elsevier"),
        ("name/namePart", "Alleman, Tillie Pierce [1848-1914]"),
        ("name/namePart", "1953-"),
    ]


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ("<dateIssued>c1999</dateIssued><dateIssued encoding='marc'>1999</dateIssued>", Date(1999)),
        ("<dateIssued>[2001]</dateIssued>", Date(2001)),
        ("<dateIssued encoding='w3cdtf'>2003-05</dateIssued>", Date(2003, 5)),
        ("<dateIssued encoding='iso8601'>20030517</dateIssued>", Date(2003, 5, 17)),
        ("<dateCreated>1955</dateCreated><copyrightDate>2003</copyrightDate>", Date(2003)),
        (
            "<dateIssued point='start'>1990</dateIssued><dateIssued point='end'>1995</dateIssued>",
            Date(1990, end=Date(1995)),
        ),
        ("<dateIssued qualifier='approximate'>1850</dateIssued>", Date(1850, circa=True)),
    ],
)
def test_dates(dates: str, issued: Date) -> None:
    assert one(f"<originInfo>{dates}</originInfo>").issued == issued


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<genre authority="marcgt">bibliography</genre>', "book"),
        ('<genre authority="local">bookSection</genre><genre>book</genre>', "chapter"),
        ("<typeOfResource>cartographic</typeOfResource>", "map"),
        ('<relatedItem type="host"><genre>periodical</genre></relatedItem>', "article-journal"),
        ('<relatedItem type="host"><genre>book</genre></relatedItem>', "chapter"),
        (
            '<relatedItem type="host"><originInfo><issuance>continuing</issuance></originInfo>'
            "</relatedItem>",
            "article-journal",
        ),
        ('<relatedItem type="host"><titleInfo><title>x</title></titleInfo></relatedItem>',
         "chapter"),
        ("<physicalDescription><internetMediaType>text/html</internetMediaType>"
         "</physicalDescription>", "webpage"),
        ("<genre>Doctoral Thesis</genre>", "thesis"),
        ("", "document"),
    ],
)  # fmt: skip
def test_types(body: str, kind: str) -> None:
    assert one(f"<titleInfo><title>x</title></titleInfo>{body}").type == kind


def test_series_extent_and_the_rest() -> None:
    found = one(
        "<genre>book</genre><physicalDescription><extent>vii, 322 p. : ill. ; 23 cm.</extent>"
        '</physicalDescription><relatedItem type="series"><titleInfo><title>Ser</title>'
        "<partNumber>7</partNumber></titleInfo></relatedItem>"
        '<identifier type="isbn">0-8014-8639-4 (pbk.)</identifier>'
        '<identifier type="isbn">9999</identifier><identifier type="oclc">42</identifier>'
        '<relatedItem type="constituent"><titleInfo><title>Part</title></titleInfo></relatedItem>'
        '<location><url>http://a.example/ 1</url><url usage="primary display">http://b.example'
        "</url></location><extension><x>y</x></extension>"
    )
    assert (found.number_of_pages, found.collection_title, found.collection_number) == (
        "322", "Ser", "7",
    )  # fmt: skip
    assert (found.ISBN, found.URL) == (("0801486394", "9999"), "http://b.example")
    assert extras(found) == {
        "physicalDescription/extent": "vii, 322 p. : ill. ; 23 cm.",
        "identifier": "0-8014-8639-4 (pbk.)",
        "identifier oclc": "42",
        "relatedItem constituent": '<relatedItem type="constituent"><titleInfo><title>Part</title>'
        "</titleInfo></relatedItem>",
        "location/url": "http://a.example/ 1",
        "extension": "<extension><x>y</x></extension>",
    }


def test_it_is_recognised_by_what_it_holds() -> None:
    assert (
        importer.recognise(Sample("x", (DATA / "library-of-congress.xml").read_text("utf-8"))) > 0.9
    )
    assert importer.recognise(Sample("x.mods", "<xml><records/></xml>")) == 0
    assert importer.recognise(Sample("x.mods", "mods")) == 0


LEAVES = """
    titleInfo/title titleInfo/subTitle name/namePart name/affiliation name/description
    name/role/roleTerm genre originInfo/place/placeTerm originInfo/publisher originInfo/dateIssued
    originInfo/dateValid originInfo/edition originInfo/frequency physicalDescription/note abstract
    tableOfContents note subject/topic subject/name/namePart classification identifier
    location/physicalLocation location/holdingSimple/note accessCondition part/detail/caption
    part/date part/text targetAudience extension/x
"""


@pytest.mark.parametrize("around", ["{}", "host", "series", "preceding"])
def test_no_element_is_lost(around: str) -> None:
    for path in LEAVES.split():
        names = path.split("/")
        start, end = ("".join(f"<{mark}{name}>" for name in order)
                      for mark, order in (("", names), ("/", names[::-1])))  # fmt: skip
        body = f"{start}Alone{end}{start}Again{end}"
        if around != "{}":
            body = (
                f'<relatedItem type="{around}"><titleInfo><title>H</title></titleInfo>{body}'
                "</relatedItem>"
            )
        said = repr(one(f"<titleInfo><title>T</title></titleInfo>{body}"))
        assert "Alone" in said, path
        assert "Again" in said, path


def test_a_language_and_an_isbn_in_other_forms() -> None:
    found = one(
        "<titleInfo><title>T</title></titleInfo><language>Dansk</language>"
        '<identifier type="isbn">0-8014-8639-4</identifier>'
    )
    assert (found.language, found.ISBN, found.extra) == ("Dansk", ("0801486394",), ())
