"""The plug-in by itself, on the objects that refman would call."""

from __future__ import annotations

import io
import itertools

from refman.model import Date, Description, Extra, Name, Record, Work
from refman.ports import ExportOptions, ImportOptions, Loss, Problem, Sample
from refman.text.reading import TextInput

from refman_wikipedia import exporter, importer

ARTICLE = Description(
    type="article-journal",
    title="The <i>effect</i> of a | bar & {{braces}}",
    author=(Name(family="Dwi", given="Rizkika"), Name(literal="World Health Organization")),
    container_title="Mediasi",
    issued=Date(2021, 8),
    volume="4",
    issue="2",
    page="123-130",
    DOI="10.21111/mediasi.v4i2.10036",
    ISSN=("2597-7741",),
)


def read(text: str) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(text.encode()), "in.wiki")
    return list(importer.read(source, ImportOptions()))


def written(*descriptions: Description) -> tuple[str, list[Loss]]:
    works = [Work(id=n, citation_key=f"k{n}", description=d) for n, d in enumerate(descriptions)]
    pieces = list(exporter.write(works, ExportOptions()))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text, [piece for piece in pieces if isinstance(piece, Loss)]


def test_an_article_of_wikipedia() -> None:
    [record] = read(
        'It is so.<ref name="dwi2021">{{Cite journal\n | last = Dwi | first = Rizkika\n'
        " | title = The effect | journal = [[Mediasi (journal)|Mediasi]] | date = 15 August 2021\n"
        " | pages = 123–130 | quote = So it is. }}</ref> And so on."
    )
    assert isinstance(record, Record)
    assert record.citation_key == "dwi2021"
    assert record.origin.location == "in.wiki:1"
    description = record.description
    assert description.type == "article-journal"
    assert description.author == (Name(family="Dwi", given="Rizkika"),)
    assert description.issued == Date(2021, 8, 15)
    assert description.page == "123-130"
    assert description.container_title == "Mediasi"
    assert description.extra == (Extra("wikipedia", "quote", "So it is."),)


def test_what_is_written_comes_back() -> None:
    text, losses = written(ARTICLE)
    assert losses == []
    assert text.count("\n") == 1
    [record] = read(text)
    assert isinstance(record, Record)
    assert record.citation_key == "k0"
    assert record.description == ARTICLE


def test_a_chapter() -> None:
    chapter = Description(type="chapter", title="A chapter", container_title="A book")
    text, _ = written(chapter)
    assert text == '<ref name="k0">{{cite book |chapter=A chapter |title=A book}}</ref>\n'
    assert [record.description for record in read(text)] == [chapter]  # type: ignore[union-attr]


def test_what_has_no_parameter_is_a_loss() -> None:
    _, losses = written(Description(title="A", abstract="Long"))
    assert [(loss.citation_key, loss.field) for loss in losses] == [("k0", "abstract")]


def test_bad_templates_are_problems_with_their_lines() -> None:
    first, second, third = read("\n{{cite book}}\n{{cite web |title=A}}\n{{cite web |title=")
    assert (first.line, first.reason) == (2, "{{cite book}} says nothing")  # type: ignore[union-attr]
    assert isinstance(second, Record)
    assert (third.line, third.reason) == (4, "the template is not closed")  # type: ignore[union-attr]


def test_hostile_text_is_no_exception() -> None:
    parts = ("{{cite book|", "}}", "{{", "|a=b", "\x00\x1b[31m", "<ref name=x>", "[[", "]]", "\n")
    for pieces in itertools.product(parts, repeat=4):
        for entry in read("".join(pieces)):
            assert isinstance(entry, Record | Problem)
    assert len(read("{{cite book|" + "{" * 300_000)) == 1
    assert len(read("{{cite book|title=a" * 50_000)) >= 1
    assert len(read("{{cite book|title=a" + "\n" * 300_000)) == 1


def test_recognising() -> None:
    assert importer.recognise(Sample("x", "Text {{cite journal |title=A}}")) > 0.5
    assert importer.recognise(Sample("x.wiki", "Text")) == 0.2
    assert importer.recognise(Sample("x", "@article{a, title = {A}}")) == 0
