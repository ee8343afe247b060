"""Which works may be one: those that share a key, found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refman.store.connection import Connection

MAX_BLOCK = 60
"""Works under one key that are compared each with each; of more, each with the next one."""


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
        "SELECT a, b FROM ("
        "SELECT x.work_id AS a, y.work_id AS b FROM blocks x JOIN blocks y "
        "ON y.key = x.key AND y.work_id > x.work_id WHERE x.key IN "
        "(SELECT key FROM blocks GROUP BY key HAVING count(*) BETWEEN 2 AND ?1) UNION "
        "SELECT work_id, lead(work_id) OVER (PARTITION BY key ORDER BY work_id) FROM blocks "
        "WHERE key IN (SELECT key FROM blocks GROUP BY key HAVING count(*) > ?1)"
        ") p WHERE b IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM distinct_works d WHERE d.a = p.a AND d.b = p.b) ORDER BY 1, 2",
        (MAX_BLOCK,),
    )


def drop(connection: Connection) -> None:
    """Take the table away."""
    connection.execute("DROP TABLE IF EXISTS temp.blocks")
