"""`refman export --cited-in`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Refman
from tests.unit.text.test_word_citations import csl, docx, field, paragraph


def exported(refman: Refman, *arguments: str) -> list[str]:
    result = refman("export", "--to", "csl-json", *arguments)
    return [item["id"] for item in json.loads(result.out)]


def test_exactly_what_is_cited_and_the_names_of_what_is_not_there(
    refman: Refman, library: Path
) -> None:
    (library.parent / "chapter.tex").write_text(r"\textcite{knuth1984} \cite{lost}")
    paper = library.parent / "paper.tex"
    paper.write_text("\\cite{dwi2021} % \\cite{anon}\n\\include{chapter} \\nocite{*}")
    result = refman("export", "--to", "csl-json", "--cited-in", str(paper))
    assert result.status == 1
    assert [item["id"] for item in result.json] == ["dwi2021", "knuth1984"]
    assert "refman: there is no work 'lost' in the library." in result.err
    assert "asks for all that its bibliography holds" in result.err
    (library.parent / "chapter.tex").unlink()
    again = refman("export", "--to", "csl-json", "--cited-in", str(paper))
    assert again.status == 1
    assert "includes chapter, which is not there." in again.err


def test_a_word_document_finds_works_by_what_it_says_of_them(refman: Refman, library: Path) -> None:
    items: list[dict[str, object]] = [
        {"id": 1, "title": "Something else", "DOI": "10.1000/DWI", "type": "article-journal"},
        {"id": 2, "type": "book", "title": "The TeXbook", "publisher": "Addison-Wesley",
         "author": [{"family": "Knuth", "given": "Donald E."}],
         "issued": {"date-parts": [[1984]]}},
        {"id": 3, "type": "book", "title": "No such book", "author": [{"family": "Nobody"}],
         "issued": {"date-parts": [[1999]]}},
    ]  # fmt: skip
    items[0]["title"] = "The effectiveness of migration"
    text = field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl(*items)}")
    paper = library.parent / "paper.docx"
    words = "<w:r><w:t>and [@anon; @dwi2021]</w:t></w:r>"
    paper.write_bytes(docx(paragraph(text + words)).getvalue())
    result = refman("export", "--to", "csl-json", "--cited-in", str(paper))
    assert result.status == 1
    assert [item["id"] for item in result.json] == ["dwi2021", "knuth1984", "anon"]
    assert "there is no work 'Nobody, 1999, No such book' in the library." in result.err


def test_a_manuscript_that_cannot_be_read(refman: Refman, library: Path) -> None:
    paper = library.parent / "paper.docx"
    paper.write_bytes(b"no archive")
    result = refman("export", "--to", "ris", "--cited-in", str(paper))
    assert result.status == 2
    assert "is no document of Word" in result.complaint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.Rmd", "@dwi2021"),
        ("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": ["@dwi2021"]}]}'),
        ("a.org", "[cite:@dwi2021]"),
        ("a.rst", ":cite:`dwi2021`"),
        ("a.typ", "@dwi2021"),
        ("a.aux", "\\citation{dwi2021}"),
        ("a.bcf", '<bcf:citekey order="1">dwi2021</bcf:citekey>'),
    ],
)
def test_every_kind(refman: Refman, library: Path, name: str, text: str) -> None:
    paper = library.parent / name
    paper.write_text(text)
    assert exported(refman, "--cited-in", str(paper)) == ["dwi2021"]
