"""A snapshot of Crossref on this machine, asked by DOI: no network, and no limit.

It is the annual Public Data File or anything of its form: work records as JSON Lines (`.jsonl`,
since 2025) or in `{"items": […]}` (`.json`), packed with gzip or not, one file or a folder of them
in no order. A lookup reads through them once, at about the speed of unpacking, and parses only
lines that name a wanted DOI; it ends as soon as all are found. A snapshot of 50 MB or more is
indexed by the way where there is a cache folder, and afterwards only the files that hold a wanted
DOI are opened. Where there is much to read, several processes read it.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from refman.errors import ConfigError, SourceUnavailable
from refman.model.identifier import doi_key
from refman.ports import Answer
from refman.sources.crossref_files import (
    SUFFIXES,
    Found,
    Unreadable,
    doi_sieve,
    records,
    records_at,
)
from refman.sources.crossref_index import IndexBuilder, NoteInto, SnapshotIndex
from refman.sources.crossref_journal import Journal, Listing, Summary
from refman.sources.crossref_lookup import (
    LookAndNote,
    LookAt,
    Looked,
    LookThrough,
    keys_of,
    take,
)
from refman.sources.crossref_pass import Lost, each, may_begin_processes, processors
from refman.sources.crossref_select import Selection, Wanted

SMALL = 50 * 1024 * 1024
"""Bytes on disk below which a snapshot is not worth an index."""
LARGE = 8 * 1024 * 1024 * 1024
"""Bytes on disk above which an index is built only when asked for: it takes hours."""
PARALLEL = 64 * 1024 * 1024
"""Bytes on disk that are worth the tenths of a second in which processes begin."""


class Overview(NamedTuple):
    """What there is of a snapshot, without reading it."""

    path: Path
    files: int
    size: int
    """Bytes on disk."""
    indexed: int | None
    """Records in its index; None where there is no index that is good for these files."""
    index_path: Path | None
    """Where that index is, or would be."""


class CrossrefSnapshot:
    """The snapshot in a file or folder; fulfils `refman.ports.LocalSource`.

    `cache_dir` is where an index may be kept; without one every lookup reads the whole snapshot.
    `jobs` is how many processes may read at the same time. A program that asks for several needs
    the usual `if __name__ == "__main__":`, for each of them loads its main module.
    """

    def __init__(self, path: Path, cache_dir: Path | None = None, jobs: int = 1) -> None:
        self._path = path
        self._cache_dir = cache_dir
        self._jobs = jobs
        self._lost = False
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
        self._lost = False
        asked: dict[str, list[str]] = {}
        for doi in dict.fromkeys(dois):
            asked.setdefault(doi_key(doi), []).append(doi)
        wanted: dict[str, Sequence[str]] = dict(asked)
        if not wanted:
            return
        listing = self._listing(files)
        index = self._open_index(listing)
        if index is not None:
            with index:
                self.unreadable = index.unreadable
                places = _by_file(index, wanted)
            yield from self._at(files, listing, places, wanted)
        elif (builder := self._builder(listing)) is not None:
            yield from self._indexing_by_the_way(files, listing, builder, wanted)
        else:
            yield from self._through(files, listing, wanted)
        yield from self._rest(wanted)

    def overview(self) -> Overview:
        """What there is. Raises `SourceUnavailable` where there is no snapshot."""
        listing = self._listing(self._files())
        index = self._open_index(listing)
        indexed = None
        if index is not None:
            with index:
                indexed = len(index)
        size = sum(entry[1] for entry in listing)
        return Overview(self._path, len(listing), size, indexed, self._index_path())

    def selection(
        self, *, dois: Iterable[str], issns: Iterable[str], prefixes: Iterable[str],
        folder: Path, packed: bool, jobs: int | None = None,
    ) -> Selection:  # fmt: skip
        """A pass over the snapshot that keeps only the records with one of these identifiers.

        They are valid, in any letter case. `folder` is for its journal and parts; it is the same
        when a killed pass shall be gone on with. Parts are `packed` with gzip or not. Raises
        `SourceUnavailable` where there is no snapshot, `OSError` and `InputError` as `Journal`.
        """
        files = self._files()
        wanted = Wanted.of(dois, issns, prefixes)
        place = str(self._path.resolve())
        return Selection(
            files, self._listing(files), wanted, place, folder, packed, jobs or self._jobs
        )

    def indexing(self, jobs: int | None = None) -> Iterator[tuple[Summary, bool]]:
        """Index the snapshot, whatever its size: each file as it is done, and if it was before.

        Files are kept in a work folder beside the index until all are done: a run that was killed
        is gone on with. Raises `SourceUnavailable` where there is no snapshot or no cache folder,
        `OSError` and `InputError` as `Journal`.
        """
        path = self._index_path()
        if path is None:
            raise SourceUnavailable("there is no folder to keep the snapshot's index in")
        files = self._files()
        listing = self._listing(files)
        folder = path.with_suffix(".work")
        with Journal(folder, "index") as journal:
            done: dict[str, Summary] = {}
            work = NoteInto(folder)
            for summary, before in journal.run(files, listing, work, jobs or self._jobs):
                done[summary.name] = summary
                yield summary, before
            lost = [summary.name for summary in done.values() if summary.lost]
            if lost:
                raise SourceUnavailable(
                    f"{', '.join(lost[:5])} could not be read, so there is no index yet",
                    hint="the processes that read it were killed; is there enough memory?",
                )
            # A file that changed meanwhile makes the index one that is not good for it.
            with closing(IndexBuilder(path, listing)) as builder:
                for number, file in enumerate(files):
                    builder.add_part(number, folder, done[file.name])
                builder.write()
            journal.discard()

    def build_index(self, jobs: int | None = None) -> int:
        """The same all at once; says how many records the snapshot has."""
        return sum(summary.kept for summary, _ in self.indexing(jobs))

    # Ways to read

    def _at(
        self, files: Sequence[Path], listing: Listing, places: Mapping[int, list[int]],
        wanted: dict[str, Sequence[str]],
    ) -> Iterator[Answer]:  # fmt: skip
        """The answers at the places that an index gives."""
        numbers = sorted(places)
        jobs = self._jobs_for(sum(listing[number][1] for number in numbers))
        if jobs == 1:
            for number in numbers:
                yield from self._answers(records_at(files[number], places[number]), wanted)
            return
        positions = {files[number].name: places[number] for number in numbers}
        work = LookAt(self.name, dict(wanted), positions)
        results = each([(number, files[number]) for number in numbers], work, jobs)
        yield from self._looked(results, wanted)

    def _through(
        self, files: Sequence[Path], listing: Listing, wanted: dict[str, Sequence[str]]
    ) -> Iterator[Answer]:
        """The answers in all files, read from the first to where the last one is found."""
        jobs = self._jobs_for(sum(entry[1] for entry in listing))
        if jobs == 1 or len(files) == 1:
            for file in files:
                yield from self._answers(records(file, doi_sieve(keys_of(wanted))), wanted)
                if not wanted:
                    break
            return
        results = each(list(enumerate(files)), LookThrough(self.name, dict(wanted)), jobs)
        yield from self._looked(results, wanted)

    def _indexing_by_the_way(
        self, files: Sequence[Path], listing: Listing, builder: IndexBuilder,
        wanted: dict[str, Sequence[str]],
    ) -> Iterator[Answer]:  # fmt: skip
        """The answers in all files, all of which are read and indexed."""
        jobs = self._jobs_for(sum(entry[1] for entry in listing))
        work = LookAndNote(self.name, dict(wanted))
        with closing(builder):
            results = each(list(enumerate(files)), work, jobs)
            yield from self._looked(results, wanted, builder)
            builder.unreadable = self.unreadable
            # Without an index the next lookup is slower, and that is all. One that leaves out
            # a file would be worse than none.
            if not self._lost:
                with contextlib.suppress(OSError):
                    builder.write()

    def _jobs_for(self, size: int) -> int:
        return self._jobs if size >= PARALLEL else 1

    # Answers

    def _answers(
        self, found: Iterator[Found | Unreadable], wanted: dict[str, Sequence[str]]
    ) -> Iterator[Answer]:
        """The answers in a run of records; what is answered is taken out of `wanted`."""
        for record in found:
            if isinstance(record, Unreadable):
                self.unreadable += 1
                continue
            answers: list[tuple[str, list[Answer]]] = []
            take(record, self.name, wanted, answers)
            for _, same in answers:
                yield from same
            if not wanted:
                break

    def _looked(
        self, results: Iterator[tuple[int, Looked | Lost]], wanted: dict[str, Sequence[str]],
        builder: IndexBuilder | None = None,
    ) -> Iterator[Answer]:  # fmt: skip
        """The answers in files as they come, until all are there, or with an index to the end."""
        for number, looked in results:
            if isinstance(looked, Lost):
                self.unreadable += 1
                self._lost = True
                continue
            self.unreadable += looked.unreadable
            for key, answers in looked.answers:
                if wanted.pop(key, None) is not None:
                    yield from answers
            if builder is not None:
                builder.add(number, looked.rows)
            elif not wanted:
                break

    def _rest(self, wanted: Mapping[str, Sequence[str]]) -> Iterator[Answer]:
        """What is not there is not found, unless it may be in what could not be read."""
        for same in wanted.values():
            for doi in same:
                if self.unreadable:
                    reason = (
                        f"not in what could be read of the snapshot ({self.unreadable} damaged)"
                    )
                    yield Answer.failed(doi, reason)
                else:
                    yield Answer.not_found(doi, "not in the snapshot")

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
    """The source that the settings `crossref_snapshot` (a path), `cache_dir` and `jobs` describe.

    Without `jobs` the command line uses all processors, and another program one. Raises
    `ConfigError` where no snapshot is set, or none is there.
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
    jobs = settings.get("jobs", "")
    if jobs and not (jobs.isascii() and jobs.isdecimal() and int(jobs)):
        raise ConfigError(f"The number of processes must be 1 or more, not {jobs}.")
    usual = processors() if may_begin_processes() else 1
    return CrossrefSnapshot(
        Path(path), Path(cache_dir) if cache_dir else None, int(jobs) if jobs else usual
    )


def _by_file(index: SnapshotIndex, wanted: Iterable[str]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for key in wanted:
        for number, position in index.places(key):
            places.setdefault(number, []).append(position)
    return places
