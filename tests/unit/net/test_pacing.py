"""The queue of one process, in a time of our own making."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from refman.errors import SourceUnavailable
from refman.net.limits import POLITE, Grant
from refman.net.pacing import LONGEST_WAIT, BucketKey, LocalPacer

KEY = BucketKey("api.crossref.org", "single")


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def wanted() -> None:
    """Every request is."""


class TestLocalPacer:
    def pacer(self, time: Time, **kinds: Grant) -> LocalPacer:
        return LocalPacer(kinds or POLITE, clock=time.clock, sleep=time.sleep)

    async def test_keeps_the_order_of_arrival_and_the_pace(self) -> None:
        time = Time()
        pacer = self.pacer(time)
        seen: list[tuple[int, float]] = []

        async def one(number: int) -> None:
            async with pacer.slot(KEY, wanted):
                seen.append((number, time.now))

        await asyncio.gather(*(one(number) for number in range(8)))
        assert [number for number, _ in seen] == list(range(8))
        gaps = [b[1] - a[1] for a, b in pairwise(seen)]
        assert gaps == pytest.approx([1 / 9.5] * 7)

    async def test_kinds_and_hosts_do_not_wait_for_each_other(self) -> None:
        time = Time()
        pacer = self.pacer(time, single=Grant(1), array=Grant(1))
        for key in (KEY, BucketKey(KEY.host, "array"), BucketKey("api.datacite.org", "single")):
            async with pacer.slot(key, wanted):
                pass
        assert time.slept == []

    async def test_an_unknown_kind_is_paced_like_a_list(self) -> None:
        time = Time()
        pacer = self.pacer(time)
        for _ in range(2):
            async with pacer.slot(BucketKey(KEY.host, "search"), wanted):
                pass
        assert sum(time.slept) == pytest.approx(POLITE["array"].spacing)

    async def test_waits_for_one_to_come_back(self) -> None:
        pacer = self.pacer(Time(), single=Grant(1000, 1, 2), array=Grant(1))
        most = under_way = 0

        async def one() -> None:
            nonlocal most, under_way
            async with pacer.slot(KEY, wanted):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.001)
                under_way -= 1

        await asyncio.wait_for(asyncio.gather(*(one() for _ in range(9))), 5)
        assert most == 2

    async def test_more_concurrency_is_used_as_soon_as_it_is_granted(self) -> None:
        pacer = self.pacer(Time(), single=Grant(1000), array=Grant(1))
        second = asyncio.Event()

        async def other() -> None:
            async with pacer.slot(KEY, wanted):
                second.set()

        async with pacer.slot(KEY, wanted):
            task = asyncio.create_task(other())
            await asyncio.sleep(0.01)
            assert not second.is_set()
            pacer.learn(KEY, {"x-concurrency-limit": "2"})
            await asyncio.wait_for(task, 2)

    async def test_a_pause_holds_for_those_who_wait_already(self) -> None:
        time = Time()
        pacer = self.pacer(time, single=Grant(1), array=Grant(1))
        async with pacer.slot(KEY, wanted):
            pacer.back_off(KEY, 100.0)
        start = time.now
        async with pacer.slot(KEY, wanted):
            assert time.now == pytest.approx(start + 100)
        assert max(time.slept) <= 5

    async def test_does_not_wait_for_more_than_an_hour(self) -> None:
        time = Time()
        pacer = self.pacer(time)
        pacer.back_off(KEY, LONGEST_WAIT + 1)
        with pytest.raises(SourceUnavailable, match=r"left alone until 20\d\d-\d\d-\d\d \d\d:\d\d"):
            async with pacer.slot(KEY, wanted):
                pytest.fail("it should not have gone")
        assert time.slept == []

    async def test_a_wait_beyond_all_calendars_has_words(self) -> None:
        pacer = self.pacer(Time())
        pacer.back_off(KEY, 9e14)
        with pytest.raises(SourceUnavailable, match="for years"):
            async with pacer.slot(KEY, wanted):
                pytest.fail("it should not have gone")

    async def test_those_no_longer_wanted_leave_the_queue_at_once(self) -> None:
        time = Time()
        pacer = self.pacer(time)

        def unwanted() -> None:
            raise SourceUnavailable("it is gone")

        async def one() -> None:
            async with pacer.slot(KEY, unwanted):
                pytest.fail("it should not have gone")

        found = await asyncio.gather(*(one() for _ in range(50)), return_exceptions=True)
        assert {type(error) for error in found} == {SourceUnavailable}
        assert time.slept == []

    @pytest.mark.parametrize("failing", [ValueError, asyncio.CancelledError])
    async def test_a_slot_is_given_back_however_it_ends(
        self, failing: Callable[[], BaseException]
    ) -> None:
        pacer = self.pacer(Time(), single=Grant(1000), array=Grant(1))
        for _ in range(3):
            with pytest.raises((ValueError, asyncio.CancelledError)):
                async with pacer.slot(KEY, wanted):
                    raise failing()

    async def test_one_who_is_cancelled_in_the_queue_takes_nothing_along(self) -> None:
        pacer = self.pacer(Time(), single=Grant(1000), array=Grant(1))

        async def one() -> str:
            async with pacer.slot(KEY, wanted):
                return "went"

        async with pacer.slot(KEY, wanted):
            head, behind = asyncio.create_task(one()), asyncio.create_task(one())
            await asyncio.sleep(0.01)
            head.cancel()
            await asyncio.sleep(0.01)
        assert await asyncio.wait_for(behind, 2) == "went"
        with pytest.raises(asyncio.CancelledError):
            await head
