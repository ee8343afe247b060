"""What EndNote XML carries comes back from it as it was."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from refman.crosswalk.crossref import description_from_message
from refman.crosswalk.endnote_types import csl_type, endnote_type
from refman.exporters.endnote_xml import exporter
from refman.importers.endnote_xml import importer
from refman.model import Date, Description, Extra, Name, Record, Work, stated
from refman.model.vocabulary import CSL_TYPES
from refman.ports import ExportOptions, ImportOptions, Problem
from refman.text.markup import clean_inline, plain_text
from refman.text.reading import TextInput
from tests import strategies
from tests.corpus import corpus

DATA = Path(__file__).parents[1] / "data"

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"))


def _settled(text: str) -> str:
    return plain_text(plain_text(text))


texts = st.one_of(
    st.sampled_from(["12", "Élan vital", "a, b", "AT&T", "p < 0.05", "]]>", "東京", "e0815"]),
    st.text(_CHARACTERS, max_size=20).map(_settled),
).filter(
    lambda text: (
        text and plain_text(text) == text and clean_inline(text) == text and "<" not in text
    )
)
numbers = texts.filter(lambda text: not any(char in text for char in "-–—;,/()"))
titles = st.one_of(
    texts,
    st.sampled_from(
        ["On <i>E. coli</i>", "CO<sub>2</sub> and <b>10<sup>6</sup></b>", "<i>a <b>b</b></i> c"]
    ),
)
names = st.one_of(
    st.builds(Name, family=st.just("Doe"), given=st.sampled_from(["Jane", "J. Q."])),
    st.just(Name("King", "Martin Luther", "Jr.")),
    st.just(Name("Dam", "Jan", non_dropping_particle="van")),
    st.sampled_from(["World Health Organization", "Univ. of California, Berkeley", "Plato"]).map(
        lambda text: Name(literal=text)
    ),
)
people = st.lists(names, min_size=1, max_size=3).map(tuple)
dates = st.one_of(
    st.dates().map(lambda day: Date(day.year, day.month, day.day)),
    st.builds(Date, st.integers(1, 2100)),
    st.builds(Date, st.integers(1, 2100), st.integers(1, 12)),
    st.builds(Date, st.integers(1000, 2100), season=st.integers(1, 4)),
    st.just(Date(2006, 7, 15, end=Date(2006, 8, 1))),
    st.just(Date(literal="in press")),
)
whole_dates = dates.filter(lambda date: date.year is not None)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title_short": titles, "author": people, "editor": people, "translator": people,
    "collection_title": titles, "container_title": titles, "container_title_short": texts,
    "issued": dates, "accessed": whole_dates, "volume": texts, "issue": texts,
    "number": numbers,
    "page": st.sampled_from(["12-20", "e0815", "7", "S12-S15", "1-3, 7"]),
    "number_of_volumes": texts, "edition": texts, "publisher": texts, "publisher_place": texts,
    "language": texts, "call_number": texts, "genre": texts, "event_place": texts,
    "source": texts, "reviewed_title": texts, "original_date": whole_dates,
    "published_online": whole_dates,
    "DOI": st.sampled_from(["10.1000/Xyz", "10.1002/(SICI)1(1997)1:1<1::AID-A>3.0.CO;2-#"]),
    "ISSN": st.sampled_from([("0714-9808",), ("0714-9808", "1660-4601")]),
    "ISBN": st.sampled_from([("9781482253269",), ("9781482253269", "080442957X")]),
    "PMID": st.just("26957754"), "PMCID": st.just("PMC1234567"),
    "URL": st.sampled_from(["https://example.org/a?b=c&d=e", "http://example.com/"]),
    "abstract": st.just("We asked 12 people <21 years.\n\nThey said no."),
    "keyword": st.lists(
        texts.filter(lambda text: ";" not in text), min_size=1, max_size=4, unique=True
    ).map(tuple),
    "note": st.lists(texts, min_size=1, max_size=3).map("\n".join),
    "annote": texts,
    "extra": st.dictionaries(
        st.sampled_from(["rec-number", "coden", "auth-address", "caption", "pdf-urls", "misc3"]),
        texts,
        min_size=1,
        max_size=3,
    ).map(lambda found: tuple(Extra("endnote-xml", name, found[name]) for name in sorted(found))),
}  # fmt: skip

kinds = st.sampled_from(
    [
        "article-journal", "article-magazine", "book", "chapter", "entry-encyclopedia",
        "paper-conference", "report", "thesis", "webpage",
    ]
)  # fmt: skip


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    chosen = draw(st.sets(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=9))
    fields = {field: draw(_FIELDS[field]) for field in sorted(chosen)}
    return Description(type=draw(kinds), title=draw(titles), **fields)


def export(works: list[Work]) -> tuple[str, list[set[str]]]:
    """The file, and for each work the fields of which something was lost."""
    pieces = list(exporter.write(works, ExportOptions()))
    lost: dict[str, set[str]] = {work.citation_key: set() for work in works}
    for piece in pieces:
        if not isinstance(piece, str):
            lost[piece.citation_key].add(piece.field)
    return "".join(piece for piece in pieces if isinstance(piece, str)), list(lost.values())


def read(text: str) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(text.encode()), "x")
    return list(importer.read(source, ImportOptions(recase_titles=False)))


def works_of(found: Iterable[Description]) -> list[Work]:
    return [
        Work(id=number, citation_key=f"key{number}", description=description)
        for number, description in enumerate(found, 1)
    ]


def differing(works: list[Work]) -> Counter[str]:
    """The fields that did not come back, and of which nothing was said."""
    text, lost = export(works)
    records = read(text)
    assert len(records) == len(works)
    found: Counter[str] = Counter()
    for work, record, told in zip(works, records, lost, strict=True):
        assert isinstance(record, Record), record
        assert record.citation_key == work.citation_key
        before, after = dict(stated(work.description)), dict(stated(record.description))
        for extra in (before, after):
            kept = tuple(one for one in extra.get("extra", ()) if one.format == "endnote-xml")
            extra["extra"] = tuple(sorted(kept, key=lambda one: (one.name, one.value)))
        found.update(
            field
            for field in before.keys() | after.keys()
            if before.get(field) != after.get(field) and field not in told
        )
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(descriptions(), min_size=1, max_size=3))
def test_reads_back_what_was_written(found: list[Description]) -> None:
    assert not differing(works_of(found))


def test_real_records_of_crossref_read_back() -> None:
    lines = (DATA / "crossref" / "works.jsonl").read_text().splitlines()
    described = [description_from_message(json.loads(line)).description for line in lines]
    assert len(described) > 20
    assert not differing(works_of(described))


def test_every_type_comes_back_or_is_told() -> None:
    exact = 0
    for csl in CSL_TYPES:
        number, name, same = endnote_type(csl)
        assert (csl_type(name, number)[0] == csl) == same
        assert csl_type(None, number)[0] == csl_type(name, number)[0]
        exact += same
    assert exact == 36


@settings(max_examples=30, deadline=None)
@given(strategies.descriptions())
def test_anything_at_all_gives_a_file_that_reads(description: Description) -> None:
    text, _ = export(works_of([description]))
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    assert len(root.findall("records/record")) == 1
    before = description
    for _ in range(3):
        (record,) = read(text)
        if not isinstance(record, Record):
            return
        before = record.description
        text, _ = export(works_of([before]))
    (again,) = read(text)
    assert isinstance(again, Record)
    assert again.description == before


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=100))
def test_any_text_in_an_element_is_read(text: str) -> None:
    read(f"<xml><records><record><titles><title>{text}</title></titles></record></records></xml>")


@pytest.mark.parametrize("name", ["zotero_export.xml.gz", "mendeley_export.xml.gz"])
def test_what_zotero_and_mendeley_wrote_comes_back(name: str) -> None:
    text = gzip.decompress(corpus("endnote", name).read_bytes()).decode()
    # A third of the 1233, to be quick.
    text = "</record>".join(text.split("</record>")[:400]) + "</record></records></xml>"
    found = [record.description for record in read(text) if isinstance(record, Record)]
    assert len(found) == 400
    assert not differing(works_of(found))
