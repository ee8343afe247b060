"""The screen on libraries of several sizes: first paint, key to screen, paging, sorting, memory.

    python -m benchmarks.tui [WORKS]… [--folder FOLDER] [--enriching]

Each size is measured in a process of its own, on a screen of 120×40 without a terminal: from the
start of Python to the first rows; from the last of three letters typed 40 ms apart to the rows
that they find; a page down held; another order; and, all the while, the longest time that the
event loop was kept from the next key. `--folder` keeps the libraries, so that a million works need
to be made only once. `--enriching` measures while 10,000 works are being enriched in the
background, by a source that answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.making import build
from refman.model import Description, Origin, OriginKind, Record
from refman.ports import Answer, AnswerStatus
from refman.store import Order

_SIZES = (1_000, 100_000, 1_000_000)
_WORDS = ("mig", "wat", "ene", "pol", "stu", "sur", "sci", "hea", "mod", "the", "soi", "cli")
_GAP = 0.04
_PAGES, _HELD = 40, 0.033
_ENRICHED = 10_000


class Eager:
    """A source that knows everything, at once."""

    name = "crossref"

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        """A publisher for each."""
        for doi in dois:
            origin = Origin(kind=OriginKind.SOURCE, name=self.name, location=doi)
            record = Record(description=Description(publisher="Somebody"), origin=origin)
            yield Answer(DOI=doi, status=AnswerStatus.FOUND, record=record, payload=b"{}")


class Watch:
    """Measures how long the event loop keeps anybody waiting."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - begun - 0.005)

    def take(self) -> float:
        """The longest wait since it was last asked, in milliseconds."""
        longest, self.longest = self.longest, 0.0
        return longest * 1000


async def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something, looking often."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError
        await asyncio.sleep(0.001)


class Session:
    """One screen on one library, and what it took."""

    def __init__(self, app: Any) -> None:
        self.app, self.main = app, app.main
        self.watch = Watch()
        self.found: dict[str, float] = {}

    def key(self, name: str) -> None:
        """Press a key."""
        from textual import events

        self.app.post_message(events.Key(name, name if len(name) == 1 else None))

    async def ready(self, word: str) -> None:
        """Wait for what a word finds."""
        await until(lambda: self.main.view.listing.text == word and not self.main.view.stale)

    async def search(self) -> None:
        """Type words, and take each away again."""
        times = []
        self.key("slash")
        for word in _WORDS:
            for letter in word:
                await asyncio.sleep(_GAP)
                self.key(letter)
            begun = time.perf_counter()
            await self.ready(word)
            times.append((time.perf_counter() - begun) * 1000)
            for _ in word:
                self.key("backspace")
            await self.ready("")
        times.sort()
        self.found["search, median"] = times[len(times) // 2]
        self.found["search, slowest"] = times[-1]
        self.found["blocked while searching"] = self.watch.take()
        self.key("escape")
        await until(lambda: self.main.table.has_focus)

    async def page(self) -> None:
        """Hold page down."""
        begun = time.perf_counter()
        for _ in range(_PAGES):
            self.key("pagedown")
            await asyncio.sleep(_HELD)
        await until(lambda: self.main.view.cursor > 0 and self.main.view.current is not None)
        each = (time.perf_counter() - begun) / _PAGES - _HELD
        self.found["page down, each"] = each * 1000
        self.found["blocked while paging"] = self.watch.take()

    async def sort(self) -> None:
        """Sort by the year."""
        begun = time.perf_counter()
        self.key("z")
        await until(lambda: self.main.view.listing.order is Order.YEAR and not self.main.view.stale)
        self.found["another order"] = (time.perf_counter() - begun) * 1000
        self.found["blocked while sorting"] = self.watch.take()

    def enrich(self) -> None:
        """Have many works enriched in the background."""
        from refman.services.enriching import EnrichPolicy

        node = self.main.view.listing.node
        self.main.start_enrichment(
            lambda library: (
                target for _, target in zip(range(_ENRICHED), library.targets(node), strict=False)
            ),
            EnrichPolicy(),
        )


async def measured(path: Path, started: float, *, enriching: bool) -> dict[str, float]:
    """What the screen takes on one library."""
    from refman.services.enriching import Sources
    from refman.tui.app import EnrichmentSetup, RefmanApp

    @contextlib.asynccontextmanager
    async def sources() -> AsyncIterator[Sources]:
        yield Sources((Eager(),))

    session = Session(RefmanApp(path, enrichment=EnrichmentSetup(sources)))
    async with session.app.run_test(size=(120, 40)) as pilot:
        await until(lambda: session.main.view.window.pages)
        await pilot.pause()
        session.found["first paint"] = (time.time() - started) * 1000
        await until(lambda: session.main.view.window.total is not None)
        watching = asyncio.create_task(session.watch.run())
        if enriching:
            session.enrich()
        await asyncio.sleep(1)
        session.watch.take()
        await session.search()
        await session.page()
        await session.sort()
        watching.cancel()
        session.found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return session.found


def main() -> int:
    """Build or open the libraries, and measure each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--enriching", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--started", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        answer = asyncio.run(measured(options.one, options.started, enriching=options.enriching))
        print(json.dumps(answer))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        sizes = options.works or list(_SIZES)
        columns = [_in_another(folder, size, enriching=options.enriching) for size in sizes]
    print(f"{'':<28}" + "".join(f"{size:>14,}" for size in sizes))
    for name in columns[0]:
        unit = "MB" if name == "memory" else "ms"
        cells = "".join(f"{column[name]:>11.1f} {unit}" for column in columns)
        print(f"{name:<28}{cells}")
    return 0


def _in_another(folder: Path, size: int, *, enriching: bool) -> dict[str, Any]:
    path = folder / f"works-{size}.db"
    if not path.exists():
        build(path, size)
    command = [sys.executable, "-m", "benchmarks.tui", "--one", str(path)]
    command += ["--started", str(time.time())] + ["--enriching"] * enriching
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
