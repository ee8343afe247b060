"""What is to be known of a work first."""

from __future__ import annotations

import pytest

from refman.model import Description, Relation, Update
from refman.rules.standing import Standing, standings


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Description(title="X"), ()),
        (Description(updates=(Update("new_version"),)), ()),
        (Description(relations=(Relation("has-preprint", "10.1/x"),)), ()),
        (Description(updates=(Update("withdrawal"),)), (Standing.RETRACTED,)),
        (Description(updates=(Update("expression_of_concern"),)), (Standing.CONCERN,)),
        (Description(updates=(Update("corrigendum"),)), (Standing.CORRECTED,)),
        (Description(relations=(Relation("is-preprint-of", "10.1/x"),)), (Standing.SUPERSEDED,)),
        (
            Description(
                updates=(Update("erratum"), Update("retraction")),
                relations=(Relation("is-replaced-by", "10.1/x"),),
            ),
            (Standing.RETRACTED, Standing.CORRECTED, Standing.SUPERSEDED),
        ),
    ],
)
def test_the_gravest_comes_first(said: Description, expected: tuple[Standing, ...]) -> None:
    assert standings(said) == expected
