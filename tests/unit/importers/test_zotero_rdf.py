"""Zotero RDF, and other bibliographies in RDF/XML."""

from __future__ import annotations

import gzip
import io

import pytest

from refman.importers.zotero_rdf import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.corpus import corpus
from tests.growth import assert_grows_linearly
from tests.unit.importers.reading import extras

HEAD = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:vcard="http://nwalsh.com/rdf/vCard#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:schema="https://schema.org/"
 xmlns:bibo="http://purl.org/ontology/bibo/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
"""
ARTICLE = """    <bib:Article rdf:about="https://example.org/a">
        <z:itemType>journalArticle</z:itemType>
        <dcterms:isPartOf rdf:resource="urn:issn:0168-6496"/>
        <bib:authors><rdf:Seq>
            <rdf:li><foaf:Person><foaf:surname>Roe</foaf:surname>
                <foaf:givenName>Jane</foaf:givenName></foaf:Person></rdf:li>
            <rdf:li><foaf:Person><foaf:surname>World Bank</foaf:surname></foaf:Person></rdf:li>
        </rdf:Seq></bib:authors>
        <z:translators><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Poe</foaf:surname>
            <foaf:givenname>E.</foaf:givenname></foaf:Person></rdf:li></rdf:Seq></z:translators>
        <dcterms:isReferencedBy rdf:resource="#item_2"/>
        <link:link rdf:resource="#item_3"/>
        <dc:subject><z:AutomaticTag><rdf:value>Mice</rdf:value></z:AutomaticTag></dc:subject>
        <dc:subject>mine</dc:subject>
        <dc:subject><dcterms:LCC><rdf:value>QA76</rdf:value></dcterms:LCC></dc:subject>
        <dc:title>On &lt;i&gt;E. coli&lt;/i&gt;</dc:title>
        <dcterms:abstract>Said.</dcterms:abstract>
        <dc:date>2020-05-01</dc:date>
        <z:libraryCatalog>Cat</z:libraryCatalog>
        <z:language>en</z:language>
        <z:private>x</z:private>
        <dc:identifier><dcterms:URI><rdf:value>https://example.org/a</rdf:value></dcterms:URI>
        </dc:identifier>
        <dcterms:dateSubmitted>2021-01-02 10:11:12</dcterms:dateSubmitted>
        <bib:pages>1-9</bib:pages>
        <dc:description>PMID: 12345
Read me</dc:description>
    </bib:Article>
    <bib:Journal rdf:about="urn:issn:0168-6496">
        <dc:title>J of X</dc:title>
        <dcterms:alternative>JX</dcterms:alternative>
        <prism:volume>84</prism:volume>
        <prism:number>1</prism:number>
        <dc:identifier>DOI 10.5555/a</dc:identifier>
        <dc:identifier>ISSN 0168-6496</dc:identifier>
    </bib:Journal>
    <bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;A note&lt;/p&gt;</rdf:value></bib:Memo>
    <z:Attachment rdf:about="#item_3">
        <z:itemType>attachment</z:itemType>
        <rdf:resource rdf:resource="files/3/a.pdf"/>
        <dc:title>Full Text</dc:title>
    </z:Attachment>
    <z:Collection rdf:about="#collection_1"><dc:title>C</dc:title>
        <dcterms:hasPart rdf:resource="https://example.org/a"/></z:Collection>
