"""CSL-JSON as the agencies give it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.citeproc import description_from_citeproc
from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Extra, Name
from tests.unit.crosswalk.damage import damaged

CROSSREF: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "csl-json" / "crossref.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
DATACITE: dict[str, Any] = {
    "type": "article-journal",
    "id": "https://doi.org/10.48550/arxiv.1902.02534",
    "categories": ["Digital Libraries (cs.DL)", "FOS: Computer and information sciences"],
    "author": [{"family": "Heibi", "given": "Ivan"}, {"literal": "(:Unav)"}],
    "issued": {"date-parts": [[2019]]},
    "abstract": "<p>We analyse &amp; propose.</p><p>More.</p>",
    "DOI": "10.48550/ARXIV.1902.02534",
    "publisher": "arXiv",
    "title": "Crowdsourcing open citations with <i>CROCI</i> &lt;3",
    "copyright": "Creative Commons Attribution 4.0 International",
    "version": "2",
    "URL": "https://arxiv.org/abs/1902.02534",
}
MEDRA: dict[str, Any] = {
    "type": "article-journal",
    "title": ["SECOND WORLD WAR, COMMUNISM &amp; POST-COMMUNISM IN ALBANIA"],
    "author": [{"family": "Muner", "given": "Paolo"}, {"name": "Example Group"}],
    "issued": {"date-parts": [["2014", "01"]]},
    "ISSN": ["20793715", "23091088"],
    "DOI": "10.7336/academicus.2014.09.05",
    "URL": "http://dx.doi.org/10.7336/academicus.2014.09.05",
    "container-title": "Academicus",
    "volume": 9,
    "page": "69-78",
    "publisher": "(:unav)",
    "x-private": {"a": 1},
}


def described(item: dict[str, Any], agency: str | None) -> Description:
    return description_from_citeproc(item, agency).description


@pytest.mark.parametrize("item", CROSSREF, ids=lambda item: str(item["DOI"]))
def test_crossref_gives_its_own_record(item: dict[str, Any]) -> None:
    mapped = description_from_citeproc(item, "Crossref")
    own = description_from_message(item)
    assert mapped.description.extra == (*own.description.extra, Extra("doi", "agency", "Crossref"))
    assert mapped.description.title == own.description.title
    assert mapped.guessed == own.guessed
    assert described(item, None) == own.description


def test_datacite() -> None:
    mapped = description_from_citeproc(DATACITE, "DataCite")
    assert mapped.guessed == frozenset()
    assert mapped.description == Description(
        type="article",
        genre="Preprint",
        title="Crowdsourcing open citations with <i>CROCI</i> <3",
        author=(Name("Heibi", "Ivan"),),
        issued=Date(2019),
        publisher="arXiv",
        DOI="10.48550/ARXIV.1902.02534",
        arXiv="1902.02534",
        URL="https://arxiv.org/abs/1902.02534",
        abstract="We analyse & propose.\n\nMore.",
        keyword=("Digital Libraries (cs.DL)",),
        version="2",
        extra=(
            Extra("doi", "copyright", "Creative Commons Attribution 4.0 International"),
            Extra("doi", "agency", "DataCite"),
        ),
    )


def test_medra() -> None:
    mapped = description_from_citeproc(MEDRA, "mEDRA")
    assert mapped.guessed == {"title", "type"}
    assert mapped.verbatim == (
        ("title", "SECOND WORLD WAR, COMMUNISM & POST-COMMUNISM IN ALBANIA"),
    )
    assert mapped.description == Description(
        type="article-journal",
        title="Second World War, communism & post-communism in Albania",
        author=(Name("Muner", "Paolo"), Name(literal="Example Group")),
        container_title="Academicus",
        issued=Date(2014, 1),
        volume="9",
        page="69-78",
        DOI="10.7336/academicus.2014.09.05",
        ISSN=("2079-3715", "2309-1088"),
        extra=(Extra("doi", "x-private", '{"a":1}'), Extra("doi", "agency", "mEDRA")),
    )


def test_a_licence_that_is_an_address() -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    found = described({"title": "X", "copyright": licence}, None)
    assert found.license == licence
    assert found.extra == ()


def test_a_title_that_is_the_doi_is_none() -> None:
    assert described({"title": "10.5555/X", "DOI": "10.5555/x"}, "JaLC").title is None


def test_texts_out_of_all_proportion() -> None:
    found = described(
        {"title": "Real", "abstract": "x " * 200_000, "note": "y" * 300_000}, "X" * 999
    )
    assert (found.abstract, found.note) == (None, None)
    assert [len(extra.value) for extra in found.extra] == [100]


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([DATACITE, MEDRA, *CROSSREF]),
    st.sampled_from(["JaLC", "Crossref", None]),
    st.randoms(use_true_random=False),
)
def test_a_damaged_item_still_maps(
    item: dict[str, Any], agency: str | None, random: Random
) -> None:
    changed = damaged(item, random)
    if isinstance(changed, dict):
        mapped = description_from_citeproc(changed, agency)
        assert {name for name, _ in mapped.verbatim} <= mapped.guessed
