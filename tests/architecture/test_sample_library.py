"""The sample library is what `make library.db` makes of this checkout."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from refman.services.library import Library
from refman.store.connection import SCHEMA_VERSION

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "library.db"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sample") / "library.db"
    command = [sys.executable, str(ROOT / "examples" / "build_library.py"), str(target)]
    subprocess.run(command, check=True, cwd=ROOT)
    return target


def _statements(path: Path) -> list[str]:
    """All that a library says, whatever SQLite laid it out."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    tables = ("works", "records", "contributors", "identifiers", "citation_keys", "enrichments")
    rows = [
        f"{table}: {row}"
        for table in tables
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
    ]
    connection.close()
    return rows


def test_it_says_what_the_examples_say(rebuilt: Path) -> None:
    assert _statements(SAMPLE) == _statements(rebuilt)


def test_the_same_sqlite_makes_the_same_bytes(rebuilt: Path) -> None:
    maker = int.from_bytes(SAMPLE.read_bytes()[96:100], "big")
    major, minor, patch = sqlite3.sqlite_version_info
    if maker != major * 1_000_000 + minor * 1_000 + patch:
        pytest.skip("the sample was made by another release of SQLite")
    assert SAMPLE.read_bytes() == rebuilt.read_bytes()


def test_it_is_at_the_newest_schema_and_sound(tmp_path: Path) -> None:
    copy = tmp_path / "library.db"
    copy.write_bytes(SAMPLE.read_bytes())
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    connection.close()
    with Library(copy) as library:
        assert library.store.check() == []
        assert len(library) == 49
        work = library.get("10.21111/mediasi.v4i2.10036")
        assert work.description.container_title == "Mediasi: Journal of International Relations"


def test_looking_changes_no_byte(tmp_path: Path) -> None:
    copy = tmp_path / "library.db"
    copy.write_bytes(SAMPLE.read_bytes())
    with Library(copy) as library:
        assert [row.citation_key for row in library.rows("migrant")] == ["dwi2021effectiveness"]
        assert library.count("is:retracted") == 1
    assert copy.read_bytes() == SAMPLE.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("library.db*")) == ["library.db"]


def test_it_is_small() -> None:
    assert SAMPLE.stat().st_size < 1_000_000
