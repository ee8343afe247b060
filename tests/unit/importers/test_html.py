"""Saved web pages, by what their metadata says."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman import plugins
from refman.importers.html import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.html_page import parse_page
from refman.text.reading import TextInput
from tests.corpus import corpus
from tests.growth import assert_grows_linearly


def page(head: str, body: str = "") -> str:
    return f"<!DOCTYPE html>\n<html lang='en'><head>\n{head}</head>\n<body>{body}</body></html>\n"


def metas(**values: str | list[str]) -> str:
    return "".join(
        f'<meta name="{name.replace("__", ".")}" content="{value}">\n'
        for name, said in values.items()
        for value in (said if isinstance(said, list) else [said])
    )


def read(text: str | bytes) -> list[Record | Problem]:
    raw = text.encode() if isinstance(text, str) else text
    return list(importer.read(TextInput(io.BytesIO(raw), "x.html"), ImportOptions()))


def one(text: str | bytes) -> Record:
    (record,) = read(text)
    assert isinstance(record, Record), record
    return record


def described(text: str | bytes) -> Description:
    return one(text).description


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "html"


ARTICLE = metas(
    citation_journal_title="Mediasi: Journal of International Relations",
    citation_issn="2597-7741",
    citation_title="Migrant workers &amp; the <i>IOM</i>",
    citation_author=["Dwi, Rizkika", "Budi Santoso"],
    citation_date="2021/08/15",
    citation_volume="4",
    citation_issue="2",
    citation_firstpage="123",
    citation_lastpage="130",
    citation_doi="10.21111/mediasi.v4i2.10036",
    citation_keywords="migration; ASEAN",
    citation_abstract_html_url="https://ejournal.example.id/view/1",
    citation_pdf_url="https://ejournal.example.id/download/1",
)


def test_highwire() -> None:
    record = one(page(ARTICLE))
    assert record.description == Description(
        type="article-journal",
        title="Migrant workers & the <i>IOM</i>",
        author=(Name(family="Dwi", given="Rizkika"), Name(family="Santoso", given="Budi")),
        container_title="Mediasi: Journal of International Relations",
        issued=Date(2021, 8, 15),
        volume="4",
        issue="2",
        page="123-130",
        DOI="10.21111/mediasi.v4i2.10036",
        ISSN=("2597-7741",),
        keyword=("migration", "ASEAN"),
        URL="https://ejournal.example.id/view/1",
        extra=(Extra("html", "citation_pdf_url", "https://ejournal.example.id/download/1"),),
    )
    assert record.origin.location == "x.html:3"


def test_affiliations_and_orcids_belong_to_the_author_before_them() -> None:
    description = described(
        page(
            metas(citation_title="A")
            + metas(citation_author="B C", citation_author_institution=["U1", "U2"])
            + metas(
                citation_author="D E", citation_author_orcid="https://orcid.org/0000-0002-1825-0097"
            )
        )
    )
    assert description.author == (
        Name(family="C", given="B", affiliation=("U1", "U2")),
        Name(family="E", given="D", ORCID="0000-0002-1825-0097"),
    )


def test_several_vocabularies_make_one_record_the_first_is_believed() -> None:
    ojs = metas(
        DC__Title="Migrant workers &amp; the IOM",
        DC__Creator__PersonalName=["Rizkika Dwi", "Budi Santoso"],
        DC__Source="Mediasi; Vol 4, No 2 (2021)",
        DC__Source__ISSN="2597-7741",
        DC__Identifier__DOI="10.21111/mediasi.v4i2.10036",
        DC__Date__issued="2021-08-15",
        DC__Language="id",
        DC__Subject=["migration", "ASEAN"],
        DC__Description="What it found.",
        DC__Publisher="Universitas X",
        DC__Type__articleType="Articles",
    )
    data = {
        "@context": "https://schema.org", "@type": "ScholarlyArticle",
        "headline": "Migrant workers & the IOM", "datePublished": "2021-09-01",
        "isPartOf": {"@type": "PublicationIssue", "issueNumber": "2", "isPartOf": {
            "@type": ["PublicationVolume", "Periodical"], "volumeNumber": 4, "name": "Mediasi"}},
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    coins = (
        '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3A'
        'mtx%3Ajournal&amp;rft.atitle=Migrant+workers+%26+the+IOM&amp;rft.place=Gontor"></span>'
    )
    description = described(page(ojs + ARTICLE + script, coins))
    assert description.title == "Migrant workers & the <i>IOM</i>"
    assert description.author[0] == Name(family="Dwi", given="Rizkika")
    assert description.abstract == "What it found."
    assert description.language == "id"
    assert description.publisher == "Universitas X"
    assert description.publisher_place == "Gontor"
    assert description.issued == Date(2021, 8, 15)
    kept = {(extra.name, extra.value) for extra in description.extra}
    assert ("datePublished", "2021-09-01") in kept
    assert not any(name == "dc.creator.personalname" for name, _ in kept)


@pytest.mark.parametrize(
    ("said", "kind", "field", "value"),
    [
        (metas(citation_dissertation_institution="Universitas Indonesia"), "thesis", "publisher",
         "Universitas Indonesia"),
        (metas(citation_technical_report_institution="NBER", citation_technical_report_number="w1"),
         "report", "number", "w1"),
        (metas(citation_conference_title="Proceedings of X"), "paper-conference",
         "container_title", "Proceedings of X"),
        (metas(citation_conference_title="31st X"), "paper-conference", "event_title", "31st X"),
        (metas(citation_inbook_title="The book", citation_isbn="9781939133311"), "chapter",
         "container_title", "The book"),
        (metas(DC__type="info:eu-repo/semantics/doctoralThesis"), "thesis", "genre", None),
        (metas(citation_journal_title="J", citation_article_type="Review Article"),
         "article-journal", "container_title", "J"),
    ],
)  # fmt: skip
def test_types(said: str, kind: str, field: str, value: str | None) -> None:
    description = described(page(metas(citation_title="A title") + said))
    assert description.type == kind
    assert getattr(description, field) == value


def test_eprints_prism_and_bepress() -> None:
    eprints = described(
        page(
            metas(
                eprints__title="A",
                eprints__creators_name=["Dwi, Rizkika", "Budi, A."],
                eprints__type="article",
                eprints__publication="J",
                eprints__number="3",
                eprints__date="2019-05",
                eprints__id_number="doi:10.1000/x",
            )
        )
    )
    assert (eprints.container_title, eprints.issue, eprints.DOI) == ("J", "3", "10.1000/x")
    assert eprints.issued == Date(2019, 5)
    prism = described(
        page(
            metas(
                DC__title="A",
                prism__publicationName="J",
                prism__startingPage="1",
                prism__endingPage="9",
                prism__number="2",
                prism__issn="0009-2614",
            )
        )
    )
    assert (prism.page, prism.issue, prism.ISSN) == ("1-9", "2", ("0009-2614",))
    bepress = described(
        page(metas(bepress_citation_title="A", bepress_citation_author="Dwi, Rizkika"))
    )
    assert bepress.author == (Name(family="Dwi", given="Rizkika"),)


def test_the_open_graph_speaks_where_nothing_else_does_and_is_a_guess() -> None:
    record = one(
        page(
            '<meta property="og:title" content="A post"><meta property="og:site_name" content="X">'
            '<meta property="og:url" content="https://x.org/a"><meta property="og:type" content='
            '"article"><meta property="article:published_time" content="2020-01-02T03:04:05Z">'
        )
    )
    assert record.description.title == "A post"
    assert record.description.issued == Date(2020, 1, 2)
    assert {"title", "issued", "URL"} <= record.guessed


def test_a_summary_that_was_cut_off_is_looked_for_on_the_page() -> None:
    whole = "The curve is obtained by treating the correlation terms with care. " * 5
    head = ARTICLE + f'<meta property="og:description" content="{whole[:150]}…">'
    record = one(page(head, f"<div><h2>Abstract</h2><div id='d'><p>{whole}<i>End</i>.</p></div>"))
    assert record.description.abstract == f"{whole}End."
    assert "abstract" in record.guessed
    cut = described(page(head))
    assert cut.abstract is None
    assert any(extra.name == "og:description" for extra in cut.extra)


def test_an_abstract_in_the_language_of_the_article() -> None:
    description = described(
        page(
            metas(citation_title="A", citation_language="id")
            + '<meta name="DC.Description" xml:lang="en" content="English">'
            + '<meta name="DC.Description" xml:lang="id" content="Bahasa">'
        )
    )
    assert description.abstract == "Bahasa"
    assert Extra("html", "dc.description", "English") in description.extra


def test_an_invalid_doi_gives_way_to_a_valid_one_and_stays() -> None:
    said = metas(citation_title="A", citation_doi="ade/139")
    assert described(page(said)).DOI == "ade/139"
    both = described(page(said + metas(DC__Source="https://doi.org/10.57262/ade/139")))
    assert both.DOI == "10.57262/ade/139"


COINS = (
    "<p>1. <span class='Z3988 x' title='ctx_ver=Z39.88-2004&amp;rft_val_fmt=info:ofi/fmt:kev:mtx:"
    "journal&amp;rft.genre=article&amp;rft.atitle=First&amp;rft.jtitle=J&amp;rft.aulast=Dwi&amp;"
    "rft.aufirst=Rizkika&amp;rft.au=Rizkika+Dwi&amp;rft.au=Budi+Santoso&amp;rft.date=2020-05&amp;"
    "rft.spage=1&amp;rft.epage=9&amp;rft_id=info:doi/10.1000/a&amp;rft.odd=kept'></span></p>\n"
    "<p>2. <span class='Z3988' title='ctx_ver=Z39.88-2004&amp;rft_val_fmt=info:ofi/fmt:kev:mtx:book"
    "&amp;rft.genre=book&amp;rft.btitle=Second&amp;rft.pub=P&amp;rft.isbn=9781939133311"
    "&amp;rft.aucorp=WHO'></span></p>\n"
    "<p>3. <span class='Z3988' title='rft.genre=bookitem&amp;rft.atitle=Third&amp;"
    "rft.btitle=Whole'>"
    "</span></p>\n<p><span class='Z3988' title='ctx_ver=Z39.88-2004'></span></p>"
)


def test_a_list_of_coins_makes_a_record_of_each() -> None:
    first, second, third, problem = read(page("", COINS))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Record)
    assert first.description == Description(
        type="article-journal", title="First", container_title="J", issued=Date(2020, 5),
        page="1-9",
        author=(Name(family="Dwi", given="Rizkika"), Name(family="Santoso", given="Budi")),
        DOI="10.1000/a", extra=(Extra("html", "rft.odd", "kept"),),
    )  # fmt: skip
    assert (second.description.type, second.description.ISBN) == ("book", ("9781939133311",))
    assert second.description.author == (Name(literal="WHO"),)
    assert (third.description.type, third.description.container_title) == ("chapter", "Whole")
    assert isinstance(problem, Problem)
    assert [r.origin.location for r in (first, second, third)] == [
        "x.html:4",
        "x.html:5",
        "x.html:6",
    ]


def test_references_on_an_article_s_page_are_passed_over_and_told() -> None:
    record, remark = read(page(ARTICLE, COINS))
    assert isinstance(record, Record)
    assert record.description.volume == "4"
    assert isinstance(remark, Problem)
    assert remark.partial
    assert remark.reason == "4 references to other works on the page were passed over"


def test_json_ld() -> None:
    data = {"@graph": [
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Home"}]},
        {"@type": ["ScholarlyArticle", "Article"], "name": "A <i>title</i>",
         "author": [{"@type": "Person", "givenName": "Rizkika", "familyName": "Dwi",
                     "affiliation": {"name": "UI"}, "@id": "https://orcid.org/0000-0002-1825-0097"},
                    "Budi Santoso", {"@type": "Organization", "name": "World Health Organization"}],
         "identifier": [{"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/x"}],
         "isPartOf": {"@type": "Periodical", "name": "J", "issn": ["2597-7741"]},
         "pageStart": 5, "pageEnd": "9", "keywords": ["a", "b, c"], "inLanguage": "en",
         "publisher": {"@type": "Organization", "name": "P"}, "datePublished": "2020-05-06",
         "license": "https://creativecommons.org/licenses/by/4.0/"},
    ]}  # fmt: skip
    text = page(f'<script type="application/ld+json">\n{json.dumps(data)}</script>')
    description = described(text)
    assert description.title == "A <i>title</i>"
    assert description.author == (
        Name(
            family="Dwi", given="Rizkika", ORCID="0000-0002-1825-0097", affiliation=("UI",)
        ),
        Name(family="Santoso", given="Budi"),
        Name(literal="World Health Organization"),
    )  # fmt: skip
    assert (description.DOI, description.container_title, description.page) == (
        "10.1000/x",
        "J",
        "5-9",
    )
    assert description.ISSN == ("2597-7741",)
    assert description.keyword == ("a", "b, c")
    assert description.publisher == "P"


def test_a_page_of_google_scholar() -> None:
    def result(heading: str, line: str) -> str:
        return (
            f'<div class="gs_r"><div class="gs_ri"><h3 class="gs_rt">{heading}</h3>'
            f'<div class="gs_a">{line}</div><div class="gs_rs">Some text ...</div>'
            '<div class="gs_fl"><a>Cited by 12</a></div></div></div>\n'
        )

    body = (
        result('<span>[PDF]</span> <a href="https://x.org/1">Learning deep</a>',
               "<a>Y Bengio</a>, A Courville… - Foundations and trends®…, 2009 - x.org")
        + result('<span>[BOOK][B]</span> <a href="https://x.org/2">The book</a>',
                 "J Smith - 2011 - books.google.com")
        + result('<span>[CITATION]</span> Only cited', "B Budi - Jurnal X, 2015")
    )  # fmt: skip
    first, second, third = read(page("<title>x - Google Scholar</title>", body))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Record)
    assert first.description.title == "Learning deep"
    assert [name.display for name in first.description.author] == [
        "Y Bengio",
        "A Courville",
        "others",
    ]
    assert first.description.container_title == "Foundations and trends®…"
    assert first.description.year == 2009
    assert {"title", "author", "container_title"} <= first.guessed
    assert Extra("html", "cited-by", "12") in first.description.extra
    assert (second.description.type, second.description.year) == ("book", 2011)
    assert second.description.container_title is None
    assert (third.description.title, third.description.container_title) == (
        "Only cited",
        "Jurnal X",
    )


def test_a_page_without_works_is_a_problem() -> None:
    (problem,) = read(page("<title>Just a moment...</title>"))
    assert isinstance(problem, Problem)
    assert problem.raw == "Just a moment..."


def test_the_encoding_that_a_page_declares() -> None:
    text = page('<meta charset="iso-8859-1">' + metas(citation_title="Über é"))
    assert described(text.encode("latin-1")).title == "Über é"
    japanese = page(
        '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'
        + metas(citation_title="日本")
    )
    assert described(japanese.encode("cp932")).title == "日本"


def test_recognising() -> None:
    assert importer.recognise(Sample("x", page(ARTICLE))) == 0.9
    assert importer.recognise(Sample("x", page("<title>x</title>"))) == 0.6
    assert importer.recognise(Sample("x", COINS)) == 0.85
    assert importer.recognise(Sample("x", ARTICLE)) == 0.85
    for text in (
        "@article{a}",
        '<?xml version="1.0"?><records></records>',
        "<xml><records/></xml>",
        "",
    ):
        assert importer.recognise(Sample("x.html", text)) == 0
    garuda = page(
        "", '<div class="article-item"><a href="https://garuda.kemdikbud.go.id/documents/detail/1">'
    )
    assert plugins.recognise(Sample("x.html", garuda)).info.name == "garuda"


# Hostile


@pytest.mark.parametrize(
    ("head", "pattern"),
    [
        ("", "<div>"), ("", "<p><b><i><span class='Z3988' title='x'>"), ("", "<!--"),
        ("", "<meta name='citation_author' content='A B'>"),
        ("", "<meta name='dc.title' content='<i>'>"), ("<meta name=citation_title content='", "< "),
        ("<script type='application/ld+json'>", "["), ("", "<span class='Z3988' title='rft.au=a'>"),
        ("<meta name=citation_authors content='", "A, "), ("", "&lt;&#x41;"), ("<", "a "),
    ],
)  # fmt: skip
def test_time_grows_with_the_input(head: str, pattern: str) -> None:
    assert_grows_linearly(lambda size: read(f"<html><body>{head}{pattern * size}"), 400)


def test_deep_and_odd_pages_are_no_exception() -> None:
    deep = "[" * 3000 + "]" * 3000
    for text in (
        page(f'<script type="application/ld+json">{deep}</script>'),
        page('<script type="application/ld+json">{"@type":"Book","name":[[]],"author":1}</script>'),
        page('<script type="application/ld+json">{"@type": {"a": 1}, "name": "x"}</script>'),
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE html [<!ENTITY a "b">]><html>&a;</html>',
        "<html>\x00\x1b[31m\ud800",
    ):
        read(text.encode("utf-8", "surrogatepass"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["Book", "J"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@type", "name", "author", "isPartOf", "@graph", "inLanguage"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_JSON)
def test_any_json_ld_is_no_exception(data: object) -> None:
    read(page(f'<script type="application/ld+json">{json.dumps(data)}</script>'))


def test_every_real_page_gives_a_record_or_a_problem() -> None:
    folder = corpus("html", "papis")
    pages = sorted(folder.glob("*.html"))
    assert pages
    for path in pages:
        assert len(read(path.read_bytes())) == 1, path.name
    (record,) = read(corpus("portals", "google-scholar", "parse_test_case1.html").read_bytes())
    assert isinstance(record, Record)
    assert record.description.title == "Learning deep architectures for AI"


def test_a_volume_that_is_a_periodical_as_well_has_the_journals_name() -> None:
    data = (
        '{"@type": "ScholarlyArticle", "headline": "T", "isPartOf": {"@type": "PublicationIssue", '
        '"issueNumber": "2", "isPartOf": {"@type": ["PublicationVolume", "Periodical"], '
        '"volumeNumber": "3", "name": "J"}}}'
    )
    found = described(page(f'<script type="application/ld+json">{data}</script>'))
    assert (found.container_title, found.volume, found.issue) == ("J", "3", "2")


def test_the_names_of_an_element_come_in_order() -> None:
    tag = '<meta name="dc.subject" property="og:x" itemprop="Keywords" content="a">'
    parsed = parse_page(page(tag * 3))
    assert parsed is not None
    assert [meta.name for meta in parsed.metas] == ["dc.subject", "og:x", "keywords"] * 3


@pytest.mark.parametrize(
    ("before", "after"),
    [("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<!--", "-->"), ("", "")],
)
def test_data_may_be_wrapped_for_old_readers(before: str, after: str) -> None:
    data = '{"@type": "ScholarlyArticle", "headline": "T"}'
    script = f'<script type="application/ld+json">{before}\n{data}\n{after}</script>'
    assert described(page(script)).title == "T"
