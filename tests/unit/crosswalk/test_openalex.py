"""OpenAlex's works: only what others lack, and bounded."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.openalex import MAX_WORDS, abstract_from_index, description_from_work
from refman.model import Date, Description, Update, stated
from tests.unit.crosswalk.damage import damaged

WORKS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "openalex" / "works.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
BY_ID = {work["id"].rpartition("/")[2]: work for work in WORKS}
GIVEN = {"DOI", "title", "issued", "PMID", "PMCID", "language", "abstract", "updates", "extra"}


def kept(description: Description) -> dict[str, str]:
    assert {extra.format for extra in description.extra} <= {"openalex"}
    return {extra.name: extra.value for extra in description.extra}


@pytest.mark.parametrize("number", BY_ID)
def test_every_work_maps(number: str) -> None:
    mapped = description_from_work(BY_ID[number])
    fields = {name for name, _ in stated(mapped.description)}
    assert fields <= GIVEN
    # A registry's word on these stands, whatever it is.
    assert mapped.guessed == fields & {"abstract", "issued", "language", "title"}
    assert kept(mapped.description)["id"] == number


def test_golden() -> None:
    mapped = description_from_work(BY_ID["W1775749144"])
    description = mapped.description
    assert description.DOI == "10.1016/s0021-9258(19)52451-6"
    assert description.PMID == "14907713"
    assert description.title == "Protein measurement with the Folin phenol reagent"
    assert mapped.verbatim == (("title", "PROTEIN MEASUREMENT WITH THE FOLIN PHENOL REAGENT"),)
    assert description.issued == Date(1951)
    assert description.abstract is not None
    assert description.abstract.startswith("Since 1922 when Wu proposed the use of the Folin")
    assert kept(description) == {
        "id": "W1775749144",
        "open_access_url": "https://doi.org/10.1016/s0021-9258(19)52451-6",
        "open_access_status": "hybrid",
        "open_access_version": "publishedVersion",
        "open_access_license": "cc-by",
    }
    assert description.updates == ()


def test_a_closed_work_has_no_address() -> None:
    extra = kept(description_from_work(BY_ID["W2800740883"]).description)
    assert extra == {"id": "W2800740883", "open_access_status": "closed"}


def test_a_retracted_work() -> None:
    description = description_from_work({"is_retracted": True}).description
    assert description.updates == (Update("retraction", source="openalex", label="Retraction"),)
    assert description.retraction is not None
    assert description_from_work({"is_retracted": "yes"}).description.updates == ()


@pytest.mark.parametrize(
    ("ids", "pmid", "pmcid"),
    [
        ({"pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/3521234"}, None, "PMC3521234"),
        ({"pmcid": "PMC3521234"}, None, "PMC3521234"),
        ({"pmid": "https://pubmed.ncbi.nlm.nih.gov/23572122"}, "23572122", None),
        ({"pmid": 23572122}, "23572122", None),
        ({"pmid": "x", "pmcid": "y" * 10_000}, None, None),
        ([], None, None),
    ],
)
def test_identifiers(ids: object, pmid: str | None, pmcid: str | None) -> None:
    description = description_from_work({"ids": ids}).description
    found = (description.PMID, description.PMCID)
    assert found == (pmid, pmcid)


def test_abstracts() -> None:
    index = {"cat": [1, 4], "The": [0], "saw": [2], "a": [3], "bad": ["x", -1, True, None], "no": 7}
    assert abstract_from_index(index) == "The cat saw a cat"
    assert abstract_from_index({"far": [10**9], "near": [3]}) == "near far"
    assert abstract_from_index({"Abstract": [0], "Background:": [1], "x": [2]}) == "Background: x"
    empty: list[object] = [None, {}, [], "text", {"": []}]
    for nothing in empty:
        assert abstract_from_index(nothing) is None


def test_an_index_out_of_all_proportion_is_no_abstract() -> None:
    assert abstract_from_index({"w": list(range(MAX_WORDS + 1))}) is None
    assert abstract_from_index({"x" * 400: list(range(1_000))}) is None
    assert abstract_from_index({"x" * 501: [0]}) is None


words = st.lists(st.from_regex(r"[b-z]{1,9}", fullmatch=True), min_size=2, max_size=60)


@settings(max_examples=60, deadline=None)
@given(words)
def test_an_abstract_comes_back_as_it_was(text: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(text):
        index.setdefault(word, []).append(place)
    found = abstract_from_index(index)
    assert found is not None
    whole = " ".join(text)
    assert found == whole


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WORKS), st.randoms(use_true_random=False))
def test_a_damaged_work_still_maps(work: dict[str, Any], random: Random) -> None:
    changed = damaged(work, random)
    if isinstance(changed, dict):
        mapped = description_from_work(changed)
        assert {name for name, _ in stated(mapped.description)} <= GIVEN
