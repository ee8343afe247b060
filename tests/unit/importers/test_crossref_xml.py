"""Crossref's XML: UNIXREF, UNIXSD, and the answers of the query service."""

from __future__ import annotations

import pytest

from refman.importers.crossref_xml import importer
from refman.model import Date, Description, Name, Record, Relation, Update
from refman.ports import Problem, Sample
from tests.unit.importers.reading import extras, reader

PERSON = (
    '<person_name contributor_role="{role}" sequence="first"><given_name>{given}</given_name>'
    "<surname>{family}</surname></person_name>"
)
DATA = "<doi_data><doi>10.5555/{0}</doi><resource>https://example.org/{0}</resource></doi_data>"
DAY = (
    '<publication_date media_type="online"><month>12</month><day>10</day><year>2012</year>'
    '</publication_date><publication_date media_type="print"><month>04</month><year>2013</year>'
    "</publication_date>"
)


def people(**roles: str) -> str:
    """`author="Jane Roe"` and the like as contributors."""
    listed = (
        PERSON.format(role=role, given=name.split()[0], family=name.split()[1])
        for role, name in roles.items()
    )
    return f"<contributors>{''.join(listed)}</contributors>"


def titled(title: str, subtitle: str = "") -> str:
    more = f"<subtitle>{subtitle}</subtitle>" if subtitle else ""
    return f"<titles><title>{title}</title>{more}</titles>"


read = reader(importer, "x.xml", recase_titles=False)


def one(record: str) -> Description:
    (found,) = read(
        '<?xml version="1.0"?>\n<doi_records xmlns="http://www.crossref.org/xschema/1.1">\n'
        f"<doi_record><crossref>{record}</crossref></doi_record></doi_records>"
    )
    assert isinstance(found, Record), found
    assert found.origin.location == "x.xml:3"
    return found.description


def test_an_article() -> None:
    found = one(
        '<journal><journal_metadata language="en"><full_title>J of X</full_title>'
        "<abbrev_title>JX</abbrev_title><issn media_type='electronic'>1574-6941</issn>"
        "<issn>01686496</issn></journal_metadata><journal_issue><journal_volume><volume>84</volume>"
        "</journal_volume><issue>1</issue></journal_issue><journal_article>"
        f"{titled('On <i>E. coli</i> and CO<sub>2</sub>', 'a study')}{people(author='Jane Roe')}"
        "<abstract xmlns='http://www.ncbi.nlm.nih.gov/JATS1'><p>One.</p><p>Two.</p></abstract>"
        f"{DAY}<pages><first_page>60</first_page><last_page>74</last_page></pages>"
        "<publisher_item><item_number item_number_type='article_number'>e12</item_number>"
        "<identifier id_type='pii'>X1</identifier></publisher_item>"
        "<program name='fundref'><assertion name='funder_name'>NSF"
        "<assertion name='funder_identifier'>"
        "10.13039/1</assertion></assertion></program>"
        "<program><license_ref applies_to='vor'>https://creativecommons.org/licenses/by/4.0/"
        f"</license_ref></program>{DATA.format('a')}<citation_list><citation key='1'/>"
        "</citation_list></journal_article></journal>"
    )
    assert found == Description(
        type="article-journal",
        title="On <i>E. coli</i> and CO<sub>2</sub>: a study",
        author=(Name("Roe", "Jane"),),
        container_title="J of X",
        container_title_short="JX",
        issued=Date(2013, 4),
        published_print=Date(2013, 4),
        published_online=Date(2012, 12, 10),
        volume="84",
        issue="1",
        page="60-74",
        number="e12",
        DOI="10.5555/a",
        URL="https://example.org/a",
        ISSN=("0168-6496", "1574-6941"),
        language="en",
        license="https://creativecommons.org/licenses/by/4.0/",
        abstract="One.\n\nTwo.",
        extra=found.extra,
    )
    assert extras(found) == {
        "funder": '[{"name":"NSF"}]',
        "identifier": '["pii X1"]',
        "journal_article/program/assertion/assertion": "10.13039/1",
    }


def test_a_chapter_has_the_editors_of_its_book_and_a_series() -> None:
    found = one(
        '<book book_type="edited_book"><book_series_metadata language="en"><series_metadata>'
        f"{titled('Lecture Notes')}{people(editor='Sam Poe')}<issn>0168-6496</issn>"
        f"<series_number>9</series_number></series_metadata>{people(editor='Jan Bulck')}"
        f"{titled('The Book', 'and More')}<volume>3</volume><edition_number>2</edition_number>"
        f"{DAY}<isbn media_type='print'>9781119011071</isbn><publisher><publisher_name>Wiley"
        "</publisher_name><publisher_place>Oxford</publisher_place></publisher>"
        '</book_series_metadata><content_item component_type="chapter">'
        f"{people(author='Jane Roe')}{titled('Chapter')}<component_number>4</component_number>"
        f"<pages><first_page>1</first_page><last_page>9</last_page></pages>{DATA.format('c')}"
        "</content_item></book>"
    )
    assert (found.type, found.title) == ("chapter", "Chapter")
    assert (found.container_title, found.collection_title) == (
        "The Book: and More",
        "Lecture Notes",
    )
    assert (found.editor, found.collection_editor) == (
        (Name("Bulck", "Jan"),), (Name("Poe", "Sam"),),
    )  # fmt: skip
    assert (found.collection_number, found.volume, found.edition) == ("9", "3", "2")
    assert (found.chapter_number, found.page) == ("4", "1-9")
    assert (found.publisher, found.publisher_place) == ("Wiley", "Oxford")
    assert (found.ISBN, found.DOI, found.issued) == (
        ("9781119011071",), "10.5555/c", Date(2013, 4),
    )  # fmt: skip


