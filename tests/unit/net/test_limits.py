"""The arithmetic of pace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.net.limits import POLITE, PUBLIC, Bucket, Grant, granted, retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def grants(rate: str, interval: str = "1s", concurrency: str = "3") -> dict[str, str]:
    return {
        "x-rate-limit-limit": rate,
        "x-rate-limit-interval": interval,
        "x-concurrency-limit": concurrency,
    }


def sent(bucket: Bucket, start: float, count: int) -> Iterator[float]:
    """The times at which a bucket lets requests go that come back at once."""
    now = start
    for _ in range(count):
        wait = bucket.wait(now)
        assert wait is not None
        now += wait
        bucket.take(now)
        bucket.give_back()
        yield now


class TestGranted:
    def test_takes_over_what_the_headers_say(self) -> None:
        assert granted(grants("3", "1s", "2"), Grant(10, 1, 3)) == Grant(3, 1, 2)

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [("1s", 1), ("10s", 10), ("500ms", 0.5), ("1m", 60), ("2", 2), ("0.5s", 0.5), (" 1 s ", 1)],
    )
    def test_reads_intervals(self, text: str, seconds: float) -> None:
        assert granted(grants("10", text), Grant(1)).interval == pytest.approx(seconds)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            grants("½ per fortnight", "½ per fortnight", "½ per fortnight"),
            grants("0", "1s", "0"),
            grants("-3", "-1s", "-1"),
            grants("3", "0s", "") | {"x-concurrency-limit": ""},
            grants("1", "999999h", "x"),
            grants("999999", "1s", "1e3"),
            grants("٣", "1s", "٣"),
            {"x-rate-limit-limit": "50"},
            {"x-rate-limit-interval": "1s"},
        ],
    )
    def test_leaves_the_grant_alone_for_nonsense(self, headers: dict[str, str]) -> None:
        current = Grant(10, 1, 3)
        assert granted(headers, current) == current

    def test_believes_one_half_without_the_other(self) -> None:
        assert granted(grants("x", "1s", "2"), Grant(10, 1, 3)) == Grant(10, 1, 2)
        assert granted(grants("4", "1s", "x"), Grant(10, 1, 3)) == Grant(4, 1, 3)

    def test_never_runs_more_at_once_than_helps(self) -> None:
        assert granted(grants("100", "1s", "500"), Grant(10)).concurrency == 10

    @given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
    @settings(max_examples=200)
    def test_any_text_gives_a_pace_to_live_with(self, rate: str, interval: str, many: str) -> None:
        found = granted(grants(rate, interval, many), Grant(10, 1, 3))
        assert 0 < found.spacing < 70
        assert 1 <= found.concurrency <= 10


class TestRetryAfter:
    @pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "1e3", "٣", "9" * 50, "0" * 5000])
    def test_is_nothing_for_nonsense(self, text: str) -> None:
        assert retry_after({"retry-after": text}, NOW) is None

    def test_reads_seconds(self) -> None:
        assert retry_after({"retry-after": " 120 "}, NOW) == 120

    def test_measures_a_date_from_now(self) -> None:
        later = format_datetime(datetime(2026, 11, 24, 12, 2, 0, tzinfo=UTC), usegmt=True)
        assert retry_after({"retry-after": later}, NOW) == 120

    def test_measures_a_date_from_the_servers_own_clock(self) -> None:
        date = format_datetime(datetime(2026, 12, 1, 8, 0, 0, tzinfo=UTC), usegmt=True)
        later = format_datetime(datetime(2026, 12, 1, 8, 0, 30, tzinfo=UTC), usegmt=True)
        assert retry_after({"retry-after": later, "date": date}, NOW) == 30

    def test_a_date_gone_by_is_no_wait(self) -> None:
        early = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
        assert retry_after({"retry-after": early}, NOW) == 0

    @given(st.text(max_size=80), st.text(max_size=80))
    @settings(max_examples=200)
    def test_any_text_is_survived(self, text: str, date: str) -> None:
        found = retry_after({"retry-after": text, "date": date}, NOW)
        assert found is None or found >= 0


class TestBucket:
    def test_spaces_requests_evenly_from_the_first(self) -> None:
        times = list(sent(Bucket(Grant(10, 1, 3)), 50.0, 20))
        gaps = [b - a for a, b in pairwise(times)]
        assert times[0] == 50.0
        assert gaps == pytest.approx([1 / 9.5] * 19)

    def test_does_not_save_up_for_a_burst(self) -> None:
        bucket = Bucket(Grant(10, 1, 3))
        list(sent(bucket, 0.0, 1))
        times = list(sent(bucket, 500.0, 3))
        assert times == pytest.approx([500.0, 500.0 + 1 / 9.5, 500.0 + 2 / 9.5])

    def test_holds_back_while_too_many_are_under_way(self) -> None:
        bucket = Bucket(Grant(1000, 1, 2))
        bucket.take(0.0)
        bucket.take(1.0)
        assert bucket.wait(100.0) is None
        bucket.give_back()
        assert bucket.wait(100.0) == 0

    def test_counts_from_when_a_request_left(self) -> None:
        bucket = Bucket(Grant(10, 1, 3))
        bucket.take(0.0)
        bucket.sent(0.2)
        assert bucket.wait(0.2) == pytest.approx(1 / 9.5)
        bucket.take(0.4)
        bucket.sent(0.3)
        assert bucket.wait(0.4) == pytest.approx(1 / 9.5)

    @pytest.mark.parametrize("rate", [1, 3, 10, 100])
    def test_makes_up_for_small_delays(self, rate: int) -> None:
        bucket = Bucket(Grant(rate, 1, 3))
        late = 0.012 * min(0.3, 1 / rate)
        now = 0.0
        times: list[float] = []
        for _ in range(200):
            wait = bucket.wait(now)
            assert wait is not None
            now += wait + late * (len(times) % 3)
            times.append(now)
            bucket.take(now)
            bucket.sent(now + late / 2)
            bucket.give_back()
        pace = 199 / (times[-1] - times[0])
        assert pace == pytest.approx(rate * 0.95, rel=0.001)
        for first, last in zip(times, times[rate:], strict=False):
            assert last - first > 1.03

    def test_makes_up_for_no_great_delay(self) -> None:
        bucket = Bucket(Grant(3, 1, 3))
        for now in (0.0, 1 / 2.85 + 0.02):
            bucket.take(now)
        assert bucket.wait(now) == pytest.approx(1 / 2.85)

    def test_a_change_of_the_grant_counts_from_the_last_request(self) -> None:
        bucket = Bucket(Grant(3, 1, 3))
        bucket.take(0.0)
        bucket.learn(grants("1", "10s", "1"))
        bucket.give_back()
        assert bucket.wait(0.5) == pytest.approx(10 / 0.95 - 0.5)

    def test_stops_as_long_as_it_is_told(self) -> None:
        bucket = Bucket(Grant(10))
        bucket.back_off(100.0, 42.0)
        assert bucket.wait(100.0) == 42.0
        assert bucket.wait(142.0) == 0

    def test_a_shorter_pause_does_not_end_a_longer_one(self) -> None:
        bucket = Bucket(Grant(10))
        bucket.back_off(100.0, 42.0)
        bucket.back_off(101.0, 1.0)
        assert bucket.wait(101.0) == 41.0

    def test_goes_on_at_half_the_rate_and_recovers_slowly(self) -> None:
        bucket = Bucket(Grant(10))
        bucket.back_off(0.0, 1.0)
        first, second = sent(bucket, 1.0, 2)
        assert second - first == pytest.approx(2 / 9.5)
        shares = [bucket.share(now) for now in (1.0, 11.0, 26.0, 41.0, 99.0)]
        assert shares == pytest.approx([0.5, 0.5, 0.75, 1.0, 1.0])

    def test_requests_under_way_together_are_one_offence(self) -> None:
        bucket = Bucket(Grant(10, 1, 3))
        for now in (0.0, 0.1, 0.2):
            bucket.back_off(now, None)
        assert bucket.share(0.3) == 0.5

    def test_pauses_of_its_own_grow_and_are_bounded(self) -> None:
        bucket = Bucket(Grant(10))
        pauses = []
        now = 0.0
        for _ in range(40):
            bucket.back_off(now, None)
            pause = bucket.wait(now)
            assert pause is not None
            pauses.append(pause)
            now += pause
        assert pauses[:4] == [1, 2, 4, 8]
        assert max(pauses) == 60
        assert bucket.share(now) == 1 / 16

    def test_an_answer_in_earnest_ends_the_growing(self) -> None:
        bucket = Bucket(Grant(10))
        bucket.back_off(0.0, None)
        bucket.back_off(2.0, None)
        bucket.served()
        bucket.back_off(10.0, None)
        assert bucket.wait(10.0) == 1

    def test_the_anonymous_are_slower(self) -> None:
        for kind in ("single", "array"):
            assert PUBLIC[kind].spacing > POLITE[kind].spacing
            assert PUBLIC[kind].concurrency == 1

    def test_can_be_put_down_in_writing(self) -> None:
        bucket = Bucket(Grant(10, 2, 3))
        assert Bucket.restored(bucket.state()).state() == bucket.state()
        assert Bucket.restored(bucket.state()).wait(100.0) == 0
        bucket.take(100.0)
        bucket.back_off(101.0, 7.0)
        found = Bucket.restored(bucket.state())
        assert found.state() == bucket.state()
        assert found.grant == bucket.grant
        assert found.wait(102.0) == bucket.wait(102.0) == 6

    @pytest.mark.parametrize(
        "change",
        [
            {"rate": 0},
            {"rate": "10"},
            {"rate": True},
            {"rate": 1e9},
            {"interval": 0},
            {"interval": float("nan")},
            {"concurrency": 0},
            {"concurrency": 99},
            {"last_sent": None},
            {"paused_until": float("inf")},
            {"paused_until": 10**400},
            {"strikes": -1},
            {"share": []},
        ],
    )
    def test_takes_no_nonsense_in_writing(self, change: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            Bucket.restored(Bucket(Grant(10)).state() | change)

    @given(
        st.lists(
            st.one_of(
                st.floats(0, 5).map(lambda s: ("back_off", s)),
                st.floats(0, 5).map(lambda s: ("pass", s)),
                st.just(("ask", 0.0)),
            ),
            max_size=60,
        )
    )
    @settings(max_examples=100)
    def test_never_sends_more_than_is_granted(self, events: list[tuple[str, float]]) -> None:
        grant = Grant(4, 1, 2)
        bucket, now = Bucket(grant), 0.0
        times: list[float] = []
        for what, seconds in events:
            if what == "back_off":
                bucket.back_off(now, seconds)
            elif what == "pass":
                now += seconds
            else:
                times += sent(bucket, now, 1)
                now = times[-1]
        for time in times:
            assert sum(time <= other < time + 1 for other in times) <= 4
