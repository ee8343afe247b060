"""What we believe of a work, out of all that was said of it.

Every record is a voice. Field by field the voices are asked in a fixed order, and the first one
that says something is believed:

1. the user, the newest word first; what the user cleared is empty, and that is a word too;
2. a source that the user chose to prefer;
3. an import, where it read the value and did not guess it, the first import first;
4. a source, the registration agencies before the aggregators, the latest answer first;
5. what a source guessed;
6. what an import guessed.

So a source fills what is empty and replaces what an importer guessed, and no machine ever touches
what a user wrote. Three kinds of field are not simply taken from one voice: `issued` is made more
precise where another record refines it, identifiers are united, and a retraction that anyone
reports is never hidden behind another record. `docs/merging.md` says it at length.

All of this is pure, and does not depend on the order in which the records are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from refman.model import (
    FIELDS,
    Date,
    Description,
    OriginKind,
    Record,
    RecordState,
    stated,
)
from refman.rules.unite import UNITED, unite


class Rank(IntEnum):
    """How much a record's word on a field weighs; the lowest number is believed."""

    USER = 1
    PREFERRED = 2
    IMPORT = 3
    SOURCE = 4
    SOURCE_GUESS = 5
    IMPORT_GUESS = 6


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What is believed, and the id of the record that each field was taken from.

    The attribution is empty where there is only one record to believe, and it leaves out records
    that have no id yet.
    """

    description: Description
    attribution: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one record says on one field, and what that counts for.

    `value` is None where the user cleared the field. `field` is the field it was read from: a
    publication date in print may be what stands as `issued`. `rank` is the lower-case name of the
    `Rank`, or the state of a record that does not count (`proposed`, `mismatch`).
    """

    record: Record
    field: str
    value: Any
    verbatim: str | None
    rank: str
    stands: bool


@dataclass(frozen=True, slots=True)
class _Voice:
    """A record, heard either for what it knows or for what it guessed."""

    rank: Rank
    record: Record

    def states(self, name: str) -> bool:
        """Whether this voice may speak on the field at all."""
        guesses = self.rank >= Rank.SOURCE_GUESS
        return self.rank is Rank.USER or (name in self.record.guessed) is guesses

    def words(self) -> Iterator[tuple[str, Any]]:
        """The fields on which this voice says something, with their values."""
        description, guessed = self.record.description, self.record.guessed
        if self.rank >= Rank.SOURCE_GUESS:
            for name in guessed:
                value = getattr(description, name, None)
                if not _is_empty(value):
                    yield name, value
        elif guessed and self.rank is not Rank.USER:
            yield from (said for said in stated(description) if said[0] not in guessed)
        else:
            yield from stated(description)


_TRUST = {
    # Registration agencies hold what the publisher itself deposited.
    "crossref": 0,
    "crossref-snapshot": 0,
    "datacite": 0,
    "medra": 0,
    "jalc": 0,
    # The agency's own word, but translated for styles.
    "doi": 1,
    "pubmed": 1,
    "europepmc": 2,
    "arxiv": 2,
    "dblp": 2,
    "openalex": 4,
}
_UNKNOWN_SOURCE = 3
_PUBLISHED = ("published_print", "published_online", "issued")
_LAST = "~"
"""Sorts behind every ISO 8601 date."""

_values = attrgetter(*FIELDS)

_Winners = dict[str, tuple[_Voice, Any]]


def reconcile(records: Sequence[Record]) -> Reconciled:
    """The description that stands, and which record each of its fields came from.

    Only standing records count. Where a single one does and it clears nothing, the result holds
    that record's own description object.
    """
    if len(records) == 1:
        record = records[0]
        if record.state is RecordState.STANDING and not record.cleared:
            return Reconciled(record.description, {})
    voices = _voices(records)
    if not voices:
        return Reconciled(Description(), {})
    winners = _winners(voices)
    _settle_issued(winners, voices)
    for name in UNITED & winners.keys():
        _unite(name, winners, voices)
    description = Description(
        **{name: value for name, (_, value) in winners.items() if value is not None}
    )
    lone = all(voice.record is voices[0].record for voice in voices)
    if lone:
        same = description == voices[0].record.description
        return Reconciled(voices[0].record.description if same else description, {})
    attribution = {}
    for name in sorted(winners):
        voice, value = winners[name]
        if voice.record.id is not None and not _is_empty(value):
            attribution[name] = voice.record.id
    return Reconciled(description, attribution)


