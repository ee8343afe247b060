"""A library made by each earlier schema loses nothing when it is opened, and can all be undone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from refman.services.library import Library
from refman.store.connection import SCHEMA_VERSION

LIBRARIES = Path(__file__).parents[2] / "data" / "libraries"
_MADE_ANEW = {"works": {"facets", "status"}}
"""Columns that a newer refman derives otherwise."""


def _rows(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'works_fts%' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in tables
        }


@pytest.mark.parametrize("name", sorted(path.name for path in LIBRARIES.glob("*.db")))
def test_every_row_of_every_table_is_there_afterwards(name: str, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes((LIBRARIES / name).read_bytes())
    before = _rows(path)
    with Library(path) as library:
        assert library.check() == []
        keys = {work.citation_key for work in library.search()}
    after = _rows(path)
    for table, rows in before.items():
        known = {table: rows[0].keys() if rows else set()}[table] - _MADE_ANEW.get(table, set())
        found = [{column: row[column] for column in known} for row in after[table]]
        expected = [{column: row[column] for column in known} for row in rows]
        if table == "_sqlite_migrations":
            assert len(found) == SCHEMA_VERSION
            continue
        assert found == expected, table
    assert keys == {row["citation_key"] for row in before["works"]}
    [copy] = [each for each in tmp_path.iterdir() if "before-schema" in each.name]
    assert _rows(copy) == before


@pytest.mark.parametrize("name", ["used-1.db", "used-2.db", "schema-3.db"])
def test_its_history_is_told_and_taken_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes((LIBRARIES / name).read_bytes())
    with Library(path) as library:
        before = _works(library)
        if name != "schema-3.db":
            past = library.past(library.get("dwi2021"))
            told = [each.fields for works in past.values() for each in works]
            assert {"volume": ("4", "5"), "page": (None, "1-7")} in told
            assert {"volume": (None, "4")} in told
        steps = 0
        while len(library):
            library.undo()
            steps += 1
        assert library.check() == []
        for _ in range(steps):
            library.redo()
        assert (_works(library), library.check()) == (before, [])


def _works(library: Library) -> list[tuple[object, ...]]:
    return [
        (work.id, work.citation_key, work.aliases, work.description, work.tags, work.collections)
        for work in library.search()
    ]
