"""`refman duplicates` and `refman merge`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Refman

FILE = """\
@article{smith2020, author={Smith, John and Doe, Jane}, title={On the migration of birds},
  journal={Journal of Birds}, year=2020, volume=3, pages={10--20}}
@article{other, author={Smith, J. and Doe, J.}, title={On the Migration of Birds}, year=2020,
  journal={J. Birds}, volume=3, pages={10--20}, doi={10.1000/birds}, keywords={birds}}
@article{short, author={Adji, Iwan}, title={Mosses of the north: a list of species}, year=1998,
  journal={Mosses}}
@article{long, author={Adji, Iwan}, title={Mosses of the north}, year=1998, journal={Mosses}}
@misc{preprint, author={Smith, John and Doe, Jane}, title={On the migration of birds}, year=2019,
  eprint={2001.00001}, eprinttype={arxiv}, doi={10.48550/arXiv.2001.00001}}
"""


@pytest.fixture
def library(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(FILE)
    assert refman("import", str(path), "--on-duplicate", "add").status == 0


@pytest.mark.usefixtures("library")
def test_what_is_found(refman: Refman) -> None:
    result = refman("duplicates")
    assert result.status == 1
    assert "2 works are one (certain):\n  smith2020: Smith, John et al. 2020" in result.out
    assert "2 works are one (likely, 0.9" in result.out
    assert "A preprint and what was published of it:" in result.out
    said = refman("duplicates", "--json").json
    assert [group["certain"] for group in said["groups"]] == [True, False]
    assert [[work["id"] for work in group["works"]] for group in said["groups"]] == [
        ["smith2020", "other"],
        ["short", "long"],
    ]
    assert ["smith2020", "preprint"] in said["versions"]
    only = refman("duplicates", "mosses", "--json").json
    assert len(only["groups"]) == 1
    assert only["versions"] == []


@pytest.mark.usefixtures("library")
def test_those_that_are_certain_are_merged(refman: Refman) -> None:
    dry = refman("duplicates", "--merge", "--dry-run")
    assert "Would merge 1 duplicate." in dry.err
    assert refman("list", "--count").out == "5\n"
    merged = refman("duplicates", "--merge")
    assert merged.status == 1
    assert "Merged 1 duplicate; `refman undo` takes it back." in merged.err
    assert refman("show", "other", "--json").json["id"] == "smith2020"
    merged = refman("duplicates", "--merge", "--likely")
    assert merged.status == 0
    assert refman("list", "--count").out == "3\n"
    refman("undo")
    refman("undo")
    assert refman("list", "--count").out == "5\n"
    assert refman("doctor").status == 0


@pytest.mark.usefixtures("library")
def test_merging_by_hand(refman: Refman) -> None:
    dry = refman("merge", "smith2020", "other", "--dry-run")
    assert dry.err == "Would merge 1 work into smith2020.\n"
    result = refman("merge", "smith2020", "other", "--into", "other", "--json")
    assert result.status == 0
    assert result.json["id"] == "other"
    assert result.json["custom"]["aliases"] == ["smith2020"]
    assert refman("merge", "other").complaint == "One work cannot be merged."
    missing = refman("merge", "other", "nobody")
    assert missing.status == 1
    assert "There is no work 'nobody'" in missing.err


@pytest.mark.usefixtures("library")
def test_what_only_looks_alike_is_kept_apart(refman: Refman) -> None:
    assert refman("duplicates", "--distinct", "smith2020,other").err == (
        "1 pair of works kept apart.\n"
    )
    assert len(refman("duplicates", "--json").json["groups"]) == 1


@pytest.mark.usefixtures("library")
def test_versions_are_linked(refman: Refman) -> None:
    result = refman("duplicates", "--link")
    assert "Linked 3 works to other versions." in result.err
    assert refman("list", "is:superseded", "--keys").out == "preprint\n"
    assert "Linked 0 works" in refman("duplicates", "--link").err


def test_a_library_without_any(refman: Refman, tmp_path: Path) -> None:
    (tmp_path / "one.bib").write_text("@book{a, title={Alone}}")
    refman("import", str(tmp_path / "one.bib"))
    result = refman("duplicates")
    assert (result.status, result.out, result.err) == (0, "", "No duplicates.\n")
    assert refman("duplicates", "--json").json == {"groups": [], "versions": []}
