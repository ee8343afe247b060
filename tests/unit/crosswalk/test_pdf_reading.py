"""What PDF files say of themselves, made into descriptions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.crosswalk.pdf_reading import description_from_pdf
from refman.model import Date, Description, Extra
from refman.text.pdf_file import PdfFile
from tests.growth import assert_grows_linearly


def described(**parts: object) -> Description:
    text = str(parts.pop("text", ""))
    pdf = PdfFile(texts=(text,), pages=3, **parts)  # type: ignore[arg-type]
    return description_from_pdf(pdf, "/tmp/x.pdf").description


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("Title\ndoi: 10.1000/abc.1\nText", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc\ncites 10.1000/other", "10.1000/abc"),
        ("DOI 10.1016/j.x.2020.\n01.001 Received", "10.1016/j.x.2020.01.001"),
        ("10.1000/only", "10.1000/only"),
        ("10.1000/one and 10.1000/two", None),
        ("Text\nReferences\n1. A. doi:10.1000/cited", None),
        ("http://www.tandfonline.com/doi/abs/10.1080/0026 x", "10.1080/0026"),
        ("no number here", None),
    ],
)
def test_the_doi_of_the_work_itself(text: str, doi: str | None) -> None:
    assert doi == described(text=text).DOI


def test_metadata_comes_before_the_page() -> None:
    said = described(text="doi:10.1000/page", xmp={"dc:identifier": ["doi:10.1000/meta"]})
    assert said.DOI == "10.1000/meta"
    subject = "Chemical Physics Letters, 278 (1997) 285-290. doi:10.1016/S0009-2614(97)04014-1"
    said = described(info={"Subject": subject})
    assert said.DOI == "10.1016/S0009-2614(97)04014-1"
    assert Extra("pdf", "Subject", subject) in said.extra


def test_arxiv() -> None:
    said = described(text="arXiv:2101.00001v2 [cs.CL] 1 Jan 2021\nA title")
    assert (said.arXiv, said.type) == ("2101.00001", "article")
    assert said.DOI == "10.48550/arXiv.2101.00001"
    published = described(text="arXiv:2101.00001v2 Published as doi:10.1000/x")
    assert (published.arXiv, published.DOI) == ("2101.00001", "10.1000/x")
    assert described(info={"doi": "10.48550/arXiv.2101.00001"}).arXiv == "2101.00001"
    assert described(text="arXiv : hep-th/9901001v1").arXiv == "hep-th/9901001"


def test_isbn_of_a_book() -> None:
    said = described(text="ISBN 978-1-939133-31-1 (print)\neISBN: 978-0-00-000000-0")
    assert (said.ISBN, said.type) == (("9781939133311",), "book")
    assert described(text="doi:10.1000/x ISBN 978-1-939133-31-1").ISBN == ()


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - paper_final2.docx", "untitled", "main.dvi", "PII: S0009-2614(97)04014-1",
     "x", "10.1000/abc def ghi", "Layout 1 of the page", "", "2020 12 31 000 111"],
)  # fmt: skip
def test_titles_that_are_none(title: str) -> None:
    assert described(info={"Title": title}).title is None


def test_a_title_is_believed_where_the_page_shows_it_or_nothing_else_is_known() -> None:
    info = {"Title": "A study of migrant workers"}
    assert described(info=info, text="x doi:10.1000/x").title is None
    assert described(info=info, text="A Study of\nMigrant Workers doi:10.1000/x").title is not None
    assert described(info=info).title == "A study of migrant workers"
    assert described(largest="The ﬁrst study of it").title == "The first study of it"
    assert described(largest="The largest text", text="doi:10.1000/x").title is None


def test_authors_are_believed_where_the_page_shows_them() -> None:
    text = "doi:10.1000/x\nRizkika Dwi"
    assert described(text=text, info={"Author": "Rizkika Dwi"}).author[0].family == "Dwi"
    for author in ("Administrator", "user", "Elsevier", "somebody@example.org", "Someone Else"):
        said = described(text=text, info={"Author": author})
        assert said.author == ()
        assert Extra("pdf", "Author", author) in said.extra


def test_prism() -> None:
    said = described(
        xmp={
            "prism:doi": ["10.1000/x"],
            "prism:publicationName": ["J"],
            "prism:number": ["2"],
            "prism:startingPage": ["1"],
            "prism:endingPage": ["9"],
            "prism:issn": ["0009-2614"],
            "prism:coverDate": ["1997-10-31"],
            "dc:subject": ["a", "b"],
            "dc:publisher": ["P"],
            "dc:rights": ["© 1997"],
            "xmp:CreatorTool": ["Word"],
        }
    )
    assert said == Description(
        type="article-journal", DOI="10.1000/x", container_title="J", issue="2", page="1-9",
        ISSN=("0009-2614",), issued=Date(1997, 10, 31), keyword=("a", "b"), publisher="P",
        extra=(Extra("pdf", "file", "/tmp/x.pdf"), Extra("pdf", "dc:rights", "© 1997"),
               Extra("pdf", "pages", "3")),
    )  # fmt: skip


@pytest.mark.parametrize(
    "pattern", ["doi ", "10.1000/", "10.1000/a(\n", "ISBN ", "ISBN 978-", "arXiv:", "a.doc ", "\n "]
)
def test_time_grows_with_the_text(pattern: str) -> None:
    assert_grows_linearly(lambda size: described(text=pattern * size, largest=pattern * size), 500)


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=80),
    st.dictionaries(
        st.sampled_from(["Title", "Author", "Subject", "Keywords"]), st.text(max_size=40)
    ),
)
def test_any_text_is_no_exception(text: str, info: dict[str, str]) -> None:
    described(text=text, info=info, xmp={"dc:" + k.lower(): [v] for k, v in info.items() if v})
