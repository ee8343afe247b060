"""Saving what can be read of a damaged library into a new one.

The records are the truth, and so are tags, collections, notes, attachments and the history: they
are copied, row by row, from all pages that still make sense. What is derived is made anew from
them. Of a work whose records are gone, what the lists said of it is kept.
"""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refman.errors import StoreDamaged, StoreLocked, StoreMissing, StoreReadOnly
from refman.store import copying, damage, hearsay, logs
from refman.store.checking import faults
from refman.store.codec import record_from_row
from refman.store.connection import Connection, connect, transaction, translated
from refman.store.mending import MendingWriter
from refman.store.pages import PageDamaged, PageFile, Row, Tree
from refman.store.shapes import CONTRIBUTORS, RECORDS, TRUTH, WORKS, Shape
from refman.store.writing import STANDS

_SPARE = {"tags": "sqlite_autoindex_tags_1", "collections": "sqlite_autoindex_collections_1"}
"""Indexes that hold names, too: as (name, number)."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rescue:
    """What came of it."""

    saved: Mapping[str, int]
    """Rows, by table."""
    lost: Mapping[str, int]
    """What is known to have been there and could not be read; what is derived does not count."""
    works: int
    """In the new library."""


class _Salvage:
    """Reads a damaged file, and puts what is the truth into the new library as it comes."""

    def __init__(self, file: PageFile, target: Connection) -> None:
        self._file = file
        self._target = target
        self._damaged: set[str] = set()
        self.lost: Counter[str] = Counter()

    def run(self, progress: Callable[[int], None]) -> None:
        """Save all. `progress` is told how many rows have been."""
        self._count, self._progress = 0, progress
        self._target.execute(f"CREATE TEMP TABLE old_works ({', '.join(WORKS.columns)})")
        self._target.execute(
            f"CREATE TEMP TABLE old_contributors ({', '.join(CONTRIBUTORS.columns)})"
        )
        roots = self._roots()
        for shape in (*TRUTH, WORKS, CONTRIBUTORS):
            tree = Tree()
            if shape.table in roots:
                rows = self._file.rows(roots[shape.table], tree)
                self._save(shape, self._fitting(shape, rows, tree))
            if shape.table not in roots or tree.bad_pages or tree.bad_rows:
                self._damaged.add(shape.table)
            if shape in TRUTH:
                self.lost[f"rows of {shape.table} that could not be read"] += tree.bad_rows
                self.lost[f"pages of {shape.table} that could not be read"] += tree.bad_pages
        for table, index in _SPARE.items():
            if table in self._damaged and index in roots:
                names = [(v[1], v[0]) for _, v in self._file.rows(roots[index], Tree())]
                self._insert(table, ("id", "name"), [n for n in names if isinstance(n[0], int)])
        if self._damaged:
            # Trees whose pages could be taken for lost ones.
            for name, root in roots.items():
                if name not in self._damaged:
                    for _ in self._file.rows(root, Tree(), wanted=False):
                        pass
            self._save_orphans()

    def _roots(self) -> dict[str, int]:
        """The first page of each table and index."""
        tree, roots = Tree(), {}
        for _, values in self._file.rows(1, tree):
            if len(values) == 5 and isinstance(values[1], str) and isinstance(values[3], int):
                roots[values[1]] = values[3]
        if not tree.bad_pages and not tree.bad_rows and "records" in roots:
            return roots
        # Libraries are all made in one way, so the tables lie where they lie in a new one.
        usual = self._target.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
        return {**{str(name): int(page) for name, page in usual}, **roots}

    def _fitting(self, shape: Shape, rows: Iterator[Row], tree: Tree) -> Iterator[Row]:
        for number, values in rows:
            if shape.fits(number, values) and (
                shape is not RECORDS or _says_something(number, values)
            ):
                yield number, values
            else:
                tree.bad_rows += 1

    def _save_orphans(self) -> None:
        known = [
            s for s in (*TRUTH, WORKS, CONTRIBUTORS) if s.is_known and s.table in self._damaged
        ]
        found: dict[str, list[Row]] = {shape.table: [] for shape in known}
        for number, values in self._file.orphans():
            for shape in known:
                if shape.fits(number, values) and (
                    shape is not RECORDS or _says_something(number, values)
                ):
                    found[shape.table].append((number, values))
                    break
            for shape in known:
                if len(found[shape.table]) >= _CHUNK:
                    self._save(shape, iter(found[shape.table]))
                    found[shape.table].clear()
        for shape in known:
            self._save(shape, iter(found[shape.table]))

    def _save(self, shape: Shape, rows: Iterator[Row]) -> None:
        table = f"old_{shape.table}" if shape in (WORKS, CONTRIBUTORS) else shape.table
        chunk: list[tuple[object, ...]] = []
        for number, values in rows:
            chunk.append((number, *values[1:]) if shape.kinds[0] == "n" else values)
            if len(chunk) == _CHUNK:
                self._insert(table, shape.columns, chunk)
                chunk.clear()
        self._insert(table, shape.columns, chunk)

    def _insert(self, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        # The same row may be read twice, from its page and from one it was on before.
        self._target.executemany(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))})",
            rows,
        )
        self._count += len(rows)
        self._progress(self._count)


def _says_something(number: int | None, values: tuple[Any, ...]) -> bool:
    """Whether a record can be read, to its last word."""
    try:
        record_from_row((number, values[1], *values[3:]))
    except StoreDamaged:
        return False
    return True


def rescue(
    source: Path, target: Path, clock: Callable[[], str], progress: Callable[[int], None]
) -> Rescue:
    """Save what can be read of `source` into a new library, `target`. The source stays as it is.

    `progress` is told how many rows have been saved. Raises `InputError` for a target that exists,
    `StoreDamaged` where nothing can be saved, `StoreMissing` where the source cannot be opened,
    `StoreError` where the target cannot be written; then there is no new file.
    """
    copying.check_target(source, target)
    with copying.unfinished(target) as part:
        saved = _fill(part, source, target, clock, progress)
        if source.resolve().parent != target.resolve().parent:
            _find_files_from(source.resolve().parent, part, clock)
        copying.finish(part, target, mode=source.stat().st_mode & 0o777)
    return saved


def replace_damaged(
    path: Path, clock: Callable[[], str], progress: Callable[[int], None]
) -> tuple[Rescue, Path]:
    """Put a sound library in the place of a damaged one that can be read without loss.

    Returns what was saved, and where the damaged file is kept. Raises `StoreDamaged` where
    something would be lost, `StoreLocked` where another process has the file open, and as `rescue`
    does; then all is as it was.
    """
    _see_that_nobody_uses(path)
    with copying.unfinished(path) as part:
        saved = _fill(part, path, path, clock, progress)
        if saved.lost:
            lost = "; ".join(f"{what}: {count:,}" for what, count in saved.lost.items())
            raise StoreDamaged(
                f"{path} cannot be mended without loss ({lost}), so it was left as it is.",
                hint="Go back to a backup, or refman doctor --rescue NEW.db saves all the rest.",
            )
        kept = copying.keep_aside(path, copying.stamp(clock()))
        copying.finish(part, path, mode=path.stat().st_mode & 0o777, replace=True)
    damage.clear(path)
    return saved, kept


def _see_that_nobody_uses(path: Path) -> None:
    """Raise `StoreLocked` where another process has a library open, `StoreReadOnly`."""
    # A question that failed is let go only with the error that tells of it.
    gc.collect()
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as database:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.Error as error:
        told = translated(error, str(path))
        if isinstance(told, StoreLocked | StoreReadOnly):
            raise told from error


def _fill(
    part: Path,
    source: Path,
    target: Path,
    clock: Callable[[], str],
    progress: Callable[[int], None],
) -> Rescue:
    """Fill `part`, which is to become `target`."""
    connection = connect(part, create=True, clock=clock)
    # Nobody knows the name that it has as long as it is not done.
    connection.translating.name = str(target)
    try:
        # Rows may come before those that they refer to.
        connection.execute("PRAGMA foreign_keys = OFF")
        with transaction(connection):
            writer = RescuingWriter(connection, clock)
            saved = writer.rescue(source, progress)
            writer.complete()
        if wrong := faults(connection):
            raise StoreDamaged(f"What was saved of {source} is not sound: {wrong[0]}")
    except OSError as error:
        raise StoreMissing(f"{source} cannot be read: {error.strerror}.") from error
    finally:
        connection.close()
    return saved


def _find_files_from(folder: Path, part: Path, clock: Callable[[], str]) -> None:
    """Let attached files be found where they are, seen from another folder."""
    with contextlib.closing(connect(part, create=False, clock=clock)) as connection:
        rows = connection.execute("SELECT id, path FROM attachments").fetchall()
        with transaction(connection):
            connection.executemany(
                "UPDATE attachments SET path = ? WHERE id = ?",
                [(str(folder / path), row_id) for row_id, path in rows],
            )


class RescuingWriter(MendingWriter):
    """A writer that fills a new library from a damaged file."""

    def rescue(self, source: Path, progress: Callable[[int], None]) -> Rescue:
        """Save what can be read of `source`. The library has to be empty.

        Raises `OSError` where the file cannot be opened, `StoreDamaged` where nothing of a library
        is in it.
        """
        with PageFile(source, with_log=logs.belongs(source)) as file:
            try:
                salvage = _Salvage(file, self._connection)
                salvage.run(progress)
            except PageDamaged as error:
                raise StoreDamaged(f"Nothing can be read of {source}: {error}.") from error
        lost = salvage.lost
        if not self._one("SELECT EXISTS (SELECT 1 FROM records UNION SELECT 1 FROM old_works)"):
            raise StoreDamaged(f"There is nothing of a refman library in {source} to be saved.")
        saved = {s.table: self._one(f"SELECT count(*) FROM {s.table}") for s in TRUTH}
        lost.update(self._stand_in())
        change = self.change("user", "repair", f"rescue of {source.name}")
        lost["records"] += self._one(
            "SELECT max(coalesce(max(id), 0), coalesce((SELECT max(record_id) FROM old_works), 0)) "
            "- count(*) FROM records"
        )
        restored = self._give_rows(change)
        works = self.rebuild()
        lost["works"] += self._forget_lost_keys()
        lost["works of which only what lists said is left"] += restored
        self.summarise(change, f"rescue of {source.name}: {works} works")
        # One that brought nothing of its own would only be in the way of `undo`.
        self.forget_if_empty(change)
        for table in ("old_works", "old_contributors"):
            self._connection.execute(f"DROP TABLE temp.{table}")
        return Rescue(saved, {what: count for what, count in lost.items() if count}, works)

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def _give_rows(self, change: int) -> int:
        """Give works their rows, to be derived anew. Returns how many have no record left."""
        execute = self._connection.execute
        standing = f"SELECT r.work_id FROM records r WHERE {STANDS}"
        bare = execute(
            f"SELECT {', '.join(WORKS.columns)} FROM old_works WHERE id NOT IN ({standing}) "
            "AND id NOT IN (SELECT id FROM removed_works) GROUP BY id"
        ).fetchall()
        for row in bare:
            hearsay.add_record(self._connection, row, change, "old_contributors")
        execute(
            "INSERT OR IGNORE INTO works (id, citation_key, added, modified, facets, record_id) "
            "SELECT w.id, w.citation_key, w.added, w.modified, '', (SELECT min(r.id) FROM records "
            f"r WHERE r.work_id = w.id AND {STANDS}) FROM old_works w WHERE w.id IN ({standing}) "
            "GROUP BY w.id"
        )
        # A former key of one may be read where the present one of another cannot.
        execute(
            "INSERT INTO citation_keys (key, work_id, current) SELECT citation_key, id, 1 FROM "
            "works WHERE 1 ON CONFLICT (key) DO UPDATE SET current = 1 "
            "WHERE work_id = excluded.work_id"
        )
        return len(bare)

    def _forget_lost_keys(self) -> int:
        """Take keys away that lead nowhere. Returns how many works they were of."""
        nowhere = "work_id NOT IN (SELECT id FROM works)"
        count = self._one(f"SELECT count(DISTINCT work_id) FROM citation_keys WHERE {nowhere}")
        self._connection.execute(f"DELETE FROM citation_keys WHERE {nowhere}")
        return count
