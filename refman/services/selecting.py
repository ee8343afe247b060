"""Selecting from a snapshot: the records that are wanted, out of all there are, into one file."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from refman import plugins
from refman.errors import InputError, PluginBroken, SourceUnavailable, UsageError
from refman.model.identifier import doi_key, parse_doi, parse_issn

SOURCE = "crossref-snapshot"
OUTPUTS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
COLUMNS = (
    "kind", "given", "value", "status", "file", "line", "records", "kept", "bytes", "unpacked",
    "seconds", "reason",
)  # fmt: skip
"""Of a report: a row for every DOI row, ISSN and prefix asked for, for every file, and for what
could not be read."""

_PREFIX = re.compile(r"10\.\d{4,9}(?:\.\d+)*", re.ASCII)


class FileSummary(Protocol):
    """What became of one file of a snapshot."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def size(self) -> int:
        """Bytes on disk."""

    @property
    def records(self) -> int:
        """How many it has."""

    @property
    def kept(self) -> int:
        """How many of them were wanted."""

    @property
    def unpacked(self) -> int:
        """Bytes, unpacked."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def dois(self) -> Mapping[str, int]:
        """The wanted DOIs in it, in the form that is compared, each with its line."""

    @property
    def matches(self) -> Mapping[str, Mapping[str, int]]:
        """How many records each wanted `issn` and `prefix` has in it."""

    @property
    def lost(self) -> bool:
        """Whether the process that read it died; it can be tried again."""

    @property
    def unreadable(self) -> int:
        """How many pieces of it could not be read."""

    @property
    def pieces(self) -> Sequence[tuple[int, str]]:
        """The first of them: line (0 for the file) and reason."""


class Pass(Protocol):
    """A pass over a snapshot that selects; a context manager, and restartable."""

    @property
    def size(self) -> int:
        """Bytes of all files on disk."""

    @property
    def count(self) -> int:
        """How many files there are."""

    def __enter__(self) -> Pass: ...
    def __exit__(self, *error: Any) -> None: ...

    def run(self) -> Iterator[tuple[FileSummary, bool]]:
        """What became of each file, and whether a run before this one had done it."""

    def summaries(self) -> Sequence[FileSummary]:
        """Of all files, in their order, after the run."""

    def pieces(self) -> Iterator[bytes]:
        """The output in pieces."""

    def discard(self) -> None:
        """Take away what was kept for going on."""


class Overview(Protocol):
    """What there is of a snapshot, without reading it."""

    @property
    def path(self) -> Path:
        """The file or folder."""

    @property
    def files(self) -> int:
        """How many files."""

    @property
    def size(self) -> int:
        """Bytes on disk."""

    @property
    def indexed(self) -> int | None:
        """Records in its index; None where there is none that is good for these files."""

    @property
    def index_path(self) -> Path | None:
        """Where that index is, or would be."""


@runtime_checkable
class Snapshot(Protocol):
    """A source that can be gone through as a whole."""

    def overview(self) -> Overview:
        """What there is."""

    def selection(
        self, *, dois: Iterable[str], issns: Iterable[str], prefixes: Iterable[str],
        folder: Path, packed: bool,
    ) -> Pass:  # fmt: skip
        """A pass that keeps only the records with one of these, with its work in `folder`."""

    def indexing(self) -> Iterator[tuple[FileSummary, bool]]:
        """Index it; each file as it is done, and whether it was before."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted, as it was given: rows with the DOI that is in them, ISSNs, prefixes."""

    rows: tuple[tuple[str, str | None], ...] = ()
    issns: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[str], issns: Iterable[str], prefixes: Iterable[str]) -> Wishes:
        """Out of what a user gave. Raises `UsageError` for what is no ISSN or DOI prefix.

        A row without a DOI is kept, to be told.
        """
        return cls(
            tuple((row, parse_doi(row)) for row in rows),
            tuple(dict.fromkeys(map(_issn, issns))),
            tuple(dict.fromkeys(map(_prefix, prefixes))),
        )

    @property
    def dois(self) -> frozenset[str]:
        """The DOIs, in the form that is compared."""
        return frozenset(doi_key(doi) for _, doi in self.rows if doi is not None)

    def __bool__(self) -> bool:
        return bool(self.rows or self.issns or self.prefixes)


