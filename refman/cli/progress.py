"""Progress on standard error: a line where a person looks at it, one a minute for a log."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping

from refman.cli import diagnostics
from refman.cli.plain import plain

_EVERY_SECONDS = 0.1
_QUIET_SECONDS = 0.8
_LOGGED_SECONDS = 60.0
_WINDOW_SECONDS = 30.0
"""The rate is that of the last half minute or so: a service may grow slower, or faster."""


class Progress:
    """One line that is written over as the work goes on, and cleared at its end.

    It shows up only where something takes longer than most people notice. Where standard error is
    no terminal it is a line a minute. `done` that was there at the beginning counts for no rate.
    """

    def __init__(self, what: str, total: int | None = None, done: int = 0) -> None:
        self._what = what
        self._total = total
        self._begun = self._shown = time.monotonic()
        self._marks = [(self._begun, done)]
        self._on = sys.stderr.isatty()
        self._width = 0
        if self._on:
            diagnostics.before_saying.append(self._clear)

    def __call__(self, done: int, counts: Mapping[str, int] | None = None) -> None:
        """Say how many are done, and how many with which outcome."""
        now = time.monotonic()
        every, quiet = (
            (_EVERY_SECONDS, _QUIET_SECONDS) if self._on else (_LOGGED_SECONDS, _LOGGED_SECONDS)
        )
        if now - self._begun < quiet or now - self._shown < every:
            return
        self._shown = now
        text = plain(self._text(done, now, counts))
        if self._on:
            width = max(20, shutil.get_terminal_size().columns - 1)
            text = text[:width]
            sys.stderr.write("\r" + text.ljust(self._width) + "\r")
            self._width = len(text)
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the line away."""
        self._clear()
        if self._clear in diagnostics.before_saying:
            diagnostics.before_saying.remove(self._clear)

    def _clear(self) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0

    def _text(self, done: int, now: float, counts: Mapping[str, int] | None) -> str:
        rate = self._rate(done, now)
        parts = [f"{self._what}: {done:,}"]
        if self._total is not None:
            parts[0] += f" of {self._total:,}"
        parts.append(f"{rate:,.0f} a second" if rate >= 10 else f"{rate:,.1f} a second")
        if self._total is not None and rate > 0 and done < self._total:
            parts.append(f"{_time_left((self._total - done) / rate)} left")
        told = [f"{count:,} {name.replace('_', ' ')}" for name, count in (counts or {}).items()]
        return ", ".join(parts) + (f" ({', '.join(told)})" if told else "")

    def _rate(self, done: int, now: float) -> float:
        marks = self._marks
        if now - marks[-1][0] >= 1.0:
            marks.append((now, done))
            while len(marks) > 2 and now - marks[1][0] >= _WINDOW_SECONDS:
                del marks[0]
        since, before = marks[0]
        return (done - before) / (now - since) if now > since else 0.0


def _time_left(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours < 48 else f"{hours // 24} days"
