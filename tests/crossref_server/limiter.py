"""Rate and concurrency limits, one window for each (pool, key).

Crossref's limits in force since December 2025 (REST API documentation): five pools, each with a
number of requests per interval and a number of requests at once. Since July 2026 the polite
pools count per e-mail address; the public pools count per client address.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

PUBLIC_SINGLE = "public-single"
PUBLIC_ARRAY = "public-array"
POLITE_SINGLE = "polite-single"
POLITE_ARRAY = "polite-array"
PLUS = "plus"


@dataclass(frozen=True)
class Limit:
    """What one pool allows.

    rate: requests per interval, None for no limit.
    interval: seconds, fractions allowed so that tests can run fast.
    concurrency: requests at once, None for no limit.
    header_interval: text of ``x-rate-limit-interval``; by default the interval as ``1s``. Give it
        apart when a test runs a short interval but the client should read an ordinary one.
    limit_type: text of ``x-rate-limit-type`` (sent since July 2026, its values are not
        documented); None leaves the header out.
    """

    rate: int | None
    interval: float = 1.0
    concurrency: int | None = None
    header_interval: str | None = None
    limit_type: str | None = None

    def headers(self, pool: str) -> dict[str, str]:
        """The limit headers of an answer in `pool`, as sent with 200, 301, 400 and 404."""
        found = {"x-api-pool": pool}
        if self.rate is not None:
            found["x-rate-limit-limit"] = str(self.rate)
            found["x-rate-limit-interval"] = self.header_interval or f"{self.interval:g}s"
        if self.concurrency is not None:
            found["x-concurrency-limit"] = str(self.concurrency)
        if self.limit_type is not None:
            found["x-rate-limit-type"] = self.limit_type
        return found


UNLIMITED = Limit(rate=None)

CROSSREF_LIMITS: Mapping[str, Limit] = {
    PUBLIC_SINGLE: Limit(rate=5, concurrency=1),
    PUBLIC_ARRAY: Limit(rate=1, concurrency=1),
    POLITE_SINGLE: Limit(rate=10, concurrency=3),
    POLITE_ARRAY: Limit(rate=3, concurrency=3),
    PLUS: Limit(rate=150),
}
"""The limits of the live service, December 2025 to November 2026."""


def no_limits() -> dict[str, Limit]:
    """Every Crossref pool without limits: for tests that are not about pacing."""
    return dict.fromkeys(CROSSREF_LIMITS, UNLIMITED)


def parse_limits(text: str) -> dict[str, Limit]:
    """Limits from a command line.

    `text` is ``none``, ``default`` or ``POOL=RATE/SECONDS/CONCURRENT,...``, for instance
    ``polite-array=1/10/1``; pools not named keep the live service's limits. A ``-`` stands
    for "no limit".
    Raises ValueError for an unknown pool or a malformed number.
    """
    if text == "none":
        return no_limits()
    limits = dict(CROSSREF_LIMITS)
    if text == "default":
        return limits
    for part in text.split(","):
        pool, _, numbers = part.partition("=")
        if pool not in limits:
            raise ValueError(f"unknown pool {pool!r}; one of {', '.join(limits)}")
        rate, seconds, concurrency = [*numbers.split("/"), "1", "-"][:3]
        limits[pool] = Limit(
            rate=None if rate == "-" else int(rate),
            interval=float(seconds),
            concurrency=None if concurrency == "-" else int(concurrency),
        )
    return limits


@dataclass(frozen=True)
class Admission:
    """The limiter's answer for one request.

    limit: the limit that was applied.
    refused: None when the request may go on, else "rate" or "concurrency".
    in_flight: requests of the same pool and key now being answered, this one included.
    in_flight_total: the same over all pools and keys.
    retry_after: seconds until the window has room again (0 when admitted).
    """

    limit: Limit
    refused: str | None
    in_flight: int
    in_flight_total: int
    retry_after: float


@dataclass
class _Window:
    """Times of the admitted requests and the number being answered, for one (pool, key)."""

    admitted: deque[float] = field(default_factory=deque)
    in_flight: int = 0


class Limiter:
    """Sliding windows: at most `rate` admitted requests in any `interval` seconds.

    A refused request does not use up the window, so a client that waits is let in again.
    Thread safe. `clock` gives seconds and may be replaced by a test's own.
    """

    def __init__(self, limits: Mapping[str, Limit], clock: Callable[[], float]) -> None:
        self._limits = dict(limits)
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], _Window] = {}
        self._total = 0

    def limit_of(self, pool: str) -> Limit:
        """The limit of a pool; a pool without an entry is unlimited."""
        with self._lock:
            return self._limits.get(pool, UNLIMITED)

    def set_limit(self, pool: str, limit: Limit) -> None:
        """Change a pool's limit while the server runs."""
        with self._lock:
            self._limits[pool] = limit

    def enter(self, pool: str, key: str, override: Limit | None = None) -> Admission:
        """Count a request in; every call must be followed by one `leave`, refused or not."""
        with self._lock:
            limit = override or self._limits.get(pool, UNLIMITED)
            window = self._windows.setdefault((pool, key), _Window())
            window.in_flight += 1
            self._total += 1
            refused, wait = self._judge(limit, window)
            return Admission(limit, refused, window.in_flight, self._total, wait)

    def leave(self, pool: str, key: str) -> None:
        """Count a request out."""
        with self._lock:
            self._windows[(pool, key)].in_flight -= 1
            self._total -= 1

    def _judge(self, limit: Limit, window: _Window) -> tuple[str | None, float]:
        """(reason, seconds to wait): concurrency is looked at first and costs no token."""
        if limit.concurrency is not None and window.in_flight > limit.concurrency:
            return "concurrency", limit.interval
        if limit.rate is None:
            return None, 0.0
        now = self._clock()
        admitted = window.admitted
        while admitted and admitted[0] <= now - limit.interval:
            admitted.popleft()
        if len(admitted) >= limit.rate:
            return "rate", max(0.0, admitted[0] + limit.interval - now)
        admitted.append(now)
        return None, 0.0
