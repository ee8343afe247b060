"""Changing many works in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refman.errors import UsageError
from refman.model import Date, Description, Name, Origin, OriginKind, Record
from refman.rules.query import parse
from refman.services import bulk_editing
from refman.services.bulk_editing import BulkResult, Replacement, WorkEdit, bulk_edit
from refman.services.importing import ImportPolicy, import_entries
from refman.services.library import Library

NOW = "2030-01-01T00:00:00Z"
DWI = Name("Dwi", "R.", ORCID="0000-0002-1825-0097", affiliation=("UNIDA",))
SAID = {
    "one": Description(
        title="On moss; mosses", author=(DWI, Name("Adji", "N.")), keyword=("moss", "fern; moss")
    ),
    "two": Description(title="On ferns", issued=Date.parse("2021"), container_title="J. Moss"),
    "three": Description(title="On moss", container_title="Moss", volume="4"),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True) as opened:
        origin = Origin(kind=OriginKind.IMPORT, name="ris", location="x:1")
        entries = [
            Record(description=said, origin=origin, citation_key=key) for key, said in SAID.items()
        ]
        list(import_entries(opened.store, entries, "x", ImportPolicy()))
        yield opened
        assert opened.check() == []


def _replacing(field: str, old: str, new: str, *, whole: bool = False) -> bulk_editing.BulkEdit:
    return bulk_edit({}, (), [Replacement(field, old, new, whole)])


def _edit(
    library: Library, wanted: bulk_editing.BulkEdit, query: str = "", **options: object
) -> tuple[BulkResult, list[WorkEdit]]:
    told: list[WorkEdit] = []
    result = bulk_editing.apply(
        library.store, parse(query), wanted, NOW, tell=told.append,
        **options,  # type: ignore[arg-type]
    )  # fmt: skip
    return result, told


def test_fields_of_all_that_is_found_are_set_and_cleared_as_one_change(library: Library) -> None:
    wanted = bulk_edit({"language": "en", "volume": "4"}, ["journal"])
    shown = list(library.preview_edit("moss", wanted))
    assert library.history()[0].action == "import"
    result, told = _edit(library, wanted, "moss")
    assert told == shown
    assert (result.changed, result.unchanged, result.failed) == (3, 0, 0)
    assert library.get("three").description == Description(
        title="On moss", volume="4", language="en"
    )
    assert library.history()[0].summary == "edit of 3 works: container_title, language, volume"
    again, told = _edit(library, wanted)
    assert (again.changed, again.unchanged, again.change, told) == (0, 3, None, [])
    library.undo()
    assert {key: library.get(key).description for key in SAID} == SAID


def test_a_text_takes_another_s_place(library: Library) -> None:
    _edit(library, _replacing("title", "moss", "MOSS"))
    assert library.get("one").description.title == "On MOSS; MOSSes"
    _edit(library, _replacing("journal", "Moss", "Mosses", whole=True))
    assert library.get("two").description.container_title == "J. Moss"
    assert library.get("three").description.container_title == "Mosses"
    _edit(library, _replacing("keywords", "moss", "", whole=True))
    assert library.get("one").description.keyword == ("fern; moss",)
    _edit(library, _replacing("keywords", "fern; moss", "", whole=True))
    assert library.get("one").description.keyword == ()
    _edit(library, _replacing("volume", "4", ""))
    assert library.get("three").description.volume is None
    _edit(library, _replacing("date", "2021", "2021-08"))
    assert library.get("two").description.issued == Date.parse("2021-08")


def test_who_is_spelt_anew_is_still_the_same_person(library: Library) -> None:
    _edit(library, _replacing("author", "Dwi, R.", "Dwi, Rizkika"))
    dwi, adji = library.get("one").description.author
    assert (dwi.given, dwi.ORCID, dwi.affiliation) == ("Rizkika", DWI.ORCID, DWI.affiliation)
    assert adji == Name("Adji", "N.")
    _edit(library, _replacing("author", "Adji, N.", "", whole=True))
    assert library.get("one").description.author == (dwi,)


def test_what_a_field_cannot_hold_is_told_work_by_work(library: Library) -> None:
    result, told = _edit(library, _replacing("issued", "2021", "once"))
    assert (result.changed, result.unchanged, result.failed) == (0, 2, 1)
    assert [(edit.citation_key, edit.fault) for edit in told] == [
        ("two", "'once' is no date for issued")
    ]
    for changes, clear, replacements in (
        ({"nonsense": "x"}, (), ()),
        ({"issued": "once"}, (), ()),
        ({"title": "x"}, ("title",), ()),
        ({"title": "x"}, (), (Replacement("title", "a", "b"),)),
        ({}, ("title",), (Replacement("title", "a", "b"),)),
        ({}, (), (Replacement("title", "", "b"),)),
    ):
        with pytest.raises(UsageError):
            bulk_edit(changes, clear, replacements)


def test_what_changed_since_it_was_looked_at_is_left_alone(library: Library) -> None:
    wanted = bulk_edit({"title": "New", "language": "en"}, ())
    seen = {
        edit.work_id: bulk_editing.fingerprint(edit)
        for edit in library.preview_edit([library.get(key).id for key in SAID], wanted)
    }
    library.edit(library.get("two"), {"title": "Somebody's"})
    result, told = _edit(library, wanted, seen=seen)
    assert (result.changed, result.failed) == (2, 1)
    [fault] = [edit for edit in told if edit.fault]
    assert (fault.citation_key, fault.changed) == ("two", {})
    assert fault.fault == "it was changed meanwhile, and is left as it is (title, language)"
    assert library.get("two").description.title == "Somebody's"
    assert library.get("one").description.title == "New"


def test_what_is_undone_in_the_middle_stays_undone(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_editing, "_BATCH", 1)
    undone: list[int] = []

    def undoing(_: int) -> None:
        if not undone:
            undone.append(library.undo().id)

    chosen = [library.get(key).id for key in SAID]
    wanted = bulk_edit({"language": "en"}, ())
    result = bulk_editing.apply(library.store, chosen, wanted, NOW, progress=undoing)
    assert [library.get(key).description.language for key in SAID] == [None, "en", "en"]
    assert result.change not in (None, *undone)
    library.undo()
    assert {key: library.get(key).description for key in SAID} == SAID
