"""A small part of `benchmarks.find_dois`, with bounds."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.find_dois import ask, collect, outcome, table
from benchmarks.reference_records import (
    by_doi,
    neighbours,
    read_lines,
    record_of_fields,
    record_of_styles,
    written_out,
)

DATA = Path(__file__).parent.parent / "data"
PMC = DATA / "refs" / "pmc-references.jsonl.gz"
STYLED = DATA / "refs" / "styled-references.jsonl.gz"


@pytest.fixture(scope="module")
def outcomes() -> Counter[tuple[str, bool, str]]:
    """How many cases of a group, with or without a record, came to what."""
    collection = collect(PMC, STYLED, [DATA / "match" / "works.jsonl.gz"], sample=60, seed=3)
    told = asyncio.run(ask(collection))
    assert list(table(told))[-1].startswith("| **all** |")
    return Counter(
        (case.group, case.doi is not None, outcome(case, found)) for case, found, _ in told
    )


def _sum(outcomes: Counter[tuple[str, bool, str]], what: str, group: str = "") -> int:
    return sum(n for (name, _, is_), n in outcomes.items() if is_ == what and group in name)


def test_what_is_taken_is_right(outcomes: Counter[tuple[str, bool, str]]) -> None:
    assert _sum(outcomes, "right") > 200
    assert _sum(outcomes, "wrong") == 0


def test_most_of_what_is_there_is_found(outcomes: Counter[tuple[str, bool, str]]) -> None:
    for group, least in (("PMC reference", 0.95), ("entry, whole", 0.9), ("apa", 0.5)):
        there = sum(n for (name, there, _), n in outcomes.items() if name == group and there)
        assert outcomes[group, True, "right"] >= least * there > 0, group


def test_what_is_not_there_is_not_taken(outcomes: Counter[tuple[str, bool, str]]) -> None:
    absent = Counter({key: n for key, n in outcomes.items() if not key[1]})
    assert absent.total() > 50
    assert {what for _, _, what in absent} <= {"none", "proposed wrong"}


def test_records_are_made_of_all_references() -> None:
    records = [record_of_fields(entry) for entry in read_lines(PMC)]
    assert None not in records
    styled = by_doi(read_lines(STYLED))
    made = {doi: record_of_styles(doi, styles) for doi, styles in styled.items()}
    assert len(made) == 45
    assert None not in made.values()
    for record in filter(None, [*records, *made.values()]):
        assert record["title"][0]
        assert record["issued"]["date-parts"][0][0] > 1500
        assert len({neighbours(record, n)["DOI"] for n in range(5)}) == 5


def test_journals_are_written_out() -> None:
    assert written_out("J Biol Chem") == "Journal of Biology Chemistry"
    assert written_out("Gut") == "Gut"
