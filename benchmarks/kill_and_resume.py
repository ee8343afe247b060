"""Enriching that is killed every few seconds: what is asked for twice, and what comes of it.

    python -m benchmarks.kill_and_resume [--count DOIS] [--rate LISTS] [--seed SEED]

`refman enrich` asks the imitation of Crossref on loopback for real records under DOIs of their own,
one DOI in fifty being unknown there. The process is killed (SIGKILL) after two to eight seconds,
and started again, until it is done. The bounds: no DOI is asked for after its answer was stored,
and the library is the same as after a run that nothing happened to.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.enrich_throughput import doi, works
from refman.services.library import Library
from tests.crossref_server import CrossrefServer, Limit, Speed
from tests.crossref_server.limiter import CROSSREF_LIMITS

_UNKNOWN_EACH = 50
_FREE = Limit(rate=1000, interval=1, concurrency=10)


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of it."""

    seconds: float
    kills: int
    requests: int
    asked: int
    """DOIs asked for, each as often as it was."""
    lost: int
    """DOIs asked for again because a kill came before their answer was stored."""
    again: int
    """DOIs asked for again though their answer was stored."""


def _environment(server: CrossrefServer, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "REFMAN_CROSSREF_URL": server.url,
        "REFMAN_MAILTO": "me@library.test",
        "REFMAN_LIBRARY": str(folder / "library.db"),
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


def _server(count: int, limit: Limit, speed: Speed) -> CrossrefServer:
    known = [work for number, work in enumerate(works(count)) if number % _UNKNOWN_EACH]
    return CrossrefServer(known, limits=dict.fromkeys(CROSSREF_LIMITS, limit), speed=speed)


def _seed(folder: Path, count: int) -> Path:
    folder.mkdir()
    path = folder / "library.db"
    with Library(path, create=True) as library:
        library.import_text("\n".join(doi(number) for number in range(count)))
    return path


def _stored(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {key for (key,) in connection.execute("SELECT doi FROM answers")}
    finally:
        connection.close()


def _run(server: CrossrefServer, folder: Path, patience: float | None) -> int:
    """One run, killed after so many seconds. Gives its exit status."""
    command = [sys.executable, "-m", "refman", "enrich", "--json"]
    with subprocess.Popen(
        command, env=_environment(server, folder), cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            _, err = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
        if "Traceback" in err or "went wrong inside" in err:
            sys.exit(err)
        return process.returncode


def broken(folder: Path, count: int, rate: int, rng: random.Random) -> tuple[Path, Tally]:
    """Enrich with kills. Gives the library and the tally."""
    path = _seed(folder, count)
    stored: dict[str, int] = {}
    kills = 0
    begun = time.monotonic()
    limit = Limit(rate=rate, interval=1, concurrency=3)
    with _server(count, limit, Speed(single=0.05, batch=0.3)) as server:
        while _run(server, folder, rng.uniform(2, 8)) == -signal.SIGKILL:
            kills += 1
            time.sleep(0.1)  # What was sent just before the end has to arrive.
            number = len(server.log)
            kept = _stored(path)
            for key in kept:
                stored.setdefault(key, number)
            print(f"kill {kills}: {number:,} requests, {len(kept):,} answers stored", flush=True)
        entries = server.log.entries
    times = Counter(key for entry in entries for key in entry.dois)
    # A DOI that a list does not hold is asked for once more, by itself.
    single = sum(1 for number in range(0, count, _UNKNOWN_EACH))
    again = sum(
        stored.get(key, number + 1) <= number
        for number, entry in enumerate(entries)
        for key in entry.dois
    )
    asked = times.total()
    return path, Tally(
        time.monotonic() - begun, kills, len(entries), asked, asked - count - single - again, again
    )


def unbroken(folder: Path, count: int) -> Path:
    """Enrich in one go. Gives the library."""
    path = _seed(folder, count)
    with _server(count, _FREE, Speed()) as server:
        _run(server, folder, None)
    return path


def holding(path: Path) -> dict[int, tuple[Any, ...]]:
    """All that a library holds, but for when it came."""
    held: dict[int, tuple[Any, ...]] = {}
    with Library(path) as library:
        wrong = library.store.check()
        assert not wrong, wrong
        for work in library.search():
            records = [
                (replace(record.origin, retrieved=None), record.description, record.state)
                for record in library.records(work)
            ]
            held[work.id] = (work.citation_key, work.description, work.enrichment, records)
    return held


def main() -> int:
    """Run it and print the tally; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=6, help="requests a second that are granted")
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, tally = broken(
            folder / "broken", arguments.count, arguments.rate, random.Random(arguments.seed)
        )
        other = unbroken(folder / "unbroken", arguments.count)
        held = holding(path)
        equal = held == holding(other)
    statuses = Counter(str(enrichment) for _, _, enrichment, _ in held.values())
    print(f"{arguments.count:,} DOIs in {tally.seconds:.0f} s with {tally.kills} kills")
    print(f"works by status: {dict(statuses)}")
    print(f"requests: {tally.requests:,}; DOIs in them: {tally.asked:,}")
    print(f"asked again, the answer not having been stored before a kill: {tally.lost:,}")
    print(f"asked again after the answer was stored: {tally.again:,} (bound: 0)")
    print(f"libraries equal: {'yes' if equal else 'no'} (bound: yes)")
    return int(tally.again > 0 or not equal or tally.kills == 0)


if __name__ == "__main__":
    sys.exit(main())
