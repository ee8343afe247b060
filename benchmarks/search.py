"""Searches as people type them, drawn from a library's own words, and what each kind costs.

    python -m benchmarks.search LIBRARY

Each kind is many queries, none asked twice, so that the figures are of searching and not of a
query that is remembered. The same seed draws the same queries from the same library. Prints
milliseconds, the median and the 95th percentile, and what memory the process came to;
`benchmarks.library` reads that as JSON (`--json`) and compares libraries.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from refman.model import Work
from refman.services.library import Library
from refman.store import Order

Clock = Callable[[], float]
"""Gives seconds."""

PAGE = 50
_SAMPLE = 1_000
_QUERIES = 60
_HAN = re.compile("[\u4e00-\u9fff]{3,}")


@dataclass(frozen=True, slots=True)
class Latency:
    """The median and the 95th percentile of many queries, in milliseconds."""

    median: float
    high: float

    @classmethod
    def of(cls, seconds: list[float]) -> Latency:
        """From the times of the queries."""
        ordered = sorted(seconds)
        high = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        return cls(statistics.median(ordered) * 1e3, high * 1e3)


ACTIONS: Mapping[str, Callable[[Library, str], object]] = {
    "first page": lambda library, query: library.page(query, limit=PAGE),
    "page by year": lambda library, query: library.page(query, Order.YEAR, limit=PAGE),
    "best first": lambda library, query: list(library.ranked(query, PAGE)),
    "count": lambda library, query: library.count(query),
}
"""What is asked with a query: its newest matches, those of the latest year, the best, how many."""


class _Sample:
    """Works of a library, and words and numbers out of them."""

    def __init__(self, library: Library, rng: random.Random) -> None:
        self._rng = rng
        ids = rng.sample(range(1, len(library) + 1), min(_SAMPLE, len(library)))
        self.works = library.store.works(ids)
        self.chinese = [run for work in self.works for run in _HAN.findall(_title(work))]
        words = dict.fromkeys(word for work in self.works for word in _words(work))
        counts = {word: library.count(word) for word in list(words)[: 10 * _QUERIES]}
        by_count = sorted(counts, key=lambda word: counts[word])
        self.rare, self.common = by_count[: len(by_count) // 4], by_count[-_QUERIES:]

    def work(self) -> Work:
        """Any work whose title has words that are separated by blanks."""
        while not _words(work := self._rng.choice(self.works)):
            pass
        return work

    def word(self) -> str:
        """A word as titles have it: common ones come more often."""
        return self._rng.choice(_words(self.work()))


def _title(work: Work) -> str:
    return work.description.title or ""


def _words(work: Work) -> list[str]:
    return [word for word in re.findall(r"[a-z]{4,}", _title(work).lower()) if word != "from"]


def draw(library: Library, seed: int = 6) -> dict[str, list[str]]:
    """The queries of each kind."""
    rng = random.Random(seed)
    sample = _Sample(library, rng)

    def phrase() -> str:
        title = _title(sample.work()).split()
        start = rng.randrange(len(title) - 1)
        return f'"{title[start]} {title[start + 1]}"'

    def range_of_years() -> str:
        first = rng.randint(1970, 2020)
        return f"year:{first}..{first + rng.randint(1, 12)}"

    def family() -> str:
        return rng.choice(sample.work().description.author).family or ""

    def boolean() -> str:
        common = rng.choice(sample.common)
        return f"({sample.word()} OR {common}) -{sample.word()} {range_of_years()}"

    kinds: dict[str, Callable[[], str]] = {
        "one letter": lambda: sample.word()[:1],
        "two letters": lambda: sample.word()[:2],
        "three letters": lambda: sample.word()[:3],
        "four letters": lambda: sample.word()[:4],
        "one word": sample.word,
        "common word": lambda: rng.choice(sample.common),
        "rare word": lambda: rng.choice(sample.rare),
        "two words": lambda: f"{sample.word()} {sample.word()}",
        "phrase": phrase,
        "author and years": lambda: f"author:{family()} {range_of_years()}",
        "title and years": lambda: f"title:{sample.word()} {range_of_years()}",
        "years": range_of_years,
        "boolean": boolean,
        "citation key": lambda: f"key:{sample.work().citation_key}",
        "DOI": lambda: f"doi:{sample.work().description.DOI}",
        "DOI as typed": lambda: f"{sample.work().description.DOI}",
    }
    if sample.chinese:
        kinds["Chinese"] = lambda: rng.choice(sample.chinese)[: rng.choice((1, 2, 3))]
    return {name: list(_distinct(make)) for name, make in kinds.items()}


def _distinct(make: Callable[[], str]) -> Iterator[str]:
    """Queries until there are enough, or no new ones come (there are few single letters)."""
    seen: set[str] = set()
    for _ in range(10 * _QUERIES):
        if (query := make()) not in seen:
            seen.add(query)
            yield query
        if len(seen) == _QUERIES:
            return


def measure(library: Library, clock: Clock) -> Iterator[tuple[str, str, Latency]]:
    """Every kind with every action: what was asked, of what kind, how long it took."""
    for kind, queries in draw(library).items():
        for action, ask in ACTIONS.items():
            times = []
            for query in queries:
                begun = clock()
                ask(library, query)
                times.append(clock() - begun)
            yield action, kind, Latency.of(times)


def _jump(library: Library, clock: Clock) -> tuple[float, float]:
    """Milliseconds of the next page nine tenths down the list by year, and of a jump there."""
    offset = len(library) * 9 // 10
    begun = clock()
    deep = library.page("", Order.YEAR, limit=PAGE, offset=offset)
    jumped = clock()
    library.page("", Order.YEAR, limit=PAGE, after=deep.last)
    return (clock() - jumped) * 1e3, (jumped - begun) * 1e3


def _peak() -> float:
    """The megabytes that this process came to."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system counts elsewhere includes what the parent held at the start.
        kilobytes = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))
        if kilobytes:
            return int(kilobytes[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> int:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--processor", action="store_true", help="the processor's time only")
    options = arguments.parse_args()
    clock = time.process_time if options.processor else time.perf_counter
    figures: dict[str, tuple[float, float]] = {}
    with Library(options.library) as library:
        works = len(library)
        for action, kind, latency in measure(library, clock):
            figures[f"{action}: {kind}"] = (latency.median, latency.high)
        following, jump = _jump(library, clock)
    figures["nine tenths down by year: next page"] = (following, following)
    figures["nine tenths down by year: a jump there"] = (jump, jump)
    megabytes = _peak()
    if options.json:
        print(json.dumps({"works": works, "megabytes": megabytes, "figures": figures}))
        return 0
    for name, (median, high) in figures.items():
        print(f"{name:<40} {median:9.2f} {high:9.2f}")
    print(f"{works:,} works, {megabytes:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
