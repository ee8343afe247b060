"""Dates that keep their precision.

2021, 2021-08 and 2021-08-15 are three different facts. The text form is that of EDTF (ISO 8601-2,
levels 0 and 1), which is also what CSL-JSON and biblatex accept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_EDTF = re.compile(r"(-?\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?([~?%])?")
_SEASONS = range(21, 25)
_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a range of dates, or words that stand for one.

    `season` is 1 to 4 (spring to winter), as in CSL. `end` makes it a range. `literal` holds what
    could not be read as a date ("in press"); then `year` is None.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    circa: bool = False
    end: Date | None = None
    literal: str | None = None

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Date | None:
        """A date of whole numbers, or None where there is no such day.

        An impossible day or month is dropped and the rest kept: 2021-02-31 becomes 2021-02.
        """
        if not -9999 <= year <= 9999:
            return None
        if month is not None and not 1 <= month <= 12:
            return cls(year)
        if month is None or day is None or not 1 <= day <= _DAYS[month]:
            return cls(year, month)
        if month == 2 and day == 29 and not _is_leap(year):
            return cls(year, month)
        return cls(year, month, day)

    @classmethod
    def parse(cls, text: str) -> Date | None:
        """Read EDTF: `2021`, `2021-08-15`, `2021-21` (spring), `2020/2021`, `1850~`, `2020/..`.

        Returns None for an empty text and a `literal` date for any other that is not EDTF.
        """
        text = text.strip()
        if not text:
            return None
        start_text, slash, end_text = text.partition("/")
        start = _parse_one(start_text)
        if start is None:
            return cls(literal=text)
        if not slash:
            return start
        if end_text in ("", ".."):
            return replace(start, end=cls(literal=".."))
        end = _parse_one(end_text)
        return cls(literal=text) if end is None else replace(start, end=end)

    @property
    def edtf(self) -> str:
        """The date as EDTF text; a literal as it is."""
        if self.year is None:
            return self.literal or ""
        text = f"{self.year:04d}" if self.year >= 0 else f"-{-self.year:04d}"
        if self.season is not None:
            text += f"-{20 + self.season}"
        elif self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        if self.circa:
            text += "~"
        if self.end is not None:
            text += f"/{self.end.edtf}"
        return text

    @property
    def parts(self) -> tuple[int, ...]:
        """Year, month and day as far as they are known."""
        known = []
        for part in (self.year, self.month, self.day):
            if part is None:
                break
            known.append(part)
        return tuple(known)

    @property
    def is_bare_year(self) -> bool:
        """Whether nothing but the year is known."""
        return (
            self.year is not None
            and self.month is None
            and self.season is None
            and self.end is None
        )

    def refines(self, other: Date) -> bool:
        """Whether this says the same as `other`, and more: 2021-08 refines 2021."""
        mine, theirs = self.parts, other.parts
        return (
            bool(theirs)
            and len(mine) > len(theirs)
            and mine[: len(theirs)] == theirs
            and other.end is None
            and other.season is None
        )


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _parse_one(text: str) -> Date | None:
    match = _EDTF.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.group(1, 2, 3))
    assert year is not None
    circa = match.group(4) is not None
    if month in _SEASONS and day is None:
        assert month is not None
        return Date(year, season=month - 20, circa=circa)
    date = Date.of(year, month, day)
    if date is None or date.parts != tuple(p for p in (year, month, day) if p is not None):
        return None
    return replace(date, circa=circa) if circa else date
