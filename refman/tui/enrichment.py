"""An enrichment in the background: a thread with its own library and its own event loop.

A source may read a large file and the library waits for the disk, so none of it is done where the
screen is drawn. What is under way is reported a few times a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from refman.errors import RefmanError, UsageError
from refman.model import EnrichmentStatus
from refman.model.identifier import parse_doi
from refman.services.enriching import EnrichPolicy, Sources
from refman.services.library import Library

_REPORT_SECONDS = 0.1
_PACE_SECONDS = 20.0
"""What the pace of an enrichment is reckoned by."""
_LEAST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class EnrichmentSetup:
    """Where to ask. `open_sources` is entered in the event loop that will use the sources."""

    open_sources: Callable[[], AbstractAsyncContextManager[Sources]]
    description: str = ""
    """What will be asked, in words: `Crossref (as you@example.org)`."""
    resolve: Callable[[str], Awaitable[str]] | None = None
    """The DOI of a work that another identifier names; it runs in an event loop of its own."""

    async def doi_of(self, text: str) -> str:
        """The DOI that an identifier is or stands for. Raises `RefmanError`."""
        doi = parse_doi(text)
        if doi is not None:
            return doi
        resolve = self.resolve
        if resolve is None:
            raise UsageError(f"{text} is no DOI.")
        return await asyncio.to_thread(lambda: asyncio.run(_awaited(resolve(text))))


async def _awaited(answer: Awaitable[str]) -> str:
    return await answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an enrichment is. `total` is None until the works have been counted."""

    done: int = 0
    total: int | None = None
    counts: Mapping[EnrichmentStatus, int] = field(default_factory=dict)
    finished: bool = False
    stopped: bool = False
    reason: str | None = None
    """Why the last work that could not be asked for was not."""
    error: RefmanError | None = None
    """What ended it."""
    rate: float | None = None
    """Works a second, of late; None until that can be said."""

    @property
    def pace(self) -> str:
        """How fast it goes and how long it will take: `45/s, 3 min left`."""
        if not self.rate:
            return ""
        said = f"{self.rate:,.0f}/s" if self.rate >= 1 else f"{self.rate * 60:,.0f}/min"
        if self.total is None or self.total <= self.done:
            return said
        return f"{said}, {duration((self.total - self.done) / self.rate)} left"

    @property
    def words(self) -> str:
        """What the works came to: `12 enriched, 1 not found`."""
        known = ((status, self.counts.get(status, 0)) for status in EnrichmentStatus)
        words = {EnrichmentStatus.PENDING: "not reached"}
        parts = [
            f"{count:,} {words.get(status, status.value.replace('_', ' '))}"
            for status, count in known
            if count
        ]
        return ", ".join(parts) or "nothing to do"


def duration(seconds: float) -> str:
    """How long something takes, roughly: `40 s`, `3 min`, `2 h 10 min`."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 10 else f"{hours:,} h"


class Pace:
    """How fast something goes, by the last seconds of it."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, done: int) -> float | None:
        """How many are done by now. Gives how many a second that is, where it can be said."""
        seen = self._seen
        seen.append((now, done))
        while len(seen) > 2 and now - seen[0][0] > _PACE_SECONDS:
            seen.popleft()
        seconds = now - seen[0][0]
        return (done - seen[0][1]) / seconds if seconds >= _LEAST_SECONDS else None


Targets = Callable[[Library], Iterable[tuple[int, str]]]
"""Which works to enrich, as ids and DOIs; asked twice, first to count them."""


class Enrichment:
    """One run. `report` is called from its thread."""

    def __init__(
        self,
        open_library: Callable[[], Library],
        setup: EnrichmentSetup,
        targets: Targets,
        policy: EnrichPolicy,
        report: Callable[[Progress], None],
    ) -> None:
        self._open_library = open_library
        self._setup = setup
        self._targets = targets
        self._policy = policy
        self._report = report
        self._stopped = threading.Event()
        self._cancel: Callable[[], object] | None = None
        self._counts: Counter[EnrichmentStatus] = Counter()
        self._total: int | None = None
        self._reason: str | None = None
        self._last_report = 0.0
        self._pace = Pace()
        self._rate: float | None = None
        self._thread = threading.Thread(target=self._run, name="enrichment", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout: float = 0.0) -> None:
        """End it soon. What has been answered is kept; the next run goes on from there."""
        self._stopped.set()
        cancel = self._cancel
        if cancel is not None:
            with contextlib.suppress(RuntimeError):  # its loop has closed by itself
                cancel()
        if timeout and self._thread.ident is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        error: RefmanError | None = None
        try:
            asyncio.run(self._enrich())
        except asyncio.CancelledError:
            pass
        except RefmanError as reason:
            error = reason
        except Exception as reason:  # a thread has nobody else to tell
            error = RefmanError(f"Enrichment broke off: {type(reason).__name__}: {reason}.")
        self._report(self._progress(finished=True, error=error))

    async def _enrich(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        if self._stopped.is_set():
            return
        with self._open_library() as library:
            self._total = self._count(library)
            self._report(self._progress())
            async with self._setup.open_sources() as sources:
                items = library.enrich(self._targets(library), sources, self._policy)
                async with contextlib.aclosing(items):  # type: ignore[type-var]
                    async for item in items:
                        self._took(item.status, item.reason)

    def _count(self, library: Library) -> int:
        total = 0
        for _ in self._targets(library):
            total += 1
            if self._stopped.is_set():
                break
        return total

    def _took(self, status: EnrichmentStatus, reason: str | None) -> None:
        self._counts[status] += 1
        if status is EnrichmentStatus.PENDING and reason:
            self._reason = reason
        now = time.monotonic()
        if now - self._last_report >= _REPORT_SECONDS:
            self._last_report = now
            self._rate = self._pace.note(now, self._counts.total())
            self._report(self._progress())

    def _progress(self, *, finished: bool = False, error: RefmanError | None = None) -> Progress:
        return Progress(
            done=self._counts.total(),
            total=self._total,
            counts=dict(self._counts),
            finished=finished,
            stopped=self._stopped.is_set(),
            reason=self._reason,
            error=error,
            rate=self._rate,
        )
