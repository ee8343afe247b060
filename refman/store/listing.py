"""How a page of a list is asked for, by how much a query matches and in which order it is wanted.

In the order of ids the full-text index gives the matches one by one, and stops when the page is
full. In another order there are three ways. What matches few works is read and sorted. What
matches very many is met soon by whoever walks the index of that order, asking at each work whether
it matches. Between the two, the ids of all matches are collected first, and the same index is
walked with those at hand.
"""

from __future__ import annotations

import json
from typing import Any

from refman.rules.query import And, Node, Not, Or, Term, YearRange
from refman.store.beginnings import Beginnings
from refman.store.connection import Connection
from refman.store.rows import ROW, Order
from refman.store.search import compile_query

_LAST_YEAR = 1_000_000
"""Numbers beyond are as good, and SQLite has integers of 64 bits."""
Stretch = tuple[str, list[Any]]
"""A condition for some consecutive works of an order, and its parameters."""

_INDEX = {
    Order.YEAR: "works_year",
    Order.AUTHOR: "works_author",
    Order.TITLE: "works_title",
    Order.MODIFIED: "works_modified",
}
"""Orders that have an index. In the others everything that matches is sorted."""
FEW = 1000
"""Matches that are simply read and sorted."""
_COLLECTING, _ASKING_WORD, _ASKING_BEGINNING = 0.2, 35.0, 90.0
"""Microseconds that it takes to collect a match, and to ask of a work if it has a word, or one that
begins so. They only choose the way."""


class ListSearch:
    """A query in an order, to be read stretch by stretch."""

    def __init__(self, connection: Connection, query: Node, order: Order, *, forward: bool) -> None:
        self._connection = connection
        self._order = order
        self._direction = "ASC" if forward else "DESC"
        self._beginnings = Beginnings(connection)
        self._bounds: list[Stretch] = []
        self._query = query
        self._condition = compile_query(query, self._beginnings)
        self._share: float | None = None
        self._newest = 0
        if order is Order.YEAR:
            self._take_years_out()

    def _take_years_out(self) -> None:
        """Let years that are asked for bound the way through their index.

        Where little or nothing else is asked for they need not be searched for, then.
        """
        rest, self._bounds = _without_years(self._query)
        if not self._bounds:
            return
        whole, self._condition = self._condition, compile_query(rest, self._beginnings)
        if self._condition.match is not None and self._matching_share() > 0:
            self._condition, self._share = whole, None

    def read(self, stretch: Stretch, limit: int, offset: int = 0) -> list[tuple[Any, ...]]:
        """Rows of the columns `ROW` and the value that is sorted by."""
        clause, values = self._bounded(*stretch)
        condition, order = self._condition, self._order
        by = f"w.{order.value} {self._direction}"
        if order is not Order.ADDED:
            by += f", w.id {self._direction}"
        tail = "LIMIT ? OFFSET ?"
        if condition.match is None:
            sql = f"FROM works w WHERE {condition.sql} AND {clause} ORDER BY {by} {tail}"
            if order is not Order.ADDED and order not in _INDEX:
                # All have to be sorted, so by their ids alone: whole rows take ten times as long.
                sql = f"FROM works w WHERE w.id IN (SELECT w.id {sql}) ORDER BY {by}"
            return self._rows(sql, [*condition.parameters, *values, limit, offset])
        found = [condition.match, *condition.parameters]
        if order is Order.ADDED:
            # The index answers in this order by itself, and stops when it has enough.
            clause, by = clause.replace("w.id", "f.rowid"), f"f.rowid {self._direction}"
        elif order in _INDEX and (share := self._matching_share()) > 0:
            if not offset and (ids := self._walk(clause, values, limit, share)) is not None:
                return self._rows(
                    "FROM json_each(?) j CROSS JOIN works w ON w.id = j.value ORDER BY j.key",
                    [json.dumps(ids)],
                )
            return self._rows(
                f"FROM works w INDEXED BY {_INDEX[order]} WHERE w.id IN "
                f"(SELECT rowid FROM works_fts WHERE works_fts MATCH ?) AND {condition.sql} "
                f"AND {clause} ORDER BY {by} {tail}",
                [*found, *values, limit, offset],
            )
        sql = (
            "FROM works_fts f JOIN works w ON w.id = f.rowid WHERE works_fts MATCH ? "
            f"AND {condition.sql} AND {clause} ORDER BY {by} {tail}"
        )
        return self._rows(sql, [*found, *values, limit, offset])

    def _rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(
            f"SELECT {ROW}, w.{self._order.value} {sql}", parameters
        ).fetchall()

    def _matching_share(self) -> float:
        """The share of the works that match, by how close the newest are; 0 where they are few."""
        if self._share is None:
            row = self._connection.execute(
                "SELECT rowid, (SELECT max(id) FROM works) FROM works_fts WHERE works_fts MATCH ? "
                "ORDER BY rowid DESC LIMIT 1 OFFSET ?",
                (self._condition.match, FEW),
            ).fetchone()
            if row is None:
                self._share = 0.0
            else:
                self._newest = row[1]
                self._share = FEW / (self._newest - row[0] + 1)
        return self._share

    def _walk(self, clause: str, values: list[Any], limit: int, share: float) -> list[int] | None:
        """The ids of a page's works, met in the index; None where that would be a long way."""
        if self._condition.sql != "1" or not self._is_light():
            return None
        if limit / share * self._asking() > share * self._newest * _COLLECTING:
            return None
        way = int(3 * limit / share)
        near = self._connection.execute(
            f"SELECT w.id FROM works w WHERE {clause} "
            f"ORDER BY w.{self._order.value} {self._direction}, w.id {self._direction} LIMIT ?",
            (*values, way),
        ).fetchall()
        found = self._connection.execute(
            "SELECT j.value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM works_fts "
            "WHERE works_fts MATCH ? AND rowid = j.value) LIMIT ?",
            (json.dumps([row[0] for row in near]), self._condition.match, limit),
        ).fetchall()
        if len(found) < limit and len(near) == way:
            return None
        return [row[0] for row in found]

    def _asking(self) -> float:
        """About how long it takes to ask of one work whether it matches."""
        match = self._condition.match or ""
        return _ASKING_WORD * match.count('"') / 2 + _ASKING_BEGINNING * match.count('" *')

    def _is_light(self) -> bool:
        return all(
            term.phrase or self._beginnings.is_light(term.text) for term in _terms(self._query)
        )

    def _bounded(self, clause: str, values: list[Any]) -> Stretch:
        for bound, years in self._bounds:
            clause, values = f"{clause} AND {bound}", [*values, *years]
        return clause, values


def _terms(query: Node) -> list[Term]:
    match query:
        case Term():
            return [query]
        case Not(inner):
            return _terms(inner)
        case And(nodes) | Or(nodes):
            return [term for node in nodes for term in _terms(node)]
        case _:
            return []


def _without_years(query: Node) -> tuple[Node, list[Stretch]]:
    """The query without the years that all matches are to be of, and those as conditions."""
    nodes = query.nodes if isinstance(query, And) else (query,)
    bounds: list[Stretch] = []
    for node in nodes:
        if isinstance(node, YearRange):
            low = -_LAST_YEAR if node.low is None else node.low
            high = _LAST_YEAR if node.high is None else node.high
            years = [max(-_LAST_YEAR, min(year, _LAST_YEAR)) for year in (low, high)]
            bounds.append(("w.year BETWEEN ? AND ?", years))
    return And(tuple(node for node in nodes if not isinstance(node, YearRange))), bounds
