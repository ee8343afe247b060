"""The files of a Crossref snapshot: work records as they come out of them.

A file is JSON Lines (`.jsonl`), or any other JSON text that holds works (`.json`: one, a list, or
`{"items": […]}`), packed with gzip (RFC 1952) or not. Bytes are looked through in blocks, and
parsed only where something wanted stands in them. Nothing in a file raises: what cannot be read is
a value.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from refman.model.identifier import doi_key
from refman.text.json_stream import Element, elements

SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")
MAX_LINE = 64 * 1024 * 1024
"""Longest line, in bytes, that is still read."""

_LINES = (".jsonl", ".ndjson")
_CHUNK = 64 * 1024
_HELD = 256 * 1024 * 1024
"""Bytes of a file that is not made of lines that are held until something wanted is seen."""
_OVERLAP = 16 * 1024
"""Bytes of the chunk before that are looked at again, for what is cut in two."""
_DOI = re.compile(rb'"DOI"\s{0,8}:\s{0,8}"([^"]*+)')
"""A DOI up to the next quotation mark, which may be an escaped one that belongs to it."""
_LIST = re.compile(rb'"(?:reference|funder|update-to|updated-by)"\s*+:\s*+\[')
"""Where a list with the DOIs of other works begins."""
_LIST_END = re.compile(rb'\](?=\s*+(?:,\s*+"|\}))')
"""Where such a list may end: perhaps too soon, at a bracket inside it, but never too late."""

Sieve = Callable[[bytes], bool]
"""Whether something wanted may stand in these bytes; True where that cannot be told."""


class Found(NamedTuple):
    """A record in a file: where, for an index and for a person, what it says, and as it came.

    `position` is the byte that its line begins at, or in a file that is not made of lines its
    number. `raw` is one line of JSON without its end, or None where the record did not stand on
    a line of its own.
    """

    position: int
    message: Mapping[str, Any]
    line: int = 0
    raw: bytes | None = None


class Unreadable(NamedTuple):
    """A piece of a file that could not be read; `line` is where it begins, 0 for the file."""

    reason: str
    line: int = 0


class Place(NamedTuple):
    """Where a record is: its DOI in the compared form, its position, and itself if wanted."""

    key: str
    position: int
    found: Found | None


@dataclass(slots=True)
class Tally:
    """What was gone through so far."""

    unpacked: int = 0
    """Bytes, unpacked."""
    records: int = 0
    """Records, or lines that should be; those of a file that is not made of lines only where it
    was parsed."""
    lines: int = 0


def doi_sieve(keys: frozenset[bytes]) -> Sieve:
    """Passes what may hold one of these DOIs (in the compared form) under any key `DOI`."""

    def holds(text: bytes) -> bool:
        found = _DOI.findall(text)
        return not keys.isdisjoint(map(bytes.lower, found)) or b"\\" in b"".join(found)

    return holds


def key_of(message: Mapping[str, Any]) -> str:
    """The DOI of a record in the form that is compared; empty where it has none."""
    doi = message.get("DOI")
    return doi_key(doi.strip()) if isinstance(doi, str) else ""


def without_others(text: bytes) -> bytes:
    """The text without (most of) the lists that name other works: references, funders, updates."""
    rest: list[bytes] = []
    at = 0
    # Two searches, each of which goes on where the other ended: one pattern for both would look
    # for the end anew from every beginning.
    while (begin := _LIST.search(text, at)) and (end := _LIST_END.search(text, begin.end())):
        rest.append(text[at : begin.start()])
        at = end.end()
    return b"".join((*rest, text[at:])) if rest else text


def records(
    path: Path, sieve: Sieve | None, tally: Tally | None = None
) -> Iterator[Found | Unreadable]:
    """The records of a file that pass the sieve; with None, all of them.

    A line that cannot be a record is told in any case; one that is broken inside only where it
    passes. `tally` counts along.
    """
    tally = Tally() if tally is None else tally
    try:
        with path.open("rb") as file:
            chunks = _counted(_unpacked(file, path), tally)
            if _is_lines(path):
                yield from _records_in_lines(chunks, sieve, tally)
            else:
                yield from _records_in_json(_sifted(chunks, sieve), tally)
    except (OSError, zlib.error, EOFError) as error:
        yield _damaged(error, tally)


def places(
    path: Path, wanted: Container[str], tally: Tally | None = None
) -> Iterator[Place | Unreadable]:
    """Where every record of a file is, with the record where its DOI is a wanted one.

    A line in which one DOI stands is not parsed: it is taken to be the record's. So a place may
    be wrong, and who goes there compares; that no record is left out is what counts.
    """
    tally = Tally() if tally is None else tally
    try:
        with path.open("rb") as file:
            chunks = _counted(_unpacked(file, path), tally)
            if _is_lines(path):
                yield from _places_in_lines(chunks, wanted, tally)
            else:
                yield from map(_place, _records_in_json(chunks, tally))
    except (OSError, zlib.error, EOFError) as error:
        yield _damaged(error, tally)


def records_at(path: Path, positions: Sequence[int]) -> Iterator[Found | Unreadable]:
    """The records at these positions of a file."""
    wanted = set(positions)
    try:
        with path.open("rb") as file:
            if not _is_lines(path):
                last = max(wanted)
                for found in _records_in_json(_unpacked(file, path), Tally()):
                    if isinstance(found, Unreadable) or found.position in wanted:
                        yield found
                    if isinstance(found, Found) and found.position >= last:
                        break
            elif path.name.endswith(".gz"):
                yield from _lines_at(_unpacked(file, path), sorted(wanted))
            else:
                for position in sorted(wanted):
                    file.seek(position)
                    yield from _parsed(file.readline(MAX_LINE), position, 0)
    except (OSError, zlib.error, EOFError) as error:
        yield Unreadable(str(error))


def _is_lines(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(_LINES)


def _damaged(error: Exception, tally: Tally) -> Unreadable:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Unreadable(f"the file is damaged: {reason or error}", tally.lines + 1)


# Lines


def _records_in_lines(
    chunks: Iterator[bytes], sieve: Sieve | None, tally: Tally
) -> Iterator[Found | Unreadable]:
    for start, block in _blocks(chunks):
        if block is None:
            tally.lines += 1
            yield Unreadable("a line that is too long", tally.lines)
            continue
        position = start
        passes = sieve is None or sieve(block)
        lines = block.split(b"\n")
        for number, line in enumerate(lines, start=tally.lines + 1):
            if line:
                tally.records += 1
                if (passes and _passes(line, sieve)) or not _is_object(line):
                    yield from _parsed(line, position, number)
            position += len(line) + 1
        tally.lines += len(lines) - 1


def _passes(line: bytes, sieve: Sieve | None) -> bool:
    return sieve is None or (sieve(line) and sieve(without_others(line)))


def _places_in_lines(
    chunks: Iterator[bytes], wanted: Container[str], tally: Tally
) -> Iterator[Place | Unreadable]:
    for start, block in _blocks(chunks):
        if block is None:
            tally.lines += 1
            yield Unreadable("a line that is too long", tally.lines)
            continue
        position = start
        lines = block.split(b"\n")
        for number, line in enumerate(lines, start=tally.lines + 1):
            if line:
                tally.records += 1
                key = _only_doi(line)
                if key is None or key in wanted:
                    yield from map(_place, _parsed(line, position, number))
                else:
                    yield Place(key, position, None)
            position += len(line) + 1
        tally.lines += len(lines) - 1


def _only_doi(line: bytes) -> str | None:
    """The one DOI that stands in a line outside lists of other works; None for none or several."""
    found = _DOI.findall(without_others(line))
    if len(found) != 1 or not _is_object(line):
        return None
    (doi,) = found
    try:
        return None if b"\\" in doi else doi_key(doi.decode().strip()) or None
    except UnicodeDecodeError:
        return None


def _place(found: Found | Unreadable) -> Place | Unreadable:
    if isinstance(found, Unreadable):
        return found
    return Place(key_of(found.message), found.position, found)


def _is_object(line: bytes) -> bool:
    """Whether a line begins and ends as a JSON object does."""
    if line[0] == 0x7B and line[-1] == 0x7D:
        return True
    line = line.strip()
    return not line or (line[0] == 0x7B and line[-1] == 0x7D)


def _parsed(line: bytes, position: int, number: int) -> Iterator[Found | Unreadable]:
    line = line.strip().removeprefix(codecs.BOM_UTF8)
    if not line:
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        yield Unreadable("a line that is not JSON", number)
        return
    for message in _messages(value):
        yield Found(position, message, number, line if message is value else None)


def _messages(value: object) -> Iterator[Mapping[str, Any]]:
    """The work records in one JSON value: itself, or what is in its envelope."""
    while isinstance(value, dict) and "DOI" not in value and isinstance(value.get("message"), dict):
        value = value["message"]
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        yield from (item for item in value["items"] if isinstance(item, dict))
    elif isinstance(value, dict):
        yield value


def _lines_at(chunks: Iterator[bytes], positions: Sequence[int]) -> Iterator[Found | Unreadable]:
    """The lines at these positions of what can only be read forward."""
    waiting = list(reversed(positions))
    for start, block in _blocks(chunks):
        while waiting and block is not None and waiting[-1] < start + len(block):
            position = waiting.pop()
            offset = position - start
            end = block.find(b"\n", offset)
            yield from _parsed(block[offset : end if end >= 0 else None], position, 0)
        if not waiting:
            return


# Other JSON texts


def _records_in_json(chunks: Iterator[bytes], tally: Tally) -> Iterator[Found | Unreadable]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    texts = (decoder.decode(chunk) for chunk in chunks)
    for number, element in enumerate(elements(texts, within=("message", "items"))):
        tally.records += 1
        tally.lines = element.line
        if not isinstance(element, Element):
            yield Unreadable(element.reason, element.line)
        elif isinstance(element.value, dict):
            yield Found(number, element.value, element.line)


def _sifted(chunks: Iterator[bytes], sieve: Sieve | None) -> Iterator[bytes]:
    """All of a text if something in it passes the sieve, or else nothing of it.

    Of a text too large to be held, all.
    """
    if sieve is None:
        yield from chunks
        return
    held: list[bytes] = []
    size = 0
    before = b""
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        seen = before + chunk
        if size > _HELD or sieve(seen):
            yield from chain(held, chunks)
            return
        before = seen[-_OVERLAP:]


# Bytes


def _counted(chunks: Iterator[bytes], tally: Tally) -> Iterator[bytes]:
    for chunk in chunks:
        tally.unpacked += len(chunk)
        yield chunk


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
            yield start, b"".join((*rest, memoryview(chunk)[:end]))
            start += length + end
            rest, length = [], 0
        rest.append(chunk[end:])
        length += len(chunk) - end
    if length:
        yield start, b"".join(rest) if length <= MAX_LINE else None