def locked_fields(records: Iterable[Record]) -> frozenset[str]:
    """The fields on which the user has the last word, those that the user cleared included."""
    locked: set[str] = set()
    for record in records:
        if record.origin.kind is OriginKind.USER and record.state is RecordState.STANDING:
            locked.update(name for name, _ in stated(record.description))
            locked.update(record.cleared)
    return frozenset(locked)


def explain(records: Sequence[Record], field: str) -> list[Claim]:
    """What each record says on a field, the one that is believed first.

    Records that wait for a decision or were found to speak of another work come last, and do not
    stand; withdrawn ones are left out. Raises `KeyError` for what is no field of a description.
    """
    if field not in FIELDS:
        raise KeyError(field)
    voices = _voices(records)
    winners = _winners(voices)
    _settle_issued(winners, voices)
    standing: tuple[_Voice, Any] | None = winners.get(field)
    if standing is not None and field in UNITED:
        _unite(field, winners, voices)
    believed = winners[field][1] if standing is not None else None
    claims: list[Claim] = []
    for voice in voices:
        claims.extend(_claims(voice, field, standing, believed))
    claims.sort(key=lambda claim: not claim.stands)
    for state in (RecordState.PROPOSED, RecordState.MISMATCH):
        others = [record for record in records if record.state is state]
        for record in _sorted(others, RecordState.PROPOSED):
            value = getattr(record.description, field)
            if not _is_empty(value):
                claims.append(_claim(record, field, value, state.value, stands=False))
            elif field in record.cleared:
                claims.append(_claim(record, field, None, state.value, stands=False))
    return claims


def changes(before: Description, after: Description) -> dict[str, tuple[Any, Any]]:
    """The fields in which two descriptions differ, each with its value before and after."""
    if before is after:
        return {}
    pairs = zip(FIELDS, _values(before), _values(after), strict=True)
    return {name: (old, new) for name, old, new in pairs if old != new}


def _is_empty(value: Any) -> bool:
    return value is None or value == ()


def _voices(records: Iterable[Record]) -> list[_Voice]:
    """The standing records in the order in which they are believed.

    A record that guessed some of its fields speaks twice.
    """
    by_rank: dict[Rank, list[Record]] = {rank: [] for rank in Rank}
    for record in records:
        if record.state is not RecordState.STANDING:
            continue
        kind = record.origin.kind
        if kind is OriginKind.USER:
            by_rank[Rank.USER].append(record)
            continue
        imported = kind is OriginKind.IMPORT
        if record.guessed:
            by_rank[Rank.IMPORT_GUESS if imported else Rank.SOURCE_GUESS].append(record)
        if imported:
            by_rank[Rank.IMPORT].append(record)
        else:
            preferred = record.origin.preferred
            by_rank[Rank.PREFERRED if preferred else Rank.SOURCE].append(record)
    return [_Voice(rank, record) for rank in Rank for record in _sorted(by_rank[rank], rank)]


def _sorted(records: list[Record], rank: Rank | RecordState) -> list[Record]:
    """Records of one rank, the one that is believed first in front."""
    if len(records) < 2:
        return records
    if rank is Rank.USER:
        keys = [(_later(record), -_id(record)) for record in records]
    elif rank in (Rank.IMPORT, Rank.IMPORT_GUESS):
        keys = [(_earlier(record), _id(record)) for record in records]
    else:
        keys = [
            ((_TRUST.get(record.origin.name, _UNKNOWN_SOURCE), *_later(record)), 0.0)
            for record in records
        ]
    if len(set(keys)) < len(keys):
        # Only what is said can decide now: the place in the list is chance.
        tied = [(*key, _content(record), _id(record)) for key, record in zip(keys, records)]
        order = sorted(range(len(records)), key=tied.__getitem__)
    else:
        order = sorted(range(len(records)), key=keys.__getitem__)
    return [records[position] for position in order]


def _earlier(record: Record) -> tuple[int, ...]:
    """A key that sorts the earliest first, and records without a time last."""
    return tuple(ord(char) for char in record.origin.retrieved or _LAST)


def _later(record: Record) -> tuple[int, ...]:
    """A key that sorts the latest first, and records without a time last."""
    return (*(-ord(char) for char in record.origin.retrieved or ""), 1)


def _id(record: Record) -> float:
    """Records that are not stored yet come after all that are."""
    return float("inf") if record.id is None else record.id


