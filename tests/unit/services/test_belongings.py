"""Notes on works, and files that belong to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import EditConflict, InputError, NotFoundError, UsageError
from refman.model import Description, Origin, OriginKind, Record
from refman.services import belongings
from refman.services.file_places import files_folder
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "a folder, 'quoted'"
    folder.mkdir()
    with Library(folder / "library.db", create=True) as opened:
        origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")
        entries = [
            Record(description=Description(title=title), origin=origin, citation_key=key)
            for key, title in (("one", "Mosses"), ("../two", "Ferns"))
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy()))
        yield opened
        assert opened.check() == []


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "a paper.pdf"
    path.write_bytes(b"%PDF-1.7 not really")
    return path


def test_notes_are_found_changed_and_taken_off(library: Library) -> None:
    one = library.get("one")
    number = belongings.add_note(library.store, one, "Of *zebras*\r\nand \x1b[31mapes")
    assert [note.text for note in library.store.notes(one.id)] == ["Of *zebras*\nand [31mapes"]
    assert library.count("zebras") == library.count("has:note") == 1
    belongings.change_note(library.store, one, number, "Of lions")
    assert (library.count("zebras"), library.count("lions mosses")) == (0, 1)
    belongings.change_note(library.store, one, number, None)
    assert library.store.notes(one.id) == []
    later = belongings.add_note(library.store, one, "Another")
    assert later != number
    library.undo()
    library.undo()
    assert [note.text for note in library.store.notes(one.id)] == ["Of lions"]
    library.undo()
    assert library.count("zebras") == 1


def test_notes_that_cannot_be(library: Library) -> None:
    one = library.get("one")
    with pytest.raises(UsageError, match="empty"):
        belongings.add_note(library.store, one, " \n\x00")
    with pytest.raises(UsageError, match="longer than"):
        belongings.add_note(library.store, one, "x" * (belongings.MAX_NOTE + 1))
    with pytest.raises(NotFoundError, match="one has no note 7"):
        belongings.change_note(library.store, one, 7, "x")
    number = belongings.add_note(library.store, one, "Theirs")
    with pytest.raises(EditConflict, match="Note 1 on one was changed meanwhile"):
        belongings.change_note(library.store, one, number, "Mine", seen="As it was")
    belongings.change_note(library.store, one, number, "Mine", seen="Theirs")


def test_a_file_is_copied_and_moves_with_the_library(
    library: Library, paper: Path, tmp_path: Path
) -> None:
    one = library.get("one")
    place = belongings.attach(library.store, library.path, one, paper)
    assert place.read_bytes() == paper.read_bytes()
    assert place.parent == library.path.with_name("library-files") / "one"
    assert belongings.attach(library.store, library.path, one, paper) == place
    [row] = library.store.attachments(one.id)
    assert (row.path, row.media_type) == ("library-files/one/a paper.pdf", "application/pdf")
    moved = tmp_path / "elsewhere"
    shutil.copytree(library.path.parent, moved)
    with Library(moved / "library.db") as copy:
        [state] = belongings.states(copy.store, copy.path, thorough=True)
        assert (state.path, state.fault) == (moved / row.path, None)


def test_names_lead_nowhere_else(library: Library, tmp_path: Path) -> None:
    work = library.get("../two") if library.find("../two") else library.get("two")
    odd = tmp_path / ("x" * 200 + ".pdf")
    odd.write_text("x")
    place = belongings.attach(library.store, library.path, work, odd)
    folder = files_folder(library.path.resolve())
    assert place.resolve().is_relative_to(folder)
    assert len(place.name) <= 120
    odd.write_text("y")
    other = belongings.attach(library.store, library.path, work, odd)
    assert other.name.endswith("-2.pdf")


def test_a_file_that_is_linked_stays_where_it_is(library: Library, paper: Path) -> None:
    one = library.get("one")
    assert belongings.attach(library.store, library.path, one, paper, link=True) == paper
    assert not files_folder(library.path).exists()
    paper.write_bytes(b"changed")
    assert belongings.states(library.store, library.path)[0].fault is None
    [state] = belongings.states(library.store, library.path, thorough=True)
    assert state.fault == "it was changed since it was attached"
    paper.unlink()
    assert belongings.states(library.store, library.path)[0].fault == "it is not there"


def test_a_file_that_is_taken_off_is_still_there(library: Library, paper: Path) -> None:
    one = library.get("one")
    place = belongings.attach(library.store, library.path, one, paper)
    [row] = library.store.attachments()
    assert belongings.detach(library.store, library.path, one, row.id) == place
    assert place.exists()
    assert library.count("has:file") == 0
    library.undo()
    assert library.store.attachments(one.id) == [row]
    with pytest.raises(NotFoundError, match="has no file 9"):
        belongings.detach(library.store, library.path, one, 9)


def test_what_cannot_be_attached(library: Library, tmp_path: Path) -> None:
    one = library.get("one")
    for path in (tmp_path, tmp_path / "nothing.pdf"):
        with pytest.raises(InputError, match="no file that can be attached"):
            belongings.attach(library.store, library.path, one, path)
    assert library.store.attachments() == []
