"""DataCite's and OpenAlex's own JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from refman.importers import crossref_json, datacite_json, openalex_json
from refman.model import Date, Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.text.reading import TextInput

DATA = Path(__file__).parents[2] / "data"
DATACITE = (DATA / "datacite" / "works.jsonl").read_text(encoding="utf-8")
OPENALEX = (DATA / "openalex" / "works.jsonl").read_text(encoding="utf-8")
CROSSREF = '{"indexed": {}, "DOI": "10.1/x", "prefix": "10.1", "title": ["T"]}'


def read(importer: Importer, text: str) -> list[Record | Problem]:
    return list(importer.read(TextInput(io.BytesIO(text.encode()), "x"), ImportOptions()))


def records(importer: Importer, text: str) -> list[Record]:
    found = read(importer, text)
    assert all(isinstance(item, Record) for item in found), found
    return [item for item in found if isinstance(item, Record)]


@pytest.mark.parametrize(
    ("importer", "lines", "envelope"),
    [
        (datacite_json.importer, DATACITE.splitlines(), "data"),
        (openalex_json.importer, OPENALEX.splitlines(), "results"),
    ],
)
def test_lines_lists_and_envelopes_say_the_same(
    importer: Importer, lines: list[str], envelope: str
) -> None:
    works = [json.loads(line) for line in lines]
    by_line = [record.description for record in records(importer, "\n".join(lines))]
    assert len(by_line) == len(lines)
    for text in (json.dumps(works), json.dumps({"meta": {}, envelope: works}, indent=1)):
        assert [record.description for record in records(importer, text)] == by_line
        assert importer.recognise(Sample("x", text)) >= 0.95
    [one] = records(importer, json.dumps(works[0]))
    assert one.description == by_line[0]
    assert one.origin.location == "x:1"


def test_each_knows_its_own() -> None:
    importers: list[Importer] = [
        datacite_json.importer,
        openalex_json.importer,
        crossref_json.importer,
    ]
    for place, text in enumerate((DATACITE, OPENALEX, CROSSREF)):
        sure = [importer.recognise(Sample("works.json", text)) for importer in importers]
        assert sure[place] >= 0.95
        assert sum(sure) == sure[place]


def test_a_whole_work_of_openalex() -> None:
    work = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.1000/x",
        "title": "Mosses of the north",
        "type": "article",
        "publication_year": 2013,
        "publication_date": "2013-06-10",
        "authorships": [
            {
                "raw_author_name": "Adeodato, João",
                "author": {"orcid": "https://orcid.org/0000-0002-1825-0097"},
                "raw_affiliation_strings": ["Recife"],
            },
            {"author": {"display_name": "Iwan Adji"}},
            "nonsense",
        ],
        "primary_location": {
            "landing_page_url": "https://example.org/1",
            "source": {
                "display_name": "Mosses",
                "issn": ["1234-5679"],
                "type": "journal",
                "host_organization_name": "Wiley",
            },
        },
        "biblio": {"volume": "3", "issue": "2", "first_page": "10", "last_page": "20"},
        "keywords": [{"display_name": "moss"}, {"keyword": "fern"}],
        "cited_by_count": 7,
        "topics": [{"id": "T1"}],
    }
    [record] = records(openalex_json.importer, json.dumps(work))
    said = record.description
    assert [name.full_family for name in said.author] == ["Adeodato", "Adji"]
    assert said.author[0].ORCID == "0000-0002-1825-0097"
    assert said.author[0].affiliation == ("Recife",)
    assert (said.container_title, said.publisher, said.ISSN) == ("Mosses", "Wiley", ("1234-5679",))
    assert (said.volume, said.issue, said.page) == ("3", "2", "10-20")
    assert said.issued == Date(2013, 6, 10)
    assert said.keyword == ("moss", "fern")
    kept = {extra.name: extra.value for extra in said.extra}
    assert (kept["cited_by_count"], kept["topics"]) == ("7", '[{"id":"T1"}]')
    [record] = records(
        openalex_json.importer, json.dumps({**work, "publication_date": "2013-01-01"})
    )
    assert record.description.issued == Date(2013)


@pytest.mark.parametrize("importer", [datacite_json.importer, openalex_json.importer])
def test_what_is_no_work_is_told_with_its_line(importer: Importer) -> None:
    found = read(importer, "{}\n[1]\nnonsense\n")
    assert found
    assert all(isinstance(item, Problem) and item.line for item in found)


def test_a_work_of_openalex_that_is_only_named() -> None:
    (record,) = records(openalex_json.importer, '{"id": "W1", "display_name": "T", "title": null}')
    assert record.description.title == "T"
