"""What of a snapshot is wanted, and the records of one file that are.

`select` is the whole work on one file: a pure function of a path and what is wanted, so that it
can be mapped over the files by any engine, on this machine or on many.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from refman.model.identifier import doi_key
from refman.sources.crossref_files import (
    Found,
    Sieve,
    Tally,
    Unreadable,
    doi_sieve,
    key_of,
    records,
)
from refman.sources.crossref_journal import Journal, Listing, Summary, part_of, temporary_of

_PREFIX = re.compile(rb'"DOI"\s{0,8}:\s{0,8}"([^"/\\]*+(?:\\[^/])?)')
_ISSN = re.compile(rb'"ISSN"\s{0,8}:\s{0,8}(\[[^\]]*+|"[^"]*+)')
_DIGITS = re.compile(rb"([0-9]{4})-?([0-9]{3}[0-9Xx])")
_LEVEL = 6
"""How hard parts are packed: zlib's usual middle."""
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are wanted: those with one of these, of their own and not of a reference."""

    dois: frozenset[str] = frozenset()
    """In the form that is compared."""
    issns: frozenset[str] = frozenset()
    """As `1234-567X`."""
    prefixes: frozenset[str] = frozenset()
    """What stands before the slash of the DOI: `10.1234`."""

    @classmethod
    def of(
        cls, dois: Iterable[str] = (), issns: Iterable[str] = (), prefixes: Iterable[str] = ()
    ) -> Wanted:
        """From identifiers that are valid, in any letter case."""
        return cls(
            frozenset(map(doi_key, dois)),
            frozenset(issn.upper() for issn in issns),
            frozenset(prefixes),
        )

    def why(self, message: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What a record is wanted for, as kind and value; empty where it is not."""
        key = key_of(message)
        prefix = key.partition("/")[0]
        found = [("doi", key)] if key in self.dois else []
        if prefix in self.prefixes:
            found.append(("prefix", prefix))
        if self.issns:
            said = message.get("ISSN")
            values = said if isinstance(said, list) else [said]
            text = " ".join(value for value in values if isinstance(value, str))
            own = _issns(text.encode("utf-8", "surrogatepass"))
            found += [("issn", issn) for issn in sorted(own & self.issns)]
        return found


@dataclass(frozen=True, slots=True)
class Selected:
    """The wanted records of one file, each a line of JSON without its end."""

    records: tuple[bytes, ...]
    summary: Summary


def select(path: Path, wanted: Wanted) -> Selected:
    """The wanted records of one file, in its order, and what became of it.

    Nothing is raised for what cannot be read: it is in the summary.
    """
    summary = Summary(name=path.name)
    kept = tuple(selected(path, wanted, summary))
    return Selected(kept, summary)


def selected(path: Path, wanted: Wanted, summary: Summary) -> Iterator[bytes]:
    """The same one by one, in bounded memory; the summary is whole at the end."""
    begun = time.perf_counter()
    tally = Tally()
    summary.stat(path)
    for found in records(path, _sieve(wanted), tally):
        if isinstance(found, Unreadable):
            summary.note(found)
            continue
        why = wanted.why(found.message)
        line = _line(found) if why else None
        if line is None:
            if why:
                summary.note(Unreadable("a record that is nested too deeply", found.line))
            continue
        for kind, value in why:
            if kind == "doi":
                summary.dois.setdefault(value, found.line)
            else:
                counts = summary.matches.setdefault(kind, {})
                counts[value] = counts.get(value, 0) + 1
        summary.kept += 1
        yield line
    summary.records, summary.unpacked = tally.records, tally.unpacked
    summary.seconds = time.perf_counter() - begun


