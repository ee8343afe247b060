"""What is written into a form, as a value: nothing of Textual, and no library."""

from __future__ import annotations

from refman.model import Date, Description, Name, Update
from refman.rules.check import Severity
from refman.tui.draft import KEY, MOST_NAMES, Draft
from tests.tui.conftest import HOSTILE

ANNA = Name(family="Dijk", given="Anna", dropping_particle="van", ORCID="0000-0002-1825-0097")
KNOWN = Description(
    type="article-journal",
    title=HOSTILE,
    author=(ANNA, Name(literal="WHO")),
    issued=Date(2019),
    keyword=("a; b", "c"),
    archive_place="Leiden",
    updates=(Update("correction"),),
)


def test_what_is_typed_and_taken_back_is_no_change() -> None:
    draft = Draft(KNOWN, {"title": "crossref"}, "key")
    shown = draft.text("title")
    assert "\x1b" not in shown
    draft.write("title", "Other")
    draft.write("issued", "2019-")
    draft.write(KEY, "other")
    assert draft.changed == ("title", "issued", KEY)
    assert draft.refused == "issued"
    assert draft.source("title") == "you, unsaved"
    for field, text in (("title", shown), ("issued", "2019"), (KEY, "key")):
        draft.write(field, text)
    assert not draft.changed
    assert not draft.revision()
    assert draft.source("title") == "crossref"


def test_people_keep_what_a_text_does_not_say_of_them() -> None:
    draft = Draft(KNOWN)
    draft.write("author", "King, M. L.; " + draft.text("author"))
    assert draft.revision().values["author"] == (Name("King", "M. L."), *KNOWN.author)
    assert draft.is_text("author")
    assert not draft.is_text("keyword"), "an item with ; in it"
    draft.put("author", (ANNA,) * (MOST_NAMES + 1))
    assert not draft.is_text("author")


def test_emptying_taking_over_and_going_on_from_another_state() -> None:
    draft = Draft(KNOWN, {}, "key")
    draft.clear("issued")
    draft.clear("volume")
    assert draft.take_over("title")
    assert not draft.take_over("volume"), "there is nothing to take over"
    draft.write("page", "9-1")
    assert draft.remarks()["page"].severity is Severity.WARNING
    revision = draft.revision()
    assert (revision.cleared, revision.taken_over) == (frozenset({"issued"}), True)
    assert revision.values == {"title": HOSTILE, "page": "9-1"}
    draft.based_on(Description(type="book", page="9-1", volume="3"), {}, "newer")
    assert draft.revision().values.keys() == {"title"}
    assert draft.key == "newer"
    assert draft.text("volume") == "3"


def test_fields_are_those_of_the_type_and_then_all_that_is_said_or_written() -> None:
    draft = Draft(KNOWN)
    assert draft.fields[-1] == "archive_place"
    assert "updates" not in draft.fields
    draft.write("ISSN", "1234-5678")
    draft.write("type", "webpage")
    draft.open("scale")
    assert {"ISSN", "scale", "archive_place", "keyword"} <= {*draft.fields}
    assert draft.fields[:3] == ("type", "author", "title")
    draft.write("type", "no such")
    assert draft.fields.index("ISSN") < draft.fields.index("URL"), "as before"


def test_of_several_works_only_what_is_written_counts() -> None:
    draft = Draft(Description(type="book"), several=True, various={"title", "volume"})
    assert draft.source("title") == "various"
    assert not draft.remarks(), "nothing is missed in what is common"
    draft.write("title", "x")
    draft.write("title", "")
    assert not draft.changed
    draft.clear("volume")
    assert draft.revision().cleared == {"volume"}


def test_what_is_kept_meanwhile_is_taken_up_again() -> None:
    draft = Draft(KNOWN, {}, "key")
    draft.write("issued", "20")
    draft.write("volume", "7")
    draft.write(KEY, "k2")
    again = Draft(KNOWN, {}, "key")
    again.take_up({**draft.texts, "no_field": "x", "updates": "y"})
    assert again.texts == draft.texts == {"issued": "20", "volume": "7", KEY: "k2"}
