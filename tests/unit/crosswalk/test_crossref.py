"""The mapping of Crossref's work records: the whole record, field by field."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.crossref import description_from_message, is_deleted, record_from_message
from refman.crosswalk.crossref_fields import ADMINISTRATIVE, MAPPED
from refman.crosswalk.crossref_values import says_something
from refman.model import Date, Description, Extra, Name, Origin, OriginKind, Relation

WORKS = Path(__file__).parents[2] / "data" / "crossref" / "works.jsonl"
MESSAGES: list[dict[str, Any]] = [
    json.loads(line) for line in WORKS.read_text(encoding="utf-8").splitlines()
]
BY_DOI = {message["DOI"]: message for message in MESSAGES}

# What a field of the record must show in; None where it may only add to what others say.
SHOWN_IN: dict[str, tuple[str, ...]] = {
    "DOI": ("DOI",),
    "ISBN": ("ISBN",),
    "ISSN": ("ISSN",),
    "abstract": ("abstract",),
    "approved": ("issued",),
    "article-number": ("number",),
    "author": ("author",),
    "chair": ("chair",),
    "container-title": ("container_title", "collection_title"),
    "container-title-short": ("container_title_short",),
    "degree": ("genre",),
    "edition-number": ("edition",),
    "editor": ("editor",),
    "event": ("event_title", "event_place", "event_date"),
    "group-title": ("container_title",),
    "institution": ("publisher", "container_title"),
    "issue": ("issue",),
    "issued": ("issued",),
    "journal-issue": ("issue", "published_print", "published_online"),
    "language": ("language",),
    "license": ("license",),
    "original-title": ("original_title", "title"),
    "page": ("page",),
    "posted": ("issued",),
    "published-online": ("published_online",),
    "published-other": ("issued",),
    "published-print": ("published_print",),
    "publisher": ("publisher",),
    "publisher-location": ("publisher_place",),
    "relation": ("relations",),
    "review": ("genre",),
    "short-container-title": ("container_title_short", "container_title", "collection_title"),
    "short-title": ("title_short", "title"),
    "standards-body": ("authority",),
    "subject": ("keyword",),
    "subtitle": ("title",),
    "subtype": ("type", "genre"),
    "title": ("title",),
    "translator": ("translator",),
    "type": ("type",),
    "update-to": ("updates",),
    "updated-by": ("updates",),
    "version": ("version",),
    "volume": ("volume",),
}


def _name(entry: dict[str, Any]) -> tuple[Any, ...]:
    return entry.get("family"), entry.get("given"), entry.get("name")


def describe(**fields: Any) -> Description:
    message = {"DOI": "10.5555/x", "type": "journal-article"}
    message.update({key.replace("_", "-"): value for key, value in fields.items()})
    return description_from_message(message).description


def extra_of(description: Description, name: str) -> Any:
    return next((json.loads(e.value) for e in description.extra if e.name == name), None)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["DOI"])
def test_every_field_of_a_real_record_is_mapped_or_kept(message: dict[str, Any]) -> None:
    description = description_from_message(message).description
    kept = {extra.name for extra in description.extra}
    for key, value in message.items():
        if key in ADMINISTRATIVE or key in kept or not says_something(value):
            continue
        if key == "URL":
            assert value.lower().endswith(message["DOI"].lower())
        elif key == "link":
            assert {link["intended-application"] for link in value} == {"similarity-checking"}
        else:
            assert key in MAPPED, f"{key} is not known"
            assert any(getattr(description, field) for field in SHOWN_IN[key]), key


def test_the_three_classes_of_fields_do_not_overlap() -> None:
    assert not ADMINISTRATIVE & MAPPED
    assert set(SHOWN_IN) <= MAPPED


def test_every_known_field_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "enrichment.md").read_text(encoding="utf-8")
    assert [key for key in sorted(MAPPED | ADMINISTRATIVE) if f"`{key}`" not in text] == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["DOI"])
def test_the_words_of_a_real_record_are_all_there(message: dict[str, Any]) -> None:
    description = description_from_message(message).description
    if message.get("title"):
        assert description.title
        assert "&lt;" not in description.title
        assert "\n" not in description.title
    names = [a for a in message.get("author", []) if a.get("family") or a.get("name")]
    # Names in a row that are the same are listed once.
    assert len(description.author) == len([name for name, _ in groupby(names, _name)])
    assert message["DOI"] == description.DOI


def test_a_record_carries_what_was_guessed_and_how_it_came() -> None:
    origin = Origin(kind=OriginKind.SOURCE, name="crossref", location="10.1017/x")
    record = record_from_message(BY_DOI["10.1017/s0269964801153015"], origin)
    assert record.origin == origin
    assert record.guessed == {"title"}
    assert record.description.title == (
        "Performance analysis of a server for facsimile communication networks"
    )
    assert dict(record.verbatim)["title"].startswith("PERFORMANCE ANALYSIS")


def test_without_recasing_a_title_stays_as_it_came() -> None:
    message = BY_DOI["10.1017/s0269964801153015"]
    mapped = description_from_message(message, recase=False)
    assert mapped.description.title == (
        "PERFORMANCE ANALYSIS OF A SERVER FOR FACSIMILE COMMUNICATION NETWORKS"
    )
    assert "title" not in mapped.guessed


@pytest.mark.parametrize(
    ("kind", "subtype", "expected"),
    [
        ("journal-article", None, "article-journal"),
        ("proceedings-article", None, "paper-conference"),
        ("monograph", None, "book"),
        ("edited-book", None, "book"),
        ("book-section", None, "chapter"),
        ("reference-entry", None, "entry-encyclopedia"),
        ("proceedings", None, "book"),
        ("posted-content", "preprint", "article"),
        ("posted-content", "blog", "post-weblog"),
        ("posted-content", None, "article"),
        ("posted-content", "working_paper", "article"),
        ("dissertation", None, "thesis"),
        ("report-series", None, "report"),
        ("standard", None, "standard"),
        ("component", None, "dataset"),
        ("peer-review", None, "review"),
        ("journal-issue", None, "periodical"),
        ("grant", None, "document"),
        ("poster", None, "document"),
        ("article-journal", None, "article-journal"),
        (None, None, "document"),
        (["book"], None, "document"),
    ],
)
def test_types(kind: Any, subtype: Any, expected: str) -> None:
    assert describe(type=kind, subtype=subtype).type == expected


def test_a_type_that_says_more_than_csl_is_kept() -> None:
    assert extra_of(describe(type="monograph"), "type") == "monograph"
    assert extra_of(describe(type="poster"), "type") == "poster"
    assert extra_of(describe(type="journal-article"), "type") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date-parts": [[2021, 8, 15]]}, Date(2021, 8, 15)),
        ({"date-parts": [[2021, 8]]}, Date(2021, 8)),
        ({"date-parts": [[2021]]}, Date(2021)),
        ({"date-parts": [["2021", "8"]]}, Date(2021, 8)),
        ({"date-parts": [[2021, None]]}, Date(2021)),
        ({"date-parts": [[2021, 2, 31]]}, Date(2021, 2)),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[]]}, None),
        ({"date-parts": []}, None),
        ({"date-parts": None}, None),
        ({"date-parts": [[0, 0, 0]]}, None),
        ({"date-parts": [[True]]}, None),
        ({}, None),
        ([], None),
        (None, None),
        ("2021", None),
    ],
)
def test_dates(value: Any, expected: Date | None) -> None:
    assert describe(issued=value).issued == expected


def test_the_date_of_issue_falls_back_on_the_others() -> None:
    null = {"date-parts": [[None]]}
    posted = describe(issued=null, posted={"date-parts": [[2020, 12, 1]]})
    assert posted.issued == Date(2020, 12, 1)
    assert extra_of(posted, "posted") is None
    both = describe(
        issued={"date-parts": [[2020, 1]]},
        published_print={"date-parts": [[2020, 3]]},
        published_online={"date-parts": [[2020, 1]]},
        accepted={"date-parts": [[2019, 12]]},
        posted={"date-parts": [[2019, 6]]},
    )
    assert (both.issued, both.published_print) == (Date(2020, 1), Date(2020, 3))
    assert both.published_online == Date(2020, 1)
    assert extra_of(both, "accepted") == {"date-parts": [[2019, 12]]}
    assert extra_of(both, "posted") == {"date-parts": [[2019, 6]]}
    assert describe(issued={"date-parts": [[99999]]}).extra[0].name == "issued"
    assert describe(published={"date-parts": [[2001]]}).issued == Date(2001)


def test_identifiers_are_validated_deduplicated_and_ordered() -> None:
    description = describe(
        ISSN=["1476-4687", "00280836", "1476-4687"],
        issn_type=[
            {"value": "1476-4687", "type": "electronic"},
            {"value": "0028-0836", "type": "print"},
        ],
        ISBN=["http://id.crossref.org/isbn/9780470748343", "978-0-470-97936-5", "123"],
        isbn_type=[{"value": "9780470979365", "type": "electronic"}],
    )
    assert description.ISSN == ("0028-0836", "1476-4687")
    assert description.ISBN == ("9780470979365", "9780470748343", "123")
    assert describe(ISSN=["9789-6713"]).ISSN == ("9789-6713",)


def test_a_doi_is_kept_to_the_letter() -> None:
    sici = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    assert sici == describe(DOI=sici).DOI
    assert describe(DOI="10.5555/a&amp;b<i:j>").DOI == "10.5555/a&amp;b<i:j>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("270-273", "270-273"),
        ("1–16", "1-16"),
        ("1 \u2010 16", "1-16"),
        ("S12-S15", "S12-S15"),
        ("e123", "e123"),
        ("4-7, 9", "4-7, 9"),
        ("n/a-n/a", None),
        ("no-no", None),
        (405, "405"),
    ],
)
def test_pages(page: Any, expected: str | None) -> None:
    assert describe(page=page).page == expected


def test_an_article_number_is_the_number() -> None:
    assert describe(page="405", article_number="107382").number == "107382"
    pii = describe(article_number="S0269964801153015")
    assert pii.number is None
    assert extra_of(pii, "article-number") == "S0269964801153015"


def test_the_resolver_is_no_address_and_the_landing_page_is_kept() -> None:
    landing = {"primary": {"URL": "https://example.org/a?b=1&copy=2"}}
    description = describe(URL="http://dx.doi.org/10.5555/x", resource=landing)
    assert description.URL is None
    assert extra_of(description, "resource") == landing
    assert describe(URL="https://example.org/x").URL == "https://example.org/x"
    assert describe(URL="javascript:alert(1)").URL is None


def test_the_license_of_the_published_version_comes_first() -> None:
    tdm = {"URL": "https://example.org/tdm", "content-version": "tdm", "delay-in-days": 0}
    vor = {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}
    description = describe(license=[tdm, vor])
    assert description.license == vor["URL"]
    assert extra_of(description, "license") == [tdm, vor]
    assert extra_of(describe(license=[vor]), "license") is None


def test_who_issued_a_thesis_and_where_a_preprint_is() -> None:
    thesis = description_from_message(BY_DOI["10.14264/uql.2020.791"]).description
    assert thesis.publisher == "The University of Queensland"
    assert thesis.genre == "PhD Thesis"
    assert extra_of(thesis, "publisher") == "University of Queensland Library"
    preprint = description_from_message(BY_DOI["10.1101/2020.12.01.406702"]).description
    assert (preprint.publisher, preprint.genre) == ("bioRxiv", "Preprint")
    blog = description_from_message(BY_DOI["10.54900/rckn8ey-1fm76va-qsrnf"]).description
    assert (blog.container_title, blog.publisher) == ("Upstream", "Front Matter")
    standard = description_from_message(BY_DOI["10.3403/30181941"]).description
    assert standard.authority == "BSI British Standards"
    assert standard.issued == Date(2010, 8, 31)


def test_an_event() -> None:
    paper = description_from_message(BY_DOI["10.23919/acc50511.2021.9482829"]).description
    assert paper.event_title == "2021 American Control Conference (ACC)"
    assert paper.event_place == "New Orleans, LA, USA"
    assert paper.event_date == Date(2021, 5, 25, end=Date(2021, 5, 28))


def test_abstracts_lose_their_jats() -> None:
    abstract = (
        "<jats:title>Abstract</jats:title>\n   <jats:sec>\n<jats:title>Aim</jats:title>\n"
        "      <jats:p>To see <jats:italic>E. coli</jats:italic>.</jats:p></jats:sec>"
    )
    assert describe(abstract=abstract).abstract == "Aim: To see E. coli."


def test_abstracts_lose_mathml_and_entities_that_were_escaped_twice() -> None:
    abstract = (
        "<jats:p>For <jats:inline-formula><mml:math><mml:msub><mml:mi>x</mml:mi><mml:mn>2"
        "</mml:mn></mml:msub></mml:math></jats:inline-formula> &amp;lt; 5, R&amp;amp;D and "
        "&lt;i&gt;E. coli&lt;/i&gt; grow.</jats:p>"
    )
    assert describe(abstract=abstract).abstract == "For x2 < 5, R&D and E. coli grow."


def test_mojibake_is_repaired_as_a_guess() -> None:
    """The names as the record of 10.1111/j.1574-6941.1993.tb00013.x has them."""
    mapped = description_from_message(
        {
            "title": ["Biofilms as major sources of Legionella spp."],
            "author": [
                {"given": "Gina", "family": "MarrÃ£o"},
                {"given": "AntÃ³nio", "family": "VerÃ\xadssimo"},
            ],
            "container-title": ["FEMS Microbiology Ecology"],
        }
    )
    assert mapped.description.author == (Name("Marrão", "Gina"), Name("Veríssimo", "António"))
    assert mapped.guessed == {"author"}
    assert dict(mapped.verbatim)["author"].startswith("MarrÃ£o, Gina; ")


def test_mojibake_of_titles_keeps_the_text_as_it_came() -> None:
    mapped = description_from_message(
        {
            "type": "journal-article",
            "title": ["Die RÃ¶ntgendiagnostik"],
            "subtitle": ["Ãœbersicht"],
            "publisher": "AkadÃ©miai",
            "abstract": "<jats:p>Ã\x81 la carte</jats:p>",
        }
    )
    assert mapped.description.title == "Die Röntgendiagnostik: Übersicht"
    assert mapped.description.publisher == "Akadémiai"
    assert mapped.description.abstract == "Á la carte"
    assert mapped.guessed == {"title", "publisher", "abstract"}
    assert dict(mapped.verbatim)["title"] == "Die RÃ¶ntgendiagnostik: Ãœbersicht"


def test_a_letter_that_was_lost_is_not_made_up() -> None:
    mapped = description_from_message(
        {"title": ["Plastics \ufffd Polyamides"], "author": [{"family": "M\ufffdller"}]}
    )
    assert mapped.description.title == "Plastics \ufffd Polyamides"
    assert mapped.description.author == (Name("M\ufffdller"),)
    assert mapped.guessed == frozenset()


@pytest.mark.parametrize("nothing", [[[None]], [[]], [], None, [[0]], [["None"]]])
def test_a_date_that_is_not_known_is_none(nothing: Any) -> None:
    description = describe(
        issued={"date-parts": nothing}, published_print={"date-parts": [[2003, 5]]}
    )
    assert description.issued == Date(2003, 5)
    assert describe(issued={"date-parts": nothing}).issued is None


def test_dates_in_print_and_online_are_both_kept() -> None:
    description = describe(
        issued={"date-parts": [[2020, 12, 28]]},
        published_online={"date-parts": [[2020, 12, 28]]},
        published_print={"date-parts": [[2021, 3]]},
    )
    assert description.issued == description.published_online == Date(2020, 12, 28)
    assert description.published_print == Date(2021, 3)


def test_counts_and_what_has_no_field_are_kept() -> None:
    description = describe(
        is_referenced_by_count=0,
        references_count=26,
        funder=[{"name": "Welch Foundation", "award": ["A-1423"]}],
        something_new={"b": [1, 2]},
        free_to_read={},
        special_numbering="Supplement",
        content_created={"date-parts": [[2015, 11, 11]]},
        archive=["Portico"],
    )
    assert Extra("crossref", "is-referenced-by-count", "0") in description.extra
    assert Extra("crossref", "references-count", "26") in description.extra
    assert Extra("crossref", "something-new", '{"b":[1,2]}') in description.extra
    assert extra_of(description, "funder") == [{"name": "Welch Foundation", "award": ["A-1423"]}]
    assert extra_of(description, "archive") == ["Portico"]
    assert extra_of(description, "free-to-read") is None
    assert extra_of(description, "content-created") is None
    assert description.archive is None


def test_relations() -> None:
    relation = {
        "is-preprint-of": [
            {"id": "10.1029/2020JG005891", "id-type": "doi", "asserted-by": "subject"},
            {"id": "10.1029/2020JG005891", "id-type": "doi", "asserted-by": "object"},
        ],
        "is-part-of": [{"id": "2749-9952", "id-type": "issn"}],
        "cites": [],
    }
    assert describe(relation=relation).relations == (
        Relation("is-preprint-of", "10.1029/2020JG005891"),
        Relation("is-part-of", "2749-9952", "issn"),
    )


def test_deleted_dois() -> None:
    listing = ["CrossRef Listing of Deleted DOIs"]
    address = {"primary": {"URL": "http://www.crossref.org/deleted_DOI.html"}}
    assert is_deleted({"container-title": listing, "title": ["10.1007/BF00293751"]})
    assert is_deleted({"title": listing})
    assert is_deleted({"container-title": ["Feddes Repertorium"], "resource": address})
    assert not any(map(is_deleted, MESSAGES))
    assert not is_deleted({"resource": {"primary": None}, "title": None})


def test_content_negotiated_csl_json_maps_too() -> None:
    description = describe(
        title="Some title", container_title="A Journal", container_title_short="J", subtitle=[]
    )
    assert description.title == "Some title"
    assert (description.container_title, description.container_title_short) == ("A Journal", "J")


def test_control_characters_and_surrogates_go() -> None:
    description = describe(
        title=["A\x00 \x1b[31mred\ud800 title"], publisher="P\x07", funder="\udfff\x01"
    )
    assert description.title == "A [31mred title"
    assert description.publisher == "P"
    for extra in description.extra:
        extra.value.encode()
        assert extra.value.isprintable()


def test_texts_out_of_all_proportion_are_in_the_payload_only() -> None:
    endless = "x " * 200_000
    described = describe(title=["Real"], abstract=endless, publisher=endless, subject=[endless])
    assert described.title == "Real"
    assert (described.abstract, described.publisher, described.keyword) == (None, None, ())
    assert described.extra == ()


def test_values_out_of_all_proportion() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    description = describe(deep=deep, long="x" * 300_000, type="other")
    assert not {extra.name for extra in description.extra} & {"deep", "long"}
    many = {f"key-{number}": 1 for number in range(10_000)}
    assert len(describe(**many).extra) == 500
    authors = [{"family": f"A{number}", "given": "B"} for number in range(5_000)]
    assert describe(author=authors).author[-1] == Name("A4999", "B")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["date-parts", "name", "family", "given", "id", "URL", "DOI", "type", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(MAPPED | ADMINISTRATIVE)), json_values, max_size=8))
def test_no_record_is_too_strange(message: dict[str, Any]) -> None:
    mapped = description_from_message(message)
    assert mapped.description.type
    is_deleted(message)
    for name, text in mapped.verbatim:
        assert name in mapped.guessed
        assert text


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MESSAGES), st.data())
def test_a_damaged_record_still_maps(message: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(message)))
    damaged = {**message, key: data.draw(json_values)}
    assert description_from_message(damaged).description.type
