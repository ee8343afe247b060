"""Damage, and what is done about it: told, read around, mended, rescued, and never made worse."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from refman.errors import RefmanError, StoreDamaged, StoreLocked
from refman.services import belongings, safety
from refman.services.backups import back_up, backups_folder
from refman.services.library import Library
from refman.store import damage, rescuing
from refman.store.checking import Area
from refman.store.pages import PageFile, Tree
from refman.store.shapes import CONTRIBUTORS, TRUTH, WORKS
from tests.crash.state import signature

_PAGE = 4096
_NOW = "2026-01-01T00:00:00Z"


def _clock() -> str:
    return _NOW


def _fill(path: Path, count: int = 60) -> None:
    """A library with all that one can have."""
    items = [
        {
            "id": f"k{i}",
            "type": "book",
            "title": f"Work number {i} of zebras",
            "author": [{"family": f"Family{i}", "given": "A."}],
            "DOI": f"10.1000/k{i}",
            "abstract": "Striped animals in the savannah. " * (200 if i == 7 else 3),
        }
        for i in range(count)
    ]
    with Library(path, create=True, clock=_clock) as library:
        library.import_text(json.dumps(items))
        works = list(library.search(limit=12))
        library.label("tags", "striped", works)
        library.label("collections", "Zebras", works[:5])
        for work in works[:3]:
            belongings.add_note(library.store, work, f"A note on {work.citation_key}.")
            library.edit(work, {"title": f"Edited {work.citation_key}"})
        paper = path.with_name("paper.pdf")
        paper.write_bytes(b"%PDF-1.4")
        belongings.attach(library.store, path, works[0], paper)
        library.undo(library.history(limit=1)[0].id)
        library.delete([library.get("k30")])
        library.save_search("mine", "zebras")


@pytest.fixture(scope="module")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "library.db"
    _fill(path)
    return path


@pytest.fixture
def path(_seed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(_seed, tmp_path / "library.db"))


def _root(path: Path, name: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        [(page,)] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
    return int(page)


def _leaf(path: Path, name: str) -> int:
    """The first page of a table that holds rows, and that is not its first."""
    with PageFile(path) as file:
        root = file.roots()[name]
        file.seen.clear()
        list(file.rows(root, Tree()))
        return min(file.seen - {root})


def _overwrite(path: Path, page: int, data: bytes = b"\x55" * _PAGE) -> None:
    with path.open("r+b") as stream:
        stream.seek((page - 1) * _PAGE)
        stream.write(data)


def _rescue(path: Path) -> tuple[rescuing.Rescue, Path]:
    target = path.with_name("new.db")
    target.unlink(missing_ok=True)
    return rescuing.rescue(path, target, _clock, lambda _: None), target


def _works(path: Path) -> dict[str, object]:
    with Library(path) as library:
        return {
            work.citation_key: (work.id, work.description, work.tags, work.collections, work.added)
            for work in library.search()
        }


def test_the_shapes_are_those_of_the_tables(path: Path) -> None:
    """What is saved is all that a library holds, in columns that it has."""
    with closing(sqlite3.connect(path)) as database:
        tables = {
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT GLOB 'works_fts*' AND name NOT GLOB '[_s]*_*'"
            )
        }
        for shape in (*TRUTH, WORKS, CONTRIBUTORS):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({shape.table})")]
            assert list(shape.columns) == columns
            assert len(columns) == len(shape.kinds)
    assert {shape.table for shape in TRUTH} >= tables - {"works", "contributors", "identifiers"}


# Rescue


def test_a_sound_library_is_rescued_as_it_is(path: Path) -> None:
    saved, new = _rescue(path)
    assert saved.lost == {}
    assert _works(new) == _works(path)
    with Library(path) as old, Library(new) as rescued:
        assert rescued.history(limit=100) == old.history(limit=100)
        work = rescued.get("k59")
        assert [n.text for n in rescued.store.notes(work.id)] == ["A note on k59."]
        assert dict(rescued.saved_searches()) == {"mine": "zebras"}
        # What was done before can still be taken back.
        deleted = next(c.id for c in rescued.history(limit=100) if c.action == "delete")
        rescued.undo(deleted)
        assert rescued.get("k30")
        assert rescued.check() == []


def test_every_page_but_one(path: Path, tmp_path: Path) -> None:
    """Whichever page is lost, no work is; what is lost is told, and so is that nothing is."""
    before, data = _works(path), path.read_bytes()
    rng = random.Random(5)
    for page in rng.sample(range(1, len(data) // _PAGE + 1), 14) + [1, _leaf(path, "records")]:
        spoilt = tmp_path / "spoilt.db"
        spoilt.write_bytes(data)
        _overwrite(spoilt, page, rng.randbytes(_PAGE))
        saved, new = _rescue(spoilt)
        after = _works(new)
        assert after.keys() == before.keys()
        if not saved.lost:
            assert after == before, page
        elif "works of which only what lists said is left" in saved.lost:
            assert sum(after[key] != before[key] for key in before) <= saved.lost["records"]
        assert spoilt.read_bytes()[:_PAGE] == data[:_PAGE] or page == 1


def test_a_file_that_was_cut_off(path: Path) -> None:
    before, data = _works(path), path.read_bytes()
    left = []
    for share in (0.1, 0.6, 0.75, 0.85, 0.98):
        path.write_bytes(data[: int(len(data) * share)])
        try:
            saved, new = _rescue(path)
        except StoreDamaged as error:
            left.append(0)
            told = error.message
        else:
            left.append(saved.works)
            assert saved.works == len(before) or saved.lost
            assert _works(new).keys() <= before.keys()
    assert "nothing of a refman library" in told
    assert left == sorted(left)
    assert 0 < left[-2] <= left[-1] == len(before)


def test_what_holds_no_library_is_not_rescued(tmp_path: Path) -> None:
    for content in (b"", b"hello", random.Random(1).randbytes(50_000)):
        path = tmp_path / "x.db"
        path.write_bytes(content)
        with pytest.raises(StoreDamaged, match="nothing of a refman library"):
            _rescue(path)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["x.db"]
    for wrong in (tmp_path, tmp_path / "none.db"):
        with pytest.raises(RefmanError):
            _rescue(wrong)


def test_what_was_committed_to_the_log_is_rescued_too(path: Path) -> None:
    with Library(path) as library:
        library.edit(library.get("k1"), {"title": "In the log"})
        assert path.with_name("library.db-wal").stat().st_size
        _, new = _rescue(path)
    assert _works(new)["k1"][1].title == "In the log"  # type: ignore[index]


# Reading around damage


def test_a_damaged_library_is_read_around_and_not_written_to(path: Path) -> None:
    before = _works(path)
    _overwrite(path, _root(path, "works"))
    spoilt = path.read_bytes()
    said: list[str] = []
    for _ in range(2):
        with Library(path, announce=said.append) as library:
            assert {row.citation_key for row in library.rows()} == before.keys()
            assert library.count("zebras") == len(before) - 3
            assert library.get("k7").description == before["k7"][1]  # type: ignore[index]
            assert len(list(library.works_of(library.rows("striped OR zebras")))) > 50
            with pytest.raises(StoreDamaged, match="nothing is written"):
                library.edit(library.get("k7"), {"title": "x"})
            with pytest.raises(StoreDamaged):
                library.import_text("@book{x, title={X}}")
    assert sum("is damaged" in sentence for sentence in said) == 2
    assert path.read_bytes() == spoilt
    assert damage.marked(path) is not None
    # Put back from a backup it is as good as ever.
    _fill(path.with_name("other.db"), 35)
    shutil.copy(path.with_name("other.db"), path)
    with Library(path) as library:
        library.edit(library.get("k1"), {"title": "x"})


# Mending


def test_a_damaged_index_is_mended_without_loss(path: Path) -> None:
    before = _works(path)
    for name in ("works_year", "works_fts_data"):
        _overwrite(path, _root(path, name))
        with Library(path) as library:
            assert [f.area for f in safety.examine(library)] == [Area.FILE]
            with pytest.raises(StoreLocked):
                safety.replace_damaged(path, lambda _: None)
        _, kept = safety.replace_damaged(path, lambda _: None)
        assert kept.exists()
        assert _works(path) == before
        with Library(path) as library:
            assert safety.examine(library) == []
            library.edit(library.get("k2"), {"title": "x"})
            library.undo()


def test_what_would_lose_something_is_not_put_in_place(path: Path) -> None:
    _overwrite(path, _leaf(path, "records"))
    with Library(path) as library:
        assert safety.is_damaged(safety.examine(library))
    spoilt = path.read_bytes()
    with pytest.raises(StoreDamaged, match="cannot be mended without loss"):
        safety.replace_damaged(path, lambda _: None)
    assert path.read_bytes() == spoilt
    assert damage.marked(path) is not None


_ROW = "INSERT INTO {} VALUES ({})"
_FAULTS: list[tuple[Area, str, str]] = [
    (Area.DERIVED, "no record to stand on", "DELETE FROM records WHERE work_id = 3"),
    (Area.DERIVED, "missing from the list", "DELETE FROM works WHERE id = 3"),
    (Area.DERIVED, "by their citation key", "DELETE FROM citation_keys WHERE work_id = 3"),
    (Area.DERIVED, "do not say", "UPDATE works SET sort_title = 'x' WHERE id = 3"),
    (Area.DERIVED, "do not say", "UPDATE works SET description = '{}' WHERE id = 3"),
    (Area.DERIVED, "do not say", "DELETE FROM contributors WHERE work_id = 3"),
    (Area.DERIVED, "do not say", "INSERT INTO identifiers VALUES ('doi', '10.1/x', 3)"),
    (Area.INDEX, "search index", "UPDATE works SET title = 'other' WHERE id = 3"),
    (Area.INDEX, "search index", "DELETE FROM works_fts_docsize WHERE id = 3"),
    (Area.INDEX, "search index", "UPDATE notes SET text = 'other'"),
    (Area.ORPHANS, "citation keys belong", "INSERT INTO citation_keys VALUES ('zz', 999, 1)"),
    (Area.ORPHANS, "names belong", "INSERT INTO contributors VALUES (999, 'author', 0, 'A', "
     "NULL, NULL, NULL)"),
    (Area.ORPHANS, "identifiers belong", "INSERT INTO identifiers VALUES ('doi', '10.1/x', 999)"),
    (Area.ORPHANS, "tags belong", "INSERT INTO work_tags VALUES (999, 1, 1)"),
    (Area.ORPHANS, "places in", "INSERT INTO work_collections VALUES (999, 1, 1)"),
    (Area.ORPHANS, "on enrichment", f"INSERT INTO enrichments VALUES (999, 'found', 'x', 'y', "
     f"'{_NOW}')"),
    (Area.ORPHANS, "notes belong", f"INSERT INTO notes VALUES (99, 999, 'lost', '{_NOW}', "
     f"'{_NOW}')"),
    (Area.ORPHANS, "files belong", f"INSERT INTO attachments VALUES (99, 999, 'paper.pdf', NULL, "
     f"NULL, '{_NOW}')"),
    (Area.ORPHANS, "kept apart", "INSERT INTO distinct_works VALUES (3, 999)"),
    (Area.ORPHANS, "lost their text", "INSERT INTO answers VALUES ('crossref', '10.1/x', 'found', "
     f"'{_NOW}', 'gone', NULL, NULL, NULL, 0)"),
    (Area.ORPHANS, "were removed and are", f"INSERT INTO removed_works VALUES (3, 'k2', NULL, "
     f"'{_NOW}', 1)"),
    (Area.ORPHANS, "not known as removed", "DELETE FROM removed_works"),
    (Area.REFERENCES, "rows of records", "DELETE FROM changes WHERE id = 1"),
    (Area.REFERENCES, "rows of work_tags", "DELETE FROM tags"),
    (Area.REFERENCES, "rows of work_collections", "DELETE FROM collections"),
]  # fmt: skip


def test_each_fault_is_found_and_mended(path: Path) -> None:
    """One after the other is planted in the same library."""
    keys = _works(path).keys()
    path.with_name("paper.pdf").touch()
    for area, words, sql in _FAULTS:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(sql)
        with Library(path, clock=_clock) as library:
            found = safety.examine(library)
            assert any(f.area is area and words in f.sentence for f in found), (sql, found)
            assert all(f.remedy for f in found)
            safety.mend(library)
            assert safety.examine(library) == [], sql
    after = _works(path)
    assert keys <= after.keys()
    with Library(path) as library:
        homes = list(library.search('title:"without a work"'))
        notes = [note.text for home in homes for note in library.store.notes(home.id)]
        files = [file.path for home in homes for file in library.store.attachments(home.id)]
        assert (notes, files) == (["lost"], ["paper.pdf"])
        assert after["k2"][1].title == "Work number 2 of zebras"  # type: ignore[index]


# Backups


def test_backups_are_rotated_and_nothing_else_is(path: Path) -> None:
    folder = backups_folder(path)
    folder.mkdir()
    theirs = ("library-20200101T000000Z.db", "library-mine.db", "other-20200101T000000Z.db")
    (folder / theirs[0]).write_bytes(b"not a library")
    for name in theirs[1:]:
        shutil.copy(path, folder / name)
    with Library(path) as library:
        made = [
            back_up(library.store, path, None, f"2026-01-{day:02}T00:00:00Z", keep=2)
            for day in (1, 2, 2, 3)
        ]
    assert [each.removed for each in made] == [(), (), (made[0].path,), (made[1].path,)]
    names = {file.name for file in folder.iterdir()}
    assert names == {*theirs, "library-20260102T000000Z-2.db", "library-20260103T000000Z.db"}
    assert signature(made[-1].path) == signature(path)


def test_a_backup_that_is_damaged_is_not_kept(path: Path) -> None:
    with Library(path) as library:
        good = back_up(library.store, path, None, "2026-01-01T00:00:00Z", keep=1).path
    _overwrite(path, _leaf(path, "records"))
    with Library(path) as library, pytest.raises(StoreDamaged, match="none was kept"):
        back_up(library.store, path, None, "2026-01-02T00:00:00Z", keep=1)
    assert [file.name for file in good.parent.iterdir()] == [good.name]


def test_a_backup_is_of_one_moment_and_can_be_stopped(path: Path) -> None:
    """Another process writes while it is made; the wish to stop leaves nothing behind."""
    target = path.with_name("copy.db")

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    def write(_done: int, _all: int) -> None:
        script = "UPDATE works SET title = 'Meanwhile' WHERE citation_key = 'k1'"
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(script)

    with Library(path) as library:
        with pytest.raises(KeyboardInterrupt):
            library.store.backup(target, progress=stop)
        assert [file.name for file in path.parent.glob("*copy*")] == []
        before = _works(path)
        library.store.backup(target, progress=write)
    assert _works(target) == before
    with Library(path) as library:
        assert {row.title for row in library.rows()} >= {"Meanwhile"}


# Logs, locks


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    with Library(path) as library:
        library.edit(library.get("k1"), {"title": "Done"})
        asked = library.store._connection.execute
        assert asked("PRAGMA journal_mode").fetchone() == ("wal",)
        assert asked("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows what is written when")
def test_nothing_is_said_to_be_done_before_it_is_on_the_disk(path: Path) -> None:
    trace = path.with_name("trace")
    refman = [sys.executable, "-m", "refman", "-l", str(path), "edit", "k1", "--set", "title=Done"]
    watched = "trace=pwrite64,fdatasync,fsync,write"
    done = subprocess.run(
        ["strace", "-f", "-y", "-s", "200", "-e", watched, "-o", str(trace), *refman],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if "ptrace" in done.stderr:
        pytest.skip("no process may be watched here")
    calls = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    said = next(i for i, call in enumerate(calls) if " write(2<" in call and "Done" in call)
    log = [call for call in calls[:said] if "library.db-wal>" in call]
    assert any("pwrite64(" in call for call in log)
    assert "sync(" in log[-1]


def _in_another_process(path: Path) -> None:
    script = (
        "import sys\nfrom refman.services.library import Library\n"
        "with Library(sys.argv[1]) as library: len(library)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


def test_a_second_connection_does_not_let_go_of_the_locks_of_the_first(path: Path) -> None:
    """Another process would take the log away, and what is written from then on would be lost."""
    with Library(path) as library:
        library.edit(library.get("k1"), {"title": "Once"})
        thread = threading.Thread(target=lambda: len(library))
        thread.start()
        thread.join()
        _in_another_process(path)
        library.edit(library.get("k1"), {"title": "Twice"})
        with closing(sqlite3.connect(path)) as other:
            [(title,)] = other.execute("SELECT title FROM works WHERE citation_key = 'k1'")
    assert title == "Twice"


def _leave_a_log(path: Path, deed: Callable[[Library], object]) -> tuple[bytes, bytes]:
    """Work on a library, and give the file and the log as a kill would leave them."""
    with Library(path) as library:
        deed(library)
        return path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()


def test_a_log_of_another_library_is_not_brought_in(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    _fill(other, 40)
    for library, foreign in ((path, other), (other, path)):
        data = library.read_bytes()
        _, log = _leave_a_log(foreign, lambda opened: opened.undo())
        victim = tmp_path / "victim.db"
        victim.write_bytes(data)
        victim.with_name("victim.db-wal").write_bytes(log)
        for _ in range(2):
            with pytest.raises(StoreDamaged, match="log of another library"):
                Library(victim)
        assert victim.read_bytes() == data
        saved, new = _rescue(victim)
        assert saved.lost == {}
        assert _works(new).keys() == _works(library).keys() or library is other
        victim.with_name("victim.db-wal").unlink()
        with Library(victim) as opened:
            assert opened.check() == []


def test_a_log_that_was_left_is_brought_in_and_one_that_is_gone_was_not(path: Path) -> None:
    old = _works(path)
    data, log = _leave_a_log(path, lambda library: library.edit(library.get("k1"), {"title": "N"}))
    for kept in (log, log[:-100], b"", log[:20], None):
        victim = path.with_name("victim.db")
        for beside in path.parent.glob("victim*"):
            beside.unlink()
        victim.write_bytes(data)
        if kept is not None:
            victim.with_name("victim.db-wal").write_bytes(kept)
        with Library(victim) as library:
            assert library.check() == []
            title = library.get("k1").description.title
        assert title == ("N" if kept == log else old["k1"][1].title)  # type: ignore[index]
