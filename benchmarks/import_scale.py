"""Import at 1,000, 10,000 and 100,000 works: time, memory, and what parsing alone takes.

    python -m benchmarks.import_scale [--peer COBIB] [COUNT...]

Each import is a process of its own, with everything that an import does: reading, matching, keys,
rows, full-text index, history. Beside it, in turn, a process that only parses the same file with
bibtexparser. The bounds: time no worse than linear, peak memory at the largest at most 1.5 times
that at a tenth of it, time at most 2 times the parsing alone. `--peer` names a cobib to add the
same 10,000 entries with.
"""

from __future__ import annotations

import argparse
import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import refman
from benchmarks.corpus import bibtex

_REFMAN = str(Path(sys.executable).with_name("refman"))
_PARSE = (
    "import sys, bibtexparser\n"
    "text = open(sys.argv[1], encoding='utf-8').read()\n"
    "print(len(bibtexparser.parse_string(text).entries))"
)
_LAUNCHER = """
import os, sys, time
nothing = os.open(os.devnull, os.O_RDWR)
begun = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_DUP2, nothing, number) for number in (0, 1, 2)])
_, status, usage = os.wait4(pid, 0)
print(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss,
    os.waitstatus_to_exitcode(status))
"""
_PEER_COUNT = 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: wall-clock and processor seconds, and its peak memory in MB."""

    seconds: float
    cpu: float
    megabytes: float

    def took(self, *, processor: bool) -> float:
        """The processor seconds, or those on the wall."""
        return self.cpu if processor else self.seconds


def compile_all() -> None:
    """Compile refman, as installing it does; a working copy may not be compiled."""
    compileall.compile_dir(str(Path(refman.__file__).parent), quiet=1)


def cost(command: list[str], environment: dict[str, str] | None = None, *, most: int = 0) -> Cost:
    """Run a command and see what it cost. Raises where its exit status is above `most`."""
    # The system counts to a process what its parent held when it was started, so that is a small
    # one, which starts the command and nothing else.
    launched = subprocess.run(
        [sys.executable, "-S", "-E", "-c", _LAUNCHER, *command],
        check=True, stdout=subprocess.PIPE, env=environment,
    )  # fmt: skip
    seconds, cpu, peak, status = map(float, launched.stdout.split())
    if not 0 <= status <= most:
        raise subprocess.CalledProcessError(int(status), command)
    return Cost(seconds, cpu, peak / (1024 if sys.platform != "darwin" else 1024 * 1024))


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(one.seconds for one in costs),
        statistics.median(one.cpu for one in costs),
        statistics.median(one.megabytes for one in costs),
    )


def _measure(path: Path, rounds: int) -> tuple[Cost, Cost]:
    """The import and the parsing of a file, in turn."""
    imports: list[Cost] = []
    parses: list[Cost] = []
    for _ in range(rounds):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}.db{suffix}").unlink(missing_ok=True)
        imports.append(cost([_REFMAN, "--library", f"{path}.db", "import", str(path)]))
        parses.append(cost([sys.executable, "-c", _PARSE, str(path)]))
    return _median(imports), _median(parses)


def _peer(command: str, folder: Path) -> Cost:
    path = folder / "peer.bib"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(bibtex(_PEER_COUNT))
    home = folder / "home"
    home.mkdir()
    names = ("CONFIG", "DATA", "CACHE", "STATE")
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in names}
    environment = {**os.environ, "HOME": str(home), **places}
    cost([command, "init"], environment)
    return cost([command, "add", "-b", str(path)], environment)


def main() -> int:
    """Measure and print; the exit status says whether the bounds hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("counts", nargs="*", type=int, default=[1000, 10_000, 100_000])
    arguments.add_argument("--peer", metavar="COBIB", default=os.environ.get("COBIB"))
    options = arguments.parse_args()
    results: dict[int, tuple[Cost, Cost]] = {}
    compile_all()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in options.counts:
            path = folder / f"{count}.bib"
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(bibtex(count))
            ours, parsing = results[count] = _measure(path, 1 if count > 20_000 else 3)
            print(
                f"{count:>8,} works: import {ours.seconds:7.2f} s ({ours.cpu:.2f} s CPU), "
                f"{count / ours.seconds:6,.0f}/s, peak {ours.megabytes:4.0f} MB; parsing alone "
                f"{parsing.seconds:6.2f} s ({parsing.cpu:.2f} s CPU), peak "
                f"{parsing.megabytes:5.0f} MB; ratio {ours.seconds / parsing.seconds:.2f} "
                f"(CPU {ours.cpu / parsing.cpu:.2f})",
                flush=True,
            )
        if options.peer:
            peer = _peer(options.peer, folder)
            print(
                f"{_PEER_COUNT:>8,} works: cobib add {peer.seconds:7.2f} s, "
                f"{_PEER_COUNT / peer.seconds:6,.0f}/s, peak {peer.megabytes:4.0f} MB"
            )
    return 0 if _bounds_hold(results) else 1


def _bounds_hold(results: dict[int, tuple[Cost, Cost]]) -> bool:
    largest = max(results)
    ours, parsing = results[largest]
    kept = ours.seconds <= 2 * parsing.seconds
    print(f"at {largest:,}: {ours.seconds / parsing.seconds:.2f} times the parsing alone (bound 2)")
    if (tenth := largest // 10) in results:
        smaller = results[tenth][0]
        memory = ours.megabytes / smaller.megabytes
        growth = ours.seconds / smaller.seconds
        print(
            f"ten times the works: {growth:.1f} times the time, "
            f"{memory:.2f} times the memory (bound 1.5)"
        )
        # Start-up is a part of the smaller import, so the growth is a little under linear.
        kept = kept and memory <= 1.5 and growth <= 11
    return kept


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
