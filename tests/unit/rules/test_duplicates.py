"""Which works are one, and what groups they make."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from refman.model import Date, Description, Name, Relation
from refman.rules.duplicates import Comparison, Kind, Pair, block_keys, compare, grouped
from tests.strategies import descriptions

PAPER = Description(
    type="article-journal",
    title="Commitment in virtual teams: a study of forty firms",
    author=(Name("Powell", "Anne L."), Name("Adji", "Iwan")),
    container_title="Journal of Decision Systems",
    issued=Date(2020),
    volume="3",
    page="566-582",
)
COPY = replace(PAPER, author=(Name("Powell", "A."), Name("Adji", "I.")), volume=None, page=None)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Kind.SAME),
        ({"container_title": "J. Decis. Syst."}, Kind.SAME),
        ({"title": "COMMITMENT IN VIRTUAL TEAMS : A STUDY OF FORTY FIRMS."}, Kind.SAME),
        ({"title": "Commitment in virtual teams"}, Kind.LIKELY),
        ({"title": "Committment in virtual teams: study of forty firms"}, Kind.SAME),
        ({"issued": Date(2021), "page": "1-17"}, Kind.SAME),
        ({"container_title": "Workshop on Teams"}, Kind.DIFFERENT),
        ({"issued": Date(2024)}, Kind.DIFFERENT),
        ({"title": "A proposed study on commitment in virtual teams"}, Kind.DIFFERENT),
        ({"title": "Reply to: commitment in virtual teams"}, Kind.DIFFERENT),
        ({"author": (Name("Stahl", "B."),)}, Kind.DIFFERENT),
        ({"title": "Editorial", "page": "3"}, Kind.DIFFERENT),
        ({"title": "Commitment", "volume": "3", "page": "566", "author": ()}, Kind.SAME),
        # A year that is wrong, another name for the book, the title in another language.
        ({"issued": Date(2007), "volume": "3", "page": "566-82"}, Kind.LIKELY),
        ({"container_title": "Lecture Notes in Computer Science"}, Kind.LIKELY),
        ({"container_title": "Journalof Decision Systerns"}, Kind.LIKELY),
        ({"title": "Engagement = Commitment in virtual teams: a study of forty firms"}, Kind.SAME),
        (
            {"title": "Engagement dans les équipes", "volume": "3", "page": "566-82"},
            Kind.LIKELY,
        ),
        ({"title": "Comm1tment in virtua1 tearns: a study of fortv firms"}, Kind.LIKELY),
        # A talk printed in a supplement, notices about the paper, another subtitle a year later.
        ({"issued": Date(2019), "issue": "Suppl 2", "page": "S12"}, Kind.DIFFERENT),
        ({"title": f"{PAPER.title} (vol 3, pg 566, 2020)"}, Kind.DIFFERENT),
        ({"title": f"Author Correction: {PAPER.title}"}, Kind.DIFFERENT),
        ({"title": "Commitment in virtual teams", "issued": Date(2021)}, Kind.DIFFERENT),
    ],
)
def test_a_paper_and_what_may_be_it(changes: dict[str, object], kind: Kind) -> None:
    other = replace(COPY, **changes)  # type: ignore[arg-type]
    assert compare(PAPER, other).kind is compare(other, PAPER).kind is kind
    if kind in (Kind.SAME, Kind.LIKELY):
        assert block_keys(PAPER) & block_keys(other)


def test_different_dois_keep_apart_unless_they_count_versions() -> None:
    a = replace(PAPER, DOI="10.1002/14651858.CD002273.pub2")
    assert compare(a, replace(COPY, DOI="10.1002/14651858.cd002273.PUB2")).kind is Kind.SAME
    assert compare(a, replace(COPY, DOI="10.1002/14651858.CD002273.pub3")).kind is Kind.LIKELY
    assert compare(a, replace(COPY, DOI="10.1002/14651858.CD002274.pub2")).kind is Kind.DIFFERENT


def test_what_many_bear_as_a_title_tells_no_two_apart() -> None:
    front = replace(COPY, title=PAPER.container_title, author=())
    assert compare(front, replace(front, issue="2")).kind is Kind.DIFFERENT
    plate = Description(type="dataset", title="GBIF Occurrence Download", issued=Date(2015))
    assert compare(plate, replace(plate, author=(Name("Gbif"),))).kind is Kind.DIFFERENT


def test_a_paper_of_a_conference_may_be_called_a_book() -> None:
    paper = replace(COPY, type="paper-conference", container_title="CHI 2020")
    book = replace(COPY, type="book", container_title=None)
    assert compare(paper, book).kind is Kind.LIKELY
    assert compare(replace(paper, type="chapter"), book).kind is Kind.DIFFERENT
    assert compare(replace(paper, container_title=PAPER.title), book).kind is Kind.DIFFERENT


def test_issues_are_compared_by_their_numbers() -> None:
    one = replace(COPY, issue="1-2", container_title="PLoS ONE")
    for issue, kind in (("1-2, SI", Kind.SAME), ("2", Kind.SAME), ("4", Kind.DIFFERENT)):
        assert compare(one, replace(one, issue=issue)).kind is kind


def test_the_chapters_of_a_book_share_its_doi() -> None:
    one = Description(type="chapter", title="Mosses of the north", DOI="10.1000/book")
    other = Description(type="chapter", title="Ferns and their kin", DOI="10.1000/book")
    assert compare(one, other).kind is Kind.DIFFERENT


def test_a_preprint_and_what_was_published_are_two_works() -> None:
    preprint = replace(COPY, type="article", container_title=None, DOI="10.48550/arXiv.2001.00001")
    assert compare(preprint, PAPER).kind is compare(PAPER, preprint).kind is Kind.VERSIONS
    other = Description(
        type="article",
        title="Another title",
        relations=(Relation("is-preprint-of", "10.1000/PAPER"),),
    )
    assert compare(other, replace(PAPER, DOI="10.1000/paper")).kind is Kind.VERSIONS


@settings(max_examples=60, deadline=None)
@given(descriptions(), descriptions())
def test_it_is_the_same_from_both_sides(a: Description, b: Description) -> None:
    assert compare(a, b) == compare(b, a)


def _pairs(scores: dict[tuple[int, int], float]) -> list[Pair]:
    return [
        Pair(a, b, Comparison(Kind.SAME if score == 1 else Kind.LIKELY, score))
        for (a, b), score in scores.items()
    ]


def _never(a: int, b: int) -> Comparison:
    return Comparison(Kind.DIFFERENT, 0.0)


def test_groups_are_of_those_that_are_all_alike() -> None:
    groups, _ = grouped(_pairs({(1, 2): 1.0, (2, 3): 0.9, (1, 3): 0.8, (5, 7): 1.0}), _never)
    assert [(group.works, group.score) for group in groups] == [((1, 2, 3), 0.8), ((5, 7), 1.0)]


def test_a_likely_link_gives_way_to_a_certain_one() -> None:
    groups, _ = grouped(_pairs({(1, 2): 1.0, (2, 3): 0.9}), _never)
    assert [group.works for group in groups] == [(1, 2)]


def test_who_is_like_two_that_are_not_alike_belongs_to_neither() -> None:
    groups, _ = grouped(_pairs({(1, 2): 1.0, (2, 3): 1.0}), _never)
    assert groups == []


def test_two_that_never_met_are_compared() -> None:
    asked = []

    def compare_ids(a: int, b: int) -> Comparison:
        asked.append((a, b))
        return Comparison(Kind.SAME, 1.0)

    groups, _ = grouped(_pairs({(1, 2): 1.0, (2, 3): 1.0}), compare_ids)
    assert [group.works for group in groups] == [(1, 2, 3)]
    assert asked == [(1, 3)]


@example({(3, 5): 0.8, (1, 3): 0.8, (1, 4): 0.8, (3, 4): 1.0, (1, 5): 1.0})
@given(
    st.dictionaries(
        st.sampled_from(list(combinations(range(1, 7), 2))), st.sampled_from([0.8, 0.9, 1.0])
    )
)
def test_no_work_is_in_two_groups_and_no_two_unlike_in_one(
    scores: dict[tuple[int, int], float],
) -> None:
    groups, _ = grouped(_pairs(scores), _never)
    members = [work for group in groups for work in group.works]
    assert len(members) == len(set(members))
    for group in groups:
        assert all(pair in scores for pair in combinations(group.works, 2))


def test_too_little_to_tell_does_not_tear_a_group() -> None:
    def open_(_a: int, _b: int) -> Comparison:
        return Comparison(Kind.DIFFERENT, 0.75)

    groups, _ = grouped(_pairs({(1, 2): 1.0, (2, 3): 1.0}), open_)
    assert [group.works for group in groups] == [(1, 2, 3)]
