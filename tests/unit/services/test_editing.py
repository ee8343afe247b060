"""Changing works by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from refman.errors import EditConflict, NotFoundError, UsageError
from refman.model import (
    DATE_FIELDS,
    FIELDS,
    NAME_FIELDS,
    TEXT_FIELDS,
    Date,
    Description,
    Extra,
    Name,
    Origin,
    OriginKind,
    Record,
    Work,
    stated,
)
from refman.services import editing
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library
from tests import strategies

DESCRIPTION = Description(
    type="article-journal",
    title="A title",
    author=(Name("Dwi", "Rizkika"), Name(literal="World Bank"), Name("Suharto")),
    issued=Date(2021, 8),
    keyword=("a b", "c"),
    abstract="One.\n\nTwo.",
    extra=(Extra("ris", "XX", "kept"),),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")
        entries = [
            Record(description=DESCRIPTION, origin=origin, citation_key="one"),
            Record(
                description=Description(title="Quite another"), origin=origin, citation_key="two"
            ),
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy()))
        yield opened
        assert opened.store.check() == []


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("title", "title"),
        ("Container-Title", "container_title"),
        ("journal", "container_title"),
        ("YEAR", "issued"),
        ("doi", "DOI"),
        ("isbn", "ISBN"),
        ("pages", "page"),
        (" keywords ", "keyword"),
    ],
)
def test_names_of_fields(name: str, field: str) -> None:
    assert editing.field_named(name) == field


@pytest.mark.parametrize("name", ["colour", "", "extra", "updates", "relations", "id"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError, match="There is no field"):
        editing.field_named(name)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("title", "  Élan\x1b[31m\x07 vital ", "Élan[31m vital"),
        (
            "author",
            "Dwi, Rizkika; World Bank;;",
            (Name("Dwi", "Rizkika"), Name(literal="World Bank")),
        ),
        (
            "author",
            "van Beethoven, Ludwig",
            (Name("Beethoven", "Ludwig", non_dropping_particle="van"),),
        ),
        ("keyword", "a b ; c;", ("a b", "c")),
        ("issued", "2021-08-15", Date(2021, 8, 15)),
        ("issued", "2021-21", Date(2021, season=1)),
        ("DOI", "https://doi.org/10.1000/X", "10.1000/X"),
        ("type", "book", "book"),
        ("abstract", "a\nb", "a\nb"),
        ("page", "1--9", "1-9"),
        ("page", "S12 – S15", "S12-S15"),
        ("volume", "3–4", "3-4"),
        ("title", "A – B -- C", "A – B -- C"),
    ],
)
def test_values_as_people_write_them(field: str, text: str, value: Any) -> None:
    assert editing.value_from_text(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("issued", "soon"),
        ("issued", "2021-13-01"),
        ("type", "paper"),
        ("DOI", "x"),
        ("DOI", "11.1/x"),
    ],
)
def test_values_that_a_field_cannot_hold(field: str, text: str) -> None:
    with pytest.raises(UsageError):
        editing.value_from_text(field, text)


def test_an_edit_outranks_and_is_told(library: Library) -> None:
    work = library.get("one")
    changed = library.edit(work, {"journal": "Mine", "year": "2020"}, clear=["keywords"])
    assert changed == {
        "container_title": (None, "Mine"),
        "issued": (Date(2021, 8), Date(2020)),
        "keyword": (("a b", "c"), ()),
    } or set(changed) == {"container_title", "issued", "keyword"}
    work = library.get("one")
    assert work.description.container_title == "Mine"
    assert work.description.issued == Date(2020)
    assert work.description.keyword == ()
    assert work.description.extra == DESCRIPTION.extra
    [change, _] = library.history()
    assert change.actor == "user"
    assert change.summary.startswith("edit of one: ")
    assert library.claims(work)["issued"][0].record.origin.kind is OriginKind.USER


def test_an_edit_that_changes_nothing_leaves_no_trace(library: Library) -> None:
    assert library.edit(library.get("one"), {"title": "A title"}) == {}
    assert library.edit(library.get("one"), {"title": ""}, clear=["volume"]) != {}
    assert len(library.history()) == 2
    with pytest.raises(UsageError, match="set and unset"):
        library.edit(library.get("one"), {"volume": "1"}, clear=["volume"])


def test_the_newest_edit_counts(library: Library) -> None:
    library.edit(library.get("one"), {"title": "First"})
    library.edit(library.get("one"), {"title": "Second"})
    assert library.get("one").description.title == "Second"
    library.edit(library.get("one"), {}, clear=["title"])
    assert library.get("one").description.title is None
    library.undo()
    library.undo()
    assert library.get("one").description.title == "First"


def test_what_is_gone_cannot_be_edited(library: Library) -> None:
    work = library.get("one")
    library.delete([work])
    with pytest.raises(NotFoundError):
        library.edit(work, {"title": "x"})
    with pytest.raises(NotFoundError):
        library.rename(work, "other")
    assert library.delete([work]) == 0
    assert library.delete([]) == 0
    assert len(library.history()) == 2


def test_renaming(library: Library) -> None:
    library.rename(library.get("one"), "ONE")
    assert library.get("one").citation_key == "ONE"
    assert library.get("one").aliases == ()
    library.rename(library.get("one"), "third")
    assert library.get("One").citation_key == "third"
    assert library.get("third").aliases == ("ONE",)
    with pytest.raises(UsageError, match="belongs to another"):
        library.rename(library.get("two"), "one")
    with pytest.raises(UsageError, match="cannot be a citation key"):
        library.rename(library.get("two"), "a{b")
    library.rename(library.get("two"), "two")
    library.rename(library.get("third"), "one")
    assert library.get("third").citation_key == "one"
    assert library.count("key:thi") == 1


def test_labels(library: Library) -> None:
    works = list(library.search())
    assert library.label("tags", "  to \x07 read ", works) == 2
    assert library.store.names("tags") == [("to read", 2)]
    assert library.label("tags", "TO READ", works) == 0, "case makes no other tag"
    assert library.label("tags", "to read", works[:1], on=False) == 1
    assert library.label("tags", "unknown", works, on=False) == 0
    assert library.label("collections", "Thesis", []) == 0
    assert [change.action for change in library.history()] == ["tag", "tag", "import"]
    with pytest.raises(UsageError):
        library.label("tags", "\x07", works)


def test_undo_without_anything_to_undo(tmp_path: Path) -> None:
    with Library(tmp_path / "empty.db", create=True) as empty:
        with pytest.raises(NotFoundError, match="nothing to undo"):
            empty.undo()
        with pytest.raises(NotFoundError, match="no change 7"):
            empty.undo(7)


# The form


def test_a_form_that_is_left_as_it_is_changes_nothing(library: Library) -> None:
    work = library.get("one")
    form = editing.form_from_work(work)
    assert "author: Dwi, Rizkika; World Bank; Suharto,\n" in form
    assert editing.changes_from_form(work, form) == ({}, set())


def test_changes_in_a_form(library: Library) -> None:
    work = library.get("one")
    form = editing.form_from_work(work).replace("A title", "Another")
    form = "\n".join(line for line in form.splitlines() if not line.startswith("keyword:"))
    form += "\nvolume: 4\nabstract: new\n    more\n\n# a comment\n"
    changes, gone = editing.changes_from_form(work, form)
    assert changes == {"title": "Another", "volume": "4", "abstract": "new\nmore"}
    assert gone == {"keyword"}
    with pytest.raises(UsageError, match="Line 1 is no field"):
        editing.changes_from_form(work, "nonsense")
    with pytest.raises(UsageError, match="no field 'colour'"):
        editing.changes_from_form(work, "colour: red")


@settings(max_examples=100, deadline=None)
@given(strategies.descriptions())
def test_any_work_makes_a_form_that_changes_nothing(description: Description) -> None:
    plain: dict[str, Any] = {
        field: value.replace("\n", " ").replace("\r", " ").strip() or "x"
        for field, value in stated(description)
        if field in TEXT_FIELDS
    }
    work = Work(id=1, citation_key="k", description=Description(**plain))
    assert editing.changes_from_form(work, editing.form_from_work(work)) == ({}, set())


@pytest.mark.parametrize("field", [f for f in FIELDS if f in DATE_FIELDS | NAME_FIELDS])
def test_values_shown_can_be_written_again(field: str) -> None:
    values: list[Any] = [Date(2021), Date(2021, 8), Date(2021, season=2), Date(1850, circa=True)]
    if field in NAME_FIELDS:
        values = [
            (Name("Dwi", "Rizkika"),),
            (Name(literal="World Bank"), Name("Suharto")),
            (Name("Beethoven", "Ludwig", non_dropping_particle="van"),),
        ]
    for value in values:
        assert editing.value_from_text(field, editing.text_from_value(field, value)) == value


def test_an_edit_of_what_was_changed_meanwhile_is_noticed(library: Library) -> None:
    seen = library.get("one")
    with Library(library.path) as other:
        other.edit(other.get("one"), {"title": "Theirs", "volume": "3"})
    with pytest.raises(EditConflict, match="one was changed meanwhile: title is Theirs") as caught:
        library.edit(seen, {"title": "Mine", "issue": "2"})
    assert "Nothing was saved" in (caught.value.hint or "")
    assert library.get("one").description.issue is None
    # Other fields, and the same value, are no conflict.
    library.edit(seen, {"title": "Theirs", "issue": "2"})
    with pytest.raises(EditConflict, match="volume is 3"):
        library.edit(seen, {}, ["volume"])
    said = library.get("one").description
    assert (said.title, said.volume, said.issue) == ("Theirs", "3", "2")
