"""CSL-JSON beside its schema, its processors, and the items of other programs."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.csljson import description_from_item, item_from_description
from refman.exporters.csl_json import exporter
from refman.model import Description, Work
from refman.ports import ExportOptions
from refman.services.citing import CiteFormat, cite
from tests.corpus import corpus

SCHEMA = Path(__file__).parents[1] / "data" / "csl-json" / "csl-data.schema.json"


def _crossref(name: str) -> Iterator[Description]:
    with gzip.open(corpus("crossref", name), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield description_from_message(json.loads(line)).description


@pytest.mark.parametrize(
    ("name", "step"),
    [("crossref-works.jsonl.gz", 1), ("crossref-dump-part.jsonl.gz", 5)],  # The second is alike.
)
def test_crossref_records_are_valid_and_come_back(name: str, step: int) -> None:
    works = [
        Work(id=n, citation_key=f"key{n}", description=description)
        for n, description in enumerate(islice(_crossref(name), 0, None, step))
    ]
    text = "".join(str(piece) for piece in exporter.write(works, ExportOptions()))
    items = json.loads(text)
    fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")))(items)
    assert len(items) == len(works) >= 300
    for work, item in zip(works, items, strict=True):
        assert description_from_item(item)[0] == work.description


def test_crossref_records_are_rendered() -> None:
    works = [
        Work(id=n, citation_key=f"key{n}", description=description)
        for n, description in enumerate(_crossref("crossref-works.jsonl.gz"))
        if n % 48 == 0
    ]
    references = cite(works, "apa", CiteFormat.TEXT)
    assert len(references) == len(works)
    assert all(references)


# Items of other programs, beside what is written of them


SAID_OTHERWISE = {
    "id": "the key stands there",
    "citation-key": "the key is the item's id",
    "@bibjson/record+object": "not CSL-JSON: test data of another format in the same file",
    "@bibjson/quickscrape+record+object": "the same",
    "@bibjson/collection+object": "the same",
    "file": "an empty text says nothing",
    "license": "the schema has no such variable; it stands under custom",
}
"""Keys that come out otherwise, and why. Forms of values are forgiven in `_form`."""
KNOWN = {
    ("original-date", "{'literal': '2017-14/2017-99'}"): "no date; kept under custom as it came",
}


def _form(key: str, value: Any) -> Any:
    """Numbers as numbers, seasons by one notation, ISBNs and lists in one form."""
    if isinstance(value, Mapping) and "date-parts" in value:
        parts = [[int(part) for part in one if part != ""] for one in value["date-parts"]]
        for one in parts:
            if len(one) == 2 and 13 <= one[1] <= 16:
                one[1] += 8
        return {**value, "date-parts": parts}
    if isinstance(value, Mapping):
        return {name: _form(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_form(key, one) for one in value]
    if key in ("ISBN", "ISSN"):
        return str(value).replace("-", "")
    if key == "keyword":
        return [word.strip() for word in str(value).split(",")]
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).replace("\u2060", "").split())
    return value


def test_agrees_with_the_items_of_others() -> None:
    fields = 0
    different = set()
    for path in sorted(corpus("csl-json").rglob("*.json")):
        found = json.loads(path.read_text("utf-8"))
        for item in found if isinstance(found, list) else [found]:
            written = item_from_description(description_from_item(item)[0])
            for key, value in item.items():
                if key in SAID_OTHERWISE:
                    continue
                fields += 1
                if _form(key, value) != _form(key, written.get(key)):
                    different.add((key, str(value)))
    assert fields > 800
    assert different == KNOWN.keys()
    assert 1 - len(different) / fields >= 0.98
