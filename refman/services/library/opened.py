"""An open library file, and the connections of the threads that use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, Self

from refman.rules.query import Node, expanded, parse
from refman.store import Store
from refman.text.counting import counted


def utc_now() -> str:
    """The time in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class OpenLibrary:
    """One open library file, for any number of threads: each has a connection of its own.

    Every method may raise `refman.errors.StoreError`; queries in text may raise `UsageError`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool = False,
        clock: Any = utc_now,
        announce: Callable[[str], None] | None = None,
    ) -> None:
        self.path = Path(path)
        self._clock = clock
        self._owner = get_ident()
        self._store = Store.open(self.path, clock=clock, create=create, announce=announce)
        self._others: dict[int, Store] = {}
        self._lock = Lock()
        self._is_closed = False

    @property
    def store(self) -> Store:
        """The connection of this thread."""
        me = get_ident()
        if me == self._owner:
            return self._store
        with self._lock:
            if self._is_closed:
                raise ValueError(f"{self!r} is closed.")
            store = self._others.get(me)
            if store is None:
                store = self._others[me] = Store.open(self.path, clock=self._clock)
            return store

    def close(self) -> None:
        """Close the file. All that was done is in it already."""
        with self._lock:
            self._is_closed = True
            others, self._others = list(self._others.values()), {}
        for store in others:
            store.interrupt()
            store.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self.store.count()

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from html import escape  # noqa: PLC0415

        return f"<b>{escape(str(self.path))}</b>: {counted(len(self), 'work')}"

    @property
    def now(self) -> str:
        """The time, as the library's clock has it."""
        return str(self._clock())

    def node(self, query: str | Node) -> Node:
        """A query as it is compiled, with saved searches put in. Raises `UsageError`."""
        node = parse(query) if isinstance(query, str) else query
        if isinstance(query, str) and ("search:" in query or "saved:" in query):
            saved = {name.lower(): text for name, text in self.store.saved_searches()}
            node = expanded(node, lambda name: saved.get(name.lower()))
        return node
