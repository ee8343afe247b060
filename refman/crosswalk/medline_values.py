"""The kinds of value in a MEDLINE record: publication types, dates, pages, citations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from refman.model import Date
from refman.model.identifier import find_dois
from refman.text.dates import ReadDate, read_date

_TYPES = {
    "academic dissertation": "thesis",
    "book": "book",
    "book chapter": "chapter",
    "books": "book",
    "dataset": "dataset",
    "legal case": "legal_case",
    "legislation": "legislation",
    "newspaper article": "article-newspaper",
    "preprint": "article",
    "technical report": "report",
    "video-audio media": "motion_picture",
    "webcast": "motion_picture",
}
_ARTICLES = frozenset(
    ("journal article", "journal articles", "case reports", "case report", "review", "letter",
     "editorial", "comment", "news", "clinical trial", "randomized controlled trial",
     "meta-analysis", "systematic review", "published erratum", "retraction of publication",
     "retraction notice", "retracted publication", "expression of concern",
     "corrected and republished article", "historical article", "biography", "interview")
)  # fmt: skip
_OVER_ARTICLES = frozenset(("article", "article-newspaper", "chapter", "book"))
"""Types that stand even beside `Journal Article`: a film or a case then is what it is about."""
_DEGREES = {
    "doctoral dissertation": "Doctoral dissertation",
    "master": "Master's thesis",
    "practicum": "Practicum paper",
}

_RANGE = re.compile(r"(\d{1,12})-(\d{1,12})(?!\d)")
_TWO_YEARS = re.compile(r"(\d{4}\b[^-–]{0,20})[-–](\d{4}\b.{0,20})")
_NUMBERS = re.compile(r"\d{4}(?:\s{1,5}\d{1,2}){1,2}")
_CITED_DATE = re.compile(
    r"[.?!)]\s{1,3}(\d{4}(?:\s[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?:\s\d{1,2})?)?)[;.:]"
)
_CITED_PMID = re.compile(r"\bPMID:\s{0,3}(\d{1,9})\b")
_LONGEST_CITATION = 2000


def csl_type(given: Iterable[str], eric_article: bool = False) -> tuple[str, bool]:
    """The CSL type for some publication types (`PT`), and whether they say so.

    MEDLINE gives an article many, of which most say what it is about; without any that is known
    it is an article. `eric_article` is true of what ERIC numbers as one (`EJ…`).
    """
    words = [one.strip().lower() for one in given]
    article = any(word in _ARTICLES for word in words)
    found = [kind for word in words if (kind := _TYPES.get(word) or _thesis(word))]
    for kind in reversed(found):
        if not article or kind in _OVER_ARTICLES or kind == "thesis":
            return kind, True
    if not article and not eric_article and any("report" in word for word in words):
        return "report", True
    return "article-journal", bool(words)


def _thesis(word: str) -> str | None:
    return "thesis" if "dissertation" in word else None


def thesis_genre(given: Iterable[str]) -> str | None:
    """What kind of thesis ERIC says it is: `Dissertations/Theses - Doctoral Dissertations`."""
    for one in given:
        for word, genre in _DEGREES.items():
            if word in one.lower():
                return genre
    return None


def medline_date(text: str) -> ReadDate | None:
    """`1997 Jul 8`, `2019 Jan-Feb`, `1998 Dec-1999 Jan`, `2000 Spring`; None for an empty text."""
    if _NUMBERS.fullmatch(text):
        text = "/".join(text.split())
    match = _TWO_YEARS.fullmatch(text)
    if match is None:
        return read_date(text)
    start, end = (read_date(part) for part in match.groups())
    if start is None or end is None or not (start.whole and end.whole):
        return read_date(text)
    if start.date.year is None or end.date.year is None or start.date.parts >= end.date.parts:
        return read_date(text)
    return ReadDate(replace(start.date, end=end.date), whole=True)


def whole_pages(text: str) -> str:
    """Pages with the digits that MEDLINE leaves out: `4913-7` is `4913-4917`."""
    return _RANGE.sub(_whole_range, text)


def _whole_range(match: re.Match[str]) -> str:
    start, end = match.groups()
    missing = len(start) - len(end)
    return f"{start}-{start[:missing]}{end}" if missing > 0 else match.group()


class Cited(NamedTuple):
    """What identifies a work in a citation such as PubMed writes of comments and corrections."""

    DOI: str | None
    PMID: str | None
    date: Date | None


def cited(text: str) -> Cited:
    """The identifiers in `Lancet. 2010 Feb 6;375(9713):445. doi: 10.1016/… PMID: 20137807`."""
    text = text[:_LONGEST_CITATION]
    dois = find_dois(text)
    pmid = _CITED_PMID.search(text)
    when = _CITED_DATE.search(text)
    found = read_date(when[1]) if when is not None else None
    date = found.date if found is not None and found.date.year is not None else None
    return Cited(dois[0] if dois else None, pmid[1] if pmid else None, date)
