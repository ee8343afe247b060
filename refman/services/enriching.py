"""Enriching works by their DOIs: sources are asked, answers kept, works reconciled.

The sources are asked in order, the next one for what the one before did not hold. Answers are
written as they come, a few at a time, with their raw payloads, so that a run that is stopped has
lost nothing and the next one goes on where it was. What a source says is checked against what is
known before it is believed: a record of another work is kept as a mismatch, and changes nothing.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from refman.model import Description, EnrichmentStatus, OriginKind, Record, RecordState, Work
from refman.model.identifier import doi_key, parse_doi
from refman.ports import Answer, AnswerStatus
from refman.rules import citekey, merge
from refman.rules.agreement import agrees
from refman.rules.freshness import Freshness
from refman.services.asking import Found, Sources, ask, ask_in_bursts
from refman.services.decisions import answered_fields, is_dismissed, without_fields
from refman.services.keys import KeyGiver
from refman.store import Store, Writer
from refman.store.answering import payload_digest
from refman.text.counting import counted

__all__ = [
    "EnrichItem", "EnrichPolicy", "Found", "Freshness", "MergePolicy", "Sources", "ask", "enrich",
]  # fmt: skip


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
    template: str = citekey.DEFAULT
    """The template of those keys."""
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


async def enrich(
    store: Store,
    targets: Iterable[tuple[int, str]],
    sources: Sources,
    policy: EnrichPolicy,
) -> AsyncIterator[EnrichItem]:
    """Enrich works, given by id and DOI; yields what became of each.

    The targets are taken as there is room for them. Items come when what they say is durable.
    What the library holds of earlier answers is used. Raises `StoreError`.
    """
    sources = replace(
        sources,
        stored=sources.stored or store,
        freshness=replace(sources.freshness, refresh=policy.refresh or sources.freshness.refresh),
    )
    session = _Session(store, policy, sources)
    async with aclosing(ask_in_bursts(session.dois(targets), sources)) as bursts:
        async for burst in bursts:
            for item in (*session.refused(), *session.write(burst)):
                yield item
    for item in session.refused():
        yield item


class _Session:
    """One enrichment: books all it does under one change."""

    def __init__(self, store: Store, policy: EnrichPolicy, sources: Sources) -> None:
        self._store = store
        self._policy = policy
        self._source_names = ", ".join(source.name for source in sources.sources)
        self._only_supplements = 0 < len(sources.supplements) == len(sources.sources)
        self._change = policy.change_id
        self._enriched = 0
        self._waiting: dict[str, list[int]] = {}
        self._held: dict[str, list[Found]] = {}
        self._refused: list[tuple[int, str]] = []

    def dois(self, targets: Iterable[tuple[int, str]]) -> Iterator[str]:
        """The DOIs to ask for. Works that share one wait for the same answer."""
        for work_id, doi in targets:
            if parse_doi(doi) is None:
                self._refused.append((work_id, doi))
                continue
            waiting = self._waiting.setdefault(doi_key(doi), [])
            waiting.append(work_id)
            if len(waiting) == 1:
                yield doi

    def refused(self) -> Iterator[EnrichItem]:
        """The works whose DOI is none."""
        refused, self._refused = self._refused, []
        if not refused:
            return
        with self._store.writing() as writer:
            works = {work.id: work for work in writer.works([work_id for work_id, _ in refused])}
            for work_id, doi in refused:
                if work_id in works and not self._policy.dry_run:
                    reason = f"{doi} is no DOI"
                    writer.set_enrichment([work_id], EnrichmentStatus.FAILED, None, reason)
        for work_id, doi in refused:
            if work_id in works:
                yield EnrichItem(
                    works[work_id].citation_key,
                    doi,
                    EnrichmentStatus.FAILED,
                    reason=f"{doi} is no DOI",
                    work_id=work_id,
                )

    def write(self, answers: Sequence[Found]) -> list[EnrichItem]:
        """Write some answers in one transaction. Gives the items of works that are done with.

        All are kept at once. What they mean for works is judged when the last source has spoken:
        where the run is stopped before, the next one finds the works as they were, and the answers.
        """
        items: dict[int, EnrichItem] = {}
        works: dict[int, Work] = {}
        added: set[int] = set()
        with self._store.writing() as writer:
            self._keep(writer, answers)
            whole = self._whole(answers, writer.now)
            rounds = list(whole.values())
            while rounds:
                # A work changes with each answer, so those to one DOI are taken one after another.
                first = [founds[0] for founds in rounds]
                works = self._take_in(writer, first, items, added) | works
                rounds = [founds[1:] for founds in rounds if founds[1:]]
            settled = self._finish(writer, items, works, added)
        for key in whole:
            self._waiting.pop(key, None)
        return settled

    def _whole(self, answers: Sequence[Found], now: str) -> dict[str, list[Found]]:
        """All that was said of each DOI of which no more will be; the rest is held back."""
        whole = {}
        for found in answers:
            if not found.interim:
                key = doi_key(found.answer.DOI)
                said = self._held.setdefault(key, [])
                said.append(replace(found, retrieved=found.retrieved or now))
                if not found.more:
                    whole[key] = self._held.pop(key)
        return whole

    def _take_in(
        self,
        writer: Writer,
        answers: Sequence[Found],
        items: dict[int, EnrichItem],
        added: set[int],
    ) -> dict[int, Work]:
        """Judge an answer to each of some DOIs, and add what they bring.

        Adds to the items, and to the ids of works with something added. Gives the works as they
        were.
        """
        waiting = [self._waiting.get(doi_key(found.answer.DOI), []) for found in answers]
        known = {work.id: work for work in writer.works([i for ids in waiting for i in ids])}
        additions: list[tuple[int, Record]] = []
        for found, ids in zip(answers, waiting, strict=True):
            record = self._record(found)
            for work_id in ids:
                if work_id in known:
                    before = items.get(work_id)
                    records = () if record is None else writer.records(work_id)
                    item, addition = self._judge(known[work_id], found, record, records)
                    if any(new.state is not RecordState.STANDING for _, new in addition):
                        decided = writer.decided(work_id)
                        item, addition = _as_decided(item, addition, decided, records)
                    if found.supplement and _is_doubted(known[work_id], before):
                        item, addition = _doubted(item, addition)
                    items[work_id] = item if before is None else _together(before, item)
                    additions += addition
        if additions and not self._policy.dry_run:
            self._add(writer, additions)
            added.update(work_id for work_id, _ in additions)
        return known

    def _finish(
        self,
        writer: Writer,
        items: Mapping[int, EnrichItem],
        works: Mapping[int, Work],
        added: Collection[int],
    ) -> list[EnrichItem]:
        """Note what became of works."""
        done = list(items.values())
        if self._policy.dry_run:
            return done
        if added:
            self._enriched += sum(item.status is EnrichmentStatus.ENRICHED for item in done)
            self._summarise(writer)
            done = self._settle_keys(writer, done, works)
        if self._only_supplements:
            # Those that are asked in turn have not been, so the works still wait for them.
            return done
        for item in done:
            assert item.work_id is not None
            if self._is_known_better(item, works[item.work_id].enrichment):
                continue
            change = self._change if item.work_id in added else None
            writer.set_enrichment(
                [item.work_id], item.status, item.source, item.reason, change_id=change
            )
        return done

    def _is_known_better(self, item: EnrichItem, noted: EnrichmentStatus | None) -> bool:
        """Whether what is noted of a work says more than what became of it now."""
        if item.status in (EnrichmentStatus.PENDING, EnrichmentStatus.FAILED):
            # It was answered before, or by another process, and that still holds.
            return noted in _ANSWERED
        # Another process was quicker, and what it noted is what became of the work.
        quicker = item.status is EnrichmentStatus.UNCHANGED and noted is EnrichmentStatus.ENRICHED
        return quicker and not self._policy.refresh

    def _keep(self, writer: Writer, answers: Sequence[Found]) -> None:
        """Keep the raw answers that are new. What was a miss has been given before, by itself."""
        said: dict[str, list[Answer]] = {}
        for found in answers:
            if found.source is not None and not found.retrieved and _is_settled(found.answer):
                said.setdefault(found.source, []).append(found.answer)
        for source, given in said.items():
            writer.save_answers(source, given)

    def _judge(
        self,
        work: Work,
        found: Found,
        record: Record | None,
        known: Sequence[Record],
    ) -> tuple[EnrichItem, list[tuple[int, Record]]]:
        """What an answer means for a work, of which records are known, and what it adds."""
        item = EnrichItem(
            work.citation_key,
            work.description.DOI or found.answer.DOI,
            EnrichmentStatus.UNCHANGED,
            found.source,
            work_id=work.id,
        )
        if record is None:
            status, reason = _status_without_record(found.answer)
            return replace(item, status=status, reason=reason), []
        agreement = agrees(work.description, record.description)
        if not agreement.ok:
            record = replace(record, state=RecordState.MISMATCH)
            item = replace(item, status=EnrichmentStatus.MISMATCH, reason=agreement.reason)
            return item, [(work.id, record)]
        name = record.origin.name
        others = [
            other
            for other in known
            if other.state is RecordState.STANDING
            and (other.origin.kind is not OriginKind.SOURCE or other.origin.name != name)
        ]
        after = merge.reconcile([*others, record]).description
        changed = merge.changes(work.description, after)
        reason = None
        if self._policy.policy is MergePolicy.REVIEW:
            record = replace(record, state=RecordState.PROPOSED)
            reason = f"proposed: {', '.join(changed)}" if changed else None
        status = EnrichmentStatus.ENRICHED if changed else EnrichmentStatus.UNCHANGED
        additions = [(work.id, record)]
        if any(_says_the_same(record, other) for other in known):
            additions = []
        return replace(item, status=status, changed=changed, reason=reason), additions

    def _record(self, found: Found) -> Record | None:
        """The record of an answer as it goes into the library."""
        record = found.answer.record
        if record is None:
            return None
        origin = replace(
            record.origin,
            retrieved=found.retrieved,
            preferred=self._policy.policy is MergePolicy.PREFER_SOURCE,
        )
        return replace(record, payload=payload_digest(found.answer.payload), origin=origin)

    def _add(self, writer: Writer, additions: Sequence[tuple[int, Record]]) -> None:
        self._change = writer.go_on(self._change, "source", "enrich", "enrichment")
        writer.supersede(self._change, additions)

    def _summarise(self, writer: Writer) -> None:
        if self._policy.change_id is None:
            assert self._change is not None
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
            and (key := citekey.make_key(work.description, self._policy.template))
            != work.citation_key
        }
        giver = KeyGiver()
        giver.prepare(writer, wanted.values())
        keys = {work_id: giver.give(writer, key) for work_id, key in wanted.items()}
        writer.replace_keys(keys)
        return [
            replace(item, citation_key=keys.get(item.work_id or 0, item.citation_key))
            for item in items
        ]


_ANSWERED = frozenset(
    (
        EnrichmentStatus.ENRICHED,
        EnrichmentStatus.UNCHANGED,
        EnrichmentStatus.NOT_FOUND,
        EnrichmentStatus.MISMATCH,
    )
)


def _is_doubted(work: Work, item: EnrichItem | None) -> bool:
    """Whether the DOI of a work has turned out to be another work's."""
    if item is not None:
        return item.status is EnrichmentStatus.MISMATCH
    return work.enrichment is EnrichmentStatus.MISMATCH


