"""The pace that all processes of a machine share, in one process and a time of our own making."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman.errors import SourceUnavailable
from refman.net.limits import MAX_STRIKES, POLITE, PUBLIC, Grant
from refman.net.pacing import LOOK_AGAIN, BucketKey
from refman.net.shared import SharedPacer
from tests.unit.net.test_pacing import Time, wanted

KEY = BucketKey("api.crossref.org", "single")
ME = "me@library.test"
QUICK = {"single": Grant(1000, concurrency=2), "array": Grant(1)}


def shared(
    folder: Path,
    time: Time,
    grants: Mapping[str, Grant] | None = None,
    mailto: str | None = ME,
) -> SharedPacer:
    return SharedPacer(folder, grants, mailto=mailto, clock=time.clock, sleep=time.sleep)


async def go(pacer: SharedPacer, key: BucketKey = KEY) -> None:
    async with pacer.slot(key, wanted) as sent:
        sent()


async def never(pacer: SharedPacer) -> None:
    async with pacer.slot(KEY, wanted):
        pytest.fail("it should not have gone")


def state(folder: Path) -> dict[str, Any]:
    found = json.loads(next(folder.glob("*.json")).read_bytes())
    assert isinstance(found, dict)
    return found


class TestTogether:
    async def test_two_keep_one_pace(self, tmp_path: Path) -> None:
        time = Time()
        pacers = [shared(tmp_path, time), shared(tmp_path, time)]
        times: list[float] = []

        async def one(number: int) -> None:
            async with pacers[number % 2].slot(KEY, wanted):
                times.append(time.now)

        await asyncio.gather(*(one(number) for number in range(10)))
        gaps = [b - a for a, b in pairwise(times)]
        assert min(gaps) >= POLITE["single"].spacing * 0.959

    async def test_two_take_no_more_seats_than_one(self, tmp_path: Path) -> None:
        pacers = [shared(tmp_path, Time(), QUICK) for _ in range(3)]
        most = under_way = 0

        async def one(number: int) -> None:
            nonlocal most, under_way
            async with pacers[number % 3].slot(KEY, wanted):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.002)
                under_way -= 1

        await asyncio.wait_for(asyncio.gather(*(one(number) for number in range(12))), 10)
        assert most == 2

    async def test_a_seat_from_a_better_time_counts(self, tmp_path: Path) -> None:
        time = Time()
        first, second = shared(tmp_path, time, QUICK), shared(tmp_path, time, QUICK)
        low, high = first.slot(KEY, wanted), first.slot(KEY, wanted)
        await low.__aenter__()
        await high.__aenter__()
        first.learn(KEY, {"x-concurrency-limit": "1"})
        await low.__aexit__(None, None, None)
        task = asyncio.create_task(go(second))
        await asyncio.sleep(0.1)
        assert not task.done()
        await high.__aexit__(None, None, None)
        await asyncio.wait_for(task, 2)

    async def test_what_one_learns_the_other_knows(self, tmp_path: Path) -> None:
        time = Time()
        first, second = shared(tmp_path, time), shared(tmp_path, time)
        headers = {"x-rate-limit-limit": "1", "x-rate-limit-interval": "2s"}
        async with first.slot(KEY, wanted):
            first.learn(KEY, headers)
        start = time.now
        await go(second)
        assert time.now - start == pytest.approx(2 / 0.95)

    async def test_a_pause_holds_for_all_and_outlives_who_was_told(self, tmp_path: Path) -> None:
        time = Time()
        first = shared(tmp_path, time)
        async with first.slot(KEY, wanted):
            first.back_off(KEY, 60.0)
        start = time.now
        await go(shared(tmp_path, time))
        assert time.now - start == pytest.approx(60)
        assert max(time.slept) <= LOOK_AGAIN

    async def test_it_comes_back_carefully(self, tmp_path: Path) -> None:
        time = Time()
        shared(tmp_path, time).back_off(KEY, 1.0)
        times = []
        for _ in range(3):
            await go(shared(tmp_path, time))
            times.append(time.now)
        assert times[2] - times[1] == pytest.approx(2 * POLITE["single"].spacing)

    async def test_a_very_long_pause_is_not_waited_for_and_kept_for_a_day(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        shared(tmp_path, time).back_off(KEY, 9e8)
        with pytest.raises(SourceUnavailable, match="left alone until"):
            await never(shared(tmp_path, time))
        time.now += 86400
        await go(shared(tmp_path, time))

    async def test_who_only_says_429_is_left_alone_for_some_minutes(self, tmp_path: Path) -> None:
        time = Time()
        first = shared(tmp_path, time)
        for _ in range(MAX_STRIKES):
            time.now += 61
            first.back_off(KEY, None)
        for pacer in (first, shared(tmp_path, time)):
            with pytest.raises(SourceUnavailable, match="429"):
                await never(pacer)
        time.now += 60 + 301
        await go(first)

    async def test_an_answer_ends_the_counting_for_all(self, tmp_path: Path) -> None:
        time = Time()
        first = shared(tmp_path, time)
        for _ in range(MAX_STRIKES - 1):
            first.back_off(KEY, 1.0)
            time.now += 2
        async with first.slot(KEY, wanted):
            first.served(KEY)
        assert state(tmp_path)["strikes"] == 0

    async def test_hosts_kinds_and_addresses_do_not_wait_for_each_other(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        pacer = shared(tmp_path, time)
        await go(pacer)
        await go(pacer, BucketKey(KEY.host, "array"))
        await go(pacer, BucketKey("api.datacite.org", "single"))
        await go(shared(tmp_path, time, mailto="you@library.test"))
        await go(shared(tmp_path, time, mailto=None))
        assert time.slept == []
        await go(shared(tmp_path, time, mailto=f" {ME.upper()} "))
        assert sum(time.slept) == pytest.approx(POLITE["single"].spacing)

    async def test_the_anonymous_begin_slower(self, tmp_path: Path) -> None:
        time = Time()
        for _ in range(2):
            await go(shared(tmp_path, time, mailto=None))
        assert sum(time.slept) == pytest.approx(PUBLIC["single"].spacing)


class TestFiles:
    async def test_tell_nobody_who_asks(self, tmp_path: Path) -> None:
        folder = tmp_path / "deep" / "pace"
        await go(shared(folder, Time()))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(list(folder.iterdir())) == 3
        for path in folder.iterdir():
            told = path.name.encode() + path.read_bytes()
            assert b"library" not in told
            assert b"crossref" not in told
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 in {0, 0o044}

    @pytest.mark.parametrize(
        "garbage",
        [b"", b"\0" * 2000, b"{", b"[]", b"null", b'{"written": 1}', b"[" * 5000, b"\xff\xfe"],
    )
    async def test_garbage_is_replaced(self, tmp_path: Path, garbage: bytes) -> None:
        time = Time()
        await go(shared(tmp_path, time))
        next(tmp_path.glob("*.json")).write_bytes(garbage)
        await go(shared(tmp_path, time))
        assert time.slept == []
        raw = next(tmp_path.glob("*.json")).read_bytes()[:512]
        assert json.loads(raw)["last_sent"] == time.now

    @given(
        name=st.sampled_from(
            ["rate", "interval", "concurrency", "last_sent", "paused_until", "strikes", "share"]
            + ["seats", "written"]
        ),
        value=st.one_of(
            st.floats(), st.integers(), st.none(), st.text(max_size=5), st.just(10**300)
        ),
    )
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_any_value_is_survived(self, tmp_path: Path, name: str, value: object) -> None:
        time = Time()

        async def spoil_and_go() -> None:
            await go(shared(tmp_path, time))
            path = next(tmp_path.glob("*.json"))
            path.write_text(json.dumps(state(tmp_path) | {name: value}))
            try:
                await go(shared(tmp_path, time))
            except SourceUnavailable:
                path.unlink()
            # The slowest rate that is believed, at the least share of it.
            assert sum(time.slept[-1000:]) < 86400

        asyncio.run(spoil_and_go())

    async def test_a_clock_put_back_shortens_no_pace_and_lengthens_no_pause(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        time.now = 1e9
        first = shared(tmp_path, time)
        await go(first)
        first.back_off(KEY, 10.0)
        time.now -= 5e6
        await go(shared(tmp_path, time))
        assert sum(time.slept) == pytest.approx(10)
        time.now -= 5e6
        await go(shared(tmp_path, time))
        assert sum(time.slept) < 11

    async def test_an_old_grant_is_forgotten(self, tmp_path: Path) -> None:
        time = Time()
        first = shared(tmp_path, time)
        async with first.slot(KEY, wanted):
            first.learn(KEY, {"x-rate-limit-limit": "1", "x-rate-limit-interval": "60s"})
        time.now += 3700
        pacer = shared(tmp_path, time)
        await go(pacer)
        await go(pacer)
        assert sum(time.slept) == pytest.approx(POLITE["single"].spacing)

    async def test_a_folder_that_cannot_be_made_leaves_a_pace_of_our_own(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        (tmp_path / "file").write_text("in the way")
        pacer = shared(tmp_path / "file" / "pace", time)
        for _ in range(3):
            await go(pacer)
        assert sum(time.slept) == pytest.approx(2 * POLITE["single"].spacing)
        pacer.back_off(KEY, 30.0)
        pacer.served(KEY)
        pacer.learn(KEY, {"x-concurrency-limit": "2"})
        await go(pacer)
        assert sum(time.slept) > 30

    async def test_a_folder_that_vanishes_does_too(self, tmp_path: Path) -> None:
        time = Time()
        folder = tmp_path / "pace"
        pacer = shared(folder, time)
        async with pacer.slot(KEY, wanted) as sent:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            sent()
            pacer.back_off(KEY, 30.0)
        await go(pacer)
        assert sum(time.slept) == pytest.approx(30)

    async def test_a_state_that_is_no_file_does_too(self, tmp_path: Path) -> None:
        time = Time()
        await go(shared(tmp_path, time))
        path = next(tmp_path.glob("*.json"))
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
        pacer = shared(tmp_path, time)
        await go(pacer)
        assert not (tmp_path / "elsewhere").exists()


class TestOthersInTheWay:
    async def test_one_who_sits_on_the_lock_is_not_waited_for_for_ever(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        await go(shared(tmp_path, time))
        with FileLock(str(next(tmp_path.glob("*.lock")))):
            start = time.now
            pacer = shared(tmp_path, time)
            await go(pacer)
            assert 10 <= time.now - start < 11
            await go(pacer)

    async def test_a_change_waits_for_the_lock(self, tmp_path: Path) -> None:
        time = Time()
        pacer = shared(tmp_path, time)
        async with pacer.slot(KEY, wanted):
            with FileLock(str(next(tmp_path.glob("*.lock")))):
                pacer.back_off(KEY, 60.0)
                assert state(tmp_path)["paused_until"] == 0
        assert state(tmp_path)["paused_until"] == time.now + 60

    async def test_one_who_was_stopped_with_a_seat_is_not_waited_for_for_ever(
        self, tmp_path: Path
    ) -> None:
        time = Time()
        alone = {"single": Grant(1), "array": Grant(1)}
        stopped = shared(tmp_path, time, alone)
        async with stopped.slot(KEY, wanted):
            task = asyncio.create_task(go(shared(tmp_path, time, alone)))
            await asyncio.sleep(0.1)
            assert not task.done()
            time.now += 151
            await asyncio.wait_for(task, 5)


class TestSlot:
    async def test_keeps_the_order_of_arrival(self, tmp_path: Path) -> None:
        pacer = shared(tmp_path, Time())
        seen: list[int] = []

        async def one(number: int) -> None:
            async with pacer.slot(KEY, wanted):
                seen.append(number)

        await asyncio.gather(*(one(number) for number in range(8)))
        assert seen == list(range(8))

    async def test_those_no_longer_wanted_leave_the_queue_at_once(self, tmp_path: Path) -> None:
        time = Time()
        pacer = shared(tmp_path, time)

        def unwanted() -> None:
            raise SourceUnavailable("it is gone")

        with pytest.raises(SourceUnavailable, match="gone"):
            async with pacer.slot(KEY, unwanted):
                pytest.fail("it should not have gone")
        assert list(tmp_path.glob("*.json")) == []

    @pytest.mark.parametrize("failing", [ValueError, asyncio.CancelledError])
    async def test_a_seat_is_given_back_however_it_ends(
        self, tmp_path: Path, failing: Callable[[], BaseException]
    ) -> None:
        pacer = shared(tmp_path, Time(), {"single": Grant(1000), "array": Grant(1)})
        for _ in range(3):
            with pytest.raises((ValueError, asyncio.CancelledError)):
                async with pacer.slot(KEY, wanted):
                    raise failing()
        await asyncio.wait_for(go(shared(tmp_path, Time())), 2)

    async def test_one_who_is_cancelled_in_the_queue_takes_nothing_along(
        self, tmp_path: Path
    ) -> None:
        pacer = shared(tmp_path, Time(), {"single": Grant(1000), "array": Grant(1)})
        async with pacer.slot(KEY, wanted):
            head, behind = asyncio.create_task(go(pacer)), asyncio.create_task(go(pacer))
            await asyncio.sleep(0.05)
            head.cancel()
            await asyncio.sleep(0.05)
        await asyncio.wait_for(behind, 2)
        with pytest.raises(asyncio.CancelledError):
            await head


def test_the_lock_library_is_loaded_when_it_is_needed() -> None:
    program = (
        "import sys, pathlib, refman.net\n"
        "refman.net.SharedPacer(pathlib.Path('nowhere'), mailto=None)\n"
        "heavy = {'httpx', 'filelock'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
