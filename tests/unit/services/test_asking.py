"""The driver of sources: everything asked once, answered once, whatever a source does."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman.errors import SourceErred, SourceRefused, SourceUnavailable
from refman.model import Description, EnrichmentStatus, Name, Origin, OriginKind, Record
from refman.model.identifier import doi_key
from refman.net import Net
from refman.ports import Answer, AnswerStatus, Request, Response, Source, StoredAnswer
from refman.rules.freshness import Freshness
from refman.services.asking import Found, Sources, ask, ask_in_bursts
from refman.services.enriching import EnrichItem, EnrichPolicy
from refman.services.importing import ImportPolicy, OnDuplicate
from refman.services.library import Library
from refman.services.stages import LOCAL_WINDOW, WEB_WINDOW
from refman.store import Wanted

FOUND, NOT_FOUND, FAILED, UNREACHED = AnswerStatus
URL = "https://records.test/"


def found(doi: str, name: str, payload: bytes = b"{}") -> Answer:
    origin = Origin(kind=OriginKind.SOURCE, name=name, location=doi)
    record = Record(description=Description(DOI=doi, title=f"{doi} by {name}"), origin=origin)
    return Answer(DOI=doi, status=FOUND, record=record, payload=payload)


class Web:
    """A source on the web: what it says of a DOI is a word, `otherwise` by default."""

    def __init__(
        self,
        name: str = "web",
        words: Mapping[str, str] | None = None,
        *,
        otherwise: str = "found",
        together: int = 2,
        supplement: bool = False,
    ) -> None:
        self.name = name
        self.supplement = supplement
        self.words = words or {}
        self.otherwise = otherwise
        self.together = together
        self.asked: list[str] = []

    def word(self, doi: str) -> str:
        return self.words.get(doi, self.otherwise)

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        self.asked += dois
        wanted = [doi for doi in dois if self.word(doi) != "unasked"]
        for start in range(0, len(wanted), self.together):
            yield self.request(*wanted[start : start + self.together])

    def request(self, *dois: str) -> Request:
        return Request(url=f"{URL}{self.name}", dois=dois)

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        for doi in request.dois:
            yield from self.outcomes(doi, request)

    def outcomes(self, doi: str, request: Request) -> Iterator[Answer | Request]:
        match self.word(doi):
            case "found":
                yield found(doi, self.name, doi.encode())
            case "singly" if len(request.dois) > 1:
                yield self.request(doi)
            case "singly" | "not_found":
                yield Answer.not_found(doi, f"{self.name} has none")
            case "failed":
                yield Answer.failed(doi, f"{self.name} stammers")
            case "twice":
                yield Answer.not_found(doi)
                yield found(doi, self.name)
                yield self.request(doi)
            case "another":
                yield found("10.1000/never-asked", self.name)
                yield self.request("10.1000/never-asked", doi)
            case "circle":
                yield self.request(doi)
            case "breaks":
                raise RuntimeError(f"{self.name} has a mistake")

    def restore(self, doi: str, payload: bytes) -> Answer:
        if payload == b"unreadable":
            return Answer(DOI=doi, status=FAILED)
        return found(doi, self.name, payload)


class Local(Web):
    """The same as a local source."""

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        self.asked += dois
        for doi in dois:
            for outcome in self.outcomes(doi, self.request(doi)):
                if isinstance(outcome, Answer):
                    yield outcome

    requests = read = restore = None  # type: ignore[assignment]


class Wire:
    """The client: by DOI, what becomes of a request that has it in it."""

    def __init__(
        self,
        troubles: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        status: Callable[[Request], int] = lambda _: 200,
    ) -> None:
        self.troubles = troubles or {}
        self.headers = headers or {}
        self.status = status
        self.requests: list[Request] = []
        self.under_way = 0
        self.answered = 0

    async def fetch(self, request: Request) -> Response:
        self.requests.append(request)
        self.under_way += 1
        try:
            await asyncio.sleep(0)
            for doi in request.dois:
                match self.troubles.get(doi):
                    case "erred":
                        raise SourceErred("the service has trouble of its own")
                    case "away":
                        raise SourceUnavailable("the service does not answer")
                    case "refused":
                        raise SourceRefused("the service refuses to serve us")
                    case "hangs":
                        await asyncio.Event().wait()
                    case "slow":
                        await asyncio.sleep(0.01)
        finally:
            self.under_way -= 1
        self.answered += 1
        return Response(status=self.status(request), headers=self.headers, body=b"{}")

    @property
    def dois(self) -> list[str]:
        return [doi for request in self.requests for doi in request.dois]


class Kept:
    """Where earlier answers are kept."""

    def __init__(self, *answers: StoredAnswer) -> None:
        self.answers = {answer.DOI: answer for answer in answers}

    def stored_answers(self, source: str, dois: Iterable[str]) -> Mapping[str, StoredAnswer]:
        keys = map(doi_key, dois)
        return {key: self.answers[key] for key in keys if key in self.answers}


def net(wire: Wire | None) -> Net | None:
    return cast(Net, wire) if wire else None


def run(
    dois: Iterable[str],
    *sources: Web,
    wire: Wire | None = None,
    stored: Kept | None = None,
    freshness: Freshness | None = None,
) -> list[Found]:
    asked = Sources(
        cast(Sequence[Source], sources), net(wire), stored, freshness or Freshness()
    )  # fmt: skip

    async def all_of_them() -> list[Found]:
        return [one async for one in ask(dois, asked)]

    return asyncio.run(asyncio.wait_for(all_of_them(), 20))


def told(founds: Sequence[Found]) -> dict[str, AnswerStatus]:
    """What was said last of each DOI; no DOI may be done with twice."""
    last = {one.answer.DOI: one.answer.status for one in founds if not one.supplement}
    done = Counter(one.answer.DOI for one in founds if not one.more)
    assert set(done.values()) <= {1}, done
    return last


def of(doi: str, founds: Sequence[Found]) -> list[Found]:
    return [one for one in founds if doi == one.answer.DOI]


def many(count: int, begin: str = "10.1000/") -> list[str]:
    return [f"{begin}{number}" for number in range(count)]


# Once each


def test_there_is_one_answer_for_each_doi() -> None:
    dois = many(500)
    founds = run([*dois, "10.1000/7", "10.1000/499"], Web(together=50), wire=Wire())
    assert sorted(one.answer.DOI for one in founds) == sorted(dois)
    assert {one.source for one in founds} == {"web"}


def test_spellings_of_one_doi_are_one_doi() -> None:
    source = Web()
    founds = run(["10.1000/Abc", "10.1000/aBC", "10.1000/abc"], source, wire=Wire())
    assert [one.answer.DOI for one in founds] == ["10.1000/Abc"]
    assert source.asked == ["10.1000/Abc"]


def test_nothing_to_ask() -> None:
    assert run([], Web(), wire=Wire()) == []
    assert run([], Local()) == []
    assert run([]) == []


# Laziness


class Counted:
    """A million DOIs, and how many of them have been taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        for number in range(1_000_000):
            self.taken += 1
            yield f"10.1000/{number}"


