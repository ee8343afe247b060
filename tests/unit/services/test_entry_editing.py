"""Works edited as BibTeX or CSL-JSON, and works that somebody describes by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refman.errors import EditConflict, UsageError
from refman.model import Date, Description, Extra, Name, Origin, OriginKind, Record, Work
from refman.services import creating, editing, importing
from refman.services.editing import Revision
from refman.services.entry_editing import entry_text, revision_from_entry
from refman.services.library import Library

NOW = "2026-11-01T12:00:00Z"
ANNA = Name(family="Dijk", given="Anna", non_dropping_particle="van",
            ORCID="0000-0002-1825-0097", affiliation=("Sea Institute",))  # fmt: skip
SAID = Description(
    type="article-journal",
    title="Growth of <i>E. coli</i>, <sup>2</sup>",
    author=(ANNA, Name(literal="The Growers")),
    container_title="Journal of Marine Things",
    issued=Date(2019, 4, 2),
    available_date=Date(2018),
    volume="12",
    DOI="10.5555/coli.1",
    keyword=("sea", "growth"),
    extra=(Extra("crossref", "funder", "Somebody"),),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db", create=True, clock=lambda: NOW) as library:
        origin = Origin(kind=OriginKind.IMPORT, name="ris", location="a.ris:1")
        entry = Record(description=SAID, origin=origin, citation_key="dijk")
        list(importing.import_entries(library.store, [entry], "a.ris", importing.ImportPolicy()))
        yield library


def edited(work: Work, change: Callable[[str], str], format_name: str = "bibtex") -> Revision:
    text = entry_text(work, format_name)
    return revision_from_entry(work, text, change(text), format_name)


@pytest.mark.parametrize("format_name", ["bibtex", "biblatex", "csl-json", "ris"])
def test_a_text_that_nobody_changed_changes_nothing(library: Library, format_name: str) -> None:
    assert not edited(library.get("dijk"), lambda text: text, format_name)


def test_only_what_was_changed_becomes_an_edit_and_nothing_else_is_lost(library: Library) -> None:
    work = library.get("dijk")
    revision = edited(
        work,
        lambda text: (
            text.replace("dijk,", "anna2019,", 1)
            .replace("{12}", "{13}")
            .replace("{The Growers}", "Melville, Herman")
            .replace("  keywords = {sea, growth}", "  shelf = {B12}")
        ),
    )
    changed = editing.revise(library.store, work, revision, NOW)
    now = library.get("anna2019").description
    assert set(changed) == {"volume", "author", "keyword", "extra"}
    assert (now.volume, now.keyword) == ("13", ())
    assert now.author == (ANNA, Name(family="Melville", given="Herman")), "with her ORCID"
    assert now.extra == (*SAID.extra, Extra("bibtex", "shelf", "B12"))
    assert (now.issued, now.available_date, now.title) == (
        SAID.issued, SAID.available_date, SAID.title,
    )  # fmt: skip
    assert library.get("dijk").citation_key == "anna2019", "the old key still finds it"
    library.undo()
    assert library.get("dijk").description == SAID
    assert library.get("dijk").citation_key == "dijk", "one change, with the key"


def test_what_a_format_says_in_other_words_is_no_edit(library: Library) -> None:
    library.edit(library.get("dijk"), {"type": "periodical"})
    text = entry_text(library.get("dijk"), "bibtex")
    assert "howpublished = {Journal of Marine Things, 12}" in text
    revision = edited(library.get("dijk"), lambda text: text.replace("= {12}", "= {13}"))
    assert revision.values == {"volume": "13"}


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        (lambda text: "", "no entry"),
        (lambda text: text + text.replace("dijk", "other"), "2 entries"),
        (lambda text: text.rstrip()[:-1], "line 1: a brace"),
    ],
)
def test_a_text_that_is_not_one_entry_is_refused(
    library: Library, spoilt: Callable[[str], str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        edited(library.get("dijk"), spoilt)


def test_a_value_that_a_machine_gave_can_be_taken_over(library: Library) -> None:
    work = library.get("dijk")
    same = Revision({"volume": "12"})
    assert editing.revise(library.store, work, same, NOW) == {}
    assert len(library.history()) == 1, "nothing was written"
    editing.revise(library.store, work, Revision({"volume": "12"}, taken_over=True), NOW)
    assert library.claims(library.get("dijk"))["volume"][0].rank == "user"
    assert library.history()[0].summary == "edit of dijk: volume"
    editing.revise(library.store, work, Revision({"volume": "12"}, taken_over=True), NOW)
    assert len(library.history()) == 2, "it was the user's already"


def test_a_revision_of_what_has_changed_meanwhile_changes_nothing(library: Library) -> None:
    work = library.get("dijk")
    library.edit(work, {"volume": "99"})
    with pytest.raises(EditConflict, match="volume is 99"):
        editing.revise(library.store, work, Revision({"volume": "13"}, key="new"), NOW)
    with pytest.raises(UsageError, match="cannot be a citation key"):
        editing.revise(library.store, work, Revision({"issue": "1"}, key="a b"), NOW)
    assert library.get("dijk").description.issue is None


def test_a_work_is_described_by_hand_under_a_key_of_its_own(library: Library) -> None:
    said = {
        "type": "book",
        "title": "A long history of seals",
        "author": (Name("Dwi", "A."),),
        "volume": "",
    }
    assert creating.known_as(library.store, said, NOW) is None
    _, key = creating.create(library.store, said, NOW, template="auth.lower + year")
    assert key == "dwi"
    assert library.get("dwi").description.title == "A long history of seals"
    assert library.claims(library.get("dwi"))["title"][0].rank == "user"
    assert creating.known_as(library.store, said, NOW) == "already there as dwi"
    same = {"title": "Growth", "DOI": "10.5555/COLI.1"}
    assert creating.known_as(library.store, same, NOW) == "same work as dijk"
    _, other = creating.create(library.store, said, NOW, template="auth.lower")
    assert other == "dwia"
    with pytest.raises(UsageError, match="belongs to another work"):
        creating.create(library.store, said, NOW, key="dijk")
    with pytest.raises(UsageError, match="needs a title"):
        creating.create(library.store, {"type": "book"}, NOW)
    library.undo()
    assert library.find("dwia") is None
