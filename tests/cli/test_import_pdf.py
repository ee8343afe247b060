"""`refman import paper.pdf`, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Refman
from tests.pdf_files import made_pdf

SNAPSHOT = Path(__file__).parents[2] / "examples" / "crossref-snapshot.jsonl.gz"
DOI = "10.1371/journal.pone.0000542"


def test_a_paper_is_imported_and_enriched_by_the_doi_in_it(
    refman: Refman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFMAN_CROSSREF_SNAPSHOT", str(SNAPSHOT))
    monkeypatch.setenv("REFMAN_OFFLINE", "1")
    (tmp_path / "paper.pdf").write_bytes(made_pdf([[(18, "A paper"), (9, f"doi:{DOI}")]]))
    result = refman("import", "paper.pdf", "--enrich")
    assert result.status == 0, result.err
    (item,) = refman("list", "--json").json
    assert item["DOI"] == DOI
    assert item["container-title"] == "PLoS ONE"
    assert item["title"].startswith("An Open Randomized Comparison")
    place = Path(refman("open", DOI, "--print").out.strip())
    assert place.read_bytes() == (tmp_path / "paper.pdf").read_bytes()
    again = refman("import", "paper.pdf")
    assert "is attached to" in again.err
    assert len(refman("attach", DOI, "--json").json) == 1


def test_a_dry_run_attaches_nothing(refman: Refman, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(made_pdf([[(18, "A paper"), (9, f"doi:{DOI}")]]))
    refman("import", "paper.pdf", "--dry-run")
    assert not list(tmp_path.rglob("*-files"))


def test_other_binary_files_are_refused_and_bad_pdfs_told(refman: Refman, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert "binary file" in refman("import", "x.png").complaint
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00")
    assert "save the sheet as CSV" in refman("import", "x.xlsx").err
    (tmp_path / "x.zip").write_bytes((tmp_path / "x.xlsx").read_bytes())
    assert "Unpack it first" in refman("import", "x.zip").err
    (tmp_path / "locked.pdf").write_bytes(made_pdf(password="secret"))
    result = refman("import", "locked.pdf", "--json")
    assert result.status == 1
    (told,) = result.json["records"]
    assert told["status"] == "failed"
    assert "password" in told["reason"]
