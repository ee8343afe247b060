"""Deciding on what is proposed, field by field, and on records that speak of another work.

A proposal is a record that does not count yet: what a source said under the policy `review`, a DOI
that a search found, an edit by hand of a file that is kept in step. Of each field that it would
change one decides: it is taken over, taken over with another text, or turned down. The decisions
on a work are one change, which `undo` takes back whole.

What is taken over is the user's word from then on, as any edit is, and no newer answer changes it;
its record goes on naming the source that said it. So is a text of one's own. What is left undecided
goes on being proposed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from refman.errors import NotFoundError, UsageError
from refman.model import (
    Description,
    EnrichmentStatus,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Work,
    stated,
)
from refman.rules import merge
from refman.rules.query import EVERYTHING, Node
from refman.services.editing import field_named, value_from_text
from refman.store import Store
from refman.text.counting import counted

_GOES_ALONG = frozenset(("relations", "extra"))
"""Fields that nobody is asked about: they add to what there is, and follow the others."""


class Verdict(Enum):
    """What becomes of a proposed value."""

    ACCEPT = "accept"
    REJECT = "reject"


Decision = Verdict | str
"""A verdict, or the text to be taken over in place of what was proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One field that a record would change. `new` is None where the field would be cleared."""

    record: Record
    field: str
    old: Any
    new: Any

    @property
    def source(self) -> str:
        """Who proposes it."""
        if self.record.origin.kind is OriginKind.USER:
            place = self.record.origin.location
            return f"edit in {place.rpartition(':')[0]}" if place else "you"
        return self.record.origin.name


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be decided about a work."""

    work: Work
    proposals: Sequence[Proposal]
    mismatches: Sequence[Record]
    """Records that came for its DOI, and speak of another work."""
    settled: Sequence[Record] = ()
    """Proposals that would change nothing any more."""

    @property
    def is_open(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.proposals or self.mismatches)


def review(store: Store, work: Work) -> Review:
    """What is to be decided about a work."""
    return _review(work, store.records(work.id))


def undecided(store: Store, query: Node = EVERYTHING) -> Iterator[Review]:
    """The works of a query about which something is to be decided, the newest first.

    They are found as they are asked for, by looking at the records of each work.
    """
    for work in store.iterate(query):
        found = review(store, work)
        if found.is_open:
            yield found


def _review(work: Work, records: Sequence[Record]) -> Review:
    proposals: list[Proposal] = []
    settled: list[Record] = []
    locked = merge.locked_fields(records)
    for record in records:
        if record.state is RecordState.PROPOSED:
            wanted = list(_wanted(work.description, record, locked))
            proposals += wanted
            if not wanted:
                settled.append(record)
    mismatches = [record for record in records if record.state is RecordState.MISMATCH]
    return Review(work, proposals, mismatches, settled)


def _wanted(now: Description, record: Record, locked: frozenset[str]) -> Iterator[Proposal]:
    """The fields that a record would change; none that the user has the last word on."""
    is_users = record.origin.kind is OriginKind.USER
    for field, value in stated(record.description):
        old = getattr(now, field)
        if field in _GOES_ALONG or value == old or (field in locked and not is_users):
            continue
        if field == "updates" and set(value) <= set(old):
            continue
        yield Proposal(record=record, field=field, old=old or None, new=value)
    for field in sorted(record.cleared):
        old = getattr(now, field)
        if old not in (None, ()):
            yield Proposal(record=record, field=field, old=old, new=None)


def decide(
    store: Store, work_id: int, decisions: Mapping[tuple[int, str], Decision], now: str
) -> int | None:
    """Decide on proposed values, given by the record's id and the field. One change, or none.

    Returns its number. What somebody else has decided meanwhile is passed over. Raises
    `NotFoundError` for a work that is gone, `UsageError` for a text that a field cannot hold.
    """
    return decide_all(store, {work_id: decisions}, now)


def decide_all(
    store: Store, wanted: Mapping[int, Mapping[tuple[int, str], Decision]], now: str
) -> int | None:
    """Decide on proposed values of several works, as one change. Returns its number, if any.

    Raises what `decide` raises.
    """
    gone: list[Record] = []
    added: list[tuple[int, Record]] = []
    accepted = rejected = 0
    keys: list[str] = []
    with store.writing() as writer:
        for work_id, decisions in wanted.items():
            work = writer.work(work_id)
            if work is None:
                raise NotFoundError("The work is no longer in the library.")
            before = len(gone)
            for record in writer.records(work_id):
                given = {
                    field: verdict
                    for (id_, field), verdict in decisions.items()
                    if id_ == record.id
                }
                if record.state is not RecordState.PROPOSED or not given:
                    continue
                gone.append(record)
                added += [(work_id, new) for new in _decided(record, work, given, now)]
                yes = sum(verdict is not Verdict.REJECT for verdict in given.values())
                accepted, rejected = accepted + yes, rejected + len(given) - yes
            if len(gone) > before:
                keys.append(work.citation_key)
        if not gone:
            return None
        told = ((accepted, "accepted"), (rejected, "rejected"))
        parts = [f"{number} {verdict}" for number, verdict in told if number]
        what = keys[0] if len(keys) == 1 else counted(len(keys), "work")
        change = writer.change("user", "review", f"review of {what}: {', '.join(parts)}")
        writer.decide(change, gone, added)
    return change


