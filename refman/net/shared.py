"""One pace for all processes of a machine: a `Pacer` whose memory is a folder.

A service that counts requests by contact address does not care how many programs send them. So
what a `Bucket` knows is kept in a small file, one for each host, kind and address, and is read
and written under a lock that is held for microseconds. A request under way holds a lock on one of
the bucket's seats, files without content: the kernel lets go of it when the process ends, however
it ends. Nothing in the folder names an address, and all of it may be deleted at any time.

The state is in the time of the wall clock, so that a pause which a service has asked for outlives
the process that was told. Where the folder cannot be used, or someone sits on a lock, each process
keeps its own pace as `LocalPacer` does.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

from refman.net.limits import MAX_CONCURRENCY, Bucket, Grant, default_grants
from refman.net.pacing import LOOK_AGAIN, BucketKey, LocalPacer, bearable_wait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from filelock import FileLock

_RECORD = 512
"""Bytes of a state: always as many, so that one write replaces all of it."""
_LONGEST_PAUSE = 86400.0
"""Seconds of a pause that are remembered. Who wants more is asked once a day, because a slip in a
header should not end with a person looking for a file to delete."""
_STALE = 3600.0
"""Seconds after the last request and pause when a state is forgotten: who asks then is new."""
_FORGIVEN = 300.0
"""Seconds after a pause when earlier ones no longer count as in a row."""
_JUMP = 1.0
"""Seconds by which a state may come from the future before the clock is thought to be put back."""
_BUSY = 0.0005
"""Seconds until a lock that is held for microseconds is tried again."""
_PATIENCE = 10.0
"""Seconds of trying after which whoever holds it is thought to have been stopped."""
_LONGEST_REQUEST = 150.0
"""Seconds after the last request when those that still have a seat are thought to be stopped."""
_TRIES = 8
"""Attempts to write down at once what cannot wait; what fails is written with the next request."""
_SEAT_CHECK = 0.02
"""Seconds until it is looked again whether another process has given back a seat."""

_Change = Callable[[Bucket], None]


class SharedPacer:
    """A `Pacer` for one event loop that counts with all others which have the same folder.

    `folder` is made where it is missing. `grants` are the limits to begin with, by kind, until a
    service states its own, by default Crossref's; `mailto` is the contact address that requests
    are counted for.
    """

    def __init__(
        self,
        folder: Path,
        grants: Mapping[str, Grant] | None = None,
        *,
        mailto: str | None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._folder = folder
        self._grants = grants or default_grants(mailto)
        self._who = (mailto or "").strip().lower() or "public"
        self._clock = clock
        self._sleep = sleep
        self._ledgers: dict[BucketKey, _Ledger] = {}
        self._alone: LocalPacer | None = None

    @asynccontextmanager
    async def slot(
        self, key: BucketKey, still_wanted: Callable[[], None]
    ) -> AsyncIterator[Callable[[], None]]:
        """See `Pacer`."""
        ledger, seat = self._ledger(key), None
        if ledger is not None:
            async with ledger.turn:
                still_wanted()
                seat = await self._seat(key, ledger)
        if ledger is None or seat is None:
            async with self._own_queue().slot(key, still_wanted) as sent:
                yield sent
            return
        try:
            yield lambda: self._sent(key)
        finally:
            ledger.leave(seat)
            self._settle(ledger)

    def learn(self, key: BucketKey, headers: Mapping[str, str]) -> None:
        """See `Pacer`."""
        if not self._note(key, lambda bucket: bucket.learn(headers)):
            self._own_queue().learn(key, headers)

    def served(self, key: BucketKey) -> None:
        """See `Pacer`."""
        if not self._note(key, lambda bucket: bucket.served()):
            self._own_queue().served(key)

    def back_off(self, key: BucketKey, seconds: float | None) -> float:
        """See `Pacer`."""
        now = self._clock()
        ledger = self._ledger(key)
        waits: list[float] = []
        noted = self._note(key, lambda bucket: waits.append(bucket.back_off(now, seconds)))
        if not (noted and ledger is not None and self._settle(ledger)):
            return self._own_queue().back_off(key, seconds)
        # Where another process is at the file, it will be written a little later.
        return waits[0] if waits else seconds or 0.0

    def _sent(self, key: BucketKey) -> None:
        """Note that a request with a seat has left."""
        now = self._clock()
        ledger = self._ledger(key)
        if self._note(key, lambda bucket: bucket.sent(now)) and ledger is not None:
            self._settle(ledger)

    def _note(self, key: BucketKey, change: _Change) -> bool:
        """Have a change written at the next occasion; whether there is where to write it."""
        ledger = self._ledger(key)
        if ledger is None:
            return False
        ledger.pending.append(change)
        return True

    def _settle(self, ledger: _Ledger) -> bool:
        """Write what was noted, now or, where another process is at it, a little later.

        False where it cannot be written at all.
        """
        try:
            for _ in range(_TRIES):
                if not ledger.pending:
                    break
                with ledger.opened() as bucket:
                    if bucket is not None:
                        break
                time.sleep(_BUSY / _TRIES)
        except OSError:
            self._give_up()
        return self._alone is None

    async def _seat(self, key: BucketKey, ledger: _Ledger) -> FileLock | None:
        """A seat, when it is time for the head of the queue; None where there is no sharing."""
        busy_since: float | None = None
        while self._alone is None:
            try:
                seat, seconds = self._attempt(key, ledger)
                busy_since = None
            except BlockingIOError:
                now = self._clock()
                busy_since = now if busy_since is None else busy_since
                if now - busy_since > _PATIENCE:
                    break
                seat, seconds = None, _BUSY + (now - busy_since) / 10
            except OSError:
                break
            if seat is not None:
                return seat
            if seconds is None:
                await ledger.seat_given_back()
            else:
                await self._sleep(min(seconds, LOOK_AGAIN))
        self._give_up()
        return None

    def _attempt(self, key: BucketKey, ledger: _Ledger) -> tuple[FileLock | None, float | None]:
        """A seat, or the seconds until the next attempt, None where one must be given back.

        Raises `BlockingIOError` where another process is at it, `OSError` where it is no use.
        """
        seat = None
        try:
            with ledger.opened() as bucket:
                if bucket is None:
                    raise BlockingIOError("another process has it open")
                now = self._clock()
                seconds = bearable_wait(key.host, bucket, now)
                if seconds:
                    return None, seconds
                seat = ledger.take_seat(bucket.grant.concurrency)
                if seat is not None:
                    bucket.take(now)
                elif bucket.idle(now) > _LONGEST_REQUEST:
                    raise TimeoutError("all seats are taken by processes that do nothing")
        except OSError:
            if seat is not None:
                seat.release()
            raise
        return seat, None

    def _ledger(self, key: BucketKey) -> _Ledger | None:
        """Where a bucket is kept; None where nothing is shared."""
        if self._alone is not None:
            return None
        ledger = self._ledgers.get(key)
        if ledger is None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError:
                self._give_up()
                return None
            name = blake2b("\n".join((*key, self._who)).encode(), digest_size=16).hexdigest()
            grant = self._grants.get(key.kind) or self._grants["array"]
            ledger = self._ledgers[key] = _Ledger(self._folder / name, grant, self._clock)
        return ledger

    def _give_up(self) -> None:
        """From now on, keep a pace of our own."""
        self._own_queue()

    def _own_queue(self) -> LocalPacer:
        if self._alone is None:
            self._alone = LocalPacer(self._grants, clock=self._clock, sleep=self._sleep)
        return self._alone


class _Ledger:
    """A bucket in files that all have: `STEM.json`, `STEM.lock` and the seats, `STEM.0` and on."""

    def __init__(self, stem: Path, grant: Grant, clock: Callable[[], float]) -> None:
        from filelock import FileLock  # noqa: PLC0415

        self.turn = asyncio.Lock()
        self.pending: list[_Change] = []
        self._path = f"{stem}.json"
        self._lock = FileLock(f"{stem}.lock", thread_local=False)
        self._seats = [
            FileLock(f"{stem}.{number}", thread_local=False) for number in range(MAX_CONCURRENCY)
        ]
        self._seats_in_use = 1
        self._grant = grant
        self._clock = clock
        self._given_back = asyncio.Event()

    @contextmanager
    def opened(self) -> Iterator[Bucket | None]:
        """The bucket as it stands, with what was pending; changes to it are kept.

        None where another process has it open. Raises `OSError` where there can be no file. It
        must be left without waiting for anything.
        """
        if not _is_locked(self._lock):
            yield None
            return
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                written = os.pread(file, _RECORD, 0)
                bucket, self._seats_in_use = _read(written, self._clock(), self._grant)
                for change in self.pending:
                    change(bucket)
                self.pending.clear()
                try:
                    yield bucket
                finally:
                    state = bucket.state() | {"seats": self._seats_in_use, "written": self._clock()}
                    os.pwrite(file, json.dumps(state).encode().ljust(_RECORD), 0)
            finally:
                os.close(file)
        finally:
            self._lock.release()

    def take_seat(self, concurrency: int) -> FileLock | None:
        """A seat, if fewer than `concurrency` are taken; for who has the bucket open.

        Seats beyond those may still be taken from a time when more were granted.
        """
        looked_at = max(concurrency, self._seats_in_use)
        mine, taken, last = None, 0, 0
        for number, seat in enumerate(self._seats[:looked_at]):
            if seat.is_locked or not _is_locked(seat):
                taken, last = taken + 1, number
            elif mine is not None:
                seat.release()
            else:
                mine = seat
                if looked_at == concurrency:
                    break
        self._seats_in_use = max(concurrency, last + 1)
        if mine is not None and taken >= concurrency:
            mine.release()
            return None
        return mine

    def leave(self, seat: FileLock) -> None:
        """Give a seat back and wake the head of the queue."""
        seat.release()
        self._given_back.set()

    async def seat_given_back(self) -> None:
        """Wait until a seat may be free: here, or after a while in another process."""
        self._given_back.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEAT_CHECK):
                await self._given_back.wait()


def _is_locked(lock: FileLock) -> bool:
    """Whether it was free, and is now ours."""
    from filelock import Timeout  # noqa: PLC0415

    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True


def _read(written: bytes, now: float, grant: Grant) -> tuple[Bucket, int]:
    """The bucket and the number of seats in a record; new ones where it is old or none at all."""
    new = Bucket(grant), 1
    try:
        state = json.loads(written)
        if not isinstance(state, dict):
            return new
        # What lies ahead of us was written before the clock was put back.
        ahead = float(state["written"]) - now
        behind = ahead if ahead > _JUMP else 0.0
        state["last_sent"] = min(now, state["last_sent"] - behind)
        state["paused_until"] = min(now + _LONGEST_PAUSE, state["paused_until"] - behind)
        quiet = now - max(state["last_sent"], state["paused_until"])
        if quiet > _STALE:
            return new
        if now - state["paused_until"] > _FORGIVEN:
            state["strikes"] = 0
        return Bucket.restored(state), min(MAX_CONCURRENCY, max(1, int(state["seats"])))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return new
