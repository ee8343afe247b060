"""What RIS carries comes back from it as it was."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.ris_types import csl_type, ris_type
from refman.crosswalk.ris_values import read_name
from refman.errors import InputError
from refman.exporters.ris import exporter
from refman.importers.ris import importer
from refman.model import Date, Description, Extra, Name, Record, Work, stated
from refman.model.vocabulary import CSL_TYPES
from refman.ports import ExportOptions, ImportOptions, Loss, Problem
from refman.text.markup import clean_inline, plain_text
from refman.text.reading import TextInput

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))


def _settled(text: str) -> str:
    return plain_text(plain_text(text))


texts = st.one_of(
    st.sampled_from(["12", "Élan vital", "a, b", "AT&T", "p < 0.05", "TY  - JOUR", "ER", "e0815"]),
    st.text(_CHARACTERS, max_size=20).map(_settled),
).filter(
    lambda text: (
        text and plain_text(text) == text and clean_inline(text) == text and "<" not in text
    )
)
words = texts.filter(lambda text: ";" not in text)
abstracts = st.just("We asked 12 people. They said no.")
names = st.one_of(
    st.sampled_from(["Doe, Jane", "King, Martin Luther, Jr.", "van Dam, Jan", "Minollah"]).map(
        read_name
    ),
    st.builds(Name, family=texts, given=texts).filter(lambda n: read_name(n.inverted) == n),
    st.builds(Name, literal=texts).filter(lambda n: read_name(n.inverted) == n),
)
dates = st.one_of(
    st.dates().map(lambda day: Date(day.year, day.month, day.day)),
    st.builds(Date, st.integers(1, 2100)),
    st.builds(Date, st.integers(1, 2100), st.integers(1, 12)),
    st.builds(Date, st.integers(1, 2100), season=st.integers(1, 4)),
)
_ROUND_TYPES = [
    csl for csl in ("article-journal", "paper-conference", "article-magazine") if ris_type(csl)[1]
]
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "title_short": texts,
    "author": st.lists(names, min_size=1, max_size=3).map(tuple),
    "editor": st.lists(names, min_size=1, max_size=2).map(tuple),
    "translator": st.lists(names, min_size=1, max_size=2).map(tuple),
    "collection_title": texts,
    "issued": dates,
    "accessed": dates,
    "volume": texts.filter(lambda text: "(" not in text),
    "issue": texts,
    "page": st.sampled_from(["12-20", "e0815", "7", "S12-S15", "1-3, 7"]),
    "publisher": texts,
    "publisher_place": texts,
    "language": texts,
    "call_number": texts,
    "source": texts.filter(lambda text: text.lower() not in ("pubmed", "medline", "nlm", "pmc")),
    "event_title": texts,
    "DOI": st.sampled_from(["10.1000/Xyz", "10.1002/(SICI)1(1997)1:1<1::AID-A>3.0.CO;2-#"]),
    "ISSN": st.sampled_from([("0714-9808",), ("0714-9808", "1660-4601")]),
    "ISBN": st.sampled_from([("9781482253269",), ("9781482253269", "080442957X")]),
    "PMID": st.sampled_from(["12345", "26957754"]),
    "URL": st.sampled_from(["https://example.org/a?b=c&d=e", "http://example.com/"]),
    "abstract": abstracts,
    "keyword": st.lists(words, min_size=1, max_size=4, unique=True).map(tuple),
    "note": st.lists(texts.filter(lambda text: "10." not in text), min_size=1, max_size=3).map(
        "\n".join
    ),
    "annote": texts,
    "genre": texts.filter(lambda text: "10." not in text),
    "extra": st.dictionaries(
        st.sampled_from(["AD", "C8", "U5", "XX", "Z9"]), texts, min_size=1, max_size=3
    ).map(lambda found: tuple(Extra("ris", name, value) for name, value in sorted(found.items()))),
}


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    chosen = draw(st.sets(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=9))
    fields = {field: draw(_FIELDS[field]) for field in sorted(chosen | {"title"})}
    if draw(st.booleans()):
        fields["container_title"] = draw(texts)
    if fields["title"] in fields.get("note", "").split("\n"):
        del fields["note"]
    kind = draw(st.sampled_from(_ROUND_TYPES))
    if kind == "paper-conference":
        fields.pop("translator", None)  # EndNote has sponsors there.
    return Description(type=kind, **fields)


_MORE: dict[str, st.SearchStrategy[Any]] = {
    "container_title": texts,
    "container_title_short": texts,
    "number": texts,
    "number_of_pages": st.sampled_from(["310", "xii, 20"]),
    "number_of_volumes": texts,
    "collection_number": texts,
    "collection_editor": st.lists(names, min_size=1, max_size=2).map(tuple),
    "container_author": st.lists(names, min_size=1, max_size=2).map(tuple),
    "recipient": st.lists(names, min_size=1, max_size=2).map(tuple),
    "director": st.lists(names, min_size=1, max_size=2).map(tuple),
    "edition": texts,
    "version": texts,
    "section": texts,
    "medium": texts,
    "dimensions": texts,
    "scale": texts,
    "authority": texts,
    "references": texts,
    "status": texts,
    "chapter_number": texts,
    "archive": texts.filter(lambda text: text.lower() not in ("pubmed", "medline", "nlm", "pmc")),
    "archive_location": texts,
    "event_place": texts,
    "submitted": dates,
    "license": texts,
    "PMCID": st.just("PMC4756000"),
    "arXiv": st.just("2101.00001"),
}


@st.composite
def works_of_any_type(draw: st.DrawFn) -> Description:
    every = _FIELDS | _MORE
    chosen = draw(st.sets(st.sampled_from(sorted(every)), min_size=1, max_size=9))
    fields = {field: draw(every[field]) for field in sorted(chosen)}
    return Description(type=draw(st.sampled_from(sorted(CSL_TYPES))), **fields)


def _export(works: list[Work]) -> str:
    items = exporter.write(works, ExportOptions())
    return "".join(item for item in items if isinstance(item, str))


def _import(raw: bytes) -> list[Record | Problem]:
    return list(importer.read(TextInput(io.BytesIO(raw), "x"), ImportOptions(recase_titles=False)))


@settings(max_examples=100, deadline=None)
@given(st.lists(descriptions(), min_size=1, max_size=3))
def test_reads_back_what_was_written(found: list[Description]) -> None:
    works = [
        Work(id=number, citation_key=f"key{number}", description=description)
        for number, description in enumerate(found)
    ]
    text = _export(works)
    records = _import(text.encode())
    assert all(isinstance(record, Record) for record in records)
    again = [record for record in records if isinstance(record, Record)]
    assert [record.description for record in again] == found
    assert [record.citation_key for record in again] == [work.citation_key for work in works]
    assert [entry["title"] for entry in rispy.loads(text)] == [each.title for each in found]


@settings(max_examples=75, deadline=None)
@given(works_of_any_type())
def test_whatever_does_not_come_back_is_said_to_be_lost(description: Description) -> None:
    work = Work(id=1, citation_key="key1", description=description)
    items = list(exporter.write([work], ExportOptions()))
    lost = {item.field for item in items if isinstance(item, Loss)}
    read = _import("".join(item for item in items if isinstance(item, str)).encode())
    before = dict(stated(description))
    record = next((item for item in read if isinstance(item, Record)), None)
    if record is None:
        assert before.keys() <= lost | {"type", "extra"}
        return
    after = dict(stated(record.description))
    for field in before.keys() | after.keys():
        inferred = field not in before and field in record.guessed
        directed = field == "author" and "director" in lost
        if before.get(field) != after.get(field) and not (inferred or directed):
            assert field in lost, (field, before.get(field), after.get(field))


def test_types_come_back() -> None:
    exact = 0
    for csl in (
        "article", "article-journal", "bill", "book", "chapter", "classic", "dataset", "document",
        "entry-dictionary", "figure", "graphic", "hearing", "interview", "legal_case",
        "legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet",
        "paper-conference", "patent", "periodical", "personal_communication", "post-weblog",
        "regulation", "report", "software", "song", "speech", "standard", "thesis", "webpage",
    ):  # fmt: skip
        ris, same = ris_type(csl)
        assert same
        assert csl_type(ris)[0] == csl
        exact += 1
    assert exact == 33


@settings(max_examples=75, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_input_can_be_read(raw: bytes) -> None:
    with suppress(InputError):  # What begins like a packed file, and is none.
        _import(raw)


_tags = st.sampled_from(
    ["TY", "ER", "AU", "T1", "T2", "JO", "PY", "DA", "SP", "EP", "SN", "DO", "UR", "AN", "XX", "ID"]
)
_lines = st.builds(lambda tag, value: f"{tag}  - {value}", _tags, st.text(max_size=12))


@settings(max_examples=100, deadline=None)
@given(st.lists(_lines | st.text(max_size=12), max_size=12).map("\n".join))
def test_any_record_settles(text: str) -> None:
    """Whatever it was: written and read often enough, a record no longer changes."""
    first = [item for item in _import(text.encode("utf-8", "replace")) if isinstance(item, Record)]
    for record in first:
        description: Description | None = record.description
        for _ in range(4):
            description = _once(description) if description is not None else None
        if description is not None:
            assert _once(description) == description


def _once(description: Description) -> Description | None:
    work = Work(id=1, citation_key="key1", description=description)
    (item, *_) = _import(_export([work]).encode())
    return item.description if isinstance(item, Record) else None
