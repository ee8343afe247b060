"""Saved searches, and the order of relevance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import NotFoundError, UsageError
from refman.services import searches
from refman.services.library import Library

FILE = """
@article{abs, title={On ferns}, author={Adji, I.}, abstract={Of mosses, mosses and mosses.}}
@article{name, title={On lichens}, author={Mosses, Ada}}
@article{title, title={Mosses}, author={Knuth, Donald}}
@article{none, title={On algae}, author={Smith, J.}}
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        opened.import_text(FILE)
        yield opened
        assert opened.check() == []


def test_the_best_match_comes_first(library: Library) -> None:
    assert [row.citation_key for row in library.ranked("mosses")] == ["title", "name", "abs"]
    assert [row.citation_key for row in library.ranked("mosses", limit=1)] == ["title"]
    newest = [row.citation_key for row in library.rows("")]
    assert [row.citation_key for row in library.ranked("")] == newest
    assert [row.citation_key for row in library.ranked("key:no")] == ["none"]


def test_a_saved_search_is_a_part_of_others(library: Library) -> None:
    library.save_search("green things", "mosses OR algae")
    assert library.count('search:"green things"') == 4
    assert library.count('search:"GREEN things" author:smith') == 1
    assert library.count('-search:"green things"') == 0
    library.save_search("more", '(search:"green things") -algae')
    assert library.count("search:more") == 3
    library.save_search("green things", "algae")
    assert library.count("search:more") == 0
    assert library.saved_searches() == {
        "green things": "algae",
        "more": '(search:"green things") -algae',
    }


def test_searches_come_and_go(library: Library) -> None:
    library.save_search("a", "mosses")
    library.save_search("A", "algae")
    assert library.saved_searches() == {"A": "algae"}
    library.undo()
    assert list(library.saved_searches().values()) == ["mosses"]
    library.save_search("a", None)
    assert library.saved_searches() == {}
    library.undo()
    library.undo()
    assert library.saved_searches() == {}


def test_searches_that_cannot_be(library: Library) -> None:
    with pytest.raises(UsageError, match="means itself"):
        library.save_search("a", "search:a")
    library.save_search("a", "mosses")
    library.save_search("b", "search:a")
    with pytest.raises(UsageError, match="means itself"):
        library.save_search("a", "search:b")
    with pytest.raises(UsageError, match="no saved search 'c'"):
        library.save_search("a", "search:c")
    with pytest.raises(UsageError):
        library.save_search("a", "(mosses")
    with pytest.raises(NotFoundError, match="no saved search 'c'"):
        library.save_search("c", None)
    with pytest.raises(UsageError, match="no saved search 'c'"):
        library.count("search:c")
    assert library.saved_searches() == {"a": "mosses", "b": "search:a"}


def test_another_spelling_is_undone_and_done_again(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db", create=True) as library:
        library.save_search("moss", "title:moss")
        searches.rename(library.store, "moss", "Moss")
        library.undo()
        assert library.saved_searches() == {"moss": "title:moss"}
        library.redo()
        assert library.saved_searches() == {"Moss": "title:moss"}
        library.save_search("MOSS", "title:fern")
        library.undo()
        library.undo(1, partly=True)
        assert library.saved_searches() == {}