def test_a_book() -> None:
    found = one(
        f'<book book_type="monograph"><book_metadata>{people(author="Jane Roe")}{titled("B")}{DAY}'
        f"<isbn>9781119011071</isbn><publisher><publisher_name>W</publisher_name></publisher>"
        f"{DATA.format('b')}</book_metadata></book>"
    )
    assert (found.type, found.title, found.publisher) == ("book", "B", "W")
    assert extras(found)["type"] == '"monograph"'


def test_a_paper_of_a_conference() -> None:
    found = one(
        "<conference><event_metadata><conference_name>17th Conf</conference_name>"
        "<conference_location>Oslo</conference_location><conference_date start_year='2017' "
        "start_month='2' start_day='5' end_year='2017' end_month='2' end_day='9'>Feb"
        "</conference_date></event_metadata><proceedings_metadata><proceedings_title>Proc"
        "</proceedings_title><publisher><publisher_name>IEEE</publisher_name></publisher>"
        f"<isbn>9781119011071</isbn></proceedings_metadata><conference_paper>{titled('P')}"
        f"{people(author='Jane Roe')}{DAY}{DATA.format('p')}</conference_paper></conference>"
    )
    assert (found.type, found.container_title, found.event_title) == (
        "paper-conference", "Proc", "17th Conf",
    )  # fmt: skip
    assert (found.event_place, found.publisher) == ("Oslo", "IEEE")
    assert found.event_date == Date(2017, 2, 5, end=Date(2017, 2, 9))


def test_a_thesis_and_a_report() -> None:
    thesis = one(
        f"<dissertation>{people(author='Jane Roe')}{titled('T')}<approval_date><year>1999</year>"
        "</approval_date><institution><institution_name>U of X</institution_name>"
        "<institution_place>Xtown</institution_place></institution><degree>PhD</degree>"
        f"{DATA.format('t')}</dissertation>"
    )
    assert (thesis.type, thesis.publisher, thesis.publisher_place, thesis.genre, thesis.issued) == (
        "thesis", "U of X", "Xtown", "PhD", Date(1999),
    )  # fmt: skip
    report = one(
        "<report-paper><report-paper_series_metadata><series_metadata>"
        f"{titled('Working Papers')}</series_metadata>{titled('R')}<volume>12</volume>{DAY}"
        "<publisher><publisher_name>OECD</publisher_name></publisher>"
        f"{DATA.format('r')}</report-paper_series_metadata></report-paper>"
    )
    assert (report.type, report.collection_title, report.number, report.publisher) == (
        "report", "Working Papers", "12", "OECD",
    )  # fmt: skip


def test_a_standard_and_a_dataset() -> None:
    standard = one(
        f"<standard><standard_metadata>{titled('S')}<designators><as_published><std_designator>"
        "ISO 1</std_designator></as_published></designators><approval_date><year>2001</year>"
        "</approval_date><standards_body><standards_body_name>ISO</standards_body_name>"
        f"</standards_body>{DATA.format('s')}</standard_metadata></standard>"
    )
    assert (standard.type, standard.number, standard.authority, standard.issued) == (
        "standard", "ISO 1", "ISO", Date(2001),
    )  # fmt: skip
    dataset = one(
        f"<database><database_metadata>{people(author='Jane Roe')}{titled('Base')}<institution>"
        "<institution_name>Inst</institution_name></institution></database_metadata>"
        f"<dataset dataset_type='record'>{titled('D')}<database_date><publication_date>"
        "<year>2003</year></publication_date></database_date><description>Said.</description>"
        f"{DATA.format('d')}</dataset></database>"
    )
    assert (dataset.type, dataset.container_title, dataset.publisher, dataset.issued) == (
        "dataset", "Base", "Inst", Date(2003),
    )  # fmt: skip
    assert (dataset.author, dataset.abstract) == ((Name("Roe", "Jane"),), "Said.")


