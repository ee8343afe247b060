"""A pass over a snapshot of Crossref, beside nothing but unpacking it; and what 208 GB would take.

    python -m benchmarks.snapshot [--works FILE.jsonl[.gz]]... [--megabytes N] [--jobs N]

Makes a folder of files like those of the public data file out of real records, each with a DOI of
its own in each file. Measured, with one process and with several: selecting the records of 100 and
of 100,000 wanted DOIs, indexing, and looking up by the index; in the same run, `zlib` alone, which
no pass that reads everything can beat. As many records are wanted as in all of Crossref would be
(0.06 % of 100,000), and one line in a hundred cites a wanted DOI. MB are those of JSON, unpacked.
Figures are medians; on a busy machine those per second of CPU time tell more than those by the
clock.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from refman.sources.crossref_pass import processors
from refman.sources.crossref_snapshot import CrossrefSnapshot

_WORKS = Path(__file__).parents[1] / "tests" / "data" / "crossref" / "works.jsonl"
_ALL_RECORDS = 180_000_000
_ALL_BYTES = 208_000_000_000
_CORES = 16
_READ = 256 * 1024
_LET_OUT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files, and what is in them."""

    folder: Path
    packed: int
    unpacked: int
    records: int
    own: list[str]
    cited: list[str]
    """One DOI each of one line in a hundred."""


def _read(path: Path) -> Iterator[bytes]:
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as lines:
        yield from (line.strip() for line in lines if line.strip())


