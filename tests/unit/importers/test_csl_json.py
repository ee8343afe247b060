"""CSL-JSON from outside, program by program."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from refman.crosswalk.csljson import description_from_item, item_from_description, key_of_item
from refman.importers.csl_json import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput
from tests.growth import assert_grows_linearly

DATA = Path(__file__).parents[2] / "data" / "csl-json"
CROSSREF = Path(__file__).parents[2] / "data" / "crossref"


def read(text: str, *, recase_titles: bool = True) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(text.encode()), "x.json")
    return list(importer.read(source, ImportOptions(recase_titles=recase_titles)))


def from_file(name: str) -> list[Record | Problem]:
    return read((DATA / name).read_text(encoding="utf-8"))


def described(**item: Any) -> Description:
    found = read(json.dumps([{"type": "article-journal", "title": "A", **item}]))
    assert isinstance(found[0], Record)
    return found[0].description


def test_is_an_importer() -> None:
    assert isinstance(importer, Importer)


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": "a", "type": "book", "title": "A"}, {"id": "b", "type": "book", "title": "B"}]',
        '{"id": "a", "type": "book", "title": "A"}\n{"id": "b", "type": "book", "title": "B"}\n',
        '{"items": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}',
    ],
)
def test_shapes(text: str) -> None:
    found = read(text)
    assert [item.citation_key for item in found if isinstance(item, Record)] == ["a", "b"]
    assert len(found) == 2


def test_a_single_item() -> None:
    (record,) = read('{"id": "a", "type": "book", "title": "A"}')
    assert isinstance(record, Record)
    assert record.description == Description(type="book", title="A")
    assert record.origin.location == "x.json:1"


def test_citation_js() -> None:
    found = from_file("biblatex-csl.json")
    records = [item for item in found if isinstance(item, Record)]
    assert len(records) == len(found) == 28
    first = records[0]
    assert first.citation_key == "tolkien:single"
    assert first.description.original_date == Date(1998)
    assert first.description.container_author == (Name("Tolkien", "J R R"),)
    kept = [extra for record in records for extra in record.description.extra]
    assert kept == [Extra("csl-json", "S2ID", "202004462")]


def test_better_bibtex_seasons() -> None:
    found = from_file("season-ranges.csl.json")
    dates = [item.description.issued for item in found if isinstance(item, Record)]
    assert dates[2] == Date(11, season=1, end=Date(12, season=2))
    assert dates[0] == Date(-1, season=1, end=Date(-1, season=4))
    (problem,) = [item for item in found if isinstance(item, Problem)]
    assert problem.partial
    assert problem.line == 74


def test_better_bibtex_creators() -> None:
    (record,) = from_file("multiple-creators.csl.json")
    assert isinstance(record, Record)
    assert len(record.description.container_author) == 6
    assert record.description.director[0].family == "Barris"
    assert record.description.license == "87a"


def test_crossref_by_content_negotiation() -> None:
    records = [item for item in from_file("crossref.jsonl") if isinstance(item, Record)]
    first = records[0].description
    assert first.type == "article-journal"
    assert first.DOI == "10.1021/ja01577a030"
    assert first.ISSN == ("0002-7863", "1520-5126")
    assert first.published_online == Date(2002, 5, 1)
    assert first.title == "Correlation of the Base Strengths of Amines<sup>1</sup>"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[2021, 8, 15]]}, Date(2021, 8, 15)),
        ({"date-parts": [["2021", "08", "15"]]}, Date(2021, 8, 15)),
        ({"date-parts": [2021, 8]}, Date(2021, 8)),
        ({"date_parts": [[2021]]}, Date(2021)),
        ({"date-parts": [[2020], [2021]]}, Date(2020, end=Date(2021))),
        ({"date-parts": [["1901"], [0]]}, Date(1901, end=Date(literal=".."))),
        ({"date-parts": [[1901]], "circa": True}, Date(1901, circa=True)),
        ({"date-parts": [[2021]], "season": "2"}, Date(2021, season=2)),
        ({"date-parts": [[2021]], "season": "autumn"}, Date(2021, season=3)),
        ({"date-parts": [[2021]], "circa": "false"}, Date(2021)),
        ({"raw": "2021-08-15"}, Date(2021, 8, 15)),
        ({"raw": "15 August 2021"}, Date(2021, 8, 15)),
        ({"literal": "in press"}, Date(literal="in press")),
        ({"year": 2021, "month": "8"}, Date(2021, 8)),
        ([{"year": 2021}], Date(2021)),
        ("2021-08-15", Date(2021, 8, 15)),
        (2021, Date(2021)),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[]]}, None),
        ({"date-parts": []}, None),
        (None, None),
    ],
)  # fmt: skip
def test_dates(value: object, date: Date | None) -> None:
    description = described(issued=value)
    assert description.issued == date
    assert description.extra == ()


def test_a_year_beside_the_items_date() -> None:
    assert described(year="2021").issued == Date(2021)
    description = described(year="2020", issued={"date-parts": [[2021]]})
    assert description.issued == Date(2021)
    assert description.extra == (Extra("csl-json", "year", "2020"),)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ({"family": "Doe", "given": "Jane"}, Name("Doe", "Jane")),
        ({"literal": "WHO"}, Name(literal="WHO")),
        ({"given": "Minollah"}, Name(literal="Minollah")),
        ({"name": "Erdös, Paul"}, Name("Erdös", "Paul")),
        ("Doe, Jane", Name("Doe", "Jane")),
        (
            {"family": "Berg", "given": "A", "non-dropping-particle": "van der", "suffix": "Jr."},
            Name("Berg", "A", "Jr.", non_dropping_particle="van der"),
        ),
        (
            {"family": "Doe", "ORCID": "https://orcid.org/0000-0002-1825-0097",
             "affiliation": [{"name": "A"}, "B"]},
            Name("Doe", ORCID="0000-0002-1825-0097", affiliation=("A", "B")),
        ),
    ],
)  # fmt: skip
def test_names(name: object, expected: Name) -> None:
    assert described(author=[name]).author == (expected,)


def test_values_of_other_kinds() -> None:
    description = described(
        title=["A", "B"],
        volume=12,
        ISSN=["0714-9808", "16604601"],
        ISBN="978-0-253-21190-3 0-8044-2957-X",
        keyword="one, two",
        page={"from": 1},
        container_title="J",
        journalAbbreviation="J.",
        DOI="https://doi.org/10.1000/X",
        shortTitle=None,
        mystery=[1, {"a": None}],
    )
    assert description.title == "A"
    assert description.volume == "12"
    assert description.ISSN == ("0714-9808", "1660-4601")
    assert description.ISBN == ("9780253211903", "080442957X")
    assert description.keyword == ("one", "two")
    assert description.container_title == "J"
    assert description.container_title_short == "J."
    assert description.DOI == "10.1000/X"
    assert {(extra.name, extra.value) for extra in description.extra} == {
        ("title", '["B"]'),
        ("page", '{"from":1}'),
        ("mystery", '[1,{"a":null}]'),
    }


def test_types() -> None:
    assert described(type="journal-article").type == "article-journal"
    (record, problem) = read('{"id": "a", "type": "hologram", "title": "A"}')
    assert isinstance(record, Record)
    assert record.description.type == "document"
    assert record.description.extra == (Extra("csl-json", "type", "hologram"),)
    assert isinstance(problem, Problem)
    assert problem.partial


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "doe2020"}, "doe2020"),
        ({"id": "http://zotero.org/users/1/items/ABC"}, None),
        ({"id": "zotero://select/items/ABC"}, None),
        ({"id": "12345/ABCD2345"}, None),
        ({"id": "10.1000/abc"}, None),
        ({"id": "averroes/bland"}, "averroes/bland"),
        ({"id": "DBLP:conf/nips/VaswaniSPUJGKP17"}, "DBLP:conf/nips/VaswaniSPUJGKP17"),
        ({"id": 12}, None),
        ({"id": "12"}, None),
        ({"id": "x", "citation-key": "doe2020"}, "doe2020"),
        ({}, None),
    ],
)
def test_citation_keys(item: dict[str, object], key: str | None) -> None:
    (record,) = read(json.dumps({**item, "type": "book", "title": "A"}))
    assert isinstance(record, Record)
    assert record.citation_key == key


def test_titles_in_capitals() -> None:
    item = {
        "type": "book",
        "title": "A STUDY OF TRAFFICKING IN INDONESIA",
        "abstract": "In Indonesia.",
    }
    (record,) = read(json.dumps(item))
    assert isinstance(record, Record)
    assert record.description.title == "A study of trafficking in Indonesia"
    assert record.guessed == {"title"}
    assert record.verbatim == (("title", item["title"]),)
    (as_it_is,) = read(json.dumps(item), recase_titles=False)
    assert isinstance(as_it_is, Record)
    assert as_it_is.description.title == item["title"]


def test_a_bare_year_is_a_guess() -> None:
    (record,) = read('{"type": "book", "title": "A", "issued": {"date-parts": [[2021]]}}')
    assert isinstance(record, Record)
    assert record.guessed == {"issued"}


def test_problems_have_their_line() -> None:
    lines = [
        "[",
        '  {"type": "book", "title": "A"},',
        '  {"type": "book" "title": "B"},',
        "  12,",
        '  {"x": 1},',
        '  {"type": "book", "title": "C"}',
        "]",
    ]
    text = "\n".join(lines)
    found = read(text)
    assert [item.description.title for item in found if isinstance(item, Record)] == ["A", "C"]
    problems = [item for item in found if isinstance(item, Problem)]
    assert [(problem.line, problem.raw) for problem in problems] == [
        (3, '{"type": "book" "title": "B"}'),
        (4, "12"),
        (5, '{"x": 1}'),
    ]


def test_hostile_texts_are_made_harmless() -> None:
    found = read(
        '{"type": "book", "title": "a\\u0000\\ud800b\\nc", "x": "\\ud800", "y": ["\\udfff"]}'
    )
    (record,) = found
    assert isinstance(record, Record)
    assert record.description.title == "ab c"
    repr(record.description).encode()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ('[{"id": "a", "type": "book", "issued": {"date-parts": [[2021]]}}]', 0.9, 1),
        ('{"id": "a", "type": "article-journal", "container-title": "J"}', 0.9, 1),
        ('[{"name": "x", "version": 1}]', 0, 0),
        ('{"status": "ok", "message-type": "work", "message": {"title": ["A"]}}', 0, 0),
        ("[]", 0, 0),
        ("TY  - JOUR", 0, 0),
    ],
)
def test_recognises_by_content(text: str, least: float, most: float) -> None:
    assert least <= importer.recognise(Sample("x.json", text)) <= most


def test_leaves_the_rest_api_to_its_own_importer() -> None:
    for name in ("works.jsonl", "work.json", "work-list.json"):
        text = (CROSSREF / name).read_text(encoding="utf-8")[:65536]
        assert importer.recognise(Sample(name, text)) == 0


# Variables in a note


def noted(note: str, **others: Any) -> Description:
    return description_from_item({"type": "article", "title": "A", "note": note, **others})[0]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("PMID: 123", "PMID", "123"),
        ("PMCID: PMC123", "PMCID", "PMC123"),
        ("DOI: https://doi.org/10.1000/Xyz", "DOI", "10.1000/Xyz"),
        ("ISSN: 0714-9808", "ISSN", ("0714-9808",)),
        ("Original Date: 1886", "original_date", Date(1886)),
        ("original-date: 1886-05", "original_date", Date(1886, 5)),
        ("Publisher Place: Jakarta", "publisher_place", "Jakarta"),
        ("event-title: A Meeting", "event_title", "A Meeting"),
        ("type: dataset", "type", "dataset"),
        ("editor: Doe || Jane", "editor", (Name("Doe", "Jane"),)),
        ("editor: Doe || Jane\neditor: UNESCO", "editor",
         (Name("Doe", "Jane"), Name(literal="UNESCO"))),
        ("{:volume: 4}", "volume", "4"),
    ],
)  # fmt: skip
def test_a_note_states_variables(line: str, field: str, value: object) -> None:
    found = noted(f"Read it again.\n{line}")
    assert getattr(found, field) == value
    assert found.note == "Read it again."


def test_a_note_of_better_bibtex_states_fields_of_bibtex_and_the_key() -> None:
    item = {"id": "http://zotero.org/1", "type": "book", "note": "tex.eprint: 1\nCitation Key: doe"}
    found, _ = description_from_item(item)
    assert found.extra == (Extra("bibtex", "eprint", "1"),)
    assert found.note is None
    assert key_of_item(item) == "doe"


@pytest.mark.parametrize(
    "note",
    [
        "Remark: nothing that CSL knows",
        "PMID: not a number of any kind, but prose that goes on",
        "note: itself",
        "issued: some day",
        "https://example.org",
        "volume: 5",
    ],
)
def test_what_states_no_variable_stays_in_the_note(note: str) -> None:
    found = noted(note, volume="4")
    assert found.note == note
    assert (found.volume, found.PMID) == ("4", None)


def test_what_a_note_says_again_goes() -> None:
    assert noted("volume: 4\nmine", volume="4").note == "mine"


def test_our_own_note_comes_back_as_it_was() -> None:
    description = Description(type="book", title="A", note="PMID: 123\nDOI: none")
    item = item_from_description(description)
    assert item["custom"] == {"texts": {"note": "PMID: 123\nDOI: none"}}
    assert description_from_item(item)[0] == description


@pytest.mark.parametrize("piece", ["{:a:", "{:a: b}", "a: b\n", "a ", "PMID: 1\n", "{:editor: a}"])
def test_a_hostile_note_takes_linear_time(piece: str) -> None:
    assert_grows_linearly(lambda size: noted(piece * size), 500)
