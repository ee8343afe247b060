"""Where in a snapshot the record of a DOI is: an index kept beside it, in a cache folder.

One file holds a line of JSON that says for which files (by size and time of change) it is good,
and then one entry of 20 bytes a record, sorted: eight bytes of the DOI's BLAKE2 digest, the
number of the file, and the position in it. It is searched where it lies, by halving, so that an
index of all of Crossref (3.6 GB) costs no memory. Two DOIs may share a digest: who looks one up
compares the record's DOI.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import struct
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from refman.model.identifier import doi_key
from refman.sources.crossref_files import Place, Tally, Unreadable, places
from refman.sources.crossref_journal import Listing, Summary, part_of, temporary_of

_MAGIC = "refman-crossref-index 1"
_ENTRY = struct.Struct(">8sIQ")
_DIGEST = 8
_ROW = struct.Struct(">8sQ")
_ROWS = 1 << 17
"""Rows of a part that are sorted together."""
_BUCKETS = 256
_HELD = 64 * 1024 * 1024
"""Bytes of entries that are kept in memory while an index is built."""
_MAX_HEADER = 16 * 1024 * 1024


class SnapshotIndex:
    """An index, open for looking up. Close it, or use it as a context manager."""

    def __init__(self, mapped: mmap.mmap, start: int, unreadable: int) -> None:
        self._map = mapped
        self._start = start
        self.unreadable = unreadable
        """Lines and files that could not be read when it was built."""

    @classmethod
    def open(cls, path: Path, listing: Listing) -> SnapshotIndex | None:
        """The index at `path`, or None where there is none that is good for these files."""
        try:
            with path.open("rb") as file:
                header = file.readline(_MAX_HEADER)
                count, unreadable = _counts(header)
                if header != _header(listing, count, unreadable):
                    return None
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, RecursionError):
            return None
        if len(mapped) != len(header) + count * _ENTRY.size:
            mapped.close()
            return None
        return cls(mapped, len(header), unreadable)

    def __enter__(self) -> SnapshotIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def __len__(self) -> int:
        return (len(self._map) - self._start) // _ENTRY.size

    def __getitem__(self, number: int) -> bytes:
        start = self._start + number * _ENTRY.size
        return self._map[start : start + _DIGEST]

    def places(self, doi: str) -> Iterator[tuple[int, int]]:
        """File number and position of each record that may be the DOI's."""
        digest = _digest(doi)
        number = bisect_left(self, digest)
        while number < len(self) and self[number] == digest:
            start = self._start + number * _ENTRY.size
            _, file, position = _ENTRY.unpack_from(self._map, start)
            yield file, position
            number += 1


class IndexBuilder:
    """Collects entries and writes them, sorted, in bounded memory.

    Entries go into 256 buckets by their first byte; a bucket is sorted when the index is written.
    Raises `OSError` where the folder cannot be written to. Once the disk is full, nothing more is
    collected, and only `write` raises it.
    """

    def __init__(self, path: Path, listing: Listing) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._listing = listing
        self.unreadable = 0
        """To be raised for each line or file that cannot be read."""
        self._count = 0
        self._held = 0
        self._buckets = [bytearray() for _ in range(_BUCKETS)]
        self._spilled: list[BinaryIO] | None = None
        self._full: OSError | None = None
        self._stack = contextlib.ExitStack()

    def add(self, number: int, rows: bytes) -> None:
        """Take in the rows of a file, as `rows_of` gives them."""
        for at in range(0, len(rows), _ROWS * _ROW.size):
            self._add(number, rows[at : at + _ROWS * _ROW.size])

    def add_part(self, number: int, folder: Path, summary: Summary) -> None:
        """Take in the part that `NoteInto` made of a file."""
        self.unreadable += summary.unreadable
        if summary.part:
            with part_of(folder, summary.name).open("rb") as part:
                while rows := part.read(_ROWS * _ROW.size):
                    self._add(number, rows)

    def _add(self, number: int, rows: bytes) -> None:
        count = len(rows) // _ROW.size
        self._count += count
        if self._full is not None:
            return
        entries = _entries(number, rows)
        first = entries[:: _ENTRY.size]
        start = 0
        for byte in range(_BUCKETS):
            end = start + first.count(byte) * _ENTRY.size
            self._buckets[byte] += entries[start:end]
            start = end
        self._held += len(entries)
        if self._held >= _HELD:
            try:
                self._spill()
            except OSError as error:
                self._full = error
                self._buckets = [bytearray() for _ in range(_BUCKETS)]

    def write(self) -> None:
        """Put the index in its place, whole or not at all."""
        if self._full is not None:
            raise self._full
        with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(_header(self._listing, self._count, self.unreadable))
                for number, bucket in enumerate(self._buckets):
                    file.write(_sorted(self._earlier(number) + bucket))
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        temporary.replace(self._path)
        self.close()

    def close(self) -> None:
        """Let go of everything that was collected."""
        self._buckets = []
        self._stack.close()

    def _spill(self) -> None:
        if self._spilled is None:
            self._spilled = [
                self._stack.enter_context(
                    tempfile.TemporaryFile(dir=self._path.parent)  # noqa: SIM115 - the stack's
                )
                for _ in range(_BUCKETS)
            ]
        for bucket, file in zip(self._buckets, self._spilled, strict=True):
            file.write(bucket)
            bucket.clear()
        self._held = 0

    def _earlier(self, number: int) -> bytes:
        if self._spilled is None:
            return b""
        file = self._spilled[number]
        file.seek(0)
        return file.read()