def make(folder: Path, works: list[Path], megabytes: int, files: int) -> Corpus:
    """Files of about `megabytes` in all, unpacked."""
    lines = [line for path in works for line in _read(path)]
    dois = [json.loads(line)["DOI"] for line in lines]
    marks = [b'"DOI":' + json.dumps(doi).encode() for doi in dois]
    share = max(1, megabytes * 1_000_000 // files // sum(map(len, lines)))
    rng = random.Random(2026)
    own: list[str] = []
    cited: list[str] = []
    packed = unpacked = records = 0
    for number in range(files):
        path = folder / f"{number}.jsonl.gz"
        with gzip.open(path, "wb", compresslevel=6) as stream:
            for copy in range(share):
                for line, doi, mark in zip(lines, dois, marks):
                    new = f"10.{number:02}{copy:02}{doi.removeprefix('10.')}"
                    said = line.replace(mark, b'"DOI":' + json.dumps(new).encode(), 1)
                    stream.write(said + b"\n")
                    unpacked += len(said) + 1
                    records += 1
                    own.append(new.lower())
        packed += path.stat().st_size
    for line in rng.sample(lines, max(1, len(lines) // 100)):
        references = json.loads(line).get("reference", ())
        cited += [one["DOI"].lower() for one in references if "DOI" in one][:1]
    return Corpus(folder, packed, unpacked, records, own, cited)


def unpack(path: Path) -> int:
    """What every reader must do at least; in bounded memory, as they do."""
    size = 0
    with path.open("rb") as file:
        unpacker = zlib.decompressobj(wbits=31)
        rest = b""
        while chunk := rest or file.read(_READ):
            size += len(unpacker.decompress(chunk, _LET_OUT))
            rest = unpacker.unconsumed_tail
    return size


def _unpack_all(corpus: Corpus, jobs: int) -> None:
    paths = sorted(corpus.folder.iterdir())
    if jobs == 1:
        sizes = list(map(unpack, paths))
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            sizes = list(pool.map(unpack, paths))
    assert sum(sizes) == corpus.unpacked


def _wanted(corpus: Corpus, count: int) -> list[str]:
    rng = random.Random(count)
    there = max(10, count * corpus.records // _ALL_RECORDS)
    cited = corpus.cited if count > 1000 else corpus.cited[:1]
    dois = rng.sample(corpus.own, there) + cited
    return dois + [f"10.5555/none.{n:07}" for n in range(count - len(dois))]


def _select(corpus: Corpus, dois: list[str], jobs: int) -> None:
    folder = Path(tempfile.mkdtemp())
    snapshot = CrossrefSnapshot(corpus.folder, jobs=jobs)
    with snapshot.selection(
        dois=dois, issns=(), prefixes=(), folder=folder, packed=True
    ) as selection:
        assert sum(summary.records for summary, _ in selection.run()) == corpus.records
        assert selection.summaries()
        selection.discard()


def _index(corpus: Corpus, cache: Path, jobs: int) -> None:
    shutil.rmtree(cache, ignore_errors=True)
    assert CrossrefSnapshot(corpus.folder, cache, jobs).build_index() == corpus.records


def _look_up(corpus: Corpus, cache: Path, count: int) -> None:
    dois = random.Random(count).sample(corpus.own, count)
    answers = list(CrossrefSnapshot(corpus.folder, cache).lookup(dois))
    assert len(answers) == count


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and of processors: ours and those of the processes that we began."""

    seconds: float
    cpu: float


def _median(work: Callable[[], object], rounds: int) -> Cost:
    costs = []
    for _ in range(rounds):
        begun, cpu = time.perf_counter(), _cpu()
        work()
        costs.append(Cost(time.perf_counter() - begun, _cpu() - cpu))
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.cpu for cost in costs),
    )


def _cpu() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _row(what: str, corpus: Corpus, jobs: int, cost: Cost, limit: Cost) -> None:
    whole = _ALL_BYTES / corpus.packed / 3600
    print(
        f"| {what} | {jobs} | {corpus.unpacked / 1e6 / cost.seconds:,.0f} "
        f"| {corpus.records / cost.seconds:,.0f} | {corpus.unpacked / 1e6 / cost.cpu:,.0f} "
        f"| {corpus.records / cost.cpu:,.0f} | {cost.cpu / limit.cpu:.2f} "
        f"| {whole * cost.seconds:.1f} | {whole * cost.cpu:.1f} "
        f"| {_ALL_RECORDS / corpus.records * cost.cpu / 3600:.1f} "
        f"| {whole * cost.cpu / _CORES:.2f} |",
        flush=True,
    )


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", action="append", type=Path, metavar="FILE")
    parser.add_argument("--megabytes", type=int, default=600)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--jobs", type=int, default=processors())
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "snapshot", Path(name) / "cache"
        folder.mkdir()
        corpus = make(folder, options.works or [_WORKS], options.megabytes, options.files)
        print(
            f"{options.files} files, {corpus.packed / 1e6:,.0f} MB packed, "
            f"{corpus.unpacked / 1e6:,.0f} MB unpacked, {corpus.records:,} records\n\n"
            "| | processes | MB/s | records/s | MB per CPU second | records per CPU second "
            "| CPU, times zlib alone | hours for 208 GB | CPU hours for 208 GB "
            f"| for 180 million | hours for 208 GB on {_CORES} free cores |\n"
            "|---|---|---|---|---|---|---|---|---|---|---|"
        )
        for jobs in dict.fromkeys((1, options.jobs)):
            limit = _median(lambda jobs=jobs: _unpack_all(corpus, jobs), options.rounds)  # type: ignore[misc]
            _row("zlib alone", corpus, jobs, limit, limit)
            for count in (100, 100_000):
                dois = _wanted(corpus, count)
                cost = _median(
                    lambda jobs=jobs, dois=dois: _select(corpus, dois, jobs),  # type: ignore[misc]
                    options.rounds,
                )
                _row(f"select {count:,} DOIs", corpus, jobs, cost, limit)
            cost = _median(lambda jobs=jobs: _index(corpus, cache, jobs), options.rounds)  # type: ignore[misc]
            _row("index", corpus, jobs, cost, limit)
        for count in (1, 10, 100):
            cost = _median(lambda count=count: _look_up(corpus, cache, count), options.rounds)  # type: ignore[misc]
            took, cpu = cost.seconds * 1000, cost.cpu * 1000
            print(f"look-up of {count} by the index: {took:,.0f} ms ({cpu:,.0f} ms of CPU)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
