"""A database file read page by page, past whatever in it is damaged.

SQLite gives up a table at the first page that makes no sense. Here every page is read for itself,
by the file format (https://sqlite.org/fileformat.html): what a sound page holds is had, also where
the way to it is broken. Nothing is ever written, and no lock is taken.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from refman.store import opening

Value = int | float | str | bytes | None
Row = tuple[int | None, tuple[Value, ...]]
"""The row's number, which tables WITHOUT ROWID have not, and its values."""

_MAGIC = b"SQLite format 3\x00"
_USUAL_SIZE = 4096
_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_TABLE_KINDS = (_INTERIOR_TABLE, _LEAF_TABLE)
_INDEX_KINDS = (_INTERIOR_INDEX, _LEAF_INDEX)
_INTERIOR = (_INTERIOR_INDEX, _INTERIOR_TABLE)
_MOST_BYTES = 1 << 30
_DEEPEST = 40
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def log_of(path: Path) -> Path:
    """Where the log of a database is."""
    real = path.resolve()
    return real.with_name(real.name + "-wal")


class PageDamaged(Exception):
    """A page, or a row in it, that makes no sense."""


@dataclass
class Tree:
    """What came of reading a table: how many of its pages and rows made no sense."""

    bad_pages: int = 0
    bad_rows: int = 0


