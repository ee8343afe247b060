"""Looking DOIs up in one file of a snapshot, as work for a pass over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refman.crosswalk.crossref_answers import answer_from_message
from refman.ports import Answer
from refman.sources.crossref_files import (
    Found,
    Unreadable,
    doi_sieve,
    key_of,
    places,
    records,
    records_at,
)
from refman.sources.crossref_index import noted, rows_of
from refman.sources.crossref_journal import Summary

Asked = Mapping[str, Sequence[str]]
"""DOIs as they were asked for, under the form that is compared."""


@dataclass(slots=True)
class Looked:
    """What a file answers."""

    answers: list[tuple[str, list[Answer]]] = field(default_factory=list)
    """Under the DOI's compared form, an answer for each way in which it was asked for."""
    unreadable: int = 0
    rows: bytes = b""
    """For an index, where that is built by the way."""


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Reads a whole file for wanted DOIs, up to the last of them."""

    source: str
    asked: Asked

    def __call__(self, path: Path) -> Looked:
        """Do it for one file."""
        looked = Looked()
        sieve = doi_sieve(keys_of(self.asked))
        _look(records(path, sieve), self.source, dict(self.asked), looked)
        return looked


@dataclass(frozen=True, slots=True)
class LookAt:
    """Reads only the records at positions that an index gives, by the file's name."""

    source: str
    asked: Asked
    positions: Mapping[str, Sequence[int]]

    def __call__(self, path: Path) -> Looked:
        """Do it for one file."""
        looked = Looked()
        found = records_at(path, self.positions[path.name])
        _look(found, self.source, dict(self.asked), looked)
        return looked


@dataclass(frozen=True, slots=True)
class LookAndNote:
    """Reads a whole file for wanted DOIs, and notes by the way where every record is."""

    source: str
    asked: Asked

    def __call__(self, path: Path) -> Looked:
        """Do it for one file."""
        looked = Looked()
        wanted = dict(self.asked)
        summary = Summary(name=path.name)

        def seen() -> Iterator[tuple[str, int]]:
            for place in places(path, wanted):
                if isinstance(place, Unreadable):
                    summary.note(place)
                    continue
                if place.found is not None:
                    take(place.found, self.source, wanted, looked.answers)
                yield from noted((place,), summary)

        looked.rows = b"".join(rows_of(seen()))
        looked.unreadable = summary.unreadable
        return looked


def keys_of(asked: Asked) -> frozenset[bytes]:
    """The DOIs in the form in which bytes are looked through for them."""
    return frozenset(key.encode("utf-8", "surrogatepass") for key in asked)


def take(
    found: Found,
    source: str,
    wanted: dict[str, Sequence[str]],
    answers: list[tuple[str, list[Answer]]],
) -> None:
    """Add the answers that a record gives, and take what is answered out of `wanted`."""
    key = key_of(found.message)
    asked = wanted.pop(key, None)
    if asked is not None:
        answers.append((key, [answer_from_message(doi, found.message, source) for doi in asked]))


def _look(
    found: Iterable[Found | Unreadable],
    source: str,
    wanted: dict[str, Sequence[str]],
    looked: Looked,
) -> None:
    for record in found:
        if isinstance(record, Unreadable):
            looked.unreadable += 1
            continue
        take(record, source, wanted, looked.answers)
        if not wanted:
            break
