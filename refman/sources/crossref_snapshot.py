"""A snapshot of Crossref on this machine, asked by DOI: no network, and no limit.

It is the annual Public Data File or anything of its form: work records as JSON Lines (`.jsonl`,
since 2025) or in `{"items": […]}` (`.json`), packed with gzip or not, one file or a folder of them
in no order. A lookup reads through them once, at about the speed of unpacking, and parses only
lines that name a wanted DOI; it ends as soon as all are found. A snapshot of 50 MB or more is
indexed by the way where there is a cache folder, and afterwards only the files that hold a wanted
DOI are opened.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from refman.crosswalk.crossref_answers import answer_from_message, failed, not_found
from refman.errors import ConfigError, SourceUnavailable
from refman.model.identifier import doi_key
from refman.ports import Answer
from refman.sources.crossref_files import SUFFIXES, Found, Unreadable, records, records_at
from refman.sources.crossref_index import IndexBuilder, Listing, SnapshotIndex

SMALL = 50 * 1024 * 1024
"""Bytes on disk below which a snapshot is not worth an index."""
LARGE = 8 * 1024 * 1024 * 1024
"""Bytes on disk above which an index is built only when asked for: it takes hours."""


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
                yield from self._answers(records_at(files[number], places[number]), wanted)
        elif (builder := self._builder(listing)) is not None:
            with closing(builder):
                yield from self._answers(_noted(files, builder), wanted, to_the_end=True)
                # Without an index the next lookup is slower, and that is all.
                with contextlib.suppress(OSError):
                    builder.write()
        else:
            for file in files:
                yield from self._answers(records(file, _keys(wanted)), wanted)
                if not wanted:
                    break
        yield from self._rest(wanted)

    def build_index(self) -> int:
        """Index the snapshot, whatever its size, and say how many records it has.

        Raises `SourceUnavailable` where there is no snapshot or no cache folder, and `OSError`
        where that cannot be written to.
        """
        path = self._index_path()
        if path is None:
            raise SourceUnavailable("there is no folder to keep the snapshot's index in")
        files = self._files()
        with closing(IndexBuilder(path, self._listing(files))) as builder:
            count = sum(isinstance(found, Found) for found in _noted(files, builder))
            builder.write()
        return count

    # Answers

    def _answers(
        self,
        found: Iterator[Found | Unreadable],
        wanted: dict[str, list[str]],
        *,
        to_the_end: bool = False,
    ) -> Iterator[Answer]:
        """The answers in a run of records; what is answered is taken out of `wanted`."""
        for record in found:
            if isinstance(record, Unreadable):
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
            found = [path for path in self._path.iterdir() if path.name.endswith(SUFFIXES)]
        except OSError as error:
            raise SourceUnavailable(
                f"the snapshot {self._path} cannot be read: {error.strerror}",
                hint="REFMAN_CROSSREF_SNAPSHOT names a file, or a folder of .jsonl.gz files",
            ) from None
        if not found:
            raise SourceUnavailable(
                f"there are no snapshot files in {self._path}",
                hint=f"their names end in {', '.join(SUFFIXES)}",
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

    def _builder(self, listing: Listing) -> IndexBuilder | None:
        """What builds an index by the way, if the snapshot is worth one and it can be kept."""
        path = self._index_path()
        if path is None or not SMALL <= sum(entry[1] for entry in listing) <= LARGE:
            return None
        try:
            return IndexBuilder(path, listing)
        except OSError:
            return None


def open_source(settings: Mapping[str, str]) -> CrossrefSnapshot:
    """The source that the settings `crossref_snapshot` (a path) and `cache_dir` describe.

    Raises `ConfigError` where no snapshot is set, or none is there.
    """
    path = settings.get("crossref_snapshot")
    if not path:
        raise ConfigError(
            "No Crossref snapshot is set.",
            hint="set REFMAN_CROSSREF_SNAPSHOT to a file or folder of Crossref's public data file",
        )
    if not Path(path).exists():
        raise ConfigError(f"There is no Crossref snapshot at {path}.")
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


def _noted(files: Sequence[Path], builder: IndexBuilder) -> Iterator[Found | Unreadable]:
    """All records of all files, each noted in the index that is being built."""
    for number, file in enumerate(files):
        for found in records(file, None):
            if isinstance(found, Unreadable):
                builder.unreadable += 1
            elif key := _key_of(found.message):
                builder.add(key, number, found.position)
            yield found
