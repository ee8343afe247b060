"""The body of an answer, unpacked within bounds.

httpx unpacks a piece as it comes, however large it gets, and through as many layers as the header
names; a few hundred bytes can so fill the memory. Here one layer is unpacked, step by step, up to
a limit. A body that ends too early is told from a whole one as far as it can be.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import httpx

from refman.ports import Response

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STEP = 256 * 1024
_GZIP = 31  # zlib's number for "gzip, largest window"


class BodyTooLarge(Exception):
    """More than was allowed."""


class BodyBroken(Exception):
    """Not what its headers promise. The text says what, as the end of a sentence."""


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """The whole body, unpacked.

    Reading stops as soon as it is over `limit` bytes, with `BodyTooLarge`. Raises `BodyBroken`
    for a body that is packed wrongly or cut off, and what httpx raises where it is slow.
    """
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise BodyTooLarge
    unpack = _unpacker(response.headers.get("content-encoding", ""), limit)
    # The stream itself and not aiter_raw(), which refuses answers that were made of bytes.
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        async for piece in response.stream:
            unpack.feed(piece)
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise BodyBroken("the connection broke in its answer") from error
    return unpack.finish()


def what_is_wrong(response: Response, accept: str) -> str | None:
    """Why the body of an answer cannot be what was asked for, as the end of a sentence, or None.

    A balancer, a firewall or a hotel's network may answer for the service with a page of its own.
    Only what the request accepts tells whether that was wanted.
    """
    if "json" in accept.lower():
        begin = response.body[:1024].removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
        if begin == b"<":
            return "sends a web page instead of data"
        if not begin and len(response.body) <= 1024:
            return "sends an empty answer"
    if is_cut_off(response.headers, response.body):
        return "does not answer properly: its answer was cut off"
    return None


def is_cut_off(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a JSON answer stops in the middle, though HTTP thinks it whole.

    It looks at the last character only: some cuts are left to those who parse it.
    """
    if "json" not in headers.get("content-type", "").lower():
        return False
    opening, closing = body.lstrip()[:1], body.rstrip()[-1:]
    return (opening, closing) not in {(b"{", b"}"), (b"[", b"]")} and opening in {b"{", b"["}


class _Plain:
    """A body that is not packed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise BodyTooLarge
        self._pieces.append(piece)

    def finish(self) -> bytes:
        return b"".join(self._pieces)


class _Gzip(_Plain):
    """A body that is packed with gzip (RFC 1952), in one member or several."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._member = zlib.decompressobj(_GZIP)
        self._started = False

    def feed(self, piece: bytes) -> None:
        try:
            while piece:
                if self._member.eof:
                    self._member = zlib.decompressobj(_GZIP)
                self._started = True
                super().feed(self._member.decompress(piece, _STEP))
                piece = self._member.unconsumed_tail or self._member.unused_data
        except zlib.error as error:
            raise BodyBroken("its answer is packed wrongly") from error

    def finish(self) -> bytes:
        # Output that did not fit into the last step is still inside.
        while self._started and not self._member.eof:
            try:
                rest = self._member.decompress(b"", _STEP)
            except zlib.error as error:
                raise BodyBroken("its answer is packed wrongly") from error
            if not rest:
                raise BodyBroken("its answer was cut off")
            super().feed(rest)
        return super().finish()


def _unpacker(encoding: str, limit: int) -> _Plain:
    """What unpacks a content encoding. Only gzip is ever asked for."""
    encoding = encoding.strip().lower()
    if encoding in {"gzip", "x-gzip"}:
        return _Gzip(limit)
    if encoding in {"", "identity"}:
        return _Plain(limit)
    raise BodyBroken("its answer is packed in a way that was not asked for")
