"""Whether a library file is sound, and what is derived agrees with the records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from refman.errors import StoreDamaged
from refman.store import derived
from refman.store.connection import Connection, translated
from refman.store.mending import NO_PAYLOAD, NO_WORK
from refman.store.writing import STANDS

Progress = Callable[[int], None]
"""Is told how many works have been compared with their records."""

_TICKS = 100_000
"""Steps of SQLite's between two looks whether somebody wants to stop."""


class Area(StrEnum):
    """What a finding is about."""

    FILE = "file"
    """Pages that make no sense: nothing is written to such a file."""
    REFERENCES = "references"
    DERIVED = "derived"
    INDEX = "index"
    ORPHANS = "orphans"
    FILES = "files"
    """Attached files."""
    LEFTOVERS = "leftovers"
    """What was begun and never finished."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a library, and what to do about it."""

    area: Area
    sentence: str
    remedy: str


_FIX = "refman doctor --fix makes it anew from the records."
_STAND_IN = "refman doctor --fix puts something in their place."
_TAKE_AWAY = "refman doctor --fix takes them away; nothing leads to them."
_DAMAGED = (
    "refman doctor --fix puts a sound copy in its place if nothing is lost by it; "
    "refman doctor --rescue NEW.db saves what can be read."
)

_CHECKS = (
    (
        Area.DERIVED,
        "{} works have no record to stand on.",
        "SELECT count(*) FROM works w WHERE NOT EXISTS (SELECT 1 FROM records r "
        f"WHERE r.work_id = w.id AND {STANDS})",
        "refman doctor --fix makes records of what lists say of them, or takes them out.",
    ),
    (
        Area.DERIVED,
        "{} works with records are missing from the list.",
        f"SELECT count(DISTINCT r.work_id) FROM records r WHERE {STANDS} "
        "AND NOT EXISTS (SELECT 1 FROM works w WHERE w.id = r.work_id)",
        _FIX,
    ),
    (
        Area.DERIVED,
        "{} works cannot be found by their citation key.",
        "SELECT count(*) FROM works w WHERE NOT EXISTS (SELECT 1 FROM citation_keys k "
        "WHERE k.key = w.citation_key AND k.work_id = w.id)",
        _FIX,
    ),
    (
        Area.ORPHANS,
        "{} works were removed and are there all the same.",
        "SELECT count(*) FROM removed_works WHERE id IN (SELECT id FROM works)",
        _FIX,
    ),
    (
        Area.ORPHANS,
        "{} works have nothing but withdrawn records, and are not known as removed.",
        f"SELECT count(DISTINCT o.work_id) FROM records o WHERE {NO_WORK.format('o.work_id')} "
        f"AND NOT EXISTS (SELECT 1 FROM records r WHERE r.work_id = o.work_id AND {STANDS})",
        _FIX,
    ),
    *(
        (
            Area.ORPHANS,
            f"{{}} {what} belong to no work.",
            f"SELECT count(*) FROM {table} WHERE work_id NOT IN (SELECT id FROM works)",
            _TAKE_AWAY,
        )
        for table, what in (
            ("citation_keys", "citation keys"),
            ("contributors", "names"),
            ("identifiers", "identifiers"),
        )
    ),
    *(
        (
            Area.ORPHANS,
            f"{{}} {what} belong to no work that there is or was.",
            f"SELECT count(*) FROM {table} WHERE {NO_WORK.format('work_id')}",
            remedy,
        )
        for table, what, remedy in (
            ("work_tags", "tags", _TAKE_AWAY),
            ("work_collections", "places in collections", _TAKE_AWAY),
            ("enrichments", "notes on enrichment", _TAKE_AWAY),
            ("notes", "notes", "refman doctor --fix gives them a work, rescued."),
            ("attachments", "attached files", "refman doctor --fix gives them a work, rescued."),
        )
    ),
    (
        Area.ORPHANS,
        "{} pairs are kept apart of which one work is no more.",
        f"SELECT count(*) FROM distinct_works WHERE {NO_WORK.format('a')} OR {NO_WORK.format('b')}",
        _TAKE_AWAY,
    ),
    (
        Area.ORPHANS,
        "{} answers of sources have lost their text.",
        f"SELECT count(*) FROM answers WHERE {NO_PAYLOAD}",
        "refman doctor --fix forgets them, and enriching asks again.",
    ),
)


def faults(connection: Connection) -> list[str]:
    """What is wrong with a library, in sentences; nothing where it is sound."""
    return [finding.sentence for finding in findings(connection)]


def examine(connection: Connection, progress: Progress | None = None) -> list[Finding]:
    """What is wrong with a library; that it is damaged, or no longer, is noted beside it."""
    found = list(findings(connection, progress))
    damage = next((each.sentence for each in found if each.area is Area.FILE), None)
    connection.judge(damage and (connection.damage or damage.removesuffix(".")))
    return found


def findings(connection: Connection, progress: Progress | None = None) -> Iterator[Finding]:
    """What is wrong with a library. Raises `StoreError` where it cannot be looked at."""
    damaged = False
    for sentence in _integrity(connection):
        damaged = True
        yield Finding(Area.FILE, sentence, _DAMAGED)
    if damaged:
        # All else would stumble over the same pages.
        return
    try:
        yield from _references(connection)
        for area, sentence, sql, remedy in _CHECKS:
            if count := connection.execute(sql).fetchone()[0]:
                yield Finding(area, sentence.format(count), remedy)
        if count := derived.differing(connection, progress):
            yield Finding(Area.DERIVED, f"{count} works do not say what their records say.", _FIX)
    except StoreDamaged as error:
        yield Finding(Area.FILE, error.message, _DAMAGED)
        return
    yield from _index(connection)


def _integrity(connection: Connection) -> Iterator[str]:
    # The handler gives Python its turn, so that the check, which takes its time, can be stopped.
    connection.set_progress_handler(lambda: 0, _TICKS)
    try:
        for (said,) in connection.execute("PRAGMA integrity_check(20)"):
            # Newer SQLites look at the search index, too, which is checked below.
            if said != "ok" and "fts5" not in said.lower():
                yield f"SQLite finds: {' '.join(said.split())}."
    except StoreDamaged as error:
        yield error.message
    finally:
        connection.set_progress_handler(None, 0)


def _references(connection: Connection) -> Iterator[Finding]:
    counts: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        counts[table, parent] = counts.get((table, parent), 0) + 1
    for (table, parent), count in counts.items():
        said = f"{count} rows of {table} refer to rows of {parent} that are not there."
        yield Finding(Area.REFERENCES, said, _STAND_IN)


def _index(connection: Connection) -> Iterator[Finding]:
    try:
        sqlite3.Connection.execute(
            connection,
            "INSERT INTO works_fts (works_fts, rank) VALUES ('integrity-check', 1)",
        )
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_CORRUPT:
            yield Finding(Area.INDEX, "The search index does not agree with the works.", _FIX)
        elif code != sqlite3.SQLITE_READONLY:
            # The question is put as an INSERT, which a file that is only read cannot take.
            raise translated(error, connection.name) from error
