"""Queries that are kept under a name."""

from __future__ import annotations

import contextlib

from refman.errors import NotFoundError, UsageError
from refman.rules.query import expanded, parse, terms_in
from refman.services.labels import label_name
from refman.store import Store


def asking(store: Store, name: str) -> list[str]:
    """The saved searches that mean another one, of this name."""
    found = []
    for saved, query in store.saved_searches():
        with contextlib.suppress(UsageError):
            terms = terms_in(parse(query))
            if any(t.field == "search" and t.text.lower() == name.lower() for t in terms):
                found.append(saved)
    return found


def rename(store: Store, name: str, to: str) -> None:
    """Keep a query under another name, as one change.

    Raises `NotFoundError` for a name that is not in use, `UsageError` for one that is in use or
    would have the query mean itself.
    """
    to = label_name(to, of="A saved search")
    saved = {known.lower(): (known, text) for known, text in store.saved_searches()}
    if name.lower() not in saved:
        raise NotFoundError(f"There is no saved search {name}.")
    if to.lower() in saved and to.lower() != name.lower():
        raise UsageError(f"There is a saved search {to} already.")
    old, query = saved.pop(name.lower())
    texts = {known: text for known, (_, text) in saved.items()} | {to.lower(): query}
    expanded(parse(query), texts.get)
    with store.writing() as writer:
        change = writer.change("user", "search", f"saved search {old} is now {to}")
        writer.save_search(change, old, None)
        writer.save_search(change, to, query)


def save(store: Store, name: str, query: str | None) -> None:
    """Keep a query under a name, in place of what was there, or with None forget it.

    Raises `UsageError` for a query that cannot be read or would mean itself, and `NotFoundError`
    where there is nothing to forget.
    """
    name = label_name(name, of="A saved search")
    if query is not None:
        saved = {known.lower(): text for known, text in store.saved_searches()}
        saved[name.lower()] = query
        expanded(parse(query), lambda known: saved.get(known.lower()))
    with store.writing() as writer:
        deed = f"search saved as {name}" if query is not None else f"saved search {name} forgotten"
        writer.save_search(writer.change("user", "search", deed), name, query)
