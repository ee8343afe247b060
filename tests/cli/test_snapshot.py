"""`refman snapshot`: what it writes and says, and what is left of it when it is stopped."""

from __future__ import annotations

import csv
import fcntl
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Refman

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "tests" / "data" / "crossref" / "works.jsonl").read_bytes().splitlines()
MESSAGES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
DOIS = [message["DOI"] for message in MESSAGES]
_REFMAN = [sys.executable, "-m", "refman"]
_INTERRUPTIBLE = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])",
]
"""Lets a command be interrupted, also where the tests run in the background of a shell."""


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Five files of the same records in turn, in a folder."""
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for number in range(5):
        data = b"\n".join(LINES[number::5]) + b"\n"
        (folder / f"{number}.jsonl.gz").write_bytes(gzip.compress(data))
    return folder


def read(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_what_is_selected_can_be_imported_and_looked_up(
    refman: Refman, snapshot: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = refman(
        "snapshot", "select", str(snapshot), "--dois", "-", "--doi", DOIS[2], "-o", name,
        stdin="\n".join(["# some", DOIS[7].upper(), f"https://doi.org/{DOIS[5]}"]).encode(),
    )  # fmt: skip
    assert result.status == 0, result.err
    assert result.out == ""
    # By file, and by line in each.
    assert read(tmp_path / name) == [MESSAGES[5], MESSAGES[2], MESSAGES[7]]
    assert not (tmp_path / f"{name}.parts").exists()
    assert "Kept 3 records of 76 in 5 files" in result.err
    imported = refman("-l", "l.db", "import", name, "--json")
    assert imported.json["imported"] == 3
    monkeypatch.setenv("REFMAN_CROSSREF_SNAPSHOT", str(tmp_path / name))
    found = refman("lookup", DOIS[7], "--source", "crossref-snapshot")
    assert found.status == 0
    assert found.json[0]["DOI"] == DOIS[7]


def test_issns_and_prefixes(refman: Refman, snapshot: Path, tmp_path: Path) -> None:
    issn = next(message["ISSN"][0] for message in MESSAGES if message.get("ISSN"))
    prefix = DOIS[0].partition("/")[0]
    result = refman(
        "snapshot", "select", str(snapshot), "--issn", issn.replace("-", ""), "--prefix",
        f"{prefix}/", "-o", "out.jsonl", "--json",
    )  # fmt: skip
    kept = {work["DOI"] for work in read(tmp_path / "out.jsonl")}
    assert kept == {
        message["DOI"]
        for message in MESSAGES
        if issn in message.get("ISSN", ()) or message["DOI"].startswith(f"{prefix}/")
    }
    assert result.status == 0
    assert result.json["kept"] == len(kept)
    assert result.json["found"] == 2


def test_the_report_has_a_row_for_each_row_and_file(
    refman: Refman, snapshot: Path, tmp_path: Path
) -> None:
    with (snapshot / "3.jsonl.gz").open("ab") as file:
        file.write(gzip.compress(b'{"DOI":"10.5555/broken",\n'))
    (tmp_path / "dois.txt").write_text(f"{DOIS[1]}\nno doi here\n10.5555/none\n{DOIS[1]}\n")
    result = refman(
        "snapshot", "select", str(snapshot), "--dois", "dois.txt", "--issn", "1234-5679",
        "-o", "out.jsonl.gz", "--report", "r.csv", "--json",
    )  # fmt: skip
    assert result.status == 1
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["kind"], row["given"], row["status"]) for row in rows[:5]] == [
        ("doi", DOIS[1], "found"),
        ("doi", "no doi here", "failed"),
        ("doi", "10.5555/none", "failed"),
        ("doi", DOIS[1], "found"),
        ("issn", "1234-5679", "failed"),
    ]
    assert (rows[0]["file"], rows[0]["line"]) == ("1.jsonl.gz", "1")
    files = [row for row in rows if row["kind"] == "file"]
    assert [row["file"] for row in files] == [f"{n}.jsonl.gz" for n in range(5)]
    assert sum(int(row["records"]) for row in files) == 77
    assert sum(int(row["kept"]) for row in files) == 1
    assert all(int(row["unpacked"]) > int(row["bytes"]) > 0 for row in files)
    assert all(float(row["seconds"]) > 0 for row in files)
    (unreadable,) = [row for row in rows if row["kind"] == "unreadable"]
    assert (unreadable["file"], unreadable["line"]) == ("3.jsonl.gz", "16")
    assert result.json["unreadable"][0]["line"] == 16
    assert "3.jsonl.gz:16: a line that is not JSON" in result.err
    assert (result.json["found"], result.json["failed"]) == (2, 3)


def test_nothing_found_is_an_empty_snapshot(refman: Refman, snapshot: Path, tmp_path: Path) -> None:
    arguments = ("snapshot", "select", str(snapshot), "--doi", "10.5555/none", "-o", "out.jsonl.gz")
    result = refman(*arguments)
    assert result.status == 1
    assert "10.5555/none: not found: not in the snapshot" in result.err
    assert read(tmp_path / "out.jsonl.gz") == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["select", "nowhere", "--doi", "10.5555/a", "-o", "o.jsonl"], "nowhere"),
        (["select", "empty", "--doi", "10.5555/a", "-o", "o.jsonl"], "empty"),
        (["select", "--doi", "10.5555/a", "-o", "o.jsonl"], "No Crossref snapshot is set"),
        (["select", "snapshot", "-o", "o.jsonl"], "Nothing is asked for"),
        (["select", "snapshot", "--doi", "10.5555/a"], "--output"),
        (["select", "snapshot", "--doi", "10.5555/a", "-o", "o.csv"], ".jsonl"),
        (["select", "snapshot", "--doi", "10.5555/a", "-o", "none/o.jsonl"], "folder none"),
        (["select", "snapshot", "--doi", "10.5555/a", "-o", "snapshot/o.jsonl"], "elsewhere"),
        (["select", "snapshot", "--issn", "1234-5678", "-o", "o.jsonl"], "ISSN"),
        (["select", "snapshot", "--prefix", "11.1", "-o", "o.jsonl"], "prefix"),
        (["select", "snapshot", "--dois", "none.txt", "-o", "o.jsonl"], "none.txt"),
        (["select", "snapshot", "--doi", "10.5555/a", "-o", "o.jsonl", "--jobs", "0"], "jobs"),
        (["info", "nowhere"], "nowhere"),
        (["index", "empty"], "empty"),
    ],
)
def test_wrong_use_is_one_sentence(
    refman: Refman, snapshot: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    (tmp_path / "empty").mkdir()
    result = refman("snapshot", *arguments)
    assert result.status == 2
    assert word in result.complaint
    assert not list(tmp_path.glob("o.*"))


def test_two_at_the_same_output(
    refman: Refman, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refman.sources.crossref_journal._PATIENCE", 0.1)
    folder = tmp_path / "out.jsonl.parts"
    folder.mkdir()
    with (folder / "journal.jsonl").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        result = refman("snapshot", "select", str(snapshot), "--doi", DOIS[0], "-o", "out.jsonl")
    assert result.status == 2
    assert "Another refman is at work" in result.complaint


def test_index_and_info(
    refman: Refman, snapshot: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = refman("snapshot", "info", str(snapshot), "--json").json
    assert (before["files"], before["indexed"], before["records"]) == (5, False, None)
    assert before["bytes"] == sum(path.stat().st_size for path in snapshot.iterdir())
    monkeypatch.setenv("REFMAN_CROSSREF_SNAPSHOT", str(snapshot))
    assert "not indexed" in refman("snapshot", "info").out
    result = refman("snapshot", "index")
    assert result.status == 0
    assert "Indexed 76 records in 5 files" in result.err
    after = refman("snapshot", "info", "--json").json
    assert (after["indexed"], after["records"]) == (True, 76)
    assert [path.name for path in Path(after["index"]).parent.iterdir()] == [
        Path(after["index"]).name
    ]
    found = refman("lookup", *DOIS[:3], "--source", "crossref-snapshot")
    assert [work["DOI"] for work in found.json] == DOIS[:3]


# Stopped in the middle


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Forty files, each of which takes some hundredths of a second."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(40):
        own = [
            line.replace(b'"DOI":"10.', b'"DOI":"10.%d' % number, 1)
            for line in LINES[number % 7 :: 7] * 8
        ]
        (folder / f"{number}.jsonl.gz").write_bytes(gzip.compress(b"\n".join(own), 1))
    return folder


def _select(large: Path, output: str) -> list[str]:
    common = Counter(doi.partition("/")[0][3:] for doi in DOIS).most_common(3)
    prefixes = [f"--prefix=10.{n}{digits}" for n in range(0, 40, 3) for digits, _ in common]
    return [
        *_REFMAN, "snapshot", "select", str(large), *prefixes, "--doi", "10.5555/none",
        "-o", output, "--jobs", "2", "--json",
    ]  # fmt: skip


def _in_session(session: int) -> list[int]:
    """The processes that belong to a session (Linux only)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(own) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def _nobody_left(session: int) -> bool:
    deadline = time.monotonic() + 10
    while _in_session(session) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _in_session(session)


