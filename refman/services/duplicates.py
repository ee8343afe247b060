"""Works that are in a library twice: found, merged, or kept apart for good."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from refman.errors import UsageError
from refman.model import Description, Origin, OriginKind, Record, Relation, Work
from refman.rules.duplicates import (
    Comparison,
    Group,
    Kind,
    Pair,
    block_keys,
    compare,
    grouped,
)
from refman.rules.evidence import is_preprint
from refman.rules.query import EVERYTHING, Node
from refman.store import Store
from refman.text.counting import counted

Progress = Callable[[int], None]
"""Told how many works have been looked at."""

_REMEMBERED = 4096
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found: works that are one, and preprints beside what was published of them."""

    groups: Sequence[Group]
    versions: Sequence[Pair]


def find(store: Store, query: Node = EVERYTHING, progress: Progress | None = None) -> Duplicates:
    """The duplicates among all works, of which at least one matches the query.

    Memory holds the pairs that are alike, not the works.
    """
    wanted = None if query == EVERYTHING else {row.id for row in store.rows(query)}
    described = lru_cache(_REMEMBERED)(lambda work_id: _description(store, work_id))

    def compare_ids(a: int, b: int) -> Comparison:
        return compare(described(a), described(b))

    found: list[Pair] = []
    with store.pairs(_keys(store, progress)) as pairs:
        for batch in _batches(pairs):
            works = store.works(sorted({work_id for pair in batch for work_id in pair}))
            known = {work.id: work.description for work in works}
            for a, b in batch:
                if a in known and b in known:
                    comparison = compare(known[a], known[b])
                    if comparison.kind is not Kind.DIFFERENT:
                        found.append(Pair(a, b, comparison))
    groups, versions = grouped(found, compare_ids)
    return Duplicates(
        [group for group in groups if _is_wanted(group.works, wanted)],
        [pair for pair in versions if _is_wanted((pair.a, pair.b), wanted)],
    )


def merge(store: Store, works: Sequence[Work], into: Work | None = None) -> int:
    """Make one work of several, the first or `into`, to which all their keys then lead.

    Returns the change's number. Raises `UsageError` for fewer than two.
    """
    into = into or next(iter(works), None)
    others = [work for work in _each_once(works) if into is not None and work.id != into.id]
    if into is None or not others:
        raise UsageError("One work cannot be merged.", hint="Name two or more citation keys.")
    names = ", ".join(work.citation_key for work in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    with store.writing() as writer:
        change = writer.change("user", "merge", f"merge of {names}{more} into {into.citation_key}")
        writer.merge(change, into.id, [work.id for work in others])
    return change


def merge_groups(store: Store, groups: Iterable[Group]) -> int:
    """Merge each group into its oldest work, as one change. Returns how many works went."""
    chosen = list(groups)
    gone = sum(len(group.works) - 1 for group in chosen)
    if not chosen:
        return 0
    with store.writing() as writer:
        change = writer.change("user", "merge", f"merge of {counted(gone, 'duplicate')}")
        for group in chosen:
            into, *others = group.works
            writer.merge(change, into, others)
    return gone


def keep_apart(store: Store, works: Sequence[Work]) -> int:
    """Note that these works are not one, whatever they look like. Returns how many pairs."""
    pairs = [(a.id, b.id) for a, b in combinations(_each_once(works), 2)]
    if not pairs:
        raise UsageError("One work is not kept apart from itself.", hint="Name two or more keys.")
    with store.writing() as writer:
        names = ", ".join(work.citation_key for work in works[:3])
        change = writer.change("user", "distinguish", f"{names} kept apart")
        new = writer.distinguish(change, pairs)
        writer.forget_if_empty(change)
    return new


def link(store: Store, versions: Iterable[Pair], now: str) -> int:
    """Say of preprints which work was published of them. Returns how many were not known.

    The relation goes with both works, in Crossref's terms, where the other one has a DOI.
    """
    additions: list[tuple[int, Record]] = []
    for pair in versions:
        works = {work.id: work.description for work in store.works((pair.a, pair.b))}
        if len(works) < 2:
            continue
        preprint, published = (pair.a, pair.b) if is_preprint(works[pair.a]) else (pair.b, pair.a)
        for work_id, other, relation in (
            (preprint, published, "is-preprint-of"),
            (published, preprint, "has-preprint"),
        ):
            doi = works[other].DOI
            said = Relation(relation, doi or "")
            if doi and not any(
                known.type == relation and known.id.lower() == doi.lower()
                for known in works[work_id].relations
            ):
                origin = Origin(kind=OriginKind.USER, name="user", retrieved=now)
                description = Description(relations=(said, *works[work_id].relations))
                additions.append((work_id, Record(description=description, origin=origin)))
    if additions:
        with store.writing() as writer:
            there = writer.present(work_id for work_id, _ in additions)
            additions = [(work_id, record) for work_id, record in additions if work_id in there]
            told = f"{counted(len(additions), 'work')} linked to other versions"
            change = writer.change("user", "link", told)
            writer.append(change, additions)
            writer.forget_if_empty(change)
    return len(additions)


def _each_once(works: Iterable[Work]) -> list[Work]:
    return list({work.id: work for work in works}.values())


def _keys(store: Store, progress: Progress | None) -> Iterator[tuple[int, Collection[int]]]:
    for count, work in enumerate(store.iterate(), start=1):
        yield work.id, block_keys(work.description)
        if progress is not None and count % _BATCH == 0:
            progress(count)


def _batches(pairs: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    for pair in pairs:
        batch.append(pair)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _description(store: Store, work_id: int) -> Description:
    work = store.work(work_id)
    return work.description if work is not None else Description()


def _is_wanted(works: Iterable[int], wanted: Collection[int] | None) -> bool:
    return wanted is None or any(work in wanted for work in works)
