"""Given names written as initials."""

from __future__ import annotations

import pytest

from refman.model import Name
from refman.text.initials import person, spelled_initials, surname_first


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("M J", "", "M. J."),
        ("MJ", "Smith", "M. J."),
        ("M.J.", "Smith", "M. J."),
        ("Yu.P.", "Gnatenko", "Yu. P."),
        ("Louis M", "", "Louis M."),
        ("Louis M.", "", "Louis M."),
        ("J.-P.", "", "J.-P."),
        ("WEI", "LI", "WEI"),
        ("Y", "LI", "Y."),
        ("Jo", "Li", "Jo"),
        ("ANNA", "Li", "ANNA"),
        ("", "", ""),
    ],
)
def test_each_initial_gets_a_full_stop(given: str, family: str, expected: str) -> None:
    assert spelled_initials(given, family) == expected


def test_suffixes_after_the_given_names() -> None:
    assert person("Smith, John A 3rd") == Name("Smith", "John A.", suffix="3rd")
    assert person("Smith, John A Jr") == Name("Smith", "John A.", suffix="Jr")
    assert person("World Health Organization").literal == "World Health Organization"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("van Dijk TH", Name("Dijk", "T. H.", non_dropping_particle="van")),
        ("Smith JA Jr", Name("Smith", "J. A.", suffix="Jr")),
        ("CHEN X", Name("CHEN", "X.")),
        ("Smith, JA", Name("Smith", "J. A.")),
        ("Selvamani", Name(literal="Selvamani")),
        ("Some Study Group", Name(literal="Some Study Group")),
    ],
)
def test_names_whose_initials_stand_last(text: str, expected: Name) -> None:
    assert surname_first(text) == expected
