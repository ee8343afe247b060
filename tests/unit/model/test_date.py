"""Dates that keep their precision."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Date
from tests.strategies import dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021", Date(2021)),
        ("2021-08", Date(2021, 8)),
        ("2021-8-5", Date(2021, 8, 5)),
        ("2021-08-15", Date(2021, 8, 15)),
        (" 0800 ", Date(800)),
        ("-0044", Date(-44)),
        ("2021-21", Date(2021, season=1)),
        ("2021-24", Date(2021, season=4)),
        ("1850~", Date(1850, circa=True)),
        ("1850?", Date(1850, circa=True)),
        ("2020/2021", Date(2020, end=Date(2021))),
        ("2020-05/2020-06", Date(2020, 5, end=Date(2020, 6))),
        ("2020/..", Date(2020, end=Date(literal=".."))),
        ("2020/", Date(2020, end=Date(literal=".."))),
        ("2024-02-29", Date(2024, 2, 29)),
        ("in press", Date(literal="in press")),
        ("2021-13", Date(literal="2021-13")),
        ("2021-02-30", Date(literal="2021-02-30")),
        ("2023-02-29", Date(literal="2023-02-29")),
        ("1900-02-29", Date(literal="1900-02-29")),
        ("2021-25", Date(literal="2021-25")),
        ("20210", Date(literal="20210")),
        ("2020/soon", Date(literal="2020/soon")),
        ("", None),
        ("  ", None),
    ],
)
def test_edtf(text: str, date: Date | None) -> None:
    assert Date.parse(text) == date


@settings(max_examples=150, deadline=None)
@given(dates)
def test_what_is_written_reads_back(date: Date) -> None:
    again = Date.parse(date.edtf)
    if date.literal is None:
        assert again == date
    else:
        assert again is None or again.edtf.strip() == date.edtf.strip() or again.year is not None


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=20) | st.from_regex(r"-?\d{1,5}(-\d{1,3}){0,2}[~?%]?(/.*)?", fullmatch=True)
)
def test_any_text_is_a_date_or_words(text: str) -> None:
    date = Date.parse(text)
    if date is not None and date.year is None:
        assert date.literal == text.strip()


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        ((2021,), Date(2021)),
        ((2021, 13), Date(2021)),
        ((2021, 0, 5), Date(2021)),
        ((2021, 2, 31), Date(2021, 2)),
        ((2023, 2, 29), Date(2023, 2)),
        ((2000, 2, 29), Date(2000, 2, 29)),
        ((2021, None, 5), Date(2021)),
        ((10_000,), None),
        ((-10_000,), None),
    ],
)
def test_of_whole_numbers(parts: tuple[int, ...], date: Date | None) -> None:
    assert Date.of(*parts) == date


def test_precision() -> None:
    year, month, day = Date(2021), Date(2021, 8), Date(2021, 8, 15)
    assert day.refines(month)
    assert month.refines(year)
    assert day.refines(year)
    assert not year.refines(month)
    assert not year.refines(year)
    assert not Date(2022, 8).refines(year)
    assert not day.refines(Date(2021, end=Date(2022)))
    assert not day.refines(Date(2021, season=3))
    assert not day.refines(Date(literal="x"))
    assert year.is_bare_year
    assert not month.is_bare_year
    assert not Date(2021, season=1).is_bare_year
    assert not Date(2020, end=Date(2021)).is_bare_year
    assert not Date(literal="x").is_bare_year
    assert (year.parts, day.parts, Date(literal="x").parts) == ((2021,), (2021, 8, 15), ())
    assert Date(2021, None, 5).parts == (2021,)
