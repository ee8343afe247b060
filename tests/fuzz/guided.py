"""Fuzz led by coverage, where atheris is installed (it is no dependency):

    python -m tests.fuzz.guided bibtex,ris -max_total_time=600 -max_len=8000

The importers are named, `,` between; all else goes to libFuzzer. Each kind of failure is told once.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.fuzz.properties import TooSlow, check
from tests.fuzz.seeds import seeds


def main() -> None:
    """Run until libFuzzer has had enough."""
    atheris: Any = importlib.import_module("atheris")
    names = sys.argv.pop(1).split(",")
    told: set[str] = set()

    def one(data: bytes) -> None:
        if not data:
            return
        name = names[data[0] % len(names)]
        try:
            check(name, data[1:])
        except (Exception, TooSlow) as error:
            kind = f"{name}: {type(error).__name__}: {str(error)[:60]}"
            if kind not in told:
                told.add(kind)
                print(kind, data[1:200], flush=True)

    folder = Path(tempfile.mkdtemp(prefix="refman-fuzz-"))
    for place, name in enumerate(names):
        for number, seed in enumerate(seeds(name)):
            (folder / f"{name}-{number}").write_bytes(bytes([place]) + seed[:6000])
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(folder), *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
