"""What went wrong with a try, and when a host is no longer asked.

A host that is gone must not be asked ten thousand times, and one that is in trouble must not be
made worse: Crossref itself asks clients to stop when too many of their requests fail. So a count
is kept of each host, for one client: what it refused, how many requests failed in a row, and how
many of the last tries.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from refman.errors import SourceErred, SourceError, SourceRefused, SourceUnavailable

MAX_FAILURES = 8
"""Requests to one host that may fail in a row, each with all its retries, before it is given up."""
MAX_UNREACHED = 2
"""The same while no connection to the host was ever made: this machine may well be offline."""
WINDOW = 100
"""Tries that are looked back upon."""
MAX_ERRORS = 50
"""How many of them may fail."""


class Cause(Enum):
    """What kind of trouble it was."""

    UNREACHED = auto()
    """No connection could be made."""
    SILENT = auto()
    """There was a connection, but no answer, or not in time."""
    ERRED = auto()
    """It answered, with an error of its own or with something that is broken."""
    BUSY = auto()
    """It asked us to come back later."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a try came to nothing that may go right another time."""

    cause: Cause
    text: str
    """The end of a sentence that begins with the host."""


class Failures:
    """The hosts that one client has asked, and how they have answered."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def reached(self, host: str) -> None:
        """Note that the host has answered, whatever it said."""
        self._host(host).reached = True

    def patience(self, host: str, trouble: Trouble, tries: int) -> int:
        """How many of `tries` a request with this trouble is worth."""
        hopeless = trouble.cause is Cause.UNREACHED and not self._host(host).reached
        return min(tries, 2) if hopeless else tries

    def tried(self, host: str, trouble: Trouble | None) -> None:
        """Count a try: one that failed, or with None one that was answered in earnest."""
        known = self._host(host)
        if trouble is None:
            known.failed = 0
        if trouble is None or trouble.cause is not Cause.BUSY:
            known.tries.append(trouble is None)

    def failed(self, host: str, troubles: list[Trouble]) -> SourceError:
        """Count a request that failed for good, with these troubles; the error to be raised."""
        known = self._host(host)
        times = f" ({len(troubles)} tries)" if len(troubles) > 1 else ""
        erred = all(trouble.cause is Cause.ERRED for trouble in troubles)
        kind = SourceErred if erred else SourceUnavailable
        known.failed += 1
        known.unreached = known.unreached + 1 if troubles[-1].cause is Cause.UNREACHED else 0
        known.trouble = troubles[-1].text
        known.last = kind(f"{host} {troubles[-1].text}{times}", "Try again later.")
        return known.last

    def refused(self, host: str) -> SourceRefused:
        """Note that the host will not serve us; the error to be raised."""
        self._host(host).refusal = error = SourceRefused(
            f"{host} refuses to serve us (status 403)",
            "It may have blocked this network or contact address; ask its support.",
        )
        return error

    def check(self, host: str) -> None:
        """Raise `SourceRefused` or `SourceUnavailable` where a host is not to be asked again."""
        known = self._host(host)
        if known.refusal is not None:
            raise SourceRefused(known.refusal.message, known.refusal.hint)
        if not known.reached and known.last is not None and known.unreached >= MAX_UNREACHED:
            # What it was helps more than how often it was.
            raise SourceUnavailable(known.last.message, known.last.hint)
        errors = known.tries.count(False)
        if known.failed >= MAX_FAILURES:
            what = f"does not answer: {known.failed} requests in a row failed"
        elif len(known.tries) == WINDOW and errors >= MAX_ERRORS:
            what = f"fails too often: {errors} of the last {WINDOW} requests failed"
        else:
            return
        last = f" (the last one: it {known.trouble})" if known.trouble else ""
        raise SourceUnavailable(
            f"{host} {what}{last}, no more are made",
            "What was found so far is kept; try again later.",
        )

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())


class _Host:
    """What is known of one host."""

    def __init__(self) -> None:
        self.reached = False
        self.failed = self.unreached = 0
        self.last: SourceError | None = None
        self.trouble = ""
        self.refusal: SourceRefused | None = None
        self.tries: deque[bool] = deque(maxlen=WINDOW)
