"""Enriching that is killed, interrupted, cut off or crowded: it goes on where it was.

A process of its own asks the imitation of Crossref for a few hundred works. What the library holds
after each blow is compared with what the server has been asked: nothing whose answer was kept is
asked for again, and at the end all is as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refman.services.library import Library
from tests.crossref_server import CrossrefServer, Limit, Speed, corpus

_REFMAN = [sys.executable, "-m", "refman"]
_INTERRUPTIBLE = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])",
]
"""Lets a command be interrupted, also where the tests run in the background of a shell."""

_BLOWS = 10
_LONG = "-of-a-length-that-lets-few-into-one-request" * 3
KNOWN = [f"10.5555/known{_LONG}-{number:03}" for number in range(300)]
UNKNOWN = [f"10.5555/unknown{_LONG}-{number:03}" for number in range(12)]
DOIS = sorted(KNOWN + UNKNOWN, key=lambda doi: doi[-3:])
_LIMIT = Limit(rate=200, interval=1, concurrency=1)
LIMITS = dict.fromkeys(("public-single", "public-array", "polite-single", "polite-array"), _LIMIT)


def _works() -> list[dict[str, Any]]:
    return [
        corpus.work(doi, f"Mosses{doi[-3:]} of the Alps", date=(1950 + int(doi[-3:]) % 70,))
        for doi in KNOWN
    ]


@pytest.fixture
def server() -> Iterator[CrossrefServer]:
    """It answers at leisure, so that a blow lands in the middle."""
    speed = Speed(single=0.02, batch=0.12)
    with CrossrefServer(_works(), limits=LIMITS, speed=speed) as running:
        yield running


@pytest.fixture(scope="module")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "library.db"
    with Library(path, create=True) as library:
        assert len(library.import_text("\n".join(DOIS))) == len(DOIS)
    return path


@pytest.fixture
def path(_seed: Path, tmp_path: Path) -> Path:
    """The library of the works, in the current folder."""
    return Path(shutil.copy(_seed, tmp_path / "library.db"))


@pytest.fixture(scope="module")
def unbroken(_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a library holds after a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("unbroken")
    path = Path(shutil.copy(_seed, folder / "library.db"))
    with CrossrefServer(_works(), limits=LIMITS) as running:
        done = subprocess.run(
            [*_REFMAN, "enrich", "--json"],
            cwd=folder, env=_environment(running, folder), capture_output=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["enriched"], told["not_found"]) == (len(KNOWN), len(UNKNOWN))
    held = _holding(path)
    assert len(held) == len(DOIS)
    return held


def _environment(server: CrossrefServer, folder: Path | None = None) -> dict[str, str]:
    environment = {
        **os.environ,
        "REFMAN_CROSSREF_URL": server.url,
        "REFMAN_MAILTO": "me@library.test",
        # Reading the certificates of the world takes a while, and none is needed.
        "SSL_CERT_DIR": str(folder or Path.cwd()),
    }
    if folder is not None:
        environment |= {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    return environment


def _holding(path: Path) -> dict[str, Any]:
    """All that a library holds, but for when it came.

    Of what a source sent, that it is there: a record that was asked for alone, as the last one may
    be, comes in other words than one in a list.
    """
    held = {}
    with Library(path) as library:
        assert library.store.check() == []
        for work in library.search():
            records = [
                (
                    replace(record.origin, retrieved=None),
                    record.description,
                    record.state,
                    record.payload is not None,
                )
                for record in library.records(work)
            ]
            held[work.citation_key] = (
                work.id, work.description, work.enrichment, work.aliases, records,
            )  # fmt: skip
    return held


def _answers(path: Path) -> dict[str, str]:
    """The answers that are kept: when each was given, by DOI."""
    connection = sqlite3.connect(path)
    try:
        return dict(connection.execute("SELECT doi, retrieved FROM answers"))
    finally:
        connection.close()


class Watch:
    """Knows what was kept when, and what has been asked for since."""

    def __init__(self, server: CrossrefServer, path: Path) -> None:
        self._server = server
        self._path = path
        self._kept: dict[str, int] = {}

    def note(self) -> int:
        """Note what is kept now, when no process is at work. Returns how many that are."""
        time.sleep(0.05)  # What was sent just before the end has to arrive.
        count = len(self._server.log)
        for doi in _answers(self._path):
            self._kept.setdefault(doi, count)
        return len(self._kept)

    def asked_again(self) -> list[str]:
        """The DOIs that were asked for after their answer had been kept."""
        return [
            doi
            for number, entry in enumerate(self._server.log)
            for doi in entry.dois
            if self._kept.get(doi, number + 1) <= number
        ]


def _enrich(server: CrossrefServer, *options: str, **popen: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_INTERRUPTIBLE, *_REFMAN, "enrich", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(server),
        **popen,
    )  # fmt: skip


def _wait_for(server: CrossrefServer, requests: int, process: subprocess.Popen[str]) -> None:
    """Until so many more requests have come, or the process has ended."""
    enough = len(server.log) + requests
    deadline = time.monotonic() + 30
    while len(server.log) < enough and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _wait_for_answers(path: Path, enough: int, process: subprocess.Popen[str]) -> None:
    """Until so many answers are kept, or the process has ended."""
    deadline = time.monotonic() + 30
    while len(_answers(path)) < enough and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _finish(server: CrossrefServer, path: Path) -> dict[str, Any]:
    """Run to the end; gives what it tells."""
    with _enrich(server, "--json") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode in (0, 1), err
    assert "Traceback" not in err
    told: dict[str, Any] = json.loads(out)
    return told


def _is_sound() -> bool:
    """Whether `refman doctor` finds nothing wrong."""
    doctor = subprocess.run([*_REFMAN, "doctor"], capture_output=True, check=False, timeout=60)
    return doctor.returncode == 0


def test_killed_again_and_again(
    server: CrossrefServer, path: Path, unbroken: dict[str, Any]
) -> None:
    rng = random.Random(20261124)
    watch = Watch(server, path)
    kept: list[int] = []
    for blow in range(_BLOWS):
        with _enrich(server, "--json") as process:
            _wait_for(server, 1, process)
            if blow % 2:
                # The others land before anything is kept, or else it were done too soon.
                _wait_for_answers(path, len(_answers(path)) + 1, process)
            try:
                process.communicate(timeout=rng.uniform(0.0, 0.15))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate(timeout=10)
        if process.returncode != -signal.SIGKILL:
            break
        kept.append(watch.note())
        with Library(path) as library:
            assert library.store.check() == []
    print(f"\n{len(kept)} kills; answers kept after each: {kept}")
    assert len(kept) >= 10, kept
    assert len(set(kept)) > 2, "blows landed where something had been done"
    _finish(server, path)
    assert watch.asked_again() == []
    assert _holding(path) == unbroken
    assert _is_sound()
    told = _finish(server, path)
    assert told["records"] == []
    assert watch.asked_again() == []


def test_interrupted_again_and_again(
    server: CrossrefServer, path: Path, unbroken: dict[str, Any]
) -> None:
    rng = random.Random(1124)
    watch = Watch(server, path)
    done = 0
    for _ in range(2):
        with _enrich(server, "--json", "--report", "report.json") as process:
            _wait_for(server, rng.randint(1, 3), process)
            time.sleep(rng.uniform(0.0, 0.2))
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        told = json.loads(out) if out else {"records": []}
        rows = json.loads(Path("report.json").read_text(encoding="utf-8"))
        assert [row["doi"] for row in rows] == DOIS
        open_rows = [row for row in rows if row["status"] == "pending"]
        done += len(told["records"])
        assert len(DOIS) - len(open_rows) == done == watch.note()
    assert 0 < done < len(DOIS)
    told = _finish(server, path)
    assert len(told["records"]) == len(DOIS) - done
    assert watch.asked_again() == []
    assert _holding(path) == unbroken


# A full disk

_FULL = """
import sys
from refman.store import connection
from refman.cli.main import run

