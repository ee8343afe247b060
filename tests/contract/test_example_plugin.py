"""The example plug-in, installed as anyone would, and used through the command line.

It is built by pip into a folder of its own, without the network, and reached because that folder is
on the path; and so are plug-ins that are broken in all the ways there are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin"

Call = Callable[..., subprocess.CompletedProcess[str]]

WIKI = """\
The organisation<ref name="dwi2021">{{cite journal |last1=Dwi |first1=Rizkika |date=August 2021
|title=The effectiveness of the {{nowrap|IOM}} |journal=Mediasi |volume=4 |issue=2
|pages=123–130 |doi=10.21111/mediasi.v4i2.10036 |quote=It helps.}}</ref> helps.
<ref>{{cite book |last=Knuth |first=Donald E. |title=The TeXbook |year=1984}}</ref>
<ref>{{cite book |title=Not closed
"""

BROKEN = '''\
"""Plug-ins that are broken in one way each."""

from refman.ports import FormatInfo, Problem


class Base:
    def __init__(self, name):
        self.info = FormatInfo(name=name, label=name, extensions=(".broken",))

    def recognise(self, sample):
        return 0


class Fails(Base):
    def recognise(self, sample):
        raise RuntimeError("no idea")

    def read(self, source, options):
        yield Problem(reason="a bad line", line=1)
        raise ZeroDivisionError("midway")

    def write(self, works, options):
        for work in works:
            yield "half a file"
            raise ZeroDivisionError("midway")


class Wrong(Base):
    def recognise(self, sample):
        return "certainly"

    def read(self, source, options):
        yield {"title": "a dictionary"}

    def write(self, works, options):
        return 42


class Lacking(Base):
    pass


fails = Fails("fails")
wrong = Wrong("wrong")
lacking = Lacking("lacking")


def __getattr__(name):
    raise OSError("its own library\\nis gone")
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example installed in it, beside a distribution of broken plug-ins."""
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--disable-pip-version-check", "--target", str(target), str(EXAMPLE)],
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(target), "PIP_NO_INPUT": "1"},
    )  # fmt: skip
    names = ("fails", "wrong", "lacking", "gone")
    lines = [f"{name} = broken_plugins:{name}\n" for name in names]
    about = target / "broken_plugins-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugins\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text(
        f"[refman.importers]\n{''.join(lines)}\n[refman.exporters]\n{''.join(lines)}"
    )
    (target / "broken_plugins.py").write_text(BROKEN)
    return target


@pytest.fixture
def call(folder: Path, tmp_path: Path) -> Call:
    """Run the real command with arguments, in an empty folder, with the plug-ins on the path."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join((str(folder), str(ROOT)))
        environment = {
            **{name: value for name, value in os.environ.items() if "REFMAN" not in name},
            "PYTHONPATH": path, "HOME": str(tmp_path), "REFMAN_OFFLINE": "1",
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "refman", *arguments],
            capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path, env=environment,
        )  # fmt: skip

    return run


def test_the_example_reads_and_writes(call: Call, tmp_path: Path) -> None:
    (tmp_path / "article.wiki").write_text(WIKI)
    done = call("import", "article.wiki", "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["imported"], told["failed"]) == (2, 1)
    failed = [record for record in told["records"] if record["status"] == "failed"]
    assert failed[0]["source"] == "article.wiki:5"
    assert "not closed" in failed[0]["reason"]

    [item] = json.loads(call("export", "--to", "csl-json", "--keys", "dwi2021").stdout)
    assert item["DOI"] == "10.21111/mediasi.v4i2.10036"
    assert item["issued"] == {"date-parts": [[2021, 8]]}

    written = call("export", "--to", "wikipedia", "--keys", "dwi2021")
    assert written.returncode == 0, written.stderr
    assert written.stdout.startswith('<ref name="dwi2021">{{cite journal |last1=Dwi |first1=Rizki')
    # What had no field came through, and the options that mean the same to all formats act.
    assert "|quote=It helps." in written.stdout
    options = ("--journals", "abbreviated", "--doi-as-url", "--without", "wikipedia:quote")
    written = call("export", "--to", "wikipedia", "--keys", "dwi2021", *options)
    assert "|url=https://doi.org/10.21111/mediasi.v4i2.10036" in written.stdout
    assert "quote" not in written.stdout


def test_formats_lists_it_and_says_what_does_not_load(call: Call) -> None:
    done = call("formats", "--json")
    assert done.returncode == 1
    formats = {row["name"]: row for row in json.loads(done.stdout)}
    assert formats["wikipedia"]["import"] is formats["wikipedia"]["export"] is True
    assert formats["wikipedia"]["from"] == "refman-plugin-wikipedia 1.0"
    assert formats["bibtex"]["import"] is True
    lines = done.stderr.splitlines()
    assert [line for line in lines if "'gone' of broken-plugins 0.1 does not load: OSError" in line]
    assert [line for line in lines if "'lacking' of broken-plugins 0.1 is no importer" in line]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fails", "The importer 'fails' of broken-plugins 0.1 failed: ZeroDivisionError: midway."),
        ("wrong", "The importer 'wrong' of broken-plugins 0.1 gave dict."),
        ("lacking", "The import format 'lacking' of broken-plugins 0.1 is no importer"),
        ("gone", "does not load: OSError: its own library is gone."),
    ],
)
def test_an_importer_that_is_broken_is_one_sentence(
    call: Call, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "x.txt").write_text("something\n")
    done = call("import", "x.txt", "--from", name)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if words in line]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fails", "The exporter 'fails' of broken-plugins 0.1 failed: ZeroDivisionError: midway."),
        ("wrong", "The exporter 'wrong' of broken-plugins 0.1 failed: TypeError"),
        ("lacking", "The export format 'lacking' of broken-plugins 0.1 is no exporter"),
        ("gone", "does not load: OSError: its own library is gone."),
    ],
)
def test_an_exporter_that_is_broken_is_one_sentence(
    call: Call, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "a.bib").write_text("@book{a, title = {A}}\n")
    # The broken ones are asked what the file is, and the others answer all the same.
    assert call("import", "a.bib").returncode == 0
    target = tmp_path / "out.txt"
    target.write_text("as it was")
    done = call("export", "--to", name, "-o", "out.txt")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if words in line]
    assert "Traceback" not in done.stderr
    assert target.read_text() == "as it was"


def test_its_own_tests_pass(folder: Path, tmp_path: Path) -> None:
    path = os.pathsep.join((str(folder), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider",
         "--rootdir", str(tmp_path), str(EXAMPLE / "tests")],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
