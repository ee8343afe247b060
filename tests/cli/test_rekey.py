"""`refman rekey`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Refman


def test_a_preview_changes_nothing(refman: Refman, library: Path) -> None:
    result = refman("rekey", "--template", "auth + '_' + year", "--dry-run")
    assert result.status == 0
    assert result.out == "dwi2021 → Dwi_2021\nknuth1984 → Knuth_1984\nanon → work\n"
    assert "Would be: 3 of 3 keys changed." in result.err
    assert "dwi2021\n" in refman("list", "--keys").out


def test_a_query_chooses_and_old_keys_go_on(refman: Refman, library: Path) -> None:
    result = refman("rekey", "author:knuth", "--template", "[auth:upper][shortyear]", "--json")
    assert result.status == 0
    assert result.json == {
        "renamed": 1,
        "unchanged": 0,
        "keys": [{"before": "knuth1984", "after": "KNUTH84"}],
    }
    assert refman("show", "knuth1984", "--json").json["id"] == "KNUTH84"
    paper = library.parent / "paper.tex"
    paper.write_text(r"\cite{knuth1984}")
    exported = refman("export", "--to", "bibtex", "--cited-in", str(paper))
    assert "{knuth1984," in exported.out
    assert refman("undo").status == 0
    assert "knuth1984\n" in refman("list", "--keys").out


def test_the_setting_is_the_template(
    refman: Refman, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFMAN_CITATION_KEY", "auth.lower + shorttitle(1,1)")
    assert "dwi2021 → dwiEffectiveness" in refman("rekey", "--dry-run").out


def test_nothing_to_do_and_nothing_found(refman: Refman, library: Path) -> None:
    refman("rekey", "--template", "auth + year", "--yes")
    again = refman("rekey", "--template", "auth + year", "--yes")
    assert (again.status, again.out) == (0, "")
    assert refman("rekey", "author:nobody").status == 1


def test_a_mistake_is_pointed_at(refman: Refman, library: Path) -> None:
    result = refman("rekey", "--template", "auth.lowr + year")
    assert result.status == 2
    assert "there is no filter 'lowr', at position 6" in result.complaint
    assert "\n  auth.lowr + year\n       ^\n" in result.err


def test_a_setting_with_a_mistake_makes_no_library(
    refman: Refman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFMAN_CITATION_KEY", "auth.lowr")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.bib").write_text("@misc{, title={Some new thing}, author={Rain, A}}")
    result = refman("-l", "new.db", "import", "x.bib")
    assert result.status == 2
    assert "position 6" in result.complaint
    assert not (tmp_path / "new.db").exists()
    monkeypatch.setenv("REFMAN_CITATION_KEY", "auth.upper")
    assert refman("-l", "new.db", "import", "x.bib").status == 0
    assert refman("-l", "new.db", "list", "--keys").out == "RAIN\n"
