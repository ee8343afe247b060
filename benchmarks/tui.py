"""The screen on libraries of several sizes, in a real terminal: start, keys, paging, memory.

    python -m benchmarks.tui [WORKS]… [--folder FOLDER] [--enriching] [--peer COBIB]

`refman` itself runs in a pseudo-terminal of 120×40, keys are written into it, and the clock stops
when what they ask for is written out: from the start of the process to the first rows; a key down,
held, to the line that counts it; the last of three letters, typed 40 ms apart, to the rows that
they find; a page down held; another order; and the memory that all of it came to (PSS).

`--folder` keeps the libraries, so that a million works need to be made only once. `--enriching`
measures the largest library once more while 10,000 of its works are enriched in the background,
from an imitation of Crossref on loopback that answers at once. `--peer` names a cobib, measured
beside refman on 10,000 entries.

The bounds: the first rows of the largest library at most 1.3 times as late as those of the smallest
and its memory at most 1.5 times; three letters within 50 ms (95th percentile), no key kept waiting
for more than 100 ms, also while enriching; first rows at least 8 times sooner than cobib's. On a
machine that does other work, give it precedence: `chrt -r 10 python -m benchmarks.tui`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.enrich_throughput import RECORDS
from benchmarks.making import build, works
from benchmarks.peers import Cobib
from benchmarks.terminal import Terminal
from refman.model import Work
from refman.services.library import Library
from refman.store import Order
from tests.crossref_server import CrossrefServer, Limit
from tests.crossref_server.limiter import CROSSREF_LIMITS

_SIZES = (1_000, 100_000, 1_000_000)
_PEER_SIZE = 10_000
_ENRICHED = 10_000
_YEARS = 57
"""How many years the synthetic works are of."""
_STARTS, _KEYS, _WORDS, _PAGES, _ORDERS = 5, 100, 30, 25, 3
_HELD, _TYPED = 0.033, 0.04
_LETTERS = 3
_PAGE_DOWN, _BACKSPACE, _ESCAPE, _DOWN, _TAB, _CTRL_S = (
    "\x1b[6~", "\x7f", "\x1b", "\x1b[B", "\t", "\x13",
)  # fmt: skip
_FREE = Limit(rate=1000, interval=1, concurrency=10)
_REFMAN = str(Path(sys.executable).with_name("refman"))
_SPAWN = multiprocessing.get_context("spawn")


@dataclass
class Figures:
    """What was measured: milliseconds, or megabytes of memory, under the names of the table."""

    values: dict[str, float] = field(default_factory=dict)

    def times(self, name: str, seconds: Sequence[float]) -> None:
        """Keep the median, the 95th percentile and the longest."""
        found = sorted(1000 * each for each in seconds)
        self.values[f"{name}, median"] = statistics.median(found)
        self.values[f"{name}, 95th percentile"] = found[int(len(found) * 0.95)]
        self.values[f"{name}, longest"] = found[-1]

    def longest_wait(self) -> float:
        """The longest that a key was kept waiting."""
        return max(value for name, value in self.values.items() if name.endswith("longest"))


def environment(home: str, **more: str) -> dict[str, str]:
    """refman's, with nothing remembered and no network."""
    places = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "STATE", "CACHE")}
    return {"HOME": home, "REFMAN_OFFLINE": "1", **places, **more}


