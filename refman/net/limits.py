"""How fast a service may be asked: the pace it grants, and a queue that keeps to it.

Crossref counts single records and lists in different pools, and answers with the limits it
applies (`x-rate-limit-limit`, `x-rate-limit-interval`, `x-concurrency-limit`). So there is a
`Bucket` for each host and kind of request; it knows no clock and no event loop, and is told what
time it is. `LocalPacer` is the queue in front of the buckets of one process. Another `Pacer`, one
that all processes of a machine share, can take its place.

Requests are spaced evenly, a little wider than granted: at the very limit, the jitter of the
network is enough to draw a 429 now and then.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from refman.errors import SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CARE = 0.95
"""The part of the granted rate that is used."""
LONGEST_WAIT = 3600.0
"""Seconds we wait because a service says so; if it wants more, we give up for now."""

_HOLD = 10.0
"""Seconds a halved rate stays halved."""
_RECOVERY = 30.0
"""Seconds it then takes to grow back."""
_SLOWEST = 1 / 16
"""The least part of the granted rate that repeated halving leaves."""
MAX_STRIKES = 8
"""Pauses in a row that a service may ask for without an answer in between: two minutes at least."""
_MAX_PAUSE = 60.0
"""Longest pause, in seconds, after 429s that do not say how long to wait."""
_LOOK_AGAIN = 5.0
"""Longest sleep, in seconds, before looking whether the limits have changed."""
_MAX_CONCURRENCY = 10
"""Above this the client only gets slower, whatever a service grants."""
_RATES = (1 / 60, 1000.0)
"""Requests a second that we believe in a header."""


class BucketKey(NamedTuple):
    """What a limit is counted for; `host` has its port where that is not the usual one."""

    host: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a service allows: `rate` requests in `interval` seconds, `concurrency` at once."""

    rate: float
    interval: float = 1.0
    concurrency: int = 1

    @property
    def spacing(self) -> float:
        """Seconds from one request to the next."""
        return self.interval / (self.rate * CARE)


POLITE: Mapping[str, Grant] = {
    "single": Grant(10, concurrency=3),
    "array": Grant(3, concurrency=3),
}
"""With a contact address, until a service says otherwise: Crossref's limits since December 2025."""
PUBLIC: Mapping[str, Grant] = {"single": Grant(5), "array": Grant(1)}
"""The same for anonymous clients."""


def granted(headers: Mapping[str, str], current: Grant) -> Grant:
    """The grant that an answer's headers (names in lower case) state, in Crossref's terms.

    What they do not state, or state in a way that makes no sense, stays as in `current`.
    """
    found = current
    rate = _number(headers.get("x-rate-limit-limit", ""))
    interval = _seconds(headers.get("x-rate-limit-interval", ""))
    if rate and interval and _RATES[0] <= rate / interval <= _RATES[1]:
        found = replace(found, rate=rate, interval=interval)
    concurrency = _number(headers.get("x-concurrency-limit", ""))
    if concurrency:
        found = replace(found, concurrency=min(int(concurrency), _MAX_CONCURRENCY))
    return found


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait as `Retry-After` (RFC 9110, 10.2.3) says; None where it says nothing.

    A date is measured from the answer's own `Date` where there is one, because our clock and the
    server's need not agree; else from `now`, which must have a time zone.
    """
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    start = _http_date(headers.get("date", "")) or now
    return max(0.0, (until - start).total_seconds())


class Bucket:
    """The pace of one kind of request to one host. Times are seconds of any steady clock."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self._in_flight = 0
        self._last_sent = float("-inf")
        self._paused_until = float("-inf")
        self._strikes = 0
        self._share = 1.0

    def wait(self, now: float) -> float | None:
        """Seconds until a request may go, 0 for at once; None where one must come back first."""
        pause = self._paused_until - now
        if pause > 0:
            return pause
        if self._in_flight >= self.grant.concurrency:
            return None
        return max(0.0, self._last_sent + self.grant.spacing / self.share(now) - now)

    def take(self, now: float) -> None:
        """Count a request out. Each is followed by one `give_back`."""
        self._in_flight += 1
        self._last_sent = now

    def sent(self, now: float) -> None:
        """Note that a request counted out has left only now: it had to be connected first."""
        self._last_sent = max(self._last_sent, now)

    def give_back(self) -> None:
        """Count a request in again, however it ended."""
        self._in_flight -= 1

    def share(self, now: float) -> float:
        """The part of the granted rate that is used now, for what happened lately."""
        over = now - self._paused_until - _HOLD
        if self._share == 1.0 or over <= 0:
            return self._share
        return min(1.0, self._share + (1.0 - self._share) * over / _RECOVERY)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer grants."""
        self.grant = granted(headers, self.grant)

    def served(self) -> None:
        """Note that a request was answered in earnest."""
        self._strikes = 0

    @property
    def unwelcome(self) -> bool:
        """Whether waiting has been of no use, however long."""
        return self._strikes >= MAX_STRIKES

    def back_off(self, now: float, seconds: float | None) -> None:
        """Stop for `seconds`, or for a growing time of our own; go on at half the rate after that.

        Requests that were under way together count as one offence.
        """
        if now >= self._paused_until:
            self._share = max(_SLOWEST, self.share(now) / 2)
            self._strikes += 1
        own = min(_MAX_PAUSE, self.grant.interval * 2 ** min(self._strikes - 1, 16))
        self._paused_until = max(self._paused_until, now + (own if seconds is None else seconds))


class Pacer(Protocol):
    """Lets requests go when they may."""

    def slot(
        self, key: BucketKey, still_wanted: Callable[[], None]
    ) -> AbstractAsyncContextManager[Callable[[], None]]:
        """Wait for a turn; the request is made, and its answer read, inside the context.

        `still_wanted` is called when the request comes to the head of the queue, and raises what
        makes it pointless. The context gives a function to be called, where that can be known,
        when the request goes out on the wire: what the service counts is when it arrives.
        Raises `SourceUnavailable` where the turn is over an hour away, or will never come.
        """

    def learn(self, key: BucketKey, headers: Mapping[str, str]) -> None:
        """Take over the limits that an answer's headers (names in lower case) state."""

    def served(self, key: BucketKey) -> None:
        """Note that a request was answered in earnest."""

    def back_off(self, key: BucketKey, seconds: float | None) -> None:
        """Send nothing for `seconds`, or a while where the service does not say how long."""


