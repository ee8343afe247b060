"""What can be asked of a library.

Lists are read a page at a time by seeking to where the last page ended, never by counting rows
off, and in an order that an index has; a count is a question of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refman.model import EnrichmentStatus, Record, Work
from refman.rules.query import EVERYTHING, Node
from refman.store.answers import AnswersReader
from refman.store.attached import AttachedReader
from refman.store.beginnings import Beginnings
from refman.store.codec import decode_attribution, decode_description
from refman.store.history import HistoryReader
from refman.store.labels import LABEL_COLUMN, LabelReader
from refman.store.listing import ListSearch
from refman.store.matching import MatchingReader
from refman.store.records import records_of
from refman.store.rows import PAGE, ROW, Order, Page, Position, Row, stretches
from refman.store.search import compile_query


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note on a work, in Markdown."""

    id: int
    text: str
    added: str
    modified: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file that belongs to a work; `path` is relative to the library's folder, or absolute."""

    id: int
    work_id: int
    path: str
    media_type: str | None
    sha256: str | None
    added: str


_LARGEST_PAGE = 16 * PAGE
_WORK = (
    "w.id, w.citation_key, w.added, w.modified, w.attribution, d.description, "
    "(SELECT status FROM enrichments e WHERE e.work_id = w.id)"
)


