"""Whether a library file is sound, and what is derived agrees with the records."""

from __future__ import annotations

import sqlite3

from refman.store import derived
from refman.store.connection import Connection, translated
from refman.store.writing import STANDS

_CHECKS = (
    (
        "{} works have no record to stand on.",
        "SELECT count(*) FROM works w WHERE NOT EXISTS (SELECT 1 FROM records r "
        f"WHERE r.work_id = w.id AND {STANDS})",
    ),
    (
        "{} works with records are missing from the list.",
        f"SELECT count(DISTINCT r.work_id) FROM records r WHERE {STANDS} "
        "AND NOT EXISTS (SELECT 1 FROM works w WHERE w.id = r.work_id)",
    ),
    (
        "{} works cannot be found by their citation key.",
        "SELECT count(*) FROM works w WHERE NOT EXISTS (SELECT 1 FROM citation_keys k "
        "WHERE k.key = w.citation_key AND k.work_id = w.id)",
    ),
)


def faults(connection: Connection) -> list[str]:
    """What is wrong with a library, in sentences; nothing where it is sound."""
    wrong = [
        f"SQLite finds: {row[0]}."
        for row in connection.execute("PRAGMA integrity_check(20)")
        if row[0] != "ok"
    ]
    wrong += [
        f"A row of {row[0]} refers to a row of {row[2]} that is not there."
        for row in connection.execute("PRAGMA foreign_key_check")
    ]
    for sentence, sql in _CHECKS:
        found = connection.execute(sql).fetchone()[0]
        if found:
            wrong.append(sentence.format(found))
    if differing := derived.differing(connection):
        wrong.append(f"{differing} works do not say what their records say.")
    try:
        sqlite3.Connection.execute(
            connection,
            "INSERT INTO works_fts (works_fts, rank) VALUES ('integrity-check', 1)",
        )
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_CORRUPT:
            wrong.append("The search index does not agree with the works.")
        elif code != sqlite3.SQLITE_READONLY:
            # The question is put as an INSERT, which a file that is only read cannot take.
            raise translated(error, connection.name) from error
    return wrong