class LocalPacer:
    """A `Pacer` for the requests of one process and one event loop.

    `grants` are the limits to begin with, by kind; a kind that it does not name is paced like
    "array".
    """

    def __init__(
        self,
        grants: Mapping[str, Grant],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._grants = grants
        self._clock = clock
        self._sleep = sleep
        self._queues: dict[BucketKey, _Queue] = {}

    @asynccontextmanager
    async def slot(
        self, key: BucketKey, still_wanted: Callable[[], None]
    ) -> AsyncIterator[Callable[[], None]]:
        """See `Pacer`."""
        queue = self._queue(key)
        async with queue.turn:
            still_wanted()
            await self._wait(key, queue)
            queue.bucket.take(self._clock())
        try:
            yield lambda: queue.bucket.sent(self._clock())
        finally:
            with queue.changing():
                queue.bucket.give_back()

    def learn(self, key: BucketKey, headers: Mapping[str, str]) -> None:
        """See `Pacer`."""
        queue = self._queue(key)
        with queue.changing():
            queue.bucket.learn(headers)

    def served(self, key: BucketKey) -> None:
        """See `Pacer`."""
        self._queue(key).bucket.served()

    def back_off(self, key: BucketKey, seconds: float | None) -> None:
        """See `Pacer`."""
        queue = self._queue(key)
        with queue.changing():
            queue.bucket.back_off(self._clock(), seconds)

    def _queue(self, key: BucketKey) -> _Queue:
        queue = self._queues.get(key)
        if queue is None:
            grant = self._grants.get(key.kind) or self._grants["array"]
            queue = self._queues[key] = _Queue(Bucket(grant))
        return queue

    async def _wait(self, key: BucketKey, queue: _Queue) -> None:
        """Return when the bucket lets the head of the queue go."""
        while True:
            if queue.bucket.unwelcome:
                raise SourceUnavailable(
                    f"{key.host} goes on asking for fewer requests (status 429), no more are made",
                    "What was found so far is kept; try again later.",
                )
            seconds = queue.bucket.wait(self._clock())
            if seconds is None:
                await queue.change()
            elif seconds > LONGEST_WAIT:
                raise _come_back(key.host, seconds)
            elif seconds > 0:
                await self._sleep(min(seconds, _LOOK_AGAIN))
            else:
                return


class _Queue:
    """A bucket, and those who wait for it: one at its head, the others behind the lock."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.turn = asyncio.Lock()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait until something happens to the bucket."""
        self._changed.clear()
        await self._changed.wait()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Do something to the bucket and wake the head of the queue."""
        try:
            yield
        finally:
            self._changed.set()


def _come_back(host: str, seconds: float) -> SourceUnavailable:
    """The error for a service that wants to be left alone for very long."""
    try:
        when = f"until {datetime.now().astimezone() + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"
    except OverflowError:
        when = "for years"
    return SourceUnavailable(f"{host} asks to be left alone {when}", "Try again after that.")


def _number(text: str) -> float | None:
    """A positive whole number from a header."""
    text = text.strip()
    return float(text) or None if re.fullmatch(r"[0-9]{1,6}", text) else None


def _seconds(text: str) -> float | None:
    """A positive length of time from a header: `1s`, `500ms`, `1m`, a bare number of seconds."""
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(ms|s|m|h|)", text.strip())
    if match is None:
        return None
    unit = {"ms": 0.001, "m": 60.0, "h": 3600.0}.get(match[2], 1.0)
    return float(match[1]) * unit or None


def _http_date(text: str) -> datetime | None:
    """A date as HTTP writes it; None for anything else."""
    try:
        found = parsedate_to_datetime(text[:64])
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
