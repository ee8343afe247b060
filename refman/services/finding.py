"""Finding the DOIs of works that lack one, by a bibliographic search at Crossref.

What is known of a work is asked for, and of what comes back `refman.rules.candidate` says which
record is surely the work, if any: a wrong DOI is worse than none. A DOI that is taken is a guess
of the source `crossref-search`, all of a run under one change; a likely one becomes a proposal,
which changes nothing. What was answered is kept, so that no question is asked twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING

from refman.crosswalk.crossref import description_from_message, is_deleted
from refman.errors import SourceRefused, SourceUnavailable
from refman.model import Description, Origin, OriginKind, Record, RecordState, Work
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus, Request
from refman.rules.candidate import Choice, Judgement, is_reference, judge
from refman.rules.freshness import Freshness
from refman.rules.query import And, Has, Node, Not
from refman.store import Store, Writer
from refman.text.counting import counted
from refman.text.markup import strip_markup

if TYPE_CHECKING:
    from refman.net import Net

SOURCE = "crossref-search"
"""The name under which records and answers of the search are kept."""
ROWS = 8
"""Candidates that are asked for: the right one is nearly always the first; the others are its
neighbours, and show whether it is the only one."""

_KEPT = ("text", "reference")
"""Format and name under which a plain reference is kept whole (`refman.crosswalk.reference`)."""
_IN_FLIGHT = 3
_WINDOW = 200
"""Works that are in hand at once."""
_LONGEST_QUESTION = 800


class FoundStatus(StrEnum):
    """What became of the search for one work's DOI."""

    TAKEN = "taken"
    PROPOSED = "proposed"
    NONE = "none"
    FAILED = "failed"
    """The search could not be asked, or gave no proper answer; the next run asks again."""


@dataclass(frozen=True, slots=True)
class FoundDoi:
    """What became of the search for the DOI of one work. `doi` is the one taken or proposed."""

    citation_key: str
    work_id: int
    status: FoundStatus
    doi: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for some works that are described alike."""

    key: str
    text: str
    works: list[int]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What was answered to a question: the body of the answer, or why there is none."""

    question: _Question
    body: bytes | None
    trouble: str = ""
    kept: bool = False
    """Whether it was answered before."""


