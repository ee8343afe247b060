"""The importer of Crossref JSON."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from refman.importers.crossref_json import importer
from refman.model import OriginKind, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text import packed
from refman.text.reading import TextInput

DATA = Path(__file__).parents[2] / "data" / "crossref"
WORKS = (DATA / "works.jsonl").read_bytes()
LINES = WORKS.splitlines()
MESSAGES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def read(data: bytes, name: str = "works.json") -> tuple[list[Record], list[Problem]]:
    found = list(importer.read(TextInput(io.BytesIO(data), name), ImportOptions()))
    return (
        [item for item in found if isinstance(item, Record)],
        [item for item in found if isinstance(item, Problem)],
    )


def sample(data: bytes, name: str = "-") -> Sample:
    source = TextInput(io.BytesIO(data), name)
    return Sample(name, source.head_text, source.head)


def test_it_is_an_importer() -> None:
    assert isinstance(importer, Importer)
    assert importer.info.name == "crossref-json"


def envelope(message: object) -> bytes:
    return json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode()


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (WORKS, len(MESSAGES)),
        ((DATA / "work.json").read_bytes(), 1),
        ((DATA / "work-list.json").read_bytes(), 2),
        (json.dumps(MESSAGES).encode(), len(MESSAGES)),
        (json.dumps(MESSAGES, indent=2).encode(), len(MESSAGES)),
        (json.dumps({"items": MESSAGES}).encode(), len(MESSAGES)),
        (envelope({"items": MESSAGES, "total-results": 9}), len(MESSAGES)),
        (envelope(MESSAGES[0]) + b"\n" + envelope(MESSAGES[1]), 2),
        (b"\xef\xbb\xbf" + LINES[0], 1),
        (b"", 0),
    ],
)
def test_every_form(data: bytes, count: int) -> None:
    records, problems = read(data)
    assert not problems
    assert [record.description.DOI for record in records] == [
        message["DOI"] for message in _of(count, records)
    ]
    assert all(record.description.type for record in records)


def _of(count: int, records: list[Record]) -> list[dict[str, Any]]:
    assert len(records) == count
    by_doi = {message["DOI"]: message for message in MESSAGES}
    return [by_doi[str(record.description.DOI)] for record in records]


def test_a_record_says_where_it_came_from() -> None:
    records, _ = read(WORKS, "some/works.jsonl")
    assert records[2].origin.kind is OriginKind.IMPORT
    assert records[2].origin.name == "crossref-json"
    assert records[2].origin.location == "some/works.jsonl:3"


def test_titles_in_capitals_stay_where_that_is_asked_for() -> None:
    line = next(line for line in LINES if b"MORPHOGENESIS" in line)
    source = TextInput(io.BytesIO(line), "-")
    (record,) = importer.read(source, ImportOptions(recase_titles=False))
    assert isinstance(record, Record)
    assert record.description.title == "MORPHOGENESIS OF THE SPORANGIUM OF COMATRICHA"
    assert "title" in read(line)[0][0].guessed


def test_bad_entries_are_problems_and_the_rest_goes_on() -> None:
    deleted = b'{"DOI":"10.5555/d","title":["CrossRef Listing of Deleted DOIs"]}'
    lines = [LINES[0], b'{"DOI":"10.5555/cut","title":["x', deleted, b"{}", LINES[1], b"[1]"]
    records, problems = read(b"\n".join(lines))
    assert len(records) == 2
    assert [problem.line for problem in problems] == [2, 3, 4, 6]
    assert problems[0].raw.startswith('{"DOI":"10.5555/cut"')
    assert "deleted" in problems[1].reason


@pytest.mark.parametrize(
    "answer",
    [
        b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x"}]}',
        b'{"status":"error","message-type":"exception","message":{"name":"x","stack":[]}}',
        b'{"status":"error","message-type":"route-not-found","message":"Route not found"}',
        b'"text"',
        b"Resource not found.",
    ],
)
def test_an_answer_without_a_work_is_a_problem(answer: bytes) -> None:
    records, problems = read(answer)
    assert not records
    assert problems


@pytest.mark.parametrize(
    ("data", "low", "high"),
    [
        ((DATA / "work.json").read_bytes(), 0.95, 1),
        ((DATA / "work-list.json").read_bytes(), 0.95, 1),
        (WORKS, 0.95, 1),
        (json.dumps(MESSAGES[:2]).encode(), 0.95, 1),
        (
            b'{"DOI":"10.5555/x","member":"1","prefix":"10.5555","title":["x"],"deposited":{}}',
            0.5,
            1,
        ),
        (b'[{"id":"a","type":"article-journal","title":"x","DOI":"10.5555/x"}]', 0, 0),
        (b'{"data":{"id":"10.5281/x","type":"dois"}}', 0, 0),
        (b'@article{a, note = {"message-type":"work"}}', 0, 0),
        (b"", 0, 0),
    ],
)
def test_recognising(data: bytes, low: float, high: float) -> None:
    assert low <= importer.recognise(sample(data)) <= high


def test_the_example_snapshot_can_be_imported() -> None:
    path = Path(__file__).parents[3] / "examples" / "crossref-snapshot.jsonl.gz"
    records, problems = read(gzip.decompress(path.read_bytes()))
    assert len(records) >= 40
    assert not problems


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_no_input_is_too_strange(noise: bytes, at: int) -> None:
    data = LINES[0][:at] + noise + LINES[1]
    assume(not data.startswith(packed.MAGIC))
    for item in importer.read(TextInput(io.BytesIO(data), "-"), ImportOptions()):
        assert isinstance(item, (Record, Problem))
    assert 0 <= importer.recognise(sample(data)) <= 1
