"""Dates in BibTeX: `year`, `month` and `day`, or biblatex's one `date`, and CSL's dates."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from refman.model import Date
from refman.text import dates
from refman.text.dates import ReadDate
from refman.text.latex import decode, encode

MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The month macros of the standard styles."""
_SEASONS = ("spring", "summer", "autumn", "winter")
_FULL = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = (
    {name: number for number, name in enumerate(MACROS, 1)}
    | {name: number for number, name in enumerate(_FULL, 1)}
    | {str(number): number for number in range(1, 13)}
    | {f"0{number}": number for number in range(1, 10)}
    | {"sept": 9}
)
_TIME = re.compile(r"(?<=\d)T\d[\d:.,+Z-]{0,30}(?=/|\Z)", re.ASCII)
_YEAR = re.compile(r"[\[(]?(-?\d{1,4})[])]?", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s?[-–—/]{1,3}\s?(\d{4}|\d{2})?", re.ASCII)
_CIRCA = re.compile(r"(?:c|ca|circa|about)\.?\s?(\d{1,4})", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_SEPARATOR = re.compile(r"[-–—/&]|\band\b|\bto\b")


def without_times(text: str) -> str:
    """EDTF without the times of day that biblatex allows in it."""
    return _TIME.sub("", text) if "T" in text else text


@lru_cache(maxsize=16384)
def read_date(year: str, month: str, day: str) -> tuple[Date | None, tuple[str, ...]]:
    """A date from BibTeX's fields, and the names of those that went into it whole.

    What is no year ("in press") becomes a literal date, and leaves the month alone. Of a year with
    more to it ("1998a") the year is taken, but not whole.
    """
    text = decode(year)
    date = _read_year(text)
    taken: tuple[str, ...] = ("year",)
    if date is not None and date.year is None:
        words = read_words(text)
        date = words.date
        taken = ("year",) if words.whole else ()
    if date is None or date.year is None or date.end is not None or date.month or date.season:
        return date, taken
    if month or day:
        parts = _read_month(decode(month), decode(day))
        whole = None if parts is None else _with_month(date, date.year, *parts)
        if whole is not None:
            return whole, (*taken, "month", "day")
    return date, taken


def read_words(text: str) -> ReadDate:
    """A date as people write it, and whether that is all of the text."""
    return dates.read_date(text) or ReadDate(Date(literal=text), whole=True)


def read_stated(text: str) -> tuple[Date | None, bool]:
    """A date as biblatex writes it, or else as people do, and whether that is all of the text.

    A time of day, which a `Date` has not, is more.
    """
    plain = without_times(text)
    date = Date.parse(plain)
    if date is None or date.year is not None:
        return date, plain == text
    words = read_words(plain)
    return words.date, words.whole and plain == text


def is_more_than_year(text: str, date: Date) -> bool:
    """Whether a `year` has more to it than the year of a date."""
    found, taken = read_date(text, "", "")
    return found is not None and found.year == date.year and not taken


def _with_month(
    date: Date, year: int, month: int | None, day: int | None, last: int | None, season: int | None
) -> Date | None:
    if season is not None:
        return replace(date, season=season)
    whole = Date.of(year, month, day)
    if whole is None or (whole.month, whole.day) != (month, day):
        return None
    end = Date.of(year, last) if last is not None else None
    return replace(whole, circa=date.circa, end=end)


def _read_year(text: str) -> Date | None:
    if not text:
        return None
    bare = _YEAR.fullmatch(text)
    if bare:
        return Date(int(bare.group(1)))
    circa = _CIRCA.fullmatch(text)
    if circa:
        return Date(int(circa.group(1)), circa=True)
    years = _YEARS.fullmatch(text)
    if years:
        first, last = int(years.group(1)), years.group(2)
        if last is None:
            return Date(first, end=Date(literal=".."))
        if len(last) == 4:
            return Date(first, end=Date(int(last)))
        if int(last) == (first + 1) % 100:
            return Date(first, end=Date(first + 1))
    return Date.parse(text)


def _read_month(
    text: str, day: str
) -> tuple[int | None, int | None, int | None, int | None] | None:
    """Month, day, last month of a range, and season; None where it is none of these."""
    words = _WORD.findall(text.lower())
    days = [int(day)] if day.isascii() and day.isdecimal() and len(day) < 3 else []
    if day and not days:
        return None
    if len(words) == 1 and words[0] in (*_SEASONS, "fall"):
        word = "autumn" if words[0] == "fall" else words[0]
        return (None, None, None, _SEASONS.index(word) + 1) if not days else None
    named = [_MONTHS[word] for word in words if word in _MONTHS and not word.isdecimal()]
    numbers = [word for word in words if word.isdecimal() and word.isascii() and len(word) < 3]
    if len(named) + len(numbers) != len(words) or not words:
        return None
    if not named:
        month = _MONTHS.get(numbers[0])
        return (month, days[0] if days else None, None, None) if len(words) == 1 and month else None
    if len(named) == 2 and not numbers and not days and _SEPARATOR.search(text):
        return (named[0], None, named[1], None) if named[0] < named[1] else None
    if len(named) != 1 or len(numbers) + len(days) > 1:
        return None
    days += [int(number) for number in numbers]
    if days and not 1 <= days[0] <= 31:
        return None
    return named[0], days[0] if days else None, None, None


def write_date(date: Date, *, unicode: bool) -> list[tuple[str, str]]:
    """A date as fields with their values as the file has them.

    The month is written as its macro, so that each style can spell it as it likes. What year,
    month and day cannot say (the end of most ranges) stands in biblatex's `date` beside them.
    """
    if date.year is None:
        literal = encode(date.literal or "", unicode=unicode)
        return [("year", f"{{{literal}}}")] if literal else []
    year = f"ca. {date.year}" if date.circa else str(date.year)
    month = f"{{{_SEASONS[date.season - 1].capitalize()}}}" if date.season else ""
    if date.month is not None:
        month = MACROS[date.month - 1]
    ending = _ending(date)
    fields = [("year", f"{{{year}{ending or ''}}}" if not month else f"{{{year}}}")]
    if month:
        fields.append(("month", month + (ending or "")))
    if date.day is not None and date.month is not None:
        fields.append(("day", f"{{{date.day}}}"))
    if ending is None:
        fields.append(("date", f"{{{date.edtf}}}"))
    return fields


def _ending(date: Date) -> str | None:
    """What to put after the year, or after the month, for a range; None where that will not do."""
    end = date.end
    if end is None:
        return ""
    if date.circa or end.circa or date.season or end.season or date.day or end.day:
        return None
    assert date.year is not None
    if date.month is None:
        if end.literal == "..":
            return "--" if date.year >= 1000 else None
        if end.year is not None and end.month is None and date.year >= 1000 and end.year >= 1000:
            return f"--{end.year}"
    elif end.year == date.year and end.month is not None and end.month > date.month:
        return f' # "--" # {MACROS[end.month - 1]}'
    return None
