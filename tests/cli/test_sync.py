"""`refman sync`, as a function and as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from refman.services.library import Library
from tests.cli.conftest import Refman

_REFMAN = [sys.executable, "-m", "refman"]


def test_a_file_is_written_edited_and_decided_on(refman: Refman, library: Path) -> None:
    file = library.parent / "refs.bib"
    assert refman("sync", str(file), "has:doi").err == f"Wrote 1 work to {file}.\n"
    assert refman("sync", str(file), "--query", "has:doi").err.endswith("is in step: 1 work.\n")
    file.write_text(file.read_text().replace("Mediasi", "Mediasi Baru"))
    result = refman("sync", str(file), "has:doi", "--json")
    assert result.status == 1
    assert result.json["edits"] == [
        {
            "citation_key": "dwi2021",
            "field": "container-title",
            "given": "Mediasi",
            "file": "Mediasi Baru",
            "library": "Mediasi",
            "contradicts": False,
        }
    ]
    assert result.json["proposals"] == [
        {"citation_key": "dwi2021", "field": "container-title", "value": "Mediasi Baru"}
    ]
    assert "container title: Mediasi → Mediasi Baru" in result.err
    shown = refman("show", "dwi2021", "--provenance").out
    assert f"user (proposed) {file}:" in shown
    assert refman("show", "dwi2021", "--json").json["container-title"] == "Mediasi"
    assert refman("sync", str(file), "has:doi").status == 1
    assert refman("sync", str(file), "has:doi", "--accept").status == 0
    assert refman("show", "dwi2021", "--json").json["container-title"] == "Mediasi Baru"
    assert "accepted edits in refs.bib: 1 work" in refman("history").out


def test_an_entry_is_added_and_one_taken_out(refman: Refman, library: Path) -> None:
    file = library.parent / "refs.bib"
    refman("sync", str(file), "author:knuth")
    file.write_text("@misc{new1, title={Some new thing}}\n")
    result = refman("sync", str(file), "author:knuth")
    assert result.status == 0
    assert "new1: added by hand, and imported." in result.err
    assert "knuth1984: taken out by hand" in result.err
    assert refman("show", "new1", "--json").json["title"] == "Some new thing"
    assert "{knuth1984," in file.read_text()


def test_what_a_manuscript_cites(refman: Refman, library: Path) -> None:
    paper, file = library.parent / "paper.tex", library.parent / "refs.bib"
    paper.write_text(r"\cite{dwi2021,lost}")
    result = refman("sync", str(file), "--cited-in", str(paper))
    assert result.status == 1
    assert "there is no work 'lost'" in result.err
    assert "{dwi2021," in file.read_text()
    assert "knuth1984" not in file.read_text()


def test_a_dry_run_and_a_broken_file(refman: Refman, library: Path) -> None:
    file = library.parent / "refs.bib"
    result = refman("sync", str(file), "--dry-run")
    assert f"Would write 3 works to {file}." in result.err
    assert not file.exists()
    file.write_text("@article{x, title={never closed\n")
    broken = refman("sync", str(file))
    assert broken.status == 1
    assert f"{file}:1: " in broken.err
    assert "was left as it is" in broken.err
    assert file.read_text() == "@article{x, title={never closed\n"


def test_a_format_that_is_none(refman: Refman, library: Path) -> None:
    result = refman("sync", str(library.parent / "refs.csv"), "--to", "nonsense")
    assert result.status == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["refs.txt"], "does not tell its format"),
        (["refs.bib", "--accept", "--discard"], "Either"),
        (["refs.bib", "x", "--cited-in", "library.db"], "not both"),
        ([], "Missing argument"),
    ],
)
def test_wrong_use(
    refman: Refman, library: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(library.parent)
    result = refman("sync", *arguments)
    assert result.status == 2
    assert words in result.complaint


def _until(holds: Callable[[], bool], seconds: float = 20) -> float:
    """Wait until something holds. Returns how long that took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds
        time.sleep(0.02)
    return time.monotonic() - begun


def test_watching_library_file_and_manuscript(library: Path) -> None:
    file, paper = library.parent / "refs.bib", library.parent / "paper.md"
    paper.write_text("As @dwi2021 says.")
    process = subprocess.Popen(
        [*_REFMAN, "-l", str(library), "sync", str(file), "--cited-in", str(paper),
         "--watch", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        _until(file.exists)
        with Library(library) as opened:
            opened.edit(opened.get("dwi2021"), {"volume": "12"})
        _until(lambda: "{12}" in file.read_text())
        paper.write_text("As @dwi2021 and @knuth1984 say.")
        _until(lambda: "knuth1984" in file.read_text())
        file.write_text(file.read_text().replace("Mediasi", "Mediasi Baru"))
        with Library(library) as opened:
            _until(lambda: any("proposed" in change.summary for change in opened.history()))
            assert opened.get("dwi2021").description.container_title == "Mediasi"
        assert "Mediasi Baru" in file.read_text()
        assert process.stdout is not None
        rounds = [json.loads(process.stdout.readline())]
        while not rounds[-1]["proposals"]:
            rounds.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert [rounds[0]["works"], rounds[-1]["works"]] == [1, 2]
    assert not list(file.parent.glob(".refs.bib.*"))
    with Library(library) as opened:
        assert opened.check() == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL")
def test_killed_while_it_watches_leaves_a_whole_file(library: Path) -> None:
    file = library.parent / "refs.bib"
    for delay in (0.0, 0.01, 0.03):
        process = subprocess.Popen(
            [*_REFMAN, "-l", str(library), "sync", str(file), "--watch"],
            stderr=subprocess.DEVNULL, env={**os.environ, "REFMAN_OFFLINE": "1"},
        )  # fmt: skip
        with process:
            _until(file.exists)
            with Library(library) as opened:
                opened.edit(opened.get("dwi2021"), {"volume": f"1{int(delay * 100)}"})
            time.sleep(0.3 + delay)
            process.kill()
        text = file.read_text()
        assert text.count("@") == 3
        assert text.count("{") == text.count("}")
    with Library(library) as opened:
        assert opened.check() == []
