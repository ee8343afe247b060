"""A few hostile inputs for every importer; `make fuzz` tries as many as there is time for."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman import plugins
from tests.fuzz.growth import grows_linearly
from tests.fuzz.mutations import mutated
from tests.fuzz.properties import check
from tests.fuzz.seeds import seeds

IMPORTERS = plugins.importer_names()

_FEW = settings(
    max_examples=10, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
_OFTEN_BAD = ("{", "<a>", '{"a":', "a, ", "\\{")


@pytest.mark.parametrize("name", IMPORTERS)
def test_real_input_is_read(name: str) -> None:
    assert sum(check(name, seed) for seed in seeds(name)) > 0


@pytest.mark.parametrize("name", IMPORTERS)
@_FEW
@given(number=st.integers(0, 2**32))
def test_mutated_files(name: str, number: int) -> None:
    check(name, mutated(seeds(name), Random(number)))


@pytest.mark.parametrize("name", IMPORTERS)
@_FEW
@given(data=st.binary(max_size=300))
def test_any_bytes(name: str, data: bytes) -> None:
    check(name, data)


@pytest.mark.parametrize("name", IMPORTERS)
def test_time_grows_with_the_input(name: str) -> None:
    # One of them, another for each importer; `make fuzz` measures all.
    place = IMPORTERS.index(name) % len(_OFTEN_BAD)
    assert grows_linearly(name, _OFTEN_BAD[place], size=200)