class PageFile:
    """A database file, with the log beside it, as it is at this moment."""

    def __init__(self, path: Path, *, with_log: bool = True) -> None:
        """Open it; without its log it is as it was when that was last brought in.

        Raises `OSError`.
        """
        self._path = path
        self._stream = path.open("rb")
        self._log: BinaryIO | None = None
        self._logged: dict[int, int] = {}
        head = self._stream.read(100)
        self.has_header = head[:16] == _MAGIC
        size = int.from_bytes(head[16:18], "big") if self.has_header else _USUAL_SIZE
        size = 65536 if size == 1 else size
        self.size = size if size >= 512 and not size & (size - 1) else _USUAL_SIZE
        reserved = head[20] if self.has_header and len(head) > 20 else 0
        self._usable = self.size - (reserved if reserved <= 32 else 0)
        length = os.fstat(self._stream.fileno()).st_size
        self.count = -(-length // self.size)
        if with_log:
            self._read_log(log_of(path))
        self.seen: set[int] = set()
        """The pages that some tree led to."""

    def close(self) -> None:
        """Close the files."""
        opening.close(self._stream, self._path)
        if self._log is not None:
            self._log.close()

    def __enter__(self) -> PageFile:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _read_log(self, path: Path) -> None:
        """Find the newest image of each page in what was committed to the log."""
        try:
            self._log = path.open("rb")
        except OSError:
            return
        frames = Frames(self._log)
        for number, offset in frames.committed():
            if frames.page_size == self.size:
                self._logged[number] = offset
                self.count = max(self.count, number)

    def page(self, number: int) -> bytes:
        """The bytes of a page; zeros where the file ends too early. Raises `PageDamaged`."""
        if not 1 <= number <= self.count:
            raise PageDamaged(f"page {number} is beyond the end")
        stream: BinaryIO = self._stream
        offset = (number - 1) * self.size
        if number in self._logged and self._log is not None:
            stream, offset = self._log, self._logged[number]
        try:
            stream.seek(offset)
            return stream.read(self.size).ljust(self.size, b"\0")
        except OSError as error:
            # A bad sector.
            raise PageDamaged(str(error)) from error

    def kind(self, number: int) -> int:
        """What a page says that it is. Raises `PageDamaged`."""
        return self.page(number)[100 if number == 1 else 0]

    def freed(self) -> set[int]:
        """The pages that hold nothing any more, as far as their list can be read."""
        free: set[int] = set()
        trunk = int.from_bytes(self.page(1)[32:36], "big") if self.has_header else 0
        while trunk and trunk not in free and trunk <= self.count:
            free.add(trunk)
            try:
                data = self.page(trunk)
            except PageDamaged:
                break
            leaves = min(int.from_bytes(data[4:8], "big"), self._usable // 4 - 2)
            free.update(struct.unpack(f">{leaves}I", data[8 : 8 + 4 * leaves]))
            trunk = int.from_bytes(data[:4], "big")
        return free

    def rows(self, root: int, tree: Tree, *, wanted: bool = True) -> Iterator[Row]:
        """The rows of a table or index, by its first page; `tree` counts what cannot be read.

        What is not `wanted` is only passed through, so that its pages are known to be its.
        """
        kinds: tuple[int, ...] = ()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in self.seen:
                continue
            try:
                data = self.page(number)
                kind = data[100 if number == 1 else 0]
                kinds = kinds or (_TABLE_KINDS if kind in _TABLE_KINDS else _INDEX_KINDS)
                if kind not in kinds:
                    raise PageDamaged(f"page {number} is of another kind")
                cells = self._cells(data, number)
            except PageDamaged:
                tree.bad_pages += 1
                continue
            self.seen.add(number)
            if kind in _INTERIOR:
                at = (100 if number == 1 else 0) + 8
                waiting.append(int.from_bytes(data[at : at + 4], "big"))
                waiting += [int.from_bytes(data[cell : cell + 4], "big") for cell in cells]
            if wanted and kind != _INTERIOR_TABLE:
                yield from self._leaf_rows(data, kind, cells, tree)

    def roots(self) -> dict[str, int]:
        """The first page of each table and index, by name, as far as they can be read."""
        return {
            str(values[1]): values[3]
            for _, values in self.rows(1, Tree())
            if len(values) == 5 and isinstance(values[3], int) and values[3] > 0
        }

    def find(self, root: int, wanted: int | None = None, *, last: bool = False) -> Row | None:
        """The row of a table with a number; without one, the first or the last row.

        Raises `PageDamaged` where the way to it makes no sense.
        """
        number = root
        for _ in range(_DEEPEST):
            data = self.page(number)
            start = 100 if number == 1 else 0
            cells = self._cells(data, number)
            if data[start] == _LEAF_TABLE:
                rows = list(self._leaf_rows(data, _LEAF_TABLE, cells, Tree()))
                if wanted is not None:
                    rows = [row for row in rows if row[0] == wanted]
                return (rows[-1] if last else rows[0]) if rows else None
            if data[start] != _INTERIOR_TABLE:
                break
            children = [int.from_bytes(data[cell : cell + 4], "big") for cell in cells]
            children.append(int.from_bytes(data[start + 8 : start + 12], "big"))
            place = -1 if last else 0
            if wanted is not None:
                keys = [_varint(data, cell + 4)[0] for cell in cells]
                place = bisect_left(keys, wanted)
            number = children[place]
        raise PageDamaged(f"page {number} is of another kind")

    def orphans(self) -> Iterator[Row]:
        """The rows of pages that no tree led to, and that are not free."""
        freed = self.freed()
        for number in range(2, self.count + 1):
            if number in self.seen or number in freed:
                continue
            try:
                data = self.page(number)
                if data[0] in (_LEAF_TABLE, _LEAF_INDEX):
                    cells = self._cells(data, number)
                    yield from self._leaf_rows(data, data[0], cells, Tree())
            except PageDamaged:
                continue

    def _cells(self, data: bytes, number: int) -> list[int]:
        """Where the cells of a page begin."""
        start = 100 if number == 1 else 0
        head = start + (12 if data[start] in _INTERIOR else 8)
        count = int.from_bytes(data[start + 3 : start + 5], "big")
        if head + 2 * count > self.size:
            raise PageDamaged(f"page {number} has no room for its rows")
        cells = list(struct.unpack(f">{count}H", data[head : head + 2 * count]))
        if any(not head <= cell < self.size for cell in cells):
            raise PageDamaged(f"page {number} points out of itself")
        return cells

    def _leaf_rows(self, data: bytes, kind: int, cells: list[int], tree: Tree) -> Iterator[Row]:
        for cell in cells:
            try:
                at = cell + 4 if kind == _INTERIOR_INDEX else cell
                length, at = _varint(data, at)
                number = None
                if kind == _LEAF_TABLE:
                    number, at = _varint(data, at)
                payload = self._payload(data, at, length, is_table=kind == _LEAF_TABLE)
                yield number, _values(payload)
            except (PageDamaged, IndexError, UnicodeDecodeError, struct.error):
                tree.bad_rows += 1

    def _payload(self, data: bytes, at: int, length: int, *, is_table: bool) -> bytes:
        """The bytes of a row, which may go on in pages of their own."""
        if length > min(_MOST_BYTES, self.count * self.size):
            raise PageDamaged("a row is longer than the file")
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        local = length
        if length > most:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (usable - 4)
            local = local if local <= most else least
        parts = [data[at : at + local]]
        if local < length:
            following = int.from_bytes(data[at + local : at + local + 4], "big")
            parts += self._overflow(following, length - local)
        payload = b"".join(parts)
        if len(payload) != length:
            raise PageDamaged("a row is cut off")
        return payload

    def _overflow(self, number: int, left: int) -> Iterator[bytes]:
        room = self._usable - 4
        while left > 0:
            data = self.page(number)
            yield data[4 : 4 + min(left, room)]
            left -= room
            number = int.from_bytes(data[:4], "big")


class Frames:
    """The log beside a database: images of pages, and which of them were committed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = stream.read(_WAL_HEADER)
        self.page_size = 0
        if len(head) == _WAL_HEADER:
            magic, _, self.page_size = struct.unpack(">III", head[:12])
            if magic not in _WAL_MAGIC or not 512 <= self.page_size <= 65536:
                self.page_size = 0
            self._salt = head[16:24]
        self.pages = 0
        """How many pages the database has after the last commit, once all were read."""

    def committed(self) -> Iterator[tuple[int, int]]:
        """The number of each page that was committed, and where its bytes begin, oldest first.

        The sums that guard each image are not worked out: it takes Python too long. What was cut
        off in writing is known by its end.
        """
        pending: list[tuple[int, int]] = []
        offset = _WAL_HEADER
        while self.page_size:
            self._stream.seek(offset)
            frame = self._stream.read(_FRAME_HEADER + self.page_size)
            if len(frame) < _FRAME_HEADER + self.page_size or frame[8:16] != self._salt:
                return
            number, pages = struct.unpack(">II", frame[:8])
            pending.append((number, offset + _FRAME_HEADER))
            offset += len(frame)
            if pages:
                self.pages = pages
                yield from pending
                pending.clear()


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for i in range(8):
        byte = data[at + i]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + i + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >> 63 else value, at + 9


def _values(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    if not 0 < end <= len(payload):
        raise PageDamaged("a row has no head")
    body = end
    values: list[Value] = []
    while at < end:
        serial, at = _varint(payload, at)
        value, body = _value(payload, serial, body)
        values.append(value)
    if body != len(payload):
        raise PageDamaged("a row is longer or shorter than it says")
    return tuple(values)


def _value(payload: bytes, serial: int, at: int) -> tuple[Value, int]:
    if serial in _INTEGER_BYTES:
        size = _INTEGER_BYTES[serial]
        return int.from_bytes(payload[at : at + size], "big", signed=True), at + size
    if serial in (8, 9):
        return serial - 8, at
    if serial == 0:
        return None, at
    if serial == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if serial < 12:
        raise PageDamaged("a value is of no kind")
    size = (serial - 12) // 2
    if at + size > len(payload):
        raise PageDamaged("a value is cut off")
    data = payload[at : at + size]
    return (data.decode() if serial % 2 else data), at + size