@pytest.mark.parametrize(
    ("source", "most"), [(Web(together=50), 2 * WEB_WINDOW), (Local(), LOCAL_WINDOW)]
)
def test_a_million_dois_are_taken_only_as_there_is_room(source: Web, most: int) -> None:
    dois, wire = Counted(), Wire()

    async def begin() -> tuple[int, int]:
        bursts = ask_in_bursts(dois, Sources([cast(Source, source)], net(wire)))
        first = await anext(bursts)
        for _ in range(300):
            await asyncio.sleep(0)
        before = wire.answered
        for _ in range(300):
            await asyncio.sleep(0)
        assert wire.answered == before, "nobody takes them, so no more are fetched"
        await bursts.aclose()
        return len(first), before

    given, answered = asyncio.run(asyncio.wait_for(begin(), 20))
    assert 1 <= given <= 50
    assert answered <= 20
    assert dois.taken <= most


def test_a_slow_consumer_gets_them_all() -> None:
    async def slowly() -> int:
        count = 0
        sources = Sources([Web(together=50)], net(Wire()))
        async with asyncio.timeout(20):
            async for burst in ask_in_bursts(many(3000), sources):
                count += len(burst)
                await asyncio.sleep(0.001)
        return count

    assert asyncio.run(slowly()) == 3000


def test_without_sources_a_million_are_not_held_either() -> None:
    dois = Counted()

    async def begin() -> None:
        answers = ask(dois, Sources([]))
        assert (await anext(answers)).answer.status is UNREACHED
        await answers.aclose()

    asyncio.run(begin())
    assert dois.taken <= 2 * WEB_WINDOW


# Along the chain


