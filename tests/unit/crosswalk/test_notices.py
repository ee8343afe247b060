"""Notices and relations as lines of text, and back."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refman.crosswalk import notices
from refman.model import Date, Description, Name, Record, Relation, Update, Work
from refman.plugins import exporter, importer
from refman.ports import ExportOptions, ImportOptions, Loss
from refman.text.reading import TextInput
from tests import strategies

RETRACTION = Update(
    "retraction",
    "10.1016/s0140-6736(10)60175-4",
    Date(2010, 2, 6),
    "retraction-watch",
    "Retraction",
)
CONCERN = Update(
    "expression_of_concern", "10.1002/(sici)1<1::aid-x1>3.0.co;2-#", source="publisher"
)
PREPRINT = Relation("is-preprint-of", "10.1000/x|y")


@pytest.mark.parametrize(
    ("update", "line"),
    [
        (RETRACTION, "Retraction: 10.1016/s0140-6736(10)60175-4 2010-02-06 retraction-watch"),
        (CONCERN, "expression_of_concern: 10.1002/(sici)1<1::aid-x1>3.0.co;2-# publisher"),
        (Update("correction", date=Date(2021)), "correction: 2021"),
        (
            Update("expression_of_concern", "10.1000/x", label="Expression of concern"),
            "Expression of concern: 10.1000/x",
        ),
    ],
)
def test_a_notice_in_a_line(update: Update, line: str) -> None:
    assert notices.update_line(update) == line
    assert notices.update_from_line(line) == update


@pytest.mark.parametrize(
    "update",
    [
        Update("retraction"),
        Update("of a new kind", "10.1/x"),
        Update("retraction", "not a doi"),
        Update("retraction", "10.1/x", label="Withdrawn by its authors"),
        Update("retraction", "10.1/x", source="Somebody Else"),
    ],
)
def test_what_a_line_cannot_say_is_not_written(update: Update) -> None:
    assert notices.update_line(update) is None


@pytest.mark.parametrize(
    "text", ["", "Note: see 10.1/x", "Retraction", "Retraction:10.1/x", "Retraction: of a sort"]
)
def test_other_lines_are_no_notices(text: str) -> None:
    assert notices.update_from_line(text) is None
    assert notices.relation_from_line(text) is None


@given(st.lists(strategies.updates | st.sampled_from([RETRACTION, CONCERN]), max_size=3))
def test_notices_are_read_for_what_they_were(updates: list[Update]) -> None:
    text = notices.updates_text(updates)
    if text is not None:
        assert notices.updates_from_text(text) == tuple(updates)


@given(st.lists(strategies.relations | st.just(PREPRINT), max_size=3))
def test_relations_are_read_for_what_they_were(relations: list[Relation]) -> None:
    text = notices.relations_text(relations)
    if text is not None:
        assert notices.relations_from_text(text) == tuple(relations)


@given(st.text(max_size=80))
def test_any_line_can_be_read(line: str) -> None:
    update = notices.update_from_line(line)
    assert update is None or isinstance(update, Update)
    notices.relation_from_line(line)


@pytest.mark.parametrize("name", ["bibtex", "ris"])
def test_exports_show_them_and_imports_know_them_again(name: str) -> None:
    said = Description(
        type="article-journal", title="On mosses", author=(Name("Adji", "Iwan"),),
        container_title="Mosses", issued=Date(1998),
        updates=(RETRACTION, Update("correction", "10.1016/c", Date(2004), "publisher")),
        relations=(Relation("is-preprint-of", "10.1000/x"),), note="A note",
    )  # fmt: skip
    pieces = list(
        exporter(name).write([Work(id=1, citation_key="k", description=said)], ExportOptions())
    )
    assert not [piece for piece in pieces if isinstance(piece, Loss)]
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    assert "Retraction: 10.1016/s0140-6736(10)60175-4 2010-02-06 retraction-watch" in text
    assert "is-preprint-of: doi:10.1000/x" in text
    [back] = importer(name).read(TextInput(io.BytesIO(text.encode()), "x"), ImportOptions())
    assert isinstance(back, Record)
    assert back.description.updates == said.updates
    assert back.description.relations == said.relations
    assert back.description.note == "A note"
