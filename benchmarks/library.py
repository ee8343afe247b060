"""A library of 10,000, of 100,000 and of a million works: what everything costs, side by side.

    python -m benchmarks.library [WORKS]… [--folder FOLDER] [--peers FOLDER] [--processor]

Import, searches of many kinds, `refman list` as a whole process, duplicates, export of everything,
size and memory, at each size; and by how much each figure grows from the smallest to the largest.
`--folder` keeps the libraries, so that they are made only once. `--peers` names the folder of
programs in which papis and cobib are; their lists are measured up to 100,000 works. `--processor`
counts the time of the processor instead of the clock's, for a machine that has other work, too.

The bounds: the newest 50 works that match a beginning of three letters come within 20 ms (95th
percentile) at every size; parsed works are imported within 2 times the bare insertion of their
rows; what does not ask for the whole library grows at most 2 times; `refman list QUERY` is 10 times
faster than the peers at 10,000 works and 80 times at 100,000.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.import_scale import compile_all, cost
from benchmarks.making import Made, build, works
from benchmarks.peers import PEERS
from benchmarks.search import Latency, draw
from refman.services.library import Library

_SIZES = (10_000, 100_000, 1_000_000)
_REFMAN = str(Path(sys.executable).with_name("refman"))
_FORMATS = ("bibtex", "ris", "csl-json")
_ROUNDS = 15
_PEER_ROUNDS = 5
_MOST_FOR_PEERS = 100_000
_FASTER = {10_000: 10, 100_000: 80}
"""How many times faster than a peer a list is to be, by the number of works."""
_PREFIX = "first page: three letters"
_WHOLE = "whole: "
"""How the names of figures begin that ask for the whole library, or for all that matches."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A median and a 95th percentile, or a single value twice, in a unit."""

    median: float
    high: float
    unit: str

    @classmethod
    def single(cls, value: float, unit: str) -> Figure:
        """A value that was measured once."""
        return cls(value, value, unit)

    def __str__(self) -> str:
        number = "{:,.2f}" if self.median < 100 else "{:,.0f}"
        if self.median == self.high:
            return number.format(self.median)
        return f"{number.format(self.median)} / {number.format(self.high)}"


def _made(path: Path, count: int) -> Made:
    """The library of a size, made unless it is there, and what making it took."""
    facts = path.with_suffix(".json")
    if facts.exists():
        return Made(**json.loads(facts.read_text(encoding="utf-8")))
    bare = path.with_name(f"bare-{count}.db")
    try:
        return build(path, count, bare)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{bare}{suffix}").unlink(missing_ok=True)


def _figures(
    path: Path, count: int, *, processor: bool, brief: bool
) -> Iterator[tuple[str, Figure]]:
    """All that is measured of one library."""
    made = _made(path, count)
    importing: float | None
    importing, inserting = made.importing, made.inserting
    if processor:
        importing, inserting = made.importing_cpu, made.inserting_cpu
    if importing is not None:
        yield from _importing(made.works, importing, inserting)
    yield "file, each work", Figure.single(path.stat().st_size / made.works, "bytes")
    yield from _searches(path, processor=processor)
    yield from _lists(path, processor=processor)
    if not brief:
        yield from _of_everything(path, made.works, processor=processor)


def _importing(
    count: int, importing: float, inserting: float | None
) -> Iterator[tuple[str, Figure]]:
    yield "import of parsed works, each", Figure.single(importing / count * 1e6, "µs")
    if inserting is not None:
        yield "bare insertion of their rows, each", Figure.single(inserting / count * 1e6, "µs")
        yield "import : bare insertion", Figure.single(importing / inserting, "times")


def _searches(path: Path, *, processor: bool) -> Iterator[tuple[str, Figure]]:
    command = [sys.executable, "-m", "benchmarks.search", str(path), "--json"]
    command += ["--processor"] if processor else []
    answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for name, (median, high) in answer["figures"].items():
        whole = name.startswith("count") or name.endswith("a jump there")
        yield f"{_WHOLE if whole else ''}{name}", Figure(median, high, "ms")
    yield "memory of all these searches", Figure.single(answer["megabytes"], "MB")


def _words(path: Path) -> list[str]:
    with Library(path) as library:
        return draw(library)["one word"][:_ROUNDS]


def _telling_words(path: Path) -> list[str]:
    """Words that are in fewer than one title of fifty, as those are that one searches for."""
    with Library(path) as library:
        words = draw(library)["one word"]
        telling = (word for word in words if library.count(f"title:{word}") * 50 < len(library))
        return list(islice(telling, _PEER_ROUNDS))


def _lists(path: Path, *, processor: bool) -> Iterator[tuple[str, Figure]]:
    """`refman list` as a whole process: the first page of a query, and all that it finds."""
    asked = {
        "refman list WORD --limit 50": ["--limit", "50"],
        f"{_WHOLE}refman list WORD, all matches": [],
    }
    for name, more in asked.items():
        costs = [
            cost([_REFMAN, "--library", str(path), "list", word, *more]) for word in _words(path)
        ]
        latency = Latency.of([one.took(processor=processor) for one in costs])
        yield name, Figure(latency.median, latency.high, "ms")
        yield f"{name}: memory", Figure.single(max(one.megabytes for one in costs), "MB")


