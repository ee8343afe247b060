"""Enriching with sources of every kind of behaviour, none of them on the network."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from refman.errors import SourceError, SourceRefused, SourceUnavailable
from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
)
from refman.model.identifier import doi_key
from refman.net import Net
from refman.ports import Answer, AnswerStatus, Request, Response
from refman.services import reviewing
from refman.services.enriching import (
    EnrichItem,
    EnrichPolicy,
    Found,
    MergePolicy,
    Sources,
    ask,
)
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library
from refman.services.looking_up import look_up
from refman.services.reviewing import Verdict
from refman.store import Wanted

FOUND, NOT_FOUND, FAILED, UNREACHED = AnswerStatus

TITLE = "The effectiveness of the organization for migration"
IMPORTED = Description(
    type="article-journal",
    title=TITLE,
    author=(Name(literal="Rizkika Dwi"),),
    container_title="Mediasi",
    issued=Date(2021),
    DOI="10.1000/Work",
)
KNOWN = Description(
    type="article-journal",
    title="The Effectiveness of the Organization for Migration",
    author=(Name("Dwi", "Rizkika", ORCID="0000-0002-1825-0097"),),
    container_title="Mediasi: Journal of International Relations",
    issued=Date(2021, 12, 30),
    volume="4",
    issue="2",
    publisher="UNIDA GONTOR",
    DOI="10.1000/work",
)
OTHER = dataclasses.replace(
    KNOWN,
    title="Photosynthesis in alpine mosses under drought",
    author=(Name("Müller", "Hans"),),
    issued=Date(1987),
    container_title="Bryologist",
)


def _found(doi: str, description: Description, name: str, payload: bytes = b"{}") -> Answer:
    record = Record(
        description=description,
        origin=Origin(kind=OriginKind.SOURCE, name=name, location=doi),
    )
    return Answer(DOI=doi, status=FOUND, record=record, payload=payload)


class Shelf:
    """A local source: a mapping of DOIs, and what it does for others."""

    def __init__(
        self,
        name: str = "shelf",
        records: Mapping[str, Description] | None = None,
        *,
        otherwise: AnswerStatus | None = NOT_FOUND,
        error: Exception | None = None,
    ) -> None:
        self.name = name
        self.records = {doi_key(doi): d for doi, d in (records or {}).items()}
        self.asked: list[str] = []
        self._otherwise = otherwise
        self._error = error

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        for doi in dois:
            self.asked.append(doi)
            if doi_key(doi) in self.records:
                yield _found(doi, self.records[doi_key(doi)], self.name, doi.encode())
            elif self._otherwise is not None:
                yield Answer(DOI=doi, status=self._otherwise, reason=f"{self.name} says so")
        if self._error is not None:
            raise self._error


class Web(Shelf):
    """A source on the web, asked two DOIs at a time."""

    supplement = False

    def restore(self, doi: str, payload: bytes) -> Answer:
        return next(iter(super().lookup([doi])))

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        for i in range(0, len(dois), 2):
            yield Request(url="https://example.org/", dois=tuple(dois[i : i + 2]))

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status == 202:
            # It gives one by one what it does not give together.
            for doi in request.dois:
                yield Request(url="https://example.org/one", dois=(doi,))
            return
        yield from super().lookup(request.dois)

    lookup = None  # type: ignore[assignment]


class Wire:
    """The client: every request is answered, or fails, as it was told."""

    def __init__(self, *outcomes: int | SourceError) -> None:
        self._outcomes = list(outcomes)
        self.requests: list[Request] = []
        self.most = self._now = 0

    async def fetch(self, request: Request) -> Response:
        self.requests.append(request)
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(0.001)
        self._now -= 1
        outcome = self._outcomes.pop(0) if self._outcomes else 200
        if isinstance(outcome, SourceError):
            raise outcome
        return Response(status=outcome, headers={}, body=b"")


def _net(wire: Wire) -> Net:
    return cast(Net, wire)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        yield opened
        assert opened.store.check() == []


def _bring(library: Library, *descriptions: Description, guessed: str = "author") -> None:
    entries = [
        Record(
            description=description,
            origin=Origin(kind=OriginKind.IMPORT, name="garuda", location="x:1"),
            guessed=frozenset(guessed.split()),
            citation_key=f"k{number}",
        )
        for number, description in enumerate(descriptions)
    ]
    list(import_entries(library.store, entries, "x", ImportPolicy(enrich=True)))


def _enrich(
    library: Library,
    *sources: Any,
    net: Net | None = None,
    query: str = "",
    refresh: bool = False,
    **policy: Any,
) -> list[EnrichItem]:
    async def run() -> list[EnrichItem]:
        targets = library.targets(query, Wanted(all=refresh))
        chosen = EnrichPolicy(refresh=refresh, **policy)
        return [item async for item in library.enrich(targets, Sources(sources, net), chosen)]

    return asyncio.run(run())


# What a policy does


def test_fill_fills_what_is_empty_and_replaces_what_was_guessed(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Shelf(records={"10.1000/WORK": KNOWN}))
    assert (item.status, item.source) == (EnrichmentStatus.ENRICHED, "shelf")
    assert (item.citation_key, item.doi) == ("k0", "10.1000/Work")
    assert item.changed["volume"] == (None, "4")
    assert item.changed["issued"] == (Date(2021), Date(2021, 12, 30))
    work = library.get("k0")
    assert work.description.author == KNOWN.author, "a name that was guessed"
    assert work.description.title == TITLE, "what was read stands"
    assert work.description.container_title == "Mediasi"
    assert work.description.publisher == "UNIDA GONTOR"
    assert work.description.issued == Date(2021, 12, 30), "a bare year is made more precise"
    assert work.enrichment is EnrichmentStatus.ENRICHED
    assert work.citation_key == "k0", "enriching changes no key"


def test_prefer_source_replaces_all_but_what_the_user_wrote(library: Library) -> None:
    _bring(library, IMPORTED)
    library.edit(library.get("k0"), {"volume": "forty", "journal": "Mine"})
    [item] = _enrich(
        library,
        Shelf(records={"10.1000/work": KNOWN}),
        policy=MergePolicy.PREFER_SOURCE,
    )
    description = library.get("k0").description
    assert item.status is EnrichmentStatus.ENRICHED
    assert description.title == KNOWN.title
    assert (description.volume, description.container_title) == ("forty", "Mine")


def test_review_only_proposes(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Shelf(records={"10.1000/work": KNOWN}), policy=MergePolicy.REVIEW)
    assert item.status is EnrichmentStatus.ENRICHED
    assert item.reason is not None
    assert item.reason.startswith("proposed: ")
    assert library.get("k0").description == IMPORTED
    assert [record.state for record in library.records(library.get("k0"))] == [
        RecordState.STANDING,
        RecordState.PROPOSED,
    ]


def test_a_proposal_does_not_take_back_what_stands(library: Library) -> None:
    _bring(library, IMPORTED)
    shelf = Shelf(records={"10.1000/work": KNOWN})
    _enrich(library, shelf)
    before = library.get("k0").description
    _enrich(library, shelf, refresh=True, policy=MergePolicy.REVIEW)
    assert library.get("k0").description == before
    _enrich(library, shelf, refresh=True)
    assert library.get("k0").description == before
    states = [record.state for record in library.records(library.get("k0"))]
    assert states.count(RecordState.STANDING) == 2, "the import and the newest answer"


def test_what_was_rejected_is_proposed_again_only_when_the_source_says_otherwise(
    library: Library,
) -> None:
    _bring(library, IMPORTED)
    shelf = Shelf(records={"10.1000/work": KNOWN})
    _enrich(library, shelf, policy=MergePolicy.REVIEW)

    def fields() -> set[str]:
        return {p.field for p in reviewing.review(library.store, library.get("k0")).proposals}

    review = reviewing.review(library.store, library.get("k0"))
    wanted = {(p.record.id or 0, p.field): Verdict.REJECT for p in review.proposals}
    assert "volume" in fields()
    reviewing.decide(library.store, review.work.id, wanted, "2026-11-01T12:00:00Z")
    [item] = _enrich(library, shelf, refresh=True, policy=MergePolicy.REVIEW)
    assert (item.status, fields()) == (EnrichmentStatus.UNCHANGED, set())
    newer = Shelf(records={"10.1000/work": dataclasses.replace(KNOWN, volume="5")})
    [item] = _enrich(library, newer, refresh=True, policy=MergePolicy.REVIEW)
    assert set(item.changed) == fields() == {"volume"}


def test_a_mismatch_that_was_dismissed_is_not_flagged_again(library: Library) -> None:
    _bring(library, IMPORTED)
    other = dataclasses.replace(KNOWN, title="Quite another thing about volcanoes", author=())
    shelf = Shelf(records={"10.1000/work": other})
    [item] = _enrich(library, shelf)
    assert item.status is EnrichmentStatus.MISMATCH
    work = library.get("k0")
    verdict = reviewing.MismatchVerdict.DISMISS
    reviewing.settle_mismatch(library.store, work.id, verdict, "2026-11-01T12:00:00Z")
    [item] = _enrich(library, shelf, refresh=True)
    assert item.status is EnrichmentStatus.UNCHANGED
    assert not reviewing.review(library.store, library.get("k0")).mismatches


def test_what_was_accepted_stands_against_every_newer_answer(library: Library) -> None:
    _bring(library, IMPORTED)
    shelf = Shelf(records={"10.1000/work": KNOWN})
    _enrich(library, shelf, policy=MergePolicy.REVIEW)
    review = reviewing.review(library.store, library.get("k0"))
    wanted = {
        (proposal.record.id or 0, proposal.field): Verdict.ACCEPT
        for proposal in review.proposals
        if proposal.field in ("title", "volume")
    }
    reviewing.decide(library.store, review.work.id, wanted, "2026-11-01T12:00:00Z")
    newer = Shelf(
        records={"10.1000/work": dataclasses.replace(KNOWN, volume="5", title="X" + TITLE)}
    )
    for policy in MergePolicy:
        [item] = _enrich(library, newer, refresh=True, policy=policy)
        assert not item.changed.keys() & {"title", "volume"}, policy
        description = library.get("k0").description
        assert (description.title, description.volume) == (KNOWN.title, "4"), policy
    claim = library.claims(library.get("k0"))["title"][0]
    assert (claim.rank, claim.record.origin.name) == ("user", "shelf")


def test_what_the_user_wrote_is_never_overwritten(library: Library) -> None:
    _bring(library, IMPORTED)
    work = library.get("k0")
    library.edit(work, {"author": "Nobody, Such", "issue": "99"}, clear=["publisher"])
    for policy in (MergePolicy.FILL, MergePolicy.PREFER_SOURCE):
        _enrich(library, Shelf(records={"10.1000/work": KNOWN}), refresh=True, policy=policy)
        description = library.get("k0").description
        assert description.author == (Name("Nobody", "Such"),)
        assert description.issue == "99"
        assert description.publisher is None
        assert description.volume == "4"


# What may go wrong


def test_a_record_of_another_work_is_not_believed(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Shelf(records={"10.1000/work": OTHER}))
    assert item.status is EnrichmentStatus.MISMATCH
    assert item.reason
    assert item.changed == {}
    assert library.get("k0").description == IMPORTED
    assert library.get("k0").enrichment is EnrichmentStatus.MISMATCH
    assert library.records(library.get("k0"))[-1].state is RecordState.MISMATCH
    claims = library.claims(library.get("k0"))["title"]
    assert [claim.rank for claim in claims if not claim.stands] == ["mismatch"]


def test_a_mismatch_later_does_not_undo_what_agreed(library: Library) -> None:
    _bring(library, IMPORTED)
    _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    before = library.get("k0").description
    [item] = _enrich(library, Shelf(records={"10.1000/work": OTHER}), refresh=True)
    assert item.status is EnrichmentStatus.MISMATCH
    assert library.get("k0").description == before


def test_a_doi_that_no_source_knows(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Shelf(), Shelf("second"))
    assert item.status is EnrichmentStatus.NOT_FOUND
    assert library.get("k0").description == IMPORTED
    assert len(library.history()) == 1, "nothing was changed"
    assert _enrich(library, Shelf(records={"10.1000/work": KNOWN})) == [], "nor asked again"


def test_an_answer_that_cannot_be_used_is_tried_again(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Shelf(otherwise=FAILED))
    assert (item.status, item.reason) == (EnrichmentStatus.FAILED, "shelf says so")
    [item] = _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    assert item.status is EnrichmentStatus.ENRICHED


@pytest.mark.parametrize(
    "source",
    [
        Shelf(otherwise=UNREACHED),
        Shelf(otherwise=None),
        Shelf(otherwise=None, error=SourceUnavailable("gone")),
        Shelf(otherwise=None, error=OSError("disk")),
        Web(),
    ],
    ids=["unreached", "silent", "fails", "disk", "offline"],
)
def test_what_cannot_be_asked_waits_and_is_finished_later(library: Library, source: Any) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, source)
    assert item.status is EnrichmentStatus.PENDING
    assert item.reason
    assert [row.citation_key for row in library.rows("is:pending")] == ["k0"]
    [item] = _enrich(library, Shelf(records={"10.1000/work": KNOWN}), query="is:pending")
    assert item.status is EnrichmentStatus.ENRICHED
    assert library.count("is:pending") == 0


def test_a_doi_that_is_none_fails_and_is_asked_of_nobody(library: Library) -> None:
    other = dataclasses.replace(IMPORTED, DOI="not a doi", title="Mosses of the Alps")
    _bring(library, other, IMPORTED)
    shelf = Shelf()
    items = _enrich(library, shelf)
    assert [item.status.value for item in items] == ["failed", "not_found"]
    assert items[0].reason == "not a doi is no DOI"
    assert shelf.asked == ["10.1000/Work"]


def test_a_work_that_is_deleted_meanwhile_is_passed_over(library: Library) -> None:
    _bring(library, IMPORTED)
    targets = list(library.targets(""))
    library.delete([library.get("k0")])

    async def run() -> list[EnrichItem]:
        sources = Sources([Shelf(records={"10.1000/work": KNOWN})])
        return [item async for item in library.enrich(targets, sources)]

    assert asyncio.run(run()) == []
    assert len(library) == 0


# Several works and sources


def test_two_works_with_one_doi_are_asked_for_once(library: Library) -> None:
    _bring(library, IMPORTED)
    again = dataclasses.replace(IMPORTED, DOI="10.1000/WORK", volume="IV")
    record = Record(
        description=again, origin=Origin(kind=OriginKind.IMPORT, name="ris"), citation_key="k1"
    )
    with library.store.writing() as writer:
        from refman.store import NewRecord

        writer.insert(writer.change("import", "import", "x"), [NewRecord(record, "k1")])
    shelf = Shelf(records={"10.1000/work": KNOWN})
    items = _enrich(library, shelf)
    assert {item.citation_key for item in items} == {"k0", "k1"}
    assert len(shelf.asked) == 1
    assert library.get("k0").description.issue == library.get("k1").description.issue == "2"


def test_sources_are_asked_in_order_the_next_for_what_is_left(library: Library) -> None:
    works = [dataclasses.replace(IMPORTED, DOI=f"10.1000/{n}", title=f"{TITLE} {n}") for n in "abc"]
    _bring(library, *works)
    known = {
        work.DOI: dataclasses.replace(KNOWN, title=work.title, DOI=work.DOI)
        for work in works
        if work.DOI
    }
    first = Shelf("first", {"10.1000/a": known["10.1000/a"]})
    second = Shelf("second", {"10.1000/a": known["10.1000/a"], "10.1000/b": known["10.1000/b"]})
    items = {item.doi: item for item in _enrich(library, first, second)}
    assert first.asked == ["10.1000/a", "10.1000/b", "10.1000/c"]
    assert second.asked == ["10.1000/b", "10.1000/c"]
    assert {doi: item.source for doi, item in items.items()} == {
        "10.1000/a": "first",
        "10.1000/b": "second",
        "10.1000/c": "second",
    }
    assert items["10.1000/c"].status is EnrichmentStatus.NOT_FOUND


def _ask(*sources: Any, net: Net | None = None, dois: Sequence[str] = ("10.1/a",)) -> list[Found]:
    async def run() -> list[Found]:
        return [found async for found in ask(dois, Sources(sources, net))]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        (NOT_FOUND, NOT_FOUND, NOT_FOUND),
        (UNREACHED, NOT_FOUND, UNREACHED),
        (NOT_FOUND, UNREACHED, UNREACHED),
        (FAILED, NOT_FOUND, FAILED),
        (NOT_FOUND, FAILED, FAILED),
    ],
)
def test_a_question_is_settled_only_where_all_were_asked(
    first: AnswerStatus, second: AnswerStatus, last: AnswerStatus
) -> None:
    [found] = _ask(Shelf("one", otherwise=first), Shelf("two", otherwise=second))
    assert found.answer.status is last


def test_without_a_source_nothing_is_settled() -> None:
    [found] = _ask()
    assert found.answer.status is UNREACHED


def test_a_source_that_answers_unasked_or_twice_is_heard_once() -> None:
    class Babbler(Shelf):
        def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
            for doi in ("10.1/never", *dois, *dois):
                yield _found(doi, KNOWN, "babbler")

    founds = _ask(Babbler(), dois=["10.1/a", "10.1/b", "10.1/a"])
    assert [found.answer.DOI for found in founds] == ["10.1/a", "10.1/b"]


# On the web


def test_a_source_on_the_web_is_asked_some_requests_at_a_time() -> None:
    wire = Wire()
    dois = [f"10.1/{number}" for number in range(41)]
    founds = _ask(Web("web", dict.fromkeys(dois, KNOWN)), net=_net(wire), dois=dois)
    assert {found.answer.DOI for found in founds} == set(dois)
    assert all(found.answer.status is FOUND for found in founds)
    assert len(wire.requests) == 21
    assert 1 < wire.most <= 6


def test_what_a_batch_leaves_open_is_asked_singly() -> None:
    wire = Wire(202)
    founds = _ask(
        Web("web", {"10.1/a": KNOWN, "10.1/b": KNOWN}), net=_net(wire), dois=["10.1/a", "10.1/b"]
    )
    assert [found.answer.status for found in founds] == [FOUND, FOUND]
    assert [request.url for request in wire.requests[1:]] == ["https://example.org/one"] * 2


@pytest.mark.parametrize("error", [SourceUnavailable("no answer"), SourceRefused("blocked")])
def test_a_request_that_fails_leaves_its_dois_open(error: SourceError) -> None:
    dois = ["10.1/a", "10.1/b", "10.1/c"]
    founds = _ask(Web("web", dict.fromkeys(dois, KNOWN)), net=_net(Wire(error)), dois=dois)
    told = {found.answer.DOI: found.answer.status for found in founds}
    assert told == {"10.1/a": UNREACHED, "10.1/b": UNREACHED, "10.1/c": FOUND}
    assert error.message in {found.answer.reason for found in founds}


def test_a_local_source_answers_what_the_web_cannot(library: Library) -> None:
    _bring(library, IMPORTED)
    [item] = _enrich(library, Web("web"), Shelf("snapshot", {"10.1000/work": KNOWN}))
    assert (item.status, item.source) == (EnrichmentStatus.ENRICHED, "snapshot")


# What is kept, and taken back


def test_the_raw_answer_is_kept(library: Library) -> None:
    _bring(library, IMPORTED)
    _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    record = library.records(library.get("k0"))[-1]
    assert record.payload is not None
    assert library.store.payload(record.payload) == b"10.1000/Work"
    assert library.store.payload("unknown") is None
    assert record.origin.retrieved is not None


def test_answers_are_kept_as_they_come(library: Library) -> None:
    works = [
        dataclasses.replace(IMPORTED, DOI=f"10.1000/{n}", title=f"{TITLE} {n}") for n in range(120)
    ]
    _bring(library, *works)
    known = {str(w.DOI): dataclasses.replace(KNOWN, title=w.title, DOI=w.DOI) for w in works}

    async def stop_early() -> int:
        count = 0
        items = library.enrich(library.targets(""), Sources([Shelf(records=known)]))
        async for _ in items:
            count += 1
            if count == 60:
                break
        await items.aclose()  # type: ignore[attr-defined]
        return count

    asyncio.run(stop_early())
    written = library.count("is:enriched")
    assert 60 <= written < 120
    rest = Shelf(records=known)
    assert len(_enrich(library, rest)) == 120 - written
    assert len(rest.asked) == 120 - written, "what was answered is not asked again"
    assert library.count("has:volume") == 120


def test_an_answer_is_kept_before_the_next_one_comes(library: Library) -> None:
    works = [dataclasses.replace(IMPORTED, DOI=f"10.1000/{n}", title=f"{n}") for n in range(4)]
    _bring(library, *works)
    come = asyncio.Event()

    class Slow(Wire):
        async def fetch(self, request: Request) -> Response:
            if self.requests:
                await come.wait()
            return await super().fetch(request)

    async def run() -> list[EnrichItem]:
        source = Web(otherwise=NOT_FOUND)
        sources = Sources([source], _net(Slow()))
        items = library.enrich(library.targets(""), sources)
        first = [await anext(items), await anext(items)]
        assert not come.is_set()
        come.set()
        return [*first, *[item async for item in items]]

    items = asyncio.run(asyncio.wait_for(run(), 10))
    assert [item.status for item in items] == [EnrichmentStatus.NOT_FOUND] * 4


def test_what_was_answered_before_an_error_is_kept(library: Library) -> None:
    _bring(library, *[dataclasses.replace(IMPORTED, DOI=f"10.1000/{n}") for n in range(4)])

    class Breaking(Web):
        def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
            if "10.1000/0" not in request.dois:
                raise RuntimeError("a plug-in's own")
            return super().read(request, response)

    source = Breaking(records={"10.1000/0": dataclasses.replace(KNOWN, DOI="10.1000/0")})
    with pytest.raises(RuntimeError, match="own"):
        _enrich(library, source, net=_net(Wire()))
    assert library.count("is:enriched") == 1


def test_refreshing_asks_again_and_keeps_the_newest(library: Library) -> None:
    _bring(library, IMPORTED)
    _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    newer = dataclasses.replace(KNOWN, volume="5", issue=None)
    shelf = Shelf(records={"10.1000/work": newer})
    assert _enrich(library, shelf) == []
    [item] = _enrich(library, shelf, refresh=True)
    assert item.changed["volume"] == ("4", "5")
    assert library.get("k0").description.issue is None
    [item] = _enrich(library, shelf, refresh=True)
    assert item.status is EnrichmentStatus.UNCHANGED


def test_a_dry_run_changes_no_work(library: Library) -> None:
    _bring(library, IMPORTED, dataclasses.replace(IMPORTED, DOI="none", title="Other work"))
    before = [(w.description, w.enrichment) for w in library.search()]
    items = _enrich(library, Shelf(records={"10.1000/work": KNOWN}), dry_run=True)
    assert {item.status.value for item in items} == {"enriched", "failed"}
    assert [(w.description, w.enrichment) for w in library.search()] == before
    assert len(library.history()) == 1


def test_undoing_an_enrichment(library: Library) -> None:
    _bring(library, IMPORTED)
    _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    after = library.get("k0")
    assert library.history()[0].summary == "enrichment from shelf: 1 work changed"
    undone = library.undo()
    work = library.get("k0")
    assert work.description == IMPORTED
    assert work.enrichment is EnrichmentStatus.PENDING
    library.undo(undone.undone_by)
    assert library.get("k0").description == after.description
    assert library.get("k0").enrichment is EnrichmentStatus.ENRICHED


def test_an_edit_after_an_enrichment_survives_its_undoing(library: Library) -> None:
    _bring(library, IMPORTED)
    _enrich(library, Shelf(records={"10.1000/work": KNOWN}))
    enrichment = library.history()[0].id
    library.edit(library.get("k0"), {"volume": "VII"})
    library.undo(enrichment)
    description = library.get("k0").description
    assert (description.volume, description.issue) == ("VII", None)


def test_a_work_known_by_its_doi_only_gets_a_proper_key(library: Library) -> None:
    bare = Record(
        description=Description(DOI="10.1000/work"),
        origin=Origin(kind=OriginKind.IMPORT, name="doi-list"),
    )
    [item] = import_entries(library.store, [bare], "x", ImportPolicy(enrich=True))
    [done] = _enrich(library, Shelf(records={"10.1000/work": KNOWN}), settle_keys=True)
    assert done.citation_key == "dwi2021effectiveness"
    assert library.get("dwi2021effectiveness").id == item.work_id
    assert library.get("dwi2021effectiveness").aliases == ("10.1000/work",)


# Looking up without a library


def test_looking_up_that_is_cancelled_hands_over_what_was_answered() -> None:
    rows = ["10.1000/a", "nonsense", *(f"10.1000/{n}" for n in range(9))]

    class Stuck(Wire):
        async def fetch(self, request: Request) -> Response:
            if self.requests:
                await asyncio.Event().wait()
            return await super().fetch(request)

    items: list[Any] = []

    async def run() -> None:
        sources = Sources([Web(records={"10.1000/a": KNOWN})], _net(Stuck()))
        async for item in look_up(rows, sources):
            items.append(item)  # noqa: PERF401 - a list that is made at once would be lost

    async def stop() -> None:
        task = asyncio.create_task(run())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    assert [item.given for item in items] == rows
    assert [item.status for item in items] == [FOUND, FAILED, NOT_FOUND, *[UNREACHED] * 8]


def test_looking_up_gives_a_row_for_every_row_in_order() -> None:
    rows = ["https://doi.org/10.1000/A", "nonsense", "10.1000/b", "doi:10.1000/a", "10.1000/zzz"]
    shelf = Shelf(records={"10.1000/a": KNOWN, "10.1000/b": KNOWN})

    async def run() -> list[Any]:
        return [item async for item in look_up(rows, Sources([shelf]))]

    items = asyncio.run(run())
    assert [item.given for item in items] == rows
    assert [item.status for item in items] == [FOUND, FAILED, FOUND, FOUND, NOT_FOUND]
    keys = [item.work.citation_key if item.work else None for item in items]
    assert keys == [
        "dwi2021effectiveness",
        None,
        "dwi2021effectivenessa",
        "dwi2021effectiveness",
        None,
    ]
    assert items[1].reason == "no DOI in it"
    assert items[4].reason
    assert len(shelf.asked) == 3
