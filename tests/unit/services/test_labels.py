"""Names of tags and collections: renamed, merged, taken away, as a tree, and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from refman.errors import NotFoundError, UsageError
from refman.model import Description, Origin, OriginKind, Record, RecordState
from refman.rules.query import parse
from refman.services import labels
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library
from refman.store.search import compile_query

ORIGIN = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        entries = [
            Record(description=Description(title=key), origin=ORIGIN, citation_key=key)
            for key in "abcdef"
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy()))
        yield opened
        assert opened.check() == []


def _put(library: Library, table: str, name: str, keys: str) -> None:
    library.label(table, name, [library.get(key) for key in keys])


def _keys(library: Library, query: str) -> str:
    return "".join(sorted(row.citation_key for row in library.rows(query)))


def _rename(library: Library, table: str, old: str, new: str) -> list[tuple[str, str | None, bool]]:
    moves = labels.rename_label(library.store, table, old, new)
    return [(move.name, move.to, move.merges) for move in moves]


def test_tags_are_renamed_merged_and_taken_away(library: Library) -> None:
    _put(library, "tags", "Draft", "ab")
    _put(library, "tags", "done", "bc")
    assert _rename(library, "tags", "draft", "DRAFT") == [("Draft", "DRAFT", False)]
    assert library.names("tags") == [("done", 2), ("DRAFT", 2)]
    library.undo()
    assert library.names("tags") == [("done", 2), ("Draft", 2)]
    library.redo()
    library.undo()
    # A deleted work goes along, for it may come back.
    library.delete([library.get("a")])
    assert _rename(library, "tags", "Draft", "done") == [("Draft", "done", True)]
    library.undo(_change(library, "delete"))
    assert _keys(library, "tag:done") == "abc"
    library.undo(_change(library, "tag"))
    assert (_keys(library, "tag:draft"), _keys(library, "tag:done")) == ("ab", "bc")
    [gone] = labels.delete_label(library.store, "tags", "DONE")
    assert (gone.name, gone.works) == ("done", 2)
    assert library.names("tags") == [("Draft", 2)]
    # A name that nothing is under any more is spelt as it is given next.
    assert _rename(library, "tags", "draft", "Done") == [("Draft", "Done", False)]
    assert library.names("tags") == [("Done", 2)]


def _change(library: Library, action: str) -> int:
    return next(row.id for row in library.history() if row.action == action)


def test_names_that_cannot_be(library: Library) -> None:
    _put(library, "tags", "one", "a")
    before = library.history()
    for old, new in (("one", " \x00"), ("one", "one"), ("one", "x" * 501)):
        with pytest.raises(UsageError):
            _rename(library, "tags", old, new)
    with pytest.raises(NotFoundError, match="no tag two") as caught:
        _rename(library, "tags", "two", "three")
    assert caught.value.hint == "`refman tag` lists those that there are."
    labels.rename_label(library.store, "tags", "one", "two", dry_run=True)
    labels.delete_label(library.store, "tags", "one", dry_run=True)
    assert library.history() == before


def test_collections_are_a_tree(library: Library) -> None:
    _put(library, "collections", " Thesis / Chapter 1/", "ab")
    _put(library, "collections", "Thesis/Chapter 2", "bc")
    _put(library, "collections", "Theses", "f")
    tree = [
        (branch.name, branch.label, branch.depth, branch.works, branch.within)
        for branch in labels.collection_tree(library.store)
    ]
    assert tree == [
        ("Theses", "Theses", 0, 1, 1),
        ("Thesis", "Thesis", 0, 0, 3),
        ("Thesis/Chapter 1", "Chapter 1", 1, 2, 2),
        ("Thesis/Chapter 2", "Chapter 2", 1, 2, 2),
    ]
    _put(library, "collections", "thesis", "d")
    assert _keys(library, "collection:Thesis") == "abcd"
    assert _keys(library, "collection:THESIS/") == "d"
    assert _keys(library, "-collection:thesis") == "ef"
    assert _keys(library, 'collection:"thesis/chapter 1" OR collection:theses') == "abf"


def test_a_collection_takes_those_below_it_along(library: Library) -> None:
    _put(library, "collections", "Thesis/Old", "a")
    _put(library, "collections", "Thesis", "b")
    before = library.names("collections")
    # What becomes of one is what the other was.
    assert _rename(library, "collections", "Thesis", "Thesis/Old") == [
        ("Thesis", "Thesis/Old", False),
        ("Thesis/Old", "Thesis/Old/Old", False),
    ]
    assert _keys(library, "collection:Thesis/Old/") == "b"
    assert _rename(library, "collections", "thesis/old", "Book") == [
        ("Thesis/Old", "Book", False),
        ("Thesis/Old/Old", "Book/Old", False),
    ]
    assert _rename(library, "collections", "Book/Old", "Book") == [("Book/Old", "Book", True)]
    assert library.names("collections") == [("Book", 2)]
    for _ in range(3):
        library.undo()
    assert library.names("collections") == before
    assert [move.name for move in labels.delete_label(library.store, "collections", "thesis")] == [
        "Thesis",
        "Thesis/Old",
    ]
    assert library.names("collections") == []
    library.undo()
    assert library.names("collections") == before


def test_a_name_that_went_on_since_stands_in_the_way(library: Library) -> None:
    _put(library, "tags", "one", "ab")
    _rename(library, "tags", "one", "two")
    first = library.history()[0].id
    _put(library, "tags", "two", "c")
    _rename(library, "tags", "two", "three")
    with pytest.raises(UsageError, match=f"the tag two of 2 works .change {first + 2}."):
        library.undo(first)
    library.undo()
    library.undo(first)
    assert (_keys(library, "tag:one"), _keys(library, "tag:two")) == ("ab", "c")
    library.redo()
    assert (_keys(library, "tag:one"), _keys(library, "tag:two")) == ("", "abc")
    library.label("tags", "two", [library.get("a")], on=False)
    with pytest.raises(UsageError, match="the tag two of a "):
        library.undo(first)
    library.undo(first, partly=True)
    assert (_keys(library, "tag:one"), _keys(library, "tag:two")) == ("ab", "c")


def test_what_is_read_carries_a_tag(library: Library) -> None:
    _put(library, "tags", "Read", "ab")
    assert _keys(library, "is:read") == "ab"
    assert _keys(library, "is:unread") == _keys(library, "-is:read") == "cdef"
    assert _keys(library, "is:UNREAD OR title:a") == "acdef"


def test_what_is_proposed_is_found_in_its_index(library: Library) -> None:
    proposal = Record(
        description=Description(volume="4"),
        origin=replace(ORIGIN, kind=OriginKind.USER, name="user"),
        state=RecordState.PROPOSED,
    )
    with library.store.writing() as writer:
        change = writer.change("user", "sync", "a proposal")
        writer.append(change, [(library.get("c").id, proposal)])
    assert (_keys(library, "is:proposed"), _keys(library, "-is:proposed")) == ("c", "abdef")
    for query in ("is:proposed", "-is:proposed"):
        condition = compile_query(parse(query))
        plan = library.store._connection.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM works w WHERE {condition.sql}"
        ).fetchall()
        assert any("records_proposed" in row[-1] for row in plan), plan
    library.undo()
    assert _keys(library, "is:proposed") == ""
