"""Queries as SQL.

Nearly all of a query becomes one expression of FTS5, which answers in the order of rowids without
looking at more than it returns: beside the text, the index holds a column `facets` of made-up
words (`year2021`, `hasdoi`, `isretracted`), so that years, types and the presence of fields are
looked up and combined as words are. What changes without the work changing (tags, collections,
how far enrichment has come) and exact identifiers are conditions on indexed tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from refman.model import FIELDS, Description
from refman.model.vocabulary import CSL_TYPES
from refman.rules.query import And, Has, Is, Node, Not, Or, Term, YearRange
from refman.rules.standing import Standing, standings
from refman.store import bigrams, organised
from refman.store.beginnings import Beginnings

_TEXT_COLUMNS = frozenset(("title", "author", "container_title", "abstract", "keyword", "other"))
_ANY = 'facets : "any"'
_NO_YEAR = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
"""The years that have a word each; those before and after share one."""
_BEFORE, _AFTER = "yearbefore", "yearafter"


@dataclass(frozen=True, slots=True)
class Condition:
    """A query ready to run: an FTS5 expression (None: every work), and SQL for what is left.

    `sql` is a condition on `w`, the table works, with its `parameters`.
    """

    match: str | None
    sql: str
    parameters: tuple[object, ...]


def _alnum(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


_STANDINGS = frozenset(standing.value for standing in Standing)
_HAS = {field: f"has{_alnum(field)}" for field in FIELDS}
_TYPE = {name: f"type{_alnum(name)}" for name in CSL_TYPES}


def facets(description: Description, fields: Iterable[str]) -> str:
    """The made-up words that stand for a description's type, year and `fields`, those it states."""
    words = ["any"]
    kind = description.type
    if kind:
        words.append(_TYPE.get(kind) or f"type{_alnum(kind)}")
    year = description.year
    if year is not None:
        words.append(_year_words(year))
    words += [_HAS[field] for field in fields]
    words += [f"is{standing.value}" for standing in standings(description)]
    words += bigrams.words(description)
    return " ".join(words)


def _year_words(year: int) -> str:
    if year < _FIRST_YEAR:
        return _BEFORE
    if year > _LAST_YEAR:
        return _AFTER
    return f"year{year} decade{year // 10} century{year // 100}"


def compile_query(node: Node, beginnings: Beginnings | None = None) -> Condition:
    """The condition that a query's tree means.

    With `beginnings`, those of words that have no index of their own are looked up beforehand.
    """
    nodes = node.nodes if isinstance(node, And) else (node,)
    matches: list[str] = []
    clauses: list[str] = []
    parameters: list[object] = []
    for part in nodes:
        match = _match(part, beginnings)
        if match is not None:
            matches.append(match)
        else:
            clause, values = _sql(part, beginnings)
            clauses.append(clause)
            parameters += values
    return Condition(
        match=" AND ".join(matches) or None,
        sql=" AND ".join(clauses) or "1",
        parameters=tuple(parameters),
    )


def _quote(text: str) -> str:
    return '"' + text.replace("\x00", " ").replace('"', '""') + '"'


def _match(node: Node, beginnings: Beginnings | None) -> str | None:
    """The node as an FTS5 expression, or None where the full-text index cannot answer it."""
    match node:
        case Term(text, field, phrase):
            return _match_term(text, field, None if phrase else beginnings, phrase=phrase)
        case YearRange(low, high):
            return _match_years(low, high)
        case Has(field) if field not in ("tag", "collection", "note", "file"):
            return f'facets : "{_HAS[field]}"'
        case Is(state) if state in _STANDINGS:
            return f'facets : "is{state}"'
        case Not(inner):
            expression = _match(inner, beginnings)
            return None if expression is None else f"({_ANY} NOT ({expression}))"
        case And(nodes) | Or(nodes):
            parts = [_match(part, beginnings) for part in nodes]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            if not known:
                return f"({_ANY})"
            return "(" + (" AND " if isinstance(node, And) else " OR ").join(known) + ")"
        case _:
            return None