"""


def read(body: str) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(f"{HEAD}{body}</rdf:RDF>".encode()), "x.rdf")
    return list(importer.read(source, ImportOptions()))


def one(body: str) -> Description:
    (record,) = read(body)
    assert isinstance(record, Record), record
    return record.description


def test_an_article_and_what_belongs_to_it() -> None:
    (record,) = read(ARTICLE)
    assert isinstance(record, Record)
    assert record.origin.location == "x.rdf:13"
    assert record.description == Description(
        type="article-journal",
        title="On <i>E. coli</i>",
        author=(Name("Roe", "Jane"), Name(literal="World Bank")),
        translator=(Name("Poe", "E."),),
        container_title="J of X",
        container_title_short="JX",
        issued=Date(2020, 5, 1),
        accessed=Date(2021, 1, 2),
        volume="84",
        issue="1",
        page="1-9",
        DOI="10.5555/a",
        ISSN=("0168-6496",),
        PMID="12345",
        URL="https://example.org/a",
        abstract="Said.",
        keyword=("Mice", "mine"),
        call_number="QA76",
        language="en",
        source="Cat",
        note="A note\nRead me",
        extra=(
            Extra("zotero-rdf", "z:private", "x"),
            Extra("zotero-rdf", "link:link", "Full Text ; files/3/a.pdf"),
        ),
    )


def test_a_chapter_in_a_book_of_a_series() -> None:
    found = one(
        '<bib:BookSection rdf:about="#item_1"><z:itemType>bookSection</z:itemType>'
        "<dcterms:isPartOf><bib:Book><dcterms:isPartOf><bib:Series><dc:title>Ser</dc:title>"
        "<dc:identifier>7</dc:identifier></bib:Series></dcterms:isPartOf>"
        "<dc:title>The Book</dc:title><prism:volume>3</prism:volume>"
        "<dc:identifier>ISBN 978-1-119-01107-1</dc:identifier></bib:Book></dcterms:isPartOf>"
        "<dc:publisher><foaf:Organization><vcard:adr><vcard:Address><vcard:locality>Oxford"
        "</vcard:locality></vcard:Address></vcard:adr><foaf:name>Wiley</foaf:name>"
        "</foaf:Organization></dc:publisher><dc:title>Chapter</dc:title>"
        "<prism:edition>2</prism:edition></bib:BookSection>"
    )
    assert (found.type, found.title, found.container_title) == ("chapter", "Chapter", "The Book")
    assert (found.collection_title, found.collection_number) == ("Ser", "7")
    assert (found.publisher, found.publisher_place) == ("Wiley", "Oxford")
    assert (found.volume, found.edition, found.ISBN) == ("3", "2", ("9781119011071",))


def test_magazines_and_newspapers_by_what_they_are_in() -> None:
    def kind(container: str) -> str | None:
        return one(
            f'<bib:Article rdf:about="#i"><dcterms:isPartOf><bib:{container}><dc:title>M</dc:title>'
            f"</bib:{container}></dcterms:isPartOf><dc:title>T</dc:title></bib:Article>"
        ).type

    assert kind("Journal") == "article-journal"
    assert kind("Periodical") == "article-magazine"
    assert kind("Newspaper") == "article-newspaper"


def test_fields_that_only_zotero_has() -> None:
    found = one(
        '<bib:Thesis rdf:about="#i"><z:itemType>thesis</z:itemType><dc:title>T</dc:title>'
        "<z:numPages>200</z:numPages><dc:type>PhD</dc:type><z:archive>A</z:archive>"
        "<z:citationKey>roe2020</z:citationKey></bib:Thesis>"
    )
    assert (found.number_of_pages, found.genre, found.archive) == ("200", "PhD", "A")
    (record,) = read(
        '<bib:Book rdf:about="#i"><z:itemType>book</z:itemType><dc:title>T</dc:title>'
        "<dc:description>Citation Key: roe2020</dc:description></bib:Book>"
    )
    assert isinstance(record, Record)
    assert (record.description.type, record.citation_key) == ("book", "roe2020")


def test_schema_org() -> None:
    found = one(
        '<schema:ScholarlyArticle rdf:nodeID="N1"><schema:pageStart>360</schema:pageStart>'
        '<schema:isPartOf rdf:resource="#issue"/><schema:about>Catalog</schema:about>'
        "<schema:pageEnd>368</schema:pageEnd><schema:author>Roe, Richard P.</schema:author>"
        '<schema:name>Title</schema:name><schema:sameAs rdf:resource="http://dx.doi.org/10.5555/s"/>'
        '</schema:ScholarlyArticle><schema:PublicationIssue rdf:about="#issue"><schema:isPartOf>'
        '<schema:Periodical rdf:about="#p"><schema:volumeNumber>50</schema:volumeNumber>'
        "<schema:publisher>T&amp;F</schema:publisher><schema:issn>0168-6496</schema:issn>"
        "<schema:name>CCQ</schema:name></schema:Periodical></schema:isPartOf>"
        "<schema:issueNumber>5</schema:issueNumber><schema:datePublished>2012"
        "</schema:datePublished></schema:PublicationIssue>"
    )
    assert (found.type, found.title, found.container_title) == ("article-journal", "Title", "CCQ")
    assert (found.volume, found.issue, found.page) == ("50", "5", "360-368")
    assert (found.DOI, found.issued, found.publisher) == ("10.5555/s", Date(2012), "T&F")
    assert (found.author, found.keyword) == ((Name("Roe", "Richard P."),), ("Catalog",))


def test_bibo_and_dublin_core() -> None:
    found = one(
        '<rdf:Description rdf:about="https://example.org/x" bibo:doi="10.5555/x">'
        '<rdf:type rdf:resource="http://purl.org/ontology/bibo/Thesis"/>'
        '<dcterms:title xml:lang="en">T</dcterms:title><dcterms:creator rdf:parseType="Resource">'
        "<foaf:name>Jane Roe</foaf:name></dcterms:creator><dcterms:issued>1999</dcterms:issued>"
        "<dcterms:odd>y</dcterms:odd></rdf:Description>"
    )
    assert (found.type, found.title, found.DOI) == ("thesis", "T", "10.5555/x")
    assert (found.author, found.issued) == ((Name("Roe", "Jane"),), Date(1999))
    assert (found.URL, found.extra) == (
        "https://example.org/x", (Extra("zotero-rdf", "dcterms:odd", "y"),),
    )  # fmt: skip


def test_notes_and_files_of_their_own_are_documents() -> None:
    note, file = read(
        '<bib:Memo rdf:about="#item_1"><rdf:value>Mine</rdf:value></bib:Memo>'
        '<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>'
        "<dc:title>A file</dc:title></z:Attachment>"
    )
    assert isinstance(note, Record)
    assert isinstance(file, Record)
    assert (note.description.type, note.description.note) == ("document", "Mine")
    assert (file.description.type, file.description.title) == ("document", "A file")


def test_nodes_that_name_each_other_are_no_endless_loop() -> None:
    found = one(
        '<bib:Article rdf:about="#a"><dc:title>T</dc:title><dcterms:isPartOf rdf:resource="#b"/>'
        '</bib:Article><bib:Journal rdf:about="#b"><dc:title>J</dc:title>'
        '<dcterms:isPartOf rdf:resource="#b"/></bib:Journal>'
    )
    assert (found.title, found.container_title) == ("T", "J")


def test_after_a_fault_nothing_is_read_but_what_came_before_is() -> None:
    record, problem = reversed(read('<bib:Book rdf:about="#a"><dc:title>T</dc:title></bib:Book>'
                                    "\n<bib:Book><dc:title></bib:Book>"))  # fmt: skip
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert problem.line == 14


def test_it_is_recognised_by_what_it_holds() -> None:
    assert importer.recognise(Sample("x", HEAD)) > 0.9
    assert importer.recognise(Sample("x", '<rdf:RDF xmlns:dc="http://purl.org/dc/terms/">')) == 0.8
    assert importer.recognise(Sample("x.rdf", "<xml><records/></xml>")) == 0


def test_records_of_jalc_of_which_the_end_is_missing() -> None:
    raw = gzip.decompress(corpus("portals", "jalc_rdf_sample_100.xml.gz").read_bytes())
    found = list(importer.read(TextInput(io.BytesIO(raw), "x"), ImportOptions()))
    records = [one.description for one in found if isinstance(one, Record)]
    assert len(records) == raw.count(b"\n<rdf:Description ") == 93
    assert sum(isinstance(one, Problem) for one in found) == 1
    assert all(one.DOI and one.title for one in records)


@pytest.mark.parametrize(
    "path",
    """
    dcterms:dateSubmitted dc:publisher dc:publisher/foaf:Organization/foaf:name
    dcterms:isPartOf/bib:Journal/z:private dcterms:isPartOf/bib:Series/dc:title
    bib:presentedAt/bib:Conference/dc:date z:strange/rdf:Seq/rdf:li/foaf:Person/foaf:surname
    """.split(),
)
def test_what_is_read_in_part_is_kept(path: str) -> None:
    names = path.split("/")
    start = "".join(f"<{name}>" for name in names)
    end = "".join(f"</{name}>" for name in reversed(names))
    (record,) = read(
        "<bib:Article><z:itemType>journalArticle</z:itemType><dc:title>T</dc:title>"
        f"{start}Alone{end}{start}Again{end}</bib:Article>"
    )
    assert isinstance(record, Record)
    assert "Alone" in repr(record.description)
    assert "Again" in repr(record.description)


def test_other_works_that_are_named_are_no_part_of_this_one() -> None:
    found = read(
        '<bib:Article rdf:about="#a"><z:itemType>journalArticle</z:itemType><dc:title>T</dc:title>'
        '<dc:relation rdf:resource="#b"/></bib:Article>'
        '<bib:Article rdf:about="#b"><z:itemType>journalArticle</z:itemType><dc:title>Other'
        "</dc:title></bib:Article>"
    )
    assert len(found) == 2
    assert isinstance(found[0], Record)
    assert extras(found[0].description) == {"dc:relation": "Other"}


def test_many_people_take_time_in_proportion() -> None:
    def people(count: int) -> None:
        creators = "".join(f"<dc:creator>A{number}, B</dc:creator>" for number in range(count))
        read(f"<bib:Article><dc:title>T</dc:title>{creators}</bib:Article>")

    assert_grows_linearly(people, 500)
