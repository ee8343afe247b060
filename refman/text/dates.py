"""Dates as people and databases write them, in words or numbers.

EDTF is `Date.parse`'s business; here is the rest: `2010/11/01`, `2010///`, `2005//Spring`,
`DEC 2019`, `04/2013`, `2020 Mar-Apr`, `15 August 2021`, `2018-03-21 18:19:45`, `ca. 1850`,
`2019-2020`.
Month names are read in English, Indonesian, German, French, Spanish, Portuguese, Italian and
Dutch, whole or shortened to three letters and more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from refman.model.date import Date

_LONGEST = 100

_NUMERIC = re.compile(
    r"(?P<year>\d{4})(?:(?P<cut>[-/.])(?P<month>\d{1,2})?(?:(?P=cut)(?P<day>\d{1,2})?"
    r"(?:(?P<rest>[/T ].*)|(?P=cut))?)?)?",
    re.DOTALL,
)
_COMPACT = re.compile(
    r"(?P<year>(?:1[5-9]|20)\d\d)(?P<cut>)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?P<rest>)"
)
_EDTF = re.compile(r"-?\d{4}")
_TWO_YEARS = re.compile(r"(\d\d)(\d\d)[-/–](\d\d)")
_EMPTY_REST = re.compile(
    r"[/\s]*(?:undefined|null|[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?[/\s]*"
)
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])\s?[./-]\s?(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_RANGE = re.compile(r"(\d{4}(?:/\d{1,2}){0,2}/{0,2})\s*[-–—]\s*(\d{4}(?:/\d{1,2}){0,2}/{0,2})")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CIRCA = re.compile(r"\b(?:(?:ca?\.?|circa|about)\s*(?=\d)|ca\.\s)", re.IGNORECASE)

_MONTHS = (
    "january januari januar janvier enero janeiro gennaio",
    "february februari februar fevrier février febrero fevereiro febbraio peb pebruari",
    "march maret märz maerz mars marzo março maart mrz",
    "april avril abril aprile",
    "may mei mai mayo maio maggio",
    "june juni juin junio junho giugno",
    "july juli juillet julio julho luglio",
    "august agustus août aout agosto augustus agt ags",
    "september septembre septiembre setembro settembre sept",
    "october oktober octobre octubre outubro ottobre",
    "november novembre noviembre novembro nopember nop",
    "december desember dezember décembre decembre diciembre dezembro dicembre",
)
_SEASONS = ("spring spr", "summer sum", "autumn aut fall fal", "winter win")


def _words(groups: tuple[str, ...]) -> dict[str, int]:
    return {word: number for number, group in enumerate(groups, 1) for word in group.split()}


_SEASON_OF = _words(_SEASONS)


def _month_table() -> dict[str, int]:
    """Whole names, and their beginnings of three letters and more where only one month has it."""
    whole = _words(_MONTHS)
    meant: dict[str, set[int]] = {}
    for word, number in whole.items():
        for length in range(3, len(word)):
            meant.setdefault(word[:length], set()).add(number)
    short = {word: numbers.pop() for word, numbers in meant.items() if len(numbers) == 1}
    return short | whole


_MONTH_OF = _month_table()


class ReadDate(NamedTuple):
    """A date, and whether all of the text went into it."""

    date: Date
    whole: bool


def read_date(text: str, year: int | None = None) -> ReadDate | None:
    """The date that a text gives.

    `year` is taken where the text has none (`JAN 15`). An impossible month or day is left out,
    and two numbers that could each be the month leave the year only; then `whole` is False. A
    text without any date becomes a literal. Returns None for an empty text.
    """
    text = text.strip()
    if not text.strip("/-. "):
        return None
    if len(text) > _LONGEST:
        return ReadDate(Date(literal=text), whole=True)
    return _read(text, year)


@lru_cache(maxsize=4096)
def _read(text: str, year: int | None) -> ReadDate:
    # Cached, since a library has few dates and each of them many times.
    if len(text) == 4 and text.isascii() and text.isdecimal():
        return ReadDate(Date(int(text)), whole=True)
    return _numeric(text) or _ranged(text) or _in_words(text, year) or _literal(text)


def _literal(text: str) -> ReadDate:
    return ReadDate(Date(literal=text), whole=True)


def _numeric(text: str) -> ReadDate | None:
    """`2010/11/01` and the like, with a time or RIS's fourth part behind it."""
    match = _NUMERIC.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        edtf = Date.parse(text) if _EDTF.match(text) else None
        return ReadDate(edtf, whole=True) if edtf is not None and edtf.year is not None else None
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    assert year is not None
    if match["cut"] == "-" and month is not None and 21 <= month <= 24 and day is None:
        return ReadDate(Date(year, season=month - 20), whole=True)
    if month is not None and month > 12 and day is None and not match["rest"]:
        return None
    date = Date.of(year, month or None, day or None)
    assert date is not None
    rest = match["rest"] or ""
    whole = len(date.parts) == sum(bool(part) for part in (year, month, day))
    if _EMPTY_REST.fullmatch(rest):
        return ReadDate(date, whole)
    season = _SEASON_OF.get(rest.strip("/ ").lower())
    if season is not None and month is None:
        return ReadDate(replace(date, season=season), whole)
    more = _in_words(f"{rest.strip('/ ')} {year}", None) if day is None else None
    if more is None or not more.whole or month not in (None, more.date.month):
        return ReadDate(date, whole=False)
    return more if more.date.month or more.date.season else ReadDate(date, whole=False)


