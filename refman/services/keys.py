"""Giving out citation keys, so that no two works of a library have the same."""

from __future__ import annotations

from collections.abc import Iterable

from refman.rules import citekey
from refman.store import Writer


class KeyGiver:
    """Gives out citation keys that nobody else in the library has, a batch at a time."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._families: dict[str, set[str]] = {}

    def prepare(self, writer: Writer, bases: Iterable[str]) -> None:
        """Begin a batch: ask in one question which of the keys wanted are in use."""
        self._taken = writer.taken_keys(bases)
        self._families = {}

    def give(self, writer: Writer, base: str) -> str:
        """The key wanted, with `a`, `b`, … behind it where it is in use."""
        folded = base.lower()
        key = base
        if folded in self._taken:
            family = self._families.get(folded)
            if family is None:
                family = self._families[folded] = writer.keys_beginning(base) | {folded}
            key = citekey.next_free(base, _Either(family, self._taken))
            family.add(key.lower())
        self._taken.add(key.lower())
        return key


class _Either:
    """What is in one of two sets."""

    def __init__(self, one: set[str], other: set[str]) -> None:
        self._one, self._other = one, other

    def __contains__(self, key: object) -> bool:
        return key in self._one or key in self._other