def _content(record: Record) -> bytes:
    """A digest of all that a record says, the same in every process."""
    text = repr(
        (
            list(stated(record.description)),
            record.origin,
            sorted(record.guessed),
            record.verbatim,
            sorted(record.cleared),
            record.citation_key,
            record.payload,
        )
    )
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _winners(voices: Sequence[_Voice]) -> _Winners:
    """For each field the voice that is believed and what it says; None where it was cleared."""
    winners: _Winners = {}
    for voice in voices:
        record = voice.record
        cleared = record.cleared if voice.rank is Rank.USER else ()
        for name in cleared:
            winners.setdefault(name, (voice, None))
        for name, value in voice.words():
            if name not in winners:
                winners[name] = (voice, value)
    return winners


def _settle_issued(winners: _Winners, voices: Sequence[_Voice]) -> None:
    """Make a date that an import gave more precise, where another record knows more.

    Crossref's `issued` is the earlier of the dates in print and online, which need not be the
    year that an index or a title page names. So the date that agrees with that year is sought
    first among the one in print, the one online and `issued`.
    """
    standing = winners.get("issued")
    if standing is None or standing[1] is None:
        return
    winner, date = standing
    if winner.rank in (Rank.IMPORT, Rank.IMPORT_GUESS):
        for voice in voices:
            if voice.record is winner.record or voice.rank > Rank.SOURCE:
                continue
            finer = _dated(voice, lambda other: other.refines(date))
            if finer is not None:
                winners["issued"] = (voice, finer)
                return
    elif winner.rank in (Rank.SOURCE, Rank.SOURCE_GUESS):
        year = _guessed_year(voices)
        if year is None or year == date.year:
            return
        agreeing = _dated(winner, lambda other: other.year == year)
        if agreeing is not None:
            winners["issued"] = (winner, agreeing)


def _dated(voice: _Voice, fits: Callable[[Date], bool]) -> Date | None:
    for name in _PUBLISHED:
        date: Date | None = getattr(voice.record.description, name)
        if date is not None and voice.states(name) and fits(date):
            return date
    return None


def _guessed_year(voices: Iterable[_Voice]) -> int | None:
    """The bare year that an import guessed, if one did."""
    for voice in voices:
        date = voice.record.description.issued
        if voice.rank is Rank.IMPORT_GUESS and date is not None and voice.states("issued"):
            return date.year if date.is_bare_year else None
    return None


def _unite(name: str, winners: _Winners, voices: Iterable[_Voice]) -> None:
    """Add to the winner's list what others may add to it."""
    winner, value = winners[name]
    if not value or (winner.rank is Rank.USER and name != "updates"):
        return
    others = {
        id(voice.record): voice.record.description
        for voice in voices
        if voice.record is not winner.record and _may_add(name, winner, voice)
    }
    if others:
        winners[name] = (winner, unite(name, winner.record.description, others.values()))


def _may_add(name: str, winner: _Voice, voice: _Voice) -> bool:
    if not getattr(voice.record.description, name):
        return False
    if name in ("updates", "relations", "extra"):
        return True
    if name == "keyword":
        return winner.rank is Rank.IMPORT is voice.rank and voice.states(name)
    return voice.states(name) and (voice.rank <= Rank.SOURCE or winner.rank > Rank.SOURCE)


def _claims(
    voice: _Voice, field: str, standing: tuple[_Voice, Any] | None, believed: Any
) -> Iterator[Claim]:
    """What one voice says on a field, and on the other dates that may stand as `issued`."""
    record, rank = voice.record, voice.rank.name.lower()
    wins = standing is not None and standing[0] is voice
    value = getattr(record.description, field)
    if voice.rank is Rank.USER and field in record.cleared:
        yield _claim(record, field, None, rank, stands=wins)
        return
    if not _is_empty(value) and voice.states(field):
        if field in UNITED:
            stands = not _is_empty(believed) and set(value) <= set(believed)
        else:
            stands = wins and value == believed
        yield _claim(record, field, value, rank, stands=stands)
    if field == "issued" and wins and value != believed:
        name = next(n for n in _PUBLISHED if getattr(record.description, n) == believed)
        yield _claim(record, name, believed, rank, stands=True)


def _claim(record: Record, field: str, value: Any, rank: str, *, stands: bool) -> Claim:
    verbatim = next((text for name, text in record.verbatim if name == field), None)
    return Claim(
        record=record, field=field, value=value, verbatim=verbatim, rank=rank, stands=stands
    )
