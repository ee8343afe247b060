"""What happens where a person sits at both ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refman.services.library import Library
from tests.cli.conftest import CSL


def _at_a_terminal(*arguments: str, typed: str = "", **environment: str) -> tuple[int, str]:
    """Run at a terminal of its own; the exit status, and all that stood on the screen."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "refman", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", **environment},
        start_new_session=True,
    )
    os.close(slave)
    shown = b""
    deadline = time.monotonic() + 20
    try:
        while time.monotonic() < deadline:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if typed and b"?" in shown:
                os.write(master, typed.encode())
                typed = ""
    finally:
        status = process.wait(20)
        os.close(master)
    return status, shown.decode()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library(path, create=True) as opened:
        list(opened.import_text(json.dumps(CSL)))
    return path


def _count(library: Path) -> int:
    with Library(library) as opened:
        return len(opened)


@pytest.mark.parametrize(("answer", "left"), [("y\n", 1), ("n\n", 3), ("\n", 3)])
def test_deleting_asks_first(library: Path, answer: str, left: int) -> None:
    status, shown = _at_a_terminal("delete", "--query", "has:author", typed=answer)
    assert "Delete 2 works?" in shown
    assert (status == 0) is (left == 1)
    assert _count(library) == left


def test_yes_answers(library: Path) -> None:
    status, shown = _at_a_terminal("delete", "dwi2021", "--yes")
    assert status == 0
    assert "?" not in shown
    assert _count(library) == 2


def test_editing_in_an_editor(library: Path) -> None:
    status, shown = _at_a_terminal(
        "edit", "dwi2021", EDITOR="sed -i 's/^container title.*//;s/migration/emigration/'"
    )
    assert status == 0, shown
    assert "emigration" in shown
    with Library(library) as opened:
        assert opened.get("dwi2021").description.title == "The effectiveness of emigration"
    status, shown = _at_a_terminal("edit", "dwi2021", EDITOR="true")
    assert status == 0
    assert "Nothing was changed." in shown
    status, shown = _at_a_terminal("edit", "dwi2021", EDITOR="sh -c 'echo nonsense >> \"$0\"'")
    assert status == 2
    assert "is no field" in shown


def test_a_listing_fits_the_terminal(library: Path) -> None:
    _, shown = _at_a_terminal("list", COLUMNS="40")
    assert shown.strip()
    assert all(len(line.rstrip("\r")) <= 40 for line in shown.split("\n"))
    assert "…" in shown


def test_importing_nothing_says_what_to_name(library: Path) -> None:
    status, shown = _at_a_terminal("import")
    assert status == 2
    assert "No file to import." in shown
