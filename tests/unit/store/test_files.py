"""The library file: made, refused, read only, damaged, and used by several at once."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Migrations

from refman.errors import (
    RefmanError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
)
from refman.rules.standing import standings
from refman.services.importing import ImportStatus
from refman.services.library import Library
from refman.store import Store, connection

_SPAWN = multiprocessing.get_context("spawn")

DATA = Path(__file__).parents[2] / "data"


def _clock() -> str:
    return "2026-01-01T00:00:00Z"


def _items(count: int, prefix: str = "k") -> bytes:
    return json.dumps(
        [
            {
                "id": f"{prefix}{i}",
                "type": "book",
                "title": f"Work {prefix} number {i} of zebras",
                "DOI": f"10.1000/{prefix}{i}",
                "abstract": "Striped animals in the savannah. " * 3,
            }
            for i in range(count)
        ]
    ).encode()


def _import(path: Path, items: bytes) -> int:
    with Library(path, create=True) as library:
        run = library.import_stream(io.BytesIO(items), "x.json", format="csl-json")
        return sum(item.status is ImportStatus.IMPORTED for item in run)


def _settled(path: Path) -> bytes:
    """The file's bytes, with nothing left in a log beside it."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path.read_bytes()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    _import(path, _items(30))
    _settled(path)
    return path


def test_a_new_library_has_the_tables_that_are_documented(library: Path) -> None:
    with sqlite3.connect(library) as database:
        names = {
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'works_fts_%'"
            )
        }
        assert database.execute("PRAGMA user_version").fetchone() == (4,)
        assert database.execute("PRAGMA application_id").fetchone() == (0x5265666D,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    assert names == {
        "answers",
        "attachments",
        "change_items",
        "changes",
        "citation_keys",
        "collections",
        "contributors",
        "distinct_works",
        "enrichments",
        "identifiers",
        "notes",
        "payloads",
        "problems",
        "provenance",
        "records",
        "removed_works",
        "saved_searches",
        "tags",
        "work_collections",
        "work_tags",
        "works",
        "works_description",
        "works_fts",
        "works_text",
        "_sqlite_migrations",
    }


def test_a_librarian_can_ask_in_plain_sql(library: Path) -> None:
    with sqlite3.connect(library) as database:
        assert database.execute("SELECT count(*) FROM works WHERE title LIKE '%zebra%'").fetchone()
        row = database.execute(
            "SELECT value, source, location, stands FROM provenance "
            "WHERE citation_key = 'k3' AND field = 'title'"
        ).fetchone()
        assert row == ("Work k number 3 of zebras", "csl-json", "x.json:1", 1)
    database.close()


def test_a_missing_library_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        Library(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_the_folders_of_a_new_library_are_made(tmp_path: Path) -> None:
    assert _import(tmp_path / "a" / "b" / "lib.db", _items(2)) == 2


def test_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert _import(path, _items(2)) == 2


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="folder"):
        Library(tmp_path, create=True)


def test_a_path_with_signs_that_addresses_give_meaning(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=ro#x %41é.db"
    assert _import(path, _items(2)) == 2
    assert path.exists()


@pytest.mark.parametrize("content", [b"hello", b"@book{a}\n" * 100, b"SQLite format 3", b"\x00"])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="no SQLite database"):
        Library(path, create=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, 1, 7])
