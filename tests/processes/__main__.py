"""Let many processes loose on one library: `python -m tests.processes --seconds 60`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.processes.running import run


def main() -> int:
    """Run it, and tell what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.processes")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(
            Path(folder), seconds=options.seconds, processes=options.processes, seed=options.seed
        )
    deeds = ", ".join(f"{count:,} {deed}" for deed, count in outcome.deeds.most_common())
    print(f"{options.processes} processes, {options.seconds:.0f} s: {deeds}")
    print(f"{outcome.changes:,} changes in the history; {len(outcome.faults)} faults.")
    for fault in outcome.faults[:20]:
        print("-", fault)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
