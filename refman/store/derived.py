"""What the tables of works say, derived from descriptions.

Everything here can be thrown away and made again from the records (`rebuild`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from refman.model import NAME_FIELDS, Description, OriginKind, RecordState, stated
from refman.rules import match, merge
from refman.rules.standing import standings
from refman.store import bigrams
from refman.store.codec import encode_attribution, encode_description
from refman.store.connection import Connection
from refman.store.records import records_of
from refman.store.search import facets
from refman.text.titles import fold

_SORT_LENGTH = 60
_CHECKED = 1000
_COLUMNS = (
    "type, title, author, editor, container_title, year, issued, volume, issue, page, publisher, "
    "doi, language, status, sort_author, sort_title, title_key, facets"
)
_INSERT = (
    f"INSERT INTO works (id, citation_key, added, modified, record_id, attribution, description, "
    f"{_COLUMNS}) VALUES ({', '.join('?' * 25)})"
)
_UPDATE = (
    f"UPDATE works SET (modified, record_id, attribution, description, {_COLUMNS}) = "
    f"(coalesce(?, modified), {', '.join('?' * 21)}) WHERE id = ?"
)
_FTS_COLUMNS = "title, author, container_title, abstract, keyword, other, facets"


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work to be made of one record that stands alone."""

    id: int
    citation_key: str
    record_id: int
    description: Description


@dataclass(slots=True)
class _Rows:
    """What the derived tables say of some works."""

    columns: list[tuple[object, ...]] = field(default_factory=list)
    """For each work the values of `_COLUMNS`."""
    contributors: list[tuple[int, str, int, str, str | None, str | None, str | None]] = field(
        default_factory=list
    )
    identifiers: list[tuple[str, str, int]] = field(default_factory=list)

    def add(self, work_id: int, description: Description) -> None:
        """Derive what a description comes to; this runs for every work of an import."""
        statements = dict(stated(description))
        keys = match.keys(description)
        for role, names in statements.items():
            if role in NAME_FIELDS:
                self.contributors += [
                    (work_id, role, i, name.full_family, name.given, name.literal, name.ORCID)
                    for i, name in enumerate(names)
                ]
        self.identifiers += [(scheme, value, work_id) for scheme, value in keys.identifiers]
        self.identifiers += [("issn", issn, work_id) for issn in description.ISSN]
        self.columns.append(_columns(description, statements, keys.title_key))


def sort_title(description: Description) -> str | None:
    """What a work is sorted by in the order of titles."""
    return fold(description.title)[:_SORT_LENGTH] if description.title else None


def _columns(
    description: Description, statements: Collection[str], title_key: int | None
) -> tuple[object, ...]:
    author = "; ".join([name.inverted for name in description.author]) or None
    editor = "; ".join([name.inverted for name in description.editor]) or None
    first = author or editor
    return (
        description.type,
        description.title,
        author,
        editor,
        description.container_title,
        description.year,
        description.issued.edtf if description.issued is not None else None,
        description.volume,
        description.issue,
        description.page,
        description.publisher,
        description.DOI,
        description.language,
        next((standing.value for standing in standings(description)), None),
        fold(first[: 2 * _SORT_LENGTH])[:_SORT_LENGTH] if first else None,
        sort_title(description),
        title_key,
        facets(description, statements),
    )


def _insert_sides(connection: Connection, rows: _Rows) -> None:
    connection.executemany(
        "INSERT INTO contributors (work_id, role, position, family, given, literal, orcid) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows.contributors,
    )
    connection.executemany(
        "INSERT OR IGNORE INTO identifiers (scheme, value, work_id) VALUES (?, ?, ?)",
        rows.identifiers,
    )


def insert_works(connection: Connection, works: Sequence[NewWork], now: str) -> None:
    """Put new works, with ids above all others, into the derived tables, but not the index."""
    if not works:
        return
    rows = _Rows()
    for work in works:
        rows.add(work.id, work.description)
    connection.executemany(
        _INSERT,
        (
            (work.id, work.citation_key, now, now, work.record_id, None, None) + columns
            for work, columns in zip(works, rows.columns, strict=True)
        ),
    )
    connection.executemany(
        "INSERT INTO citation_keys (key, work_id) VALUES (?, ?)",
        ((work.citation_key, work.id) for work in works),
    )
    _insert_sides(connection, rows)


def index_range(connection: Connection, first: int, last: int) -> None:
    """Put new works into the full-text index: one statement, in which Python has no part."""
    connection.execute(
        f"INSERT INTO works_fts (rowid, {_FTS_COLUMNS}) SELECT id, {_FTS_COLUMNS} "
        "FROM works_text WHERE id BETWEEN ? AND ?",
        (first, last),
    )


def unindex(connection: Connection, ids: str) -> None:
    """Take works out of the full-text index and the side tables, before their rows change.

    `ids` is a JSON array.
    """
    unindex_text(connection, ids)
    clear_sides(connection, ids)


