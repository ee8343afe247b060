"""Bytes from outside, as lines of text, within bounds.

UTF-8 is tried first, with or without a byte order mark, then UTF-16 where its mark or its zero
bytes say so. Lines that are neither are read in the encoding that the file declares, else in one
that is guessed (`refman.text.encodings`); `TextInput.mistake` then says which, and where the first
byte was that UTF-8 does not have. A file that is UTF-8 but for some lines is guessed by those
lines, and only they are read so.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from refman.errors import InputError
from refman.text import encodings, packed

SAMPLE_BYTES = 64 * 1024
MAX_LINE = 32 * 1024 * 1024
"""Longest line, in bytes, that is still taken for text."""
MAX_TEXT = 256 * 1024 * 1024
"""Largest input, in bytes, for formats that must be read whole."""

_CHUNK = 256 * 1024


class TextInput:
    """One input, read once: fulfils `refman.ports.Input`.

    `stream` is any binary stream; it need not be seekable. Closing it is the caller's business.
    What is packed with gzip is unpacked; where that cannot be done, this raises `InputError`, as
    does reading on.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._shown = "standard input" if name == "-" else name
        self._head = _read_up_to(stream, SAMPLE_BYTES)
        if self._head.startswith(packed.MAGIC):
            self._stream = packed.unpacked(
                io.BufferedReader(_Rejoined(self._head, stream)), self._shown
            )
            self._head = _read_up_to(self._stream, SAMPLE_BYTES)
        self._wide = encodings.marked(self._head) or encodings.unmarked_utf16(self._head)
        self._recent = b""
        self._encoding: str | None = None
        self._declared = False
        self._whole = False
        self.mistake: str | None = None
        """Where the text turned out not to be UTF-8 and what it was read as, in words; None while
        it is, and where the file itself says what it is."""

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
        if self._wide is not None:
            return False
        controls = sum(self._head.count(byte) for byte in b"\x00\x01\x02\x03\x04\x05\x06\x08\x0e")
        return b"\x00" in self._head[:8192] or controls > len(self._head) // 200

    @property
    def head_text(self) -> str:
        """The head, decoded; a character cut in two at its end is left out."""
        if self._wide is not None:
            return self._head.decode(self._wide, errors="ignore").removeprefix("\ufeff")
        head = self._head.removeprefix(codecs.BOM_UTF8)
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            text = "".join(map(self._decoded, head.splitlines(keepends=True)))
            return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\ufffd")

    def binary(self) -> BinaryIO:
        """All the bytes, from the first; what came packed is unpacked."""
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
        if self._wide is not None:
            yield from self._wide_lines(self._wide)
            return
        for number, raw in enumerate(self._raw_lines(), start=1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if line:
                yield self._decode(line, number)

    def _decode(self, raw: bytes, number: int) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            text = self._decoded(raw)
            if self.mistake is None:
                self.mistake = self._told(raw, number, raw[error.start])
            return text
        return self._decoded(raw) if self._whole and not raw.isascii() else text

    def _decoded(self, raw: bytes) -> str:
        """A line that is not UTF-8, or that stands among such lines."""
        if self._encoding is None:
            self._judge(raw)
        assert self._encoding is not None
        for encoding in (self._encoding, encodings.DEFAULT) if self._whole else (
            "utf-8", self._encoding, encodings.DEFAULT
        ):  # fmt: skip
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                pass
        return raw.decode(self._encoding, errors="replace")

    def _judge(self, raw: bytes) -> None:
        """Say what lines that are not UTF-8 are: by this one, those around it and the head's."""
        # The last line of a piece may be cut within a character.
        around = [*self._head.split(b"\n")[:-1], *self._recent.split(b"\n")[1:-1], raw]
        beyond = [line for line in around if not line.isascii()]
        odd = [line for line in beyond if not _is_in(line, "utf-8")]
        declared = encodings.declared(self._head)
        self._declared = declared is not None
        self._encoding = declared or encodings.guess(odd)
        good = len(beyond) - len(odd)
        # In some encodings a short line may be UTF-8 too, by chance.
        by_chance = 0 if self._encoding in encodings.WESTERN else len(beyond) // 4
        self._whole = good <= by_chance

    def _told(self, raw: bytes, number: int, byte: int) -> str | None:
        assert self._encoding is not None
        name = encodings.label(self._encoding)
        where = f"line {number} is not valid"
        if self._declared:
            if _is_in(raw, self._encoding):
                return None
            return f"{where} {name}, as which the file declares itself; look at its accents"
        what = "the file was" if self._whole else "such lines were"
        return (
            f"{where} UTF-8 (byte 0x{byte:02x}); {what} read as {name}, at a guess, so look at the "
            "accents"
        )

    def _raw_lines(self) -> Iterator[bytes]:
        """Lines of bytes; `\\r\\n` and a lone `\\r` end one as `\\n` does."""
        begun: list[bytes] = []
        size = 0
        held = b""
        for chunk in self._chunks():
            # A line end may be cut in two: a final \r waits for what comes next.
            data = held + chunk
            self._recent = data
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

    def _wide_lines(self, encoding: str) -> Iterator[str]:
        if encodings.marked(self._head) is None:
            self.mistake = (
                f"it is {encodings.label(encoding)} without a byte order mark, at a guess"
            )
        text = io.TextIOWrapper(self.binary(), encoding=encoding, errors="replace", newline=None)
        while line := text.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise self._too_long()
            yield line


def _is_in(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


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
