"""How fast a service may be asked: the pace it grants, and what becomes of it with time.

Crossref counts single records and lists in different pools, and answers with the limits it
applies (`x-rate-limit-limit`, `x-rate-limit-interval`, `x-concurrency-limit`). So there is a
`Bucket` for each host and kind of request; it knows no clock and no event loop, and is told what
time it is. The queues in front of the buckets are in `refman.net.pacing` and `refman.net.shared`.

Requests are spaced evenly, a little wider than granted: at the very limit, the jitter of the
network is enough to draw a 429 now and then.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Self

CARE = 0.95
"""The part of the granted rate that is used."""

_MADE_UP = 0.04
"""The part of the time between two requests by which one may be late, and the next still comes
when it would have: the sum of many small delays would cost speed, and CARE has room for one."""
_MOST_MADE_UP = 0.012
"""The same in seconds, because the jitter of the network, which also needs room, is no part of
anything."""
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
MAX_CONCURRENCY = 10
"""Above this the client only gets slower, whatever a service grants."""
_RATES = (1 / 60, 1000.0)
"""Requests a second that we believe in a header."""
_MAX_INTERVAL = 1e7
_MAX_COUNT = 1e6


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


def default_grants(mailto: str | None) -> Mapping[str, Grant]:
    """The limits to begin with, by kind, for a client with this contact address or none."""
    return POLITE if mailto else PUBLIC


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
        found = replace(found, concurrency=min(int(concurrency), MAX_CONCURRENCY))
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
    """The pace of one kind of request to one host. Times are seconds of any steady clock.

    `state` is what there is to keep of it in writing; requests under way are not part of that.
    """

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self._in_flight = 0
        self._last_sent = float("-inf")
        self._paused_until = float("-inf")
        self._strikes = 0
        self._share = 1.0

    @classmethod
    def restored(cls, state: Mapping[str, object]) -> Self:
        """The bucket that `state` was taken of. Raises `ValueError` for what was never a state."""
        rate, interval = (_finite(state.get(name)) for name in ("rate", "interval"))
        concurrency, strikes = (_finite(state.get(name)) for name in ("concurrency", "strikes"))
        if not (0 < interval <= _MAX_INTERVAL and _RATES[0] <= rate / interval <= _RATES[1]):
            raise ValueError("not a rate")
        if not (1 <= concurrency <= MAX_CONCURRENCY and 0 <= strikes <= _MAX_COUNT):
            raise ValueError("not a count")
        bucket = cls(Grant(rate, interval, int(concurrency)))
        bucket._last_sent = _finite(state.get("last_sent"))
        bucket._paused_until = _finite(state.get("paused_until"))
        bucket._strikes = int(strikes)
        bucket._share = min(1.0, max(_SLOWEST, _finite(state.get("share"))))
        return bucket

    def state(self) -> dict[str, float]:
        """What a process started later has to know: plain numbers, "never" being 0."""
        return {
            "rate": self.grant.rate,
            "interval": self.grant.interval,
            "concurrency": self.grant.concurrency,
            "last_sent": max(0.0, self._last_sent),
            "paused_until": max(0.0, self._paused_until),
            "strikes": self._strikes,
            "share": self._share,
        }

    def wait(self, now: float) -> float | None:
        """Seconds until a request may go, 0 for at once; None where one must come back first."""
        pause = max(0.0, self._paused_until - now)
        if not pause and self._in_flight >= self.grant.concurrency:
            return None
        return max(pause, self._last_sent + self._spacing(now) - now)

    def take(self, now: float) -> None:
        """Count a request out. Each is followed by one `give_back`."""
        self._in_flight += 1
        due = self._last_sent + self._spacing(now)
        self._last_sent = due if self._is_made_up(due, now) else now

    def sent(self, now: float) -> None:
        """Note that a request counted out has left only now: it had to be connected first."""
        if now > self._last_sent and not self._is_made_up(self._last_sent, now):
            self._last_sent = now

    def give_back(self) -> None:
        """Count a request in again, however it ended."""
        self._in_flight -= 1

    def idle(self, now: float) -> float:
        """Seconds since the last request."""
        return now - self._last_sent

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

    def back_off(self, now: float, seconds: float | None) -> float:
        """Stop for `seconds`, or for a growing time of our own; go on at half the rate after that.

        Gives the seconds until the end of the pause. Requests that were under way together count
        as one offence.
        """
        if now >= self._paused_until:
            self._share = max(_SLOWEST, self.share(now) / 2)
            self._strikes += 1
        own = min(_MAX_PAUSE, self.grant.interval * 2 ** min(self._strikes - 1, 16))
        self._paused_until = max(self._paused_until, now + (own if seconds is None else seconds))
        return self._paused_until - now

    def _spacing(self, now: float) -> float:
        """Seconds from one request to the next, as things stand."""
        return self.grant.spacing / self.share(now)

    def _is_made_up(self, due: float, now: float) -> bool:
        """Whether a request is so little late that the next need not be."""
        return 0 <= now - due <= min(_MOST_MADE_UP, self._spacing(now) * _MADE_UP)


def _finite(value: object) -> float:
    """A number out of a state. Raises `ValueError` for anything else."""
    if type(value) is int and abs(value) < 1e15:
        return float(value)
    if type(value) is float and math.isfinite(value):
        return value
    raise ValueError("not a number")


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