class Reader(AnswersReader, AttachedReader, HistoryReader, LabelReader, MatchingReader):
    """The questions. Every method may raise `StoreError`."""

    def interrupt(self) -> None:
        """Stop a question that another thread is waiting for; it then raises `StoreError`."""
        self._connection.interrupt()

    @property
    def data_version(self) -> int:
        """A number that changes when another connection has changed the library."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    # Lists

    def page(
        self,
        query: Node = EVERYTHING,
        order: Order = Order.ADDED,
        *,
        descending: bool = True,
        limit: int = PAGE,
        after: Position | None = None,
        before: Position | None = None,
        offset: int = 0,
    ) -> Page:
        """Up to `limit` rows: those after a position, those before one, or from the beginning.

        `offset` skips rows first; it costs as much as reading them, so it is for jumps only.
        """
        backwards = before is not None
        forward = descending == backwards
        position = before if backwards else after
        search = ListSearch(self._connection, query, order, forward=forward)
        rows: list[tuple[Any, ...]] = []
        for stretch in stretches(order, position, forward=forward):
            rows += search.read(stretch, limit - len(rows), offset)
            if len(rows) == limit:
                break
        if backwards:
            rows.reverse()
        if not rows:
            return Page(())
        return Page(
            rows=tuple(Row(*row[:-1]) for row in rows),
            first=Position(rows[0][-1], rows[0][0]),
            last=Position(rows[-1][-1], rows[-1][0]),
        )

    def rows(
        self,
        query: Node = EVERYTHING,
        order: Order = Order.ADDED,
        *,
        descending: bool = True,
        limit: int | None = None,
    ) -> Iterator[Row]:
        """The rows of a list one after the other, read a page at a time."""
        left = limit
        after: Position | None = None
        most = PAGE
        while left is None or left > 0:
            size = most if left is None else min(most, left)
            page = self.page(query, order, descending=descending, limit=size, after=after)
            yield from page.rows
            if len(page.rows) < size:
                return
            after = page.last
            left = None if left is None else left - size
            if order is not Order.ADDED:
                # Each page of another order costs a look at all matches, so there are to be few.
                most = min(2 * most, _LARGEST_PAGE)

    def ranked(self, query: Node = EVERYTHING, limit: int | None = None) -> Iterator[Row]:
        """The rows that match, the best first.

        A match in the title counts most, then one in names, then in journal and keywords, then in
        the abstract (BM25); a query without words has no best, and gives the newest first. With a
        limit, and thousands of matches, only titles and names are looked at, the newest first.
        """
        from refman.store.ranking import best  # noqa: PLC0415

        ids = best(self._connection, query, limit)
        if ids is None:
            yield from self.rows(query, limit=limit)
            return
        for start in range(0, len(ids), PAGE):
            batch = ids[start : start + PAGE]
            rows = {row.id: row for row in self._rows_of(batch)}
            yield from (rows[id_] for id_ in batch if id_ in rows)

    def _rows_of(self, work_ids: Sequence[int]) -> Iterator[Row]:
        sql = f"SELECT {ROW} FROM works w WHERE w.id IN (SELECT value FROM json_each(?))"
        for row in self._connection.execute(sql, (json.dumps(list(work_ids)),)):
            yield Row(*row)

    def saved_searches(self) -> list[tuple[str, str]]:
        """The queries that are kept, each as (name, query), in order of name."""
        return list(
            self._connection.execute("SELECT name, query FROM saved_searches ORDER BY name")
        )

    def count(self, query: Node = EVERYTHING) -> int:
        """How many works match."""
        if query == EVERYTHING:
            return int(self._connection.execute("SELECT count(*) FROM works").fetchone()[0])
        condition = compile_query(query, Beginnings(self._connection))
        if condition.match is None:
            sql = f"SELECT count(*) FROM works w WHERE {condition.sql}"
            return int(self._connection.execute(sql, condition.parameters).fetchone()[0])
        source = "works_fts f"
        if condition.sql != "1":
            source += " JOIN works w ON w.id = f.rowid"
        sql = f"SELECT count(*) FROM {source} WHERE works_fts MATCH ? AND {condition.sql}"
        row = self._connection.execute(sql, (condition.match, *condition.parameters)).fetchone()
        return int(row[0])

    # Works

    def find(self, key: str) -> int | None:
        """The id of the work with this citation key, present or former, or this DOI."""
        from refman.model.identifier import doi_key, parse_doi  # noqa: PLC0415

        row = self._connection.execute(
            "SELECT work_id FROM citation_keys WHERE key = ?", (key,)
        ).fetchone()
        if row is None and (doi := parse_doi(key)) is not None:
            row = self._connection.execute(
                "SELECT work_id FROM identifiers WHERE scheme = 'doi' AND value = ? "
                "ORDER BY work_id",
                (doi_key(doi),),
            ).fetchone()
        return None if row is None else int(row[0])

    def similar_keys(self, key: str, limit: int = 5) -> list[str]:
        """Keys that begin as this one does, for a message when it is not found."""
        rows = self._connection.execute(
            "SELECT key FROM citation_keys WHERE key >= ? AND key <= ? AND current = 1 LIMIT ?",
            (key[:3], key[:3] + "\U0010ffff", limit),
        )
        return [row[0] for row in rows]

    def works(self, work_ids: Sequence[int]) -> list[Work]:
        """The works with these ids, in the order asked for; unknown ids are left out."""
        ids = json.dumps(list(work_ids))
        rows = self._connection.execute(
            f"SELECT {_WORK} FROM works w JOIN works_description d ON d.id = w.id "
            "WHERE w.id IN (SELECT value FROM json_each(?))",
            (ids,),
        ).fetchall()
        aliases = self._grouped("SELECT work_id, key FROM citation_keys WHERE current = 0", ids)
        tags = self._grouped(
            "SELECT x.work_id, n.name FROM work_tags x JOIN tags n ON n.id = x.tag_id WHERE 1", ids
        )
        collections = self._grouped(
            "SELECT x.work_id, n.name FROM work_collections x "
            "JOIN collections n ON n.id = x.collection_id WHERE 1",
            ids,
        )
        found = {
            id_: Work(
                id=id_,
                citation_key=citation_key,
                description=decode_description(description),
                attribution=decode_attribution(attribution),
                aliases=aliases.get(id_, ()),
                tags=tags.get(id_, ()),
                collections=collections.get(id_, ()),
                enrichment=EnrichmentStatus(status) if status else None,
                added=added,
                modified=modified,
            )
            for id_, citation_key, added, modified, attribution, description, status in rows
        }
        return [found[work_id] for work_id in work_ids if work_id in found]

    def work(self, work_id: int) -> Work | None:
        """The work with this id."""
        works = self.works([work_id])
        return works[0] if works else None

    def _grouped(self, sql: str, ids: str) -> Mapping[int, tuple[str, ...]]:
        grouped: dict[int, tuple[str, ...]] = {}
        rows = self._connection.execute(
            f"{sql} AND work_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2", (ids,)
        )
        for work_id, name in rows:
            grouped[work_id] = (*grouped.get(work_id, ()), name)
        return grouped

    def iterate(
        self,
        query: Node = EVERYTHING,
        order: Order = Order.ADDED,
        *,
        descending: bool = True,
        limit: int | None = None,
    ) -> Iterator[Work]:
        """The works of a list one after the other; a page of them is in memory at a time."""
        batch: list[int] = []
        for row in self.rows(query, order, descending=descending, limit=limit):
            batch.append(row.id)
            if len(batch) == PAGE:
                yield from self.works(batch)
                batch = []
        if batch:
            yield from self.works(batch)

    def records(self, work_id: int) -> list[Record]:
        """All that was ever said of a work, oldest first, the withdrawn included."""
        for _, records in records_of(self._connection, json.dumps([work_id])):
            return records
        return []

    def records_by_work(self, work_ids: Sequence[int]) -> dict[int, list[Record]]:
        """The records of some works, as `records` gives them, by the work's id."""
        return dict(records_of(self._connection, json.dumps(list(work_ids))))

    def notes(self, work_id: int) -> list[NoteRow]:
        """The notes on a work, the oldest first."""
        rows = self._connection.execute(
            "SELECT id, text, added, modified FROM notes WHERE work_id = ? ORDER BY id", (work_id,)
        )
        return [NoteRow(*row) for row in rows]

    def attachments(self, work_id: int | None = None) -> list[AttachmentRow]:
        """The files attached to a work, or to any work, the first one first."""
        rows = self._connection.execute(
            "SELECT a.id, a.work_id, a.path, a.media_type, a.sha256, a.added FROM attachments a "
            "JOIN works w ON w.id = a.work_id WHERE ?1 IS NULL OR a.work_id = ?1 ORDER BY a.id",
            (work_id,),
        )
        return [AttachmentRow(*row) for row in rows]

    # The library as a whole

    def names(self, table: str) -> list[tuple[str, int]]:
        """The `tags` or `collections` with the number of works in each, in order of name."""
        rows = self._connection.execute(
            f"SELECT n.name, count(*) FROM {table} n JOIN work_{table} x "
            f"ON x.{LABEL_COLUMN[table]} = n.id JOIN works w ON w.id = x.work_id "
            "GROUP BY n.id ORDER BY n.name"
        )
        return list(rows)

    def check(self) -> list[str]:
        """What is wrong with the file, in sentences; nothing where it is sound."""
        from refman.store.checking import faults  # noqa: PLC0415

        return faults(self._connection)
