"""What an export can be asked for, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Refman

ITEMS = [
    {
        "id": "dwi2021",
        "type": "article-journal",
        "title": "The effectiveness of migration",
        "author": [{"family": "Dwi", "given": "Rizkika"}],
        "container-title": "Journal of International Relations",
        "issued": {"date-parts": [[2021]]},
        "DOI": "10.1000/dwi",
        "keyword": "one, two",
        "abstract": "It was studied.",
    }
]


@pytest.fixture
def library(refman: Refman, tmp_path: Path) -> Path:
    path = tmp_path / "items.json"
    path.write_text(json.dumps(ITEMS))
    assert refman("import", str(path), "--tag", "mine").status == 0
    return path


def test_fields_are_chosen(refman: Refman, library: Path) -> None:
    [item] = refman("export", "--to", "csl-json", "--fields", "title,year").json
    assert item == {
        "id": "dwi2021",
        "type": "article-journal",
        "title": "The effectiveness of migration",
        "issued": {"date-parts": [[2021]]},
    }
    assert refman("export", "--to", "csl-json", "--fields", "key,title,year").json == [item]
    [bare] = refman("export", "--to", "csl-json", "--fields", "key").json
    assert set(bare) == {"id", "type"}
    header = refman("export", "--to", "csv", "--fields", "citation_key,title").out.splitlines()[0]
    assert header.split(",")[0] == "citation_key"
    [item] = refman("export", "--to", "csl-json", "--fields", "title,Tags").json
    assert item["custom"] == {"tags": ["mine"]}
    text = refman("export", "--to", "bibtex", "--without", "keywords,abstract").out
    assert "keywords" not in text
    assert "studied" not in text


def test_journals_and_the_doi(refman: Refman, library: Path, tmp_path: Path) -> None:
    text = refman("export", "--to", "bibtex", "--journals", "abbreviated", "--doi-as-url").out
    assert "journal = {J. Int. Relat.}" in text
    assert "url = {https://doi.org/10.1000/dwi}" in text
    assert "doi = " not in text


def test_a_list_of_ones_own(
    refman: Refman, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("Journal of International Relations;JIR\n")
    monkeypatch.setenv("REFMAN_JOURNAL_LIST", str(mine))
    assert "journal = {JIR}" in refman("export", "--to", "bibtex", "--journals", "abbreviated").out
    mine.unlink()
    result = refman("export", "--to", "bibtex", "--journals", "full")
    assert result.status == 2
    assert "cannot be read" in result.complaint
    # It is read only where it is needed.
    assert refman("export", "--to", "bibtex").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fields", "colour"], "There is no field 'colour'"),
        (["--without", "abstrat"], "There is no field 'abstrat'"),
        (["--journals", "short"], "Invalid value"),
    ],
)
def test_what_cannot_be_asked(
    refman: Refman, library: Path, arguments: list[str], words: str
) -> None:
    result = refman("export", "--to", "bibtex", *arguments)
    assert result.status == 2
    assert words in result.complaint


def test_a_field_of_a_format(refman: Refman, tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text("@misc{a, title = {A}, file = {a.pdf}, groups = {mine}, owner = {me}}\n")
    assert refman("import", str(path)).status == 0
    assert "a.pdf" in refman("export", "--to", "bibtex").out
    text = refman("export", "--to", "bibtex", "--without", "file,bibtex:groups").out
    assert "owner = {me}" in text
    assert "a.pdf" not in text
    assert "groups" not in text


def test_fields_come_in_the_order_that_was_asked_for(refman: Refman, library: Path) -> None:
    fields = ("--fields", "doi,title,author,year")
    text = refman("export", "--to", "csv", *fields).out
    assert text.splitlines()[0] == "citation_key,DOI,title,author,issued"
    assert text.splitlines()[1].startswith("dwi2021,10.1000/dwi,The effectiveness")
    [item] = refman("export", "--to", "csl-json", *fields).json
    assert list(item) == ["id", "type", "DOI", "title", "author", "issued"]
    tags = [line[:2] for line in refman("export", "--to", "ris", *fields).out.splitlines() if line]
    assert [tag for tag in tags if tag in ("TY", "DO", "TI", "AU", "PY", "ER")] == [
        "TY", "DO", "TI", "AU", "PY", "ER",
    ]  # fmt: skip
    text = refman("export", "--to", "bibtex", *fields).out
    assert text.index("doi =") < text.index("title =") < text.index("author =")
    assert "Relations" not in text
