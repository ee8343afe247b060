"""Works made one, taken apart again, and kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refman.errors import UsageError
from refman.model import (
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
    Work,
)
from refman.services import duplicates
from refman.services.importing import ImportPolicy, OnDuplicate, import_entries
from refman.services.library import Library


def record(key: str, **said: Any) -> Record:
    description = Description(
        title="On mosses of the north", author=(Name("Adji", "Iwan"),), **said
    )
    origin = Origin(kind=OriginKind.IMPORT, name="ris", location=f"{key}:1")
    return Record(description=description, origin=origin, citation_key=key)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        entries = [
            record("one", volume="3"),
            record("two", publisher="Springer", DOI="10.1000/two"),
            record("three", abstract="Of mosses."),
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy(on_duplicate=OnDuplicate.ADD)))
        yield opened
        assert opened.check() == []


def state(library: Library) -> list[Work]:
    return sorted(library.search(), key=lambda work: work.id)


def merge(library: Library, into: str, *others: str) -> int:
    works = [library.get(key) for key in others]
    return duplicates.merge(library.store, works, library.get(into))


def test_all_that_was_said_and_put_on_is_kept(library: Library) -> None:
    library.label("tags", "wet", [library.get("two")])
    library.label("collections", "thesis", [library.get("one"), library.get("three")])
    merge(library, "one", "two", "three")
    work = library.get("one")
    assert len(library) == 1
    said = work.description
    assert (said.volume, said.publisher, said.DOI) == ("3", "Springer", "10.1000/two")
    assert said.abstract == "Of mosses."
    assert (work.tags, work.collections) == (("wet",), ("thesis",))
    assert set(work.aliases) == {"two", "three"}
    assert library.get("TWO").id == library.get("10.1000/two").id == work.id
    assert [row.citation_key for row in library.rows("springer mosses")] == ["one"]
    assert "merge of two, three into one" in library.history(work)[0].summary


def test_undone_it_is_as_it_was_and_done_again_as_it_became(library: Library) -> None:
    library.label("tags", "wet", [library.get("two")])
    library.rename(library.get("three"), "third")
    before = state(library)
    merge(library, "two", "one", "third")
    after = state(library)
    undone = library.undo()
    assert [w.description for w in state(library)] == [w.description for w in before]
    assert [(w.citation_key, w.aliases, w.tags) for w in state(library)] == [
        (w.citation_key, w.aliases, w.tags) for w in before
    ]
    library.undo(undone.undone_by)
    assert [(w.citation_key, w.aliases, w.tags, w.description) for w in state(library)] == [
        (w.citation_key, w.aliases, w.tags, w.description) for w in after
    ]


def test_what_was_merged_further_is_taken_back_in_order(library: Library) -> None:
    first = merge(library, "two", "one")
    second = merge(library, "three", "two")
    with pytest.raises(UsageError, match="merged again"):
        library.undo(first)
    library.undo(second)
    library.undo(first)
    assert len(library) == 3


def test_edits_from_before_and_after_are_undone_in_any_order(library: Library) -> None:
    library.edit(library.get("two"), {"publisher": "Wiley"})
    edited = library.history()[0].id
    library.delete([library.get("three")])
    deleted = library.history()[0].id
    merged = merge(library, "one", "two")
    assert library.get("one").description.publisher == "Wiley"
    library.undo(edited)
    assert library.get("one").description.publisher == "Springer"
    library.edit(library.get("one"), {"volume": "4"})
    library.undo(deleted)
    assert library.get("three").description.abstract == "Of mosses."
    library.undo(merged)
    assert library.get("two").description.publisher == "Springer"
    assert library.get("one").description.volume == "4"


def test_a_work_is_as_far_enriched_as_one_of_them_was(library: Library) -> None:
    two = library.get("two")
    with library.store.writing() as writer:
        writer.set_enrichment([two.id], EnrichmentStatus.ENRICHED, "crossref")
    merge(library, "one", "two")
    assert library.get("one").enrichment is EnrichmentStatus.ENRICHED
    library.undo()
    assert library.get("one").enrichment is None
    assert library.get("two").enrichment is EnrichmentStatus.ENRICHED


def test_one_work_cannot_be_merged(library: Library) -> None:
    with pytest.raises(UsageError, match="cannot be merged"):
        merge(library, "one", "one")
    with pytest.raises(UsageError, match="cannot be merged"):
        library.merge([])
    assert len(library.history()) == 1


def test_those_kept_apart_are_no_duplicates_any_more(library: Library) -> None:
    [group] = duplicates.find(library.store).groups
    assert len(group.works) == 3
    one, two, three = state(library)
    assert duplicates.keep_apart(library.store, [one, two, three]) == 3
    assert duplicates.keep_apart(library.store, [one, two]) == 0
    assert duplicates.find(library.store).groups == []
    library.undo()
    assert len(duplicates.find(library.store).groups) == 1


def test_a_hundred_copies_are_one_group(tmp_path: Path) -> None:
    with Library(tmp_path / "copies.db", create=True) as library:
        entries = [record(f"copy{number}", DOI="10.1000/same") for number in range(100)]
        policy = ImportPolicy(on_duplicate=OnDuplicate.ADD)
        list(import_entries(library.store, entries, "x", policy))
        [group] = duplicates.find(library.store).groups
        assert len(group.works) == 100
        assert duplicates.merge_groups(library.store, [group]) == 99
        assert len(library) == 1
        assert library.check() == []


def test_a_merge_done_again_gives_no_key_to_a_work_that_is_gone(library: Library) -> None:
    one, two = library.get("one"), library.get("two")
    change = library.merge([one, two])
    undone = library.undo(change).undone_by
    library.delete([one, two])
    library.undo(undone, partly=True)
    assert library.store.find("two") is None
    assert library.check() == []