def _of_everything(path: Path, count: int, *, processor: bool) -> Iterator[tuple[str, Figure]]:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        commands = {"duplicates": ["duplicates", "--json"]}
        for name in _FORMATS:
            target = str(Path(folder) / name)
            commands[f"export to {name}"] = ["export", "--to", name, "-o", target]
        for name, arguments in commands.items():
            # With nothing found, or with something that a format cannot carry, the status is 1.
            spent = cost([_REFMAN, "--library", str(path), *arguments], most=1)
            each = spent.took(processor=processor) / count
            yield f"{_WHOLE}{name}, each work", Figure.single(each * 1e6, "µs")
            yield f"{_WHOLE}{name}: memory", Figure.single(spent.megabytes, "MB")


def _against_peers(
    path: Path, count: int, programs: Path, *, processor: bool
) -> Iterator[tuple[str, float, float]]:
    """Each peer with the milliseconds that its list takes, and ours of the same word."""
    words = _telling_words(path)
    for kind in PEERS:
        folder = path.with_name(f"peers-{count}") / kind.program
        peer = kind(programs, folder)
        if not folder.exists():
            folder.mkdir(parents=True)
            peer.fill((f"bench{number:07d}", entry) for number, entry in enumerate(works(count)))
        ours, theirs = [], []
        for word in words:
            theirs.append(peer.list(word).took(processor=processor))
            command = [_REFMAN, "--library", str(path), "list", f"title:{word}"]
            ours.append(cost(command).took(processor=processor))
        yield kind.name, statistics.median(theirs) * 1e3, statistics.median(ours) * 1e3


def main() -> int:
    """Measure and print; the exit status says whether the bounds hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("works", nargs="*", type=int, default=_SIZES)
    arguments.add_argument("--folder", type=Path, help="where the libraries are kept")
    arguments.add_argument("--peers", type=Path, help="where papis and cobib are")
    arguments.add_argument("--processor", action="store_true", help="the processor's time only")
    arguments.add_argument(
        "--brief", action="store_true", help="without duplicates and export, which take an hour"
    )
    options = arguments.parse_args()
    sizes: Sequence[int] = sorted(options.works)
    compile_all()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        figures: dict[int, dict[str, Figure]] = {}
        missed: list[str] = []
        for size in sizes:
            print(f"{size:,} works …", file=sys.stderr, flush=True)
            figures[size] = {}
            path = folder / f"library-{size}.db"
            measured = _figures(path, size, processor=options.processor, brief=options.brief)
            for name, figure in measured:
                figures[size][name] = figure
                print(f"  {name}: {figure} {figure.unit}", file=sys.stderr, flush=True)
        missed += _print(figures)
        if options.peers is not None:
            for size in (size for size in sizes if size <= _MOST_FOR_PEERS):
                path = folder / f"library-{size}.db"
                missed += _print_peers(
                    size,
                    _against_peers(path, size, options.peers, processor=options.processor),
                )
    print("All bounds are kept." if not missed else "NOT kept: " + "; ".join(missed))
    return 1 if missed else 0


def _print(figures: dict[int, dict[str, Figure]]) -> list[str]:
    """The figures as a table. Returns the bounds that are not kept, in words."""
    smallest, largest = figures[min(figures)], figures[max(figures)]
    missed = []
    print(f"{'median / 95th percentile':<44} " + "".join(f"{size:>22,}" for size in figures))
    for name, last in largest.items():
        row = "".join(f"{of.get(name, '')!s:>22}" for of in figures.values())
        growth = last.median / smallest[name].median if name in smallest else 1
        print(f"{name:<44} {row} {last.unit:<5} {growth:7.2f}")
        if growth > 2 and not name.startswith(_WHOLE):
            missed.append(f"{name} grows {growth:.1f} times")
    for size, of in figures.items():
        if of[_PREFIX].high > 20:
            missed.append(f"{_PREFIX} takes {of[_PREFIX].high:.0f} ms at {size:,}")
        ratio = of.get("import : bare insertion")
        if ratio is not None and ratio.median > 2:
            missed.append(f"import takes {ratio.median:.2f} times the bare insertion at {size:,}")
    return missed


def _print_peers(size: int, peers: Iterator[tuple[str, float, float]]) -> list[str]:
    missed = []
    for name, theirs, ours in peers:
        print(
            f"{size:,} works, titles with a word: {name} {theirs:,.0f} ms, refman list "
            f"{ours:,.0f} ms, {theirs / ours:.0f} times faster",
            flush=True,
        )
        if theirs < _FASTER.get(size, 1) * ours:
            missed.append(f"{theirs / ours:.0f} times faster than {name} at {size:,}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
