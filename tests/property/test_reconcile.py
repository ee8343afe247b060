"""Reconciling is pure: it does not depend on order, and adding what is known changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import (
    Date,
    Description,
    Extra,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Update,
    stated,
)
from refman.rules.merge import explain, locked_fields, reconcile

FIELDS = ("title", "author", "issued", "published_print", "ISSN", "keyword", "updates", "extra")


def _maybe(values: st.SearchStrategy[Any], empty: Any = None) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(empty), values)


DATES = st.builds(
    Date,
    st.integers(2019, 2021),
    st.one_of(st.none(), st.integers(1, 2)),
)
DESCRIPTIONS = st.builds(
    Description,
    title=_maybe(st.sampled_from(["One", "Two", "Three"])),
    author=_maybe(st.sampled_from([(Name(family="A"),), (Name(literal="B C"),)]), ()),
    issued=_maybe(DATES),
    published_print=_maybe(DATES),
    ISSN=_maybe(st.sampled_from([("1110-757X",), ("1687-0042", "1110-757X"), ("bad",)]), ()),
    keyword=_maybe(st.sampled_from([("x",), ("X", "y")]), ()),
    updates=_maybe(st.sampled_from([(Update("retraction"),), (Update("correction"),)]), ()),
    extra=_maybe(st.sampled_from([(Extra("ris", "M1", "1"),), (Extra("ris", "M1", "2"),)]), ()),
)
RECORDS = st.builds(
    Record,
    description=DESCRIPTIONS,
    origin=st.builds(
        Origin,
        kind=st.sampled_from(list(OriginKind)),
        name=st.sampled_from(["bibtex", "crossref", "openalex"]),
        retrieved=st.sampled_from([None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
        preferred=st.booleans(),
    ),
    guessed=st.frozensets(st.sampled_from(FIELDS), max_size=3),
    cleared=st.frozensets(st.sampled_from(FIELDS), max_size=1),
    state=st.sampled_from([RecordState.STANDING] * 4 + [RecordState.MISMATCH]),
    id=st.one_of(st.none(), st.integers(1, 9)),
)
LISTS = st.lists(RECORDS, min_size=1, max_size=5)


@settings(max_examples=75, deadline=None)
@given(records=LISTS, random=st.randoms(use_true_random=False))
def test_the_order_of_records_makes_no_difference(records: list[Record], random: Any) -> None:
    shuffled = records[:]
    random.shuffle(shuffled)
    first, second = reconcile(records), reconcile(shuffled)
    assert first == second
    # The same values in the same order, not only equal ones.
    assert repr(first.description) == repr(second.description)


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_what_was_reconciled_reconciles_to_itself(records: list[Record]) -> None:
    once = reconcile(records)
    assert reconcile(records) == once
    again = Record(
        description=once.description, origin=Origin(kind=OriginKind.IMPORT, name="bibtex")
    )
    assert reconcile([again]).description == once.description
    # What is empty is empty in the way of its field: None, or no list items.
    assert Description(**dict(stated(once.description))) == once.description


@settings(max_examples=50, deadline=None)
@given(records=LISTS, index=st.integers(0, 4))
def test_saying_the_same_twice_changes_nothing(records: list[Record], index: int) -> None:
    twin = records[index % len(records)]
    assert reconcile([*records, twin]).description == reconcile(records).description


@settings(max_examples=50, deadline=None)
@given(records=LISTS, machine=RECORDS)
def test_no_machine_changes_what_the_user_wrote(records: list[Record], machine: Record) -> None:
    machine = replace(
        machine, origin=replace(machine.origin, kind=OriginKind.SOURCE, name="crossref")
    )
    before, after = reconcile(records).description, reconcile([*records, machine]).description
    for name in locked_fields(records) - {"updates"}:
        assert getattr(after, name) == getattr(before, name)


@settings(max_examples=50, deadline=None)
@given(records=LISTS)
def test_every_field_is_attributed_to_a_standing_record_that_has_an_id(
    records: list[Record],
) -> None:
    result = reconcile(records)
    ids = {r.id for r in records if r.state is RecordState.STANDING}
    for name, id_ in result.attribution.items():
        assert id_ in ids
        assert getattr(result.description, name) not in (None, ())


@settings(max_examples=50, deadline=None)
@given(records=LISTS, name=st.sampled_from(FIELDS))
def test_the_first_claim_is_the_one_that_stands(records: list[Record], name: str) -> None:
    value = getattr(reconcile(records).description, name)
    claims = explain(records, name)
    if value in (None, ()):
        assert not any(claim.stands and claim.value is not None for claim in claims)
    else:
        assert claims[0].stands
        if name in ("title", "author", "issued", "published_print"):
            assert claims[0].value == value
