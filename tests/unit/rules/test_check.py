"""What is missing, malformed, doubtful or retracted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refman.crosswalk.crossref import description_from_message
from refman.model import Date, Description, Extra, Name, Relation, Update
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
        ({"issued": Date(literal="soonish")}, ("issued", "year")),
        ({"title": "EFFECTS OF RAINFALL"}, ("title", "capitals")),
        ({"title": "RETRACTED: Effects of rainfall"}, ("title", "retraction")),
        ({"title": "Effects of rain (Retracted article. See vol. 3)"}, ("title", "retraction")),
        ({"author": (Name(literal="Adji, Iwan, Doe, Jane, Roe, R."),)}, ("author", "names")),
        ({"author": (Name(family="2015"),)}, ("author", "names")),
        ({"extra": (Extra("bibtex", "month", "13"),)}, ("issued", "year")),
        ({"ISBN": ("0012-9658",)}, ("ISBN", "malformed")),
    ],
)
def test_findings(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes(**fields) == [expected]


def test_what_can_be_done_is_said() -> None:
    def advice(**fields: Any) -> str:
        return next(problems(replace(GOOD, **fields), this_year=2026)).advice

    assert advice(title="EFFECTS OF RAINFALL") == "write 'Effects of rainfall'"
    assert advice(title="MÃ¼ll im Meer") == "write 'Müll im Meer'"
    assert advice(issued=None) == "`refman lookup 10.1000/x` may tell it"
    assert advice(DOI="doi:10.1000/X") == "write 10.1000/X"
    assert advice(ISBN=("0306406152 (paper)",)) == "write 0306406152"
    assert "leave it out" in advice(title="RETRACTED: Effects of rainfall")


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


@pytest.mark.parametrize(
    ("kind", "severity", "message"),
    [
        ("retraction", Severity.ERROR, "the work was retracted on 2010-02-06 (notice 10.5555/n)"),
        ("removal", Severity.ERROR, "the work was removed on 2010-02-06 (notice 10.5555/n)"),
        (
            "expression_of_concern",
            Severity.WARNING,
            "the work came under an expression of concern on 2010-02-06 (notice 10.5555/n)",
        ),
        (
            "corrigendum",
            Severity.INFO,
            "the work has a correction on 2010-02-06 (notice 10.5555/n)",
        ),
    ],
)
def test_what_crossref_reports_is_found(kind: str, severity: Severity, message: str) -> None:
    """From a record in Crossref's form to the finding."""
    entry = {
        "DOI": "10.5555/n",
        "type": kind,
        "source": "retraction-watch",
        "updated": {"date-parts": [[2010, 2, 6]]},
    }
    mapped = description_from_message({"DOI": "10.5555/x", "updated-by": [entry]}).description
    (found,) = [f for f in problems(mapped, this_year=2026) if f.field == "updates"]
    assert (found.code, found.severity, found.message) == (kind, severity, message)


def test_a_preprint_that_was_published() -> None:
    relation = {
        "is-preprint-of": [
            {"id": "10.1029/2020JG005891", "id-type": "doi", "asserted-by": "subject"},
            {"id": "10.1029/2020jg005891", "id-type": "doi", "asserted-by": "object"},
        ]
    }
    message = {
        "DOI": "10.1002/essoar.1",
        "type": "posted-content",
        "subtype": "preprint",
        "relation": relation,
    }
    mapped = description_from_message(message).description
    (found,) = [f for f in problems(mapped, this_year=2026) if f.field == "relations"]
    assert (found.code, found.severity) == ("published", Severity.INFO)
    assert found.message == "the preprint was published as 10.1029/2020JG005891"


def test_other_relations_are_no_findings() -> None:
    assert codes(relations=(Relation("has-preprint", "10.1101/1"), Relation("cites", "1"))) == []
    assert codes(relations=(Relation("is-preprint-of", GOOD.DOI or ""),)) == []
    assert codes(relations=(Relation("is-replaced-by", "http://x.org", "uri"),)) == [
        ("relations", "replaced")
    ]


def test_languages_are_codes_and_the_orcid_of_anybody_is_looked_at() -> None:
    for fine in ("en", "id", "pt-BR", "zh-Hant-TW", "en_GB"):
        assert codes(language=fine) == []
    assert codes(language="English") == [("language", "language")]
    wrong = Name(family="A", ORCID="0000-0002-1825-0098")
    assert codes(translator=(wrong,)) == [("translator", "malformed")]
