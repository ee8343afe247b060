"""`refman lookup` over tables: filling in, going on after a kill, reports, bounded memory."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.conftest import Refman
from tests.crossref_server import CrossrefServer, Limit, corpus, no_limits

_REFMAN = [sys.executable, "-m", "refman"]
# Whoever starts the tests in the background has interrupts ignored, and so would the child.
_INTERRUPTIBLE = [
    sys.executable, "-c",
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "os.execv(sys.argv[1], sys.argv[1:])",
]  # fmt: skip

WORKS = [
    corpus.work(
        f"10.5555/w{n}", f"Title {n} of {'rivers' if n % 2 else 'trees'}", date=(1990 + n % 30,),
        publisher="=cmd()" if n == 7 else f"Press {n % 5}",
    )
    for n in range(400)
]  # fmt: skip


@pytest.fixture(scope="module")
def _server() -> Iterator[CrossrefServer]:
    with CrossrefServer([*corpus.works(), *WORKS], limits=no_limits()) as server:
        yield server


@pytest.fixture
def server(_server: CrossrefServer, monkeypatch: pytest.MonkeyPatch) -> CrossrefServer:
    _server.log.clear()
    monkeypatch.setenv("REFMAN_CROSSREF_URL", _server.url)
    monkeypatch.setenv("REFMAN_MAILTO", "someone@example.org")
    return _server


@pytest.fixture
def online(refman: Refman, server: CrossrefServer, monkeypatch: pytest.MonkeyPatch) -> Refman:
    monkeypatch.delenv("REFMAN_OFFLINE")
    return refman


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _messy(rows: int) -> tuple[str, list[str]]:
    """A table as librarians have them, and its cells with the DOI."""
    chance = random.Random(7)
    spellings = [
        "10.5555/w{}", "https://doi.org/10.5555/W{}", "doi:10.5555/w{}", "10.5555/w{}.",
        "Author (2020) Title. http://dx.doi.org/10.5555/w{}.", "DOI 10.5555/W{}", " 10.5555%2Fw{} ",
    ]  # fmt: skip
    rubbish = ["", "n/a", "see appendix", "10.9999/nobody", "https://doi.org/10127", "=1+1"]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Nr", "Titel", "Digital Object Identifier", "Status"])
    cells = []
    for n in range(rows):
        cell = (
            chance.choice(rubbish)
            if chance.random() < 0.1
            else chance.choice(spellings).format(chance.randrange(len(WORKS)))
        )
        cells.append(cell)
        writer.writerow([n, f'=SUM({n}); "quoted"\nsecond line', cell, "gut"])
    return text.getvalue(), cells


def test_a_table_is_filled_in(online: Refman, server: CrossrefServer, tmp_path: Path) -> None:
    text, cells = _messy(500)
    (tmp_path / "in.csv").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    out, report = tmp_path / "out.csv", tmp_path / "report.json"
    result = online(
        "lookup", "--dois", "in.csv", "--to", "csv", "-o", str(out), "--report", str(report)
    )
    assert result.status == 1
    assert result.out == ""
    rows = _table(out)
    assert [row["Nr"] for row in rows] == [str(n) for n in range(500)]
    assert [row["Digital Object Identifier"] for row in rows] == cells
    assert rows[3]["Titel"] == '=SUM(3); "quoted"\nsecond line'
    assert {row["Status"] for row in rows} == {"gut"}
    for cell, row in zip(cells, rows, strict=True):
        match = re.search(r"w(\d+)", cell.lower())
        if match:
            number = int(match.group(1))
            assert row["refman_status"] == "found"
            assert row["title"] == WORKS[number]["title"][0]
            assert row["year"] == str(1990 + number % 30)
            assert row["publisher"] == ("'=cmd()" if number == 7 else f"Press {number % 5}")
        else:
            assert row["refman_status"] == ("not_found" if "nobody" in cell else "failed"), cell
            assert row["title"] == ""
            assert row["reason"]
    asked = Counter(doi for entry in server.log.entries for doi in entry.dois)
    assert not [doi for doi, times in asked.items() if times > 1 and doi != "10.9999/nobody"]
    told = json.loads(report.read_text())
    assert [row["status"] for row in told] == [row["refman_status"] for row in rows]
    assert [row["row"] for row in told] == list(range(1, 501))
    counts = Counter(row["status"] for row in told)
    for status, count in counts.items():
        assert f"{count:,} {status.replace('_', ' ')}" in result.err
    assert not list(tmp_path.glob("*journal*"))


def test_standard_input_and_output_of_a_table(online: Refman) -> None:
    given = b"\xef\xbb\xbfid\tlink\n1\thttps://doi.org/10.5555/W1\n2\t\n3\t10.5555/w1\t\xc3\xa9\n"
    result = online("lookup", "--dois", "-", "--to", "csv", stdin=given)
    assert result.status == 1
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert [row["status"] for row in rows] == ["found", "failed", "found"]
    assert [row["column_3"] for row in rows] == ["", "", "é"]
    assert rows[0]["citation_key"] == rows[2]["citation_key"] != ""
    for name in ("bibtex", "ris", "csl-json"):
        result = online("lookup", "--dois", "-", "--to", name, stdin=given)
        assert result.out.count("Title 1 of") == 1


def test_several_inputs_share_a_table(online: Refman, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,doi\n1,10.5555/w1\n")
    (tmp_path / "b.csv").write_text("doi;note\n10.5555/w2;x\n")
    result = online(
        "lookup", "10.5555/w3", "--dois", "a.csv", "--dois", "b.csv", "--to", "csv"
    )  # fmt: skip
    assert result.status == 0
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [(row["given"], row["id"], row["doi"], row["note"]) for row in rows] == [
        ("10.5555/w3", "", "", ""), ("", "1", "10.5555/w1", ""), ("", "", "10.5555/w2", "x"),
    ]  # fmt: skip
    assert [row["refman_doi"] for row in rows] == ["10.5555/w3", "10.5555/w1", "10.5555/w2"]


def test_wrong_use(online: Refman, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,doi\n1,10.5555/w1\n")
    (tmp_path / "empty.csv").write_text("id,doi\n")
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04\x00\x00\x00" * 100)
    (tmp_path / "o.csv.refman-journal").write_text("mine\n" * 100)
    for arguments, words in (
        (["--dois", "in.csv", "--column", "DOI link"], "There is no column 'DOI link'"),
        (["--dois", "empty.csv", "-o", "x.csv"], "No DOI to look up"),
        (["--dois", "sheet.xlsx"], "sheet.xlsx is no text"),
        (["--dois", "in.csv", "-o", "o.csv"], "is no journal of refman's"),
        (["--dois", "in.csv", "-o", "o.csv", "--restart"], "is no journal of refman's"),
        (["--dois", "in.csv", "--restart"], "Only what goes to a file"),
        (["--dois", "in.csv", "-o", "x.csv", "--source", "nonsense"], "There is no source"),
    ):
        result = online("lookup", *arguments)
        assert result.status == 2, arguments
        assert words in result.complaint
    assert (tmp_path / "o.csv.refman-journal").read_text() == "mine\n" * 100
    assert not (tmp_path / "x.csv").exists()
    assert not (tmp_path / "x.csv.refman-journal").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable to root")
def test_a_folder_that_cannot_be_written(online: Refman, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    result = online("lookup", "10.5555/w1", "-o", "locked/o.json")
    assert result.status == 2
    assert "cannot be" in result.complaint


def test_a_device_is_written_through(online: Refman) -> None:
    result = online("lookup", "10.5555/w1", "-o", "/dev/null")
    assert result.status == 0
    assert not Path("/dev/null.refman-journal").exists()


def test_without_a_network_nothing_is_lost(
    refman: Refman, server: CrossrefServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in.txt").write_text("10.5555/w1\n10.5555/w2\n")
    journal = tmp_path / "o.csv.refman-journal"
    arguments = ["lookup", "--dois", "in.txt", "--to", "csv", "-o", "o.csv"]
    result = refman(*arguments)
    assert result.status == 1
    assert [row["status"] for row in _table(tmp_path / "o.csv")] == ["unreached", "unreached"]
    assert not journal.exists()
    assert not server.log.entries


def _start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_INTERRUPTIBLE, *_REFMAN, "lookup", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _finish(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    with process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


def _answered(path: Path) -> set[str]:
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT key FROM answers WHERE status IN ('found', 'not_found')")
        return {key for (key,) in found}


def test_a_run_that_is_killed_goes_on_and_asks_nothing_twice(
    server: CrossrefServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, cells = _messy(600)
    source = tmp_path / "in.csv"
    source.write_text(text, encoding="utf-8", newline="")
    out, report = tmp_path / "out.csv", tmp_path / "report.html"
    journal = tmp_path / "out.csv.refman-journal"
    arguments = [
        "--dois", str(source), "--to", "csv", "-o", str(out), "--report", str(report)
    ]  # fmt: skip
    chance = random.Random(3)
    known: set[str] = set()
    for _ in range(3):
        seen = len(server.log.entries)
        process = _start(arguments)
        deadline = time.monotonic() + 20
        while (
            process.poll() is None
            and len(server.log.entries) <= seen + 1
            and time.monotonic() < deadline
        ):
            time.sleep(0.01)
        time.sleep(chance.random() * 0.6)
        process.kill()
        _finish(process)
        again = {doi for entry in server.log.entries[seen:] for doi in entry.dois} & known
        assert not again
        if not journal.exists():
            break
        known = _answered(journal)
        assert not out.exists()
    seen = len(server.log.entries)
    status, stdout, err = _finish(_start(arguments))
    assert (status, stdout) == (1, ""), err
    if known:
        assert f"{len(known):,} of " in err
    assert not {doi for entry in server.log.entries[seen:] for doi in entry.dois} & known
    assert [row["Digital Object Identifier"] for row in _table(out)] == cells
    assert not list(tmp_path.glob("*journal*"))
    assert report.exists()
    assert sorted(path.name for path in tmp_path.glob("*.*")) == [
        "in.csv",
        "out.csv",
        "report.html",
    ]


def test_an_interrupt_keeps_the_journal_and_says_how_to_go_on(tmp_path: Path) -> None:
    limits = {**no_limits(), "polite-array": Limit(rate=2), "polite-single": Limit(rate=2)}
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_text("".join(f"10.5555/w{n}\n" for n in range(400)))
    out.write_text("what was there\n")
    journal = tmp_path / "out.csv.refman-journal"
    arguments = ["--dois", str(source), "--to", "csv", "-o", str(out)]
    with CrossrefServer(WORKS, limits=limits) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFMAN_CROSSREF_URL", server.url)
        patch.setenv("REFMAN_MAILTO", "someone@example.org")
        process = _start(arguments)
        deadline = time.monotonic() + 20
        while len(server.log.entries) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        status, stdout, err = _finish(process)
        assert (status, stdout) == (130, ""), err
        assert "The same command goes on from there." in err
        assert str(journal) in err
        assert out.read_text() == "what was there\n"
        known = _answered(journal)
        assert known
        # Another input, and the same one from other sources, are other lookups.
        other = tmp_path / "other.txt"
        other.write_text("10.5555/w1\n")
        for wrong in (
            ["--dois", str(other), "--to", "csv", "-o", str(out)],
            [*arguments, "--source", "crossref-snapshot"],
        ):
            patch.setenv("REFMAN_CROSSREF_SNAPSHOT", str(other))
            status, _, err = _finish(_start(wrong))
            assert status == 2, err
            assert "belongs to another lookup" in err
            patch.delenv("REFMAN_CROSSREF_SNAPSHOT")
        status, _, err = _finish(_start([*arguments[:1], str(other), *arguments[2:], "--restart"]))
        assert status == 0, err
    assert len(_table(out)) == 1
    assert not journal.exists()


def test_two_runs_into_one_file_are_not_mixed(online: Refman, tmp_path: Path) -> None:
    from refman.store.journal import Journal

    with Journal.open(tmp_path / "o.csv.refman-journal", "f", "x"):
        result = online("lookup", "10.5555/w1", "--to", "csv", "-o", "o.csv")
        assert result.status == 2
        assert "is in use: another refman writes the same output" in result.complaint
    assert online("lookup", "10.5555/w1", "--to", "csv", "-o", "o.csv").status == 0


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_stands_alone(online: Refman, tmp_path: Path) -> None:
    dois = [f"10.5555/w{n}" for n in range(350)]
    (tmp_path / "in.txt").write_text("\n".join([*dois, "<script>alert(1)</script>", "\x1b[31mx"]))
    result = online(
        "lookup", "--dois", "in.txt", "--to", "csv", "-o", "o.csv", "--report", "report.html"
    )
    assert result.status == 1
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.addresses == []
    assert page.tags["script"] == 0
    assert "url(" not in text
    assert "@import" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text
    assert page.tags["svg"] == 3
    assert page.tags["section"] == 2
    assert text.count('<td class="s-found">') == 350
    assert "content-visibility:auto" in text
    assert "prefers-color-scheme:dark" in text
    assert "Outcome of 352 rows" in text
    assert "Completeness of 350 works" in text
    assert "Press 3" in text


def test_memory_does_not_grow_with_the_rows(server: CrossrefServer, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        source = tmp_path / f"{rows}.csv"
        lines = (f"{n},10.5555/w{n % 100},{'x' * 200}\n" for n in range(rows))
        source.write_text("id,doi,note\n" + "".join(lines))
        program = (
            "import resource, sys; from refman.cli.main import run;"
            "status = run(sys.argv[1:]);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(status)"
        )
        result = subprocess.run(
            [sys.executable, "-c", program, "lookup", "--dois", str(source), "--to", "csv",
             "-o", str(tmp_path / "o.csv"), "--report", str(tmp_path / "r.html")],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        return int(result.stdout)

    assert peak(10_000) < peak(200) * 1.15


def test_a_reader_that_leaves_early_ends_it(server: CrossrefServer, tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_text("".join(f"10.5555/w{n}\n" for n in range(400)))
    process = _start(["--dois", str(source), "--to", "csv"])
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_no_file_is_written_over_another_that_is_named(refman: Refman, tmp_path: Path) -> None:
    given = tmp_path / "in.csv"
    given.write_text("doi\n10.1000/x\n", encoding="utf-8")
    for arguments in (
        ["--dois", str(given), "-o", str(given)],
        ["--dois", str(given), "-o", "r.csv", "--report", "./r.csv"],
    ):
        result = refman("lookup", *arguments, "--to", "csv")
        assert result.status == 2
        assert "is named twice" in result.err
    assert given.read_text(encoding="utf-8") == "doi\n10.1000/x\n"
