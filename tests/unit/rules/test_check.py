"""What is missing, malformed, doubtful or retracted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refman.model import Date, Description, Name, Update
from refman.rules.check import Severity, problems

GOOD = Description(
    type="article-journal",
    title="Effects of rainfall",
    author=(Name(family="Smith", given="Jane", ORCID="0000-0002-1825-0097"),),
    issued=Date(2019),
    container_title="Ecology",
    DOI="10.1000/x",
    ISSN=("0012-9658",),
    PMID="123",
)


def codes(**fields: Any) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in problems(replace(GOOD, **fields), this_year=2026)]


def test_a_good_description_has_no_findings() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": None}, ("title", "missing")),
        ({"author": ()}, ("author", "missing")),
        ({"container_title": None}, ("container_title", "missing")),
        ({"issued": None}, ("issued", "missing")),
        ({"type": None}, ("type", "missing")),
        ({"type": "book"}, ("publisher", "missing")),
        ({"DOI": "10.1000"}, ("DOI", "malformed")),
        ({"DOI": "https://doi.org/10.1000/x"}, ("DOI", "malformed")),
        ({"ISSN": ("0012-9659",)}, ("ISSN", "malformed")),
        ({"ISBN": ("9780306406158",)}, ("ISBN", "malformed")),
        ({"PMID": "12x"}, ("PMID", "malformed")),
        ({"author": (Name(family="S", ORCID="0000-0002-1825-0098"),)}, ("author", "malformed")),
        ({"issued": Date(2029)}, ("issued", "year")),
        ({"issued": Date(200)}, ("issued", "year")),
        ({"issued": Date(literal="in press")}, ("issued", "year")),
        ({"title": "EFFECTS OF RAINFALL"}, ("title", "capitals")),
    ],
)
def test_findings(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes(**fields) == [expected]


def test_an_editor_may_stand_for_the_author() -> None:
    assert codes(author=(), editor=GOOD.author) == []


def test_next_year_s_issue_is_no_mistake() -> None:
    assert codes(issued=Date(2027)) == []
    assert list(problems(GOOD)) == []


def test_a_retraction_comes_first_and_once() -> None:
    updates = (
        Update("correction", DOI="10.1000/c"),
        Update("retraction", DOI="10.1000/r", date=Date(2020, 5, 1), source="publisher"),
        Update("retraction", DOI="10.1000/r2", source="retraction-watch"),
        Update("new_version"),
    )
    found = list(problems(replace(GOOD, updates=updates, title=None), this_year=2026))
    assert [(f.code, f.severity) for f in found] == [
        ("retraction", Severity.ERROR),
        ("correction", Severity.INFO),
        ("missing", Severity.ERROR),
    ]
    assert found[0].message == "the work was retracted on 2020-05-01 (notice 10.1000/r)"
