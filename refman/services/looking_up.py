"""Looking up DOIs without a library: DOIs in, works or reasons out, in the order they went in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from refman.model import Description, Work
from refman.model.identifier import doi_key, parse_doi
from refman.ports import AnswerStatus
from refman.rules import citekey
from refman.services.enriching import Found, Sources, ask

WINDOW = 1000


@dataclass(frozen=True, slots=True)
class LookupItem:
    """What became of one row of input."""

    given: str
    doi: str | None
    status: AnswerStatus
    source: str | None = None
    reason: str | None = None
    work: Work | None = None


async def look_up(rows: Iterable[str], sources: Sources) -> AsyncIterator[LookupItem]:
    """Look up identifiers as they were given; one item for each row, in their order.

    Where it is cancelled, what has been answered comes first.
    """
    keys = _Keys()
    remaining = iter(rows)
    while window := list(islice(remaining, WINDOW)):
        dois = {doi_key(doi): doi for row in window if (doi := parse_doi(row)) is not None}
        answers: dict[str, Found] = {}
        try:
            async for found in ask(dois.values(), sources):
                answers[doi_key(found.answer.DOI)] = found
        except asyncio.CancelledError:
            for item in _in_order(window, answers, keys):
                yield item
            raise
        for item in _in_order(window, answers, keys):
            yield item


def _in_order(
    window: Sequence[str], answers: dict[str, Found], keys: _Keys
) -> Iterable[LookupItem]:
    for row in window:
        doi = parse_doi(row)
        found = answers.get(doi_key(doi)) if doi is not None else None
        if doi is None or found is None:
            yield unanswered(row)
            continue
        answer = found.answer
        work = None
        if answer.record is not None:
            description = answer.record.description
            work = Work(id=0, citation_key=keys.give(doi, description), description=description)
        reason = answer.reason
        if reason is None and answer.status is AnswerStatus.NOT_FOUND:
            reason = "no source knows this DOI"
        yield LookupItem(row, doi, answer.status, found.source, reason, work)


def unanswered(row: str) -> LookupItem:
    """The item of a row that has not been asked, for want of time or of a DOI."""
    doi = parse_doi(row)
    if doi is None:
        return LookupItem(row, None, AnswerStatus.FAILED, None, "no DOI in it")
    return LookupItem(row, doi, AnswerStatus.UNREACHED, None, "not asked yet")


class _Keys:
    """Citation keys, each given once; the same DOI gets the same one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._given: dict[str, str] = {}

    def give(self, doi: str, description: Description) -> str:
        key = self._given.get(doi_key(doi))
        if key is None:
            key = citekey.next_free(citekey.make_key(description), self._taken)
            self._taken.add(key.lower())
            self._given[doi_key(doi)] = key
        return key
