"""Several processes on one library: nobody's work is lost, and what is stale is noticed."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from refman.errors import EditConflict, NotFoundError
from refman.rules.check import Finding, Severity
from refman.services import belongings, duplicates, importing
from refman.services.library import Library
from tests.processes.running import examine, run


def _refman(path: Path, *arguments: str) -> None:
    """What somebody does in another window."""
    command = [sys.executable, "-m", "refman", "--library", str(path), *arguments]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    outcome = run(tmp_path, seconds=1.0, processes=3)
    assert outcome.faults == []
    assert outcome.deeds.total() >= 40
    assert outcome.deeds["edit"]
    assert outcome.changes > 5


def test_what_was_lost_would_be_told(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path, create=True) as library:
        library.import_text("@article{a, title={Of w0x1 and its kin}}")
        work = library.get("a")
        library.edit(work, {"edition": "w0x2"})
    edit = {"deed": "edit", "work": work.id, "field": "edition", "seen": None, "told": None}
    told: list[dict[str, object]] = [
        {**edit, "word": "w0x2"},
        {"deed": "import", "words": ["w0x1"]},
        {**edit, "word": "w0x3"},
        {**edit, "word": "w0x2", "seen": "w0x0"},
        {"deed": "conflict", "word": "w0x2"},
        {"deed": "note", "number": 1, "word": "w0x4"},
        {"deed": "import", "words": ["w0x5"]},
    ]
    assert list(examine(path, told[:2])) == []
    faults = " ".join(examine(path, told))
    for sentence in (
        "an edit was lost", "what nobody had seen", "the history of an edit says",
        "that was refused was saved", "a note was lost", "w0x5 of an import was lost",
    ):  # fmt: skip
        assert sentence in faults


def test_what_another_process_did_since_is_noticed_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path, create=True) as library:
        library.import_text("@book{a, title={Of mosses}, volume={1}}\n@book{b, title={Of ferns}}")
        seen, other = library.get("a"), library.get("b")
        _refman(path, "edit", "a", "--set", "volume=2")
        with pytest.raises(EditConflict, match="volume is 2"):
            library.edit(seen, {"volume": "3", "edition": "2"})
        assert library.get("a").description.edition is None
        library.edit(seen, {"edition": "2"})
        library.edit(seen, {"volume": "2"})
        _refman(path, "delete", "b", "--yes")
        before = len(library.history())
        with pytest.raises(NotFoundError):
            library.edit(other, {"edition": "2"})
        with pytest.raises(NotFoundError):
            belongings.add_note(library.store, other, "Read.")
        for pair in ([seen, other], [other, seen]):
            with pytest.raises(NotFoundError):
                duplicates.merge(library.store, pair, pair[0])
        assert len(library.history()) == before
        assert len(library) == 1


def test_an_import_that_is_undone_while_it_goes_on_ends_as_two_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.db"
    monkeypatch.setattr(importing, "BATCH", 5)
    with Library(path, create=True) as library, Library(path) as other:
        text = "\n".join(f"@book{{b{n}, title={{Of moss number {n}}}}}" for n in range(20))
        items = iter(library.import_stream(io.BytesIO(text.encode()), "moss.bib"))
        next(items)
        first = other.history()[0]
        other.undo(first.id)
        list(items)
        rest = library.history()[0]
        assert (rest.action, rest.undone_by, library.check()) == ("import", None, [])
        assert 0 < len(library) < 20
        library.undo(rest.id)
        assert len(library) == 0
        library.redo()
        library.undo(library.store.change_row(first.id).undone_by)
        assert (len(library), library.check()) == (20, [])


def test_mending_leaves_alone_what_was_changed_or_deleted_since(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path, create=True) as library:
        entry = "@book{{{0}, title={{Of mosses and {0}}}, isbn={{978-0-201-13448-{1}}}}}"
        library.import_text("\n".join(entry.format(key, "3") for key in "abc"))
        right = ("0201134489",)
        found = [
            (work, Finding("ISBN", "malformed", "", Severity.INFO, fix=right))
            for work in library.search()
        ]
        _refman(path, "edit", "a", "--set", "ISBN=9780262033848")
        _refman(path, "delete", "b", "--yes")
        assert library.fix(found) == 1
        assert library.get("a").description.ISBN == ("9780262033848",)
        assert set(library.get("c").description.ISBN) == set(right)
        assert library.find("b") is None
        assert library.check() == []
