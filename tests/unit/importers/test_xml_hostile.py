"""What nobody should send, in the shape of each format in XML."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from refman import plugins
from refman.model import Record, stated
from refman.ports import ImportOptions, Problem, Sample
from refman.text.reading import TextInput

SHAPES = {
    "endnote-xml": "<xml><records>{}</records></xml>",
    "mods": '<modsCollection xmlns="http://www.loc.gov/mods/v3">{}</modsCollection>',
    "crossref-xml": "<doi_records>{}</doi_records>",
    "pubmed-xml": "<PubmedArticleSet>{}</PubmedArticleSet>",
    "marcxml": '<collection xmlns="http://www.loc.gov/MARC21/slim">{}</collection>',
    "picaxml": '<collection xmlns="info:srw/schema/5/picaXML-v1.0">{}</collection>',
    "zotero-rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:z="http://www.zotero.org/namespaces/export#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:bib="http://purl.org/net/biblio#">{}</r:RDF>',
}
ENTRIES = {
    "endnote-xml": "<record><ref-type>6</ref-type><titles><title>{}</title></titles></record>",
    "mods": "<mods><titleInfo><title>{}</title></titleInfo></mods>",
    "crossref-xml": "<doi_record><crossref><book><book_metadata><titles><title>{}</title></titles>"
    "</book_metadata></book></crossref></doi_record>",
    "pubmed-xml": "<PubmedArticle><MedlineCitation><Article><ArticleTitle>{}</ArticleTitle>"
    "</Article></MedlineCitation></PubmedArticle>",
    "marcxml": '<record><datafield tag="245"><subfield code="a">{}</subfield></datafield></record>',
    "picaxml": '<record><datafield tag="021A"><subfield code="a">{}</subfield></datafield>'
    "</record>",
    "zotero-rdf": "<bib:Book><dc:title>{}</dc:title></bib:Book>",
}
NAMES = list(SHAPES)


def read(name: str, raw: bytes) -> list[Record | Problem]:
    source = TextInput(io.BytesIO(raw), "x")
    return list(plugins.importer(name).read(source, ImportOptions(recase_titles=False)))


def titles(name: str, text: str, *, before: str = "") -> list[str | None]:
    body = SHAPES[name].format(text)
    found = read(name, f"{before}{body}".encode())
    return [one.description.title for one in found if isinstance(one, Record)]


def entry(name: str, title: str) -> str:
    return ENTRIES[name].format(title)


@pytest.mark.parametrize("name", NAMES)
def test_each_format_knows_its_own_and_no_other_claims_it(name: str) -> None:
    sample = Sample("x.xml", SHAPES[name].format(entry(name, "A title")))
    sure = {other: plugins.importer(other).recognise(sample) for other in plugins.importer_names()}
    assert sure[name] > 0.9
    assert max(sure, key=lambda other: sure[other]) == name
    assert all(value <= 0.5 for other, value in sure.items() if other != name)


@pytest.mark.parametrize("name", NAMES)
def test_entities_are_neither_expanded_nor_loaded(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    before = (
        f'<!DOCTYPE x SYSTEM "{secret.as_uri()}" [<!ENTITY a0 "lol">{lol}'
        f'<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    )
    (title,) = titles(name, entry(name, "T &a9; &s; &eacute;"), before=before)
    assert title == "T &a9; &s; é"


@pytest.mark.parametrize("name", NAMES)
def test_control_characters_and_escapes_are_left_out(name: str) -> None:
    (title,) = titles(name, entry(name, "red\x1b[31m \x00nul\x9b &#27; &#x9b;x"))
    assert title == "red[31m nul x"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_encodings(name: str, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    body = SHAPES[name].format(entry(name, "Café"))
    text = f'<?xml version="1.0" encoding="{declared}"?>{body}'
    (record,) = read(name, text.encode(encoding))
    assert isinstance(record, Record)
    assert record.description.title == "Café"


@pytest.mark.parametrize("name", NAMES)
def test_bytes_in_no_encoding_are_told(name: str) -> None:
    body = SHAPES[name].format(entry(name, "Caf\xe9")).encode("latin-1")
    record, problem = read(name, body)[:2]
    if isinstance(record, Problem):
        record, problem = problem, record
    assert isinstance(record, Record)
    assert record.description.title == "Café"
    assert isinstance(problem, Problem)
    assert problem.partial
    assert "not valid UTF-8" in problem.reason


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_off_in_the_middle_gives_what_came_before(name: str) -> None:
    body = SHAPES[name].format(entry(name, "One") + "\n" + entry(name, "Two"))
    cut = body[: body.index("Two")]
    found = read(name, cut.encode())
    assert sum(isinstance(one, Record) for one in found) == 1
    (problem,) = [one for one in found if isinstance(one, Problem)]
    assert problem.line == 2


@pytest.mark.parametrize("name", NAMES)
def test_deep_nesting_costs_the_entry(name: str) -> None:
    deep = "<b>" * 200 + "x" + "</b>" * 200
    found = titles(name, entry(name, "One") + entry(name, deep) + entry(name, "Three"))
    assert found[0] == "One"
    assert found[-1] == "Three"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_repeated_thousands_of_times(name: str) -> None:
    for unit in (
        "&lt;i&gt;",
        "&amp;",
        "<b/>",
        "[",
        ": ",
        "10.1/",
        "(",
        "1-",
        "\n ",
        "and ",
        "Vol. ",
    ):
        text = unit * (30_000 // len(unit))
        for one in read(name, SHAPES[name].format(entry(name, f"T{text}")).encode()):
            if isinstance(one, Record):
                assert all(value is not None for _, value in stated(one.description))


@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_one_element(name: str) -> None:
    opened, _, closed = entry(name, "|").partition("|")
    first = opened[: opened.rindex("<")]
    inner = opened[len(first) :] + "x" + closed[: closed.index(">") + 1]
    read(
        name, SHAPES[name].format(first + inner * 3_000 + closed[closed.index(">") + 1 :]).encode()
    )
