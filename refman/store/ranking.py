"""The best matches first: by BM25 where that can be had while somebody waits, else by titles.

BM25 looks at every match, and counts every work that has one of the words: half a million of them
take a second. Of a query that says so little, the best matches are those that have its words in
the title, as whole words, and the shorter the title the more of it they are; of equals, the newest.
That is asked for some of the newest matches, in tiers, each a search that stops when it has enough.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from refman.rules.query import And, Node, Not, Or, Term
from refman.store.beginnings import Beginnings
from refman.store.connection import Connection
from refman.store.search import Condition, compile_query

BROAD = 5_000
"""Matches of a query beyond which they are not all weighed."""
COMMON = 40_000
"""Works with the words of a query, all words together, beyond which they are not counted."""
_SAMPLE = 500
_WEIGHED = 500
"""Matches that are looked at in each tier of a broad query."""
_WEIGHTS = "8.0, 4.0, 2.0, 1.0, 2.0, 1.0, 0.0"
"""Of the columns of the index: title, author, container, abstract, keyword, other, facets."""
_COLUMNS = ("title", "author", "container_title", "abstract", "keyword", "other")


def best(connection: Connection, query: Node, limit: int | None) -> list[int] | None:
    """The ids of the works that match best; None where the full-text index has no say in it."""
    beginnings = Beginnings(connection)
    quick = compile_query(query, beginnings)
    if quick.match is None:
        return None
    if not _has_words(query):
        return _newest(connection, quick, limit)
    if limit is None or not _says_little(connection, query, beginnings):
        # With beginnings as they are, for a word is not the better match for being rare.
        return _by_weight(connection, compile_query(query), limit)
    found: dict[int, None] = {}
    for tier in (_whole(query), _in_names(query)):
        if len(found) < limit:
            ids = _newest(connection, compile_query(tier, beginnings), max(limit, _WEIGHED))
            found.update(dict.fromkeys(_short_titles_first(connection, ids)))
    if len(found) < limit:
        found.update(dict.fromkeys(_newest(connection, quick, limit)))
    return list(found)[:limit]


def _select(condition: Condition) -> str:
    source = "works_fts f"
    if condition.sql != "1":
        source += " JOIN works w ON w.id = f.rowid"
    return f"SELECT f.rowid FROM {source} WHERE works_fts MATCH ? AND {condition.sql}"


def _says_little(connection: Connection, query: Node, beginnings: Beginnings) -> bool:
    if _nth_newest(connection, compile_query(query, beginnings), BROAD) is not None:
        return True
    row = connection.execute("SELECT max(id) FROM works").fetchone()
    newest = int(row[0] or 0)
    if newest <= COMMON:
        return False
    having = 0.0
    for leaf in _leaves(query):
        condition = compile_query(leaf, beginnings)
        if condition.match is not None:
            id_ = _nth_newest(connection, condition, _SAMPLE)
            having += 0 if id_ is None else _SAMPLE / (newest - id_ + 1) * newest
    return having > COMMON


def _nth_newest(connection: Connection, condition: Condition, number: int) -> int | None:
    """The id of the newest match but so many; None where there are not so many."""
    row = connection.execute(
        f"{_select(condition)} ORDER BY f.rowid DESC LIMIT 1 OFFSET ?",
        (condition.match, *condition.parameters, number),
    ).fetchone()
    return None if row is None else int(row[0])


def _by_weight(connection: Connection, condition: Condition, limit: int | None) -> list[int]:
    rows = connection.execute(
        f"{_select(condition)} ORDER BY bm25(works_fts, {_WEIGHTS}), f.rowid DESC LIMIT ?",
        (condition.match, *condition.parameters, -1 if limit is None else limit),
    )
    return [row[0] for row in rows]


def _newest(connection: Connection, condition: Condition, limit: int | None) -> list[int]:
    rows = connection.execute(
        f"{_select(condition)} ORDER BY f.rowid DESC LIMIT ?",
        (condition.match, *condition.parameters, -1 if limit is None else limit),
    )
    return [row[0] for row in rows]


def _short_titles_first(connection: Connection, ids: list[int]) -> list[int]:
    rows = connection.execute(
        "SELECT w.id FROM works w WHERE w.id IN (SELECT value FROM json_each(?)) "
        "ORDER BY length(w.title), w.id DESC",
        (json.dumps(ids),),
    )
    return [row[0] for row in rows]


def _leaves(query: Node) -> list[Node]:
    match query:
        case Not(inner):
            return _leaves(inner)
        case And(nodes) | Or(nodes):
            return [leaf for node in nodes for leaf in _leaves(node)]
        case _:
            return [query]


def _has_words(query: Node) -> bool:
    match query:
        case Term(_, field):
            return field is None or field in _COLUMNS
        case And(nodes) | Or(nodes):
            return any(_has_words(node) for node in nodes)
        case _:
            return False


def _whole(query: Node) -> Node:
    """The query with its words in the title, and as whole words."""
    return _narrowed(query, lambda term: replace(term, field=term.field or "title", phrase=True))


def _in_names(query: Node) -> Node:
    """The query with its words in the title or in the names of authors."""

    def either(term: Term) -> Node:
        if term.field is not None:
            return term
        return Or((replace(term, field="title"), replace(term, field="author")))

    return _narrowed(query, either)


def _narrowed(query: Node, narrow: Callable[[Term], Node]) -> Node:
    """The query with each of its words narrowed; what is excluded stays as it is."""
    match query:
        case Term(_, field) if field is None or field in _COLUMNS:
            return narrow(query)
        case And(nodes):
            return And(tuple(_narrowed(node, narrow) for node in nodes))
        case Or(nodes):
            return Or(tuple(_narrowed(node, narrow) for node in nodes))
        case _:
            return query
