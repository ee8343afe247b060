"""Dates as EndNote has them, both ways: a year, and words for the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refman.model import Date
from refman.text.dates import ReadDate, read_date
from refman.text.markup import plain_text

_EDTF_RANGE = re.compile(r"-?\d{4}[-0-9]{0,6}~?/(?:-?\d{4}[-0-9]{0,6}~?|\.\.)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SEASONS = ("Spring", "Summer", "Autumn", "Winter")


def endnote_date(text: str) -> ReadDate | None:
    """The date that a text gives, also the range that `date_text` writes."""
    if _EDTF_RANGE.fullmatch(text):
        date = Date.parse(text)
        if date is not None and date.year is not None:
            return ReadDate(date, whole=True)
    return read_date(text)


def choose_issued(
    years: Sequence[str], dates: Sequence[str]
) -> tuple[Date | None, list[tuple[str, str]]]:
    """The date under `year` and `pub-dates`, and what of them says something else.

    `May 3` takes the year; a date with a year of its own stands as it is.
    """
    left = [("year", text) for text in years[1:]] + [("pub-dates", text) for text in dates[1:]]
    year = endnote_date(years[0]) if years else None
    if not dates:
        return (year.date if year is not None else None), left
    alone = year is None or _YEAR.search(dates[0])
    found = endnote_date(dates[0] if alone else f"{dates[0]} {years[0]}")
    if found is None or (found.date.year is None and year and year.date.year is not None):
        return (year.date if year is not None else None), [*left, ("pub-dates", dates[0])]
    if not found.whole:
        left.append(("pub-dates", dates[0]))
    if year is not None and year.date.year not in (None, found.date.year):
        left.append(("year", years[0]))
    return found.date, left


def date_text(date: Date) -> str:
    """A date in words that every program understands: EDTF, but for a season."""
    if date.season is not None and date.year is not None and not date.circa and date.end is None:
        return f"{_SEASONS[date.season - 1]} {date.year:04d}"
    return plain_text(date.edtf)
