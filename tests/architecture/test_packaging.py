"""What is packed, and what lies at the top of the tree."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, and the wheel that is built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(folder)},
    )
    return folder


def test_the_wheel_holds_one_package_and_all_of_it(packed: Path) -> None:
    (wheel,) = packed.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"refman"}
    tracked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "refman").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert tracked <= set(names)


def test_the_sdist_holds_neither_links_nor_the_sample_library(packed: Path) -> None:
    (sdist,) = packed.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    assert not [member.name for member in members if member.issym()]
    assert not [member.name for member in members if member.name.endswith("library.db")]


@pytest.mark.parametrize("name", ["importers", "exporters"])
def test_the_links_at_the_top_are_relative(name: str) -> None:
    link = ROOT / name
    assert link.is_symlink()
    assert link.readlink() == Path("refman") / name
    assert (link / "bibtex.py").is_file()


def test_the_lock_names_no_address() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
