"""Asking for the names of tags and collections, and what a query means by one."""

from __future__ import annotations

from dataclasses import dataclass

from refman.store.connection import Connection

LABEL_COLUMN = {"tags": "tag_id", "collections": "collection_id"}
"""The tables of names, and what `work_tags` and `work_collections` call the one that is meant."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A tag or a collection, and how many works of the library are in it itself."""

    name: str
    works: int


class LabelReader:
    """The questions about names. Every method may raise `StoreError`."""

    _connection: Connection

    def labels(self, table: str, name: str, *, below: bool = False) -> list[LabelRow]:
        """The name in `tags` or `collections`, if it is used; with `below`, those below it too.

        Used means, by works that were deleted as well: they may come back. Capitals of the Latin
        alphabet make no difference.
        """
        column = LABEL_COLUMN[table]
        rows = self._connection.execute(
            f"SELECT n.name, (SELECT count(*) FROM work_{table} x JOIN works w ON w.id = x.work_id "
            f"WHERE x.{column} = n.id) FROM {table} n WHERE (n.name = ?1 OR (?2 "
            "AND n.name > ?1 || '/' AND n.name < ?1 || '0')) "
            f"AND EXISTS (SELECT 1 FROM work_{table} x WHERE x.{column} = n.id) ORDER BY n.name",
            (name, below),
        )
        return [LabelRow(*row) for row in rows]


def moved_on(
    connection: Connection, change: int, root: int, but: int
) -> list[tuple[str, str, int]]:
    """Works that a change gave another name, and that a later one, except `but`, took from there.

    `root` is the change that it did again, if it did. Each as (citation key, what was taken off,
    change); all as one where that change took off more than one work.
    """
    found = []
    for table, column in LABEL_COLUMN.items():
        rows = connection.execute(
            # The works that it took from under a name are those it put under another.
            "SELECT min(w.citation_key), count(*), n.name, l.change_id FROM change_items i "
            "JOIN change_items l ON l.work_id = i.work_id AND l.kind = i.kind "
            "AND l.after IS NULL AND CAST(l.before AS INTEGER) IN (?1, ?4) "
            "AND l.change_id > ?1 AND l.change_id <> ?2 "
            "JOIN changes c ON c.id = l.change_id AND c.undone_by IS NULL "
            f"JOIN {table} n ON n.id = CAST(l.target AS INTEGER) "
            "JOIN works w ON w.id = i.work_id "
            "WHERE i.change_id = ?1 AND i.kind = ?3 AND i.after IS NULL "
            f"AND NOT EXISTS (SELECT 1 FROM work_{table} x WHERE x.work_id = l.work_id "
            f"AND x.{column} = n.id) GROUP BY l.change_id, n.id ORDER BY 4 DESC",
            (change, but, table, root),
        )
        noun = table.removesuffix("s")
        for key, count, name, later in rows.fetchall():
            works = key if count == 1 else f"{count:,} works"
            found.append((works, f"the {noun} {name}", later))
    return found
