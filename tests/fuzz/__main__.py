"""Fuzz every importer that is installed: `python -m tests.fuzz --seconds 600 [NAME…]`.

Half of the time goes to measuring how an importer's time grows with what is repeated in its input,
half to real files that are mutated. It takes turns among the importers, tells each kind of failure
once with the number that makes it (`--seed NUMBER --only`), and keeps its input under build/fuzz.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from refman import plugins
from tests.fuzz.growth import FRAGMENTS, grows_linearly
from tests.fuzz.mutations import mutated
from tests.fuzz.properties import TooSlow, check
from tests.fuzz.seeds import seeds

_FOUND = Path("build/fuzz")


def _place(error: BaseException) -> str:
    """Where something went wrong, and what: two failures with one place are one."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "refman" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    text = str(error)[:60] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} at {where} {text}".strip()


class _Fuzzing:
    def __init__(self, names: list[str], first_seed: int) -> None:
        self._names = names
        self._first = first_seed
        self.tried: Counter[str] = Counter()
        self.records: Counter[str] = Counter()
        self.found: dict[tuple[str, str], int] = {}

    def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        number = self._first
        while time.monotonic() < until:
            for name in self._names:
                self._one(name, number)
            number += 1

    def _one(self, name: str, number: int) -> None:
        data = mutated(seeds(name), Random(f"{name}-{number}"))
        self.tried[name] += 1
        try:
            self.records[name] += check(name, data)
        except (Exception, TooSlow, RecursionError) as error:
            self._tell(name, number, data, error)

    def _tell(self, name: str, number: int, data: bytes, error: BaseException) -> None:
        kind = (name, _place(error))
        if kind not in self.found:
            self.found[kind] = number
            _FOUND.mkdir(parents=True, exist_ok=True)
            (_FOUND / f"{name}-{number}.bin").write_bytes(data)
            print(f"{name} #{number}: {kind[1]}: {str(error)[:300]}", flush=True)


def _measure_growth(names: list[str], seconds: float, first_seed: int) -> tuple[int, int]:
    """How many pairs of an importer and a fragment were measured, and how many grow too fast."""
    pairs = [(name, fragment) for name in names for fragment in FRAGMENTS]
    Random(first_seed).shuffle(pairs)
    until = time.monotonic() + seconds
    measured = failed = 0
    for name, fragment in pairs:
        if time.monotonic() >= until:
            break
        measured += 1
        failed += not grows_linearly(name, fragment, tell=print)
    return measured, failed


def main() -> int:
    """The exit status: 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("names", nargs="*", help="importers; all of them by default")
    parser.add_argument("--seconds", type=float, default=60, help="half of them for growth")
    parser.add_argument("--seed", type=int, default=0, help="the number to begin with")
    parser.add_argument("--only", action="store_true", help="that number only")
    asked = parser.parse_args()
    # bibtexparser logs each block that it cannot read.
    logging.disable(logging.CRITICAL)
    names = asked.names or list(plugins.importer_names())
    seconds = 0.001 if asked.only else asked.seconds / 2
    measured, failed = (0, 0) if asked.only else _measure_growth(names, seconds, asked.seed)
    fuzzing = _Fuzzing(names, asked.seed)
    fuzzing.run(seconds)
    for name in names:
        found = sum(1 for kind in fuzzing.found if kind[0] == name)
        tried, read = fuzzing.tried[name], fuzzing.records[name]
        print(f"{name:<14} {tried:>8,} inputs {read:>9,} records {found:>3} failures")
    tried = sum(fuzzing.tried.values())
    print(f"{tried:,} inputs, {len(fuzzing.found)} kinds of failure; {measured:,} measurements of "
          f"growth, {failed} that grow too fast")  # fmt: skip
    return 1 if fuzzing.found or failed else 0


if __name__ == "__main__":
    sys.exit(main())