def test_misses_are_carried_along_and_told_at_once() -> None:
    one = Web("one", otherwise="not_found")
    two = Web("two", otherwise="not_found")
    three = Web("three", {"10.1000/0": "found"}, otherwise="not_found")
    by_doi = {f.answer.DOI: f for f in run(many(2), one, two, three, wire=Wire())}
    first, second = by_doi["10.1000/0"], by_doi["10.1000/1"]
    assert (first.source, [miss.source for miss in first.misses]) == ("three", ["one", "two"])
    assert second.answer.status is NOT_FOUND
    assert {second.source, *(miss.source for miss in second.misses)} == {"one", "two", "three"}


def test_a_miss_is_given_to_be_kept_while_the_next_source_hangs() -> None:
    sources = Sources(
        [Web("one", otherwise="not_found"), Web("two")], net(Wire({"10.1000/0": "slow"}))
    )

    async def begin() -> list[Found]:
        return [one async for burst in ask_in_bursts(many(1), sources) for one in burst]

    interim, last = asyncio.run(begin())
    assert (interim.source, interim.answer.status) == ("one", NOT_FOUND)
    assert interim.interim
    assert interim.more
    assert (last.source, last.more, last.interim) == ("two", False, False)


@pytest.mark.parametrize("trouble", ["away", "refused", "erred"])
def test_what_an_earlier_source_could_not_be_asked_stays_open(trouble: str) -> None:
    wire = Wire({"10.1000/0": trouble})
    founds = run(many(1), Web("one"), Local("two", otherwise="not_found"), wire=wire)
    assert told(founds) == {"10.1000/0": UNREACHED}
    assert founds[0].source == "one"
    assert founds[0].answer.reason
    assert [miss.source for miss in founds[0].misses] == ["two"]


def test_what_an_earlier_source_could_not_be_asked_a_file_may_know() -> None:
    wire = Wire({"10.1000/0": "away"})
    assert told(run(many(1), Web("one"), Local("two"), wire=wire)) == {"10.1000/0": FOUND}


def test_no_other_service_is_asked_in_place_of_one_that_is_away() -> None:
    wire = Wire({"10.1000/0": "away"})
    founds = run(many(2), Web("one", otherwise="not_found", together=1), Web("two"), wire=wire)
    assert told(founds) == {"10.1000/0": UNREACHED, "10.1000/1": FOUND}
    [away] = [found for found in founds if found.answer.DOI == "10.1000/0"]
    assert away.source == "one"
    assert not away.misses


# Kept answers


def kept(doi: str, days: float, status: AnswerStatus = FOUND, **changes: Any) -> StoredAnswer:
    when = datetime.now(UTC) - timedelta(days=days)
    payload = b"kept" if status is FOUND else None
    return StoredAnswer(
        **{"DOI": doi, "status": status, "retrieved": when.isoformat(), "payload": payload}
        | changes
    )


def test_what_is_kept_and_fresh_is_not_asked_again() -> None:
    stored = Kept(kept("10.1000/0", 29), kept("10.1000/1", 6, NOT_FOUND, reason="none"))
    wire = Wire()
    founds = run(many(3), Web(), wire=wire, stored=stored)
    assert wire.dois == ["10.1000/2"]
    by_doi = {one.answer.DOI: one for one in founds}
    assert by_doi["10.1000/0"].answer.payload == b"kept"
    assert by_doi["10.1000/0"].retrieved == stored.answers["10.1000/0"].retrieved
    assert (by_doi["10.1000/1"].answer.status, by_doi["10.1000/1"].answer.reason) == (
        NOT_FOUND,
        "none",
    )
    assert by_doi["10.1000/2"].retrieved is None


def test_what_is_kept_and_stale_is_asked_again() -> None:
    stored = Kept(
        kept("10.1000/0", 31), kept("10.1000/1", 8, NOT_FOUND), kept("10.1000/2", 0, retrieved="")
    )
    wire = Wire()
    founds = run(many(3), Web(), wire=wire, stored=stored)
    assert sorted(wire.dois) == many(3)
    assert all(one.retrieved is None for one in founds)


def test_offline_what_is_kept_counts_at_any_age() -> None:
    stored = Kept(kept("10.1000/0", 3000), kept("10.1000/1", 3000, NOT_FOUND))
    founds = run(many(3), Web(), stored=stored)
    assert told(founds) == {"10.1000/0": FOUND, "10.1000/1": NOT_FOUND, "10.1000/2": UNREACHED}
    assert [one.answer.reason for one in of("10.1000/2", founds)] == ["offline"]


