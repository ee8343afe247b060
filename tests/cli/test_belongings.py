"""`refman note`, `refman attach` and `refman open`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Refman


@pytest.mark.usefixtures("library")
def test_notes(refman: Refman) -> None:
    assert refman("note", "dwi2021").err == "dwi2021 has no notes.\n"
    assert refman("note", "dwi2021", "Good", "on", "method").err == "Note 1 on dwi2021.\n"
    refman("note", "dwi2021", "-", stdin=b"From a *pipe*\nin two lines\n")
    shown = refman("note", "dwi2021")
    assert "[1] " in shown.out
    assert "From a *pipe*\nin two lines" in shown.out
    assert [note["number"] for note in refman("note", "dwi2021", "--json").json] == [1, 2]
    assert refman("list", "method", "--keys").out == "dwi2021\n"
    refused = refman("note", "dwi2021", "--remove")
    assert refused.status == 2
    assert "has 2 notes" in refused.err
    assert refman("note", "dwi2021", "-n", "2").out.endswith("\nFrom a *pipe*\nin two lines\n")
    assert (
        refman("note", "dwi2021", "-", stdin=b"\xff").complaint == "The note is no text in UTF-8."
    )
    for wrong in (("--remove", "-n", "1", "text"), ("-",)):
        assert refman("note", "dwi2021", *wrong).status == 2
    assert refman("note", "dwi2021", "-n", "9").status == 1
    assert len(refman("note", "dwi2021", "--json").json) == 2
    assert refman("note", "dwi2021", "--remove", "-n", "1").status == 0
    assert refman("note", "dwi2021", "-n", "2", "Now", "so").status == 0
    assert refman("show", "dwi2021", "--json").json["custom"]["notes"] == ["Now so"]
    refman("undo")
    refman("undo")
    assert "Good on method" in refman("show", "dwi2021").out


@pytest.mark.usefixtures("library")
def test_files(refman: Refman, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_text("x")
    assert refman("attach", "dwi2021").status == 1
    attached = refman("attach", "dwi2021", str(paper))
    assert attached.status == 0
    place = refman("open", "dwi2021", "--print").out.strip()
    assert Path(place).read_text() == "x"
    assert refman("attach", "dwi2021", "--json").json[0]["path"] == place
    assert refman("list", "has:file", "--keys").out == "dwi2021\n"
    Path(place).unlink()
    assert refman("doctor").out.startswith(f"{place}: it is not there.\n")
    assert refman("doctor").status == 1
    assert refman("open", "dwi2021").status == 1
    assert refman("attach", "dwi2021", "--remove").status == 0
    assert refman("doctor").status == 0
    assert refman("attach", "dwi2021", str(tmp_path / "no.pdf")).status == 2


@pytest.mark.usefixtures("library")
def test_pages(refman: Refman, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refman("open", "dwi2021", "--print").out == "https://doi.org/10.1000/dwi\n"
    launched: list[str] = []

    def launch(target: str) -> int:
        launched.append(target)
        return 0

    monkeypatch.setattr("click.launch", launch)
    assert refman("open", "dwi2021").status == 0
    assert launched == ["https://doi.org/10.1000/dwi"]
    nothing = refman("open", "anon")
    assert nothing.status == 1
    assert "has no file, no DOI and no address" in nothing.err
    refman("edit", "anon", "--set", "URL=javascript:alert(1)")
    assert refman("open", "anon").status == 1