class Session:
    """refman in a terminal, on one library."""

    def __init__(self, path: Path, given: dict[str, str]) -> None:
        self.path = path
        self.terminal = Terminal([_REFMAN, "--library", str(path)], environment=given)
        self.figures = Figures()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.kill()

    def first_rows(self) -> float:
        """Milliseconds from the start to the first rows."""
        return (self.terminal.until(r"\b1 of ") - self.terminal.began) * 1000

    def keys(self) -> None:
        """Hold the key down, a key at a time."""
        self.figures.times("key down", [*self._moved("j", _KEYS, 1, _HELD)])

    def _moved(self, key: str, times: int, step: int, gap: float) -> Iterator[float]:
        screen = self.terminal
        place = int(re.findall(r"\b([\d,]+) of ", screen.text())[-1].replace(",", ""))
        for number in range(1, times + 1):
            mark, at = screen.mark(), screen.press(key)
            yield screen.until(rf"\b{place + number * step:,} of ", mark) - at
            time.sleep(max(0.0, at + gap - time.perf_counter()))

    def search(self, words: Sequence[tuple[str, str]]) -> None:
        """Type letters until the first row is the one expected, and take each away again."""
        screen = self.terminal
        screen.press("/")
        screen.quiet()
        times = []
        for word, title in words:
            for letter in word[:-1]:
                screen.press(letter)
                time.sleep(_TYPED)
            mark, at = screen.mark(), screen.press(word[-1])
            times.append(screen.until(_row(4, title), mark) - at)
            screen.quiet(0.2)
            for _ in word:
                screen.press(_BACKSPACE)
            screen.quiet()
        self.figures.times("three letters", times)
        screen.press(_ESCAPE)
        screen.quiet(0.5)

    def page(self) -> None:
        """Hold page down, and wait for the last page."""
        screen = self.terminal
        screen.press("g")
        screen.quiet(0.5)
        mark = screen.mark()
        screen.press(_PAGE_DOWN)
        screen.quiet(0.5)
        step = int(re.findall(r"\b([\d,]+) of ", screen.text(mark))[-1]) - 1
        count = int(re.findall(r" of ([\d,]+) works", screen.text())[-1].replace(",", ""))
        pages = [*self._moved(_PAGE_DOWN, min(_PAGES, count // step - 2), step, _HELD)]
        self.figures.times("page down", pages)

    def sort(self) -> None:
        """Sort by other columns."""
        screen = self.terminal
        times = []
        for order in (Order.YEAR, Order.AUTHOR, Order.TITLE)[:_ORDERS]:
            with Library(self.path) as library:
                [row] = library.page(order=order, descending=order is Order.YEAR, limit=1).rows
            mark, at = screen.mark(), screen.press("z")
            times.append(screen.until(_row(3, row.title or ""), mark) - at)
            screen.quiet(0.5)
        self.figures.values["another order, longest"] = 1000 * max(times)

    def enrich(self) -> None:
        """Have what is listed enriched in the background, whether it was asked for or not."""
        screen = self.terminal
        count = int(re.findall(r" of ([\d,]+) works", screen.text())[-1].replace(",", ""))
        screen.press("/" + _enriched(count))
        screen.quiet(1)
        screen.press("\r")
        screen.press("e")
        screen.until("Enrich by DOI")
        screen.quiet(0.5)
        for key in (_DOWN, _TAB, _TAB, _DOWN, _CTRL_S):
            screen.press(key)
            screen.quiet(0.2)
        mark = screen.mark()
        screen.until(r"\d enriched|\d unchanged", mark)
        screen.press("/" + _ESCAPE)
        screen.quiet(0.3)


def _row(line: int, title: str) -> str:
    """The pattern of a row of the list on a line of the screen, by the beginning of its title."""
    return rf"(?:^|\n){line};\d+\|[^\n]*{re.escape(title[:12])}"


def expected(library: Library) -> list[tuple[str, str]]:
    """Beginnings of words, each with the title that is then listed first, as it was not before."""
    found: dict[str, str] = {}
    for row in library.page(limit=2_000).rows:
        for word in re.findall(rf"\b[a-z]{{{_LETTERS},}}", row.title or ""):
            start = word[:_LETTERS]
            if len(found) >= _WORDS or start in found:
                continue
            [before] = library.page(start[:-1], limit=1).rows
            [first] = library.page(start, limit=1).rows
            if before.id != first.id and first.title:
                found[start] = first.title
    return [*found.items()]


def measured(path: Path, *, enriching: bool = False) -> Figures:
    """What the screen takes on one library."""
    with Library(path) as library:
        words = expected(library)
    with tempfile.TemporaryDirectory() as home:
        if enriching:
            with Crossref(path) as url, Session(path, _asking(home, url)) as session:
                session.terminal.until(r"\b1 of [\d,]+ works")
                session.enrich()
                return _used(session, words)
        starts = []
        for _ in range(_STARTS):
            with Session(path, environment(home)) as session:
                starts.append(session.first_rows())
        with Session(path, environment(home)) as session:
            session.figures.values["first rows"] = statistics.median(starts)
            session.terminal.until(r"\b1 of [\d,]+ works")
            session.terminal.quiet(2)
            return _used(session, words)


def _used(session: Session, words: Sequence[tuple[str, str]]) -> Figures:
    session.keys()
    session.search(words)
    session.page()
    session.sort()
    session.figures.values["memory (MB)"] = session.terminal.memory()
    return session.figures


# Enriching


def _asking(home: str, url: str) -> dict[str, str]:
    more = {"REFMAN_CROSSREF_URL": url, "REFMAN_SOURCES": "crossref", "REFMAN_OFFLINE": "0"}
    return environment(home, REFMAN_MAILTO="benchmark@example.org", **more)


def _messages(path: Path) -> Iterator[dict[str, Any]]:
    """Crossref's records of the newest works of a library: real ones in all but what names them."""
    with RECORDS.open(encoding="utf-8") as lines:
        real = [json.loads(line) for line in lines]
    with Library(path) as library:
        for number, work in enumerate(library.store.iterate(library.node(_enriched(len(library))))):
            yield {**real[number % len(real)], **_named(work)}


def _enriched(count: int) -> str:
    """The query that finds so many of a library's works as are to be enriched, or a few more."""
    return f"year:{2026 - min(_YEARS - 1, _ENRICHED * _YEARS // count)}..2026"


def _named(work: Work) -> dict[str, Any]:
    said = work.description
    return {
        "DOI": said.DOI,
        "type": "journal-article",
        "title": [said.title],
        "container-title": [said.container_title],
        "author": [{"family": name.family, "given": name.given} for name in said.author],
        "issued": {"date-parts": [[said.year]]},
    }


def _serve(pipe: Connection, path: Path) -> None:
    limits = dict.fromkeys(CROSSREF_LIMITS, _FREE)
    with CrossrefServer(_messages(path), limits=limits) as server:
        pipe.send(server.url)
        pipe.recv()


class Crossref:
    """The imitation of Crossref, in a process of its own, with the records of a library."""

    def __init__(self, path: Path) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, path), daemon=True)

    def __enter__(self) -> str:
        self._process.start()
        url: str = self._pipe.recv()
        return url

    def __exit__(self, *_: object) -> None:
        self._pipe.send("end")
        self._process.join()


# Beside cobib


def beside(cobib: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """The figures of refman and of cobib, by name, on the same entries."""
    path = _library(folder, _PEER_SIZE)
    peer = Cobib(cobib.parent, folder / "cobib")
    if not peer.folder.exists():
        peer.folder.mkdir()
        peer.fill((f"bench{number:07}", work) for number, work in enumerate(works(_PEER_SIZE)))
    ours, theirs = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as home, Session(path, environment(home)) as session:
            ours.append({"first screen of entries (ms)": session.first_rows()})
            ours[-1] |= _side(session.terminal, ("/", "algorithm"), r"1 of [\d,]+ works")
        with Terminal([peer.command], environment=peer.environment) as screen:
            first = screen.until(r"bench\d{7}")
            theirs.append({"first screen of entries (ms)": (first - screen.began) * 1000})
            theirs[-1] |= _side(screen, ("/", "algorithm", "\r"), r"\d+ match")
    return {
        name: (
            statistics.median(each[name] for each in ours),
            statistics.median(each[name] for each in theirs),
        )
        for name in ours[0]
    }


def _side(screen: Terminal, search: Sequence[str], found: str) -> dict[str, float]:
    """A key down until the screen is done, a search, and memory."""
    screen.quiet(2)
    downs = []
    for _ in range(9):
        mark, at = screen.mark(), screen.press("j")
        done = screen.quiet(0.5, mark)
        assert done is not None
        downs.append((done - at) * 1000)
    memory = screen.memory()
    for key in search[:-1]:
        screen.press(key)
        screen.quiet(1)
    mark, at = screen.mark(), screen.press(search[-1])
    return {
        "key down, screen done (ms)": statistics.median(downs),
        "search for a word (ms)": (screen.until(found, mark) - at) * 1000,
        "memory (MB)": memory,
    }


def main() -> int:
    """Make or open the libraries, and measure each. Fails where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--enriching", action="store_true")
    parser.add_argument("--peer", type=Path, metavar="COBIB", default=os.environ.get("COBIB"))
    options = parser.parse_args()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        sizes = options.works or list(_SIZES)
        columns = {f"{size:,}": measured(_library(folder, size)) for size in sizes}
        faults += _too_slow([*columns.values()])
        if options.enriching:
            busy = measured(_library(folder, sizes[-1]), enriching=True)
            columns["enriching"] = busy
            faults += _kept_waiting(busy, "while enriching")
        _print(columns)
        if options.peer:
            faults += _print_beside(beside(Path(options.peer), folder))
    for fault in faults:
        print(f"Out of bounds: {fault}")
    return 1 if faults else 0


def _library(folder: Path, size: int) -> Path:
    path = folder / f"works-{size}.db"
    if not path.exists():
        build(path, size)
    return path


def _too_slow(columns: Sequence[Figures]) -> Iterator[str]:
    small, large = columns[0].values, columns[-1].values
    if len(columns) > 1:
        for name, most in (("first rows", 1.3), ("memory (MB)", 1.5)):
            if large[name] > most * small[name]:
                yield f"{name}: {large[name] / small[name]:.2f} times those of the smallest"
    if large["three letters, 95th percentile"] > 50:
        yield "three letters take more than 50 ms"
    yield from _kept_waiting(columns[-1], "on the largest library")


def _kept_waiting(figures: Figures, when: str) -> Iterator[str]:
    if figures.longest_wait() > 100:
        yield f"a key waited for {figures.longest_wait():.0f} ms {when}"


def _print(columns: dict[str, Figures]) -> None:
    print(f"{'':<32}" + "".join(f"{name:>12}" for name in columns))
    for name in next(iter(columns.values())).values:
        cells = (figures.values.get(name) for figures in columns.values())
        print(f"{name:<32}" + "".join(f"{'' if v is None else f'{v:.0f}':>12}" for v in cells))


def _print_beside(figures: dict[str, tuple[float, float]]) -> Iterator[str]:
    print(f"\n{f'{_PEER_SIZE:,} entries':<32}{'refman':>12}{'cobib':>12}{'times':>12}")
    for name, (ours, theirs) in figures.items():
        print(f"{name:<32}{ours:>12.0f}{theirs:>12.0f}{theirs / ours:>12.1f}")
    ours, theirs = figures["first screen of entries (ms)"]
    if theirs < 8 * ours:
        yield f"first rows only {theirs / ours:.1f} times sooner than cobib's"


if __name__ == "__main__":
    sys.exit(main())
