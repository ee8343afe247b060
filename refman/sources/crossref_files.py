"""The files of a Crossref snapshot: work records as they come out of them.

A file is JSON Lines (`.jsonl`), or any other JSON text that holds works (`.json`: one, a list, or
`{"items": […]}`), packed with gzip (RFC 1952) or not. Lines are looked through in blocks, and
parsed only where a wanted DOI stands in them. Nothing in a file raises: what cannot be read is a
value.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from refman.text.json_stream import Element, elements

SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")
MAX_LINE = 64 * 1024 * 1024
"""Longest line, in bytes, that is still read."""

_LINES = (".jsonl", ".ndjson")
_CHUNK = 1024 * 1024
_DOI = re.compile(rb'"DOI"\s{0,8}:\s{0,8}"([^"\\]*+)(["\\])')


class Found(NamedTuple):
    """A record in a file: where, for an index, and what it says."""

    position: int
    message: Mapping[str, Any]


class Unreadable(NamedTuple):
    """A piece of a file that could not be read."""

    reason: str


def _is_lines(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(_LINES)


def records(path: Path, wanted: frozenset[bytes] | None) -> Iterator[Found | Unreadable]:
    """The records of a file whose DOI may be a wanted one; with None, all of them.

    The position of a record is the byte its line begins at, or in a file that is not made of
    lines its number.
    """
    try:
        with path.open("rb") as file:
            if _is_lines(path):
                yield from _records_in_lines(_unpacked(file, path), wanted)
            else:
                yield from _records_in_json(_unpacked(file, path))
    except (OSError, zlib.error, EOFError) as error:
        yield Unreadable(f"{path.name}: {error}")


def _records_in_lines(
    chunks: Iterator[bytes], wanted: frozenset[bytes] | None
) -> Iterator[Found | Unreadable]:
    for start, block in _blocks(chunks):
        if block is None:
            yield Unreadable("a line that is too long")
            continue
        if wanted is not None and not _may_hold(block, wanted):
            continue
        position = start
        for line in block.split(b"\n"):
            if wanted is None or _may_hold(line, wanted):
                yield from _parsed(line, position)
            position += len(line) + 1


def _may_hold(text: bytes, wanted: frozenset[bytes]) -> bool:
    """Whether one of the wanted DOIs stands in the text under any key `DOI`, also a reference's."""
    found = _DOI.findall(text)
    return any(end == b"\\" or doi.lower() in wanted for doi, end in found)


def _parsed(line: bytes, position: int) -> Iterator[Found | Unreadable]:
    line = line.strip().removeprefix(codecs.BOM_UTF8)
    if not line:
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        yield Unreadable("a line that is not JSON")
        return
    for message in _messages(value):
        yield Found(position, message)


def _messages(value: object) -> Iterator[Mapping[str, Any]]:
    """The work records in one JSON value: itself, or what is in its envelope."""
    while isinstance(value, dict) and "DOI" not in value and isinstance(value.get("message"), dict):
        value = value["message"]
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        yield from (item for item in value["items"] if isinstance(item, dict))
    elif isinstance(value, dict):
        yield value


def _records_in_json(chunks: Iterator[bytes]) -> Iterator[Found | Unreadable]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    texts = (decoder.decode(chunk) for chunk in chunks)
    for number, element in enumerate(elements(texts, within=("message", "items"))):
        if not isinstance(element, Element):
            yield Unreadable(element.reason)
        elif isinstance(element.value, dict):
            yield Found(number, element.value)


def records_at(path: Path, positions: Sequence[int]) -> Iterator[Found | Unreadable]:
    """The records at these positions of a file."""
    places = set(positions)
    try:
        with path.open("rb") as file:
            if not _is_lines(path):
                last = max(places)
                for found in _records_in_json(_unpacked(file, path)):
                    if isinstance(found, Unreadable) or found.position in places:
                        yield found
                    if isinstance(found, Found) and found.position >= last:
                        break
            elif path.name.endswith(".gz"):
                yield from _lines_at(_unpacked(file, path), sorted(places))
            else:
                for position in sorted(places):
                    file.seek(position)
                    yield from _parsed(file.readline(MAX_LINE), position)
    except (OSError, zlib.error, EOFError) as error:
        yield Unreadable(f"{path.name}: {error}")


def _lines_at(chunks: Iterator[bytes], positions: Sequence[int]) -> Iterator[Found | Unreadable]:
    """The lines at these positions of what can only be read forward."""
    waiting = list(reversed(positions))
    for start, block in _blocks(chunks):
        while waiting and block is not None and waiting[-1] < start + len(block):
            position = waiting.pop()
            offset = position - start
            end = block.find(b"\n", offset)
            yield from _parsed(block[offset : end if end >= 0 else None], position)
        if not waiting:
            return


# Bytes


def _unpacked(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The bytes of a file in chunks, unpacked where it is packed.

    Raises `EOFError` where a packed file ends too soon, `zlib.error` where it is damaged.
    """
    if not path.name.endswith(".gz"):
        while chunk := file.read(_CHUNK):
            yield chunk
        return
    unpacker = zlib.decompressobj(wbits=31)
    rest = b""
    while chunk := rest or file.read(_CHUNK // 4):
        # A packed megabyte may be a gigabyte unpacked, so it is let out piece by piece.
        yield unpacker.decompress(chunk, _CHUNK)
        rest = unpacker.unconsumed_tail
        if unpacker.eof:
            rest = unpacker.unused_data.lstrip(b"\0") or file.read(_CHUNK // 4).lstrip(b"\0")
            if not rest:
                return
            unpacker = zlib.decompressobj(wbits=31)
    if not unpacker.eof:
        raise EOFError("the packed file ends too soon")


def _blocks(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Whole lines in large blocks, and where each block begins.

    A line over 64 MB is left out; None stands in its place.
    """
    start = 0
    rest: list[bytes] = []
    length = 0
    for piece in chunks:
        chunk = piece
        if length > MAX_LINE:
            end = chunk.find(b"\n") + 1
            if not end:
                length += len(chunk)
                continue
            yield start, None
            start += length + end
            rest, length, chunk = [], 0, chunk[end:]
        end = chunk.rfind(b"\n") + 1
        if end:
            yield start, b"".join((*rest, chunk[:end]))
            start += length + end
            rest, length = [], 0
        rest.append(chunk[end:])
        length += len(chunk) - end
    if length:
        yield start, b"".join(rest) if length <= MAX_LINE else None