def test_posted_content() -> None:
    preprint = one(
        "<posted_content type='preprint'><group_title>OSF</group_title>"
        f"{people(author='Jane Roe')}{titled('P')}<posted_date><month>07</month><day>03</day>"
        "<year>2018</year></posted_date><program name='relations'><related_item>"
        "<intra_work_relation relationship-type='isPreprintOf' identifier-type='doi'>10.5555/z"
        f"</intra_work_relation></related_item></program>{DATA.format('o')}</posted_content>"
    )
    assert (preprint.type, preprint.publisher, preprint.issued) == (
        "article", "OSF", Date(2018, 7, 3),
    )  # fmt: skip
    assert preprint.relations == (Relation("is-preprint-of", "10.5555/z"),)
    blog = one(
        "<posted_content type='other'><group_title>Social</group_title>"
        f"{titled('B')}<institution><institution_name>QDR Blog</institution_name></institution>"
        f"<posted_date><year>2023</year></posted_date>{DATA.format('q')}</posted_content>"
    )
    assert (blog.type, blog.container_title) == ("post-weblog", "QDR Blog")


def test_a_review_and_a_retraction() -> None:
    review = one(
        f"<peer_review type='referee-report' stage='pre-publication'>{titled('Rev')}<review_date>"
        f"<year>2019</year></review_date>{DATA.format('v')}</peer_review>"
    )
    assert (review.type, review.genre, review.issued) == ("review", "Referee report", Date(2019))
    retracted = one(
        "<journal><journal_article><titles><title>R</title></titles><crossmark><updates>"
        '<update type="retraction" date="2020-01-02">10.5555/k</update></updates></crossmark>'
        f"{DATA.format('k')}</journal_article></journal>"
    )
    assert retracted.updates == (Update("retraction", "10.5555/k", Date(2020, 1, 2)),)


def test_unixsd_has_the_publisher_beside_the_record() -> None:
    (found, unresolved) = read(
        '<crossref_result xmlns="http://www.crossref.org/qrschema/3.0"><query_result><body>\n'
        '<query status="resolved"><doi type="journal_article">10.5555/a</doi>'
        '<crm-item name="publisher-name" type="string">OUP</crm-item><doi_record>'
        f'<crossref xmlns="urn:x"><journal><journal_article>{titled("A")}{DATA.format("a")}'
        "</journal_article></journal></crossref></doi_record></query>\n"
        '<query status="unresolved"><doi>10.5555/no</doi></query></body></query_result>'
        "</crossref_result>"
    )
    assert isinstance(found, Record)
    assert (found.description.title, found.description.publisher) == ("A", "OUP")
    assert isinstance(unresolved, Problem)
    assert (unresolved.line, unresolved.reason) == (
        3, "Crossref did not know the work that was asked for",
    )  # fmt: skip


def test_answers_of_the_query_service() -> None:
    (found,) = read(
        '<crossref_result><query_result><body><query key="1" status="resolved">'
        '<doi type="journal_article">10.5555/a</doi><issn type="print">01686496</issn>'
        "<journal_title>J of X</journal_title><contributors><contributor sequence='first'>"
        "<given_name>Jane</given_name><surname>Roe</surname></contributor></contributors>"
        "<volume>3</volume><issue>2</issue><first_page>7</first_page><year>1999</year>"
        "<article_title>A</article_title></query></body></query_result></crossref_result>"
    )
    assert isinstance(found, Record)
    assert found.description == Description(
        type="article-journal", title="A", author=(Name("Roe", "Jane"),), container_title="J of X",
        volume="3", issue="2", page="7", issued=Date(1999), ISSN=("0168-6496",), DOI="10.5555/a",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<crossref><error>No DOI found.</error></crossref>", "Crossref says: No DOI found."),
        ("<crossref/>", "no record of a work"),
        ("<crossref><journal/></crossref>", "a record that says nothing"),
    ],
)
def test_what_has_no_work_in_it_is_a_problem(body: str, reason: str) -> None:
    (found,) = read(f"<doi_records><doi_record>{body}</doi_record></doi_records>")
    assert isinstance(found, Problem)
    assert found.reason == reason


def test_it_is_recognised_by_what_it_holds() -> None:
    text = '<doi_records><doi_record owner="10.1"><crossref><journal/></crossref></doi_record>'
    assert importer.recognise(Sample("x", text)) > 0.9
    assert importer.recognise(Sample("x.xml", "<xml><records/></xml>")) == 0


def test_what_is_not_read_is_kept_but_other_works_are_not() -> None:
    found = one(
        "<conference><event_metadata><conference_name>C</conference_name>"
        "<conference_sponsor>Sponsor</conference_sponsor></event_metadata>"
        "<proceedings_metadata><proceedings_title>P</proceedings_title></proceedings_metadata>"
        f"<conference_paper>{titled('T')}<program><assertion>Award</assertion></program>"
        f"{DATA.format('a')}<citation_list><citation>Cited</citation></citation_list>"
        f"</conference_paper><conference_paper>{titled('Other')}</conference_paper></conference>"
    )
    assert extras(found)["event_metadata/conference_sponsor"] == "Sponsor"
    assert extras(found)["conference_paper/program/assertion"] == "Award"
    assert "Cited" not in repr(found)
    assert "Other" not in repr(found)