def _ranged(text: str) -> ReadDate | None:
    """`2005/07/15-2005/07/18`, `2019-2020`."""
    short = _TWO_YEARS.fullmatch(text)
    if short is not None and int(short[3]) > max(int(short[2]), 12):
        century, first, last = short.groups()
        return ReadDate(Date(int(century + first), end=Date(int(century + last))), whole=True)
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    start, end = (_numeric(part) for part in match.groups())
    if start is None or end is None or start.date.parts > end.date.parts:
        return None
    return ReadDate(replace(start.date, end=end.date), start.whole and end.whole)


def _in_words(text: str, year: int | None) -> ReadDate | None:
    """Year, month, season and day in any order, as long as it is clear which is which."""
    month_first = _MONTH_FIRST.fullmatch(text)
    if month_first is not None:
        return ReadDate(Date(int(month_first[2]), int(month_first[1])), whole=True)
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first is not None:
        first, _, second, last = day_first.groups()
        return _numbers_around(int(last), int(first), int(second))
    circa = _CIRCA.search(text) is not None
    text = _CIRCA.sub("", text)
    months: list[int] = []
    seasons: list[int] = []
    years: list[int] = []
    days: list[int] = []
    whole = True
    for token in _TOKEN.findall(text):
        word = token.lower()
        if token.isascii() and token.isdecimal():
            number = int(token)
            if len(token) == 4 and 1000 <= number < 3000:
                years.append(number)
            elif len(token) <= 2 and 1 <= number <= 31:
                days.append(number)
            else:
                whole = False
        elif word in _MONTH_OF:
            months.append(_MONTH_OF[word])
        elif word in _SEASON_OF:
            seasons.append(_SEASON_OF[word])
        elif word not in ("c", "ca", "th", "st", "nd", "rd", "of", "de", "and"):
            whole = False
    found = years or ([year] if year is not None and (months or seasons) else [])
    if len(set(found)) != 1:
        return None
    read = _put_together(found[0], months, seasons, days)
    date = replace(read.date, circa=True) if circa else read.date
    return ReadDate(date, read.whole and whole)


def _put_together(year: int, months: list[int], seasons: list[int], days: list[int]) -> ReadDate:
    if seasons:
        sure = len(seasons) == 1 and not months and not days
        return ReadDate(Date(year, season=seasons[0]), whole=sure)
    if not months:
        return ReadDate(Date(year), whole=not days)
    first, last = months[0], months[-1]
    if len(months) > 2 or len(days) > 2 or last < first:
        return ReadDate(Date(year), whole=False)
    starts = days[:1]
    start = Date.of(year, first, *starts)
    end = Date.of(year, last, *days[-1:])
    assert start is not None
    assert end is not None
    whole = len(start.parts) == 2 + len(starts)
    if start.parts < end.parts:
        return ReadDate(replace(start, end=end), whole)
    return ReadDate(start, whole and len(days) < 2)


def _numbers_around(year: int, first: int, second: int) -> ReadDate:
    """`15.08.2021` and `08/15/2021`; of `04/05/2021` only the year is sure."""
    if first == second or first > 12 >= second:
        date = Date.of(year, second, first)
    elif second > 12 >= first:
        date = Date.of(year, first, second)
    else:
        return ReadDate(Date(year), whole=False)
    assert date is not None
    return ReadDate(date, whole=len(date.parts) == 3)
