"""Redoing goes back through what was undone, and ends where something new was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.errors import NotFoundError
from refman.services import redoing
from refman.services.library import Library


def test_undone_changes_are_done_again_in_their_order(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text("@article{a, title={A}}")
        for number in "123":
            library.edit(library.get("a"), {"volume": number})

        def volume() -> str | None:
            return library.get("a").description.volume

        with pytest.raises(NotFoundError):
            redoing.redo(library.store)
        library.undo()
        library.undo()
        assert volume() == "1"
        assert redoing.redo(library.store).summary == "edit of a: volume"
        assert volume() == "2"
        library.undo()
        redoing.redo(library.store)
        redoing.redo(library.store)
        assert volume() == "3"
        with pytest.raises(NotFoundError):
            redoing.redo(library.store)


def test_something_new_ends_it_also_when_that_is_undone_and_done_again(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text("@article{a, title={A}}")
        library.edit(library.get("a"), {"volume": "1"})
        library.undo()
        library.edit(library.get("a"), {"page": "7"})
        with pytest.raises(NotFoundError):
            redoing.redo(library.store)
        library.undo()
        redoing.redo(library.store)
        assert library.get("a").description.page == "7"
        with pytest.raises(NotFoundError):
            redoing.redo(library.store)
        assert library.get("a").description.volume is None
