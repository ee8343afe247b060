"""How the time that some work takes grows with what it is given.

A limit in seconds says more about the machine, and about who else is at work on it, than about the
code. What hostile input is made for shows in another way: eight times as much of it takes 64 times
as long, or for ever. So a test gives its input in two sizes and compares the two.
"""

from __future__ import annotations

import gc
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENOUGH = 0.005
"""Seconds of processor time that the smaller size shall take, lest noise decide."""

_FURTHEST = 64
"""How often a size may be taken until it takes enough; there is work that looks at no more."""

_PATIENCE = 2.0
"""Seconds of processor time for the first sizes, which take some milliseconds."""

_LAST_RESORT = 60.0
"""Seconds of processor time for the very first call, which may have to load what it needs."""

_ROUNDS = 3


class _Stopped(BaseException):
    """The time is over. Not an `Exception`, which the work might take for its own."""


def assert_grows_linearly(
    work: Callable[[int], object], size: int, times: int = 8, slack: float = 3.0
) -> None:
    """Fail if `times` as much takes more than `slack * times` as long.

    `work` makes its input of the size that it is given and does with it what is tested. Linear
    work takes `times` as long, quadratic work `times` squared: with the default 8 and 64, where 24
    are allowed. `size` is the smaller of the two sizes, and more is taken where that is done in no
    time. What explodes is stopped soon, if it is Python or a regular expression.

    Time is processor time, which others on the machine disturb little; of a few rounds one has to
    do. The first one mostly does, so that the larger size is worked through once.
    """
    __tracebackhide__ = True
    small, took = _beginning(work, size, slack)
    told = ""
    for _ in range(_ROUNDS):
        one = min(took, _seconds(work, small))
        # What takes no time in the largest size, either, has no growth to speak of.
        allowed = slack * times * max(one, _ENOUGH / 5)
        many = _seconds(work, small * times, allowed + 0.05)
        if many <= allowed:
            return
        lasted = f"{many:.3f} s" if many < math.inf else f"more than {allowed:.3f} s"
        told = f"size {small} took {one:.4f} s, {times} times as much {lasted}"
        took = _seconds(work, small)
    raise AssertionError(f"it does not grow linearly: {told}")


def _beginning(work: Callable[[int], object], size: int, slack: float) -> tuple[int, float]:
    """Go up to a size that takes long enough to be compared with. Gives it and its seconds."""
    __tracebackhide__ = True
    small, took = 1, _seconds(work, 1, _LAST_RESORT)
    wanted = max(1, size // 4)
    while small < size or (took < _ENOUGH and small < _FURTHEST * size):
        limit = max(_PATIENCE, slack * took * wanted / small)
        now = _seconds(work, wanted, limit)
        if now == math.inf:
            raise AssertionError(
                f"it explodes: size {small} took {took:.4f} s, {wanted} more than {limit:.1f} s"
            )
        small, took = wanted, now
        more = min(math.ceil(1.2 * _ENOUGH / max(took, 1e-9)), 4)
        wanted = size if small < size else min(small * max(more, 2), _FURTHEST * size)
    return small, took


def _seconds(work: Callable[[int], object], size: int, limit: float = _LAST_RESORT) -> float:
    """The processor time that it takes; infinite if that was over the limit and it was stopped."""
    collects = gc.isenabled()
    gc.disable()
    try:
        with _stopping_after(limit):
            begun = time.process_time()
            work(size)
            return time.process_time() - begun
    except _Stopped:
        return math.inf
    finally:
        if collects:
            gc.enable()


@contextmanager
def _stopping_after(seconds: float) -> Iterator[None]:
    """Raise `_Stopped` in what takes more processor time, and again each second."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread gets signals.
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _Stopped

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
