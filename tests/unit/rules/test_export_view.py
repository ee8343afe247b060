"""What exporters are to see of a work."""

from __future__ import annotations

import pytest

from refman.model import Description, Extra, Name, Work
from refman.ports import ExportOptions, JournalForm
from refman.rules.export_view import ordered, view
from refman.rules.journal_names import JournalNames

WORK = Work(
    id=1,
    citation_key="k",
    description=Description(
        type="article-journal",
        title="A title",
        author=(Name(family="Doe"),),
        container_title="Journal of Physics",
        container_title_short="JP",
        DOI="10.1000/a<b>#c d",
        URL="https://example.org/",
        keyword=("one",),
        abstract="Long.",
        extra=(
            Extra("bibtex", "file", "a.pdf"),
            Extra("bibtex", "Groups", "g"),
            Extra("ris", "L1", "b.pdf"),
        ),
    ),
    tags=("t",),
    collections=("c",),
)


def shown(**options: object) -> Work:
    return view(WORK, ExportOptions(**options), JournalNames())  # type: ignore[arg-type]


def test_nothing_asked_nothing_changed() -> None:
    assert shown() is WORK


def test_fields_are_chosen() -> None:
    work = shown(fields=("title", "DOI"))
    assert work.description == Description(
        type="article-journal", title="A title", DOI="10.1000/a<b>#c d"
    )
    assert (work.citation_key, work.tags, work.collections) == ("k", (), ())
    assert shown(fields=("title", "tags")).tags == ("t",)


def test_fields_of_formats_are_chosen_by_name() -> None:
    assert shown(fields=("title", "bibtex:groups")).description.extra == (
        Extra("bibtex", "Groups", "g"),
    )
    assert shown(fields=("extra",)).description.extra == WORK.description.extra
    assert shown(fields=("file",)).description.extra == (
        Extra("bibtex", "file", "a.pdf"),
        Extra("ris", "L1", "b.pdf"),
    )


def test_fields_are_left_out() -> None:
    work = shown(omit=frozenset(("file", "abstract", "tags")))
    assert work.description.abstract is None
    assert work.description.extra == (Extra("bibtex", "Groups", "g"),)
    assert (work.tags, work.collections) == ((), ("c",))
    assert shown(omit=frozenset(("extra",))).description.extra == ()
    assert shown(omit=frozenset(("ris:l1",))).description.extra == WORK.description.extra[:2]


def test_the_doi_as_an_address_stands_in_place_of_both() -> None:
    address = "https://doi.org/10.1000/a<b>%23c%20d"
    for fields in ((), ("DOI",)):
        description = shown(doi_as_url=True, fields=fields).description
        assert description.DOI is None
        assert address == description.URL
    bare = Work(id=1, citation_key="k", description=Description(URL="https://example.org/"))
    assert view(bare, ExportOptions(doi_as_url=True), JournalNames()) is bare


@pytest.mark.parametrize(
    ("form", "title"),
    [(JournalForm.FULL, "Journal of Physics"), (JournalForm.ABBREVIATED, "JP")],
)
def test_journals(form: JournalForm, title: str) -> None:
    description = shown(journals=form).description
    assert description.container_title == title
    assert description.container_title_short is None


def test_a_book_keeps_its_names() -> None:
    book = Work(id=1, citation_key="k", description=Description(type="book", title="A"))
    assert view(book, ExportOptions(journals=JournalForm.ABBREVIATED), JournalNames()) is book


def test_the_order_that_was_asked_for() -> None:
    field_of = {"TI": "title", "AU": "author", "DO": "DOI"}
    names = ["TY", "AU", "TI", "DO"]
    assert ordered(names, ExportOptions(), field_of) == names
    options = ExportOptions(fields=("DOI", "title", "author"))
    assert ordered(names, options, field_of) == ["DO", "TI", "AU", "TY"]