def _decided(
    record: Record, work: Work, given: Mapping[str, Decision], now: str
) -> Iterator[Record]:
    """The records that take a proposal's place: what stands, one's own words, what is left."""
    taken = {field for field, verdict in given.items() if verdict is Verdict.ACCEPT}
    written = {field: verdict for field, verdict in given.items() if isinstance(verdict, str)}
    if taken:
        along = _GOES_ALONG if _is_last(record, work, given) else frozenset()
        yield from _standing(record, taken, along, now)
    if written:
        yield _users(written, now)
    if not _is_last(record, work, given):
        said = {field for field, _ in stated(record.description)}
        yield _part(record, record.cleared - given.keys(), said - given.keys())


def _is_last(record: Record, work: Work, given: Mapping[str, Decision]) -> bool:
    """Whether nothing of a proposal is left to be decided."""
    left = _wanted(work.description, record, frozenset())
    return all(proposal.field in given for proposal in left)


def _standing(record: Record, taken: set[str], along: frozenset[str], now: str) -> Iterator[Record]:
    """What was taken over, as the user's word, and what goes along with it, as it was said."""
    chosen = _part(record, record.cleared & taken, taken - {"extra"})
    origin = replace(record.origin, kind=OriginKind.USER, retrieved=now)
    yield replace(chosen, origin=origin, state=RecordState.STANDING, guessed=frozenset())
    # The user's word replaces all others, which what is added to a list does not mean to.
    added = _part(record, frozenset(), along | (taken & {"extra"}))
    if stated(added.description):
        origin = record.origin
        if origin.kind is OriginKind.USER:
            added = _part(added, frozenset(), {"extra"})
            extra = added.description.extra
            if not extra:
                return
            origin = replace(origin, kind=OriginKind.IMPORT, name=extra[0].format)
        yield replace(added, origin=origin, state=RecordState.STANDING)


def _part(record: Record, cleared: frozenset[str], fields: Collection[str]) -> Record:
    """A record that says only some of the fields."""
    said = {field: value for field, value in stated(record.description) if field in fields}
    return replace(
        record,
        description=Description(**said),
        guessed=frozenset(field for field in record.guessed if field in said),
        verbatim=tuple(pair for pair in record.verbatim if pair[0] in said),
        cleared=cleared,
        id=None,
    )


def _users(written: Mapping[str, str], now: str) -> Record:
    values = {field_named(field): value_from_text(field, text) for field, text in written.items()}
    cleared = frozenset(field for field, value in values.items() if value in ("", ()))
    said = {field: value for field, value in values.items() if field not in cleared}
    return Record(description=Description(**said), cleared=cleared, origin=_by_user(now))


def _by_user(now: str) -> Origin:
    return Origin(kind=OriginKind.USER, name="user", retrieved=now)


class MismatchVerdict(Enum):
    """What becomes of a record that was found to speak of another work."""

    BELIEVE = "believe"
    """It is the same work after all: its word counts as any source's."""
    DISMISS = "dismiss"
    """It is another work; the DOI stays as it is."""
    DROP_DOI = "drop-doi"
    """It is another work, and the DOI is wrong, so it is taken off."""


def settle_mismatch(store: Store, work_id: int, verdict: MismatchVerdict, now: str) -> int | None:
    """Decide on the records of another work that a DOI led to. One change, or none.

    Returns its number. Raises `NotFoundError` for a work that is gone.
    """
    with store.writing() as writer:
        work = writer.work(work_id)
        if work is None:
            raise NotFoundError("The work is no longer in the library.")
        records = writer.records(work_id)
        found = [record for record in records if record.state is RecordState.MISMATCH]
        if not found:
            return None
        added: list[tuple[int, Record]] = []
        status = EnrichmentStatus.UNCHANGED
        told = {
            MismatchVerdict.BELIEVE: "is the work that its DOI names",
            MismatchVerdict.DISMISS: "is not what its DOI's record says",
            MismatchVerdict.DROP_DOI: "had another work's DOI",
        }[verdict]
        if verdict is MismatchVerdict.BELIEVE:
            status = EnrichmentStatus.ENRICHED
            added = [
                (work_id, replace(record, state=RecordState.STANDING, id=None)) for record in found
            ]
        elif verdict is MismatchVerdict.DROP_DOI:
            word = Record(
                description=Description(), cleared=frozenset({"DOI"}), origin=_by_user(now)
            )
            added = [(work_id, word)]
        change = writer.change("user", "review", f"{work.citation_key} {told}")
        writer.decide(change, found, added)
        writer.set_enrichment([work_id], status, change_id=change)
    return change


def merge_choosing(
    store: Store, works: Sequence[Work], into: Work, chosen: Mapping[str, Any], now: str
) -> int:
    """Make one work of several in which some fields have the values that the user chose.

    `chosen` gives values, None for a field that is to be empty; the other fields are reconciled
    as ever. One change, whose number is returned. Raises `UsageError` for fewer than two works.
    """
    others = list({work.id: work for work in works if work.id != into.id}.values())
    if not others:
        raise UsageError("One work cannot be merged.", hint="Name two or more.")
    word = Record(
        description=Description(
            **{field: value for field, value in chosen.items() if value not in (None, ())}
        ),
        cleared=frozenset(field for field, value in chosen.items() if value in (None, ())),
        origin=_by_user(now),
    )
    names = ", ".join(work.citation_key for work in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    with store.writing() as writer:
        change = writer.change("user", "merge", f"merge of {names}{more} into {into.citation_key}")
        writer.merge(change, into.id, [work.id for work in others])
        if chosen:
            writer.append(change, [(into.id, word)])
    return change


def merged(store: Store, works: Iterable[Work]) -> Description:
    """What a merge of these works would say, if nothing is chosen by hand."""
    records = [record for work in works for record in store.records(work.id)]
    return merge.reconcile(records).description
