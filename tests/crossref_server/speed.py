"""How long the imitation takes to answer; all zero by default so that tests are fast."""

from __future__ import annotations

import math
import random
import threading
from dataclasses import dataclass

_Z99 = 2.3263  # the 99th percentile of the normal distribution


@dataclass(frozen=True)
class Speed:
    """Seconds: median of one record and of a list, 99th percentile, and seconds per 10 KB sent.

    With `p99` above the median the times are lognormal, as the live service's are: most are
    near the median, a few take many times as long. With `p99` 0 every answer takes the median.
    """

    single: float = 0.0
    batch: float = 0.0
    p99: float = 0.0
    per_10kb: float = 0.0
    seed: int = 0

    @classmethod
    def realistic(cls) -> Speed:
        """Roughly what users saw of the live service in 2026."""
        return cls(single=0.25, batch=0.5, p99=5.0, per_10kb=0.001)


class Pace:
    """Draws delays after a `Speed`, the same sequence for the same seed. Thread safe."""

    def __init__(self, speed: Speed) -> None:
        self.speed = speed
        self._random = random.Random(speed.seed)
        self._lock = threading.Lock()

    def delay(self, single: bool, size: int) -> float:
        """Seconds to wait before an answer of `size` bytes to a single or a list request."""
        speed = self.speed
        median = speed.single if single else speed.batch
        drawn = median
        if 0 < median < speed.p99:
            sigma = math.log(speed.p99 / median) / _Z99
            with self._lock:
                drawn = median * math.exp(self._random.gauss(0.0, sigma))
        return drawn + speed.per_10kb * size / 10_000
