"""Descriptions and records as the columns of a library hold them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import StoreDamaged
from refman.model import FIELDS, Date, Description, Record, RecordState
from refman.store.codec import (
    decode_attribution,
    decode_description,
    encode_attribution,
    encode_description,
    record_from_row,
    record_row,
)
from tests import strategies


@settings(max_examples=200, deadline=None)
@given(strategies.descriptions())
def test_a_description_comes_back_as_it_was(description: Description) -> None:
    text = encode_description(description)
    assert decode_description(text) == description
    assert encode_description(decode_description(text)) == text


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_comes_back(field: str) -> None:
    @settings(max_examples=8, deadline=None, database=None)
    @given(strategies.values(field))
    def check(value: object) -> None:
        description = Description(**{field: value})  # type: ignore[arg-type]
        assert decode_description(encode_description(description)) == description

    check()


@settings(max_examples=100, deadline=None)
@given(strategies.records)
def test_a_record_comes_back_from_its_row(record: Record) -> None:
    row = record_row(record, work_id=7, change_id=3)
    (work_id, change_id, *origin, state, key, guessed, cleared, verbatim, payload, text) = row
    assert change_id == 3
    columns = (5, work_id, *origin, state, 0, key, guessed, cleared, verbatim, payload, text)
    assert record_from_row(columns) == record
    assert record_from_row(columns).id == 5
    assert record_from_row(columns).work_id == 7
    withdrawn = (*columns[:8], 1, *columns[9:])
    assert record_from_row(withdrawn) == replace(record, state=RecordState.WITHDRAWN)


def test_nothing_is_an_empty_object() -> None:
    assert encode_description(Description()) == "{}"


def test_words_that_look_like_a_date_stay_words() -> None:
    description = Description(issued=Date(literal="2021"), accessed=Date(2021))
    text = encode_description(description)
    assert json.loads(text) == {"issued": {"literal": "2021"}, "accessed": "2021"}
    assert decode_description(text) == description


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"no_such_field": 1}',
        '{"author": 3}',
        '{"author": [{"first": "x"}]}',
        '{"issued": {"year": 1}}',
        '{"updates": [3]}',
        '{"extra": [["a"]]}',
    ],
)
def test_text_that_is_no_description_is_damage(text: str) -> None:
    with pytest.raises(StoreDamaged):
        decode_description(text)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 10**12)))
def test_attribution_comes_back(attribution: dict[str, int]) -> None:
    text = encode_attribution(attribution)
    assert (text is None) == (not attribution)
    assert decode_attribution(text) == attribution
