"""Redoing goes back through what was undone, and ends where something new was done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from refman.errors import NotFoundError, UsageError
from refman.model import Description, Origin, OriginKind, Record
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


def _source(library: Library, action: str, name: str, **said: Any) -> int:
    """What a source said of the work `a`, as a change of its own."""
    record = Record(
        description=Description(**said), origin=Origin(kind=OriginKind.SOURCE, name=name)
    )
    with library.store.writing() as writer:
        change = writer.change("source", action, action)
        writer.supersede(change, [(library.get("a").id, record)])
    return change


def test_a_found_doi_goes_only_after_the_enrichment_that_confirmed_it(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text("@article{a, title={A}}")
        search = _source(library, "find-dois", "crossref-search", DOI="10.1000/a")
        enrichment = _source(library, "enrich", "crossref", DOI="10.1000/a", volume="3")
        with pytest.raises(UsageError, match=rf"DOI of a \(change {enrichment}\)"):
            library.undo(search)
        assert library.get("a").description.DOI == "10.1000/a"
        library.undo(enrichment)
        library.undo(search)
        assert library.get("a").description.DOI is None


def test_an_enrichment_goes_from_under_the_users_word_but_not_from_under_a_refresh(
    tmp_path: Path,
) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text("@article{a, title={A}}")
        first = _source(library, "enrich", "crossref", volume="3", issue="1")
        library.edit(library.get("a"), {"volume": "IV"})
        library.undo(first)
        description = library.get("a").description
        assert (description.volume, description.issue) == ("IV", None)
        library.redo()
        again = _source(library, "enrich", "crossref", volume="4", issue="1")
        with pytest.raises(UsageError, match=rf"issue of a \(change {again}\)"):
            library.undo(first)


def test_a_preview_changes_nothing_and_progress_is_told(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.import_text("@article{a, title={A}}\n@article{b, title={B}}")
        preview = library.preview_undo(limit=1)
        assert (preview.change.action, preview.count) == ("import", 2)
        assert [told.citation_key for told in preview.works] == ["a"]
        assert (len(library), len(library.history())) == (2, 1)
        told: list[tuple[int, int]] = []
        library.undo(progress=lambda done, total: told.append((done, total)))
        assert told == [(2, 2)]
