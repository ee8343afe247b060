"""A disk that is full: a real one, of three megabytes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Refman
from tests.crash.kinds import DATA, items
from tests.crash.state import integrity, signature

_BLOCK = b"x" * 4096


class _Disk:
    """A small disk, and a file on it that takes up room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "library.db"
        self._filler = (folder / "filler").open("wb", buffering=0)

    def leave(self, room: int | None) -> None:
        """Leave so many bytes free, or with None all."""
        if room is None:
            self._filler.truncate(0)
            self._filler.seek(0)
            return
        try:
            while self._filler.write(_BLOCK) == len(_BLOCK):
                pass
        except OSError:
            pass
        self._filler.truncate(max(0, self._filler.tell() - room))
        self._filler.seek(0, 2)

    def close(self) -> None:
        self._filler.close()


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
            check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small disk can be mounted here; tests/cli/test_killed.py has a quota")
    small = _Disk(folder)
    monkeypatch.setenv("REFMAN_LIBRARY", str(small.library))
    try:
        yield small
    finally:
        small.close()
        subprocess.run(["umount", str(folder)], check=True)


def _no_room(refman: Refman, *arguments: str, stdin: bytes = b"") -> None:
    told = refman(*arguments, stdin=stdin)
    assert told.status == 3, (arguments, told.err)
    [sentence] = [line for line in told.err.splitlines() if line.startswith("refman: ")]
    assert "no room left" in sentence or "No space left" in sentence, told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("room", [0, 4096, 40_000, 70_000])
def test_nothing_is_changed_and_all_works_when_there_is_room(
    refman: Refman, disk: _Disk, room: int
) -> None:
    assert refman("import", "-", stdin=json.dumps(items(60)).encode()).status == 0
    before = signature(disk.library)
    disk.leave(room)
    _no_room(refman, "import", "-", stdin=json.dumps(items(400, "new")).encode())
    if room < 50_000:
        _no_room(refman, "edit", "k1", "--set", f"title={'long ' * 5_000}")
    _no_room(refman, "backup")
    _no_room(refman, "backup", "--keep", "1")
    _no_room(refman, "doctor", "--rescue", str(disk.folder / "new.db"))
    # What only reads needs no room.
    assert refman("list", "--count").out == "60\n"
    assert refman("show", "k1").status == 0
    assert refman("doctor").status == 0
    names = {file.name for file in disk.folder.iterdir() if file.name != "library-backups"}
    assert names - {"library.db-wal", "library.db-shm"} == {"filler", "library.db"}
    disk.leave(None)
    assert integrity(disk.library) == []
    assert signature(disk.library) == before
    assert refman("doctor").status == 0
    assert refman("edit", "k1", "--set", "title=Another").status == 0
    assert refman("backup", "--keep", "1").status == 0


def test_a_migration_without_room_changes_nothing(refman: Refman, disk: _Disk) -> None:
    shutil.copy(DATA / "libraries" / "schema-3.db", disk.library)
    before = disk.library.read_bytes()
    for room in (0, 300_000, 700_000):
        disk.leave(room)
        _no_room(refman, "list")
        disk.leave(None)
        assert disk.library.read_bytes() == before
        assert not list(disk.folder.glob("library-before*"))
    assert refman("list", "--count").out == "47\n"
    assert len(list(disk.folder.glob("library-before*"))) == 1
