"""Making citation keys anew, which nothing does but `refman rekey`.

A key stays what it was once it is given, and documents may cite by it. So the new keys are a
proposal first, the old ones stay behind as aliases, and all of it is one change that can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from refman.model import Work
from refman.rules import citekey
from refman.rules.query import Node
from refman.store import Order, Reader, Store
from refman.text.counting import counted

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewKey:
    """The key that a work has, and the one that it would have."""

    work_id: int
    before: str
    after: str


def propose(
    reader: Reader, query: Node, template: str, *, keep_imported: bool = False
) -> Iterator[NewKey]:
    """The works of a query whose keys are not those that a template gives, the oldest first.

    Keys that other works have or had are not free; equals are told apart by letters, and a work
    that has the right key with a letter keeps it. With `keep_imported`, so do works whose key came
    with an entry. Raises `UsageError` for a template that cannot be read.
    """
    citekey.check_template(template)
    given = _Given(reader)
    works = reader.iterate(query, Order.ADDED, descending=False)
    while batch := list(islice(works, _BATCH)):
        wanted = {work.id: citekey.make_key(work.description, template) for work in batch}
        given.prepare(wanted.values())
        for work in batch:
            if keep_imported and _came_with_entry(reader, work):
                continue
            key = given.give(work, wanted[work.id])
            if key != work.citation_key:
                yield NewKey(work.id, work.citation_key, key)


def rekey(store: Store, keys: Sequence[NewKey]) -> list[NewKey]:
    """Give works the keys that were proposed, as one change. Returns those that were given.

    Left out is what somebody else has changed since they were proposed.
    """
    if not keys:
        return []
    with store.writing() as writer:
        change = writer.change("user", "rekey", f"new keys for {counted(len(keys), 'work')}")
        done = set(writer.rekey(change, [(key.work_id, key.before, key.after) for key in keys]))
        if len(done) < len(keys):
            writer.summarise(change, f"new keys for {counted(len(done), 'work')}")
        writer.forget_if_empty(change)
    return [key for key in keys if key.work_id in done]


def _came_with_entry(reader: Reader, work: Work) -> bool:
    key = work.citation_key.lower()
    records = reader.records(work.id)
    return any(record.citation_key and record.citation_key.lower() == key for record in records)


class _Given:
    """Which keys are free, with those that have been proposed counted as taken."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._proposed: dict[str, int] = {}
        """The keys proposed, in lower case, with the works that they are for."""
        self._taken: set[str] = set()
        self._families: dict[str, set[str]] = {}

    def prepare(self, keys: Iterable[str]) -> None:
        """Ask in one question which keys are in use."""
        self._taken = self._reader.taken_keys(keys)

    def give(self, work: Work, base: str) -> str:
        """The key for a work, which may be one that it has or had."""
        own = {key.lower() for key in (work.citation_key, *work.aliases)}
        folded = base.lower()
        key = base
        if folded in self._proposed or (folded in self._taken and folded not in own):
            family = self._families.get(folded)
            if family is None:
                family = self._families[folded] = self._reader.keys_beginning(base) | {folded}
            key = self._among(family, own - self._proposed.keys(), base, work.citation_key)
        self._proposed[key.lower()] = work.id
        return key

    def _among(self, family: set[str], own: set[str], base: str, present: str) -> str:
        """A free key with a letter behind it."""
        letters = present[len(base) :] if present.startswith(base) else ""
        if (
            len(letters) > 1
            and letters.isalpha()
            and citekey.with_suffix(base, 26).lower() in family
        ):
            # Behind z keys are not given in order, so the one that is there is as good as any.
            return present
        return citekey.next_free(base, _Taken(family, self._proposed, own))


class _Taken:
    """What is in use, or proposed, but by the work itself."""

    def __init__(self, family: set[str], proposed: dict[str, int], own: set[str]) -> None:
        self._family, self._proposed, self._own = family, proposed, own

    def __contains__(self, key: object) -> bool:
        return key in self._proposed or (key in self._family and key not in self._own)