@pytest.mark.parametrize(
    "answer", [kept("10.1000/0", 1, payload=b"unreadable"), kept("10.1000/0", 1, payload=None)]
)
def test_a_kept_answer_that_cannot_be_read_is_asked_for_anew(answer: StoredAnswer) -> None:
    wire = Wire()
    [one] = run(many(1), Web(), wire=wire, stored=Kept(answer))
    assert wire.dois == ["10.1000/0"]
    assert one.answer.payload == b"10.1000/0"
    [one] = run(many(1), Web(), stored=Kept(answer))
    assert one.answer.status is UNREACHED, "offline there is nothing to be had"


@pytest.mark.parametrize(
    ("validators", "sent"),
    [
        ({"etag": '"a"', "last_modified": "Mon"}, {"if-none-match": '"a"'}),
        ({"last_modified": "Mon"}, {"if-modified-since": "Mon"}),
    ],
)
def test_a_refresh_asks_whether_what_is_kept_still_holds(
    validators: dict[str, Any], sent: dict[str, str]
) -> None:
    stored = Kept(kept("10.1000/0", 1, **validators))
    wire = Wire(status=lambda request: 304 if request.headers else 200)
    [one] = run(many(1), Web(), wire=wire, stored=stored, freshness=Freshness(refresh=True))
    assert [dict(request.headers) for request in wire.requests] == [sent]
    assert (one.answer.status, one.answer.payload) == (FOUND, b"kept")
    assert one.retrieved is None, "it is of today, and to be kept as such"
    assert one.answer.etag == validators.get("etag")
    assert one.answer.last_modified == validators["last_modified"]


def test_a_refresh_takes_what_is_new_with_its_validators() -> None:
    stored = Kept(kept("10.1000/0", 1, etag='"a"'))
    wire = Wire(headers={"etag": '"b"' + "x" * 5000, "last-modified": ""})
    [one] = run(many(1), Web(), wire=wire, stored=stored, freshness=Freshness(refresh=True))
    assert one.answer.payload == b"10.1000/0"
    assert one.answer.etag is not None
    assert one.answer.etag.startswith('"b"')
    assert len(one.answer.etag) == 500
    assert one.answer.last_modified is None


@pytest.mark.parametrize("refresh", [True, False])
def test_not_modified_helps_nobody_whose_copy_cannot_be_read(refresh: bool) -> None:
    stored = Kept(kept("10.1000/0", 1, etag='"a"', payload=b"unreadable"))
    wire = Wire(status=lambda request: 304 if request.headers else 200)
    [one] = run(many(1), Web(), wire=wire, stored=stored, freshness=Freshness(refresh=refresh))
    assert (one.answer.status, one.answer.payload) == (FOUND, b"10.1000/0")
    assert [bool(request.headers) for request in wire.requests] == [True, False]


# Splitting


@pytest.mark.parametrize("position", [0, 24, 49])
def test_a_list_that_breaks_the_service_is_parted_down_to_the_doi_that_does(position: int) -> None:
    dois = many(50)
    wire = Wire({dois[position]: "erred"})
    founds = told(run(dois, Web(together=50), wire=wire))
    assert founds.pop(dois[position]) is UNREACHED
    assert set(founds.values()) == {FOUND}
    assert len(wire.requests) <= 1 + 3 * 4


def test_a_service_that_is_away_is_not_asked_in_parts() -> None:
    wire = Wire({"10.1000/3": "away"})
    founds = told(run(many(8), Web(together=8), wire=wire))
    assert set(founds.values()) == {UNREACHED}
    assert len(wire.requests) == 1


def test_what_a_list_leaves_open_is_asked_singly() -> None:
    wire = Wire()
    founds = told(run(many(4), Web(words={"10.1000/1": "singly"}, together=4), wire=wire))
    assert founds == {**dict.fromkeys(many(4), FOUND), "10.1000/1": NOT_FOUND}
    assert wire.requests[1].dois == ("10.1000/1",)


# Supplements


def test_a_supplement_is_asked_for_every_doi_that_was_found() -> None:
    main = Web("main", {"10.1000/1": "not_found", "10.1000/2": "failed"})
    more = Web("more", supplement=True)
    other = Web("other", otherwise="not_found", supplement=True)
    founds = run(many(4), more, main, other, wire=Wire())
    assert set(main.asked) == set(many(4))
    assert set(more.asked) == set(other.asked) == {"10.1000/0", "10.1000/3"}
    told(founds)
    for doi in ("10.1000/0", "10.1000/3"):
        assert [(one.source, one.supplement, one.more) for one in of(doi, founds)] == [
            ("main", False, True),
            ("more", True, True),
            ("other", True, False),
        ]
    for doi in ("10.1000/1", "10.1000/2"):
        [one] = of(doi, founds)
        assert not one.more