@dataclass(frozen=True, slots=True)
class NoteInto:
    """Indexing as work for a pass: the rows of a file go into a part file in `folder`.

    Raises `OSError` where it cannot be written.
    """

    folder: Path

    def __call__(self, path: Path) -> Summary:
        """Do it for one file."""
        begun = time.perf_counter()
        summary, tally = Summary(name=path.name), Tally()
        summary.stat(path)
        part = part_of(self.folder, path.name)
        temporary = temporary_of(part)
        with temporary.open("wb") as file:
            for rows in rows_of(noted(places(path, (), tally), summary)):
                summary.part += file.write(rows)
        temporary.replace(part)
        summary.records, summary.unpacked = tally.records, tally.unpacked
        summary.kept = summary.part // _ROW.size
        summary.seconds = time.perf_counter() - begun
        return summary


def noted(found: Iterable[Place | Unreadable], summary: Summary) -> Iterator[tuple[str, int]]:
    """DOI and position of what has both; what is unreadable goes to the summary."""
    for place in found:
        if isinstance(place, Unreadable):
            summary.note(place)
        elif place.key:
            yield place.key, place.position


def rows_of(found: Iterable[tuple[str, int]]) -> Iterator[bytes]:
    """DOIs (in the compared form) and positions as rows of an index, in large sorted pieces."""
    remaining = iter(found)
    while rows := [
        _ROW.pack(_digest_of(key), position) for key, position in islice(remaining, _ROWS)
    ]:
        rows.sort()
        yield b"".join(rows)


def _entries(number: int, rows: bytes) -> bytearray:
    """Rows as entries, with the number of their file: column by column, which is fast."""
    count = len(rows) // _ROW.size
    entries = bytearray(count * _ENTRY.size)
    for at in range(_DIGEST):
        entries[at :: _ENTRY.size] = rows[at :: _ROW.size]
        entries[_DIGEST + 4 + at :: _ENTRY.size] = rows[_DIGEST + at :: _ROW.size]
    for at, byte in enumerate(number.to_bytes(4, "big")):
        entries[_DIGEST + at :: _ENTRY.size] = bytes((byte,)) * count
    return entries


def _digest(doi: str) -> bytes:
    return _digest_of(doi_key(doi))


def _digest_of(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _sorted(entries: bytes) -> bytes:
    size = _ENTRY.size
    return b"".join(sorted(entries[at : at + size] for at in range(0, len(entries), size)))


def _header(listing: Listing, count: int, unreadable: int) -> bytes:
    files = [list(entry) for entry in listing]
    header = {"index": _MAGIC, "count": count, "unreadable": unreadable, "files": files}
    return json.dumps(header).encode() + b"\n"


def _counts(header: bytes) -> tuple[int, int]:
    """How many entries and unreadable pieces a header tells of. Raises `ValueError`."""
    said = json.loads(header)
    if not isinstance(said, dict):
        raise ValueError("no header of an index")
    count, unreadable = said.get("count"), said.get("unreadable")
    if not isinstance(count, int) or not isinstance(unreadable, int):
        raise ValueError("no header of an index")
    return count, unreadable
