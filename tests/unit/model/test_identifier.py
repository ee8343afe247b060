"""Identifiers in their one normal form, check digits and all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model.identifier import (
    doi_key,
    find_dois,
    isbn_key,
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_orcid,
    parse_pmcid,
    parse_pmid,
)
from tests.growth import assert_grows_linearly

_SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/xyz", "10.1000/xyz"),
        ("10.1000/XyZ", "10.1000/XyZ"),
        ("doi:10.1000/x", "10.1000/x"),
        ("DOI: 10.1000/x", "10.1000/x"),
        ("doi.org/10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("HTTPS://DOI.ORG/10.1000/x", "10.1000/x"),
        ("https://www.doi.org/10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000%2Fx%28y%29", "10.1000/x(y)"),
        ("info:doi/10.1000/x", "10.1000/x"),
        ("https://journal.org/doi/10.1000/x", "10.1000/x"),
        ("(10.1000/x)", "10.1000/x"),
        ("10.1000/x.", "10.1000/x"),
        ("10.1000/x,", "10.1000/x"),
        ("10.1000/a(b)", "10.1000/a(b)"),
        ("10.1000/a(b))", "10.1000/a(b)"),
        (_SICI, _SICI),
        ("<https://doi.org/10.1000/x>", "10.1000/x"),
        ("10.1000.10/x", "10.1000.10/x"),
        ("10.5555/überprüfung", "10.5555/überprüfung"),
        ("  10.1000/x \n", "10.1000/x"),
        ("", None),
        ("10.1000", None),
        ("10.1000/", None),
        ("10.10/x", None),
        ("11.1000/x", None),
        ("10.1000/x y", None),
        ("see 10.1000/x", None),
        ("10.1000/a\x00b", None),
        ("10.x/y", None),
    ],
)
def test_doi(text: str, doi: str | None) -> None:
    assert parse_doi(text) == doi


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | st.text("10./()<>%2Fdoi:.,; \x00é", max_size=40))
def test_a_doi_once_read_reads_the_same(text: str) -> None:
    doi = parse_doi(text)
    if doi is not None:
        assert parse_doi(doi) == doi
        assert doi.startswith("10.")
        assert not any(char.isspace() or ord(char) < 32 for char in doi)
    for found in find_dois(text):
        assert parse_doi(found) == found


def test_dois_in_running_text() -> None:
    text = f"See (10.1000/A), https://doi.org/10.1000/b; 10.1000/a again, {_SICI}."
    assert find_dois(text) == ["10.1000/A", "10.1000/b", _SICI]
    assert doi_key("10.1000/ÄB") == "10.1000/Äb", "only ASCII letters are the same in both cases"


@pytest.mark.parametrize(
    ("head", "piece"), [("", "10."), ("10.1000/", "<"), ("10.1000/x", ")"), ("", "(")]
)
def test_adversarial_dois_take_linear_time(head: str, piece: str) -> None:
    def read(size: int) -> None:
        text = head + piece * size
        parse_doi(text)
        find_dois(text)

    assert_grows_linearly(read, 5_000)


@pytest.mark.parametrize("piece", ["1", "-", "a", "0000-", " "])
def test_adversarial_identifiers_take_linear_time(piece: str) -> None:
    def read(size: int) -> None:
        for parse in (parse_issn, parse_isbn, parse_orcid, parse_pmid, parse_pmcid, parse_arxiv):
            parse(piece * size)

    assert_grows_linearly(read, 5_000)


@pytest.mark.parametrize(
    ("text", "issn"),
    [
        ("0002-7863", "0002-7863"),
        ("00027863", "0002-7863"),
        ("ISSN 2434-561x", "2434-561X"),
        ("0002–7863", "0002-7863"),
        ("0002-7864", None),
        ("0002-786", None),
        ("", None),
        ("٠٠٠٢٧٨٦٣", None),
    ],
)
def test_issn(text: str, issn: str | None) -> None:
    assert parse_issn(text) == issn


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "0306406152"),
        ("ISBN: 080442957X", "080442957X"),
        ("0 8044 2957 x", "080442957X"),
        ("9780306406158", None),
        ("0306406153", None),
        ("97803064061", None),
    ],
)
def test_isbn(text: str, isbn: str | None) -> None:
    assert parse_isbn(text) == isbn


def test_isbns_of_both_lengths_are_compared_in_one() -> None:
    assert isbn_key("0306406152") == isbn_key("9780306406157") == "9780306406157"
    assert isbn_key("080442957X") == "9780804429573"
    assert parse_isbn(isbn_key("080442957X")) == "9780804429573"


@pytest.mark.parametrize(
    ("text", "orcid"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("0000-0002-1825-0098", None),
        ("", None),
    ],
)
def test_orcid(text: str, orcid: str | None) -> None:
    assert parse_orcid(text) == orcid


def test_pubmed_and_arxiv() -> None:
    assert parse_pmid("PMID: 00123") == "123"
    assert parse_pmid("https://pubmed.ncbi.nlm.nih.gov/123/") == "123"
    assert parse_pmid("0") is None
    assert parse_pmid("1234567890") is None
    assert parse_pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/pmc123/") == "PMC123"
    assert parse_pmcid("123") is None
    assert parse_arxiv("arXiv:2101.00001v2 [cs.CL]") == "2101.00001"
    assert parse_arxiv("https://arxiv.org/pdf/2101.00001v1.pdf") == "2101.00001"
    assert parse_arxiv("hep-th/9901001") == "hep-th/9901001"
    assert parse_arxiv("math.GT/0309136") == "math.GT/0309136"
    assert parse_arxiv("10.1000/x") is None