def test_a_supplement_alone_is_asked_for_all() -> None:
    founds = run(many(3), Web(supplement=True), wire=Wire())
    assert [(one.supplement, one.more) for one in founds] == [(True, False)] * 3


def test_a_supplement_that_is_away_is_told() -> None:
    wire = Wire()
    more = Web("more", supplement=True)
    founds = run(many(1), Local("main"), more, wire=None)
    assert [(one.source, one.answer.status) for one in founds] == [
        ("main", FOUND),
        ("more", UNREACHED),
    ]
    assert not wire.requests


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        yield opened
        assert opened.store.check() == []


class Titled(Web):
    """Knows a work by its number, and gives one field of it, of its own."""

    def __init__(self, field: str, value: str, **options: Any) -> None:
        super().__init__(field, **options)
        self.field = field
        self.value = value

    def outcomes(self, doi: str, request: Request) -> Iterator[Answer | Request]:
        for outcome in super().outcomes(doi, request):
            if isinstance(outcome, Request) or outcome.record is None:
                yield outcome
                continue
            own: dict[str, Any] = {self.field: self.value}
            known = Description(DOI=doi, title=f"Mosses {doi}", **own)
            yield replace(outcome, record=replace(outcome.record, description=known))

    def restore(self, doi: str, payload: bytes) -> Answer:
        return next(
            outcome
            for outcome in self.outcomes(doi, self.request(doi))
            if isinstance(outcome, Answer)
        )


def bring(library: Library, *dois: str) -> None:
    items = [
        {"id": f"k{number}", "type": "book", "title": f"Mosses {doi}", "DOI": doi}
        for number, doi in enumerate(dois)
    ]
    list(library.import_text(json.dumps(items), policy=ImportPolicy(on_duplicate=OnDuplicate.ADD)))


def enriched(
    library: Library,
    *sources: Web,
    wire: Wire,
    targets: Iterable[tuple[int, str]] | None = None,
    **policy: Any,
) -> list[EnrichItem]:
    asked = Sources(cast(Sequence[Source], sources), net(wire))
    given = library.targets("") if targets is None else targets

    async def all_of_them() -> list[EnrichItem]:
        return [one async for one in library.enrich(given, asked, EnrichPolicy(**policy))]

    return asyncio.run(asyncio.wait_for(all_of_them(), 10))


def test_a_work_that_several_sources_add_to_is_one_item(library: Library) -> None:
    bring(library, *many(3))
    sources = [Titled("volume", "7"), Titled("abstract", "On mosses.", supplement=True)]
    items = enriched(library, *sources, wire=Wire())
    assert sorted(item.citation_key for item in items) == ["k0", "k1", "k2"]
    for item in items:
        assert item.source == "volume, abstract", repr(item)
        assert dict(item.changed) == {"volume": (None, "7"), "abstract": (None, "On mosses.")}
        work = library.get(item.citation_key)
        assert (work.description.volume, work.description.abstract) == ("7", "On mosses.")
        assert work.enrichment is EnrichmentStatus.ENRICHED
    assert library.history()[0].summary == "enrichment from volume, abstract: 3 works changed"
    assert enriched(library, *sources, wire=Wire()) == []
    library.undo()
    assert library.get("k0").description.volume is None
    assert library.get("k0").enrichment is not EnrichmentStatus.ENRICHED


class Stranger(Titled):
    """A source whose record of every DOI is another work's."""

    def outcomes(self, doi: str, request: Request) -> Iterator[Answer | Request]:
        for outcome in super().outcomes(doi, request):
            if isinstance(outcome, Answer) and outcome.record is not None:
                other = replace(
                    outcome.record.description,
                    title="The steel industry of the Ruhr between the wars",
                    author=(Name("Schmidt", "Karl"),),
                )
                yield replace(outcome, record=replace(outcome.record, description=other))
            else:
                yield outcome


def test_what_a_supplement_says_of_a_wrong_doi_is_not_believed(library: Library) -> None:
    bring(library, *many(1))
    extra = Titled("abstract", "On mosses.", supplement=True)
    [item] = enriched(library, Stranger("volume", "7"), extra, wire=Wire())
    assert item.status is EnrichmentStatus.MISMATCH
    assert not item.changed
    assert library.get("k0").description.abstract is None
    assert library.get("k0").enrichment is EnrichmentStatus.MISMATCH
    # Nor later, when it is asked alone.
    targets = list(library.targets("", Wanted(all=True)))
    [item] = enriched(library, extra, wire=Wire(), targets=targets)
    assert item.status is EnrichmentStatus.MISMATCH
    assert library.get("k0").description.abstract is None


