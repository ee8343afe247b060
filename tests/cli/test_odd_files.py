"""The library file in odd places and states, through the commands that people use then."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Refman

_NAMES = ["a b.db", "Über 書.db", 'it\'s "quoted".db', "100%41?mode=ro#x.db", "-l.db", "a\nb.db"]
"""Spaces, other letters, quotes, and what addresses, options and lines give a meaning."""


def _overwrite(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        [(page,)] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(b"\x55" * 4096)


@pytest.mark.parametrize("name", _NAMES)
def test_a_library_of_any_name(refman: Refman, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name.removesuffix(".db")
    folder.mkdir()
    path = folder / name
    made = refman("-l", str(path), "import", "-", stdin=b"@book{a, title={T}}")
    assert made.status == 0, made.err
    assert refman("-l", str(path), "edit", "a", "--set", "title=U").status == 0
    assert refman("-l", str(path), "backup", "--keep", "1").status == 0
    assert refman("-l", str(path), "doctor").status == 0
    _overwrite(path, "works")
    rescued = folder / f"new {name}"
    assert refman("-l", str(path), "doctor", "--rescue", str(rescued)).status == 0
    assert refman("-l", str(rescued), "list", "title:u", "--keys").out == "a\n"
    assert refman("-l", str(path), "doctor", "--fix").status == 0
    assert refman("-l", str(path), "list", "--keys").out == "a\n"
    names = {file.name.removeprefix(path.stem) for file in folder.iterdir()}
    assert {".db", "-backups"} <= names
    assert sum(each.startswith("-damaged-") for each in names) == 1
    assert not [each for each in names if each.endswith(("-wal", "-shm", ".part"))]


def test_a_link_to_a_library(refman: Refman, library: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(library)
    asked = ("-l", str(link))
    assert refman(*asked, "edit", "anon", "--set", "title=By the link").status == 0
    assert "By the link" in refman("list").out
    assert refman(*asked, "backup", str(library), "--force").status == 2
    _overwrite(library, "works_fts_data")
    assert refman(*asked, "doctor").status == 3
    assert refman(*asked, "doctor", "--fix").status == 0
    assert link.is_symlink()
    assert refman("doctor").status == 0
    assert "By the link" in refman("list").out
    library.unlink()
    assert refman(*asked, "list").status == 3
    assert refman(*asked, "import", "-", stdin=b"@book{a, title={T}}").status == 0
    assert library.exists()


@pytest.mark.parametrize("content", [None, b"", b"hello", b"SQLite format 3\x00", b"\x00" * 9000])
def test_what_is_no_library(refman: Refman, tmp_path: Path, content: bytes | None) -> None:
    """A folder, an empty file, a text, a bare head, zeros: told, and left as they are."""
    path = tmp_path / "library.db"
    path.mkdir() if content is None else path.write_bytes(content)
    for arguments in (
        ["list"], ["show", "a"], ["export", "--to", "ris"], ["edit", "a", "--set", "title=x"],
        ["backup"], ["doctor"], ["doctor", "--fix"], ["doctor", "--rescue", "new.db"],
        ["history"], ["undo"], ["check"],
    ):  # fmt: skip
        told = refman(*arguments)
        assert told.status in (2, 3), arguments
        assert told.complaint
    assert [file.name for file in tmp_path.glob("*.db*")] == ["library.db"]
    if content is not None:
        assert path.read_bytes() == content


def test_a_damaged_library(refman: Refman, library: Path, tmp_path: Path) -> None:
    """It is read as far as it goes, told with each command, not written to, and mended."""
    before = refman("export", "--to", "csl-json").json
    sound = library.read_bytes()
    for table, is_lost in (("works", False), ("records", True)):
        library.write_bytes(sound)
        _overwrite(library, table)
        spoilt = library.read_bytes()
        for arguments in (
            ["list", "--keys"], ["list", "--keys", "--sort", "title"],
            ["list", "--jsonl", "pamphlet OR TeXbook OR migration"], ["list", "--count"],
            ["show", "knuth1984"], ["export", "--to", "ris"], ["history"], ["tag"],
        ):  # fmt: skip
            told = refman(*arguments)
            # The first one may not touch what is damaged.
            if is_lost and told.status == 0:
                continue
            assert told.status == 3, arguments
            assert told.err.count("is damaged") == 1, told.err
            assert "doctor --rescue" in told.err
            assert told.out or arguments == ["tag"]
        for arguments in (
            ["edit", "anon", "--set", "title=x"], ["import", "-"], ["tag", "t", "anon"],
            ["delete", "anon"], ["undo"],
        ):  # fmt: skip
            told = refman(*arguments, stdin=b"@book{new, title={New}}")
            assert told.status == 3, arguments
            assert "is damaged" in told.complaint
            assert "doctor --rescue" in told.err
        told = refman("doctor", "--json")
        assert (told.status, told.json["findings"][0]["area"]) == (3, "file")
        assert refman("backup", "--keep", "1").status == 3
        assert library.read_bytes() == spoilt
        saved = refman("doctor", "--rescue", f"{table}.db", "--json")
        assert saved.status == (1 if is_lost else 0)
        assert saved.json["works"] == 3
        assert bool(saved.json["lost"]) is is_lost
        after = refman("-l", f"{table}.db", "export", "--to", "csl-json").json
        assert [item["title"] for item in after] == [item["title"] for item in before]
        assert is_lost or after == before
        mended = refman("doctor", "--fix")
        assert mended.status == (3 if is_lost else 0)
        if is_lost:
            assert "without loss" in mended.err
            assert library.read_bytes() == spoilt
        else:
            assert refman("export", "--to", "csl-json").json == before
            assert refman("edit", "anon", "--set", "title=x").status == 0
    # A backup put back is used at once.
    shutil.copy(tmp_path / "works.db", library)
    assert refman("edit", "anon", "--set", "title=x").status == 0


def test_backups(refman: Refman, library: Path, tmp_path: Path) -> None:
    told = refman("backup", "--keep", "2", "--json").json
    assert told["works"] == 3
    assert Path(told["backup"]).parent == tmp_path / "library-backups"
    assert Path(told["backup"]).stat().st_size == told["bytes"]
    for _ in range(2):
        removed = refman("backup", "--keep", "2", "--json").json["removed"]
    assert removed == [told["backup"]]
    copy = tmp_path / "copy.db"
    assert refman("backup", str(copy)).status == 0
    refused = refman("backup", str(copy))
    assert (refused.status, "--force" in refused.err) == (2, True)
    refman("edit", "anon", "--set", "title=x")
    assert refman("backup", str(copy), "--force").status == 0
    assert "x" in refman("-l", str(copy), "show", "anon").out
    assert refman("backup", str(library), "--force").status == 2
    assert refman("backup", str(tmp_path)).status == 2
    assert refman("backup", "--keep", "0").status == 2
    # The log of a library that is in use would be taken for the new file's.
    copy.with_name("copy.db-wal").write_bytes(b"x")
    assert "in use" in refman("backup", str(copy), "--force").complaint


def test_what_was_never_finished_is_told_and_removed(refman: Refman, library: Path) -> None:
    part = library.with_name(".library-20260101T000000Z.db.abc.part")
    part.write_bytes(b"half")
    assert refman("doctor").status == 0, "it may be under way"
    os.utime(part, (1, 1))
    told = refman("doctor", "--json")
    assert told.status == 1
    assert told.json["findings"][0]["area"] == "leftovers"
    assert json.dumps(told.json["problems"]).count("never finished") == 1
    assert refman("doctor", "--fix").status == 0
    assert not part.exists()
