"""A program in a pseudo-terminal: keys go in, what it draws comes out with the time it came.

Nothing here imitates a screen: text is looked for in what was written since a moment, without
the sequences that place and colour it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_PLACE = re.compile(rb"\x1b\[(\d+);(\d+)H")
_SEQUENCE = re.compile(
    rb"\x1b\[[0-9;?<>=$]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b."
)
_CHUNK = 65536


class Terminal:
    """`command` runs in a terminal of `columns` by `rows`, beginning at once."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.began = time.perf_counter()
        self._lock = threading.Lock()
        self._pieces: list[tuple[float, bytes]] = []
        self._is_closed = threading.Event()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            given = {**os.environ, "TERM": "xterm-256color", **(environment or {})}
            # With it a program is compiled at every start, as installed programs never are.
            given.pop("PYTHONDONTWRITEBYTECODE", None)
            try:
                self._size(0, columns, rows)
                os.execvpe(command[0], [*command], given)
            finally:
                os._exit(127)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *raised: object) -> None:
        self.kill()

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told by SIGWINCH."""
        self._size(self._file, columns, rows)

    @staticmethod
    def _size(file: int, columns: int, rows: int) -> None:
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> float:
        """Send keys as a terminal does. Returns the time at which that was done."""
        now = time.perf_counter()
        os.write(self._file, keys.encode())
        return now

    def mark(self) -> int:
        """A place in the output: what comes after it can be asked for."""
        with self._lock:
            return len(self._pieces)

    def text(self, since: int = 0) -> str:
        """What was written since a mark, without colours.

        Where the cursor is placed, a line begins with the place: `3;25|`.
        """
        data = _PLACE.sub(rb"\n\1;\2|", self.raw(since))
        return _SEQUENCE.sub(b"", data).decode("utf-8", "replace")

    def raw(self, since: int = 0) -> bytes:
        """What was written since a mark, as it came."""
        with self._lock:
            return b"".join(piece for _, piece in self._pieces[since:])

    def until(self, pattern: str, since: int = 0, seconds: float = 120) -> float:
        """Wait for a text that a regular expression describes; returns when it came.

        Raises `TimeoutError`.
        """
        looking = re.compile(pattern)
        limit = time.perf_counter() + seconds
        seen = -1
        while True:
            closed = self._is_closed.is_set()
            with self._lock:
                count = len(self._pieces)
                came = self._pieces[-1][0] if self._pieces else 0.0
            if count != seen:
                seen = count
                if looking.search(self.text(since)):
                    return came
            if closed or time.perf_counter() > limit:
                raise TimeoutError(
                    f"{pattern!r} was never written; the last is {self.text()[-2000:]!r}"
                )
            time.sleep(0.001)

    def quiet(self, seconds: float = 0.3, since: int = 0) -> float | None:
        """Wait until nothing is written for so long; returns when the last came since a mark."""
        begun = time.perf_counter()
        while True:
            with self._lock:
                last = self._pieces[-1][0] if self._pieces else self.began
                count = len(self._pieces)
            left = max(last, begun) + seconds - time.perf_counter()
            if left <= 0:
                return last if count > since else None
            time.sleep(left)

    def wait(self, seconds: float = 30) -> int:
        """Wait for the program's end. Returns its exit status, negative for a signal."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._is_closed.set()
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        raise TimeoutError("The program goes on.")

    def kill(self) -> None:
        """End the program and whatever it has started."""
        self._is_closed.set()
        if self.pid:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.killpg(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self.pid = 0
        self._thread.join(5)
        with contextlib.suppress(OSError):
            os.close(self._file)

    def memory(self) -> float:
        """Megabytes that the program and its children have resident now."""
        return sum(_resident(pid) for pid in _family(self.pid)) / 1024

    def seconds(self) -> float:
        """Processor seconds that the program has had so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _read(self) -> None:
        while not self._is_closed.is_set():
            ready, _, _ = select.select([self._file], [], [], 0.2)
            if not ready:
                continue
            try:
                piece = os.read(self._file, _CHUNK)
            except OSError:
                break
            if not piece:
                break
            with self._lock:
                self._pieces.append((time.perf_counter(), piece))
        self._is_closed.set()


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from _family(int(child))


def _resident(pid: int) -> int:
    """Kilobytes; of what processes share each has its part (PSS), so that their sum is right."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