def _match_term(
    text: str, field: str | None, beginnings: Beginnings | None, *, phrase: bool
) -> str | None:
    if field is None:
        column = "- {facets}"
    elif field in _TEXT_COLUMNS:
        column = field
    elif field == "type":
        return f'facets : "type{_alnum(text)}" {"" if phrase else "*"}'
    else:
        return None
    if not any(char.isalnum() for char in text):
        return _ANY
    known = beginnings.expression(text) if beginnings is not None else None
    whole = f"({column} : {known or _quote(text) + ('' if phrase else ' *')})"
    inside = bigrams.expression(text, field)
    if inside is None:
        return whole
    rest = bigrams.without(text)
    if any(char.isalnum() for char in rest):
        inside += f" AND ({column} : {_quote(rest)} *)"
    return f"({whole} OR ({inside}))"


def _match_years(low: int | None, high: int | None) -> str | None:
    first = _FIRST_YEAR if low is None else low
    last = _LAST_YEAR if high is None else high
    if not (_FIRST_YEAR <= first <= _LAST_YEAR and _FIRST_YEAR <= last <= _LAST_YEAR):
        return None
    words = [f'"{word}"' for word, bound in ((_BEFORE, low), (_AFTER, high)) if bound is None]
    year = first
    while year <= last:
        for span, word in ((100, "century"), (10, "decade"), (1, "year")):
            if year % span == 0 and year + span - 1 <= last:
                words.append(f'"{word}{year // span}"')
                year += span
                break
    return f"facets : ({' OR '.join(words)})" if words else 'facets : "none"'


def _sql(node: Node, beginnings: Beginnings | None) -> tuple[str, list[object]]:
    """The node as a condition on `w`."""
    match = _match(node, beginnings)
    if match is not None:
        return "w.id IN (SELECT rowid FROM works_fts WHERE works_fts MATCH ?)", [match]
    kept = organised.condition(node)
    if kept is not None:
        return kept
    match node:
        case Not(inner):
            if (lacking := organised.condition(inner, absent=True)) is not None:
                return lacking
            clause, values = _sql(inner, beginnings)
            return f"NOT ({clause})", values
        case And(nodes) | Or(nodes):
            clauses, values = [], []
            for part in nodes:
                clause, more = _sql(part, beginnings)
                clauses.append(clause)
                values += more
            joint = " AND " if isinstance(node, And) else " OR "
            return "(" + joint.join(clauses) + ")", values
        case Is(state):
            return "w.id IN (SELECT work_id FROM enrichments WHERE status = ?)", [state]
        case Term(text, field, phrase):
            return _sql_term(text, field or "", phrase)
        case YearRange(low, high):
            # Numbers beyond all years are as good as the last of them, and fit SQLite's integers.
            first, last = (
                max(-_NO_YEAR, min(year, _NO_YEAR))
                for year in (
                    -_NO_YEAR if low is None else low,
                    _NO_YEAR if high is None else high,
                )
            )
            return "coalesce(w.year BETWEEN ? AND ?, 0)", [first, last]
        case Has(field):
            raise AssertionError(f"{field} is neither in the index nor kept beside it")


def _sql_term(text: str, field: str, phrase: bool) -> tuple[str, list[object]]:
    if field == "key":
        low, high = _prefix_range(text, phrase)
        clause = "w.id IN (SELECT work_id FROM citation_keys WHERE key >= ? AND key <= ?)"
        return clause, [low, high]
    low, high = _prefix_range(_normalised(text, field), phrase)
    clause = (
        "w.id IN (SELECT work_id FROM identifiers WHERE scheme = ? AND value >= ? AND value <= ?)"
    )
    return clause, [field, low, high]


def _normalised(text: str, field: str) -> str:
    """An identifier as the library compares it."""
    # Loaded here, for few queries name one, and its patterns take a while to compile.
    from refman.model import identifier  # noqa: PLC0415

    if field == "doi":
        return identifier.doi_key(identifier.parse_doi(text) or text)
    if field == "isbn":
        isbn = identifier.parse_isbn(text)
        return identifier.isbn_key(isbn) if isbn else text
    if field == "issn":
        return identifier.parse_issn(text) or text.upper()
    if field == "pmcid":
        return text.upper()
    if field == "arxiv":
        return (identifier.parse_arxiv(text) or text).lower()
    return text


def _prefix_range(text: str, exact: bool) -> tuple[str, str]:
    """The ends of the range of values that begin with the text."""
    return (text, text) if exact else (text, text + "\U0010ffff")
