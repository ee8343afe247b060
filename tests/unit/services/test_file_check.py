"""Looking after attached files: checked, found again, cleared up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import InputError
from refman.services import belongings, file_check, file_places
from refman.services.belongings import Keeping
from refman.services.file_check import FileProblem
from refman.services.file_places import plain_name
from refman.services.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "home"
    folder.mkdir()
    with Library(folder / "library.db", create=True) as opened:
        opened.import_text("@article{one, title={Mosses}}\n@article{two, title={Ferns}}\n")
        yield opened
        assert opened.check() == []


def _file(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def _attach(
    library: Library, key: str, *paths: Path, keeping: Keeping = Keeping.COPY
) -> list[Path]:
    work = library.get(key)
    return belongings.attach_all(library.store, library.path, work, paths, keeping)


def _findings(library: Library) -> list[tuple[FileProblem, str, str | None]]:
    return [(found.problem, found.path.name, found.citation_key) for found in library.files.check()]


def test_the_same_contents_are_kept_once(library: Library, tmp_path: Path) -> None:
    paths = [_file(tmp_path, name, "same") for name in ("a.pdf", "b.pdf")]
    place, again = _attach(library, "one", *paths)
    assert place == again == library.path.with_name("library-files") / "one" / "a.pdf"
    assert _attach(library, "two", paths[1], keeping=Keeping.MOVE) == [place]
    assert not paths[1].exists()
    assert list(file_places.files_in(place.parent.parent)) == [place]
    # Where the copy that is known was damaged, it is not relied on.
    place.write_text("damaged")
    library.undo()
    [other] = _attach(library, "two", paths[0])
    assert other.read_text() == "same"
    # Moving what is where it belongs already takes nothing away.
    assert _attach(library, "two", other, keeping=Keeping.MOVE) == [other]
    assert other.exists()


def test_all_are_attached_or_none(library: Library, tmp_path: Path) -> None:
    good = _file(tmp_path, "a.pdf", "x")
    with pytest.raises(InputError, match="no file that can be attached"):
        _attach(library, "one", good, tmp_path / "nothing")
    work = library.get("one")
    library.delete([work])
    with pytest.raises(Exception, match="no longer in the library"):
        belongings.attach_all(library.store, library.path, work, [good])
    assert list(file_places.files_in(library.path.with_name("library-files"))) == []
    assert library.history()[0].action == "delete"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "_._etc_passwd"),
        ("a\x1b[31m\n\u202efdp.exe", "a_[31m_fdp.exe"),
        ("CON.pdf", "_CON.pdf"),
        ("com1", "_com1"),
        ("console.pdf", "console.pdf"),
        ("..", ""),
        ("a\udcff.txt", "a_.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("漢" * 110 + ".pdf", "漢" * 65 + ".pdf"),
        ("name. . .pdf", "name.pdf"),
    ],
)
def test_names_that_every_system_takes(name: str, plain: str) -> None:
    assert plain_name(name) == plain
    assert len(plain.encode()) <= 200


def test_a_name_that_is_no_text_can_be_copied_and_not_linked(
    library: Library, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        odd.write_text("x")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    with pytest.raises(InputError, match="no text"):
        _attach(library, "one", odd, keeping=Keeping.LINK)
    [place] = _attach(library, "one", odd)
    assert place.name == "caf_.txt"


def test_what_is_wrong_is_told(library: Library, tmp_path: Path) -> None:
    kept, gone = _attach(
        library, "one", _file(tmp_path, "kept.pdf", "1"), _file(tmp_path, "gone.pdf", "2")
    )
    assert _findings(library) == []
    kept.write_text("other")
    gone.unlink()
    _file(kept.parent, "stray.txt", "3")
    unfinished = _file(kept.parent, ".refman-abc", "4")
    with library.store.writing() as writer:
        change = writer.change("user", "attach", "from elsewhere")
        writer.attach(change, library.get("two").id, "../../etc/passwd", None, None)
    assert _findings(library) == [
        (FileProblem.CHANGED, "kept.pdf", "one"),
        (FileProblem.MISSING, "gone.pdf", "one"),
        (FileProblem.OUTSIDE, "passwd", "two"),
        (FileProblem.STRAY, "stray.txt", None),
    ]
    os.utime(unfinished, (0, 0))
    assert (FileProblem.STRAY, ".refman-abc", None) in _findings(library)


def test_missing_files_are_found_by_what_is_in_them(library: Library, tmp_path: Path) -> None:
    copied, renamed = _attach(
        library, "one", _file(tmp_path, "a.pdf", "1"), _file(tmp_path, "b.pdf", "2")
    )
    [linked] = _attach(library, "two", _file(tmp_path, "c.pdf", "3"), keeping=Keeping.LINK)
    [lost] = _attach(library, "two", _file(tmp_path, "d.pdf", "4"))
    elsewhere = tmp_path / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    copied.rename(elsewhere / "x.bin")
    renamed.rename(renamed.with_name("better name.pdf"))
    linked.rename(elsewhere / "c.pdf")
    lost.unlink()
    (tmp_path / "d.pdf").unlink()
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).unlink()
    before = library.store.attachments()
    would = library.files.relink(tmp_path, dry_run=True)
    assert library.store.attachments() == before
    result = library.files.relink(tmp_path)
    assert result == would
    assert [path for _, path in result.lost] == [lost]
    assert [each.place for each in result.found] == [
        copied,
        renamed.with_name("better name.pdf"),
        elsewhere / "c.pdf",
    ]
    assert copied.read_text() == "1"
    assert _findings(library) == [(FileProblem.MISSING, "d.pdf", "two")]
    library.undo()
    assert library.store.attachments() == before
    with pytest.raises(InputError, match="no folder"):
        library.files.relink(tmp_path / "nowhere")


def test_what_an_undo_may_need_is_kept(library: Library, tmp_path: Path) -> None:
    [place] = _attach(library, "one", _file(tmp_path, "a.pdf", "1"))
    [other] = _attach(library, "two", _file(tmp_path, "b.pdf", "2"))
    stray = _file(place.parent / "below", "stray.txt", "3")
    [row] = library.store.attachments(library.get("one").id)
    library.files.detach(library.get("one"), row.id)
    library.delete([library.get("two")])
    store, path = library.store, library.path
    assert file_check.prune(store, path) == [stray]
    assert not stray.parent.exists()
    assert place.exists()
    assert other.exists()
    twin = path.with_suffix(".sqlite")
    twin.write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="may have files in the same folder"):
        file_check.prune(store, path, undoable=True)
    twin.unlink()
    assert file_check.prune(store, path, undoable=True) == [place, other]
    assert not place.parent.exists()
    library.undo()
    assert _findings(library) == [(FileProblem.MISSING, "b.pdf", "two")]
