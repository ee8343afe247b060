"""Asking for the names of tags and collections, and what a query means by one."""

from __future__ import annotations

from dataclasses import dataclass

from refman.store.connection import Connection

_COLUMN = {"tags": "tag_id", "collections": "collection_id"}


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
        column = _COLUMN[table]
        rows = self._connection.execute(
            f"SELECT n.name, (SELECT count(*) FROM work_{table} x JOIN works w ON w.id = x.work_id "
            f"WHERE x.{column} = n.id) FROM {table} n WHERE (n.name = ?1 OR (?2 "
            "AND n.name > ?1 || '/' AND n.name < ?1 || '0')) "
            f"AND EXISTS (SELECT 1 FROM work_{table} x WHERE x.{column} = n.id) ORDER BY n.name",
            (name, below),
        )
        return [LabelRow(*row) for row in rows]
