"""Bulk imports: the pieces of the full-text index are joined where that is worth it."""

from __future__ import annotations

from unittest.mock import patch

from refman.model import Description, Origin, OriginKind, Record
from refman.services import importing
from refman.services.importing import ImportPolicy, import_entries
from refman.store import Store, bulk
from tests.property.libraries import ScratchStore


def _import(store: Store, first: int, last: int) -> None:
    origin = Origin(kind=OriginKind.IMPORT, name="ris")
    records = [
        Record(description=Description(title=f"Mosses of valley {number}"), origin=origin)
        for number in range(first, last)
    ]
    with patch.object(importing, "BATCH", 5), patch.object(bulk, "JOINED_FROM", 20):
        list(import_entries(store, records, "test", ImportPolicy()))


def _pieces(store: Store) -> int:
    sql = "SELECT count(DISTINCT segid) FROM works_fts_idx"
    return int(store._connection.execute(sql).fetchone()[0])


def test_the_index_is_one_piece_after_an_import_that_is_much_of_the_library() -> None:
    scratch = ScratchStore()
    try:
        store = scratch.store
        _import(store, 0, 40)
        assert _pieces(store) == 1
        _import(store, 40, 50)
        assert _pieces(store) > 1
        for number in (0, 39, 40, 49):
            words = f'title : "mosses" AND title : "{number}"'
            found = store._connection.execute(
                "SELECT count(*) FROM works_fts WHERE works_fts MATCH ?", (words,)
            )
            assert found.fetchone()[0] == 1
        assert store.check() == []
    finally:
        scratch.close()