def test_the_database_of_another_program_is_left_alone(tmp_path: Path, version: int) -> None:
    path = tmp_path / "places.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE works (x)")
        database.execute(f"PRAGMA user_version = {version}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="no refman library"):
        Library(path, create=True)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["places.db"]


def test_a_newer_library_is_refused_untouched(library: Path) -> None:
    with sqlite3.connect(library) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = _settled(library)
    with pytest.raises(StoreTooNew, match="newer refman"):
        Library(library, create=True)
    assert library.read_bytes() == before


def test_an_older_library_is_copied_first_and_brought_up_to_date(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from refman.store import schema

    added = Migrations("refman")
    added(name="m001_library")(schema.m001_library)
    added(name="m002_answers")(schema.m002_answers)
    added(name="m003_standing")(schema.m003_standing)
    added(name="m004_prefixes")(schema.m004_prefixes)

    @added()
    def m005_more(db: Any) -> None:
        db.execute("CREATE TABLE more (x)")

    monkeypatch.setattr(schema, "migrations", added)
    monkeypatch.setattr(connection, "SCHEMA_VERSION", 5)
    with Library(library) as opened:
        assert len(opened) == 30
        assert opened.store.check() == []
    copies = [p for p in library.parent.iterdir() if "before-schema-5" in p.name]
    assert len(copies) == 1
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (4,)
        assert copy.execute("SELECT count(*) FROM works").fetchone() == (30,)
    copy.close()
    with sqlite3.connect(library) as database:
        assert database.execute("SELECT count(*) FROM more").fetchone() == (0,)
    database.close()
    monkeypatch.setattr(connection, "SCHEMA_VERSION", 4)
    with pytest.raises(StoreTooNew):
        Library(library)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_library_of_an_earlier_refman_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes((DATA / "libraries" / f"schema-{version}.db").read_bytes())
    with Library(path) as opened:
        works = list(opened.search())
        assert opened.store.check() == []
        dois = [work.description.DOI for work in works if work.description.DOI]
        answers = opened.store.stored_answers("crossref-snapshot", dois)
        noticed = [work for work in works if standings(work.description)]
        assert noticed
        for work in noticed:
            first = standings(work.description)[0].value
            assert work.id in {found.id for found in opened.search(f"is:{first}")}
    assert len(works) > 10
    # What sources had said is known as their answer.
    assert len(answers) > 5
    assert all(answer.payload for answer in answers.values())


def test_a_migration_that_fails_changes_nothing(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from refman.store import schema

    added = Migrations("refman")
    added(name="m001_library")(schema.m001_library)
    added(name="m002_answers")(schema.m002_answers)
    added(name="m003_standing")(schema.m003_standing)
    added(name="m004_prefixes")(schema.m004_prefixes)

    @added()
    def m005_broken(db: Any) -> None:
        db.execute("CREATE TABLE more (x)")
        db.execute("CREATE TABLE works (x)")

    monkeypatch.setattr(schema, "migrations", added)
    monkeypatch.setattr(connection, "SCHEMA_VERSION", 5)
    with pytest.raises(StoreError):
        Library(library)
    monkeypatch.undo()
    with Library(library) as opened:
        assert len(opened) == 30
        assert opened.store.check() == []


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """The bytes of a library as a bad disk might leave them."""
    spoilt = bytearray(data)
    match rng.randrange(3):
        case 0:
            for _ in range(rng.randint(1, 60)):
                spoilt[rng.randrange(100, len(spoilt))] = rng.randrange(256)
        case 1:
            del spoilt[rng.randrange(100, len(spoilt)) :]
        case _:
            page = rng.randrange(1, len(spoilt) // 4096) * 4096
            spoilt[page : page + 4096] = rng.randbytes(4096)
    return bytes(spoilt)


def _use(path: Path) -> None:
    deeds: list[Callable[[Library], object]] = [
        lambda library: list(library.search("zebras")),
        lambda library: list(library.rows()),
        lambda library: library.get("k5"),
        lambda library: library.store.check(),
        lambda library: library.history(),
        lambda library: library.claims(library.get("k5")),
        lambda library: list(library.import_stream(io.BytesIO(_items(40)), format="csl-json")),
        lambda library: library.undo(),
    ]
    for deed in deeds:
        try:
            with Library(path) as library:
                deed(library)
        except RefmanError:
            pass


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_damaged_is_told_as_an_error_of_the_library(
    library: Path, tmp_path: Path, seed: int
) -> None:
    data, rng = library.read_bytes(), random.Random(seed)
    for number in range(6):
        path = tmp_path / f"damaged{number}.db"
        path.write_bytes(_damaged(data, rng))
        _use(path)


def test_a_transaction_that_fails_leaves_nothing(library: Path) -> None:
    with Library(library) as opened:
        before = [row.id for row in opened.rows()]
        with pytest.raises(ZeroDivisionError), opened.store.writing() as writer:  # noqa: PT012
            change = writer.change("user", "delete", "x")
            writer.remove(change, before)
            raise ZeroDivisionError
        assert [row.id for row in opened.rows()] == before
        assert opened.store.check() == []


def test_check_sees_what_is_wrong(library: Path) -> None:
    def spoil(sql: str) -> list[str]:
        with Library(library) as opened:
            opened.store._connection.execute("BEGIN")
            opened.store._connection.execute(sql)
            found = opened.store.check()
            opened.store._connection.execute("ROLLBACK")
            return found

    assert spoil("SELECT 1") == []
    assert any("search index" in found for found in spoil("UPDATE works SET title = 'other'"))
    assert any("no record" in found for found in spoil("UPDATE records SET withdrawn = 1"))
    assert any("citation key" in found for found in spoil("DELETE FROM citation_keys"))
    assert any("missing from the list" in found for found in spoil("DELETE FROM works"))
    foreign = spoil("PRAGMA foreign_keys")
    assert foreign == []


def test_rebuilding_mends_what_is_derived(library: Path) -> None:
    with Library(library) as opened:
        before = list(opened.search())
        opened.store._connection.execute("UPDATE works SET title = 'other', facets = ''")
        opened.store._connection.execute("DELETE FROM contributors")
        opened.store._connection.execute("DELETE FROM identifiers")
        assert opened.store.check() != []
        with opened.store.writing() as writer:
            assert writer.rebuild() == 30
        assert opened.store.check() == []
        assert [w.description for w in opened.search()] == [w.description for w in before]
        assert opened.count("zebras") == 30
        assert opened.get("10.1000/k7").citation_key == "k7"


def test_a_backup_is_whole_and_can_be_used(library: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Library(library) as opened:
        opened.store.backup(copy)
    with Library(copy) as opened:
        assert len(opened) == 30
        assert opened.store.check() == []
    with Library(library) as opened, pytest.raises(StoreError):
        opened.store.backup(tmp_path / "no" / "such" / "folder.db")


# Read only. The superuser may write everywhere, so another user looks.


def _as_nobody(deed: Callable[[], None]) -> None:
    """Run in a process that has no right to write. Fails as the deed fails."""
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setuid(65534)
            deed()
        except BaseException as error:
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def _open_to_look(folder: Path) -> None:
    """Let everybody reach a folder, but not write in it."""
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | 1)


@pytest.mark.parametrize("folder_too", [False, True])
@pytest.mark.parametrize("in_use", [False, True])
def test_what_cannot_be_written_can_be_read(
    library: Path, folder_too: bool, in_use: bool, tmp_path: Path
) -> None:
    _open_to_look(tmp_path)
    writer = Library(library) if in_use else None
    expected = 30
    if writer is not None:
        list(writer.import_stream(io.BytesIO(_items(1, "more")), format="csl-json"))
        expected = 31
    for path in tmp_path.iterdir():
        path.chmod(0o444)
    tmp_path.chmod(0o555 if folder_too else 0o777)

    def look() -> None:
        with Library(library) as opened:
            assert len(opened) == expected
            assert len(list(opened.search("zebras"))) == expected
            assert opened.store.check() == []
            with pytest.raises(StoreReadOnly):
                list(opened.import_stream(io.BytesIO(_items(3, "new")), format="csl-json"))
            with pytest.raises(StoreReadOnly):
                opened.delete([opened.get("k1")])

    try:
        _as_nobody(look)
    finally:
        tmp_path.chmod(0o755)
        if writer is not None:
            writer.close()


def test_a_library_cannot_be_made_where_nothing_can(tmp_path: Path) -> None:
    _open_to_look(tmp_path)
    tmp_path.chmod(0o555)

    def make() -> None:
        with pytest.raises(StoreMissing):
            Library(tmp_path / "a" / "new.db", create=True)
        with pytest.raises(StoreError):
            Library(tmp_path / "new.db", create=True)

    try:
        _as_nobody(make)
    finally:
        tmp_path.chmod(0o755)


# Several processes


def _import_in_process(path: str, prefix: str, barrier: Any, results: Any) -> None:
    barrier.wait()
    try:
        results.put(_import(Path(path), _items(400, prefix)))
    except BaseException as error:
        results.put(repr(error))


def _edit_in_process(path: str, barrier: Any, results: Any) -> None:
    barrier.wait()
    try:
        with Library(path, create=True) as library:
            for number in range(20):
                library.edit(library.get("k1"), {"title": f"Edited {number}"})
        results.put("edited")
    except BaseException as error:
        results.put(repr(error))


@pytest.mark.parametrize("there", [True, False])
def test_several_processes_lose_nothing(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "shared.db"
    barrier, results = _SPAWN.Barrier(3), _SPAWN.Queue()
    processes = [
        _SPAWN.Process(target=_import_in_process, args=(str(path), prefix, barrier, results))
        for prefix in ("one", "two")
    ]
    if there:
        _import(path, _items(2))
        third = _SPAWN.Process(target=_edit_in_process, args=(str(path), barrier, results))
    else:
        third = _SPAWN.Process(
            target=_import_in_process, args=(str(path), "three", barrier, results)
        )
    processes.append(third)
    for process in processes:
        process.start()
    told = sorted(str(results.get(timeout=60)) for _ in processes)
    for process in processes:
        process.join(60)
    assert told == (["400", "400", "edited"] if there else ["400"] * 3)
    with Library(path) as library:
        assert library.store.check() == []
        assert len(library) == (802 if there else 1200)
        if there:
            assert library.get("k1").description.title == "Edited 19"
            assert len(library.records(library.get("k1"))) == 21


def test_the_same_file_imported_twice_at_once_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    barrier, results = _SPAWN.Barrier(2), _SPAWN.Queue()
    processes = [
        _SPAWN.Process(target=_import_in_process, args=(str(path), "same", barrier, results))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    told = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert sorted(told) == [0, 400]
    with Library(path) as library:
        assert len(library) == 400
        assert library.store.check() == []


def test_a_library_held_for_too_long_is_told_as_locked(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(library, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Library(library) as opened:
        assert len(opened) == 30, "who reads is not kept waiting"
        with pytest.raises(StoreLocked, match="in use by another program"):
            opened.edit(opened.get("k1"), {"title": "x"})
    holder.execute("ROLLBACK")
    holder.close()
    with Library(library) as opened:
        opened.edit(opened.get("k1"), {"title": "x"})


def test_others_see_what_was_done(library: Path) -> None:
    with Library(library) as one, Library(library) as other:
        version = one.store.data_version
        other.edit(other.get("k1"), {"title": "Done elsewhere"})
        assert one.store.data_version != version
        assert one.get("k1").description.title == "Done elsewhere"


def test_a_kill_while_a_library_is_made_leaves_nothing_half_done(tmp_path: Path) -> None:
    script = (
        "import sys, os, signal\n"
        "from pathlib import Path\n"
        "import sqlite3\n"
        "from refman.store import connection\n"
        "real, left = connection.Connection.execute, [int(sys.argv[2])]\n"
        "def execute(self, *args):\n"
        "    left[0] -= 1\n"
        "    if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(self, *args)\n"
        "connection.Connection.execute = execute\n"
        "from refman.store import Store\n"
        "Store.open(Path(sys.argv[1]), clock=lambda: '', create=True)\n"
    )
    killed = 0
    for step in (8, 20, 60, 75, 84, 86):
        path = tmp_path / f"{step}.db"
        process = subprocess.run([sys.executable, "-c", script, str(path), str(step)], check=False)
        killed += process.returncode == -signal.SIGKILL
        with Store.open(path, clock=_clock, create=True) as store:
            assert store.check() == []
            assert store.count() == 0
    assert killed >= 3


def test_kept_answers_are_looked_up_by_their_key(library: Path) -> None:
    """However many there are: not by reading through all that a source has said."""
    plans: list[str] = []
    with Library(library) as opened:
        connection = opened.store._connection
        connection.set_trace_callback(plans.append)
        opened.store.stored_answers("crossref", ["10.1000/x"])
        connection.set_trace_callback(None)
        [query] = plans
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert any("SEARCH a USING PRIMARY KEY (source=? AND doi=?)" in step for step in plan), plan


@pytest.mark.parametrize("replaced", [False, True])
def test_what_was_moved_away_while_open_is_not_written_to(library: Path, *, replaced: bool) -> None:
    with Library(library) as opened:
        library.rename(library.with_name("moved.db"))
        if replaced:
            library.write_bytes(b"")
        with pytest.raises(StoreMissing, match="moved, removed or replaced"):
            opened.import_text("@book{new, title={New}}")
        assert len(opened) == 30
        library.unlink(missing_ok=True)
        library.with_name("moved.db").rename(library)
        opened.import_text("@book{new, title={New}}")
    with Library(library) as again:
        assert len(again) == 31