def _doubted(
    item: EnrichItem, additions: Sequence[tuple[int, Record]]
) -> tuple[EnrichItem, list[tuple[int, Record]]]:
    """What a supplement says of a DOI that is another work's: kept, and not believed.

    It may know too little to contradict by itself.
    """
    mismatch = EnrichmentStatus.MISMATCH
    reason = "another source's record of this DOI is of another work"
    return (
        replace(item, status=mismatch, changed={}, reason=item.reason or reason),
        [(work_id, replace(r, state=RecordState.MISMATCH)) for work_id, r in additions],
    )


def _is_settled(answer: Answer) -> bool:
    """Whether an answer is worth keeping: the source has said what it knows."""
    return answer.status in (AnswerStatus.FOUND, AnswerStatus.NOT_FOUND)


def _as_decided(
    item: EnrichItem,
    additions: list[tuple[int, Record]],
    decided: Sequence[Record],
    known: Sequence[Record],
) -> tuple[EnrichItem, list[tuple[int, Record]]]:
    """The item and what it adds without what the user has decided on, and was said again."""
    [(work_id, record)] = additions
    if record.state is RecordState.MISMATCH:
        if not is_dismissed(record, decided):
            return item, additions
        return replace(item, status=EnrichmentStatus.UNCHANGED, reason=None), []
    answered = answered_fields(record, decided, known)
    if not answered:
        return item, additions
    changed = {field: values for field, values in item.changed.items() if field not in answered}
    status = EnrichmentStatus.ENRICHED if changed else EnrichmentStatus.UNCHANGED
    reason = f"proposed: {', '.join(changed)}" if changed else None
    item = replace(item, status=status, changed=changed, reason=reason)
    part = without_fields(record, answered)
    if not changed or any(_says_the_same(part, other) for other in known):
        return item, []
    return item, [(work_id, part)]