def clear_sides(connection: Connection, ids: str) -> None:
    """Take works out of the side tables."""
    for table in ("contributors", "identifiers"):
        connection.execute(
            f"DELETE FROM {table} WHERE work_id IN (SELECT value FROM json_each(?))", (ids,)
        )


def unindex_text(connection: Connection, ids: str) -> None:
    """Take works out of the full-text index only, before their rows change.

    An index without its own copy of the text must be told what it held.
    """
    connection.execute(
        f"INSERT INTO works_fts (works_fts, rowid, {_FTS_COLUMNS}) "
        f"SELECT 'delete', id, {_FTS_COLUMNS} FROM works_text "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    )


def index(connection: Connection, ids: str) -> None:
    """Put works into the full-text index as their rows now are."""
    connection.execute(
        f"INSERT INTO works_fts (rowid, {_FTS_COLUMNS}) SELECT id, {_FTS_COLUMNS} "
        "FROM works_text WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    )


def refresh(
    connection: Connection,
    work_ids: Iterable[int],
    now: str | None,
    unindexed: Collection[int] = (),
) -> list[int]:
    """Reconcile works anew after their records changed; `now` None leaves their time as it is.

    `unindexed` are those that the full-text index does not hold yet. Returns the ids of those
    that have nothing to stand on any more; they are untouched. What a source says of a work that
    nobody brought in is not enough.
    """
    ids = json.dumps(sorted(set(work_ids)))
    heads: list[tuple[object, ...]] = []
    changed: list[int] = []
    bare: list[int] = []
    rows = _Rows()
    for work_id, records in records_of(connection, ids):
        standing = [record for record in records if record.state is RecordState.STANDING]
        if all(record.origin.kind is OriginKind.SOURCE for record in standing):
            bare.append(work_id)
            continue
        reconciled = merge.reconcile(standing)
        description = reconciled.description
        if len(standing) == 1 and description == standing[0].description:
            heads.append((now, standing[0].id, None, None))
        else:
            attribution = encode_attribution(reconciled.attribution)
            heads.append((now, None, attribution, encode_description(description)))
        changed.append(work_id)
        rows.add(work_id, description)
    changed_ids = json.dumps(changed)
    unindex_text(connection, json.dumps([id_ for id_ in changed if id_ not in unindexed]))
    clear_sides(connection, changed_ids)
    connection.executemany(
        _UPDATE,
        (
            (*head, *columns, work_id)
            for head, columns, work_id in zip(heads, rows.columns, changed, strict=True)
        ),
    )
    _insert_sides(connection, rows)
    index(connection, changed_ids)
    return bare


def refresh_noticed(connection: Connection) -> None:
    """Derive anew the works that notices or relations tell of, and those in scripts without blanks.

    Their time stays as it is.
    """
    noticed = connection.execute(
        "SELECT id FROM works_description WHERE description GLOB ? "
        "OR coalesce(description ->> 'updates', description ->> 'relations') IS NOT NULL",
        (bigrams.GLOB,),
    ).fetchall()
    ids = [row[0] for row in noticed]
    for start in range(0, len(ids), _CHECKED):
        refresh(connection, ids[start : start + _CHECKED], None)


def differing(connection: Connection, progress: Callable[[int], None] | None = None) -> int:
    """How many works have rows that are not those their records make.

    `progress` is told how many were compared.
    """
    ids = [row[0] for row in connection.execute("SELECT id FROM works ORDER BY id")]
    count = 0
    for start in range(0, len(ids), _CHECKED):
        count += _differing(connection, json.dumps(ids[start : start + _CHECKED]))
        if progress is not None:
            progress(min(start + _CHECKED, len(ids)))
    return count


def _differing(connection: Connection, ids: str) -> int:
    rows = _Rows()
    works: list[tuple[int, str | None]] = []
    for work_id, records in records_of(connection, ids):
        standing = [record for record in records if record.state is RecordState.STANDING]
        said = merge.reconcile(standing).description if standing else Description()
        rows.add(work_id, said)
        works.append((work_id, encode_description(said) if standing else None))
    expected: dict[int, set[tuple[object, ...]]] = {
        work_id: {columns, (said,)}
        for (work_id, said), columns in zip(works, rows.columns, strict=True)
    }
    for work_id, *contributor in rows.contributors:
        expected[work_id].add(tuple(contributor))
    for scheme, value, work_id in rows.identifiers:
        expected[work_id].add((scheme, value))
    found: dict[int, set[tuple[object, ...]]] = {}
    for sql in (
        f"SELECT id, {_COLUMNS} FROM works WHERE id",
        "SELECT id, description FROM works_description WHERE id",
        "SELECT work_id, role, position, family, given, literal, orcid "
        "FROM contributors WHERE work_id",
        "SELECT work_id, scheme, value FROM identifiers WHERE work_id",
    ):
        for work_id, *values in connection.execute(
            f"{sql} IN (SELECT value FROM json_each(?))", (ids,)
        ):
            found.setdefault(work_id, set()).add(tuple(values))
    return sum(expected.get(work_id) != said for work_id, said in found.items())
