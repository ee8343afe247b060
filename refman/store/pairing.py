"""Which works may be one: those that share a key, found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refman.store.connection import Connection

MAX_BLOCK = 60
"""Works under one key that are still compared each with each. What more share says nothing."""


def fill(connection: Connection, keys: Iterable[tuple[int, Iterable[int]]]) -> None:
    """Keep the keys of each work, by id, in a table that ends with the connection."""
    connection.execute("DROP TABLE IF EXISTS temp.blocks")
    # A million works have some ten million keys.
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE blocks (key INTEGER NOT NULL, work_id INTEGER NOT NULL)")
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?)", ((key, id_) for id_, found in keys for key in found)
    )
    connection.execute("CREATE INDEX temp.blocks_key ON blocks (key, work_id)")
    connection.execute("COMMIT")


def pairs(connection: Connection) -> Iterator[tuple[int, int]]:
    """The pairs of works that share a key, each once, the smaller id first, in order.

    Pairs that a person keeps apart are left out.
    """
    yield from connection.execute(
        "SELECT DISTINCT a.work_id, b.work_id FROM blocks a JOIN blocks b "
        "ON b.key = a.key AND b.work_id > a.work_id WHERE a.key IN "
        "(SELECT key FROM blocks GROUP BY key HAVING count(*) BETWEEN 2 AND ?) "
        "AND NOT EXISTS (SELECT 1 FROM distinct_works d WHERE d.a = a.work_id "
        "AND d.b = b.work_id) ORDER BY 1, 2",
        (MAX_BLOCK,),
    )


def drop(connection: Connection) -> None:
    """Take the table away."""
    connection.execute("DROP TABLE IF EXISTS temp.blocks")
