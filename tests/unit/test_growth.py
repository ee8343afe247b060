"""What measures growth tells linear work from other work."""

from __future__ import annotations

import gc
import random
import re
import signal
import time
from collections.abc import Callable

import pytest

from tests import growth
from tests.growth import assert_grows_linearly


def _count(steps: int) -> int:
    total = 0
    for step in range(steps):
        total += step
    return total


def _sort(size: int) -> None:
    chance = random.Random(3)
    sorted([chance.random() for _ in range(size)])


def _scan_again_and_again(size: int) -> None:
    text = "<" * size
    for start in range(size):
        text.find(">", start)


def _both(size: int) -> None:
    """Mostly linear at first: the square takes as long where there are a thousand."""
    _count(10 * size)
    _count(size * size // 100)


def _match_hostile(size: int) -> None:
    re.match(r"(?:a|a)+$", "a" * size + "b")


def _search_hostile(size: int) -> None:
    re.search(r"<[^>]*>", "<" * size)


@pytest.mark.parametrize("work", [_count, _sort, lambda size: re.sub("<", "&lt;", "<" * size)])
@pytest.mark.parametrize("size", [10, 20_000])
def test_linear_work_passes(work: Callable[[int], object], size: int) -> None:
    assert_grows_linearly(work, size)


@pytest.mark.parametrize("work", [lambda size: None, lambda size: _count(1_000)])
def test_work_that_looks_at_no_more_passes(work: Callable[[int], object]) -> None:
    assert_grows_linearly(work, 1_000)


@pytest.mark.parametrize(
    ("work", "size"),
    [
        (lambda size: _count(size * size), 500),
        (lambda size: _count(size * size), 2),
        (_scan_again_and_again, 2_000),
        (_search_hostile, 1_000),
        (_both, 2_000),
    ],
)
def test_quadratic_work_fails(work: Callable[[int], object], size: int) -> None:
    with pytest.raises(AssertionError, match="does not grow linearly: size"):
        assert_grows_linearly(work, size)


@pytest.mark.parametrize("work", [lambda size: _count(2**size), _match_hostile])
@pytest.mark.parametrize("size", [6, 10_000])
def test_exponential_work_fails_soon(
    work: Callable[[int], object], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "_PATIENCE", 0.2)
    with pytest.raises(AssertionError, match=r"explodes|does not grow linearly"):
        assert_grows_linearly(work, size)


def test_work_that_catches_all_its_errors_is_stopped_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growth, "_PATIENCE", 0.1)

    def work(size: int) -> None:
        try:
            _count(10**9 if size > 1 else 1)
        except Exception:
            pytest.fail("it was taken for an error of the work")

    with pytest.raises(AssertionError, match="explodes"):
        assert_grows_linearly(work, 100)


def test_nothing_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGPROF)
    seen: list[bool] = []

    def work(size: int) -> None:
        seen.append(gc.isenabled())
        if size > 1:
            raise KeyError(size)
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0

    with pytest.raises(KeyError):
        assert_grows_linearly(work, 100)
    assert seen == [False, False]
    assert gc.isenabled()
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_waiting_is_no_work() -> None:
    assert growth._seconds(lambda size: time.sleep(0.05), 1) < 0.05
