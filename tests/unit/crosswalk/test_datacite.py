"""DataCite's records as descriptions: real ones, made-up ones with the traps, and garbage."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.datacite import ADMINISTRATIVE, description_from_attributes
from refman.crosswalk.datacite_types import kind_of
from refman.crosswalk.datacite_values import arxiv_of, date, page_range, said
from refman.model import Date, Description, Name, Relation
from refman.model.vocabulary import CSL_TYPES
from tests.unit.crosswalk.damage import WRONG, damaged

FOLDER = Path(__file__).parents[2] / "data" / "datacite"
RECORDS: dict[str, dict[str, Any]] = {
    (record := json.loads(line))["id"]: record["attributes"]
    for name in ("works.jsonl", "made.jsonl")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
}


def described(doi: str) -> Description:
    return description_from_attributes(RECORDS[doi]).description


def describe(**attributes: object) -> Description:
    return description_from_attributes(attributes).description


def kept(description: Description) -> dict[str, Any]:
    assert {extra.format for extra in description.extra} <= {"datacite"}
    return {extra.name: json.loads(extra.value) for extra in description.extra}


GOLDEN: dict[str, dict[str, object]] = {
    "10.1594/pangaea.836178": {
        "type": "dataset",
        "genre": "Supplementary Dataset",
        "title": "Hydrological and meteorological investigations in a lake near Kangerlussuaq, "
        "west Greenland",
        "issued": Date(2014),
        "publisher": "PANGAEA",
        "license": "https://creativecommons.org/licenses/by/3.0/legalcode",
        "language": "en",
    },
    "10.2312/geowissenschaften.1989.7.181": {
        "type": "article-journal",
        "container_title": "Die Geowissenschaften",
        "volume": "7",
        "issue": "7",
        "page": "181-186",
        "ISSN": ("0933-0704",),
        "number_of_pages": "6",
        "author": (Name("Mossman", "David J"),),
        "issued": Date(1989, 1, 1),
    },
    "10.48550/arxiv.1902.02534": {
        "type": "article",
        "genre": "Preprint",
        "arXiv": "1902.02534",
        "publisher": "arXiv",
        "issued": Date(2019, 2),
        "submitted": Date(2019, 2, 7),
        "version": "2",
        "URL": "https://arxiv.org/abs/1902.02534",
        "keyword": ("Digital Libraries (cs.DL)",),
    },
    "10.48550/arxiv.2207.04779": {
        "type": "article",
        "arXiv": "2207.04779",
        "issued": Date(2022, 7),
    },
    "10.5281/zenodo.1196821": {
        "type": "dataset",
        "license": "https://creativecommons.org/licenses/by-sa/4.0",
        "issued": Date(2018, 3, 14),
    },
    "10.5446/57552": {"type": "motion_picture", "genre": "Conference/Talk", "language": "de"},
    "10.60872/ror": {
        "type": "document",
        "genre": "Project",
        "author": (
            Name(
                "Habermann",
                "Ted",
                ORCID="0000-0003-3585-6733",
                affiliation=("Metadata Game Changers (United States)",),
            ),
        ),
    },
    "10.7910/dvn/nj7xso": {
        "type": "dataset",
        "author": (
            Name(literal="International Genetics of Ankylosing Spondylitis Consortium (IGAS)"),
        ),
        "issued": Date(2017, 9, 30),
        "version": "1.0",
    },
    "10.5555/software": {
        "type": "software",
        "title": "exampletool: a tool for examples",
        "publisher": "Zenodo",
        "license": "https://opensource.org/licenses/MIT",
        "abstract": "A tool & its documentation.\n\nSecond.",
        "author": (
            Name(
                "Santos",
                "Maria de los",
                ORCID="0000-0002-1825-0097",
                affiliation=("Example University",),
            ),
            Name(literal="The Example Project"),
        ),
        "relations": (
            Relation("is-version-of", "10.5555/software-all"),
            Relation("is-previous-version-of", "10.5555/software2"),
            Relation("is-supplement-to", "https://example.org/tree/v1", "url"),
        ),
    },
    "10.5555/thesis": {
        "type": "thesis",
        "genre": "Doctoral Thesis",
        "title": "On the kinetics of example reactions in water",
        "author": (Name("Müller", "Anna", affiliation=("Universität Beispiel",)),),
        "DOI": "10.5555/THESIS",
        "ISBN": ("9780306406157",),
        "number_of_pages": "214",
        "keyword": ("kinetics",),
        "URL": None,
        "issued": Date(2019, 5),
    },
    "10.5555/poster": {
        "type": "speech",
        "genre": "Poster",
        "author": (),
        "title": "A poster of <i>Arabidopsis</i> & friends",
    },
    "10.5555/nobody": {
        "type": "document",
        "author": (),
        "title": None,
        "publisher": None,
        "language": None,
        "issued": None,
    },
    "10.5555/chapter": {
        "type": "chapter",
        "container_title": "A book of chapters",
        "page": "10-20",
        "volume": "2",
        "edition": "3",
        "ISBN": ("9780306406157",),
        "editor": (Name("Schmidt", "Eva"),),
        "author": (
            Name("van Beethoven", "Ludwig"),
            Name(literal="University of Example, Department of Music"),
        ),
        "issued": Date(2021),
        "URL": None,
    },
}


@pytest.mark.parametrize("doi", GOLDEN)
def test_golden(doi: str) -> None:
    description = described(doi)
    found = {field: getattr(description, field) for field in GOLDEN[doi]}
    assert found == GOLDEN[doi]


@pytest.mark.parametrize("doi", RECORDS)
def test_every_record_maps(doi: str) -> None:
    mapped = description_from_attributes(RECORDS[doi])
    description = mapped.description
    assert description.DOI is not None
    assert description.DOI.lower() == doi
    assert description.type in CSL_TYPES
    assert not set(kept(description)) & ADMINISTRATIVE
    assert {name for name, _ in mapped.verbatim} <= mapped.guessed


def test_what_is_guessed() -> None:
    thesis = description_from_attributes(RECORDS["10.5555/thesis"])
    assert thesis.guessed == {"title", "author"}
    assert dict(thesis.verbatim)["title"] == "ON THE KINETICS OF EXAMPLE REACTIONS IN WATER"
    # The word for a poster is the depositor's own, and `Text` says nothing.
    assert description_from_attributes(RECORDS["10.5555/poster"]).guessed == {"type"}
    assert description_from_attributes(RECORDS["10.48550/arxiv.2207.04779"]).guessed == frozenset()


def test_titles_in_capitals_stay_where_that_is_wanted() -> None:
    mapped = description_from_attributes(RECORDS["10.5555/thesis"], recase=False)
    assert mapped.description.title == "ON THE KINETICS OF EXAMPLE REACTIONS IN WATER"


def test_what_has_no_field_is_kept() -> None:
    software = kept(described("10.5555/software"))
    assert [entry["name"] for entry in software["creators"]] == ["Santos, Maria de los"]
    assert software["publisher"]["publisherIdentifierScheme"] == "re3data"
    assert software["dates"] == [{"date": "2023-01-01/2024-02-29", "dateType": "Collected"}]
    assert software["descriptions"][0]["descriptionType"] == "TechnicalInfo"
    assert len(software["rightsList"]) == 2
    thesis = kept(described("10.5555/thesis"))
    assert thesis["titles"][0]["titleType"] == "TranslatedTitle"
    assert thesis["contributors"][0]["contributorType"] == "Supervisor"
    assert thesis["identifiers"] == [
        {"identifier": "urn:nbn:de:example-1", "identifierType": "URN"}
    ]
    assert "sizes" not in thesis
    assert kept(described("10.5555/chapter"))["url"] == "ftp://example.org/x"
    unknown = kept(describe(doi="10.5555/x", brandNew={"a": 1}, geoLocations=[{"b": "c"}]))
    assert unknown == {"brandNew": {"a": 1}, "geoLocations": [{"b": "c"}]}


def test_references_stay_in_the_payload() -> None:
    related = [
        {"relationType": kind, "relatedIdentifier": f"10.5555/{kind}"}
        for kind in ("References", "Cites", "IsCitedBy", "IsReferencedBy", "IsPartOf")
    ]
    description = describe(relatedIdentifiers=related)
    assert description.relations == (Relation("is-part-of", "10.5555/IsPartOf"),)
    assert description.extra == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-02-07T09:22:51Z", Date(2019, 2, 7)),
        ("2011-12-04 20:47:44.135638", Date(2011, 12, 4)),
        ("1985-01-01T00:05:00/1985-01-31T23:55:00", Date(1985, 1, 1, end=Date(1985, 1, 31))),
        ("2013/2013", Date(2013)),
        ("2020-01/..", Date(2020, 1, end=Date(literal=".."))),
        ("2019/05", Date(2019, 5)),
        ("2017", Date(2017)),
        (2017, Date(2017)),
        ("0000", None),
        ("(:unav)", None),
        ("in press", None),
        ("x" * 500, None),
        (None, None),
        ([], None),
        (True, None),
    ],
)
def test_dates(text: object, expected: Date | None) -> None:
    assert date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(:unav)", None),
        ("(:Unkn) Unkn", None),
        (":null", None),
        ("(:none)", None),
        ("(:tba)", None),
        ("None of the above", "None of the above"),
        (":nullable types", ":nullable types"),
        ("", None),
    ],
)
def test_codes_for_missing_values(text: str, expected: str | None) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("general", "free", "citeproc", "in_journal", "kind", "genre"),
    [
        ("Text", "Journal Article", "article-journal", False, "article-journal", None),
        ("Text", None, "article-journal", False, "document", None),
        ("Text", None, "article-journal", True, "article-journal", None),
        ("Text", "Conference Paper", "article", False, "paper-conference", "Conference Paper"),
        ("Text", "PhD thesis", None, False, "thesis", "PhD thesis"),
        ("Text", "", "report", False, "report", None),
        ("Text", "folktale", "article-journal", False, "document", "folktale"),
        ("ConferencePaper", None, None, False, "paper-conference", None),
        ("Preprint", "Preprint", None, False, "article", "Preprint"),
        ("Poster", None, None, False, "speech", "Poster"),
        ("Instrument", None, "article", False, "document", "Instrument"),
        ("Brand New", None, "no-csl-type", False, "document", "Brand New"),
        (None, None, "dataset", False, "dataset", None),
        (None, None, "no-csl-type", False, "document", None),
    ],
)
def test_types(
    general: str | None,
    free: str | None,
    citeproc: str | None,
    in_journal: bool,
    kind: str,
    genre: str | None,
) -> None:
    found = kind_of(general, free, citeproc, in_journal)
    assert (found.type, found.genre) == (kind, genre)


def test_small_values() -> None:
    assert arxiv_of("10.48550/arXiv.hep-th/9901001") == "hep-th/9901001"
    assert arxiv_of("10.48550/arXiv.nonsense") is None
    assert arxiv_of("10.5281/zenodo.1") is None
    assert page_range({"firstPage": "7", "lastPage": "7"}) == "7"
    assert page_range({"lastPage": "9"}) == "9"


def test_values_out_of_all_proportion() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    description = describe(deep=deep, long="x" * 300_000, titles=[{"title": "y" * 300_000}])
    assert description.extra == ()
    assert description.title is None
    assert len(describe(**{f"key-{number}": 1 for number in range(10_000)}).extra) == 500
    many = [{"relationType": "IsPartOf", "relatedIdentifier": f"10.5/{i}"} for i in range(20_000)]
    assert len(describe(relatedIdentifiers=many).relations) == 10_000


def test_control_characters_go() -> None:
    description = describe(
        titles=[{"title": "A \x1b[31mred\x07 title"}],
        publisher="P\x00",
        creators=[{"name": "A\x1b, B", "nameType": "Personal"}],
        subjects=[{"subject": "w\x9bord"}],
        version="1\x00",
    )
    assert description.title == "A [31mred title"
    assert (description.publisher, description.version) == ("P", "1")
    assert description.author == (Name("A", "B"),)
    assert description.keyword == ("word",)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(RECORDS)), st.randoms(use_true_random=False))
def test_a_damaged_record_still_maps(doi: str, random: Random) -> None:
    attributes = damaged(RECORDS[doi], random)
    if not isinstance(attributes, dict):
        return
    mapped = description_from_attributes(attributes)
    assert mapped.description.type in CSL_TYPES
    for extra in mapped.description.extra:
        extra.value.encode()


@pytest.mark.parametrize("key", ["container", "relatedItems", "types", "titles", "creators"])
@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_wrong_value_in_place_of_any_other(key: str, wrong: object) -> None:
    known = RECORDS["10.5555/chapter"].get(key)
    for entry in (wrong, [wrong]):
        assert describe(**{key: entry}).type in CSL_TYPES
    first = known[0] if isinstance(known, list) else known
    assert isinstance(first, dict)
    for name in first:
        changed = {**first, name: wrong}
        assert describe(**{key: [changed] if isinstance(known, list) else changed})
