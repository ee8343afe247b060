"""Bringing a library up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from refman.store import connection as current
from refman.store import copying, derived, schema
from refman.store.connection import APPLICATION_ID, Connection, transaction, translated

_STANDINGS_SINCE = 3
"""The schema since which works are derived with every standing, not only as retracted."""


def migrate(
    connection: Connection,
    path: Path,
    version: int,
    clock: Callable[[], str],
    announce: Callable[[str], None],
) -> None:
    """Give a library of schema `version` (0: an empty file) the newest one, in one transaction.

    One that is not empty is copied first. Raises `StoreError`; then nothing was changed.
    """
    copy = _copy_first(connection, path, version, clock, announce) if version > 0 else None
    try:
        # One transaction for all, so that a file is never found half made, and of several
        # processes that open a new library at once one makes it.
        with transaction(connection):
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version >= current.SCHEMA_VERSION:
                # Another process was quicker, and has a copy of its own.
                _forget(copy)
                return
            schema.migrations.apply(Database(connection, execute_plugins=False))
            if 0 < version < _STANDINGS_SINCE:
                derived.refresh_noticed(connection)
            if version == 0:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {current.SCHEMA_VERSION}")
    except BaseException as error:
        # Nothing was changed, so the copy is of what is there.
        _forget(copy)
        if isinstance(error, sqlite3.Error):
            raise translated(error, str(path)) from error
        raise
    if copy is not None:
        copying.rotate_migrations(path)


def _copy_first(
    connection: Connection,
    path: Path,
    version: int,
    clock: Callable[[], str],
    announce: Callable[[str], None],
) -> Path:
    """Copy a library before it is brought up to date. Returns where the copy is."""
    copy = copying.before_schema(path, version + 1, copying.stamp(clock()))
    works = connection.execute("SELECT count(*) FROM works").fetchone()[0]
    announce(
        f"{path} is of an earlier refman: bringing its {works:,} works up to date; "
        f"a copy as it was is kept as {copy.name}."
    )
    copying.backup(connection, copy)
    return copy


def _forget(copy: Path | None) -> None:
    if copy is not None:
        copy.unlink(missing_ok=True)
