"""What is done of a pass over a snapshot: a work folder that a killed run leaves to the next one.

The folder holds a journal, a line of JSON a file that is done, and whatever the work keeps of that
file under a name that ends in `.part`. A part is in its place before the journal says so, and the
journal says how long it is; so a run that is killed at any moment costs the files that it was at.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from refman.errors import InputError
from refman.sources.crossref_files import Unreadable
from refman.sources.crossref_pass import Lost, each

Listing = Sequence[tuple[str, int, int]]
"""Files by name, size in bytes and time of change in nanoseconds."""

_NAME = "journal.jsonl"
_KIND = "refman snapshot pass 1"
_OURS = ("*.part", "*.tmp")
_PATIENCE = 3.0
"""Seconds in which the processes of a killed run are gone."""

MAX_TOLD = 100
"""Unreadable pieces of one file that are told one by one; more are only counted."""


@dataclass(slots=True, kw_only=True)
class Summary:
    """What became of one file."""

    name: str
    size: int = 0
    """Bytes on disk."""
    changed: int = 0
    """Its time of change, in nanoseconds, when it was read."""
    records: int = 0
    kept: int = 0
    unpacked: int = 0
    """Bytes, unpacked."""
    seconds: float = 0.0
    part: int = 0
    """Bytes of what was kept, as they were written."""
    dois: dict[str, int] = field(default_factory=dict)
    """The wanted DOIs that are in it, each with its line."""
    matches: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many records each wanted `issn` and `prefix` has."""
    lost: bool = False
    """Whether the process that read it died: it was not read, and may be the next time."""
    unreadable: int = 0
    pieces: list[tuple[int, str]] = field(default_factory=list)
    """The first unreadable pieces: line (0 for the file) and reason."""

    def as_json(self) -> dict[str, Any]:
        """For keeping in a journal."""
        return asdict(self)

    def stat(self, path: Path) -> None:
        """Note how the file is now, before it is read."""
        # Where this fails, opening it fails as well and says why.
        with contextlib.suppress(OSError):
            fact = path.stat()
            self.size, self.changed = fact.st_size, fact.st_mtime_ns

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Summary:
        """Out of a journal. Raises `TypeError` or `ValueError` for what never was one."""
        summary = cls(**said)
        summary.pieces = [(int(line), str(reason)) for line, reason in summary.pieces]
        return summary

    def note(self, piece: Unreadable) -> None:
        """Count a piece that could not be read."""
        self.unreadable += 1
        if len(self.pieces) < MAX_TOLD:
            self.pieces.append((piece.line, piece.reason))


class Journal:
    """A work folder that is in use by this process; a context manager.

    `plan` says what is done; a folder that was left by other work is emptied. Raises `OSError`
    where it cannot be written, `InputError` where another process is at it.
    """

    def __init__(self, folder: Path, plan: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _NAME
        self._file = path.open("a+b")
        try:
            self._lock()
            self._file.seek(0)
            lines = self._file.read().split(b"\n")
            head = {"journal": _KIND, "plan": plan}
            self.done: dict[str, Mapping[str, Any]] = {}
            """What was noted of each file that is done, under its name."""
            if _read(lines[0]) == head:
                entries = (_read(line) for line in lines[1:])
                self.done = {
                    entry["name"]: entry for entry in entries if isinstance(entry.get("name"), str)
                }
                if lines[-1]:
                    self._file.write(b"\n")
            else:
                self._empty()
                self._file.truncate(0)
                self._write(head)
        except BaseException:
            self._file.close()
            raise

    def run(
        self, files: Sequence[Path], listing: Listing, work: Callable[[Path], Summary], jobs: int
    ) -> Iterator[tuple[Summary, bool]]:
        """What became of each file, and whether it was done before; of those that were, first.

        A file that changed since is done again, and one on which a process died the next time.
        """
        remaining: list[tuple[int, Path]] = []
        for number, (path, facts) in enumerate(zip(files, listing, strict=True)):
            summary = self._done(facts)
            if summary is None:
                remaining.append((number, path))
            else:
                yield summary, True
        for number, result in each(remaining, work, jobs):
            if isinstance(result, Lost):
                name, size, changed = listing[number]
                summary = Summary(name=name, size=size, changed=changed, lost=True)
                summary.note(Unreadable(result.reason))
                part_of(self.folder, name).unlink(missing_ok=True)
            else:
                summary = result
                self.add(summary.as_json())
            yield summary, False

    def _done(self, facts: tuple[str, int, int]) -> Summary | None:
        name, size, changed = facts
        try:
            summary = Summary.from_json(self.done[name])
            found = part_of(self.folder, name).stat().st_size if summary.part else 0
        except (KeyError, TypeError, ValueError, OSError):
            return None
        same = (summary.size, summary.changed, summary.part) == (size, changed, found)
        return summary if same else None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, entry: Mapping[str, Any]) -> None:
        """Note that a file is done; the entry has its `name`."""
        self.done[entry["name"]] = entry
        self._write(entry)

    def discard(self) -> None:
        """Take the folder away, with all that we put there."""
        # First the journal: without it the rest is nothing that anybody would go on with.
        (self.folder / _NAME).unlink(missing_ok=True)
        self._empty()
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _write(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def _lock(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise InputError(
                        f"Another refman is at work in {self.folder}.", hint="Wait until it ends."
                    ) from None
                time.sleep(0.05)
            else:
                return

    def _empty(self) -> None:
        for path in self._left():
            path.unlink(missing_ok=True)

    def _left(self) -> Iterator[Path]:
        for pattern in _OURS:
            yield from self.folder.glob(pattern)


def _read(line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def part_of(folder: Path, name: str) -> Path:
    """Where the part of a file is."""
    return folder / f"{name}.part"


def temporary_of(part: Path) -> Path:
    """Where a part is written before it is whole; another process writes elsewhere."""
    return part.with_name(f"{part.name}.{os.getpid()}.tmp")
