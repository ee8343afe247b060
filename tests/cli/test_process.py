"""The command line as a process of its own: pipes, signals, encodings, a server to ask."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refman.services.library import Library
from tests.crossref_server import CrossrefServer, corpus, no_limits

_REFMAN = [sys.executable, "-m", "refman"]


def _run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_REFMAN, *arguments], capture_output=True, text=True, check=False, timeout=60, **options
    )


def _items(count: int) -> str:
    return json.dumps(
        [{"id": f"k{i}", "type": "book", "title": f"Title number {i}"} for i in range(count)]
    )


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Library(path, create=True) as opened:
        list(opened.import_text(_items(2500)))
    return path


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "--json"], ["list", "--keys"], ["export", "--to", "bibtex"]]
)
def test_a_reader_that_leaves_early_is_no_failure(library: Path, arguments: list[str]) -> None:
    process = subprocess.Popen(
        [*_REFMAN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_an_output_that_was_closed_is_no_failure(library: Path) -> None:
    for arguments in (["list"], ["list", "--count"]):
        command = [sys.executable, "-m", "refman", "--library", str(library), *arguments]
        process = subprocess.run(
            ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command],
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        assert (process.returncode, process.stderr) == (0, "")


def test_a_full_disk_is_named_as_such(library: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [*_REFMAN, "--library", str(library), "list"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert process.stderr == "refman: No space left on device.\n"
    assert process.returncode == 2


def test_a_line_of_forty_megabytes_is_refused_soon(tmp_path: Path) -> None:
    begun = time.monotonic()
    with subprocess.Popen(
        [*_REFMAN, "import", "-", "--from", "bibtex"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            process.stdin.write(b"@article{a, title = {")
            for _ in range(40):
                process.stdin.write(b"x" * (1 << 20))
            process.stdin.close()
        except BrokenPipeError:
            pass
        told = process.stderr.read().decode()
        assert process.wait(30) == 2
    assert told == "refman: standard input has a line of over 32 MB, so it is no bibliography.\n"
    assert time.monotonic() - begun < 30


_INTERRUPTIBLE = [
    sys.executable,
    "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "os.execv(sys.argv[1], sys.argv[1:])",
]
"""Lets a command be interrupted, also where the tests run in the background of a shell."""


def test_an_interrupt_in_the_middle_of_an_import(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    items = _items(20_000)
    with subprocess.Popen(
        [*_INTERRUPTIBLE, *_REFMAN, "-l", str(path), "import", "-", "--from", "csl-json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(items[: len(items) // 2])
        process.stdin.flush()
        deadline = time.monotonic() + 10
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        told = process.stderr.read()
    assert told.strip() == "refman: interrupted; what was done before stays."
    with Library(path, create=True) as library:
        assert library.store.check() == []
    assert _run("-l", str(path), "import", "-", input=items).returncode == 0
    assert _run("-l", str(path), "list", "--count").stdout == "20000\n"


def test_an_output_that_cannot_hold_all_letters(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    with Library(library, create=True) as opened:
        list(opened.import_text('[{"id": "é", "type": "book", "title": "Ünïcödé 日本"}]'))
    for encoding in ("ascii", "latin-1"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        result = _run("list", env=environment, encoding="latin-1")
        assert result.returncode == 0
        assert "Traceback" not in result.stderr
        assert "n" in result.stdout


def test_a_library_that_can_only_be_read(library: Path, tmp_path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("the superuser may write everything; tests/unit/store has it as another user")
    library.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert _run("list", "--count").stdout == "2500\n"
        result = _run("delete", "k1")
        assert result.returncode == 3
        assert "cannot be written to" in result.stderr
    finally:
        tmp_path.chmod(0o755)


# Asking a server


@pytest.fixture(scope="module")
def server() -> Iterator[CrossrefServer]:
    with CrossrefServer(corpus.works(), aliases=corpus.aliases(), limits=no_limits()) as running:
        yield running


def test_import_and_enrich_in_one_go(server: CrossrefServer, tmp_path: Path) -> None:
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    dois = [corpus.PLAIN, corpus.RETRACTED_WATCH, corpus.HASH, "10.5555/not-there"]
    result = _run("import", "-", "--enrich", "--json", input="\n".join(dois), env=environment)
    assert result.returncode == 1, result.stderr
    told = json.loads(result.stdout)
    assert told["imported"] == 4
    assert told["enrichment"] == {"enriched": 3, "not_found": 1}
    items = json.loads(_run("list", "--json").stdout)
    assert len(items) == 4
    titled = [item for item in items if "title" in item]
    assert len(titled) == 3
    assert all(item["custom"]["enrichment"] == "enriched" for item in titled)
    assert not any(item["id"].startswith("10.") for item in titled)
    assert _run("list", "is:retracted", "--count").stdout == "1\n"
    asked = server.log.times_asked(corpus.PLAIN, status=200)
    again = _run("enrich", env=environment)
    assert again.returncode == 0
    assert server.log.times_asked(corpus.PLAIN, status=200) == asked, "nothing is asked twice"


def test_a_server_that_is_away_and_comes_back(server: CrossrefServer, tmp_path: Path) -> None:
    away = {**os.environ, "REFMAN_CROSSREF_URL": "http://127.0.0.1:9"}
    result = _run("import", "-", "--enrich", input=corpus.PLAIN, env=away)
    assert result.returncode in (0, 1)
    assert "waits for enrichment" in result.stderr
    assert "Traceback" not in result.stderr
    assert _run("list", "is:pending", "--count").stdout == "1\n"
    here = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    result = _run("enrich", "is:pending", "--json", env=here)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["enriched"] == 1
    assert _run("list", "has:title", "--count").stdout == "1\n"


def _interrupt_once_asked(process: subprocess.Popen[bytes], server: CrossrefServer) -> None:
    """Send Ctrl-C when a few requests have come; anonymous ones are far from done by then."""
    deadline = time.monotonic() + 20
    enough = len(server.log.entries) + 4
    while len(server.log.entries) < enough and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)


def test_an_enrichment_that_is_interrupted_accounts_for_every_work(
    server: CrossrefServer, tmp_path: Path
) -> None:
    dois = [corpus.PLAIN, *(f"10.9999/{n}" for n in range(30))]
    _run("import", "-", "--from", "doi-list", input="\n".join(dois))
    report = tmp_path / "report.json"
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    with subprocess.Popen(
        [*_INTERRUPTIBLE, *_REFMAN, "enrich", "--json", "--report", str(report)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        _interrupt_once_asked(process, server)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 130
    told = json.loads(out)
    rows = json.loads(report.read_text())
    assert [row["doi"] for row in rows] == dois
    assert rows[0]["status"] == "enriched"
    assert all(row["citation_key"] for row in rows)
    done = [row for row in rows if row["status"] != "pending"]
    assert 0 < len(done) < len(rows)
    assert len(told["records"]) == told["enriched"] + told["not_found"] == len(done)


def test_a_lookup_that_is_interrupted_gives_what_was_found(
    server: CrossrefServer, tmp_path: Path
) -> None:
    dois = [corpus.PLAIN, *(f"10.9999/{n}" for n in range(30))]
    report = tmp_path / "report.json"
    with subprocess.Popen(
        [*_INTERRUPTIBLE, *_REFMAN, "lookup", *dois, "--report", str(report)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "REFMAN_CROSSREF_URL": server.url},
    ) as process:
        _interrupt_once_asked(process, server)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
    assert [item["DOI"] for item in json.loads(out)] == [corpus.PLAIN]
    rows = json.loads(report.read_text())
    assert [row["given"] for row in rows] == dois
    assert {"found", "unreached"} <= {row["status"] for row in rows}


def test_an_address_is_asked_for_only_where_it_helps(tmp_path: Path) -> None:
    dois = [f"10.9999/{n}" for n in range(120)]
    works = tmp_path / "works.jsonl"
    works.write_text("".join(json.dumps({"DOI": doi, "title": [doi[3:]]}) + "\n" for doi in dois))
    _run("import", "-", "--from", "doi-list", input="\n".join(dois))
    environment = {**os.environ, "REFMAN_CROSSREF_SNAPSHOT": str(works)}
    result = _run("enrich", "--source", "crossref-snapshot", env=environment)
    assert "120 enriched" in result.stderr
    assert "REFMAN_MAILTO" not in result.stderr
    result = _run("enrich", "--refresh", env=environment)
    assert "REFMAN_MAILTO" in result.stderr


def test_a_wait_is_told(server: CrossrefServer, tmp_path: Path) -> None:
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    with server.fault("too-many", times=1, flavour="seconds", seconds=5):
        result = _run("lookup", corpus.PLAIN, env=environment)
    assert result.returncode == 0
    assert result.stderr.count("asks us to wait 5 s.") == 1


def test_a_wrong_doi_is_told_and_not_believed(server: CrossrefServer, tmp_path: Path) -> None:
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    item = {
        "id": "mine",
        "type": "article-journal",
        "title": "Photosynthesis in alpine mosses under drought",
        "author": [{"family": "Müller", "given": "Hans"}],
        "issued": {"date-parts": [[1911]]},
        "DOI": corpus.TEST_RECORD,
    }
    _run("import", "-", input=json.dumps([item]))
    result = _run("enrich", "--json", env=environment)
    assert result.returncode == 1
    [record] = json.loads(result.stdout)["records"]
    assert record["status"] == "mismatch"
    assert record["changed"] == {}
    assert record["reason"]
    shown = json.loads(_run("show", "mine", "--json").stdout)
    assert shown["title"] == item["title"]


def test_adding_by_a_reference(server: CrossrefServer) -> None:
    server.store.put(
        {
            "DOI": "10.5555/mosses",
            "type": "journal-article",
            "title": ["Photosynthesis in alpine mosses under late snow"],
            "author": [{"family": "Keller", "given": "Anna"}],
            "container-title": ["Journal of Bryology"],
            "volume": "12",
            "page": "101-117",
            "issued": {"date-parts": [[1998]]},
        }
    )
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    reference = (
        "Keller, A. (1998). Photosynthesis in alpine mosses under late snow. "
        "Journal of Bryology, 12, 101-117."
    )
    result = _run("add", reference, "--json", env=environment)
    assert result.returncode == 0, result.stderr
    assert [item["DOI"] for item in json.loads(result.stdout)] == ["10.5555/mosses"]
    unknown = _run(
        "add", "Nobody, N. (1901). A work that there is not. Nowhere, 1.", env=environment
    )
    assert unknown.returncode == 1
    assert "it was not found" in unknown.stderr


def test_adding_by_doi(server: CrossrefServer, tmp_path: Path) -> None:
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    result = _run("add", corpus.PLAIN, "10.5555/not-there", "978-0-306-40615-7", env=environment)
    assert result.returncode == 1
    assert "10.5555/not-there: " in result.stderr
    assert "it was not added" in result.stderr
    assert "978-0-306-40615-7: Crossref knows no book with the ISBN" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert _run("list", "--count").stdout == "1\n"
    again = _run("add", corpus.PLAIN, "--json", env=environment)
    assert again.returncode == 0, again.stderr
    assert len(json.loads(again.stdout)) == 1
    assert _run("list", "--count").stdout == "1\n"


def test_finding_dois_by_titles(server: CrossrefServer, tmp_path: Path) -> None:
    environment = {**os.environ, "REFMAN_CROSSREF_URL": server.url}
    _run("add", corpus.PLAIN, env=environment)
    [known] = json.loads(_run("list", "--json").stdout)
    del known["DOI"]
    fresh = ["-l", "fresh.db"]
    _run(*fresh, "import", "-", "--from", "csl-json", input=json.dumps([known]))
    result = _run(*fresh, "enrich", "--find-dois", env=environment)
    assert "Traceback" not in result.stderr
    offline = _run(*fresh, "enrich", "--find-dois", env={**environment, "REFMAN_OFFLINE": "1"})
    assert offline.returncode == 1
    assert "offline" in offline.stderr