def test_a_refresh_that_reaches_nobody_leaves_works_as_they_were(library: Library) -> None:
    bring(library, *many(1))
    enriched(library, Titled("volume", "7"), wire=Wire())
    targets = list(library.targets("", Wanted(all=True)))
    away = Wire({"10.1000/0": "away"})
    [item] = enriched(library, Titled("volume", "7"), wire=away, targets=targets, refresh=True)
    assert item.status is EnrichmentStatus.PENDING
    assert library.get("k0").enrichment is EnrichmentStatus.ENRICHED


def test_a_supplement_alone_leaves_works_open_for_the_others(library: Library) -> None:
    bring(library, *many(1))
    extra = Titled("abstract", "On mosses.", supplement=True)
    [item] = enriched(library, extra, wire=Wire())
    assert item.status is EnrichmentStatus.ENRICHED
    [item] = enriched(library, Titled("volume", "7"), wire=Wire())
    assert library.get("k0").description.abstract == "On mosses."
    assert library.get("k0").description.volume == "7"


def test_a_work_that_comes_while_a_supplement_is_awaited_gets_everything(library: Library) -> None:
    bring(library, "10.1000/0", "10.1000/0", "10.1000/1")
    first, second, third = library.targets("")
    begun = asyncio.Event()

    def targets() -> Iterator[tuple[int, str]]:
        yield first
        # The window is full of others, and this one comes when the first has been half answered.
        for number in range(WEB_WINDOW - 1):
            yield third[0], f"10.2000/{number}"
        begun.set()
        yield second

    class Late(Wire):
        async def fetch(self, request: Request) -> Response:
            if request.url.endswith("abstract") and "10.1000/0" in request.dois:
                await begun.wait()
                for _ in range(10):
                    await asyncio.sleep(0)
            return await super().fetch(request)

    main = Titled("volume", "7", words={"10.1000/0": "found"}, otherwise="not_found", together=50)
    extra = Titled("abstract", "On mosses.", supplement=True)
    enriched(library, main, extra, wire=Late(), targets=targets())
    for key in ("k0", "k1"):
        description = library.get(key).description
        assert (description.volume, description.abstract) == ("7", "On mosses."), key


def test_a_run_that_is_stopped_before_a_supplement_goes_on_with_it(library: Library) -> None:
    bring(library, *many(4))
    main = Titled("volume", "7")
    extra = Titled("abstract", "On mosses.", supplement=True)
    wire = Wire(dict.fromkeys(many(4), "slow"))

    async def stop() -> None:
        sources = Sources([main, extra], net(wire))
        items = library.enrich(library.targets(""), sources)

        async def work() -> None:
            async for _ in items:
                raise AssertionError("nothing is done with yet")

        task = asyncio.create_task(work())
        while wire.answered < 2:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(stop(), 10))
    assert library.get("k0").enrichment is not EnrichmentStatus.ENRICHED
    main.asked = []
    items = enriched(library, main, extra, wire=Wire())
    assert main.asked == [], "what it said was kept"
    assert [dict(item.changed) for item in items] == [
        {"volume": (None, "7"), "abstract": (None, "On mosses.")}
    ] * 4


def test_a_miss_is_kept_though_the_next_source_never_answers(library: Library) -> None:
    bring(library, *many(2))
    first = Titled("volume", "7", otherwise="not_found")
    sources = Sources([first, Web("hanging")], net(Hanging()))

    async def kill() -> None:
        items = library.enrich(library.targets(""), sources)
        task = asyncio.ensure_future(anext(items))
        while len(library.store.stored_answers("volume", many(2))) < 2:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(kill(), 10))
    first.asked = []
    items = enriched(library, first, Web("later", otherwise="not_found"), wire=Wire())
    assert [item.status for item in items] == [EnrichmentStatus.NOT_FOUND] * 2
    assert first.asked == []


class Hanging(Wire):
    """Answers for the first source, and never for the other."""

    async def fetch(self, request: Request) -> Response:
        if request.url.endswith("hanging"):
            await asyncio.Event().wait()
        return await super().fetch(request)


# Being stopped


