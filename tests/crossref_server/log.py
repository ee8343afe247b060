"""The request log: what a test asserts about a client's behaviour towards the service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class LogEntry:
    """One request as it arrived, and how it was answered.

    time: seconds of the server's clock at arrival.
    method, path: as sent (path with query).
    pool, key: whose limit it counted against (key: e-mail address, token or client address).
    in_flight: requests of the same pool and key being answered at arrival, this one included.
    in_flight_total: the same over all pools and keys.
    path_bytes: length of the path with query in bytes; line_bytes: of the whole request line.
    dois: lower-cased DOIs asked for, by path or by ``filter=doi:``.
    status: HTTP status sent, 0 while none was sent (stalled, cut, still at work).
    refused: "rate" or "concurrency" when the limiter refused it.
    faults: names of the faults that struck it.
    user_agent: the User-Agent header.
    """

    time: float
    method: str
    path: str
    pool: str
    key: str
    in_flight: int
    in_flight_total: int
    path_bytes: int
    line_bytes: int
    dois: tuple[str, ...]
    status: int = 0
    refused: str | None = None
    faults: tuple[str, ...] = ()
    user_agent: str = ""


class RequestLog:
    """Entries in order of arrival, safe to read while the server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[LogEntry] = []

    def add(self, entry: LogEntry) -> int:
        """Append an entry; gives the number `set_status` wants."""
        with self._lock:
            self._entries.append(entry)
            return len(self._entries) - 1

    def set_status(self, number: int, status: int) -> None:
        """Note the status of an entry, just before the first byte is sent."""
        with self._lock:
            if number < len(self._entries):
                self._entries[number] = replace(self._entries[number], status=status)

    def clear(self) -> None:
        """Forget everything so far; call it only while no request is under way."""
        with self._lock:
            self._entries.clear()

    @property
    def entries(self) -> list[LogEntry]:
        """A copy of the entries so far."""
        with self._lock:
            return list(self._entries)

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self.entries)

    def paths(self) -> list[str]:
        """Paths with query in order of arrival."""
        return [entry.path for entry in self.entries]

    def statuses(self) -> list[int]:
        """Statuses in order of arrival."""
        return [entry.status for entry in self.entries]

    def pools(self) -> set[str]:
        """The pools the client was put into."""
        return {entry.pool for entry in self.entries}

    def max_rate(self, pool: str | None = None, interval: float = 1.0, slack: float = 0.0) -> int:
        """Most requests of one key that arrived within any `interval` seconds.

        pool: only this pool, None for all pools (each key and pool still counted apart).
        slack: seconds the window is shortened by, for requests that were sent in time but
            arrived a little early because the one before was held up on its way.
        """
        times: dict[tuple[str, str], list[float]] = {}
        for entry in self.entries:
            if pool is None or entry.pool == pool:
                times.setdefault((entry.pool, entry.key), []).append(entry.time)
        return max(
            (_busiest(sorted(found), interval - slack) for found in times.values()), default=0
        )

    def max_in_flight(self, pool: str | None = None) -> int:
        """Most requests at once: of one key in `pool`, or over everything when it is None."""
        if pool is None:
            return max((entry.in_flight_total for entry in self.entries), default=0)
        return max((e.in_flight for e in self.entries if e.pool == pool), default=0)

    def max_path_bytes(self) -> int:
        """The longest path with query."""
        return max((entry.path_bytes for entry in self.entries), default=0)

    def times_asked(self, doi: str, status: int | None = None) -> int:
        """How many requests asked for `doi` (any case), by either route.

        status: count only requests answered so, for instance 200, to leave retries out.
        """
        wanted = doi.lower()
        return sum(
            entry.dois.count(wanted)
            for entry in self.entries
            if status is None or entry.status == status
        )

    def asked(self) -> dict[str, int]:
        """Every DOI asked for, with the number of requests."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            for doi in entry.dois:
                counts[doi] = counts.get(doi, 0) + 1
        return counts


def _busiest(times: list[float], interval: float) -> int:
    """Most of the sorted `times` in any half-open window of `interval` seconds."""
    most = start = 0
    for end, time in enumerate(times):
        while times[start] <= time - interval:
            start += 1
        most = max(most, end - start + 1)
    return most
