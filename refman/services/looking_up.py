"""Looking up DOIs without a library: DOIs in, works or reasons out, in the order they went in.

The DOIs of all rows are noted in a journal, each once; the sources are asked for those that have
no answer yet, as fast as they go, and what they say is kept there. Beside that the rows are read
once more, and each is handed over as soon as it and all before it are settled. So memory does not
grow with the rows, and a DOI that is long in coming holds up only the output, not the asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from refman.errors import InputError
from refman.model import Description, Work
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus
from refman.rules import citekey, merge
from refman.services.asking import Found, Sources, ask_in_bursts
from refman.services.doi_tables import LookupRow, row_from_text
from refman.store.journal import Journal, Kept

_BURST = 100
"""Rows that are handed over together at the most."""
_FLUSH = 500
"""Answers that are made durable together, if they come together."""
_LINGER = 0.2
"""Seconds that an answer may wait before it is made durable."""


@dataclass(frozen=True, slots=True)
class LookupItem:
    """What became of one row of input."""

    given: str
    doi: str | None
    status: AnswerStatus
    source: str | None = None
    reason: str | None = None
    work: Work | None = None
    cells: tuple[str, ...] = ()
    """The cells of the row as they came."""
    is_first: bool = True
    """Whether no row before it had the same DOI."""
    citation_key: str | None = None
    """That of the work."""


async def look_up(rows: Iterable[str], sources: Sources) -> AsyncIterator[LookupItem]:
    """Look up identifiers as they were given; one item for each row, in their order.

    Where it is cancelled, what has been answered comes first.
    """
    given = rows if isinstance(rows, Sequence) else tuple(rows)
    journal = Journal.temporary()
    lookup = Lookup(lambda: map(row_from_text, given), journal)
    try:
        lookup.note()
        async with aclosing(lookup.bursts(sources)) as bursts:
            async for burst in bursts:
                for item in burst:
                    yield item
    except asyncio.CancelledError:
        for item in lookup.rest():
            yield item
        raise
    finally:
        journal.close()


class Lookup:
    """One lookup: the rows of an input, and a journal of the answers.

    `rows` gives the rows from the first, whenever it is called; a pass is not begun before the
    one before it has ended.
    """

    def __init__(self, rows: Callable[[], Iterator[LookupRow]], journal: Journal) -> None:
        self._rows = rows
        self._journal = journal
        self._coming: Iterator[LookupRow] = iter(())
        self._head: LookupRow | None = None
        self._partial: dict[str, list[Found]] = {}
        self._commits = _Commits(journal)

    def note(self) -> int:
        """Note the DOIs of all rows. Returns how many rows there are. To be called first."""
        count = 0
        for count, row in enumerate(self._rows(), start=1):  # noqa: B007
            if row.doi is not None:
                self._journal.add(row.doi)
        self._journal.commit()
        self._coming = self._rows()
        return count

    async def answers(self, sources: Sources) -> AsyncGenerator[AnswerStatus]:
        """Ask for every DOI that is not answered, and say of each what the answer is.

        Where it is cancelled, what has been answered comes first. Raises `InputError` where the
        journal can no longer be written.
        """
        sources = replace(sources, stored=self._journal)
        try:
            # Closed at once, so that no request goes on for an output that nobody wants.
            async with aclosing(ask_in_bursts(self._journal.open_dois(), sources)) as bursts:
                async for burst in bursts:
                    for found in burst:
                        status = self._keep(found)
                        if status is not None:
                            yield status
        finally:
            self._commits.flush()

    async def bursts(
        self, sources: Sources, on_answer: Callable[[AnswerStatus], None] | None = None
    ) -> AsyncGenerator[list[LookupItem]]:
        """Ask, and give an item for each row in their order, some at a time as they are settled.

        `on_answer` is called for each DOI that is answered, with the status. Raises `InputError`.
        """
        while burst := self._settled():
            yield burst
        async with aclosing(self.answers(sources)) as answers:
            async for status in answers:
                if on_answer is not None:
                    on_answer(status)
                while burst := self._settled():
                    yield burst
        for item in self.rest():
            yield [item]

    def rest(self) -> Iterator[LookupItem]:
        """The items of the rows that are left, with such answers as there are."""
        while (row := self._next()) is not None:
            yield self._item(row, self._kept(row))

    def report(self) -> Iterator[LookupItem]:
        """The items of all rows once more, without their works, when all were handed over."""
        for row in self._rows():
            kept = self._journal.find(row.doi, described=False) if row.doi is not None else None
            yield self._item(row, kept)

    def _keep(self, found: Found) -> AnswerStatus | None:
        """Keep what the sources say of a DOI, once the last of them has spoken; None before."""
        doi = found.answer.DOI
        if found.interim:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._journal.miss(doi, found.source or "", found.answer.reason, now)
            self._commits.soon()
            return None
        said = [*self._partial.pop(doi_key(doi), ()), found]
        if found.more:
            self._partial[doi_key(doi)] = said
            return None
        with_record = [one for one in said if one.answer.record is not None]
        best: Found = with_record[0] if with_record else said[0]
        answer: Answer = best.answer
        self._journal.keep(doi, answer.status, best.source, answer.reason, _united(with_record))
        self._commits.soon()
        return answer.status

    def _settled(self) -> list[LookupItem]:
        """Items of the rows that are next and have an answer."""
        burst: list[LookupItem] = []
        while len(burst) < _BURST and (row := self._next()) is not None:
            kept = self._kept(row)
            if row.doi is not None and (kept is None or kept.status is None):
                self._head = row
                break
            burst.append(self._item(row, kept))
        return burst

    def _next(self) -> LookupRow | None:
        row, self._head = self._head, None
        return row if row is not None else next(self._coming, None)

    def _kept(self, row: LookupRow) -> Kept | None:
        return self._journal.find(row.doi) if row.doi is not None else None

    def _item(self, row: LookupRow, kept: Kept | None) -> LookupItem:
        if row.doi is None:
            return LookupItem(
                row.given, None, AnswerStatus.FAILED, None, row.remark, cells=row.cells
            )
        if kept is None or kept.status is None:
            return LookupItem(
                row.given, row.doi, AnswerStatus.UNREACHED, None, "not asked yet", cells=row.cells
            )
        reason = kept.reason
        if reason is None and kept.status is AnswerStatus.NOT_FOUND:
            reason = "no source knows this DOI"
        work, is_first = None, False
        key = self._journal.key_of(kept.id) if kept.status is AnswerStatus.FOUND else None
        if kept.description is not None:
            if key is None:
                is_first = True
                key = citekey.next_free(citekey.make_key(kept.description), self._journal)
                self._journal.give_key(kept.id, key)
            work = Work(id=0, citation_key=key, description=kept.description)
        reason = "; ".join(filter(None, (reason, row.remark))) or None
        return LookupItem(
            row.given, row.doi, kept.status, kept.source, reason, work, row.cells, is_first, key
        )


class _Commits:
    """Makes a journal durable, some answers at a time, but none of them late."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._failure: InputError | None = None

    def soon(self) -> None:
        """Something was kept. Raises `InputError` where the last time failed."""
        if self._failure is not None:
            raise self._failure
        self._waiting += 1
        if self._waiting >= _FLUSH:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LINGER, self._late)

    def flush(self) -> None:
        """Make it durable now. Raises `InputError`."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            self._waiting = 0
            self._journal.commit()

    def _late(self) -> None:
        self._timer = None
        try:
            self.flush()
        except InputError as error:
            self._failure = error


def _united(said: Sequence[Found]) -> Description | None:
    """What several sources say of one work, the first of them before the others."""
    records = [found.answer.record for found in said if found.answer.record is not None]
    if len(records) < 2:
        return records[0].description if records else None
    return merge.reconcile(records).description
