"""One source at work: DOIs come in, answers go out, a stage of `refman.services.asking`."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from refman.errors import SourceErred, SourceError, SourceRefused, SourceUnavailable
from refman.model.identifier import doi_key
from refman.ports import Answer, Answers, AnswerStatus, LocalSource, Request, WebSource
from refman.rules.freshness import Freshness

if TYPE_CHECKING:
    from refman.net import Net
    from refman.ports import StoredAnswer

LOCAL_WINDOW = 100_000
"""DOIs that a local source is asked for together: enough for one pass over a snapshot."""
WEB_WINDOW = 2_500
"""The same for a source on the web: enough that nearly all its lists are full."""
_IN_FLIGHT = 6
"""Requests under way to one source, most of them waiting for their turn."""
_AHEAD = 100
"""Answers that a local source may be ahead of those who take them."""
_GATHER = 2.0
"""Seconds that a later source waits for more DOIs, so that it is asked for many together."""
_NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 500

_PARTS = 4
"""Parts that a list is asked for in which breaks a service."""
_MOST_IN_A_ROW = 16
"""Requests that one may lead to, one after the other, as the part of a list that is in parts."""

_Outcomes = list[Answer | Request]
Said = tuple[Answer, str | None]
"""An answer, and when it was given if that was earlier."""


class Given:
    """The DOIs that the caller gives, taken as they are wanted."""

    def __init__(self, dois: Iterator[str]) -> None:
        self._dois = dois

    async def take(self, most: int) -> list[str]:
        """Up to so many; none at the end."""
        return list(islice(self._dois, most))


class Passed:
    """The DOIs that one stage passes on to the next, which has enough at `most` of them."""

    def __init__(self, most: int = LOCAL_WINDOW) -> None:
        self._most = most
        self._dois: deque[str] = deque()
        self._ended = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    def put(self, doi: str) -> None:
        """Add one."""
        self._dois.append(doi)
        self._changed.set()

    async def room(self) -> None:
        """Wait while there are very many."""
        while len(self._dois) >= self._most:
            self._room.clear()
            await self._room.wait()

    def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._changed.set()

    async def take(self, most: int) -> list[str]:
        """Up to so many, after waiting for more of them for a while; none at the end."""
        taken: list[str] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as patience:
                while len(taken) < most:
                    if self._dois:
                        taken.append(self._dois.popleft())
                        self._room.set()
                        continue
                    if self._ended:
                        break
                    if taken and patience.when() is None:
                        patience.reschedule(asyncio.get_running_loop().time() + _GATHER)
                    self._changed.clear()
                    await self._changed.wait()
        return taken


class LocalStage:
    """A file or folder that is asked for what comes to it.

    It is read in a thread of its own: a pass over a snapshot may take hours without an answer,
    and neither the other sources nor Ctrl-C shall wait for it.
    """

    def __init__(self, source: LocalSource, inbox: Given | Passed) -> None:
        self._source = source
        self._inbox = inbox

    async def answers(self) -> AsyncGenerator[list[Said]]:
        """One answer for every DOI, as they are found."""
        while dois := await self._inbox.take(LOCAL_WINDOW):
            left = dict.fromkeys(dois)
            reason = "no answer"
            try:
                async with aclosing(_in_thread(partial(self._source.lookup, dois))) as answers:
                    async for answer in answers:
                        if answer.DOI in left:
                            del left[answer.DOI]
                            yield [(answer, None)]
            except (SourceError, OSError) as error:
                reason = str(error)
            for doi in left:
                yield [(Answer.unreached(doi, reason), None)]

    def left(self) -> list[Said]:
        """What has come and was not given: nothing, for asking again costs nothing here."""
        return []


async def _in_thread(lookup: Callable[[], Iterator[Answer]]) -> AsyncGenerator[Answer]:
    """What a lookup gives, as it comes. When it is closed, the thread ends at its next answer."""
    loop = asyncio.get_running_loop()
    came: asyncio.Queue[Answer | BaseException | None] = asyncio.Queue()
    room = threading.Semaphore(_AHEAD)
    stopped = threading.Event()

    def give(item: Answer | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop has closed, and nobody waits for it
            loop.call_soon_threadsafe(came.put_nowait, item)

    def work() -> None:
        try:
            for answer in lookup():
                room.acquire()
                if stopped.is_set():
                    return
                give(answer)
            give(None)
        except BaseException as error:  # whoever waits for answers has to know
            give(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (item := await came.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            room.release()
            yield item
    finally:
        stopped.set()
        room.release()


class WebStage:
    """A service that is asked for what comes to it, some requests being under way at any time.

    Without a client it is not asked, and gives what it said before.
    """

    def __init__(
        self,
        source: WebSource,
        inbox: Given | Passed,
        net: Net | None,
        stored: Answers | None,
        freshness: Freshness,
    ) -> None:
        self._source = source
        self._inbox = inbox
        self._net = net
        self._stored = stored
        self._freshness = freshness
        self._old: dict[str, StoredAnswer] = {}
        self._open: dict[str, str] = {}
        self._said: list[Said] = []
        self._planned: Iterator[Request] = iter(())
        self._follow_ups: list[tuple[Request, int]] = []
        self._under_way: dict[asyncio.Task[_Outcomes], int] = {}
        self._taking: asyncio.Task[list[str]] | None = None
        self._ended = False

    async def answers(self) -> AsyncGenerator[list[Said]]:
        """One answer for every DOI, some at a time as they come. Raises what the source raises."""
        try:
            while self._set_off():
                await asyncio.wait(
                    {*self._under_way, *self._waiting()}, return_when=asyncio.FIRST_COMPLETED
                )
                self._take()
                trouble = self._come()
                if said := self._new():
                    yield said
                if trouble is not None:
                    raise trouble
            for doi in list(self._open.values()):
                self._say(Answer.unreached(doi, "no answer"))
            if said := self._new():
                yield said
        finally:
            stopped = [*self._under_way, *self._waiting()]
            for task in stopped:
                task.cancel()
            await asyncio.gather(*stopped, return_exceptions=True)

    def left(self) -> list[Said]:
        """What has come and was not given, once the stage has been stopped."""
        self._come()
        return self._new()

    def _waiting(self) -> tuple[asyncio.Task[list[str]], ...]:
        return () if self._taking is None else (self._taking,)

    def _set_off(self) -> bool:
        """Set requests going as there is room for them. Says whether anything is under way."""
        while len(self._under_way) < _IN_FLIGHT:
            follow_up = self._follow_ups.pop() if self._follow_ups else None
            request, before = follow_up or (next(self._planned, None), 0)
            if request is None:
                if self._taking is None and not self._ended:
                    self._taking = asyncio.create_task(self._inbox.take(WEB_WINDOW))
                break
            self._under_way[asyncio.create_task(self._fetch(request))] = before
        return bool(self._under_way) or self._taking is not None

    def _take(self) -> None:
        """Plan requests for the DOIs that have come, but for those that need not be asked for."""
        if self._taking is None or not self._taking.done():
            return
        dois, self._taking = self._taking.result(), None
        self._ended = not dois
        to_ask = self._recall(dois)
        self._open |= {doi_key(doi): doi for doi in to_ask}
        planned = list(self._source.requests(to_ask))
        self._planned = iter(planned)
        asked = {doi_key(doi) for request in planned for doi in request.dois}
        for doi in to_ask:
            if doi_key(doi) not in asked:
                self._say(Answer.unreached(doi, f"{self._source.name} cannot be asked for it"))

    def _say(self, answer: Answer) -> None:
        """Give an answer, if it is to a question that is open: sources may repeat themselves."""
        key = doi_key(answer.DOI)
        self._old.pop(key, None)
        if self._open.pop(key, None) is not None:
            self._said.append((answer, None))

    def _new(self) -> list[Said]:
        """What has come since the last time."""
        said, self._said = self._said, []
        return said

    def _come(self) -> BaseException | None:
        """Take the answers that have come, and note what they leave open, to be asked for next.

        What a request broke with is given back, so that what the others brought is not lost.
        """
        trouble = None
        for task in [task for task in self._under_way if task.done()]:
            before = self._under_way.pop(task)
            if task.cancelled():
                continue
            error = task.exception()
            if error is not None:
                trouble = trouble or error
                continue
            for outcome in task.result():
                if isinstance(outcome, Answer):
                    self._say(outcome)
                elif before < _MOST_IN_A_ROW:
                    self._follow_ups.append((outcome, before + 1))
                else:
                    for doi in outcome.dois:
                        self._say(Answer.failed(doi, "it leads from one request to the next"))
        return trouble

    def _recall(self, dois: Sequence[str]) -> list[str]:
        """The DOIs that have to be asked for; the others are answered."""
        offline = self._net is None
        known: Mapping[str, StoredAnswer] = {}
        if self._stored is not None and dois:
            known = self._stored.stored_answers(self._source.name, dois)
        now = datetime.now(UTC)
        to_ask = []
        for doi in dois:
            stored = known.get(doi_key(doi))
            if stored is not None and (offline or self._freshness.holds(stored, now)):
                answer = _restored(self._source, doi, stored)
                if answer is not None:
                    self._said.append((answer, stored.retrieved))
                    continue
            if offline:
                self._said.append((Answer.unreached(doi, "offline"), None))
                continue
            if stored is not None and (stored.etag or stored.last_modified):
                self._old[doi_key(doi)] = stored
            to_ask.append(doi)
        return to_ask

    async def _fetch(self, request: Request) -> list[Answer | Request]:
        """One answer or further request for each DOI of a request."""
        assert self._net is not None
        alone = len(request.dois) == 1
        old = self._old.get(doi_key(request.dois[0])) if alone else None
        try:
            response = await self._net.fetch(_conditional(request, old))
        except SourceErred as error:
            if not alone:
                # One of them may be what breaks it. Each list that fails takes long, for it is
                # tried again and again, and many failures in a row mean that no more are asked.
                size = -(-len(request.dois) // _PARTS)
                slices = (
                    request.dois[start : start + size]
                    for start in range(0, len(request.dois), size or 1)
                )
                return _one_each(
                    request, (r for part in slices for r in self._source.requests(part))
                )
            return [Answer.unreached(request.dois[0], error.message)]
        except (SourceUnavailable, SourceRefused) as error:
            return [Answer.unreached(doi, error.message) for doi in request.dois]
        if response.status == _NOT_MODIFIED and old is not None:
            still = _restored(self._source, request.dois[0], old)
            if still is not None:
                return [replace(still, etag=old.etag, last_modified=old.last_modified)]
            # What is kept has become unreadable, so all of it is needed again.
            del self._old[doi_key(request.dois[0])]
            return [request]
        outcomes = _one_each(request, self._source.read(request, response))
        if not alone:
            return outcomes
        return [_with_validators(outcome, response.headers) for outcome in outcomes]


def _one_each(request: Request, outcomes: Iterable[Answer | Request]) -> list[Answer | Request]:
    """One outcome for each DOI of a request, also from a source that forgets some or invents."""
    left = dict.fromkeys(request.dois)
    kept: list[Answer | Request] = []
    for outcome in outcomes:
        dois = (outcome.DOI,) if isinstance(outcome, Answer) else outcome.dois
        if all(doi in left for doi in dois):
            kept.append(outcome)
            for doi in dois:
                left.pop(doi, None)
    return kept + [Answer.unreached(doi, "no answer") for doi in left]


def _restored(source: WebSource, doi: str, stored: StoredAnswer) -> Answer | None:
    """An earlier answer; None where it is of no use any more."""
    if stored.status is AnswerStatus.NOT_FOUND:
        return Answer.not_found(doi, stored.reason)
    if stored.payload is None:
        return None
    answer = source.restore(doi, stored.payload)
    return answer if answer.status is AnswerStatus.FOUND else None


def _conditional(request: Request, old: StoredAnswer | None) -> Request:
    """The request, for an answer only if it differs from the one that is kept."""
    if old is None or (not old.etag and not old.last_modified):
        return request
    headers = dict(request.headers)
    if old.etag:
        headers["if-none-match"] = old.etag
    elif old.last_modified:
        headers["if-modified-since"] = old.last_modified
    return replace(request, headers=headers)


def _with_validators(outcome: Answer | Request, headers: Mapping[str, str]) -> Answer | Request:
    """An answer that was all of a response, with that response's validators."""
    if isinstance(outcome, Request) or outcome.status is not AnswerStatus.FOUND:
        return outcome
    return replace(
        outcome,
        etag=(headers.get("etag") or "")[:_LONGEST_VALIDATOR] or None,
        last_modified=(headers.get("last-modified") or "")[:_LONGEST_VALIDATOR] or None,
    )
