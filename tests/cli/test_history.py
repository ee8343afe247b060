"""History, undo and redo at the command line: field by field, batch by batch, and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import Refman


def _edit(refman: Refman, key: str, *assignments: str) -> None:
    for assignment in assignments:
        assert refman("edit", key, "--set", assignment).status == 0


def test_a_work_is_told_of_field_by_field(refman: Refman, library: Path) -> None:
    refman("edit", "knuth1984", "--set", "publisher=Addison", "--unset", "issued")
    refman("tag", "classic", "knuth1984", "anon")
    refman("note", "knuth1984", "Read\nit\x1b[31m.")
    refman("tag", "classic", "knuth1984", "--remove")
    refman("edit", "knuth1984", "--key", "tex")
    refman("undo", "2")
    told = refman("history", "tex").out.splitlines()
    assert [line.split(maxsplit=3)[0] for line in told if not line.startswith(" " * 8)] == [
        *"7654321"
    ]
    assert "        citation_key: knuth1984 -> tex" in told
    assert "        notes: (empty) -> Read it[31m." in told
    assert "        tags: classic -> (empty)" in told
    assert "        tags: (empty) -> classic" in told
    assert "        publisher: Addison-Wesley -> Addison" in told
    assert told[1:3] == [
        "        issued: (empty) -> 1984",
        "        publisher: Addison -> Addison-Wesley",
    ]
    changes = refman("history", "tex", "--json").json
    assert changes[5]["changed"] == {
        "publisher": ["Addison-Wesley", "Addison"],
        "issued": [{"date-parts": [[1984]]}, None],
    }
    assert changes[6]["fate"] == "came"
    assert changes[6]["changed"]["title"] == [None, "The TeXbook"]


def test_a_batch_is_told_of_work_by_work(refman: Refman, library: Path) -> None:
    told = refman("history", "--change", "1", "--limit", "2")
    assert "dwi2021 came in: The effectiveness of migration" in told.out
    assert "2 of 3 works are shown; --limit 3 shows all." in told.err
    batch = refman("history", "--change", "1", "--json").json
    assert batch["works"] == 3
    assert [item["citation_key"] for item in batch["records"]] == ["dwi2021", "knuth1984", "anon"]
    refman("delete", "anon", "--yes")
    assert "anon left: A pamphlet without an author" in refman("history", "-c", "2").out
    assert refman("history", "--change", "9").status == 1
    assert refman("history", "anon", "--change", "1").status == 2


def test_an_older_change_is_taken_back_where_nothing_is_in_the_way(
    refman: Refman, library: Path
) -> None:
    _edit(refman, "anon", "title=One", "volume=4", "title=Two")

    def work() -> dict[str, Any]:
        found: dict[str, Any] = refman("show", "anon", "--json").json
        return found

    refused = refman("undo", "2")
    assert refused.status == 2
    assert refused.complaint == (
        "Change 2 cannot be taken back; later ones stand in the way: title of anon (change 4)."
    )
    assert "refman undo 4 takes that change back first." in refused.err
    assert work()["title"] == "Two"
    assert "(change 3, 1 work)" in refman("undo", "3").err
    assert (work()["title"], "volume" in work()) == ("Two", False)
    assert refman("undo", "2", "--force").status == 0
    assert work()["title"] == "Two"
    assert refman("undo", "4").status == 0
    assert work()["title"] == "A pamphlet without an author"


def test_an_import_is_not_taken_from_under_what_the_user_wrote(
    refman: Refman, library: Path
) -> None:
    refman("note", "anon", "Mine.")
    assert "a note of anon (change 2)" in refman("undo", "1").err
    refman("undo")
    _edit(refman, "anon", "volume=4")
    assert "an edit of anon (change 4)" in refman("undo", "1").err
    refman("undo", "4")
    dry = refman("undo", "1", "--dry-run")
    assert "anon left: A pamphlet without an author" in dry.out
    assert "(change 1, 3 works)" in dry.err
    assert refman("list", "--count").out == "3\n"
    assert "3 works)" in refman("undo", "1").err
    assert refman("list", "--count").out == "0\n"
    refman("redo")
    _edit(refman, "anon", "volume=4")
    refman("delete", "anon", "--yes")
    gone = refman("history", "--json").json
    assert f"deletion of anon (change {gone[0]['id']})" in refman("undo", str(gone[1]["id"])).err


def test_redo_goes_forth_through_what_was_undone(refman: Refman, library: Path) -> None:
    _edit(refman, "anon", "volume=1", "volume=2")
    refman("undo")
    refman("undo")
    assert "(change 2, 1 work)" in refman("redo").err
    assert "(change 3, 1 work)" in refman("redo").err
    nothing = refman("redo")
    assert nothing.status == 1
    assert nothing.complaint == "There is nothing to do again."
    newest = refman("history", "--json").json[0]
    assert (newest["action"], newest["summary"]) == ("redo", "did again edit: edit of anon: volume")


def test_the_history_of_a_merged_work_has_that_of_both(refman: Refman, library: Path) -> None:
    _edit(refman, "anon", "publisher=Nobody")
    assert refman("merge", "knuth1984", "anon", "--into", "knuth1984").status == 0
    told = refman("history", "knuth1984").out
    assert "        anon: left the library" in told
    assert "        anon: publisher: (empty) -> Nobody" in told
    assert "        aliases: (empty) -> anon" in told


def test_a_number_larger_than_any_is_told(refman: Refman, library: Path) -> None:
    for command in (["undo"], ["history", "--limit"], ["history", "--change"]):
        told = refman(*command, "9" * 20)
        assert (told.status, told.err) == (2, "refman: A number is larger than any in a library.\n")