def stopped(dois: Iterable[str], sources: Sources, after: Callable[[], bool]) -> list[Found]:
    """What is given by a run that is cancelled once `after` says so."""
    given: list[Found] = []

    async def work() -> None:
        async for burst in ask_in_bursts(dois, sources):
            given.extend(burst)

    async def main() -> None:
        task = asyncio.create_task(work())
        async with asyncio.timeout(10):
            while not after():
                await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(1):
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    return given


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 40])
def test_whatever_was_answered_is_given_when_it_is_cancelled(turns: int) -> None:
    wire = Wire({"10.1000/999": "hangs"})
    waited = itertools.count()
    given = stopped(
        many(2000), Sources([Web(together=50)], net(wire)), lambda: next(waited) >= turns
    )
    assert wire.under_way == 0
    assert len(given) == 50 * wire.answered


def test_what_was_answered_is_given_even_if_nobody_took_it_for_long() -> None:
    wire = Wire()
    given: list[Found] = []

    async def work() -> None:
        async for burst in ask_in_bursts(many(2000), Sources([Web(together=50)], net(wire))):
            given.extend(burst)
            if len(given) < 100:
                for _ in range(200):
                    await asyncio.sleep(0)
            else:
                task = asyncio.current_task()
                assert task is not None
                task.cancel()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())
    assert wire.answered > 4, "there was more than was taken"
    assert len(given) == 50 * wire.answered


def test_misses_are_given_too_when_it_is_cancelled() -> None:
    wire = Wire()
    one, two = Web("one", otherwise="not_found"), Web("two")
    sources = Sources([one, two], net(wire))
    given = stopped(many(6), sources, lambda: wire.answered == 3)
    assert {found.answer.DOI for found in given if found.interim} == set(many(6))


def test_a_local_source_is_stopped_soon() -> None:
    source = Local()
    given = stopped(Counted(), Sources([cast(Source, source)]), lambda: bool(source.asked))
    assert len(given) < 1000


# What breaks


@pytest.mark.parametrize("position", [0, 1, 7, 30])
def test_a_mistake_in_a_source_ends_the_run_after_the_other_answers(position: int) -> None:
    dois = many(31)
    source = Web(words={dois[position]: "breaks"}, together=1)
    wire = Wire()
    given: list[Found] = []

    async def work() -> None:
        async for burst in ask_in_bursts(dois, Sources([source], net(wire))):
            given.extend(burst)

    with pytest.raises(RuntimeError, match="web has a mistake"):
        asyncio.run(asyncio.wait_for(work(), 10))
    assert wire.under_way == 0
    assert len(given) == wire.answered - 1


@pytest.mark.parametrize("broken", [Web("later"), Local("later")])
def test_a_mistake_in_a_later_source_loses_none_of_the_first(broken: Web) -> None:
    broken.words = {"10.1000/20": "breaks"}
    first = Web("first", {"10.1000/20": "not_found"}, together=1)
    wire = Wire()
    given: list[Found] = []

    async def work() -> None:
        sources = Sources(cast(Sequence[Source], [first, broken]), net(wire))
        async for burst in ask_in_bursts(many(21), sources):
            given.extend(burst)

    with pytest.raises(RuntimeError, match="later has a mistake"):
        asyncio.run(asyncio.wait_for(work(), 10))
    assert {one.answer.DOI for one in given} == set(many(21))


def test_a_mistake_of_who_gives_the_dois_ends_the_run_after_the_answers() -> None:
    def dois() -> Iterator[str]:
        yield from many(WEB_WINDOW)
        raise LookupError("the list")

    given: list[Found] = []

    async def work() -> None:
        async for burst in ask_in_bursts(dois(), Sources([Web(together=50)], net(Wire()))):
            given.extend(burst)

    with pytest.raises(LookupError, match="the list"):
        asyncio.run(asyncio.wait_for(work(), 10))
    assert len(given) > WEB_WINDOW - 6 * 50


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("twice", NOT_FOUND),
        ("another", UNREACHED),
        ("forgets", UNREACHED),
        ("unasked", UNREACHED),
        ("circle", FAILED),
    ],
)
@pytest.mark.parametrize("together", [1, 3])
def test_a_source_that_answers_nonsense(word: str, status: AnswerStatus, together: int) -> None:
    wire = Wire()
    source = Web(words={"10.1000/1": word}, together=together)
    founds = run(many(3), source, wire=wire)
    assert told(founds) == {"10.1000/0": FOUND, "10.1000/1": status, "10.1000/2": FOUND}
    assert all(one.answer.reason for one in founds if one.answer.status in (UNREACHED, FAILED))
    assert len(wire.requests) < 25


