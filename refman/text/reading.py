"""Bytes from outside, as lines of text, within bounds.

UTF-8 is tried first, with or without a byte order mark, then UTF-16 where its mark says so. What
is neither is read as Windows-1252, in which old exports are written, and `TextInput.mistake` then
says where the first byte was that UTF-8 does not have.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from refman.errors import InputError

SAMPLE_BYTES = 64 * 1024
MAX_LINE = 32 * 1024 * 1024
"""Longest line, in bytes, that is still taken for text."""
MAX_TEXT = 256 * 1024 * 1024
"""Largest input, in bytes, for formats that must be read whole."""

_CHUNK = 256 * 1024
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextInput:
    """One input, read once: fulfils `refman.ports.Input`.

    `stream` is any binary stream; it need not be seekable. Closing it is the caller's business.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._shown = "standard input" if name == "-" else name
        self._head = _read_up_to(stream, SAMPLE_BYTES)
        self.mistake: str | None = None
        """Where the text turned out not to be UTF-8, in words; None while it is."""

    @property
    def name(self) -> str:
        """The file's name as the user gave it, or `-`."""
        return self._name

    @property
    def head(self) -> bytes:
        """The first 64 kilobytes."""
        return self._head

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but white space, as far as the head shows."""
        return not self.head_text.strip()

    @property
    def is_binary(self) -> bool:
        """Whether the head holds bytes that no text has."""
        if self._head.startswith(_UTF16_MARKS):
            return False
        controls = sum(self._head.count(byte) for byte in b"\x00\x01\x02\x03\x04\x05\x06\x08\x0e")
        return b"\x00" in self._head[:8192] or controls > len(self._head) // 200

    @property
    def head_text(self) -> str:
        """The head, decoded; a character cut in two at its end is left out."""
        if self._head.startswith(_UTF16_MARKS):
            return self._head.decode("utf-16", errors="ignore")
        head = self._head.removeprefix(codecs.BOM_UTF8)
        return head.decode("utf-8", errors="ignore")

    def binary(self) -> BinaryIO:
        """All the bytes, from the first."""
        return io.BufferedReader(_Rejoined(self._head, self._stream))

    def text(self) -> str:
        """All of it, decoded. Raises `InputError` where it is over 256 MB."""
        pieces = []
        size = 0
        for line in self.lines():
            size += len(line)
            if size > MAX_TEXT:
                raise InputError(
                    f"{self._shown} is larger than {MAX_TEXT >> 20} MB, too large here"
                )
            pieces.append(line)
        return "".join(pieces)

    def lines(self) -> Iterator[str]:
        """The lines, each but perhaps the last ending in `\\n`.

        Raises `InputError` for a line over 32 MB.
        """
        if self._head.startswith(_UTF16_MARKS):
            yield from self._utf16_lines()
            return
        for number, raw in enumerate(self._raw_lines(), start=1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if line:
                yield self._decode(line, number)

    def _decode(self, raw: bytes, number: int) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if self.mistake is None:
                byte = raw[error.start]
                self.mistake = (
                    f"line {number} is not valid UTF-8 (byte 0x{byte:02x}); such lines were read "
                    "as Windows-1252, so look at their accents"
                )
            return raw.decode("cp1252", errors="replace")

    def _raw_lines(self) -> Iterator[bytes]:
        """Lines of bytes; `\\r\\n` and a lone `\\r` end one as `\\n` does."""
        begun: list[bytes] = []
        size = 0
        held = b""
        for chunk in self._chunks():
            # A line end may be cut in two: a final \r waits for what comes next.
            data = held + chunk
            held = b"\r" if data.endswith(b"\r") else b""
            body = data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            lines = body.split(b"\n")
            begun.append(lines[0])
            if len(lines) > 1:
                yield b"".join(begun) + b"\n"
                for line in lines[1:-1]:
                    yield line + b"\n"
                begun, size = [lines[-1]], 0
            size += len(begun[-1])
            if size > MAX_LINE:
                raise self._too_long()
        if held:
            yield b"".join(begun) + b"\n"
        elif size:
            yield b"".join(begun)

    def _too_long(self) -> InputError:
        size = f"{MAX_LINE >> 20} MB"
        return InputError(f"{self._shown} has a line of over {size}, so it is no bibliography.")

    def _chunks(self) -> Iterator[bytes]:
        if self._head:
            yield self._head
        while chunk := self._stream.read(_CHUNK):
            yield chunk

    def _utf16_lines(self) -> Iterator[str]:
        text = io.TextIOWrapper(self.binary(), encoding="utf-16", errors="replace", newline=None)
        while line := text.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise self._too_long()
            yield line


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were already taken from it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        source = bytes(self._head[: len(buffer)])
        if source:
            self._head = self._head[len(source) :]
        else:
            source = self._rest.read(len(buffer))
        buffer[: len(source)] = source
        return len(source)


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    """The first `size` bytes, also of a pipe that gives fewer at a time."""
    pieces: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