def _done(folder: Path) -> set[str]:
    """The files that the journal in a work folder says are done."""
    try:
        lines = (folder / "journal.jsonl").read_bytes().split(b"\n")
    except OSError:
        return set()
    return {json.loads(line)["name"] for line in lines[1:-1] if line}


def _wait_for(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline and len(_done(folder)) < count:
        time.sleep(0.002)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs to see all processes")
def test_a_pass_that_is_killed_goes_on_and_does_nothing_twice(large: Path, tmp_path: Path) -> None:
    whole = subprocess.run(
        _select(large, "whole.jsonl.gz"), capture_output=True, text=True, check=False, timeout=60
    )
    assert whole.returncode == 1, whole.stderr
    chance = random.Random(5)
    folder = tmp_path / "killed.jsonl.gz.parts"
    kills = 0
    while kills < 2:
        before = _done(folder)
        with subprocess.Popen(
            _select(large, "killed.jsonl.gz"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            text=True, start_new_session=True,
        ) as process:  # fmt: skip
            _wait_for(folder, len(before) + chance.randint(1, 3), process)
            time.sleep(chance.random() * 0.02)
            process.kill()
        assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"
        assert _nobody_left(process.pid)
        kills += 1
        assert before <= _done(folder)
    done = _done(folder)
    assert 0 < len(done) < 40
    parts = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.part")}
    last = subprocess.run(
        _select(large, "killed.jsonl.gz"), capture_output=True, text=True, check=False, timeout=60
    )
    assert last.returncode == 1
    assert json.loads(last.stdout)["done_before"] == len(done)
    assert parts
    ours, theirs = (json.loads(run.stdout) for run in (last, whole))
    for key in ("found", "not_found", "kept", "records", "size", "unpacked", "files"):
        assert ours[key] == theirs[key]
    assert ours["kept"] > 0
    whole_bytes = (tmp_path / "whole.jsonl.gz").read_bytes()
    assert (tmp_path / "killed.jsonl.gz").read_bytes() == whole_bytes
    assert not folder.exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs to see all processes")
def test_ctrl_c_at_a_terminal_leaves_no_process_behind(large: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*_INTERRUPTIBLE, *_select(large, "out.jsonl.gz")], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        _wait_for(tmp_path / "out.jsonl.gz.parts", 3, process)
        # As a terminal does, to all of them.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert out == ""
    assert err.split("\n")[:1] + err.splitlines()[-1:] == [
        "The same command goes on where this one was.",
        "refman: interrupted; what was done before stays.",
    ]
    assert _nobody_left(process.pid)
    assert len(_done(tmp_path / "out.jsonl.gz.parts")) >= 3
