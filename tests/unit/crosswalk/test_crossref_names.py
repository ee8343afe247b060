"""Contributors of Crossref records."""

from __future__ import annotations

from typing import Any

import pytest

from refman.crosswalk.crossref_names import read_names, says_more
from refman.model import Name


def names(*entries: dict[str, Any]) -> tuple[Name, ...]:
    return read_names(list(entries)).names


def test_people_and_organisations() -> None:
    assert names(
        {
            "given": "Martin Luther",
            "family": "King",
            "suffix": "Jr.",
            "ORCID": "http://orcid.org/0000-0002-1825-0097",
            "affiliation": [{"name": "Boston University"}, {"id": []}, {"name": " "}],
        },
        {"name": "World Health Organization"},
    ) == (
        Name(
            "King",
            "Martin Luther",
            "Jr.",
            ORCID="0000-0002-1825-0097",
            affiliation=("Boston University",),
        ),
        Name(literal="World Health Organization"),
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"family": "Govindjee"}, Name("Govindjee")),
        ({"given": "Plato"}, Name(literal="Plato")),
        ({"family": "Elnaz Nadermahmoudi"}, Name(literal="Elnaz Nadermahmoudi")),
        ({"family": "-", "given": "Minollah"}, Name(literal="Minollah")),
        ({"family": "Der Aa", "given": "P."}, Name("Der Aa", "P.")),
        ({"family": "M\ufffdller", "given": "A."}, Name("M\ufffdller", "A.")),
        ({"family": "A Light", "given": ""}, Name(literal="A Light")),
        ({"name": "Urban &amp; Vogel"}, Name(literal="Urban & Vogel")),
        ({"family": "Bo\u0308hme", "given": "E."}, Name("Böhme", "E.")),
        ({"family": "X", "given": "Y", "ORCID": "broken"}, Name("X", "Y", ORCID="broken")),
    ],
)
def test_odd_names(entry: dict[str, Any], expected: Name) -> None:
    assert names(entry) == (expected,)


@pytest.mark.parametrize(
    "entry",
    [{"family": "-"}, {"name": "et al."}, {"family": "et al", "given": "-"}, {}, {"name": None}],
)
def test_placeholders_are_no_names(entry: dict[str, Any]) -> None:
    assert names({"family": "Real", "given": "One"}, entry) == (Name("Real", "One"),)


@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        ("WILLIAMS", "JOHN W.", Name("Williams", "John W.")),
        ("O'NEIL", "H. S. C.", Name("O'Neil", "H. S. C.")),
        ("LOPEZ-BERESTEIN", "GABRIEL", Name("Lopez-Berestein", "Gabriel")),
        ("MCDONALD", "JP", Name("McDonald", "JP")),
        ("JABŁOŃSKI", "S.", Name("Jabłoński", "S.")),
        ("GEIßEL", "M.", Name("Geißel", "M.")),
        ("von SALLMANN", "L.", Name("von Sallmann", "L.")),
        ("BHANWER", "AJS", Name("Bhanwer", "AJS")),
        ("SHARKOV", "B.YU.", Name("Sharkov", "B.YU.")),
        ("KIM", "Jihn Sang", Name("Kim", "Jihn Sang")),
        ("Smith", "JOHN", Name("Smith", "John")),
    ],
)
def test_capitals_are_a_guess(family: str, given: str, expected: Name) -> None:
    found = read_names([{"family": family, "given": given}])
    assert found.names == (expected,)
    assert found.verbatim == f"{family}, {given}"


@pytest.mark.parametrize(
    ("family", "given"),
    [("MG", "Swetha"), ("Smith", "J"), ("W. E. W.", None), ("WHO", None), ("李", "明"), ("Ó", "A")],
)
def test_what_may_be_initials_stays(family: str, given: str | None) -> None:
    found = read_names([{"family": family, "given": given}])
    assert found.verbatim is None
    assert family in (found.names[0].family, found.names[0].literal)


def test_a_short_name_among_names_in_capitals_is_one_too() -> None:
    found = read_names([{"family": "SEIFERT", "given": "F."}, {"family": "LI", "given": "J.-P."}])
    assert found.names == (Name("Seifert", "F."), Name("Li", "J.-P."))


def test_what_a_name_cannot_hold() -> None:
    plain = {"family": "X", "sequence": "first", "role": [{"vocabulary": "crossref", "role": "a"}]}
    assert not says_more([plain])
    assert says_more([{**plain, "prefix": "Dr"}])
    assert says_more([{**plain, "role": [{"vocabulary": "credit", "role": "software"}]}])
    assert not says_more([{**plain, "prefix": ""}])


@pytest.mark.parametrize("value", [None, "Smith", 3, [None, 1, "x"], {"family": ["x"]}, [[]]])
def test_what_is_no_list_of_names(value: Any) -> None:
    assert read_names(value).names == ()


AKBARI = {"given": "Azadeh", "family": "Akbari Sene"}
LAK = {"given": "Parvaneh", "family": "Lak"}
ORCIDS = ("0000-0002-1825-0097", "0000-0001-5109-3700")


def test_a_person_listed_for_each_affiliation_is_named_once() -> None:
    found = read_names(
        [
            {**AKBARI, "affiliation": [{"name": "Iran University"}]},
            {**AKBARI, "affiliation": [{"name": "Hospital"}], "ORCID": ORCIDS[0]},
            LAK,
        ]
    )
    one = Name(
        "Akbari Sene", "Azadeh", ORCID=ORCIDS[0], affiliation=("Iran University", "Hospital")
    )
    assert found.names == (one, Name("Lak", "Parvaneh"))
    assert found.verbatim == "Akbari Sene, Azadeh; Akbari Sene, Azadeh; Lak, Parvaneh"


def test_a_list_that_is_repeated_whole_counts_once() -> None:
    short = [{"given": "J.", "family": "Li"}, {"given": "Y.", "family": "Wu"}]
    assert read_names([*short, *short]).names == (Name("Li", "J."), Name("Wu", "Y."))
    department = {"name": "Department of Obstetrics"}
    assert names(LAK, department, department, department)[1:] == (
        Name(literal="Department of Obstetrics"),
    )


@pytest.mark.parametrize(
    "listed",
    [
        [{"given": "J.", "family": "Li"}, {"given": "J.", "family": "Li"}],
        [{**LAK, "ORCID": ORCIDS[0]}, {**LAK, "ORCID": ORCIDS[1]}],
        [LAK, AKBARI, LAK],
        [{**LAK, "suffix": "Sr."}, {**LAK, "suffix": "Jr."}],
        [{"family": "Suharto"}, {"family": "Suharto"}],
    ],
)
def test_who_may_be_two_people_stay_two(listed: list[dict[str, Any]]) -> None:
    found = read_names(listed)
    assert len(found.names) == len(listed)
    assert found.verbatim is None


def test_organisations_among_people() -> None:
    assert names(LAK, {"name": "for the ARDS Definition Task Force"}, {"family": "UNICEF"}) == (
        Name("Lak", "Parvaneh"),
        Name(literal="for the ARDS Definition Task Force"),
        Name("UNICEF"),
    )
    assert names({"family": "World Health Organization"}) == (
        Name(literal="World Health Organization"),
    )