@dataclass(frozen=True, slots=True)
class Selected:
    """What a pass came to."""

    wishes: Wishes
    files: Sequence[FileSummary]

    @property
    def unreadable(self) -> int:
        """Pieces that could not be read."""
        return sum(file.unreadable for file in self.files)

    @property
    def lost(self) -> bool:
        """Whether there are files that a further run may be able to read."""
        return any(file.lost for file in self.files)

    def total(self, field: str) -> int:
        """The sum of a number over all files."""
        return sum(getattr(file, field) for file in self.files)

    def rows(self) -> Iterator[dict[str, object]]:
        """The rows of a report."""
        yield from self.wanted()
        for file in self.files:
            yield {
                "kind": "file", "status": "damaged" if file.unreadable else "read",
                "file": file.name, "records": file.records, "kept": file.kept,
                "bytes": file.size, "unpacked": file.unpacked, "seconds": round(file.seconds, 6),
            }  # fmt: skip
        for name, line, reason in self.damage():
            yield {
                "kind": "unreadable", "status": "failed", "file": name, "line": line or None,
                "reason": reason,
            }  # fmt: skip

    def wanted(self) -> Iterator[dict[str, object]]:
        """The rows of what was asked for: each is found, not found or failed."""
        places = {
            key: (file.name, line)
            for file in reversed(self.files)
            for key, line in file.dois.items()
        }
        for given, doi in self.wishes.rows:
            row: dict[str, object] = {"kind": "doi", "given": given, "value": doi}
            if doi is None:
                yield row | {"status": "failed", "reason": "no DOI in it"}
            elif doi_key(doi) in places:
                name, line = places[doi_key(doi)]
                yield row | {"status": "found", "file": name, "line": line, "kept": 1}
            else:
                yield row | self._missing()
        for kind, values in (("issn", self.wishes.issns), ("prefix", self.wishes.prefixes)):
            counts: Counter[str] = Counter()
            for summary in self.files:
                counts.update(summary.matches.get(kind, {}))
            for value in values:
                row = {"kind": kind, "given": value, "value": value}
                found = {"status": "found", "kept": counts[value]}
                yield row | (found if counts[value] else self._missing())

    def damage(self) -> Iterator[tuple[str, int, str]]:
        """What could not be read: file, line (0 for the whole file) and reason."""
        for file in self.files:
            for line, reason in file.pieces:
                yield file.name, line, reason
            if file.unreadable > len(file.pieces):
                yield file.name, 0, f"{file.unreadable - len(file.pieces):,} more such pieces"

    def _missing(self) -> dict[str, object]:
        if self.unreadable:
            return {
                "status": "failed",
                "reason": f"not in what could be read of the snapshot ({self.unreadable} damaged)",
            }
        return {"status": "not_found", "reason": "not in the snapshot"}


def open_snapshot(settings: Mapping[str, str]) -> Snapshot:
    """The snapshot that the settings name. Raises `ConfigError` where there is none."""
    source = plugins.source(SOURCE, settings)
    if not isinstance(source, Snapshot):
        raise PluginBroken(f"The source {SOURCE!r} cannot be gone through as a whole.")
    return source


def overview(snapshot: Snapshot) -> Overview:
    """What there is of a snapshot. Raises `InputError` where it cannot be read."""
    with _told():
        return snapshot.overview()


def index(snapshot: Snapshot) -> Iterator[tuple[FileSummary, bool]]:
    """Index a snapshot. Raises `InputError` where it cannot be read, or the index written."""
    with _told():
        yield from snapshot.indexing()


def select(
    snapshot: Snapshot,
    wishes: Wishes,
    output: Path,
    on_file: Callable[[FileSummary, bool], None],
) -> Selected:
    """Write the wanted records of a snapshot as JSON Lines, packed where the name says so.

    `on_file` is called with each file as it is done, and whether it was done before. What is done
    lies in `OUTPUT.parts` until all is: a run that is killed is gone on with, and one in which a
    file killed the process that read it can be. Raises `UsageError`
    for an output that cannot be meant, `InputError` where the snapshot cannot be read or the
    output written.
    """
    check_output(snapshot, output)
    with _told():
        chosen = snapshot.selection(
            dois=wishes.dois, issns=wishes.issns, prefixes=wishes.prefixes,
            folder=output.with_name(f"{output.name}.parts"), packed=output.name.endswith(".gz"),
        )  # fmt: skip
        with chosen:
            for summary, before in chosen.run():
                on_file(summary, before)
            _write(output, chosen.pieces())
            selected = Selected(wishes, chosen.summaries())
            if not selected.lost:
                chosen.discard()
    return selected


def check_output(snapshot: Snapshot, output: Path) -> None:
    """Raise `UsageError` for an output that could not be read as a snapshot, or is part of it."""
    if not output.name.endswith(OUTPUTS):
        raise UsageError(f"The records are written as {', '.join(OUTPUTS)}, not as {output.name}.")
    if output.exists() and not output.is_file():
        raise UsageError(f"{output} is no file that could be written anew.")
    place = overview(snapshot).path.resolve()
    if output.resolve() == place or output.resolve().parent == place:
        raise UsageError(f"{output} would become a part of the snapshot; write it elsewhere.")


def _write(output: Path, pieces: Iterable[bytes]) -> None:
    """Write a file so that it is the old one or the new one, never a part."""
    target = output.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~mask)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """A snapshot that cannot be read, or a folder that cannot be written, as `InputError`."""
    try:
        yield
    except SourceUnavailable as error:
        raise InputError(f"{error.message[:1].upper()}{error.message[1:]}.", error.hint) from error
    except OSError as error:
        named = f"{error.filename} cannot be written" if error.filename else "Nothing can be kept"
        raise InputError(f"{named}: {error.strerror or error}.") from error


def _issn(text: str) -> str:
    issn = parse_issn(text)
    if issn is None:
        raise UsageError(f"{text!r} is no ISSN: it has eight digits, the last of which must fit.")
    return issn


def _prefix(text: str) -> str:
    prefix = text.strip().removesuffix("/")
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"{text!r} is no DOI prefix; one is 10.1234.")
    return prefix