connect = connection.connect

def limited(*arguments, **options):
    opened = connect(*arguments, **options)
    pages = opened.execute("PRAGMA page_count").fetchone()[0]
    opened.execute(f"PRAGMA max_page_count = {pages + 60}")
    return opened

connection.connect = limited
sys.exit(run(sys.argv[1:]))
"""


def _no_larger_files() -> None:
    size = 400 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("how", ["full", "quota"])
def test_a_full_disk(
    how: str, server: CrossrefServer, path: Path, unbroken: dict[str, Any]
) -> None:
    watch = Watch(server, path)
    command = [sys.executable, "-c", _FULL] if how == "full" else _REFMAN
    done = subprocess.run(
        [*command, "enrich", "--json"],
        env=_environment(server), capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=_no_larger_files if how == "quota" else None,
    )  # fmt: skip
    assert done.returncode == 3, (done.stdout[-200:], done.stderr)
    assert "Traceback" not in done.stderr
    [sentence] = [line for line in done.stderr.splitlines() if line.startswith("refman: ")]
    assert "library.db" in sentence
    if how == "full":
        assert "no room left on the disk" in sentence
    told = json.loads(done.stdout) if done.stdout else {"records": []}
    assert 0 < watch.note() < len(DOIS)
    assert len(told["records"]) == watch.note()
    assert _is_sound()
    told = _finish(server, path)
    assert len(told["records"]) == len(DOIS) - watch.note() or told["records"]
    assert watch.asked_again() == []
    assert _holding(path) == unbroken


# Company


def test_two_at_once(server: CrossrefServer, path: Path, unbroken: dict[str, Any]) -> None:
    with _enrich(server, "--json") as one, _enrich(server, "--json") as other:
        told = []
        # Both at the same time: one whose output nobody reads stands still, and keeps its turn.
        with ThreadPoolExecutor(2) as readers:
            ends = [readers.submit(process.communicate, None, 60) for process in (one, other)]
        for process, end in zip((one, other), ends, strict=True):
            out, err = end.result()
            assert process.returncode in (0, 1), err
            assert "in use" not in err
            assert "Traceback" not in err
            told.append(json.loads(out))
    assert sum(each["enriched"] for each in told) == len(KNOWN), "each work is enriched once"
    assert not any(each["failed"] or each["pending"] for each in told)
    assert _holding(path) == unbroken
    assert _finish(server, path)["records"] == []
