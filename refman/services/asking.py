"""Asking sources after DOIs: a stage for each source, all of them at work at once.

DOIs are taken from the caller only as there is room for them, so that a million of them cost no
more memory than a thousand. The first source is asked for all; what it does not hold goes on to
the next one. What a source has said before, and is still fresh, is taken from where it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from refman.model.identifier import doi_key
from refman.ports import Answer, Answers, AnswerStatus, LocalSource, Source, WebSource
from refman.rules.freshness import Freshness
from refman.services.stages import WEB_WINDOW, Given, LocalStage, Passed, WebStage

if TYPE_CHECKING:
    from refman.net import Net

_BACKLOG = 200
"""Answers that may wait for the caller, before no more are fetched."""
_FLUSH = 50
"""Answers that are given together, if they come together."""
_LINGER = 0.2
"""Seconds that an answer may wait for others before it is given."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources to ask, in order, and the client that asks those on the web.

    Without a client they are not asked, and what they said before counts at any age.
    """

    sources: Sequence[Source]
    net: Net | None = None
    stored: Answers | None = None
    freshness: Freshness = field(default_factory=Freshness)

    @property
    def supplements(self) -> tuple[str, ...]:
        """The names of those that are asked for every DOI."""
        return tuple(source.name for source in self.sources if _supplements(source))


@dataclass(frozen=True, slots=True)
class Found:
    """What the sources say of one DOI.

    There is one for each DOI with the last word of those that are asked in turn, and one more for
    each supplementing source that was asked; `more` says that another one follows.
    """

    answer: Answer
    source: str | None
    misses: tuple[Found, ...] = ()
    """What sources said that were asked before, and have no record of it."""
    retrieved: str | None = None
    """When it was given, where it was given before."""
    supplement: bool = False
    more: bool = False
    interim: bool = False
    """Whether it is to be kept, but the next source is being asked: only bursts have such."""


@dataclass(slots=True)
class _Question:
    """A DOI on its way through the sources."""

    doi: str
    last: Found | None = None
    misses: list[Found] = field(default_factory=list)


async def ask(dois: Iterable[str], sources: Sources) -> AsyncGenerator[Found]:
    """Ask the sources for each DOI, in turn.

    A DOI that comes again while it is being asked for is asked once. One that no source could be
    asked for is UNREACHED. Where it is cancelled, what has been answered comes first.
    """
    async with aclosing(ask_in_bursts(dois, sources)) as bursts:
        async for burst in bursts:
            for found in burst:
                if not found.interim:
                    yield found


async def ask_in_bursts(dois: Iterable[str], sources: Sources) -> AsyncGenerator[list[Found]]:
    """As `ask`, some answers at a time, none of them kept waiting while others are long in coming.

    What comes slowly would otherwise be asked for again after a run that was killed. For the same
    reason, a source that has no record is heard at once, while the next one is asked.
    What has been answered comes first also where a source, or the giver of the DOIs, breaks.
    """
    run = _Run(dois, sources)
    try:
        while burst := await run.burst():
            yield burst
    except (asyncio.CancelledError, Exception):
        await run.close()
        if rest := run.rest():
            yield rest
        raise
    finally:
        await run.close()


def _supplements(source: Source) -> bool:
    return isinstance(source, WebSource) and source.supplement


def _stage(source: Source, inbox: Given | Passed, sources: Sources) -> LocalStage | WebStage:
    if isinstance(source, LocalSource):
        return LocalStage(source, inbox)
    return WebStage(source, inbox, sources.net, sources.stored, sources.freshness)


class _Run:
    """One call of `ask`: the stages, and what is on its way between them."""

    def __init__(self, dois: Iterable[str], sources: Sources) -> None:
        self._questions: dict[str, _Question] = {}
        self._ready: asyncio.Queue[Found | None] = asyncio.Queue()
        self._room = asyncio.Event()
        main = [source for source in sources.sources if not _supplements(source)]
        extra = [source for source in sources.sources if _supplements(source)]
        self._main, self._chain = len(main), [*main, *extra]
        self._is_asked = [
            sources.net is not None and isinstance(source, WebSource) for source in self._chain
        ]
        first = Given(self._new(dois))
        self._inboxes: list[Given | Passed] = [first, *map(self._inbox, range(1, len(self._chain)))]
        self._stages = [
            _stage(source, inbox, sources)
            for source, inbox in zip(self._chain, self._inboxes, strict=False)
        ]
        self._given = first
        self._tasks: list[asyncio.Task[None]] = []
        self._end: asyncio.Task[None] | None = None
        self._burst: list[Found] = []
        self._finished = False

    def _inbox(self, position: int) -> Passed:
        # What others have answered is held while a supplement is awaited, so not for too many.
        return Passed(2 * WEB_WINDOW) if position >= self._main else Passed()

    def _new(self, dois: Iterable[str]) -> Iterator[str]:
        for doi in dois:
            key = doi_key(doi)
            if key not in self._questions:
                self._questions[key] = _Question(doi)
                yield doi

    def _start(self) -> None:
        stages = [asyncio.create_task(self._work(at)) for at in range(len(self._chain))]
        if not stages:
            stages = [asyncio.create_task(self._refuse())]
        self._end = asyncio.create_task(self._ended(stages))
        self._tasks = [*stages, self._end]

    async def burst(self) -> list[Found]:
        """The next answers; none when all have been given. Raises what a stage has raised."""
        if self._end is None:
            self._start()
        self._burst = []
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as patience:
                while len(self._burst) < _FLUSH and not self._finished:
                    found = await self._ready.get()
                    self._room.set()
                    if found is None:
                        self._finished = True
                        break
                    if not self._burst:
                        patience.reschedule(asyncio.get_running_loop().time() + _LINGER)
                    self._burst.append(found)
        if not self._burst and self._end is not None:
            await self._end
        return self._burst

    def rest(self) -> list[Found]:
        """What has been answered and not been given, after everything has been stopped."""
        for position, stage in enumerate(self._stages):
            for said in stage.left():
                self._judge(position, *said)
        left, self._burst = self._burst, []
        while not self._ready.empty():
            found = self._ready.get_nowait()
            if found is not None:
                left.append(found)
        return left

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ended(self, stages: Sequence[asyncio.Task[None]]) -> None:
        """Say that the last answer has come, or a stage has broken."""
        done, _ = await asyncio.wait(stages, return_when=asyncio.FIRST_EXCEPTION)
        self._ready.put_nowait(None)
        for task in done:
            task.result()

    async def _refuse(self) -> None:
        """Answer where there is nobody to ask."""
        while dois := await self._given.take(WEB_WINDOW):
            for doi in dois:
                del self._questions[doi_key(doi)]
                self._ready.put_nowait(
                    Found(Answer.unreached(doi, "there is no source to ask"), None)
                )
            await self._has_room()

    async def _work(self, position: int) -> None:
        """Let one source answer, and send on what it does not hold."""
        async with aclosing(self._stages[position].answers()) as answers:
            async for said in answers:
                # Nothing waits until all of them are where they belong, so none can get lost.
                for answer, retrieved in said:
                    self._judge(position, answer, retrieved)
                await self._has_room(position)
        if position + 1 < len(self._inboxes):
            following = self._inboxes[position + 1]
            assert isinstance(following, Passed)
            following.end()

    async def _has_room(self, position: int = 0) -> None:
        """Wait while the caller, or a later source, has enough to do."""
        while self._ready.qsize() >= _BACKLOG:
            self._room.clear()
            await self._room.wait()
        for inbox in self._inboxes[position + 1 :]:
            assert isinstance(inbox, Passed)
            await inbox.room()

    def _judge(self, position: int, answer: Answer, retrieved: str | None) -> None:
        """Give an answer to the caller, or the question to the next source, or both."""
        question = self._questions.get(doi_key(answer.DOI))
        if question is None:
            return
        found = Found(answer, self._chain[position].name, retrieved=retrieved)
        last = position + 1 == len(self._chain)
        if position >= self._main:
            if last:
                del self._questions[doi_key(question.doi)]
            self._ready.put_nowait(replace(found, supplement=True, more=not last))
            if not last:
                self._pass(position + 1, question.doi)
            return
        status = answer.status
        if status is AnswerStatus.FOUND:
            more = self._main < len(self._chain)
            self._give(question, found, more=more)
            if more:
                self._pass(self._main, question.doi)
            return
        if status is AnswerStatus.NOT_FOUND:
            question.misses.append(found)
        if question.last is None or question.last.answer.status is AnswerStatus.NOT_FOUND:
            # That one has no record does not settle what another was not asked.
            question.last = found
        following = self._following(position, status)
        if following is None:
            self._give(question, question.last, more=False)
            return
        if status is AnswerStatus.NOT_FOUND and retrieved is None:
            self._ready.put_nowait(replace(found, more=True, interim=True))
        self._pass(following, question.doi)

    def _following(self, position: int, status: AnswerStatus) -> int | None:
        """Which of the sources that are asked in turn comes next after such an answer, if any.

        A service that could not be asked may well hold the record, so no other service is asked in
        its place: an hour's trouble at the first would become days of requests at the last. What
        lies on this machine costs nothing.
        """
        rest = range(position + 1, self._main)
        if status is AnswerStatus.UNREACHED and self._is_asked[position]:
            rest_at_home = (at for at in rest if not self._is_asked[at])
            return next(rest_at_home, None)
        return next(iter(rest), None)

    def _give(self, question: _Question, found: Found, *, more: bool) -> None:
        misses = tuple(miss for miss in question.misses if miss is not found)
        if not more:
            del self._questions[doi_key(question.doi)]
        self._ready.put_nowait(replace(found, misses=misses, more=more))

    def _pass(self, position: int, doi: str) -> None:
        following = self._inboxes[position]
        assert isinstance(following, Passed)
        following.put(doi)
