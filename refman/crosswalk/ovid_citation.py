"""Citations as Ovid writes them in one line, under `SO` and `BT`, taken apart as far as is sure."""

from __future__ import annotations

import re
from typing import NamedTuple

from refman.crosswalk.medline_values import whole_pages
from refman.model import Date, Name
from refman.text.dates import read_date
from refman.text.initials import person

_LONGEST = 2000
_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)"
    r"[a-z]{0,6}\.?"
)
_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"\b{_MONTH}(?:[-/]{_MONTH})?,?\s(?:\d{{1,2}},\s?)?{_YEAR}\b"
    rf"|\b{_YEAR}\s{_MONTH}(?:\s\d{{1,2}})?\b"
)
_BARE_YEAR = re.compile(rf"\b{_YEAR}\b(?!\()")
_VOLUMES = (
    re.compile(r"\b[Vv]ol(?:ume)?\.?\s{0,2}(?P<volume>\d{1,5})\s?\((?P<issue>[^()]{1,20})\)"),
    re.compile(
        r"\b[Vv]ol(?:ume)?\.?\s{0,2}(?P<volume>\d{1,5})(?:,?\s[Nn]o\.\s{0,2}(?P<issue>[\w-]{1,10}))?"
    ),
    re.compile(r"(?<![\w(])(?P<volume>\d{1,5})\s?\((?P<issue>[^()]{1,20})\)"),
    re.compile(r"(?<=;)\s?(?P<volume>\d{1,5})(?P<issue>)(?=:)"),
    re.compile(r"(?<=\s)(?P<volume>\d{1,3})(?P<issue>)(?=:\s?\w{0,3}\d{1,6}-)"),
    re.compile(rf"(?<=\s)(?P<volume>\d{{1,4}})(?P<issue>)(?=,\s(?:{_MONTH}\s)?{_YEAR})"),
)
_CHAPTER_PAGES = re.compile(r"Chapter pagination:\s?([A-Za-z]?\d{1,6}(?:-[A-Za-z]?\d{1,6})?)")
_PAGES = re.compile(
    r"(?::\s?|\bpp?\.?\s?)([A-Za-z]{0,2}\d{1,6}-[A-Za-z]{0,2}\d{1,6})\b|"
    r",\s([A-Za-z]{0,2}\d{1,6}-[A-Za-z]{0,2}\d{1,6})\.?\s*$"
)
_EDITORS = re.compile(r"\s*\[Eds?(?:\.|itors?)?\]\.?\s*")
_BETWEEN_NAMES = re.compile(r";\s*|\s&\s")


class Citation(NamedTuple):
    """What a citation says of where a work is; None is what it does not say, or not clearly."""

    container: str | None
    volume: str | None
    issue: str | None
    page: str | None
    date: Date | None


def read_source(text: str) -> Citation:
    """A citation of an article: `Ecology & Trees. 101(2-3):227-34, November 15, 2003.`"""
    text = " ".join(text[:_LONGEST].split())
    dated = _DATE.search(text) or _BARE_YEAR.search(text)
    found = read_date(dated.group()) if dated is not None else None
    numbered = next((match for one in _VOLUMES if (match := one.search(text))), None)
    starts = [match.start() for match in (dated, numbered) if match is not None]
    container = text[: min(starts)] if starts else text.partition(". ")[0]
    return Citation(
        container.strip(" .,;:(") or None,
        numbered["volume"] if numbered is not None else None,
        (numbered["issue"] or None) if numbered is not None else None,
        _page(text),
        found.date if found is not None and found.date.year is not None else None,
    )


def _page(text: str) -> str | None:
    match = _CHAPTER_PAGES.search(text) or _PAGES.search(text)
    return whole_pages(next(filter(None, match.groups()))) if match is not None else None


class BookCitation(NamedTuple):
    """The book that a chapter is in."""

    title: str | None
    editors: tuple[Name, ...]
    page: str | None


def read_book(text: str) -> BookCitation:
    """`Ivanov, V.D. [Ed.]. [Translated title.] [Original title.] Publisher. 2002: 1-99.`"""
    text = " ".join(text[:_LONGEST].split())
    page = _page(text)
    parts = _EDITORS.split(text)
    editors = tuple(
        person(name.strip(" .,"))
        for part in parts[:-1]
        for name in _BETWEEN_NAMES.split(part)
        if name.strip(" .,")
    )
    rest = parts[-1].strip()
    if rest.startswith("[") and "]" in rest:
        title = rest[: rest.index("]") + 1]
    else:
        title = rest.partition(". ")[0].rstrip(".")
    return BookCitation(title or None, editors, page)
