"""Deciding on proposals and mismatches, and taking the decisions back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import NotFoundError, UsageError
from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Extra,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Work,
)
from refman.services import importing, reviewing
from refman.services.library import Library
from refman.services.reviewing import Decision, MismatchVerdict, Verdict

NOW = "2026-11-01T12:00:00Z"
IMPORTED = Description(
    title="A study of seas", author=(Name(family="Dwi"),), DOI="10.5555/a", volume="3"
)
SAID = Description(
    title="A Study of the Seas",
    volume="3",
    issue="7",
    page="1-9",
    issued=Date(2020),
    extra=(Extra("crossref", "funder", "Somebody"),),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True, clock=lambda: NOW) as library:
        origin = Origin(kind=OriginKind.IMPORT, name="bibtex", location="refs.bib:1")
        entries = [Record(description=IMPORTED, origin=origin, citation_key="dwi")]
        policy = importing.ImportPolicy()
        list(importing.import_entries(library.store, entries, "refs.bib", policy))
        yield library


def propose(
    library: Library,
    said: Description = SAID,
    state: RecordState = RecordState.PROPOSED,
    kind: OriginKind = OriginKind.SOURCE,
    **rest: object,
) -> None:
    origin = Origin(kind=kind, name="crossref" if kind is OriginKind.SOURCE else "user",
                    location="refs.bib:1")  # fmt: skip
    record = Record(description=said, origin=origin, state=state, **rest)  # type: ignore[arg-type]
    work = library.get("dwi")
    with library.store.writing() as writer:
        writer.append(writer.change("source", "enrich", "a proposal"), [(work.id, record)])


def work_of(library: Library) -> Work:
    return library.get("dwi")


def decide(library: Library, **verdicts: Decision) -> int | None:
    found = reviewing.review(library.store, work_of(library))
    wanted = {
        (proposal.record.id or 0, proposal.field): verdicts[proposal.field]
        for proposal in found.proposals
        if proposal.field in verdicts
    }
    return reviewing.decide(library.store, found.work.id, wanted, NOW)


def open_fields(library: Library) -> dict[str, object]:
    found = reviewing.review(library.store, work_of(library))
    return {proposal.field: proposal.new for proposal in found.proposals}


def test_what_would_change_is_to_be_decided(library: Library) -> None:
    propose(library)
    found = reviewing.review(library.store, work_of(library))
    assert {p.field: p.old for p in found.proposals} == {
        "title": "A study of seas",
        "issued": None,
        "issue": None,
        "page": None,
    }
    assert {p.source for p in found.proposals} == {"crossref"}
    assert [review.work.citation_key for review in reviewing.undecided(library.store)] == ["dwi"]


def test_accepted_values_stand_rejected_ones_go_and_the_rest_waits(library: Library) -> None:
    propose(library)
    assert decide(library, title=Verdict.ACCEPT, issue=Verdict.REJECT) is not None
    description = work_of(library).description
    assert description.title == "A Study of the Seas"
    assert description.issue is None
    assert description.page is None
    assert open_fields(library) == {"page": "1-9", "issued": Date(2020)}
    assert decide(library, page=Verdict.ACCEPT, issued=Verdict.REJECT) is not None
    assert work_of(library).description.page == "1-9"
    assert work_of(library).description.extra == SAID.extra
    assert open_fields(library) == {}
    assert not list(reviewing.undecided(library.store))


def test_a_review_is_one_change_and_undone_whole(library: Library) -> None:
    propose(library)
    before = work_of(library).description
    change = decide(library, title=Verdict.ACCEPT, issue=Verdict.REJECT, page="2-8")
    assert work_of(library).description.page == "2-8"
    row = library.history()[0]
    assert row.id == change
    assert row.summary == "review of dwi: 2 accepted, 1 rejected"
    library.undo()
    assert work_of(library).description == before
    assert set(open_fields(library)) == {"title", "issue", "page", "issued"}


def test_what_is_accepted_is_the_users_word_and_names_its_source(library: Library) -> None:
    propose(library)
    decide(library, title=Verdict.ACCEPT, page="2-8", issue=Verdict.REJECT, issued=Verdict.REJECT)
    voices = {
        field: claims[0].record.origin
        for field, claims in library.claims(work_of(library)).items()
        if claims
    }
    assert voices["title"].name == "crossref"
    assert voices["title"].kind is OriginKind.USER
    assert voices["title"].location == voices["extra"].location
    assert voices["extra"].kind is OriginKind.SOURCE
    assert voices["page"].kind is OriginKind.USER
    library.edit(work_of(library), {"title": "Mine"})
    assert work_of(library).description.title == "Mine"


def test_a_source_proposes_nothing_against_the_users_word(library: Library) -> None:
    library.edit(work_of(library), {"title": "Mine"})
    propose(library)
    assert "title" not in open_fields(library)


def test_a_found_doi_that_is_accepted_is_no_guess_any_more(library: Library) -> None:
    propose(library, Description(DOI="10.5555/b"), guessed=frozenset({"DOI"}))
    decide(library, DOI=Verdict.ACCEPT)
    assert work_of(library).description.DOI == "10.5555/b"


def test_an_edit_of_a_file_may_clear_and_adds_to_unknown_fields(library: Library) -> None:
    extra = (Extra("bibtex", "shelf", "B12"),)
    said = Description(issue="8", extra=extra)
    propose(library, said, kind=OriginKind.USER, cleared=frozenset({"volume"}))
    assert open_fields(library) == {"issue": "8", "volume": None}
    found = reviewing.review(library.store, work_of(library))
    assert found.proposals[0].source == "edit in refs.bib"
    decide(library, issue=Verdict.ACCEPT, volume=Verdict.ACCEPT)
    description = work_of(library).description
    assert (description.issue, description.volume, description.extra) == ("8", None, extra)


def test_a_text_that_a_field_cannot_hold_changes_nothing(library: Library) -> None:
    propose(library)
    with pytest.raises(UsageError, match="no date"):
        decide(library, title=Verdict.ACCEPT, issued="some day")
    assert work_of(library).description == IMPORTED
    assert "title" in open_fields(library)


def test_what_was_decided_meanwhile_is_passed_over(library: Library) -> None:
    propose(library)
    found = reviewing.review(library.store, work_of(library))
    wanted: dict[tuple[int, str], Decision] = {
        (p.record.id or 0, p.field): Verdict.ACCEPT for p in found.proposals
    }
    assert reviewing.decide(library.store, found.work.id, wanted, NOW) is not None
    assert reviewing.decide(library.store, found.work.id, wanted, NOW) is None
    library.delete([found.work])
    with pytest.raises(NotFoundError):
        reviewing.decide(library.store, found.work.id, wanted, NOW)


@pytest.mark.parametrize(
    ("verdict", "doi", "page", "status"),
    [
        (MismatchVerdict.BELIEVE, "10.5555/a", "1-9", EnrichmentStatus.ENRICHED),
        (MismatchVerdict.DISMISS, "10.5555/a", None, EnrichmentStatus.UNCHANGED),
        (MismatchVerdict.DROP_DOI, None, None, EnrichmentStatus.UNCHANGED),
    ],
)
def test_a_mismatch_is_settled_and_the_decision_taken_back(
    library: Library,
    verdict: MismatchVerdict,
    doi: str | None,
    page: str | None,
    status: EnrichmentStatus,
) -> None:
    propose(library, state=RecordState.MISMATCH)
    work = work_of(library)
    with library.store.writing() as writer:
        writer.set_enrichment([work.id], EnrichmentStatus.MISMATCH)
    assert reviewing.review(library.store, work).mismatches
    assert reviewing.settle_mismatch(library.store, work.id, verdict, NOW) is not None
    after = work_of(library)
    assert (after.description.DOI, after.description.page, after.enrichment) == (doi, page, status)
    assert after.description.title == "A study of seas"
    assert reviewing.settle_mismatch(library.store, work.id, verdict, NOW) is None
    library.undo()
    assert work_of(library).description == IMPORTED
    assert work_of(library).enrichment is EnrichmentStatus.MISMATCH
    assert reviewing.review(library.store, work_of(library)).mismatches


def test_a_merge_takes_the_values_that_were_chosen_and_is_undone(library: Library) -> None:
    library.import_text("@article{other, title={Of the seas}, author={Dwi, A.}, volume={4}}")
    first, second = library.get("dwi"), library.get("other")
    assert reviewing.merged(library.store, [first, second]).title == "A study of seas"
    chosen = {"title": "Of the seas", "volume": None}
    reviewing.merge_choosing(library.store, [first, second], first, chosen, NOW)
    assert len(library) == 1
    description = library.get("other").description
    assert (description.title, description.volume) == ("Of the seas", None)
    library.undo()
    assert [library.get(key).description.title for key in ("dwi", "other")] == [
        "A study of seas",
        "Of the seas",
    ]
    with pytest.raises(UsageError):
        reviewing.merge_choosing(library.store, [first], first, {}, NOW)
