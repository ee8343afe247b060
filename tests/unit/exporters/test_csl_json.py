"""CSL-JSON on the way out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refman.crosswalk.csljson import description_from_item
from refman.exporters.csl_json import exporter
from refman.model import Date, Description, Extra, Name, Relation, Update, Work
from refman.ports import Exporter, ExportOptions, Loss, TextEncoding

FULL = Description(
    type="article-journal",
    title="Über <i>E. coli</i>",
    author=(
        Name("Beethoven", "Ludwig", non_dropping_particle="van", ORCID="0000-0002-1825-0097"),
        Name(literal="Rizkika Dwi"),
    ),
    container_title="Journal of Things",
    issued=Date(2021, 8, 15),
    accessed=Date(2022, 1, 2, end=Date(2022, 1, 3)),
    volume="4",
    page="12-20",
    DOI="10.1000/xyz",
    ISSN=("0714-9808", "1660-4601"),
    keyword=("one", "two"),
    abstract="One.\n\nTwo.",
    arXiv="2101.00001",
    published_online=Date(2021, 7),
    updates=(Update("retraction", DOI="10.1000/r", date=Date(2022)),),
    relations=(Relation("is-preprint-of", "10.1000/p"),),
    extra=(Extra("ris", "C4", "x"), Extra("csl-json", "S2ID", "202004462")),
)


def export(*works: Work, options: ExportOptions | None = None) -> str:
    items = list(exporter.write(works, options or ExportOptions()))
    assert not any(isinstance(item, Loss) for item in items)
    return "".join(str(item) for item in items)


def work(description: Description, **more: Any) -> Work:
    return Work(id=1, citation_key="doe2021", description=description, **more)


def test_is_an_exporter() -> None:
    assert isinstance(exporter, Exporter)


def test_an_item() -> None:
    (item,) = json.loads(export(work(FULL, tags=("read",), collections=("Thesis",))))
    assert list(item)[:4] == ["id", "type", "title", "author"]
    assert list(item)[-1] == "custom"
    assert item == {
        "id": "doe2021",
        "type": "article-journal",
        "title": "Über <i>E. coli</i>",
        "author": [
            {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
            {"literal": "Rizkika Dwi"},
        ],
        "container-title": "Journal of Things",
        "issued": {"date-parts": [[2021, 8, 15]]},
        "accessed": {"date-parts": [[2022, 1, 2], [2022, 1, 3]]},
        "volume": "4",
        "page": "12-20",
        "DOI": "10.1000/xyz",
        "ISSN": "0714-9808, 1660-4601",
        "keyword": "one, two",
        "abstract": "One.\n\nTwo.",
        "custom": {
            "names": {"author": {"0": {"ORCID": "0000-0002-1825-0097"}}},
            "arXiv": "2101.00001",
            "published-online": "2021-07",
            "updates": [{"type": "retraction", "DOI": "10.1000/r", "date": "2022"}],
            "relations": [{"type": "is-preprint-of", "id": "10.1000/p", "id-type": "doi"}],
            "extra": [{"format": "ris", "name": "C4", "value": "x"}],
            "S2ID": "202004462",
            "tags": ["read"],
            "collections": ["Thesis"],
        },
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"issued": Date(2021, season=1)}, {"issued": {"date-parts": [[2021]], "season": 1}}),
        ({"issued": Date(1850, circa=True)}, {"issued": {"date-parts": [[1850]], "circa": True}}),
        ({"issued": Date(literal="in press")}, {"issued": {"literal": "in press"}}),
        (
            {"issued": Date(2020, end=Date(literal=".."))},
            {"issued": {"date-parts": [[2020], [0]]}},
        ),
        ({"keyword": ("a, b", "c")}, {"keyword": "a, b; c"}),
        ({"archive_location": "x"}, {"archive_location": "x"}),
        ({"title_short": "x"}, {"title-short": "x"}),
    ],
)
def test_values(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    (item,) = json.loads(export(work(Description(type="book", **fields))))
    assert item == {"id": "doe2021", "type": "book", **expected}
    assert description_from_item(item)[0] == Description(type="book", **fields)


def test_what_csl_cannot_say_exactly_is_kept_beside_it() -> None:
    description = Description(type=None, keyword=("a; b, c",))
    (item,) = json.loads(export(work(description)))
    assert item["type"] == "document"
    assert item["custom"] == {"type": None, "lists": {"keyword": ["a; b, c"]}}
    assert description_from_item(item)[0] == description


def test_layout() -> None:
    first = work(Description(type="book", title="A"))
    second = work(Description(type="book", author=(Name("Doe"),)))
    assert export(first, second) == (
        "[\n"
        '  {\n    "id": "doe2021",\n    "type": "book",\n    "title": "A"\n  },\n'
        '  {\n    "id": "doe2021",\n    "type": "book",\n    "author": [\n'
        '      {\n        "family": "Doe"\n      }\n    ]\n  }\n'
        "]\n"
    )
    assert export() == "[]\n"


def test_ascii() -> None:
    text = export(work(FULL), options=ExportOptions(encoding=TextEncoding.ASCII))
    assert text.isascii()
    assert "\\u00dcber" in text
    assert json.loads(text) == json.loads(export(work(FULL)))
    assert "Über" in export(work(FULL))


def test_omitted_fields_are_left_out() -> None:
    options = ExportOptions(omit=frozenset(("abstract", "author", "extra", "arXiv")))
    (item,) = json.loads(export(work(FULL), options=options))
    assert not {"abstract", "author"} & set(item)
    assert not {"names", "extra", "S2ID", "arXiv"} & set(item["custom"])


def test_works_are_taken_one_after_the_other() -> None:
    taken: list[int] = []

    def works() -> Any:
        for number in range(3):
            taken.append(number)
            yield work(Description(type="book", title=str(number)))

    pieces = exporter.write(works(), ExportOptions())
    next(pieces)
    assert taken == [0]


_NAME_KEYS = {"family", "given", "suffix", "dropping-particle", "non-dropping-particle", "literal"}
_DATE_KEYS = {"date-parts", "season", "circa", "literal", "raw"}


def test_is_what_the_schema_of_csl_wants() -> None:
    """Standard variables are texts, lists of names or dates; all else stands under `custom`."""
    (item,) = json.loads(export(work(FULL, tags=("read",))))
    for key, value in item.items():
        if key in ("author", "editor"):
            for name in value:
                assert set(name) <= _NAME_KEYS
                assert all(isinstance(part, str) for part in name.values())
        elif key in ("issued", "accessed"):
            assert set(value) <= _DATE_KEYS
            assert 1 <= len(value["date-parts"]) <= 2
            assert all(1 <= len(part) <= 3 for part in value["date-parts"])
        elif key == "custom":
            assert isinstance(value, dict)
        else:
            assert isinstance(value, str)
