"""The queue in front of a bucket: lets requests go one after the other, each in its time.

`Pacer` is what the client wants of it. `LocalPacer` keeps the pace of one process;
`refman.net.shared` has one that all processes of a machine share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from refman.errors import SourceUnavailable
from refman.net.limits import Bucket, Grant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LONGEST_WAIT = 3600.0
"""Seconds we wait because a service says so; if it wants more, we give up for now."""
LOOK_AGAIN = 5.0
"""Longest sleep, in seconds, before looking whether the limits have changed."""


class BucketKey(NamedTuple):
    """What a limit is counted for; `host` has its port where that is not the usual one."""

    host: str
    kind: str


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

    def back_off(self, key: BucketKey, seconds: float | None) -> float:
        """Send nothing for `seconds`, or a while where the service does not say how long.

        Gives the seconds until requests go on.
        """


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

    def back_off(self, key: BucketKey, seconds: float | None) -> float:
        """See `Pacer`."""
        queue = self._queue(key)
        with queue.changing():
            return queue.bucket.back_off(self._clock(), seconds)

    def _queue(self, key: BucketKey) -> _Queue:
        queue = self._queues.get(key)
        if queue is None:
            grant = self._grants.get(key.kind) or self._grants["array"]
            queue = self._queues[key] = _Queue(Bucket(grant))
        return queue

    async def _wait(self, key: BucketKey, queue: _Queue) -> None:
        """Return when the bucket lets the head of the queue go."""
        while True:
            seconds = bearable_wait(key.host, queue.bucket, self._clock())
            if seconds is None:
                await queue.change()
            elif seconds > 0:
                await self._sleep(min(seconds, LOOK_AGAIN))
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


def bearable_wait(host: str, bucket: Bucket, now: float) -> float | None:
    """What `Bucket.wait` says. Raises `SourceUnavailable` where waiting would lead nowhere."""
    if bucket.unwelcome:
        raise SourceUnavailable(
            f"{host} goes on asking for fewer requests (status 429), no more are made",
            "What was found so far is kept; try again later.",
        )
    seconds = bucket.wait(now)
    if seconds is not None and seconds > LONGEST_WAIT:
        raise _come_back(host, seconds)
    return seconds


def _come_back(host: str, seconds: float) -> SourceUnavailable:
    """The error for a service that wants to be left alone for very long."""
    try:
        when = f"until {datetime.now().astimezone() + timedelta(seconds=seconds):%Y-%m-%d %H:%M}"
    except OverflowError:
        when = "for years"
    return SourceUnavailable(f"{host} asks to be left alone {when}", "Try again after that.")
