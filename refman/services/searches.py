"""Queries that are kept under a name."""

from __future__ import annotations

from refman.rules.query import expanded, parse
from refman.services.labels import label_name
from refman.store import Store


def save(store: Store, name: str, query: str | None) -> None:
    """Keep a query under a name, in place of what was there, or with None forget it.

    Raises `UsageError` for a query that cannot be read or would mean itself, and `NotFoundError`
    where there is nothing to forget.
    """
    name = label_name(name)
    if query is not None:
        saved = {known.lower(): text for known, text in store.saved_searches()}
        saved[name.lower()] = query
        expanded(parse(query), lambda known: saved.get(known.lower()))
    with store.writing() as writer:
        deed = f"search saved as {name}" if query is not None else f"saved search {name} forgotten"
        writer.save_search(writer.change("user", "search", deed), name, query)
