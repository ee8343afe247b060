"""`refman tag`, `collection`, `edit` of many works, and looking after files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Refman


@pytest.mark.usefixtures("library")
def test_names(refman: Refman) -> None:
    assert refman("tag", "read", "--query", "", "--dry-run").out == "anon\nknuth1984\ndwi2021\n"
    assert refman("tag", "read", "dwi2021", "--query", "knuth").err == (
        "Put the tag read on 2 works.\n"
    )
    assert refman("list", "is:unread", "--keys").out == "anon\n"
    assert refman("tag", "seen", "anon", "--json").json == {"tag": "seen", "changed": 1}
    refman("list", "-tag:SEEN OR title:x", "--save", "old")
    would = refman("tag", "--rename", "seen", "read", "--dry-run")
    assert would.err == (
        "seen would be read (1 work; merged with the tag of that name).\n"
        "The saved search old asks for the tag seen.\n"
    )
    assert refman("tag", "--rename", "seen", "read").status == 0
    assert refman("tag").out == "       3  read\n"
    refman("collection", "Thesis/Chapter 1", "dwi2021")
    refman("collection", "Thesis/Chapter 2", "dwi2021", "anon")
    assert refman("collection").out == (
        "       2  Thesis\n       1    Chapter 1\n       2    Chapter 2\n"
    )
    assert refman("collection", "--json").json == {"Thesis/Chapter 1": 1, "Thesis/Chapter 2": 2}
    assert [move["to"] for move in refman("collection", "Thesis", "--delete", "--json").json] == [
        None, None, None,
    ]  # fmt: skip
    assert refman("collection").status == 1
    refman("undo")
    assert refman("list", "collection:thesis", "--count").out == "2\n"
    for arguments in (
        ("--rename", "a", "b", "c"), ("read", "--delete", "anon"), ("read",),
        ("--query", "x"), ("--delete",), ("", "anon"),
    ):  # fmt: skip
        assert refman("tag", *arguments).status == 2
    assert refman("tag", "--rename", "nothing", "x").status == 1
    assert refman("tag", "read", "--query", "zebra").err == "Nothing matches.\n"
    assert "no field foo" in refman("tag", "read", "--query", "foo:bar").err
    for command in (("tag", "read"), ("edit", "--set", "title=x"), ("delete", "--yes")):
        refused = refman(*command, "--query", "*")
        assert (refused.status, "every work" in refused.complaint) == (2, True)
    assert refman("delete", "--query", "dwi", "--dry-run").out == "dwi2021\n"
    assert refman("list", "--count").out == "3\n"


@pytest.mark.usefixtures("library")
def test_saved_searches_mean_each_other(refman: Refman) -> None:
    refman("list", "tex", "--save", "A")
    refman("list", "search:A", "--save", "B")
    assert refman("searches", "--rename", "A", "B").status == 2
    renamed = refman("searches", "--rename", "A", "C")
    assert renamed.err.splitlines()[1:] == ["The saved search B means A, and finds nothing now."]
    assert refman("searches").out == "       ?  B: search:A\n       1  C: tex\n"
    assert refman("searches", "--remove", "A", "--rename", "A", "C").status == 2


@pytest.mark.usefixtures("library")
def test_many_works_are_edited(refman: Refman) -> None:
    dry = refman("edit", "--query", "", "--replace", "title", "The ", "A ", "--dry-run")
    assert [line.split() for line in dry.out.splitlines()] == [
        "knuth1984 title The TeXbook → A TeXbook".split(),
        "dwi2021 title The effectiveness of migration → A effectiveness of migration".split(),
    ]
    assert dry.err == "Would change 2 works, left 1 as it is.\n"
    done = refman("edit", "anon", "dwi2021", "--set", "language=en", "--clear", "DOI", "--json")
    assert done.json == {
        "changed": 2, "unchanged": 0, "failed": 0,
        "records": [
            {"citation_key": "anon", "status": "changed", "changed": {"language": [None, "en"]},
             "reason": None},
            {"citation_key": "dwi2021", "status": "changed",
             "changed": {"DOI": ["10.1000/dwi", None], "language": [None, "en"]}, "reason": None},
        ],
    }  # fmt: skip
    assert refman("undo").status == 0
    assert refman("list", "missing:doi", "--count").out == "2\n"
    failed = refman("edit", "--query", "has:year", "--replace-value", "year", "1984", "x")
    assert failed.status == 1
    assert failed.err.splitlines()[0] == "knuth1984: 'x' is no date for issued."
    for arguments in (
        ("--query", "a"), ("--set", "a=b"), ("a", "b", "--key", "c", "--set", "title=x"),
        ("--query", "(", "--set", "title=x"), ("a", "--replace", "title", "", "x"),
    ):  # fmt: skip
        assert refman("edit", *arguments).status == 2
    assert refman("edit", "--query", "zebra", "--set", "title=x").err == "Nothing matches.\n"


@pytest.mark.usefixtures("library")
def test_files_are_looked_after(refman: Refman, tmp_path: Path) -> None:
    source = tmp_path / "inbox"
    source.mkdir()
    for name in "ab":
        (source / f"{name}.pdf").write_text(name)
    files = [str(source / f"{name}.pdf") for name in "ab"]
    assert refman("attach", "dwi2021", "--move", *files).status == 0
    assert list(source.iterdir()) == []
    assert refman("attach", "--check").err == "2 files, all is well.\n"
    kept = tmp_path / "library-files" / "dwi2021"
    (kept / "a.pdf").rename(source / "renamed.bin")
    (kept / "stray").write_text("x")
    found = refman("attach", "--check", "--json")
    assert found.status == 1
    assert [item["problem"] for item in found.json] == ["missing", "not-in-library"]
    assert refman("attach", "--check", "dwi2021").out == (
        f"dwi2021: {kept / 'a.pdf'}: it is not there.\n"
    )
    relinked = refman("attach", "--relink", str(source))
    assert relinked.err == "Found 1 file; 0 still missing.\n"
    assert (kept / "a.pdf").read_text() == "a"
    assert refman("attach", "--prune", "--dry-run").out == f"{kept / 'stray'}\n"
    assert (kept / "stray").exists()
    assert refman("attach", "--prune").err == "Took away 1 file.\n"
    assert refman("attach", "--check").status == 0
    for arguments in (
        (), ("--check", "--prune"), ("--prune", "dwi2021"), ("dwi2021", "--dry-run"),
        ("dwi2021", "x", "--link", "--move"), ("--check", "dwi2021", "x"), ("--remove",),
        ("dwi2021", "--with-undoable"),
    ):  # fmt: skip
        assert refman("attach", *arguments).status == 2
