"""Whole references, and titles glued with authors, delivered as titles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.model import Date, Description, Name
from refman.rules.agreement import agrees
from refman.rules.reference_line import refers_to
from tests.growth import assert_grows_linearly

PAPER = Description(
    type="article-journal",
    title="Endoscopic sphincterotomy of the ampulla of Vater",
    author=(Name(family="Kawai", given="Keiichi"), Name(family="Akasaka", given="Yoshihiro")),
    container_title="Gastrointestinal Endoscopy",
    issued=Date(1974, 5),
    volume="20",
    issue="4",
    page="148-151",
    DOI="10.1016/S0016-5107(74)73914-1",
)
BOOK = Description(
    type="book",
    title="A Handbook of Migration",
    editor=(Name(family="Lestari", given="Ayu"),),
    publisher="Gadjah Mada University Press",
    issued=Date(2021),
)


def paper(**fields: Any) -> Description:
    return replace(PAPER, **fields)


@pytest.mark.parametrize(
    "line",
    [
        "Kawai K, Akasaka Y, Murakami K. Endoscopic sphincterotomy of the ampulla of Vater. "
        "Gastrointest Endosc. 1974;20:148-51.",
        "Kawai K, Akasaka Y. Endo- scopic sphinc- terotomy of the am- pulla of Vater. "
        "Gastrointest Endosc. 1974;20:148-51.",
        "Kawai, K., & Akasaka, Y. (1974). Endoscopic sphincterotomy of the ampulla of Vater. "
        "Gastrointestinal Endoscopy, 20(4), 148–151. doi:10.1016/S0016-5107(74)73914-1",
        "Kawai, Keiichi, and Yoshihiro Akasaka. “Endoscopic Sphincterotomy of the Ampulla of "
        "Vater.” Gastrointestinal Endoscopy 20.4 (1974): 148–151.",
        "[1] K. Kawai, Y. Akasaka, Gastrointestinal Endoscopy 20 (1974) 148.",
        "(1) Kawai, K.; Akasaka, Y. Gastrointest. Endosc. 1974, 20, 148–151.",
        "Keiichi Kawai; Yoshihiro Akasaka ENDOSCOPIC SPHINCTEROTOMY OF THE AMPULLA OF VATER",
        "Endoscopic sphincterotomy of the ampulla of Vater Keiichi Kawai, Yoshihiro Akasaka",
        "<em>Endoscopic</em> sphincterotomy of the ampulla of Vater. Kawai &amp; Akasaka, 1974",
        "van der Kawai K. Endoscopic sphincterotomy of the ampula of Vater. Endoscopy 1974.",
    ],
)
def test_a_reference_to_the_work(line: str) -> None:
    agreement = agrees(Description(title=line), PAPER)
    assert agreement.ok, agreement.reason


@pytest.mark.parametrize(
    "line",
    [
        "Safrany L. Duodenoscopic sphincterotomy and gallstone removal. "
        "Gastroenterology. 1977;72:338-43.",
        "Kawai K, Akasaka Y. Preliminary report on the duodenal endoscopy of the gallstone. "
        "Gastrointest Endosc. 1974;20:12-15.",
        "Kawai K, Akasaka Y. Gastrointest Endosc. 1974;20:12-15.",
        "[1] K. Kawai, Y. Akasaka, Gastrointestinal Endoscopy 28 (1982) 148.",
        "Kawai K. Erratum to: Endoscopic sphincterotomy of the ampulla of Vater. "
        "Gastrointest Endosc. 1974;20:201.",
        "Soehendra N. Comment on “Endoscopic sphincterotomy of the ampulla of Vater”. "
        "Gastrointest Endosc. 1975;21:33.",
        "Safrany L. Endoscopic sphincterotomy of the ampulla of Vater. "
        "Z Gastroenterol. 1977;15:61-70.",
    ],
)
def test_a_reference_to_another_work(line: str) -> None:
    assert not agrees(Description(title=line), PAPER).ok


def test_the_year_of_the_line_counts() -> None:
    line = "Kawai K. Endoscopic sphincterotomy of the ampulla of Vater. 1998."
    assert not agrees(Description(title=line), PAPER).ok
    assert agrees(Description(title=line.replace("1998", "1975")), PAPER).ok


@pytest.mark.parametrize(("one", "two"), [("Part I", "Part II"), ("1", "2"), ("A", "B")])
def test_parts_of_a_series_in_a_line(one: str, two: str) -> None:
    mine, other = paper(title=f"{PAPER.title}. {one}"), paper(title=f"{PAPER.title}. {two}")
    line = f"Kawai K, Akasaka Y. {mine.title}. Gastrointest Endosc. 1974;20:148-51."
    assert agrees(Description(title=line), mine).ok
    assert not agrees(Description(title=line), replace(other, page="152-160")).ok


@pytest.mark.parametrize(
    "line",
    [
        "Dwi R. Law and borders in the archipelago. In: A Handbook of Migration. Yogyakarta; 2021.",
        "Dwi R. Law and borders of the far archipelago. A Handbook of Migration. Yogyakarta, 2021.",
        "Lestari A. Law and borders. In A Handbook of Migration (2021), 3-18.",
    ],
)
def test_a_chapter_s_reference_with_the_book_s_doi(line: str) -> None:
    assert not agrees(Description(title=line), BOOK).ok


def test_a_book_s_reference() -> None:
    line = "Lestari A, editor. A Handbook of Migration. Gadjah Mada University Press; 2021."
    assert agrees(Description(title=line), BOOK).ok


def test_short_titles_need_witnesses() -> None:
    short = paper(title="Sulfones")
    assert agrees(Description(title="Kawai K. Sulfones. Gastrointest Endosc 1974;20:148"), short).ok
    assert not agrees(
        Description(title="Kawai K. Sulfones in leprosy. Gastrointest Endosc 1974;20:17-19"), short
    ).ok
    assert agrees(paper(title="Sulfones. K. Kawai", author=()), short).ok


def test_a_title_is_no_reference() -> None:
    assert refers_to("Endoscopic sphincterotomy of the ampulla of Vater", PAPER) is None
    assert refers_to("Endoscopic sphincterotomy", PAPER) is None
    assert refers_to("Soil fungi of boreal forests: a review", PAPER) is None
    assert refers_to("", PAPER) is None
    assert refers_to("Kawai 1974", Description()) is None


@pytest.mark.parametrize("piece", ["a ", "1974 ", "Kawai ", "x y ", "-"])
def test_long_lines_take_linear_time(piece: str) -> None:
    def compare(size: int) -> None:
        evil = piece * size
        long = paper(title="x y " * (size // 10), author=PAPER.author * (size // 25))
        refers_to(evil, PAPER)
        agrees(Description(title=evil), long)
        agrees(long, Description(title=evil))

    assert_grows_linearly(compare, 5_000)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=20), st.text(max_size=10))
def test_no_line_is_too_strange(line: str, title: str, family: str, number: str) -> None:
    theirs = paper(title=title, author=(Name(family=family),), page=number, volume=number)
    assert refers_to(f"{line} {title} {number}", theirs) in (True, False, None)