def test_a_source_that_asks_for_what_it_was_not_asked() -> None:
    class Curious(Web):
        def requests(self, dois: Sequence[str]) -> Iterator[Request]:
            yield from super().requests(dois)
            yield self.request("10.1000/other", *dois)
            yield self.request()

    one = Curious("one", otherwise="not_found")
    two = Web("two")
    assert told(run(many(3), one, two, wire=Wire())) == dict.fromkeys(many(3), FOUND)
    assert two.asked == many(3), "each is passed on once"


# Whatever they do

_WORDS = ["found", "not_found", "failed", "singly", "twice", "another", "forgets", "circle"]
_DOIS = many(12)
_words = st.dictionaries(st.sampled_from(_DOIS), st.sampled_from([*_WORDS, "unasked"]))
_sources = st.builds(
    Web,
    st.just(""),
    _words,
    otherwise=st.sampled_from(_WORDS),
    together=st.integers(1, 5),
    supplement=st.booleans(),
) | st.builds(Local, st.just(""), _words, otherwise=st.sampled_from(_WORDS[:-1]))
_troubles = st.dictionaries(
    st.sampled_from(_DOIS), st.sampled_from(["erred", "away", "refused", "slow"])
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    chain=st.lists(_sources, max_size=4),
    dois=st.lists(st.sampled_from(_DOIS + [doi.upper() for doi in _DOIS]), max_size=20),
    troubles=_troubles,
    online=st.booleans(),
    known=st.lists(st.sampled_from(_DOIS), unique=True),
)
def test_every_doi_is_answered_once_whatever_the_sources_do(
    chain: list[Web], dois: list[str], troubles: dict[str, str], online: bool, known: list[str]
) -> None:
    for position, source in enumerate(chain):
        source.name = f"s{position}"
        source.asked = []
    wire = Wire(troubles) if online else None
    stored = Kept(*(kept(doi, number * 5) for number, doi in enumerate(known)))
    founds = run(dois, *chain, wire=wire, stored=stored)
    last = Counter(doi_key(one.answer.DOI) for one in founds if not one.more)
    assert last == Counter({doi_key(doi): 1 for doi in dois})
    main = [one for one in founds if not one.supplement]
    first = Counter(doi_key(one.answer.DOI) for one in main)
    assert set(first.values()) <= {1}
    for one in founds:
        assert one.answer.status is not FOUND or one.answer.record is not None
        assert not one.interim
    for source in chain:
        asked = [doi_key(doi) for doi in source.asked]
        assert set(asked) <= {doi_key(doi) for doi in dois}


def refreshed(library: Library, *sources: Web, wire: Wire) -> list[EnrichItem]:
    wanted = library.begin_refresh("", [source.name for source in sources])
    targets = list(library.targets("", wanted))
    return enriched(library, *sources, wire=wire, targets=targets)


def test_a_refresh_that_was_stopped_goes_on_and_asks_nothing_twice(library: Library) -> None:
    bring(library, *many(6))
    enriched(library, Titled("volume", "7"), wire=Wire())
    # Half of them are away: it is as if the run had been stopped before it came to them.
    away = Wire(dict.fromkeys(many(6)[3:], "away"))
    first = refreshed(library, Titled("volume", "8", together=1), wire=away)
    assert sorted(item.status.value for item in first) == ["enriched"] * 3 + ["pending"] * 3
    wire = Wire()
    rest = refreshed(library, Titled("volume", "8"), wire=wire)
    assert sorted(wire.dois) == many(6)[3:]
    assert [item.status for item in rest] == [EnrichmentStatus.ENRICHED] * 3
    assert {work.description.volume for work in library.search()} == {"8"}
    # It is done: the next one asks for all again.
    wire = Wire()
    again = refreshed(library, Titled("volume", "8"), wire=wire)
    assert sorted(wire.dois) == many(6)
    assert {item.status for item in again} == {EnrichmentStatus.UNCHANGED}


def test_a_refresh_that_finds_nothing_new_is_no_change(library: Library) -> None:
    bring(library, *many(3))
    enriched(library, Titled("volume", "7"), wire=Wire())
    before = library.history()
    refreshed(library, Titled("volume", "7"), wire=Wire())
    assert library.history() == before
    assert len(library.records(library.get("k0"))) == 2
    assert library.get("k0").enrichment is EnrichmentStatus.ENRICHED
