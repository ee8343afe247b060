"""Retractions and other updates in Crossref records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.crossref_status import read_updates, updates_others
from refman.model import Date, Update
from tests.unit.crosswalk.test_crossref import BY_DOI


def update(kind: str, doi: str = "10.5555/notice", source: str = "publisher") -> dict[str, Any]:
    return {
        "DOI": doi,
        "type": kind,
        "label": kind.title(),
        "source": source,
        "updated": {"date-parts": [[2010, 2, 6]], "date-time": "2010-02-06T00:00:00Z"},
    }


def test_a_retracted_paper() -> None:
    description = description_from_message(BY_DOI["10.1016/s0140-6736(97)11096-0"]).description
    assert [entry.type for entry in description.updates] == ["retraction", "correction"]
    assert description.retraction == Update(
        "retraction",
        "10.1016/s0140-6736(10)60175-4",
        Date(2010, 2, 6),
        "retraction-watch",
        "Retraction",
    )


def test_a_notice_is_not_itself_retracted() -> None:
    message = BY_DOI["10.1016/s0140-6736(10)60175-4"]
    description = description_from_message(message).description
    assert description.updates == ()
    assert description.retraction is None
    kept = next(extra for extra in description.extra if extra.name == "update-to")
    assert json.loads(kept.value) == message["update-to"]


def test_a_retraction_in_place_counts() -> None:
    message = {"DOI": "10.5555/Paper", "update-to": [update("retraction", "10.5555/PAPER")]}
    assert read_updates(message)[0].type == "retraction"
    assert not updates_others(message)
    corrected = description_from_message(BY_DOI["10.1103/physrevb.98.104436"]).description
    assert [entry.type for entry in corrected.updates] == ["correction"]


def test_all_rows_stay_and_the_gravest_leads() -> None:
    message = {
        "DOI": "10.5555/paper",
        "updated-by": [
            update("erratum"),
            update("expression_of_concern"),
            update("retraction", "10.5555/a"),
            update("retraction", "10.5555/b", "retraction-watch"),
            update("retraction", "10.5555/a"),
        ],
    }
    found = [(entry.type, entry.source) for entry in read_updates(message)]
    assert found == [
        ("retraction", "retraction-watch"),
        ("retraction", "publisher"),
        ("expression_of_concern", "publisher"),
        ("erratum", "publisher"),
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"type": "Expression of Concern"}, Update("expression_of_concern")),
        ({"label": "Err"}, Update("err", label="Err")),
        ({"type": "retraction", "updated": {"date-time": "2020-05-05T00:00:00Z"}}, None),
        ({}, Update("update")),
        ({"type": "retraction", "updated": {"date-time": "soon"}}, Update("retraction")),
        ({"type": "retraction", "updated": 5}, Update("retraction")),
    ],
)
def test_incomplete_rows(entry: dict[str, Any], expected: Update | None) -> None:
    wanted = expected or Update("retraction", date=Date(2020, 5, 5))
    assert read_updates({"DOI": "10.5555/x", "updated-by": [entry]}) == (wanted,)
