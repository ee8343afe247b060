"""JSON in pieces: what comes out, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from refman.text import json_stream
from refman.text.json_stream import Broken, Element, elements
from tests.growth import assert_grows_linearly

ENVELOPE = ("message", "items")


def values(text: str, within: tuple[str, ...] = (), size: int | None = None) -> list[Any]:
    """Values of elements and reasons of what is broken, the text coming in pieces of a size."""
    pieces = _lines(text) if size is None else _pieces(text, size)
    return [
        item.value if isinstance(item, Element) else (item.line, item.reason, item.raw)
        for item in elements(pieces, within)
    ]


def _lines(text: str) -> Iterator[str]:
    yield from text.splitlines(keepends=True)


def _pieces(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a": 1}, {"b": 2}]', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}\n{"b": 2}\n', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"items": [{"a": 1}, {"b": 2}], "x": [3]}', [{"a": 1}, {"b": 2}]),
        ('{"ok": 1, "message": {"n": 2, "items": [1, 2], "z": {}}}', [1, 2]),
        ('{"ok": 1, "message": {"DOI": "x"}}', [{"DOI": "x"}]),
        ('{"DOI": "x", "message": "none"}', [{"DOI": "x", "message": "none"}]),
        ('{"items": [1]}\n{"items": [2]}', [1, 2]),
        ('{"items": []}', []),
        ("[]", []),
        ("", []),
        ("\ufeff[1]", [1]),
        ("[1, 2.5, true, null, [3], 44]", [1, 2.5, True, None, [3], 44]),
        ("[1,,2,]", [1, 2]),
        ('["a\nb"]', ["a\nb"]),
    ],
)
@pytest.mark.parametrize("size", [None, 1, 3])
def test_shapes(text: str, expected: list[Any], size: int | None) -> None:
    assert values(text, ENVELOPE, size) == expected


def test_without_an_envelope_an_object_is_an_element() -> None:
    assert values('{"items": [1]}') == [{"items": [1]}]


def test_lines_and_texts() -> None:
    found = list(elements(_lines('[\n  {"a":\n 1},\n\n  {"b": 2}\n]')))
    assert [(item.line, item[2]) for item in found] == [(2, '{"a":\n 1}'), (5, '{"b": 2}')]


def test_a_broken_line_costs_that_line_only() -> None:
    assert values('{"a": 1}\n{"b": \n{"c": 3}\n') == [
        {"a": 1},
        (2, "not JSON: expecting ',' delimiter", '{"b":'),
        {"c": 3},
    ]


@pytest.mark.parametrize("missing", ['"', ":", ","])
def test_a_broken_element_of_an_indented_list_costs_that_element_only(missing: str) -> None:
    items = [{"id": str(number), "a": [{"b": 1}, {"c": 2}]} for number in range(3)]
    text = json.dumps(items, indent=2)
    at = text.index(missing, text.index('"id": "1"') + (0 if missing != "," else 5))
    broken = text[:at] + text[at + 1 :]
    first, second, third = values(broken)
    assert (first, third) == (items[0], items[2])
    assert second[0] == text[:at].count("\n", 0, text.index('"id": "1"'))


def test_a_broken_element_of_an_envelope_costs_that_element_only() -> None:
    text = '{"message": {"items": [{"a": 1}, {"b": oops}, {"c": 3}]}}'
    assert values(text, ENVELOPE) == [
        {"a": 1},
        (1, "not JSON: expecting value", '{"b": oops}'),
        {"c": 3},
    ]


def test_what_is_cut_off_is_said() -> None:
    first, second, third = values('[{"a": 1}, {"b": ')
    assert first == {"a": 1}
    assert second[2] == '{"b":'
    assert "cut off" in third[1]


def test_what_is_no_json_is_said_line_by_line() -> None:
    found = values('Dear all,\n{"a": 1}\n')
    assert found == [(1, "not JSON: expecting value", "Dear all,"), {"a": 1}]


def test_too_long_an_element(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_ELEMENT", 1000)
    monkeypatch.setattr(json_stream, "_CHUNK", 100)
    found = values('[1, "' + "x" * 5000 + '", 2]', size=10)
    assert found[0] == 1
    assert "the rest is not read" in found[1][1]
    assert len(found) == 2


def test_memory_is_that_of_an_element() -> None:
    def endless() -> Iterator[str]:
        yield "["
        for number in range(200_000):
            yield f'{{"n": {number}}},'

    reader = json_stream._Reader(endless(), frozenset())
    longest = count = 0
    for item in reader.run():
        count += isinstance(item, Element)
        longest = max(longest, len(reader._text))
    assert count == 200_000
    assert longest < 1_000_000


@pytest.mark.parametrize(
    ("head", "piece", "end"),
    [
        ("", "[", ""),
        ("", '{"items":', ""),
        ("", '{"a":\n', "{"),
        ("", '[{"a":x},', ""),
        ("", "[{]", ""),
        ('[{"a":', '"\\', ""),
        ('["', "x" * 10, ""),
        ('[{"a":', "1" * 10, "}, {}]"),
        ('{"items":[', '{"a":"x},\n', ""),
    ],
    ids=["deep", "envelopes", "lines", "names", "brackets", "quotes", "open", "digits", "strings"],
)
def test_hostile_input_takes_linear_time(head: str, piece: str, end: str) -> None:
    def read_it(size: int) -> list[Element | Broken]:
        return list(elements(iter([head + piece * size + end]), ENVELOPE))

    assert any(isinstance(item, Broken) for item in read_it(10_000))
    assert_grows_linearly(read_it, 10_000)