def _line(found: Found) -> bytes | None:
    if found.raw is not None:
        return found.raw
    try:
        text = json.dumps(found.message, ensure_ascii=False, separators=(",", ":"))
    except (RecursionError, ValueError):
        return None
    return text.encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class SelectInto:
    """`select` as work for a pass: what is wanted of a file goes into a part file in `folder`.

    Where nothing is, there is no part. Raises `OSError` where it cannot be written.
    """

    wanted: Wanted
    folder: Path
    packed: bool

    def __call__(self, path: Path) -> Summary:
        """Do it for one file."""
        summary = Summary(name=path.name)
        part = part_of(self.folder, path.name)
        temporary = temporary_of(part)
        with temporary.open("wb") as file, _packing(file, packed=self.packed) as stream:
            for line in selected(path, self.wanted, summary):
                stream.write(line + b"\n")
        if summary.kept:
            summary.part = temporary.stat().st_size
            temporary.replace(part)
        else:
            temporary.unlink()
            part.unlink(missing_ok=True)
        return summary


class Selection:
    """A pass that selects, with the work folder in which it can be gone on with.

    A context manager: it holds the folder. `place` says where the files are.
    """

    def __init__(
        self, files: Sequence[Path], listing: Listing, wanted: Wanted, place: str, folder: Path,
        packed: bool, jobs: int,
    ) -> None:  # fmt: skip
        self._files = files
        self._listing = listing
        self._work = SelectInto(wanted, folder, packed)
        self._jobs = jobs
        self._journal = Journal(folder, _plan(wanted, place, packed))
        self._done: dict[str, Summary] = {}

    def __enter__(self) -> Selection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._journal.__exit__(kind, error, trace)

    @property
    def size(self) -> int:
        """Bytes of all files on disk."""
        return sum(entry[1] for entry in self._listing)

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._files)

    def run(self) -> Iterator[tuple[Summary, bool]]:
        """What became of each file, and whether a run before this one had done it."""
        for summary, before in self._journal.run(
            self._files, self._listing, self._work, self._jobs
        ):
            self._done[summary.name] = summary
            yield summary, before

    def summaries(self) -> list[Summary]:
        """Of all files, in their order, after the run."""
        return [self._done[file.name] for file in self._files]

    def pieces(self) -> Iterator[bytes]:
        """What was kept of all files, in their order: JSON Lines, packed or not as asked for."""
        if self._work.packed and not any(summary.part for summary in self._done.values()):
            yield gzip.compress(b"", mtime=0)
        for summary in self.summaries():
            if summary.part:
                with part_of(self._work.folder, summary.name).open("rb") as part:
                    while piece := part.read(_PIECE):
                        yield piece

    def discard(self) -> None:
        """Take the work folder away."""
        self._journal.discard()


def _plan(wanted: Wanted, place: str, packed: bool) -> str:
    """What a journal is good for: the same records, of the same snapshot, in the same form."""
    said = [sorted(wanted.dois), sorted(wanted.issns), sorted(wanted.prefixes), place, packed]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


def _packing(file: IO[bytes], *, packed: bool) -> IO[bytes]:
    if not packed:
        return file
    # Without name and time, so that the same records give the same bytes.
    return cast("IO[bytes]", gzip.GzipFile("", "wb", _LEVEL, file, mtime=0))


# Before anything is parsed


@lru_cache(maxsize=4)
def _sieve(wanted: Wanted) -> Sieve:
    sieves: list[Sieve] = []
    if wanted.dois:
        sieves.append(doi_sieve(_bytes(wanted.dois)))
    if wanted.prefixes:
        sieves.append(_prefix_sieve(_bytes(wanted.prefixes)))
    if wanted.issns:
        sieves.append(_issn_sieve(wanted.issns))
    if len(sieves) == 1:
        return sieves[0]
    return lambda text: any(sieve(text) for sieve in sieves)


def _bytes(values: Iterable[str]) -> frozenset[bytes]:
    return frozenset(value.encode("utf-8", "surrogatepass") for value in values)


def _prefix_sieve(prefixes: frozenset[bytes]) -> Sieve:
    def holds(text: bytes) -> bool:
        found = _PREFIX.findall(text)
        return not prefixes.isdisjoint(found) or b"\\" in b"".join(found)

    return holds


def _issn_sieve(issns: frozenset[str]) -> Sieve:
    def holds(text: bytes) -> bool:
        return not issns.isdisjoint(_issns(b" ".join(_ISSN.findall(text))))

    return holds


def _issns(text: bytes) -> set[str]:
    return {f"{a.decode()}-{b.decode().upper()}" for a, b in _DIGITS.findall(text)}
