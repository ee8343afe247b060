"""DOIs a second from Crossref: refman beside habanero, and beside one request for each DOI.

    python -m benchmarks.enrich_throughput [--seconds S] [--p99 SECONDS] [--cpu DOIS,DOIS,...]

All ask the same imitation of Crossref on loopback, in a process of its own, with the limits of the
polite pool and its latencies: 250 ms for a record, 500 ms for a list of 50 at the median, lognormal
with `--p99` as the slowest hundredth. The bounds: at least 35 times habanero, 12 times the best
that single requests may do, 90 % of what the list limit times the batch size allows (150 DOIs a
second), and no 429. Then, without limits and latency: processor time of the client for each DOI
(at most 1 ms for asking), and its memory from few DOIs to many.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from refman import plugins
from refman.net import Net, NetSettings
from refman.ports import Answer, AnswerStatus, Request, Response, WebSource
from refman.services.asking import Sources, ask
from tests.crossref_server import CrossrefServer, Limit, Speed
from tests.crossref_server.limiter import CROSSREF_LIMITS

RECORDS = Path(__file__).parent.parent / "tests" / "data" / "crossref" / "works.jsonl"
ALLOWED = 150.0
"""DOIs a second: three lists a second, of fifty each."""
SINGLE_LIMIT = 10.0
"""Records a second that the polite pool allows singly."""
_FREE = Limit(rate=1000, interval=1, concurrency=10)
"""As good as no limit, and told so in the headers."""
_SPAWN = multiprocessing.get_context("spawn")


def doi(number: int) -> str:
    """The DOI of a record of the benchmark."""
    return f"10.5555/bench.2026.{number:07d}"


def works(count: int) -> Iterator[dict[str, Any]]:
    """Real records, over and over, each under a DOI of its own."""
    with RECORDS.open(encoding="utf-8") as lines:
        real = [json.loads(line) for line in lines]
    for number in range(count):
        yield {**real[number % len(real)], "DOI": doi(number)}


def _serve(pipe: Connection, count: int, speed: Speed, *, limited: bool) -> None:
    limits = CROSSREF_LIMITS if limited else dict.fromkeys(CROSSREF_LIMITS, _FREE)
    with CrossrefServer(works(count), speed=speed, limits=limits) as server:
        pipe.send(server.url)
        while pipe.recv() == "tally":
            entries = server.log.entries
            pipe.send((len(entries), Counter(entry.status for entry in entries)))
            server.log.clear()


class Server:
    """The imitation in a process of its own."""

    def __init__(self, count: int, speed: Speed, *, limited: bool) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=_serve, args=(theirs, count, speed), kwargs={"limited": limited}, daemon=True
        )

    def __enter__(self) -> Server:
        self._process.start()
        self.url: str = self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send("end")
        self._process.join()

    def tally(self) -> tuple[int, Counter[int]]:
        """Requests and their statuses since the last time."""
        self._pipe.send("tally")
        requests, statuses = self._pipe.recv()
        return requests, statuses


class Singly:
    """A source of the web that never asks for two DOIs together."""

    def __init__(self, source: WebSource) -> None:
        self._source = source
        self.name, self.supplement = source.name, source.supplement

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """One for each."""
        for one in dois:
            yield from self._source.requests([one])

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """As the source does."""
        return self._source.read(request, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """As the source does."""
        return self._source.restore(doi, payload)


async def _asked(
    url: str, mailto: str, *, seconds: float | None, dois: Iterator[str], singly: bool = False
) -> tuple[int, float]:
    """Ask for so long, or for all; answers found and the seconds it took from first to last."""
    source = plugins.source("crossref", {"crossref_url": url, "mailto": mailto})
    assert isinstance(source, WebSource)
    asked: WebSource = Singly(source) if singly else source
    found = 0
    async with Net(NetSettings(mailto=mailto)) as net:
        begun = time.perf_counter()
        answers = ask(dois, Sources([asked], net))
        async with contextlib.aclosing(answers):
            async for answer in answers:
                found += answer.answer.status is AnswerStatus.FOUND
                if seconds is not None and time.perf_counter() - begun > seconds:
                    break
        return found, time.perf_counter() - begun


def _refman(url: str, mailto: str, seconds: float, *, singly: bool = False) -> float:
    dois = (doi(number) for number in range(10_000_000))
    found, took = asyncio.run(_asked(url, mailto, seconds=seconds, dois=dois, singly=singly))
    return found / took


def _habanero(url: str, seconds: float) -> float:
    import habanero

    service = habanero.Crossref(base_url=url, mailto="habanero@example.org")
    begun = time.perf_counter()
    found, size = 0, 10
    while time.perf_counter() - begun < seconds:
        found += len(service.works(ids=[doi(n) for n in range(found, found + size)]))
    return found / (time.perf_counter() - begun)


def compare(seconds: float, speed: Speed) -> bool:
    """Print the rates side by side; whether the bounds hold."""
    with Server(20_000, speed, limited=True) as server:
        habanero = _habanero(server.url, seconds)
        _, by_habanero = server.tally()
        single = _refman(server.url, "single@example.org", seconds, singly=True)
        _, by_single = server.tally()
        batches = _refman(server.url, "batches@example.org", seconds)
        _, by_batches = server.tally()
    print(f"{'':34}{'DOIs/s':>8}  {'429':>5}")
    print(f"{'habanero works(ids=…)':34}{habanero:8.1f}  {by_habanero[429]:5}")
    print(f"{'one request a DOI, as permitted':34}{single:8.1f}  {by_single[429]:5}")
    print(f"{'refman':34}{batches:8.1f}  {by_batches[429]:5}")
    print(
        f"refman is {batches / habanero:.1f} times habanero (bound 35), "
        f"{batches / SINGLE_LIMIT:.1f} times what single requests may do (bound 12), "
        f"{batches / ALLOWED:.1%} of what lists allow (bound 90 %)"
    )
    return (
        batches >= 35 * habanero
        and batches >= 12 * SINGLE_LIMIT
        and batches >= 0.9 * ALLOWED
        and not by_batches[429]
    )


def _child(url: str, count: int) -> None:
    """Ask for so many, in this process; print the processor time and the memory it took."""
    before = time.process_time()
    dois = (doi(number) for number in range(count))
    found, took = asyncio.run(_asked(url, "cpu@example.org", seconds=None, dois=dois))
    used = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"found": found, "seconds": took, "cpu": used, "peak": peak}))


def _enriched(url: str, count: int, folder: Path) -> dict[str, float]:
    """`refman enrich` of a library of works that are DOIs only, as a user runs it."""
    refman = str(Path(sys.executable).with_name("refman"))
    listed = folder / "dois.txt"
    listed.write_text("".join(f"{doi(number)}\n" for number in range(count)), encoding="utf-8")
    environment = {
        **os.environ,
        "REFMAN_LIBRARY": str(folder / f"library-{count}.db"),
        "REFMAN_CROSSREF_URL": url,
        "REFMAN_MAILTO": "cpu@example.org",
    }
    quiet: dict[str, Any] = {"env": environment, "capture_output": True}
    subprocess.run([refman, "import", str(listed)], check=True, **quiet)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run([refman, "enrich"], check=True, **quiet)
    took = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": took, "cpu": used}


def cost(counts: Sequence[int]) -> bool:
    """Print processor time and memory for so many DOIs; whether the bounds hold."""
    print(f"\n{'':12}{'asking':>22}{'':>10}{'refman enrich':>22}")
    print(f"{'DOIs':>12}{'ms/DOI':>10}{'DOIs/s':>12}{'MB':>10}{'ms/DOI':>10}{'DOIs/s':>12}")
    peaks, worst = [], 0.0
    with (
        tempfile.TemporaryDirectory() as name,
        Server(max(counts), Speed(), limited=False) as server,
    ):
        for count in counts:
            said = subprocess.run(
                [sys.executable, "-m", __spec__.name, "--child", server.url, str(count)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            asked = json.loads(said.stdout)
            whole = _enriched(server.url, count, Path(name))
            per_doi = asked["cpu"] / asked["found"] * 1000
            peaks.append(asked["peak"])
            worst = max(worst, per_doi) if count >= 1000 else worst
            print(
                f"{count:12,}{per_doi:10.2f}{asked['found'] / asked['seconds']:12,.0f}"
                f"{asked['peak']:10.0f}{whole['cpu'] / count * 1000:10.2f}"
                f"{count / whole['seconds']:12,.0f}"
            )
            server.tally()
    print(f"at most {worst:.2f} ms a DOI (bound 1); memory {peaks[-1] / peaks[0]:.2f} times")
    return worst <= 1 and peaks[-1] <= 1.2 * peaks[0]


def main() -> int:
    """Measure and print; the exit status says whether the bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long each asks")
    parser.add_argument("--p99", type=float, default=1.5, help="seconds of the slowest hundredth")
    parser.add_argument("--cpu", default="1000,10000,100000", help="how many DOIs, comma separated")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _child(given.child[0], int(given.child[1]))
        return 0
    speed = Speed(single=0.25, batch=0.5, p99=given.p99, per_10kb=0.001)
    fast = compare(given.seconds, speed)
    cheap = cost([int(count) for count in given.cpu.split(",")])
    return 0 if fast and cheap else 1


if __name__ == "__main__":
    sys.exit(main())
