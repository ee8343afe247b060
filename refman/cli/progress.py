"""Progress on standard error, where a person looks at it; silent everywhere else."""

from __future__ import annotations

import sys
import time

from refman.cli.plain import plain

_EVERY_SECONDS = 0.2
_QUIET_SECONDS = 0.8


class Progress:
    """One line that is written over as the work goes on, and cleared at its end.

    It shows up only where something takes longer than most people notice.
    """

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what = what
        self._total = total
        self._begun = self._shown = time.monotonic()
        self._on = sys.stderr.isatty()
        self._drawn = False

    def __call__(self, done: int) -> None:
        """Say how many are done."""
        now = time.monotonic()
        if not self._on or now - self._begun < _QUIET_SECONDS or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        rate = done / (now - self._begun)
        of = f" of {self._total:,}" if self._total is not None else ""
        sys.stderr.write(
            "\r" + plain(f"{self._what}: {done:,}{of}, {rate:,.0f} a second").ljust(60)
        )
        sys.stderr.write("\r")
        sys.stderr.flush()
        self._drawn = True

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            sys.stderr.write("\r" + " " * 70 + "\r")
            sys.stderr.flush()
