"""Gzip files (RFC 1952) read as what is packed in them, within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO

from refman.errors import InputError

MAGIC = b"\x1f\x8b"
"""What a gzip file begins with."""
MAX_RATIO = 250
"""How many times its packed size an input may be; bibliographies are five to thirty times it."""
FREE_SIZE = 64 * 1024 * 1024
"""Bytes that may come out of a file however small it is."""
MAX_SIZE = 16 * 1024 * 1024 * 1024
"""Most bytes that are unpacked."""


def unpacked(stream: BinaryIO, shown: str) -> BinaryIO:
    """What is packed in a gzip stream, in one member or several.

    Reading it raises `InputError` where it is damaged or unpacks to more than a bibliography would.
    `shown` is the input's name for that.
    """
    return io.BufferedReader(_Unpacked(stream, shown))


class _Unpacked(io.RawIOBase):
    """A gzip stream, unpacked as it is read."""

    def __init__(self, stream: BinaryIO, shown: str) -> None:
        self._packed = _Counted(stream)
        self._gzip = gzip.GzipFile(fileobj=io.BufferedReader(self._packed))
        self._shown = shown
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._gzip.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{self._shown} is a damaged gzip file: {error}.") from error
        self._size += len(piece)
        if self._size > max(FREE_SIZE, min(MAX_SIZE, MAX_RATIO * self._packed.size)):
            raise InputError(
                f"{self._shown} unpacks to over {self._size >> 20} MB, more than a bibliography "
                "of its size could."
            )
        buffer[: len(piece)] = piece
        return len(piece)


class _Counted(io.RawIOBase):
    """A stream of which is known how much was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self.size += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)
