from __future__ import annotations

from pathlib import Path

import pytest

from refman.importers import bibtex
from refman.importers.biblatex import importer
from refman.model import Date, Description, Extra, Name, Record
from refman.ports import Importer, ImportOptions, Sample
from refman.text.reading import TextInput
from tests.bibtex_files import entry, one, problems, records


def _named(text: str) -> dict[str | None, Description]:
    return {record.citation_key: record.description for record in records(text)}


def test_it_is_an_importer(tmp_path: Path) -> None:
    assert isinstance(importer, Importer)
    (tmp_path / "x.bib").write_text("@online{a, title={T}, date={2001}}")
    with (tmp_path / "x.bib").open("rb") as stream:
        (record,) = importer.read(TextInput(stream, "x.bib"), ImportOptions())
    assert isinstance(record, Record)
    assert record.origin.name == "biblatex"


@pytest.mark.parametrize(
    ("text", "is_biblatex"),
    [
        ("@online{a,\n title={x},\n url={y}\n}", True),
        ("@article{a,\n title={x},\n journaltitle={y},\n date={2001}\n}", True),
        ("@article{a,\n title={x},\n journal={y},\n year={2001}\n}", False),
        ("@article{a,\n journal={y},\n year={2001},\n date = {2001}\n}", False),
        ("@book{a,\n title={x}\n}", False),
    ],
)
def test_recognised_beside_bibtex(text: str, is_biblatex: bool) -> None:
    sample = Sample("x.bib", text)
    assert (importer.recognise(sample) > bibtex.importer.recognise(sample)) is is_biblatex


def test_what_is_no_bibtex_is_no_biblatex() -> None:
    assert importer.recognise(Sample("x", "<html>@article{a, date={x}}")) == 0
    assert importer.recognise(Sample("x", "date = 2001\nlocation = x")) == 0


def test_titles_go_down_the_generations() -> None:
    found = _named(
        "@mvbook{mv, author={A, B}, title={Main}, subtitle={Sub}, publisher={P}, date={1999}}\n"
        "@book{vol, crossref={mv}, title={Volume}, volume={1}}\n"
        "@inbook{one, crossref={vol}, title={One}, pages={1-2}}\n"
        "@inbook{two, crossref={mv}, author={X, Y}, title={Two}}\n"
    )
    volume = found["vol"]
    assert (volume.title, volume.container_title) == ("Volume", None)
    assert Extra("bibtex", "maintitle", "Main") in volume.extra
    one = found["one"]
    assert (one.container_title, one.volume, one.issued) == ("Volume", "1", Date(1999))
    assert one.author == one.container_author == (Name("A", "B"),)
    two = found["two"]
    assert (two.container_title, two.author) == ("Main", (Name("X", "Y"),))


def test_articles_inherit_from_their_periodical() -> None:
    found = _named(
        "@periodical{p, title={Journal}, subtitle={Of Things}, issuetitle={Special}, date={2001}}\n"
        "@article{a, crossref={p}, author={Q, R}, title={T}}\n"
    )
    article = found["a"]
    assert article.container_title == "Journal: Of Things"
    assert article.volume_title == "Special"
    assert article.title == "T"


def test_xdata_of_xdata() -> None:
    text = (
        "@xdata{x1, xdata={x2}, location={Berlin}}\n@xdata{x2, publisher={P}}\n"
        "@book{a, xdata={x1}, title={T}}"
    )
    said = _named(text)["a"]
    assert (said.publisher, said.publisher_place) == ("P", "Berlin")
    assert problems(text) == []


def test_references_to_single_fields_of_xdata() -> None:
    text = (
        "@xdata{x1, author={A, B and C, D}, publisher={P}}\n"
        "@book{a, author={xdata=x1-author-2 and E, F}, publisher={xdata=x1-publisher},"
        " title={xdata=x9-title}, location={xdata=x1-author-7}}"
    )
    said = _named(text)["a"]
    assert said.author == (Name("C", "D"), Name("E", "F"))
    assert said.publisher == "P"
    assert (said.title, said.publisher_place) == ("xdata=x9-title", "xdata=x1-author-7")
    assert problems(text) == []


def test_a_set_is_told() -> None:
    text = "@book{a, title={T}}\n@set{s, entryset={a}}"
    assert list(_named(text)) == ["a"]
    (problem,) = problems(text)
    assert (problem.line, problem.partial, problem.raw) == (2, False, "@set{s, entryset={a}}")


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ("family=Doe, given=J., prefix=van, useprefix=true",
         Name("Doe", "J.", non_dropping_particle="van")),
        ("family=Doe, given=J., prefix=de, useprefix=false",
         Name("Doe", "J.", dropping_particle="de")),
        ("family={Doe, and Sons}, given={J.}, suffix={Jr.}", Name("Doe, and Sons", "J.", "Jr.")),
        ("given=J., family={van Doe}, given-i={J}", Name("van Doe", "J.")),
    ],
)  # fmt: skip
def test_names_in_parts(names: str, name: Name) -> None:
    assert one(f"author = {{{names}}}").author == (name,)


def test_kinds_of_editors() -> None:
    said = one(
        "editor={A, B}, editora={C, D}, editoratype={compiler}, editorb={E, F}, "
        "editorbtype={redactor}",
        "collection",
    )
    assert said.editor == (Name("A", "B"),)
    assert said.compiler == (Name("C", "D"),)
    assert Extra("bibtex", "editorb", "E, F") in said.extra
    assert Extra("bibtex", "editorbtype", "redactor") in said.extra


def test_annotations_of_people() -> None:
    said = one(
        'author={A, B and C, D}, author+an:orcid={2="0000-0002-1825-0097"}, '
        'author+an:affiliation={1="X; Y"; 2="Z"; 2="{\\"U}"}'
    )
    assert said.author == (
        Name("A", "B", affiliation=("X; Y",)),
        Name("C", "D", ORCID="0000-0002-1825-0097", affiliation=("Z", "Ü")),
    )
    assert said.extra == ()


def test_annotations_of_another_kind_are_kept() -> None:
    said = one('author={A, B}, author+an={1=highlight}, author+an:orcid={3="0"}')
    assert said.author == (Name("A", "B"),)
    assert {extra.name: extra.value for extra in said.extra} == {
        "author+an": "1=highlight",
        "author+an:orcid": '3="0"',
    }


def test_the_version_of_a_preprint_is_kept() -> None:
    said = one("eprint={2101.00001v2}, eprinttype={arxiv}, eprintclass={cs.LG}", "online")
    assert (said.arXiv, said.type) == ("2101.00001", "article")
    assert Extra("bibtex", "eprint", "2101.00001v2") in said.extra
    assert Extra("bibtex", "eprintclass", "cs.LG") in said.extra


@pytest.mark.parametrize("to", ["bibtex", "biblatex"])
def test_the_time_of_day_is_kept(to: str) -> None:
    said = one("title={T}, date={2004-04-25T14:34:00/2004-05-05T14:34:00Z}", "dataset")
    assert said.issued == Date(2004, 4, 25, end=Date(2004, 5, 5))
    text = entry(said, to=to)
    assert "  date = {2004-04-25T14:34:00/2004-05-05T14:34:00Z}" in text
    assert records(text)[0].description == said


def test_hostile_annotations_take_no_time() -> None:
    for value in ('1="' * 50_000, '1="x"; ' * 50_000, '1="' + '"; ' * 100_000):
        (name,) = one(f"author={{A, B}}, author+an:orcid={{{value}}}").author
        assert (name.family, name.given) == ("A", "B")
