"""Enriching works by their DOIs: sources are asked, answers kept, works reconciled.

The sources are asked in order, the next one for what the one before did not hold. Answers are
written as they come, a few at a time, with their raw payloads, so that a run that is stopped has
lost nothing and the next one goes on where it was. What a source says is checked against what is
known before it is believed: a record of another work is kept as a mismatch, and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from refman.errors import SourceError, SourceRefused, SourceUnavailable
from refman.model import Description, EnrichmentStatus, Record, RecordState, Work
from refman.model.identifier import doi_key, parse_doi
from refman.ports import Answer, AnswerStatus, LocalSource, Request, Source, WebSource
from refman.rules import citekey, merge
from refman.rules.agreement import agrees
from refman.services.keys import KeyGiver
from refman.store import Store, Writer
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.net import Net

WINDOW = 100_000
"""DOIs that are in hand at once: enough for one pass over a snapshot, few enough for memory."""
_FLUSH = 50
"""Answers that are written together, if they come together."""
_LINGER = 0.2
"""Seconds that an answer may wait for the next one before it is written."""
_IN_FLIGHT = 6


class MergePolicy(StrEnum):
    """How far a source is believed."""

    FILL = "fill"
    """It fills what is empty and replaces what an importer guessed."""
    PREFER_SOURCE = "prefer-source"
    """It replaces all but what the user wrote."""
    REVIEW = "review"
    """It only proposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichPolicy:
    """What the user asks of an enrichment."""

    policy: MergePolicy = MergePolicy.FILL
    refresh: bool = False
    """Whether to ask again for what has been answered."""
    dry_run: bool = False
    """Whether to keep the answers but change no work."""
    settle_keys: bool = False
    """Whether works that were known by their DOI only, and have it for a key, get a proper key.

    Otherwise only those do that wait for enrichment since they were imported. Enriching changes no
    other key, and the DOI still finds the work.
    """
    change_id: int | None = None
    """The change to book it under, where it is a part of one; else it is one of its own."""


@dataclass(frozen=True, slots=True)
class EnrichItem:
    """What became of one work."""

    citation_key: str
    doi: str
    status: EnrichmentStatus
    source: str | None = None
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    reason: str | None = None
    work_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources to ask, in order, and the client that asks those on the web."""

    sources: Sequence[Source]
    net: Net | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The last word of the sources on one DOI."""

    answer: Answer
    source: str | None


async def ask(dois: Iterable[str], sources: Sources) -> AsyncIterator[Found]:
    """Ask the sources in turn for each DOI; every DOI gets one answer.

    A DOI that no source could be asked for is UNREACHED.
    """
    left = list(dict.fromkeys(dois))
    last: dict[str, Found] = {}
    for position, source in enumerate(sources.sources):
        if not left:
            return
        final = position == len(sources.sources) - 1
        next_round: list[str] = []
        async for answer in _one_each(_ask_one(source, left, sources.net), left):
            found = Found(answer, source.name)
            if answer.status is AnswerStatus.NOT_FOUND and answer.DOI in last:
                # That this one has no record does not settle what another was not asked.
                found = last[answer.DOI]
            if answer.status is AnswerStatus.FOUND or final:
                last.pop(answer.DOI, None)
                yield found
            else:
                last[answer.DOI] = found
                next_round.append(answer.DOI)
        left = next_round
    for doi in left:
        yield last.get(doi, Found(_unreached(doi, "there is no source to ask"), None))


async def _one_each(answers: AsyncIterator[Answer], dois: Sequence[str]) -> AsyncIterator[Answer]:
    """One answer for each DOI, also from a source that forgets some or answers unasked."""
    left = dict.fromkeys(dois)
    async for answer in answers:
        if answer.DOI in left:
            del left[answer.DOI]
            yield answer
    for doi in left:
        yield _unreached(doi, "no answer")


async def _ask_one(source: Source, dois: Sequence[str], net: Net | None) -> AsyncIterator[Answer]:
    if isinstance(source, LocalSource):
        try:
            for answer in source.lookup(dois):
                yield answer
                await asyncio.sleep(0)
        except (SourceError, OSError) as error:
            for doi in dois:
                yield _unreached(doi, str(error))
    elif net is None:
        for doi in dois:
            yield _unreached(doi, "offline")
    else:
        async for answer in _ask_web(source, dois, net):
            yield answer


def _unreached(doi: str, reason: str) -> Answer:
    return Answer(DOI=doi, status=AnswerStatus.UNREACHED, reason=reason)


