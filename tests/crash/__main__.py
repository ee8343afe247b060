"""Kill the real process again and again: `python -m tests.crash --kills 300 [--what import,undo]`.

Half of the kills are aimed at the moments in which something is written, half land anywhere in the
life of the process. After each, the library has to be sound, hold all that was said to be done and
nothing by halves, and the next command has to work. The table tells where the kills landed.
`--seed NUMBER` kills at other moments, as far as chance is ours.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.crash.blows import Bench
from tests.crash.kinds import KINDS

_PLACES = ("before", "in", "between", "after", "late")


def _strike(name: str, kills: int, seed: int, size: int, found: list[str]) -> Counter[str]:
    """So many kills of one kind. What is wrong is told, and added to `found`."""
    landed: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="refman-crash-") as root,
        Bench(KINDS[name], size, Path(root)).ready() as bench,
    ):
        bench.measure()
        number = 0
        # Those that came too late were no kills.
        while landed.total() - landed["late"] < kills and number < 3 * kills:
            rng = Random(f"{name}-{seed}-{number}")
            try:
                landed[bench.blow(rng, aimed=number % 2 == 0)] += 1
            except AssertionError as error:
                landed["failed"] += 1
                found.append(f"{name} #{number}: {error}")
                print(found[-1][:2000], flush=True)
            number += 1
    return landed


def main() -> int:
    """The exit status: 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=66, help="in all")
    parser.add_argument("--what", default=",".join(KINDS), help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=600, help="works in the library")
    asked = parser.parse_args()
    names = asked.what.split(",")
    each, more = divmod(asked.kills, len(names))
    found: list[str] = []
    total: Counter[str] = Counter()
    begun = time.monotonic()
    print(f"{'':<10} {'kills':>6} " + " ".join(f"{place:>8}" for place in _PLACES) + "  failed")
    for number, name in enumerate(names):
        landed = _strike(name, each + (number < more), asked.seed, asked.size, found)
        total += landed
        _tell(name, landed)
    _tell("all", total)
    print(f"{len(found)} failures, in {time.monotonic() - begun:,.0f} s")
    return 1 if found else 0


def _tell(name: str, landed: Counter[str]) -> None:
    """Kills that came when the process had ended of itself are told, but not counted."""
    kills = landed.total() - landed["late"]
    cells = " ".join(f"{landed[place]:>8,}" for place in _PLACES)
    print(f"{name:<10} {kills:>6,} {cells} {landed['failed']:>7,}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