async def find_missing_dois(
    store: Store,
    query: Node,
    *,
    base_url: str,
    mailto: str | None,
    net: Net | None,
    dry_run: bool = False,
    freshness: Freshness | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> AsyncIterator[FoundDoi]:
    """Search for the DOIs of those works of a query that have none; yields what became of each.

    Items come when what they say is durable. In a `dry_run` answers are kept, but no work is
    changed; `freshness` says how long an answer holds. `on_progress` is told how
    many of how many works are done. Raises `SourceUnavailable` without a client, `ConfigError`
    for a base address that is not asked, and `StoreError`.
    """
    if net is None:
        raise SourceUnavailable("Searching for DOIs needs the network, and refman is offline.")
    wanted = And((Not(Has("DOI")), query))
    ids = [row.id for row in store.rows(wanted, descending=False)]
    run = _Run(store, net, base_url, mailto, dry_run=dry_run, freshness=freshness or Freshness())
    done = 0
    for start in range(0, len(ids), _WINDOW):
        async with aclosing(run.window(ids[start : start + _WINDOW])) as found:
            async for item in found:
                done += 1
                if on_progress is not None:
                    on_progress(done, len(ids))
                yield item


def question_of(wanted: Description | str) -> str:
    """What to search with: a reference as it is, or the parts of one; "" where too little is known.

    A work whose title is a whole reference is asked for by that alone.
    """
    wanted = _best_known(wanted)
    if isinstance(wanted, str):
        return " ".join(wanted.split())[:_LONGEST_QUESTION]
    title = strip_markup(wanted.title or "")
    if is_reference(wanted):
        return " ".join(title.split())[:_LONGEST_QUESTION]
    if not title and not (wanted.container_title and wanted.page):
        return ""
    names = wanted.author or wanted.editor
    parts = (
        title,
        names[0].full_family if names else "",
        wanted.container_title or "",
        str(wanted.year or ""),
        wanted.volume or "",
        wanted.page or "",
    )
    return " ".join(" ".join(parts).split())[:_LONGEST_QUESTION]


def _best_known(wanted: Description | str) -> Description | str:
    """The reference that a work was read from, where it says more than what was read of it."""
    if isinstance(wanted, str) or (wanted.title and wanted.author and wanted.year):
        return wanted
    lines = (extra.value for extra in wanted.extra if (extra.format, extra.name) == _KEPT)
    return next(lines, wanted)


def search_request(question: str, base_url: str, mailto: str | None) -> Request | None:
    """The request that asks Crossref; None where there is no question."""
    from refman.net.habanero_search import search_url  # noqa: PLC0415  (not when refman starts)

    url = search_url(question, base_url=base_url, mailto=mailto, rows=ROWS)
    headers = {"accept": "application/json"}
    return Request(url=url, dois=(), kind="array", headers=headers) if url else None


def candidates_of(body: bytes) -> list[Description]:
    """The records in an answer, best first. Raises `SourceUnavailable` where it is none."""
    from refman.net.habanero_search import read_items  # noqa: PLC0415

    items = (item for item in read_items(body) if not is_deleted(item))
    return [description_from_message(item).description for item in items]


def suggest(
    reference: str | Description, *, base_url: str, mailto: str | None
) -> tuple[Judgement, list[Description]]:
    """Ask for one reference that a person has in hand: the judgement, and all candidates.

    It asks through habanero, waits for the answer, and is not paced. Raises `SourceError`.
    """
    from refman.net.habanero_search import search  # noqa: PLC0415

    messages = search(question_of(reference), base_url=base_url, mailto=mailto, rows=ROWS)
    found = [description_from_message(m).description for m in messages if not is_deleted(m)]
    return judge(reference, found), found


class _Run:
    """One search for many: books all it does under one change."""

    def __init__(
        self,
        store: Store,
        net: Net,
        base_url: str,
        mailto: str | None,
        *,
        dry_run: bool,
        freshness: Freshness,
    ) -> None:
        self._store = store
        self._net = net
        self._base_url = base_url
        self._mailto = mailto
        self._dry_run = dry_run
        self._freshness = freshness
        self._change: int | None = None
        self._counts = {FoundStatus.TAKEN: 0, FoundStatus.PROPOSED: 0}

    async def window(self, ids: Sequence[int]) -> AsyncGenerator[FoundDoi]:
        """What becomes of some works: first of those for which the answer is kept."""
        questions: dict[str, _Question] = {}
        for work in self._store.works(ids):
            text = question_of(work.description)
            if not text:
                reason = "too little is known of it to search"
                yield FoundDoi(work.citation_key, work.id, FoundStatus.NONE, None, reason)
                continue
            key = blake2b(f"{ROWS} {text}".encode(), digest_size=16).hexdigest()
            questions.setdefault(key, _Question(key, text, [])).works.append(work.id)
        kept = self._kept(questions)
        for item in self._write(kept):
            yield item
        for reply in kept:
            del questions[reply.question.key]
        async with aclosing(self._ask(list(questions.values()))) as bursts:
            async for burst in bursts:
                for item in self._write(burst):
                    yield item

    def _kept(self, questions: Mapping[str, _Question]) -> list[_Reply]:
        """The answers that were given before, and still hold."""
        now = datetime.now(UTC)
        return [
            _Reply(questions[key], answer.payload, kept=True)
            for key, answer in self._store.stored_answers(SOURCE, questions).items()
            if self._freshness.holds(answer, now)
        ]

    async def _ask(self, questions: list[_Question]) -> AsyncGenerator[list[_Reply]]:
        """Replies as they come, some requests being under way at any time."""
        waiting = iter(questions)
        under_way: set[asyncio.Task[_Reply]] = set()
        try:
            while True:
                for question in waiting:
                    under_way.add(asyncio.create_task(self._fetch(question)))
                    if len(under_way) == _IN_FLIGHT:
                        break
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                broken = [task for task in done if task.exception() is not None]
                if replies := [task.result() for task in done if task not in broken]:
                    yield replies
                for task in broken:
                    task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _fetch(self, question: _Question) -> _Reply:
        request = search_request(question.text, self._base_url, self._mailto)
        assert request is not None
        try:
            response = await self._net.fetch(request)
        except (SourceUnavailable, SourceRefused) as error:
            return _Reply(question, None, error.message)
        if response.status != 200:
            trouble = f"the search was not answered (status {response.status})"
            return _Reply(question, None, trouble)
        return _Reply(question, response.body)

    def _write(self, replies: Sequence[_Reply]) -> list[FoundDoi]:
        """Judge some replies, and write what comes of them in one transaction."""
        if not replies:
            return []
        items: list[FoundDoi] = []
        additions: list[tuple[int, Record]] = []
        answers: list[Answer] = []
        with self._store.writing() as writer:
            ids = [work_id for reply in replies for work_id in reply.question.works]
            known = {work.id: work for work in writer.works(ids)}
            for reply in replies:
                works = [known[id_] for id_ in reply.question.works if id_ in known]
                judged = [self._judged(writer, work, reply) for work in works]
                items += judged
                if not reply.kept and not any(i.status is FoundStatus.FAILED for i in judged):
                    answers.append(_answer(reply, judged))
            if answers:
                writer.save_answers(SOURCE, answers)
            if not self._dry_run:
                additions = list(_additions(writer, items))
            if additions:
                self._add(writer, additions)
        return items

    def _judged(self, writer: Writer, work: Work, reply: _Reply) -> FoundDoi:
        """What a reply means for a work."""
        key = work.citation_key
        if work.description.DOI:
            reason = "it has a DOI by now"
            return FoundDoi(key, work.id, FoundStatus.NONE, None, reason)
        found: list[Description] = []
        try:
            if reply.body is not None:
                found = candidates_of(reply.body)
        except SourceUnavailable as error:
            return FoundDoi(key, work.id, FoundStatus.FAILED, None, error.message)
        if reply.trouble:
            return FoundDoi(key, work.id, FoundStatus.FAILED, None, reply.trouble)
        judgement = judge(_best_known(work.description), found)
        if judgement.choice is Choice.NONE or judgement.DOI is None:
            return FoundDoi(key, work.id, FoundStatus.NONE, None, judgement.reason)
        refused = _refused(writer.records(work.id), judgement.DOI)
        if refused is not None:
            return FoundDoi(key, work.id, FoundStatus.NONE, None, refused)
        taken = judgement.choice is Choice.TAKE
        status = FoundStatus.TAKEN if taken else FoundStatus.PROPOSED
        return FoundDoi(
            key, work.id, status, judgement.DOI, _shared(writer, judgement.DOI, judgement.reason)
        )

    def _add(self, writer: Writer, additions: Sequence[tuple[int, Record]]) -> None:
        self._change = writer.go_on(self._change, "source", "find-dois", "search for DOIs")
        writer.supersede(self._change, additions)
        for _, record in additions:
            taken = record.state is RecordState.STANDING
            self._counts[FoundStatus.TAKEN if taken else FoundStatus.PROPOSED] += 1
        taken_count, proposed = self._counts.values()
        summary = f"DOIs of {counted(taken_count, 'work')} found by a search"
        if proposed:
            summary += f", {proposed:,} proposed"
        writer.summarise(self._change, summary)


def _answer(reply: _Reply, items: Sequence[FoundDoi]) -> Answer:
    """What is kept of a reply: all of it where something came of it."""
    if any(item.doi is not None for item in items):
        return Answer(DOI=reply.question.key, status=AnswerStatus.FOUND, payload=reply.body)
    reason = items[0].reason if items else None
    return Answer.not_found(reply.question.key, reason)


def _additions(writer: Writer, items: Sequence[FoundDoi]) -> Iterator[tuple[int, Record]]:
    """The records that what was found adds; a proposal that is there already adds none."""
    for item in items:
        if item.doi is None:
            continue
        taken = item.status is FoundStatus.TAKEN
        record = Record(
            description=Description(DOI=item.doi),
            guessed=frozenset({"DOI"}),
            origin=Origin(
                kind=OriginKind.SOURCE, name=SOURCE, location=item.doi, retrieved=writer.now
            ),
            state=RecordState.STANDING if taken else RecordState.PROPOSED,
        )
        if taken or not writer.has_record(item.work_id, record):
            yield item.work_id, record


def _refused(records: Sequence[Record], doi: str) -> str | None:
    """Why the user does not want this DOI, if that is known."""
    for record in records:
        said = record.description.DOI
        if record.state is RecordState.WITHDRAWN:
            if record.origin.name == SOURCE and said and doi_key(said) == doi_key(doi):
                return f"{doi} was found before, and taken back"
        elif record.origin.kind is OriginKind.USER and "DOI" in record.cleared:
            return "you said that it has none"
    return None


def _shared(writer: Writer, doi: str, reason: str) -> str:
    """The reason, with the work that has the DOI already, if there is one."""
    holders, _ = writer.candidates([("doi", doi_key(doi))], [])
    keys = [work.citation_key for ids in holders.values() for work in writer.works(ids)]
    return f"{reason}; {keys[0]} has this DOI too" if keys else reason
