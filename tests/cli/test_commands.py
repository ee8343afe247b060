"""Every command: what it prints where, and its exit status."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import click
import pytest

from refman.cli.main import ALIASES, COMMANDS, cli
from tests.cli.conftest import Refman

SNAPSHOT = Path(__file__).parents[2] / "examples" / "crossref-snapshot.jsonl.gz"
DOIS = Path(__file__).parents[2] / "examples" / "dois.txt"


# Help, and names of commands


@pytest.mark.parametrize("command", [*COMMANDS, *ALIASES])
def test_help_needs_no_library_and_no_configuration(
    refman: Refman, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "xdg-config" / "refman"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("this is = no toml [")
    monkeypatch.setenv("REFMAN_LIBRARY", str(tmp_path / "missing" / "x.db"))
    context = click.Context(cli)
    assert cli.get_command(context, command) is not None
    for flag in ("--help", "-h"):
        result = refman(command, flag)
        assert result.status == 0
        assert result.err == ""
        assert result.out.startswith(f"Usage: refman {command}")
        assert len(result.out.splitlines()) > 4


def test_the_help_of_the_whole(refman: Refman) -> None:
    for arguments in (("--help",), ()):
        result = refman(*arguments)
        assert result.status == 0
        assert all(f"  {command} " in result.out for command in COMMANDS)


def test_the_version(refman: Refman) -> None:
    assert refman("--version").out.startswith("refman ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "There is no command 'nonsense'"),
        (["exprot"], "Did you mean export"),
        (["list", "--nonsense"], "No such option"),
        (["list", "--limit", "many"], "not a valid integer"),
        (["list", "--sort", "colour"], "There is no order 'colour'"),
        (["show"], "Missing argument"),
        (["export"], "Missing option"),
        (["enrich", "--policy", "trust"], "trust"),
        (["edit", "x", "--set"], "requires an argument"),
        (["undo", "x"], "not a valid integer"),
    ],
)
def test_wrong_use_is_one_sentence_and_a_way_on(
    refman: Refman, library: Path, arguments: list[str], words: str
) -> None:
    result = refman(*arguments)
    assert result.status == 2
    assert words in result.complaint


# The library


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"], ["show", "x"], ["delete", "x"], ["export", "--to", "bibtex"], ["tag"],
        ["history"], ["undo"], ["check"], ["doctor"], ["enrich"], ["cite", "x"], ["backup"],
        ["edit", "x", "--set", "title=y"], ["list", "--json"],
    ],
)  # fmt: skip
def test_without_a_library(refman: Refman, arguments: list[str], tmp_path: Path) -> None:
    result = refman(*arguments)
    assert result.status == 3
    assert "There is no library at" in result.complaint
    assert "refman import FILE makes one" in result.err
    assert list(tmp_path.iterdir()) == []


def _not_sqlite(path: Path) -> None:
    path.write_bytes(b"@book{a, title = {x}}\n")


def _other_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE moz_places (id)")
    database.close()


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 1000")
    database.close()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [_not_sqlite, _other_database, _newer, _cut, _folder])
@pytest.mark.parametrize(
    "arguments", [["list"], ["import", "-"], ["add", "10.1000/x"], ["doctor"], ["check"]]
)
def test_a_library_that_cannot_be_used(
    refman: Refman, library: Path, spoil: Any, arguments: list[str]
) -> None:
    if spoil is not _newer and spoil is not _cut:
        library.unlink()
        library.touch()
    spoil(library)
    before = library.read_bytes() if library.is_file() else b""
    result = refman(
        "--library", str(library), *arguments, stdin=b'[{"type": "book", "title": "x"}]'
    )
    assert result.status == 3
    assert str(library) in result.complaint
    assert (library.read_bytes() if library.is_file() else b"") == before


def test_which_library(
    refman: Refman, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = b'[{"type": "book", "title": "x"}]'
    other = tmp_path / "other.db"
    assert refman("-l", str(other), "import", "-", stdin=one).status == 0
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert refman("list", "--count").out == "3\n", "the nearest library.db above"
    monkeypatch.setenv("REFMAN_LIBRARY", str(other))
    assert refman("list", "--count").out == "1\n", "the environment outranks it"
    assert refman("--library", str(library), "list", "--count").out == "3\n", "a flag outranks all"


# list


def test_list(refman: Refman, library: Path) -> None:
    result = refman("list")
    assert result.status == 0
    assert result.err == ""
    assert [line.split()[0] for line in result.out.splitlines()] == ["anon", "knuth1984", "dwi2021"]
    assert refman("list", "--keys").out == "anon\nknuth1984\ndwi2021\n"
    assert refman("list", "--keys", "--sort", "title").out == "anon\ndwi2021\nknuth1984\n"
    assert refman("list", "--keys", "--sort", "year", "--reverse").out.split()[-1] == "dwi2021"
    assert refman("list", "--keys", "--sort", "author").out.split()[1:] == ["dwi2021", "knuth1984"]
    assert refman("list", "--keys", "--limit", "2").out == "anon\nknuth1984\n"
    assert refman("search", "author:knuth", "--keys").out == "knuth1984\n"
    assert refman("ls", "year:1980..1990", "--keys").out == "knuth1984\n"
    assert refman("list", "--keys", "--", "-author:knuth", "has:author").out == "dwi2021\n"


def test_list_as_json(refman: Refman, library: Path) -> None:
    items = refman("list", "--json").json
    assert [item["id"] for item in items] == ["anon", "knuth1984", "dwi2021"]
    assert items[2]["DOI"] == "10.1000/dwi"
    assert items[2]["author"] == [{"family": "Dwi", "given": "Rizkika"}]
    assert set(items[2]["custom"]) >= {"added", "modified"}
    lines = refman("list", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == items
    assert refman("list", "--json", "nothing-such").json == []


def test_list_finds_nothing(refman: Refman, library: Path) -> None:
    result = refman("list", "zebra")
    assert (result.status, result.out, result.err) == (1, "", "Nothing matches.\n")
    for form, out in (("--count", "0\n"), ("--keys", ""), ("--json", "[\n]\n"), ("--jsonl", "")):
        result = refman("list", "zebra", form)
        assert (result.status, result.out, result.err) == (1, out, "")


def test_a_query_that_cannot_be_read(refman: Refman, library: Path) -> None:
    for command in (["list"], ["check"], ["enrich"], ["export", "--to", "ris"]):
        result = refman(*command, "author:(")
        assert result.status == 2
        assert "The query cannot be read" in result.complaint
        assert "^" in result.err


# show


def test_show(refman: Refman, library: Path) -> None:
    for name in ("dwi2021", "DWI2021", "10.1000/dwi", "https://doi.org/10.1000/DWI"):
        result = refman("show", name)
        assert result.status == 0
        assert "The effectiveness of migration" in result.out
    item = refman("show", "dwi2021", "--json").json
    assert item["id"] == "dwi2021"
    assert item["container-title"] == "Mediasi"
    bibtex = refman("show", "dwi2021", "--to", "bibtex").out
    assert bibtex.startswith("@article{dwi2021,")
    assert "10.1000/dwi" in bibtex
    assert refman("show", "dwi2021", "--to", "ris").out.startswith("TY  - JOUR")


def test_show_says_where_each_field_is_from(refman: Refman, library: Path) -> None:
    refman("edit", "dwi2021", "--set", "volume=4")
    text = refman("show", "dwi2021", "--provenance").out
    assert "✓ csl-json" in text
    assert "✓ user: 4" in text
    told = refman("show", "dwi2021", "--json", "--provenance").json["custom"]["provenance"]
    [claim] = told["volume"]
    assert (claim["source"], claim["value"], claim["stands"]) == ("user", "4", True)
    assert told["title"][0]["location"].startswith(str(library.parent / "seed.json"))


def test_show_what_is_not_there(refman: Refman, library: Path) -> None:
    result = refman("show", "dwi")
    assert result.status == 1
    assert "There is no work 'dwi'" in result.complaint
    assert "dwi2021" in result.err


# edit, undo, history


def test_edit_and_undo(refman: Refman, library: Path) -> None:
    result = refman("edit", "dwi2021", "--set", "title=Another", "--unset", "publisher")
    assert result.status == 0
    assert result.out == ""
    assert "title: The effectiveness of migration → Another" in result.err
    item = refman("show", "dwi2021", "--json").json
    assert item["title"] == "Another"
    assert "publisher" not in item
    changes = refman("history", "--json").json
    assert [change["action"] for change in changes] == ["edit", "import"]
    assert set(changes[0]) == {"id", "at", "actor", "action", "summary", "undoes", "undone_by"}
    assert len(refman("history", "knuth1984", "--json").json) == 1
    result = refman("undo")
    assert result.status == 0
    assert "Undid edit of dwi2021" in result.err
    assert refman("show", "dwi2021", "--json").json["publisher"] == "UNIDA"
    again = refman("history", "--json").json[0]["id"]
    assert refman("undo", str(again)).status == 0
    assert refman("show", "dwi2021", "--json").json["title"] == "Another"
    assert refman("undo").status == 0, "what was done again can be undone again"
    assert refman("undo", "2").status == 2, "but not twice over"
    assert refman("undo", "999").status == 1
    assert refman("undo").status == 0
    assert refman("list", "--count").out == "0\n"
    result = refman("undo")
    assert result.status == 1
    assert result.complaint == "There is nothing to undo."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "colour=red"], "There is no field 'colour'"),
        (["--set", "title"], "--set takes FIELD=VALUE"),
        (["--set", "type=journal-article"], "There is no type 'journal-article'"),
        (["--set", "issued=someday"], "is no date"),
        (["--set", "doi=nonsense"], "is no DOI"),
        (["--unset", "nothing"], "There is no field"),
        (["--key", "a b"], "cannot be a citation key"),
        (["--key", "knuth1984"], "belongs to another work"),
        ([], "Nothing to change"),
    ],
)
def test_edits_that_cannot_be(
    refman: Refman, library: Path, arguments: list[str], words: str
) -> None:
    result = refman("edit", "dwi2021", *arguments)
    assert result.status == 2
    assert words in result.complaint
    assert len(refman("history", "--json").json) == 1


def test_a_new_key(refman: Refman, library: Path) -> None:
    assert refman("edit", "dwi2021", "--key", "mine").status == 0
    assert refman("show", "dwi2021", "--json").json["id"] == "mine"
    assert refman("show", "mine", "--json").json["custom"]["aliases"] == ["dwi2021"]
    refman("undo")
    assert refman("list", "author:dwi", "--keys").out == "dwi2021\n"
    assert refman("show", "mine").status == 1


# delete


def test_delete_and_bring_back(refman: Refman, library: Path) -> None:
    result = refman("delete", "anon")
    assert result.status == 0
    assert "Deleted 1; `refman undo` brings it back." in result.err
    assert refman("rm", "knuth1984", "dwi2021", "--yes").status == 0
    assert refman("list", "--count").out == "0\n"
    refman("undo")
    assert refman("list", "--count").out == "2\n"
    refman("undo")
    assert refman("list", "--count").out == "3\n"


def test_delete_what_is_there_and_tell_what_is_not(refman: Refman, library: Path) -> None:
    result = refman("delete", "anon", "missing", "--yes")
    assert result.status == 1
    assert "There is no work 'missing'" in result.err
    assert refman("list", "--count").out == "2\n"
    assert refman("delete", "missing").status == 1
    assert refman("delete", "--query", "zebra").status == 1
    assert refman("delete").status == 2
    assert refman("delete", "--query", "has:author", "--yes").status == 0
    assert refman("list", "--count").status == 1


# Organising


@pytest.mark.parametrize("command", ["tag", "collection"])
def test_tags_and_collections(refman: Refman, library: Path, command: str) -> None:
    assert refman(command).status == 1
    assert refman(command, "to read", "dwi2021", "--query", "author:knuth").status == 0
    assert refman("list", f'{command}:"TO READ"', "--count").out == "2\n"
    assert refman(command, "--json").json == {"to read": 2}
    assert "2  to read" in refman(command).out
    assert refman(command, "to read", "dwi2021", "--remove").status == 0
    assert refman(command, "--json").json == {"to read": 1}
    refman("undo")
    assert refman(command, "--json").json == {"to read": 2}
    refman("delete", "dwi2021")
    assert refman(command, "--json").json == {"to read": 1}, "what is deleted does not count"
    result = refman(command, "x", "missing", "anon")
    assert result.status == 1
    assert refman("list", f"{command}:x", "--keys").out == "anon\n"
    assert refman(command, "x").status == 2
    assert refman(command, " ", "anon").status == 2


@pytest.mark.parametrize(
    ("command", "put", "taken"),
    [
        ("tag", "Put the tag x on 1 work.", "Took the tag x off 1 work."),
        ("collection", "Put 1 work in the collection x.", "Took 1 work out of the collection x."),
    ],
)
def test_organising_is_told_in_a_sentence(
    refman: Refman, library: Path, command: str, put: str, taken: str
) -> None:
    assert refman(command, "x", "dwi2021").err.strip() == put
    assert refman(command, "x", "dwi2021", "--remove").err.strip() == taken


# export


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl-json"])
def test_export(refman: Refman, library: Path, name: str, tmp_path: Path) -> None:
    result = refman("export", "--to", name)
    assert result.status == 0
    assert "The TeXbook" in result.out.replace("{", "").replace("}", "")
    target = tmp_path / "out"
    assert refman("export", "--to", name, "-o", str(target)).status == 0
    assert target.read_bytes().decode() == result.out
    stamp = target.stat().st_mtime_ns
    told = refman("export", "--to", name, "-o", str(target))
    assert "which had it all already" in told.err
    assert target.stat().st_mtime_ns == stamp
    back = tmp_path / "again.db"
    assert refman("-l", str(back), "import", str(target)).status == 0
    assert refman("-l", str(back), "list", "--count").out == "3\n"


def test_export_some(refman: Refman, library: Path, tmp_path: Path) -> None:
    result = refman("export", "--to", "csl-json", "--keys", "knuth1984,anon")
    assert [item["id"] for item in result.json] == ["knuth1984", "anon"]
    result = refman("export", "--to", "csl-json", "author:dwi")
    assert [item["id"] for item in result.json] == ["dwi2021"]
    manuscript = tmp_path / "paper.tex"
    manuscript.write_text(r"\cite{dwi2021, missing} \textcite[1]{anon}")
    result = refman("export", "--to", "csl-json", "--cited-in", str(manuscript))
    assert result.status == 1
    assert [item["id"] for item in result.json] == ["dwi2021", "anon"]
    assert "there is no work 'missing'" in result.err
    result = refman("export", "--to", "csl-json", "zebra")
    assert (result.status, result.json) == (1, [])
    result = refman("export", "--to", "csl-json", "--without", "title,doi")
    assert all("title" not in item and "DOI" not in item for item in result.json)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "nonsense"], "There is no export format 'nonsense'"),
        (["--to", "ris", "-o", "no/such/folder/x.ris"], "cannot be written"),
        (["--to", "ris", "query", "--keys", "a"], "not both"),
        (["--to", "ris", "--without", "colour"], "There is no field"),
        (["--to", "ris", "--cited-in", "seed.json"], "is of no kind"),
        (["--to", "ris", "--cited-in", "none.tex"], "does not exist"),
    ],
)
def test_exports_that_cannot_be(
    refman: Refman, library: Path, arguments: list[str], words: str
) -> None:
    result = refman("export", *arguments)
    assert result.status == 2
    assert words in result.complaint


def test_an_export_does_not_replace_a_device(refman: Refman, library: Path) -> None:
    assert refman("export", "--to", "ris", "-o", "/dev/null").status == 0
    assert Path("/dev/null").is_char_device()


# Enriching, from a snapshot


@pytest.fixture
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REFMAN_CROSSREF_SNAPSHOT", str(SNAPSHOT))
    return SNAPSHOT


def test_enrich_from_a_snapshot(refman: Refman, snapshot: Path, tmp_path: Path) -> None:
    dois = [line for line in DOIS.read_text().splitlines() if line and not line.startswith("#")]
    assert refman("import", str(DOIS)).status == 0
    report = tmp_path / "report.csv"
    result = refman("enrich", "--source", "crossref-snapshot", "--json", "--report", str(report))
    told = result.json
    assert set(told) == {
        "enriched", "unchanged", "not_found", "mismatch", "failed", "pending", "records"
    }  # fmt: skip
    assert told["enriched"] > 0
    assert sum(told[name] for name in told if name != "records") == len(told["records"])
    for record in told["records"]:
        assert set(record) == {"citation_key", "doi", "status", "source", "changed", "reason"}
        assert all(len(pair) == 2 for pair in record["changed"].values())
    titled = next(record for record in told["records"] if record["status"] == "enriched")
    assert titled["changed"]["title"][0] is None
    assert isinstance(titled["changed"]["title"][1], str)
    assert result.status == (0 if told["enriched"] == len(told["records"]) else 1)
    rows = list(csv.DictReader(io.StringIO(report.read_text())))
    assert len(rows) == len(told["records"])
    assert [row["doi"].lower() for row in rows] == [
        record["doi"].lower() for record in sorted(
            told["records"], key=lambda r: [d.lower() for d in dois].index(r["doi"].lower())
        )
    ]  # fmt: skip
    again = refman("enrich", "--source", "crossref-snapshot")
    assert again.status == 0
    assert "has been answered" in again.err
    refman("undo")
    assert refman("list", "has:title", "--count").out == "0\n"


def test_enrich_nothing(refman: Refman, library: Path) -> None:
    result = refman("enrich", "zebra", "--json")
    assert result.status == 1
    assert result.json["records"] == []


def test_enrich_offline_leaves_works_waiting(refman: Refman, library: Path) -> None:
    result = refman("enrich", "--json")
    assert result.status == 1
    assert result.json["pending"] == 1
    assert "`refman enrich is:pending` goes on" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--source", "nonsense"],
        ["--report", "x.pdf"],
        ["--report", "no-such-folder/x.csv"],
        ["--policy", "x"],
    ],
)
def test_enrich_wrongly(refman: Refman, library: Path, arguments: list[str]) -> None:
    result = refman("enrich", *arguments)
    assert result.status == 2
    assert result.complaint


def test_lookup_touches_no_library(refman: Refman, snapshot: Path, tmp_path: Path) -> None:
    [doi, *_] = [
        line for line in DOIS.read_text().splitlines() if line and not line.startswith("#")
    ]
    report = tmp_path / "r.json"
    result = refman(
        "lookup", doi, "10.9999/none", "nonsense", "--report", str(report),
        "--source", "crossref-snapshot",
    )  # fmt: skip
    assert result.status == 1
    assert [item["DOI"].lower() for item in result.json] == [doi.lower()]
    rows = json.loads(report.read_text())
    assert [row["given"] for row in rows] == [doi, "10.9999/none", "nonsense"]
    assert [row["status"] for row in rows] == ["found", "not_found", "failed"]
    assert {path.name for path in tmp_path.iterdir()} <= {"r.json", "xdg-cache"}
    listed = f"# a comment\n{doi}\r\n\n\xff\n".encode("latin-1")
    result = refman(
        "lookup", "--dois", "-", "--to", "bibtex", "--source", "crossref-snapshot", stdin=listed
    )
    assert result.status == 1
    assert result.out.startswith("@")
    html = tmp_path / "r.html"
    refman("lookup", "<b>x", "--report", str(html), "--source", "crossref-snapshot")
    assert "&lt;b&gt;x" in html.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "No DOI to look up"),
        (["10.1000/x", "--to", "nonsense"], "There is no export format"),
        (["--dois", "nothing.txt"], "nothing.txt cannot be read"),
        (["--dois", "."], "cannot be read"),
        (["10.1000/x", "--report", "r.doc"], "A report is a .csv, .json or .html file"),
        (["10.1000/x", "-o", "nowhere/x.bib"], "There is no folder nowhere to write x.bib to"),
        (["10.1000/x", "--source", "nonsense"], "There is no source 'nonsense'"),
    ],
)
def test_lookup_wrongly(refman: Refman, arguments: list[str], words: str) -> None:
    result = refman("lookup", *arguments)
    assert result.status == 2
    assert words in result.complaint


# add


def test_add_offline(refman: Refman) -> None:
    result = refman("add", "https://doi.org/10.1000/XYZ", "--json")
    assert result.status == 1
    assert [item["DOI"] for item in result.json] == ["10.1000/XYZ"]
    assert refman("list", "is:pending", "--count").out == "1\n"


def test_add_from_a_snapshot(refman: Refman, snapshot: Path) -> None:
    [doi, *_] = [
        line for line in DOIS.read_text().splitlines() if line and not line.startswith("#")
    ]
    result = refman("add", doi, "--tag", "new", "--json")
    assert result.status == 0, result.err
    [item] = result.json
    assert item["title"]
    assert item["custom"]["tags"] == ["new"]
    assert not item["id"].startswith("10.")
    refman("undo")
    assert refman("list", "--count").out == "0\n"


def test_a_report_has_a_row_for_every_work(refman: Refman, snapshot: Path, tmp_path: Path) -> None:
    [doi, other, *_] = [
        line for line in DOIS.read_text().splitlines() if line and not line.startswith("#")
    ]
    refman("add", doi)
    refman("import", "-", stdin=b"@misc{bare, title={Of no DOI at all}}")
    refman("import", "-", stdin=other.encode())
    report = tmp_path / "report.json"
    refman("enrich", "--report", str(report))
    rows = json.loads(report.read_text())
    assert [(row["status"], row["reason"]) for row in rows] == [
        ("enriched", "answered before"),
        ("not_found", "it has no DOI"),
        ("enriched", None),
    ]


def test_add_what_is_none(refman: Refman, tmp_path: Path) -> None:
    result = refman("add", "nonsense", "--json")
    assert (result.status, result.json) == (1, [])
    assert "no DOI" in result.err
    assert not (tmp_path / "xdg-data").exists()


# check, cite, formats, config, doctor, backup


def test_check(refman: Refman, library: Path) -> None:
    result = refman("check")
    assert (result.status, result.out, result.err) == (0, "", "Nothing to complain of.\n")
    assert refman("check", "--json").json == []
    incomplete = b'[{"id": "bad", "type": "article-journal", "title": "Only a title"}]'
    refman("import", "-", stdin=incomplete)
    result = refman("check", "--json")
    assert result.status == 1
    assert result.json
    for finding in result.json:
        assert set(finding) == {
            "citation_key", "field", "code", "severity", "message", "fixable", "advice", "fix",
        }  # fmt: skip
        assert finding["citation_key"] == "bad"
    assert refman("check", "key:bad").out.startswith("bad: ")
    assert refman("check", "key:dwi2021").status == 0


def test_cite(refman: Refman, library: Path) -> None:
    result = refman("cite", "dwi2021", "--style", "apa")
    assert result.status == 0
    assert "Dwi, R. (2021). The effectiveness of migration" in result.out
    assert "<i>" in refman("cite", "dwi2021", "--to", "html").out
    assert "*" in refman("cite", "dwi2021", "--to", "markdown").out
    result = refman("cite", "dwi2021", "missing")
    assert result.status == 1
    assert "Dwi" in result.out
    result = refman("cite", "missing")
    assert (result.status, result.out) == (1, "")
    assert refman("cite", "dwi2021", "--style", "no-such-style").status == 2


def test_formats(refman: Refman) -> None:
    result = refman("formats", "--json")
    assert result.status == 0
    formats = {row["name"]: row for row in result.json}
    assert {"garuda", "bibtex", "ris", "csl-json", "doi-list", "crossref-json"} <= set(formats)
    for row in formats.values():
        assert set(row) >= {"name", "label", "description", "extensions", "import", "export"}
    assert formats["bibtex"]["import"] is formats["bibtex"]["export"] is True
    assert (formats["garuda"]["import"], formats["garuda"]["export"]) == (True, False)
    text = refman("formats").out
    assert "bibtex           rw" in text
    assert len(text.splitlines()) == len(formats)


def test_config(refman: Refman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFMAN_STYLE", "ieee")
    told = refman("config", "--json").json
    assert told["style"] == "ieee"
    assert told["offline"] is True
    assert told["file"].endswith("config.toml")
    text = refman("config").out
    assert 'style = "ieee"' in text
    assert "# mailto is not set" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("offline = maybe", "cannot be read"),
        ('offline = "maybe"', "offline must be true or false"),
        ("colour = 1", "there is no setting 'colour'"),
        ("style = 3", "style must be text"),
        ('mailto = "me"', "is no e-mail address"),
    ],
)
def test_a_configuration_that_makes_no_sense(
    refman: Refman, library: Path, content: str, words: str, tmp_path: Path
) -> None:
    folder = tmp_path / "xdg-config" / "refman"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(content)
    for command in (["config"], ["enrich"], ["import", "-"]):
        result = refman(*command, stdin=b"x")
        assert result.status == 2
        assert words in result.complaint


def test_an_environment_that_makes_no_sense(
    refman: Refman, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFMAN_MAILTO", "nobody")
    result = refman("enrich")
    assert result.status == 2
    assert "REFMAN_MAILTO" in result.complaint


def test_doctor_and_backup(refman: Refman, library: Path, tmp_path: Path) -> None:
    assert refman("doctor").status == 0
    told = refman("doctor", "--json").json
    assert told == {"library": str(library), "works": 3, "problems": []}
    copy = tmp_path / "copy.db"
    assert refman("backup", str(copy)).status == 0
    assert refman("-l", str(copy), "list", "--count").out == "3\n"
    assert refman("backup", str(copy)).status == 2
    with sqlite3.connect(library) as database:
        database.execute("UPDATE works SET title = 'spoilt'")
    database.close()
    result = refman("doctor")
    assert result.status == 3
    assert "search index" in result.out
    assert "doctor --fix" in result.err
    assert refman("doctor", "--fix").status == 0
    assert "The TeXbook" in refman("list").out
    assert refman("backup").status == 0
    assert len(list(tmp_path.glob("library-*.db"))) == 1


def test_arguments_that_are_no_text(refman: Refman, library: Path) -> None:
    odd = "\udcff"
    for arguments in (
        ["show", odd],
        ["tag", odd, "anon"],
        ["edit", "anon", "--set", f"title={odd}"],
        ["import", "-", "--tag", odd],
    ):
        result = refman(*arguments, stdin=b'[{"type": "book", "title": "x"}]')
        assert result.status in (1, 2), arguments
        assert result.complaint
    assert refman("list", odd).status in (0, 1)
    assert refman("doctor").status == 0


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_term_to_exclude_is_no_option(refman: Refman, command: str) -> None:
    refman("import", "-", stdin=b"@book{a, title={Of history}}\n@book{b, title={Of nursing}}")
    kept = refman(command, "-history")
    assert "a" not in {line.split(":")[0].split()[0] for line in kept.out.splitlines()}
    assert refman(command, "--history").status == 2


def test_an_export_of_nothing_leaves_the_file(refman: Refman, tmp_path: Path) -> None:
    refman("import", "-", stdin=b"@book{a, title={Of history}}")
    target = tmp_path / "paper.bib"
    target.write_text("@book{kept}")
    result = refman("export", "nursing", "--to", "bibtex", "-o", str(target))
    assert result.status == 1
    assert target.read_text() == "@book{kept}"
    assert "Nothing matches" in result.err


def test_a_work_is_exported_under_the_key_that_is_cited(refman: Refman, tmp_path: Path) -> None:
    refman("import", "-", stdin=b"@book{lee2001, title={Of history}}")
    refman("edit", "lee2001", "--key", "lee2001history")
    manuscript = tmp_path / "paper.aux"
    manuscript.write_text("\\citation{lee2001}")
    out = refman("export", "--to", "bibtex", "--cited-in", str(manuscript)).out
    assert out.startswith("@misc{lee2001,")
    assert refman("export", "--to", "bibtex").out.startswith("@misc{lee2001history,")


def test_saved_searches(refman: Refman, library: Path) -> None:
    assert refman("searches").status == 1
    saved = refman("list", "author:knuth", "--save", "tex", "--keys")
    assert (saved.out, saved.err) == (
        "knuth1984\n",
        "Saved as tex: `refman list search:tex` lists it.\n",
    )
    assert refman("list", "search:tex", "--count").out == "1\n"
    assert refman("searches").out == "       1  tex: author:knuth\n"
    assert refman("searches", "--json").json == [
        {"name": "tex", "query": "author:knuth", "count": 1}
    ]
    assert refman("list", "search:no").complaint == "There is no saved search 'no'."
    assert refman("searches", "--remove", "tex").status == 0
    refman("undo")
    assert refman("list", "search:tex", "--keys").out == "knuth1984\n"


def test_relevance(refman: Refman, library: Path) -> None:
    result = refman("list", "the", "--sort", "relevance", "--keys")
    assert set(result.out.split()) == {"dwi2021", "knuth1984"}
