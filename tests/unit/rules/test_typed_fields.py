"""Which fields are asked for of a work of some type."""

from __future__ import annotations

from refman.model import FIELDS
from refman.model.vocabulary import CSL_TYPES
from refman.rules.check import expected
from refman.rules.typed_fields import arranged, fields_of


def test_each_type_has_fields_that_there_are_each_once_and_all_that_check_expects() -> None:
    for type_ in (*CSL_TYPES, None):
        fields = fields_of(type_)
        assert fields[0] == "type"
        assert len(set(fields)) == len(fields)
        assert set(fields) <= set(FIELDS)
        for choice in expected(type_):
            assert set(choice) & set(fields), (type_, choice)


def test_what_does_not_belong_to_a_type_comes_behind_and_is_not_lost() -> None:
    fields = arranged("webpage", {"volume", "author", "editor"})
    assert fields[-2:] == ("editor", "volume")
    assert fields[: len(fields) - 2] == fields_of("webpage")