async def _ask_web(source: WebSource, dois: Sequence[str], net: Net) -> AsyncIterator[Answer]:
    """Answers as they come, some requests being under way at any time."""
    first = source.requests(dois)
    follow_ups: list[Request] = []
    under_way: set[asyncio.Task[list[Answer | Request]]] = set()

    async def fetch(request: Request) -> list[Answer | Request]:
        try:
            response = await net.fetch(request)
        except (SourceUnavailable, SourceRefused) as error:
            return [_unreached(doi, error.message) for doi in request.dois]
        return list(source.read(request, response))

    try:
        while True:
            while len(under_way) < _IN_FLIGHT:
                request = follow_ups.pop() if follow_ups else next(first, None)
                if request is None:
                    break
                under_way.add(asyncio.create_task(fetch(request)))
            if not under_way:
                break
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            # Those that broke come last, so that what the others brought is kept.
            for task in sorted(done, key=lambda task: task.exception() is not None):
                for outcome in task.result():
                    if isinstance(outcome, Request):
                        follow_ups.append(outcome)
                    else:
                        yield outcome
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def enrich(
    store: Store,
    targets: Iterable[tuple[int, str]],
    sources: Sources,
    policy: EnrichPolicy,
) -> AsyncIterator[EnrichItem]:
    """Enrich works, given by id and DOI; yields what became of each.

    Items come when what they say is durable. Raises `StoreError`.
    """
    targets = iter(targets)
    session = _Session(store, policy, ", ".join(source.name for source in sources.sources))
    while window := list(islice(targets, WINDOW)):
        works: dict[str, list[int]] = {}
        askable: dict[str, str] = {}
        for work_id, doi in window:
            if parse_doi(doi) is None:
                yield session.refuse(work_id, doi)
                continue
            key = doi_key(doi)
            works.setdefault(key, []).append(work_id)
            askable.setdefault(key, doi)
        async with aclosing(_in_bursts(ask(askable.values(), sources))) as bursts:
            async for burst in bursts:
                for item in session.write(burst, works):
                    yield item


async def _in_bursts(answers: AsyncIterator[Found]) -> AsyncGenerator[list[Found]]:
    """Answers by the handful, none of them kept waiting while the next one is long in coming.

    What comes slowly would otherwise be asked for again after a run that was killed.
    """
    burst: list[Found] = []
    following = asyncio.ensure_future(anext(answers, None))
    try:
        while True:
            await asyncio.wait({following}, timeout=_LINGER if burst else None)
            came = following.done() and following.exception() is None and following.result()
            if came:
                burst.append(came)
                following = asyncio.ensure_future(anext(answers, None))
                if len(burst) < _FLUSH:
                    continue
            if burst:
                yield burst
                burst = []
            elif following.done():
                following.result()
                return
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


