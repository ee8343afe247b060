"""Reading the records of works."""

from __future__ import annotations

from collections.abc import Iterator

from refman.model import Record
from refman.store.codec import RECORD_COLUMNS, record_from_row
from refman.store.connection import Connection


def records_of(connection: Connection, ids: str) -> Iterator[tuple[int, list[Record]]]:
    """Each work's records in the order they came, work by work."""
    rows = connection.execute(
        f"SELECT {RECORD_COLUMNS} FROM records "
        "WHERE work_id IN (SELECT value FROM json_each(?)) ORDER BY work_id, id",
        (ids,),
    )
    work_id: int | None = None
    records: list[Record] = []
    for row in rows:
        if row[1] != work_id:
            if work_id is not None:
                yield work_id, records
            work_id, records = row[1], []
        records.append(record_from_row(row))
    if work_id is not None:
        yield work_id, records
