"""Start-up: `refman --version` beside `python -c "import click"`, and a listing beside both.

    python -m benchmarks.startup [WORKS]

The bounds: `--version` within 1.5 times the import of click, `list --limit 20` of 100,000 works
within 3 times it. The commands take turns, so that a busy moment hits all of them; the medians are
compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.corpus import descriptions
from benchmarks.import_scale import compile_all
from refman.model import Origin, OriginKind, Record
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library

_ROUNDS = 25
_REFMAN = str(Path(sys.executable).with_name("refman"))


def _library(path: Path, count: int) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="benchmark")
    records = (Record(description=d, origin=origin) for d in descriptions(count))
    with Library(path, create=True) as library:
        for _ in import_entries(library.store, records, "benchmark", ImportPolicy()):
            pass


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - begun


def main() -> int:
    """Measure and print; the exit status says whether the bounds hold."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        'python -c "import click"': [sys.executable, "-c", "import click"],
        "refman --version": [_REFMAN, "--version"],
        "refman list --limit 20": [_REFMAN, "list", "--limit", "20"],
        "refman list WORD --limit 20": [_REFMAN, "list", "migration", "--limit", "20"],
    }
    compile_all()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        _library(path, count)
        environment = {**os.environ, "REFMAN_LIBRARY": str(path)}
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(_ROUNDS):
            for name, command in commands.items():
                times[name].append(_seconds(command, environment))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    click = medians['python -c "import click"']
    for name, median in medians.items():
        print(f"{name:<28} {median * 1e3:7.1f} ms  {median / click:5.2f} times click")
    bounds = {"refman --version": 1.5, "refman list --limit 20": 3.0}
    kept = all(medians[name] <= bound * click for name, bound in bounds.items())
    print(f"{count:,} works; bounds {'kept' if kept else 'NOT kept'}: {bounds}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
