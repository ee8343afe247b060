"""What every importer and exporter promises, built in or from a plug-in."""

from __future__ import annotations

import io
import itertools
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refman import plugins
from refman.model import Date, Description, Extra, Name, OriginKind, Record, Work, stated
from refman.ports import ExportOptions, ImportOptions, Loss, Problem, Sample, TextEncoding
from refman.text.reading import TextInput

IMPORTERS = plugins.importer_names()
EXPORTERS = plugins.exporter_names()
BOTH_WAYS = tuple(
    name for name in EXPORTERS if name in IMPORTERS and not plugins.exporter(name).info.for_readers
)

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

RICH = Work(
    id=1,
    citation_key="dwi2021effectiveness",
    description=Description(
        type="article-journal",
        title="Migrant workers & the <i>IOM</i>: 50% of {all} cases",
        author=(Name(family="Dwi", given="Rizkika"), Name(literal="World Health Organization")),
        container_title="Mediasi: Journal of International Relations",
        issued=Date(2021, 8),
        volume="4",
        issue="2",
        page="123-130",
        DOI="10.21111/mediasi.v4i2.10036",
        ISSN=("2597-7741",),
        abstract="First paragraph.\n\nSecond, with a \\ and a ~.",
        keyword=("migration", "ASEAN"),
        extra=(Extra("bibtex", "private", "mine"), Extra("ris", "C8", "theirs")),
    ),
)
HOSTILE = Work(
    id=2,
    citation_key="hostile",
    description=Description(
        type="book",
        title="\x1b[31mred\x1b[0m } { \\ @article{x, TY  - JOUR \u202e\x9b",
        author=(Name(literal="} and {"), Name(family="\\", given="\x00")),
        publisher='"quoted"\nER  - ',
        issued=Date(literal="in } press"),
    ),
)
TEXTS = [
    "",
    "\n\n",
    "plain prose, of which nobody can make a reference",
    "@article{a, title = {Unbalanced { brace}\n\n@book{b, title = {Fine}}\n",
    "TY  - JOUR\nTI  - No end",
    '[{"id": 1, "title": ',
    '{"message": {"items": [1, null, "x", {"DOI": []}]}}',
    "10.1000/xyz\nnot a doi\nhttps://doi.org/10.1000/ABC\n",
    "<html><body><div class='article-item'><xmp>",
    "Publisher : X\nCheck in Google Scholar",
    "\x1b[31m\x9b\u202e@article{\x00, title={\x1b]0;x\x07}}",
    "{" * 5000,
    "[" * 5000,
    "@" * 5000,
    "TY  - \n" * 500,
]


def read(name: str, text: str) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(text.encode("utf-8", "surrogatepass")), "in")
    return list(plugins.importer(name).read(source, ImportOptions()))


def written(name: str, works: list[Work], options: ExportOptions) -> tuple[str, list[Loss]]:
    pieces = list(plugins.exporter(name).write(works, options))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text, [piece for piece in pieces if isinstance(piece, Loss)]


@pytest.mark.parametrize("name", IMPORTERS)
def test_an_importer_is_called_what_it_is_registered_as(name: str) -> None:
    info = plugins.importer(name).info
    assert info.name == name
    assert info.label
    assert all(extension.startswith(".") for extension in info.extensions)


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_exporter_is_called_what_it_is_registered_as(name: str) -> None:
    assert plugins.exporter(name).info.name == name


@pytest.mark.parametrize(("name", "text"), list(itertools.product(IMPORTERS, TEXTS)))
def test_bad_input_is_no_exception(name: str, text: str) -> None:
    for entry in read(name, text):
        if isinstance(entry, Problem):
            assert entry.reason
            assert entry.line is None or 1 <= entry.line <= text.count("\n") + 1
            continue
        assert entry.origin.kind is OriginKind.IMPORT
        assert entry.origin.location is not None
        assert re.fullmatch(r"in:\d+", entry.origin.location)
        assert entry.guessed <= set(Description.__dataclass_fields__)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_text_is_no_exception(text: str) -> None:
    for name in IMPORTERS:
        sample = Sample("in", text)
        assert 0 <= plugins.importer(name).recognise(sample) <= 1
        read(name, text)


@pytest.mark.parametrize("name", IMPORTERS)
def test_values_are_normal_unicode_without_control_characters(name: str) -> None:
    # `e` with a combining accent, and an escape sequence, in the shape of each format.
    word = "Cafe\u0301 \x1b[31mmigration\x9b"
    shapes = (
        f"@article{{a, title = {{{word}}}, year = {{2020}}}}\n",
        f"TY  - JOUR\nTI  - {word}\nPY  - 2020\nER  - \n",
        '[{"id": "a", "type": "book", "title": "Cafe\u0301 \\u001b[31mmigration\\u009b"}]',
        '{"DOI": "10.1/a", "title": ["Cafe\u0301 \\u001b[31mmigration\\u009b"], "prefix": "10.1", '
        '"indexed": {}}',
    )
    for shape in shapes:
        for entry in read(name, shape):
            if isinstance(entry, Problem):
                continue
            for field, value in stated(entry.description):
                if isinstance(value, str):
                    assert _CONTROL.search(value) is None, (name, field)
                    assert unicodedata.is_normalized("NFC", value), (name, field)


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_nothing_is_a_valid_export(name: str) -> None:
    text, losses = written(name, [], ExportOptions())
    assert losses == []
    assert [entry for entry in read(name, text) if isinstance(entry, Record)] == []


@pytest.mark.parametrize("name", BOTH_WAYS)
@pytest.mark.parametrize("encoding", list(TextEncoding))
def test_what_is_exported_comes_back(name: str, encoding: TextEncoding) -> None:
    text, _ = written(name, [RICH], ExportOptions(encoding=encoding))
    if encoding is TextEncoding.ASCII:
        assert text.isascii() or name == "ris"
    (record,) = [entry for entry in read(name, text) if isinstance(entry, Record)]
    before, after = RICH.description, record.description
    assert record.citation_key == RICH.citation_key
    for field in ("type", "container_title", "issued", "volume", "issue", "page", "DOI", "ISSN"):
        assert getattr(after, field) == getattr(before, field), field
    assert [person.inverted for person in after.author] == [
        person.inverted for person in before.author
    ]
    assert set(after.keyword) == set(before.keyword)


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_hostile_work_spoils_nothing(name: str) -> None:
    text, _ = written(name, [HOSTILE, RICH], ExportOptions())
    assert re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text) is None
    records = [entry for entry in read(name, text) if isinstance(entry, Record)]
    assert [record.citation_key for record in records] == ["hostile", "dwi2021effectiveness"]
    assert records[1].description.DOI == RICH.description.DOI


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_control_character_is_written(name: str) -> None:
    text, _ = written(name, [HOSTILE, RICH], ExportOptions())
    assert re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text) is None


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_field_can_be_left_out(name: str) -> None:
    text, _ = written(name, [RICH], ExportOptions(omit=frozenset({"abstract"})))
    assert "Second, with a" not in text
    assert "Mediasi" in text


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_format_keeps_what_came_from_it(name: str) -> None:
    text, _ = written(name, [RICH], ExportOptions())
    again, _ = written(
        name,
        [
            Work(id=1, citation_key=record.citation_key or "", description=record.description)
            for record in read(name, text)
            if isinstance(record, Record)
        ],
        ExportOptions(),
    )
    assert again == text
