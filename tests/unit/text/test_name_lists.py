"""Lists of names in one text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.text.name_lists import parse_name_list
from tests.growth import assert_grows_linearly


def inverted(text: str) -> list[str]:
    return [name.inverted for name in parse_name_list(text).names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dwi, Rizkika; Budi, A.", ["Dwi, Rizkika", "Budi, A."]),
        ("Govil N., Sharma A.", ["Govil, N.", "Sharma, A."]),
        ("Althar R.R., Lee H.-N.", ["Althar, R.R.", "Lee, H.-N."]),
        ("JA Smith, B Jones…", ["Smith, JA", "Jones, B", "others"]),
        ("Smith J, Jones AB.", ["Smith, J", "Jones, AB"]),
        ("Smith, J., & Doe, A. B.", ["Smith, J.", "Doe, A. B."]),
        ("Smith, J., Jr., Doe, A.", ["Smith, J., Jr.", "Doe, A."]),
        ("Smith, John and Doe, Jane", ["Smith, John", "Doe, Jane"]),
        ("R. Dwi, B. Ani, dan C. Budi", ["Dwi, R.", "Ani, B.", "Budi, C."]),
        ("Siti Aminah dan Budi Santoso", ["Aminah, Siti", "Santoso, Budi"]),
        ("Jaewoo Kang, Dan Suciu", ["Kang, Jaewoo", "Suciu, Dan"]),
        ("José Ortega y Gasset", ["Gasset, José Ortega y"]),
        ("Dwi, Rizkika", ["Dwi, Rizkika"]),
        ("King, Martin Luther, Jr.", ["King, Martin Luther, Jr."]),
        ("van der Berg, Anna Maria", ["van der Berg, Anna Maria"]),
        ("Govil, Neha (57209571323); Doe, A (57209571324)", ["Govil, Neha", "Doe, A"]),
        ("A. Jordi Joancomart&#237;; B C", ["Joancomartí, A. Jordi", "C, B"]),
        ("Smith J et al.", ["Smith, J", "others"]),
        ("Widodo, S., Hartono, B., dkk.", ["Widodo, S.", "Hartono, B.", "others"]),
        ("World Health Organization", ["World Health Organization"]),
        ("Ani|Budi\nCitra", ["Ani", "Budi", "Citra"]),
        ("Qing Liao;Long Li;", ["Liao, Qing", "Li, Long"]),
        ("", []),
        (" ; , ", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert inverted(text) == names


@pytest.mark.parametrize(
    ("text", "sure"),
    [("Dwi, Rizkika; Budi, A.", True), ("Govil N., Sharma A.", True), ("Dwi, Rizkika", True),
     ("Gottfried Vossen, Mathias Weske", False), ("Sukarno, Hatta, Sjahrir", False),
     ("van der Berg, Anna Maria", False), ("A B, C D, E F", True)],
)  # fmt: skip
def test_what_is_sure(text: str, sure: bool) -> None:
    assert parse_name_list(text).sure is sure


@pytest.mark.parametrize(
    "piece", ["A, ", "A B, ", "and ", "; ", "A.", "& ", "Jr., ", "(12345", "…"]
)
def test_time_grows_with_the_text(piece: str) -> None:
    assert_grows_linearly(lambda size: parse_name_list(piece * size), 1000)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ABcd ,;.&|()…12\n", max_size=60))
def test_any_text_is_no_exception(text: str) -> None:
    for name in parse_name_list(text).names:
        assert name.display
