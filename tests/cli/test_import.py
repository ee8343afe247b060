"""`refman import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refman.text import reading
from tests.cli.conftest import CSL, Refman

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_model_case(refman: Refman) -> None:
    result = refman("import", str(EXAMPLES / "garuda-mediasi.txt"), "--json")
    assert result.status == 0
    told = result.json
    assert {name: told[name] for name in ("imported", "merged", "skipped", "failed")} == {
        "imported": 1,
        "merged": 0,
        "skipped": 0,
        "failed": 0,
    }
    [record] = told["records"]
    assert record["status"] == "imported"
    assert record["reason"] is None
    name, _, line = record["source"].rpartition(":")
    assert name.endswith("garuda-mediasi.txt")
    assert line.isdecimal()
    shown = refman("show", record["citation_key"], "--json")
    item = shown.json
    assert item["id"] == record["citation_key"]
    assert item["type"] == "article-journal"
    assert item["DOI"] == "10.21111/mediasi.v4i2.10036"
    assert item["container-title"] == "Mediasi: Journal of International Relations"
    assert item["volume"] == "4"
    assert item["issue"] == "2"
    assert item["issued"] == {"date-parts": [[2021]]}
    assert item["publisher"] == "UNIDA GONTOR"
    assert item["title"] == (
        "The effectiveness of the International Organization for Migration (IOM) in addressing "
        "human trafficking against Indonesian migrant workers in Malaysia post-COVID-19"
    )
    [author] = item["author"]
    assert author.get("literal") == "Rizkika Dwi" or author == {"family": "Dwi", "given": "Rizkika"}


def test_json_tells_of_each_entry_and_nothing_else(refman: Refman, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(CSL[:2]))
    second.write_text(json.dumps([{**CSL[0], "note": "More"}, CSL[1], CSL[2]]))
    assert refman("import", str(first)).status == 0
    result = refman("import", str(second), "--json")
    assert result.status == 0
    told = result.json
    assert set(told) == {"imported", "merged", "skipped", "failed", "records"}
    assert (told["imported"], told["merged"], told["skipped"], told["failed"]) == (1, 1, 1, 0)
    for record in told["records"]:
        assert set(record) == {"status", "citation_key", "source", "reason"}
    assert [record["status"] for record in told["records"]] == ["merged", "skipped", "imported"]
    assert [record["citation_key"] for record in told["records"]] == [
        "dwi2021",
        "knuth1984",
        "anon",
    ]


def test_messages_go_to_standard_error(refman: Refman, tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_text(json.dumps(CSL))
    result = refman("import", str(source))
    assert result.out == ""
    assert "3 imported, 0 merged, 0 skipped, 0 failed." in result.err
    assert "imported dwi2021" in result.err


def test_standard_input_and_several_files(refman: Refman, tmp_path: Path) -> None:
    assert refman("import", "-", stdin=json.dumps(CSL[:1]).encode()).status == 0
    assert refman("import", stdin=json.dumps(CSL[1:2]).encode()).status == 0
    result = refman("import", "no-such-file", "-", stdin=json.dumps(CSL[2:]).encode())
    assert result.status == 1
    assert "refman: no-such-file cannot be read: No such file or directory." in result.err
    assert refman("list", "--count").out == "3\n"


_BINARY = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00" * 20


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n \t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (_BINARY, "is a binary file, not a bibliography"),
        (b"Dear reader, this is a letter.\n", "is in no format that refman knows"),
        (b"\xff\xff\xfe hello", "is in no format that refman knows"),
    ],
)
@pytest.mark.parametrize("piped", [True, False])
def test_an_input_that_cannot_be_read_is_one_sentence(
    refman: Refman, tmp_path: Path, content: bytes, words: str, piped: bool
) -> None:
    source = tmp_path / "wrong.txt"
    source.write_bytes(content)
    result = refman("import", "-", stdin=content) if piped else refman("import", str(source))
    assert result.status == 2
    assert words in result.complaint
    assert ("standard input" if piped else "wrong.txt") in result.complaint
    assert not (tmp_path / "xdg-data").exists(), "a mistake makes no library"


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing-here.bib", "No such file"), (".", "is a folder"), ("", "")],
)
def test_a_file_that_is_none(refman: Refman, name: str, words: str, tmp_path: Path) -> None:
    result = refman("import", name)
    assert result.status == 2
    assert words in result.complaint


def test_json_of_an_unreadable_file_is_still_json(refman: Refman, tmp_path: Path) -> None:
    result = refman("import", "nothing-here.bib", "--json")
    assert result.status == 2
    assert result.json == {"records": [], "imported": 0, "merged": 0, "skipped": 0, "failed": 0}


def test_a_format_that_is_none(refman: Refman) -> None:
    result = refman("import", "-", "--from", "nonsense", stdin=b"x")
    assert result.status == 2
    assert "nonsense" in result.complaint
    assert "bibtex" in result.err


def test_an_endless_line_is_refused(refman: Refman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1 << 20)
    result = refman("import", "-", stdin=b"@article{a, title = {" + b"x" * (2 << 20))
    assert result.status == 2
    assert "standard input has a line of over 1 MB" in result.complaint


def test_an_input_without_a_reference_is_told(refman: Refman, tmp_path: Path) -> None:
    result = refman("import", "-", "--from", "csl-json", stdin=b"[]")
    assert result.status == 1
    assert "there is no reference in it" in result.err


def test_what_is_no_utf_8_is_told_and_read(refman: Refman) -> None:
    data = b"@book{a,\n title = {Caf\xe9 society},\n author = {Smith, J.},\n year = 1999\n}\n"
    result = refman("import", "-", stdin=data)
    assert result.status == 1
    assert "line 2 is not valid UTF-8 (byte 0xe9)" in result.err
    assert "Café society" in refman("list").out


def test_an_entry_that_fails_does_not_stop_the_others(refman: Refman) -> None:
    data = json.dumps([CSL[0], 7, CSL[1]]).encode()
    result = refman("import", "-", "--json", stdin=data)
    assert result.status == 1
    told = result.json
    assert (told["imported"], told["failed"]) == (2, 1)
    [failed] = [record for record in told["records"] if record["status"] == "failed"]
    assert failed["citation_key"] is None
    assert failed["reason"]
    assert failed["source"].startswith("-")


def test_tags_collection_and_modes(refman: Refman, library: Path, tmp_path: Path) -> None:
    source = str(tmp_path / "seed.json")
    assert refman("import", source, "--tag", "a", "--tag", "b", "--collection", "C").status == 0
    assert refman("list", "tag:a", "tag:b", "collection:c", "--count").out == "3\n"
    result = refman("import", source, "--on-duplicate", "add", "--json")
    assert result.json["imported"] == 3
    result = refman("import", source, "--on-duplicate", "skip", "--json")
    assert result.json["skipped"] == 3
    assert refman("import", source, "--on-duplicate", "nonsense").status == 2


def test_a_dry_run_makes_no_library(refman: Refman, tmp_path: Path) -> None:
    data = json.dumps(CSL).encode()
    result = refman("import", "-", "--dry-run", stdin=data)
    assert result.status == 0
    assert "Would be: 3 imported" in result.err
    assert not (tmp_path / "xdg-data").exists()


def test_a_dry_run_leaves_a_library_as_it_was(refman: Refman, library: Path) -> None:
    before = library.read_bytes()
    data = json.dumps([{"title": "New", "type": "book"}]).encode()
    assert refman("import", "-", "--dry-run", "--tag", "x", stdin=data).status == 0
    assert library.read_bytes() == before
    assert refman("list", "--count").out == "3\n"


def test_offline_the_works_wait_and_the_way_on_is_told(refman: Refman) -> None:
    result = refman("import", "-", "--enrich", "--json", stdin=json.dumps(CSL).encode())
    assert result.status in (0, 1)
    assert (
        "1 work waits for enrichment (offline); `refman enrich is:pending` goes on." in result.err
    )
    assert result.json["enrichment"] == {"pending": 1}
    assert refman("list", "is:pending", "--keys").out == "dwi2021\n"


def test_a_template_from_the_settings(refman: Refman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFMAN_CITATION_KEY", "{auth}:{year}")
    data = json.dumps([{key: value for key, value in CSL[0].items() if key != "id"}]).encode()
    refman("import", "-", stdin=data)
    assert refman("list", "--keys").out == "dwi:2021\n"


_HOSTILE = "\x1b]0;owned\x07\x1b[31mRed\x9b2J \u202eevil <i>it</i> </script>\x08"


def test_what_a_terminal_would_obey_is_never_printed(refman: Refman, tmp_path: Path) -> None:
    items = [
        {
            "id": "a\x1b[2Jb",
            "type": "book",
            "title": _HOSTILE,
            "author": [{"family": _HOSTILE, "given": _HOSTILE}],
            "abstract": _HOSTILE,
            "note": _HOSTILE,
            "custom": {"x": _HOSTILE},
        }
    ]
    calls = [
        refman(
            "import", "-", "--from", "csl-json", "--tag", _HOSTILE, stdin=json.dumps(items).encode()
        ),
        refman("list"),
        refman("list", "--jsonl"),
        refman("list", "--json"),
        refman("tag"),
        refman("history"),
        refman("check"),
    ]
    key = refman("list", "--keys").out.strip()
    calls += [
        refman("show", key),
        refman("show", key, "--provenance"),
        refman("show", key, "--json", "--provenance"),
        refman("show", _HOSTILE),
        refman("edit", key, "--set", f"title={_HOSTILE} again"),
        refman("list", f"{_HOSTILE}:("),
        refman("import", _HOSTILE),
        refman("history", key),
        refman("undo"),
        refman(_HOSTILE),
        refman("list", "--sort", _HOSTILE),
        refman("cite", key),
    ]
    for result in calls:
        for text in (result.out, result.err):
            for sign in ("\x1b", "\x07", "\x9b", "\x08", "\u202e"):
                assert sign not in text, (sign, text)


def test_an_interrupted_import_says_so(
    refman: Refman, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from refman.services import importing

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "BATCH", 1)
    data = json.dumps(CSL).encode()
    with monkeypatch.context() as patch:
        patch.setattr("refman.cli.commands.importing.Progress.__call__", stop)
        result = refman("import", "-", stdin=data)
    assert result.status == 130
    assert "refman: interrupted; what was done before stays." in result.err
    assert refman("list", "--count").out == "1\n"
    assert refman("doctor").status == 0
    assert refman("import", "-", stdin=data).status == 0
    assert refman("list", "--count").out == "3\n"