class _Session:
    """One enrichment: books all it does under one change."""

    def __init__(self, store: Store, policy: EnrichPolicy, source_names: str) -> None:
        self._store = store
        self._policy = policy
        self._source_names = source_names
        self._change = policy.change_id
        self._enriched = 0

    def refuse(self, work_id: int, doi: str) -> EnrichItem:
        """A work whose DOI is none."""
        reason = f"{doi} is no DOI"
        with self._store.writing() as writer:
            if not self._policy.dry_run:
                writer.set_enrichment([work_id], EnrichmentStatus.FAILED, None, reason)
            work = writer.work(work_id)
        key = work.citation_key if work is not None else ""
        return EnrichItem(key, doi, EnrichmentStatus.FAILED, None, {}, reason, work_id)

    def write(self, answers: Sequence[Found], works: Mapping[str, list[int]]) -> list[EnrichItem]:
        """Write some answers in one transaction."""
        if not answers:
            return []
        items: list[EnrichItem] = []
        additions: list[tuple[int, Record]] = []
        with self._store.writing() as writer:
            ids = [id_ for found in answers for id_ in works[doi_key(found.answer.DOI)]]
            known = {work.id: work for work in writer.works(ids)}
            for found in answers:
                record = self._keep(writer, found)
                for work_id in works[doi_key(found.answer.DOI)]:
                    if work_id in known:
                        item, addition = self._judge(writer, known[work_id], found, record)
                        items.append(item)
                        additions += addition
            if additions and not self._policy.dry_run:
                self._add(writer, additions, items)
                items = self._settle_keys(writer, items, known)
            if not self._policy.dry_run:
                changed = {work_id for work_id, _ in additions}
                for item in items:
                    assert item.work_id is not None
                    change = self._change if item.work_id in changed else None
                    writer.set_enrichment(
                        [item.work_id], item.status, item.source, item.reason, change_id=change
                    )
        return items

    def _keep(self, writer: Writer, found: Found) -> Record | None:
        """Keep the raw answer; the record with its digest."""
        answer = found.answer
        if answer.record is None or answer.payload is None or found.source is None:
            return answer.record
        digest = writer.save_payload(found.source, answer.DOI, answer.payload)
        return replace(answer.record, payload=digest)

    def _judge(
        self, writer: Writer, work: Work, found: Found, record: Record | None
    ) -> tuple[EnrichItem, list[tuple[int, Record]]]:
        """What an answer means for a work, and the records it adds."""
        doi = work.description.DOI or found.answer.DOI
        if record is None:
            status, reason = _status_without_record(found.answer)
            return (
                EnrichItem(work.citation_key, doi, status, found.source, {}, reason, work.id),
                [],
            )
        record = replace(
            record,
            origin=replace(
                record.origin,
                retrieved=writer.now,
                preferred=self._policy.policy is MergePolicy.PREFER_SOURCE,
            ),
        )
        agreement = agrees(work.description, record.description)
        if not agreement.ok:
            record = replace(record, state=RecordState.MISMATCH)
            return (
                EnrichItem(
                    work.citation_key,
                    doi,
                    EnrichmentStatus.MISMATCH,
                    found.source,
                    {},
                    agreement.reason,
                    work.id,
                ),
                [(work.id, record)],
            )
        others = [
            other
            for other in writer.records(work.id)
            if other.state is RecordState.STANDING and other.origin.name != record.origin.name
        ]
        after = merge.reconcile([*others, record]).description
        changed = merge.changes(work.description, after)
        reason = None
        if self._policy.policy is MergePolicy.REVIEW:
            record = replace(record, state=RecordState.PROPOSED)
            reason = f"proposed: {', '.join(changed)}" if changed else None
        status = EnrichmentStatus.ENRICHED if changed else EnrichmentStatus.UNCHANGED
        item = EnrichItem(work.citation_key, doi, status, found.source, changed, reason, work.id)
        return item, [(work.id, record)]

    def _add(
        self,
        writer: Writer,
        additions: Sequence[tuple[int, Record]],
        items: Sequence[EnrichItem],
    ) -> None:
        if self._change is None:
            self._change = writer.change("source", "enrich", "enrichment")
        writer.supersede(self._change, additions)
        self._enriched += sum(item.status is EnrichmentStatus.ENRICHED for item in items)
        if self._policy.change_id is None:
            changed = counted(self._enriched, "work")
            writer.summarise(
                self._change, f"enrichment from {self._source_names}: {changed} changed"
            )

    def _settle_keys(
        self, writer: Writer, items: Sequence[EnrichItem], before: Mapping[int, Work]
    ) -> list[EnrichItem]:
        """Give works that have their DOI for a key the key that their description gives.

        Those that were imported to be enriched at once, and had to wait, are among them.
        """
        bare = {
            item.work_id: citekey.make_key(Description(DOI=item.doi))
            for item in items
            if item.work_id is not None
            and item.status is EnrichmentStatus.ENRICHED
            and (
                self._policy.settle_keys
                or before[item.work_id].enrichment is EnrichmentStatus.PENDING
            )
        }
        if not bare:
            return list(items)
        wanted = {
            work.id: key
            for work in writer.works(list(bare))
            if work.citation_key == bare[work.id]
            and (key := citekey.make_key(work.description)) != work.citation_key
        }
        giver = KeyGiver()
        giver.prepare(writer, wanted.values())
        keys = {work_id: giver.give(writer, key) for work_id, key in wanted.items()}
        writer.replace_keys(keys)
        return [
            replace(item, citation_key=keys.get(item.work_id or 0, item.citation_key))
            for item in items
        ]


def _status_without_record(answer: Answer) -> tuple[EnrichmentStatus, str | None]:
    if answer.status is AnswerStatus.NOT_FOUND:
        return EnrichmentStatus.NOT_FOUND, answer.reason or "no source knows this DOI"
    if answer.status is AnswerStatus.UNREACHED:
        return EnrichmentStatus.PENDING, answer.reason
    return EnrichmentStatus.FAILED, answer.reason or "no usable answer"