def _says_the_same(record: Record, known: Record) -> bool:
    """Whether a record that there is comes from the same source, and says the same."""
    return (
        known.origin == replace(record.origin, retrieved=known.origin.retrieved)
        and known.state is record.state
        and known.payload == record.payload
        and known.description == record.description
    )


def _together(first: EnrichItem, then: EnrichItem) -> EnrichItem:
    """One item for what two sources made of a work, one after the other."""
    if then.status not in (EnrichmentStatus.ENRICHED, EnrichmentStatus.UNCHANGED):
        reason = "; ".join(filter(None, (first.reason, f"{then.source}: {then.reason}")))
        return replace(first, reason=reason)
    if then.status is EnrichmentStatus.UNCHANGED:
        return first
    changed = dict(first.changed)
    for name, (before, after) in then.changed.items():
        changed[name] = (changed[name][0] if name in changed else before, after)
    status = first.status
    if status is EnrichmentStatus.UNCHANGED:
        status = EnrichmentStatus.ENRICHED
    source = ", ".join(filter(None, (first.source, then.source)))
    return replace(first, status=status, source=source, changed=changed)


def _status_without_record(answer: Answer) -> tuple[EnrichmentStatus, str | None]:
    if answer.status is AnswerStatus.NOT_FOUND:
        return EnrichmentStatus.NOT_FOUND, answer.reason or "no source knows this DOI"
    if answer.status is AnswerStatus.UNREACHED:
        return EnrichmentStatus.PENDING, answer.reason
    return EnrichmentStatus.FAILED, answer.reason or "no usable answer"
