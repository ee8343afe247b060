"""Edits by hand, told from edits in the library."""

from __future__ import annotations

from hypothesis import given, settings

from refman.model import Description, Extra, Name, Origin, OriginKind, Record
from refman.rules.three_way import as_statements, hand_edits, is_settled, overlaid, together
from tests.strategies import descriptions

GIVEN = Description(title="Rain", author=(Name("Adji"),), volume="1")


def proposal(description: Description, *cleared: str) -> Record:
    origin = Origin(kind=OriginKind.USER, name="user")
    return Record(description=description, cleared=frozenset(cleared), origin=origin)


def test_who_changed_what() -> None:
    file = Description(title="Snow", author=(Name("Adji"),), volume="1", issue="2")
    library = Description(title="Hail", author=(Name("Budi"),), volume="1")
    edits = {edit.field: edit for edit in hand_edits(GIVEN, file, library)}
    assert edits.keys() == {"title", "issue"}
    assert (edits["title"].given, edits["title"].file, edits["title"].library) == (
        "Rain", "Snow", "Hail",
    )  # fmt: skip
    assert edits["title"].contradicts
    assert not edits["issue"].contradicts


def test_what_both_changed_alike_is_no_edit() -> None:
    same = Description(title="Snow", author=(Name("Adji"),), volume="1")
    assert hand_edits(GIVEN, same, same) == []
    other = Description(title="Snow", author=(Name("Budi"),), volume="1")
    assert hand_edits(GIVEN, same, other) == []


def test_what_was_taken_out_is_cleared_unless_nothing_is_known() -> None:
    file = Description(title="Rain", author=(Name("Adji"),))
    assert as_statements(hand_edits(GIVEN, file, GIVEN)) == (Description(), frozenset({"volume"}))
    assert hand_edits(None, file, GIVEN) == []
    told = hand_edits(None, Description(title="Snow"), GIVEN)
    assert as_statements(told) == (Description(title="Snow"), frozenset())


def test_what_has_no_field_is_added_and_never_taken_out() -> None:
    one, two = Extra("bibtex", "mood", "wet"), Extra("bibtex", "@comment", "mine")
    file = Description(title="Rain", author=(Name("Adji"),), volume="1", extra=(two,))
    given = Description(title="Rain", author=(Name("Adji"),), volume="1", extra=(one,))
    (edit,) = hand_edits(given, file, given)
    said = proposal(Description(extra=edit.file))
    assert overlaid(given, said).extra == (one, two)
    assert not is_settled(given, said)
    assert is_settled(overlaid(given, said), said)


def test_an_edit_that_is_edited_again() -> None:
    before = proposal(Description(title="Snow", issue="2"), "volume")
    given = overlaid(GIVEN, before)
    file = Description(title="Sleet", author=(Name("Adji"),), volume="1", issue="2")
    edits = hand_edits(given, file, GIVEN)
    said, cleared = together(before, edits, given, file)
    assert said == Description(title="Sleet", issue="2")
    assert cleared == frozenset()


@settings(max_examples=50, deadline=None)
@given(descriptions(), descriptions())
def test_a_description_with_its_edits_is_what_the_file_says(
    given: Description, file: Description
) -> None:
    said, cleared = as_statements(hand_edits(given, file, given))
    after = overlaid(given, proposal(said, *cleared))
    assert {**vars(after), "extra": ()} == {**vars(file), "extra": ()}
    assert set(file.extra) <= set(after.extra)
    assert hand_edits(given, given, file) == []
