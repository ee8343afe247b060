"""A snapshot of Crossref on this machine, asked by DOI: no network, and no limit.

It is the annual Public Data File or anything of its form: work records as JSON Lines (`.jsonl`,
since 2025) or in `{"items": […]}` (`.json`), packed with gzip or not, one file or a folder of them
in no order. A lookup reads through them once, at about the speed of unpacking, and parses only
lines that name a wanted DOI; it ends as soon as all are found. A snapshot of 50 MB or more is
indexed by the way where there is a cache folder, and afterwards only the files that hold a wanted
DOI are opened.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from refman.crosswalk.crossref_answers import answer_from_message, failed, not_found
from refman.errors import SourceUnavailable
from refman.model.identifier import doi_key
from refman.ports import Answer
from refman.sources.crossref_index import IndexBuilder, Listing, SnapshotIndex
from refman.text.json_stream import Element, elements

SMALL = 50 * 1024 * 1024
"""Bytes on disk below which a snapshot is not worth an index."""
LARGE = 8 * 1024 * 1024 * 1024
"""Bytes on disk above which an index is built only when asked for: it takes hours."""
MAX_LINE = 64 * 1024 * 1024

_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")
_LINES = (".jsonl", ".ndjson")
_CHUNK = 1024 * 1024
_DOI = re.compile(rb'"DOI"\s{0,8}:\s{0,8}"([^"\\]*+)(["\\])')


class _Found(NamedTuple):
    """A record in a file: where, for the index, and what it says."""

    position: int
    message: Mapping[str, Any]


class _Unreadable(NamedTuple):
    """A piece of a file that could not be read."""

    reason: str


class CrossrefSnapshot:
    """The snapshot in a file or folder; fulfils `refman.ports.LocalSource`.

    `cache_dir` is where an index may be kept; without one every lookup reads the whole snapshot.
    """

    def __init__(self, path: Path, cache_dir: Path | None = None) -> None:
        self._path = path
        self._cache_dir = cache_dir
        self.unreadable = 0
        """Lines and files that the latest lookup could not read."""

    @property
    def name(self) -> str:
        """`crossref-snapshot`."""
        return "crossref-snapshot"

    def lookup(self, dois: Sequence[str]) -> Iterator[Answer]:
        """An answer for each DOI as it is found, and at the end one for each that is not there.

        It may be abandoned at any point. Raises `SourceUnavailable` where there is no snapshot.
        """
        files = self._files()
        self.unreadable = 0
        wanted: dict[str, list[str]] = {}
        for doi in dict.fromkeys(dois):
            wanted.setdefault(doi_key(doi), []).append(doi)
        if not wanted:
            return
        listing = self._listing(files)
        index = self._open_index(listing)
        if index is not None:
            with index:
                self.unreadable = index.unreadable
                places = _by_file(index, wanted)
            for number in sorted(places):
                yield from self._answers(_at(files[number], places[number]), wanted)
        elif self._wants_index(listing):
            with closing(self._indexing(files, listing)) as found:
                yield from self._answers(found, wanted, to_the_end=True)
        else:
            for file in files:
                yield from self._answers(_records(file, _keys(wanted)), wanted)
                if not wanted:
                    break
        yield from self._rest(wanted)

    def build_index(self) -> int:
        """Index the snapshot, whatever its size, and say how many records it has.

        Raises `SourceUnavailable` where there is no snapshot or no cache folder, and `OSError`
        where that cannot be written to.
        """
        if self._cache_dir is None:
            raise SourceUnavailable("there is no folder to keep the snapshot's index in")
        files = self._files()
        return sum(
            isinstance(found, _Found) for found in self._indexing(files, self._listing(files))
        )

    # Answers

    def _answers(
        self,
        found: Iterator[_Found | _Unreadable],
        wanted: dict[str, list[str]],
        *,
        to_the_end: bool = False,
    ) -> Iterator[Answer]:
        """The answers in a run of records; what is answered is taken out of `wanted`."""
        for record in found:
            if isinstance(record, _Unreadable):
                self.unreadable += 1
                continue
            for doi in wanted.pop(_key_of(record.message), ()):
                yield answer_from_message(doi, record.message, self.name)
            if not wanted and not to_the_end:
                break

    def _rest(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[Answer]:
        """What is not there is not found, unless it may be in what could not be read."""
        for same in wanted.values():
            for doi in same:
                if self.unreadable:
                    reason = (
                        f"not in what could be read of the snapshot ({self.unreadable} damaged)"
                    )
                    yield failed(doi, reason)
                else:
                    yield not_found(doi, "not in the snapshot")

    # Files

    def _files(self) -> list[Path]:
        if self._path.is_file():
            return [self._path]
        try:
            found = [path for path in self._path.iterdir() if path.name.endswith(_SUFFIXES)]
        except OSError as error:
            raise SourceUnavailable(
                f"the snapshot {self._path} cannot be read: {error.strerror}",
                hint="REFMAN_CROSSREF_SNAPSHOT names a file, or a folder of .jsonl.gz files",
            ) from None
        if not found:
            raise SourceUnavailable(
                f"there are no snapshot files in {self._path}",
                hint=f"their names end in {', '.join(_SUFFIXES)}",
            )
        return sorted(found, key=lambda path: (len(path.name), path.name))

    def _listing(self, files: Sequence[Path]) -> Listing:
        try:
            facts = [(path.name, path.stat()) for path in files]
        except OSError as error:
            raise SourceUnavailable(f"the snapshot changes under our hands: {error}") from None
        return [(name, fact.st_size, fact.st_mtime_ns) for name, fact in facts]

    # The index

    def _index_path(self) -> Path | None:
        if self._cache_dir is None:
            return None
        place = str(self._path.resolve()).encode("utf-8", "surrogateescape")
        digest = hashlib.blake2b(place, digest_size=8).hexdigest()
        return self._cache_dir / f"crossref-{digest}.index"

    def _open_index(self, listing: Listing) -> SnapshotIndex | None:
        path = self._index_path()
        return None if path is None else SnapshotIndex.open(path, listing)

    def _wants_index(self, listing: Listing) -> bool:
        size = sum(entry[1] for entry in listing)
        return self._cache_dir is not None and SMALL <= size <= LARGE

    def _indexing(self, files: Sequence[Path], listing: Listing) -> Iterator[_Found | _Unreadable]:
        """All records, noted in an index, which is written when the last one was taken."""
        path = self._index_path()
        assert path is not None
        builder = IndexBuilder(path, listing)
        with closing(builder):
            for number, file in enumerate(files):
                for found in _records(file, None):
                    if isinstance(found, _Unreadable):
                        builder.unreadable += 1
                    elif key := _key_of(found.message):
                        builder.add(key, number, found.position)
                    yield found
            builder.write()


def open_source(settings: Mapping[str, str]) -> CrossrefSnapshot:
    """The source that the settings `crossref_snapshot` (a path) and `cache_dir` describe.

    Raises `SourceUnavailable` where no snapshot is set.
    """
    path = settings.get("crossref_snapshot")
    if not path:
        raise SourceUnavailable(
            "no Crossref snapshot is set",
            hint="set REFMAN_CROSSREF_SNAPSHOT to a file or folder of Crossref's public data file",
        )
    cache_dir = settings.get("cache_dir")
    return CrossrefSnapshot(Path(path), Path(cache_dir) if cache_dir else None)


def _keys(wanted: Mapping[str, Any]) -> frozenset[bytes]:
    return frozenset(key.encode("utf-8", "surrogatepass") for key in wanted)


def _key_of(message: Mapping[str, Any]) -> str:
    doi = message.get("DOI")
    return doi_key(doi.strip()) if isinstance(doi, str) else ""


def _by_file(index: SnapshotIndex, wanted: Mapping[str, Any]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for key in wanted:
        for number, position in index.places(key):
            places.setdefault(number, []).append(position)
    return places


# Records of a file


def _is_lines(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(_LINES)


def _records(path: Path, wanted: frozenset[bytes] | None) -> Iterator[_Found | _Unreadable]:
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
        yield _Unreadable(f"{path.name}: {error}")


def _records_in_lines(
    chunks: Iterator[bytes], wanted: frozenset[bytes] | None
) -> Iterator[_Found | _Unreadable]:
    for start, block in _blocks(chunks):
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


def _parsed(line: bytes, position: int) -> Iterator[_Found | _Unreadable]:
    line = line.strip().removeprefix(codecs.BOM_UTF8)
    if not line:
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        yield _Unreadable("a line that is not JSON")
        return
    for message in _messages(value):
        yield _Found(position, message)


def _messages(value: object) -> Iterator[Mapping[str, Any]]:
    """The work records in one JSON value: itself, or what is in its envelope."""
    while isinstance(value, dict) and "DOI" not in value and isinstance(value.get("message"), dict):
        value = value["message"]
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        yield from (item for item in value["items"] if isinstance(item, dict))
    elif isinstance(value, dict):
        yield value


def _records_in_json(chunks: Iterator[bytes]) -> Iterator[_Found | _Unreadable]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    texts = (decoder.decode(chunk) for chunk in chunks)
    for number, element in enumerate(elements(texts, within=("message", "items"))):
        if not isinstance(element, Element):
            yield _Unreadable(element.reason)
        elif isinstance(element.value, dict):
            yield _Found(number, element.value)


def _at(path: Path, positions: Sequence[int]) -> Iterator[_Found | _Unreadable]:
    """The records at these positions of a file."""
    places = set(positions)
    try:
        with path.open("rb") as file:
            if not _is_lines(path):
                last = max(places)
                for found in _records_in_json(_unpacked(file, path)):
                    if isinstance(found, _Unreadable) or found.position in places:
                        yield found
                    if isinstance(found, _Found) and found.position >= last:
                        break
            elif path.name.endswith(".gz"):
                yield from _lines_at(_unpacked(file, path), sorted(places))
            else:
                for position in sorted(places):
                    file.seek(position)
                    yield from _parsed(file.readline(MAX_LINE), position)
    except (OSError, zlib.error, EOFError) as error:
        yield _Unreadable(f"{path.name}: {error}")


def _lines_at(chunks: Iterator[bytes], positions: Sequence[int]) -> Iterator[_Found | _Unreadable]:
    """The lines at these positions of what can only be read forward."""
    waiting = list(reversed(positions))
    for start, block in _blocks(chunks):
        while waiting and waiting[-1] < start + len(block):
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


def _blocks(chunks: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Whole lines in large blocks, and where each block begins.

    A line over 64 MB is left out.
    """
    start = 0
    rest: list[bytes] = []
    length = 0
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            block = b"".join((*rest, chunk[:end]))
            if len(block) <= MAX_LINE + _CHUNK:
                yield start, block
            start += length + end
            rest, length = [], 0
        if end < len(chunk):
            length += len(chunk) - end
            if length <= MAX_LINE:
                rest.append(chunk[end:])
    if length and length <= MAX_LINE:
        yield start, b"".join(rest)
