"""The source line of a Garuda result: journal, volume, issue, date and the issue's own title.

`Mediasi: Journal of International Relations Vol. 4 No. 2 (2021): Mediasi Journal of …` is what
Open Journal Systems prints, and journals fill it in as they please, in Indonesian or English:
`Volume 15 Nomor 2, Oktober 2014`, `Vol 1, No 2: WISUDA OKTOBER 2014`, `Prosiding X (2019)`.

The year in parentheses is the date. A lone month that follows it as the issue's title refines it;
a range of months does not. A year found anywhere else is a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from refman.model import Date
from refman.text.titles import fold

__all__ = ["MONTHS", "SourceLine", "looks_like_source", "read_source_line"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "pebruari", "feb"),
            ("maret", "march", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("agustus", "august", "agt", "agu", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "december", "des", "dec"),
        ),
        start=1,
    )
    for name in names
}
"""Months in Indonesian and English, and their abbreviations."""

_NUMBER = (
    r"(?:\d{1,5}[A-Za-z]?(?:\s?[-–/&+]\s?\d{1,5}[A-Za-z]?)?|[IVXLC]{1,7}|[A-Z])(?![A-Za-z0-9])"
)
_VOLUME = re.compile(
    rf"(?<![A-Za-z])(?:Volume|Vol|Jilid|Tome)(?:\.|\b)\s?[:.,]?\s?(?P<value>{_NUMBER})",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"(?<![A-Za-z])(?:Nomor|Nomer|Number|Num|Nr|No|Issue|Iss|Edisi|Edition|N°|№)(?:\.|\b)\s?[:.,]?\s?"
    rf"(?P<value>{_NUMBER}|Khusus|Special|Spesial|Supplement|Suplemen)",
    re.IGNORECASE,
)
_YEAR = r"(?:1[89]|20)\d\d"
_YEARS_IN_PARENTHESES = re.compile(
    rf"\(\s?(?P<year>{_YEAR})(?:\s?[-–/]\s?(?P<end>\d\d(?:\d\d)?))?\s?\)"
)
_NUMBER_IN_PARENTHESES = re.compile(r"\s?\((?P<value>\d{1,3}(?:[-–]\d{1,3})?)\)")
_SPECIAL = re.compile(
    r"\((?P<value>Special Issue|Edisi Khusus|Special Edition|In Press|Article in Press)\)",
    re.IGNORECASE,
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_LONE_MONTH = re.compile(
    rf"[\s,;:.\-–(]*(?:(?:Edisi|Issue|Bulan|Periode|Edition)\s)?(?P<month>{_MONTH})\b\.?"
    rf"(?:[\s,]+(?P<year>{_YEAR}))?[\s.,)]*",
    re.IGNORECASE,
)
_MONTH_AND_YEAR = re.compile(
    rf"(?<![\w\-–/])(?P<month>{_MONTH})[\s,.]{{1,3}}(?P<year>{_YEAR})\b", re.IGNORECASE
)
_MONTH_RANGE = re.compile(
    rf"(?:{_MONTH})\b\.?\s?(?:[-–/&]|dan|and|to|s\.?d\.?|sampai)\s?(?:{_MONTH})\b", re.IGNORECASE
)
_ANY_YEAR = re.compile(rf"(?<![\d.])(?P<year>{_YEAR})(?![\d.])")
_LONE_YEAR = re.compile(
    rf"[\s,;.\-–]*(?:(?:Tahun|Thn|Th|Year)\.?\s?)?{_YEAR}[\s.,]*", re.IGNORECASE
)
_LABEL = re.compile(r"\s?[:;]\s?|\s[-–—]\s")
_EDGES = " ,:;.-–—|/"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What a source line says. `guessed` names what was inferred rather than read."""

    container_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    issued: Date | None = None
    issue_title: str | None = None
    rest: str | None = None
    """The whole line, where something of it found no place."""
    guessed: frozenset[str] = frozenset()

    @property
    def is_proceedings(self) -> bool:
        """Whether the journal is a conference's proceedings by its name."""
        name = (self.container_title or "").casefold()
        return name.startswith(("prosiding", "proceeding", "seminar nasional", "konferensi"))


def looks_like_source(text: str) -> bool:
    """Whether a line has a volume, an issue or a year in parentheses as source lines have."""
    text = text[:_LONGEST]
    return bool(
        _VOLUME.search(text)
        or _YEARS_IN_PARENTHESES.search(text)
        or (_ISSUE.search(text) and _ANY_YEAR.search(text))
        or _SPECIAL.search(text)
    )


def begins_with_numbering(text: str) -> bool:
    """Whether a line is the end of a broken source line: `No 4 (2025): …`."""
    return any(pattern.match(text) for pattern in (_VOLUME, _ISSUE, _YEARS_IN_PARENTHESES, _LABEL))


def read_source_line(text: str) -> SourceLine:
    """Take a source line apart. What has no numbering at all is a journal's name."""
    text = " ".join(text[:_LONGEST].split())
    volume = _VOLUME.search(text)
    issue = _ISSUE.search(text, volume.end() if volume else 0) or _ISSUE.search(text)
    if issue and volume and volume.start() <= issue.start() < volume.end():
        issue = None
    years = _YEARS_IN_PARENTHESES.search(text)
    label_from = years.end() if years else 0
    if years and issue and issue.start() > years.end():
        # `(2021): No. 3 of the series`: a number in the issue's title is none of the issue's.
        issue = None if _LABEL.match(text, years.end()) else issue
    special = _SPECIAL.search(text)
    found = [match for match in (volume, issue, years, special) if match]
    if not found:
        return _without_numbering(text)
    if not years:
        label_from = max(match.end() for match in found)
    start = min(match.start() for match in found)
    issue_value = issue["value"] if issue else None
    if issue is None and volume and (bracketed := _NUMBER_IN_PARENTHESES.match(text, volume.end())):
        issue_value = bracketed["value"]
        label_from = max(label_from, bracketed.end())
    if issue_value is None and special:
        issue_value = special["value"]
    label = text[label_from:]
    issued, guessed = _issued(years, text[start:label_from], label)
    if not _LABEL.match(label) and _dated(label):
        label = ""
    name = text[:start].rstrip(_EDGES)
    title = _issue_title(label, name)
    between = _between(text, start, label_from, [match for match in found if match])
    return SourceLine(
        container_title=name or None,
        volume=_tidy(volume["value"]) if volume else None,
        issue=_tidy(issue_value) if issue_value else None,
        issued=issued,
        issue_title=title,
        rest=text if not name or (between and not _dated(between)) else None,
        guessed=frozenset({"issued"} if guessed else ()),
    )


def _tidy(number: str) -> str:
    return re.sub(r"\s?([-–/&+])\s?", r"\1", number).replace("–", "-")


def _without_numbering(text: str) -> SourceLine:
    """`Jurnal X, Oktober 2014`, `Jurnal X 2014` or a name alone."""
    if match := _MONTH_AND_YEAR.search(text):
        name = text[: match.start()].rstrip(_EDGES)
        if name and not text[match.end() :].strip(_EDGES):
            date = Date.of(int(match["year"]), MONTHS[match["month"].lower()])
            return SourceLine(container_title=name, issued=date)
    match = re.search(rf"[\s,]({_YEAR})$", text)
    if match and text[: match.start()].strip(_EDGES):
        name = text[: match.start()].rstrip(_EDGES)
        return SourceLine(
            container_title=name,
            issued=Date(int(match[1])),
            guessed=frozenset({"issued"}),
            rest=text,
        )
    return SourceLine(container_title=text.strip(_EDGES) or None)


def _issued(years: re.Match[str] | None, numbering: str, label: str) -> tuple[Date | None, bool]:
    """The date, and whether it is a guess."""
    if years:
        year = int(years["year"])
        month = _LONE_MONTH.fullmatch(label)
        if month and month["year"] in (None, years["year"]):
            return Date.of(year, MONTHS[month["month"].lower()]), False
        before = _LONE_MONTH.search(numbering, max(0, len(numbering) - 40))
        if (
            before
            and numbering[before.end() :].startswith("(")
            and not _MONTH_RANGE.search(numbering)
        ):
            return Date.of(year, MONTHS[before["month"].lower()]), False
        if years["end"]:
            end = (
                int(years["end"])
                if len(years["end"]) == 4
                else year // 100 * 100 + int(years["end"])
            )
            if year < end <= year + 10:
                return Date(year, end=Date(end)), False
        return Date(year), False
    month = _LONE_MONTH.fullmatch(label)
    if month and month["year"]:
        return Date.of(int(month["year"]), MONTHS[month["month"].lower()]), False
    for text in (numbering, label):
        if not _MONTH_RANGE.search(text) and (match := _MONTH_AND_YEAR.search(text)):
            return Date.of(int(match["year"]), MONTHS[match["month"].lower()]), True
        if match := _ANY_YEAR.search(text):
            return Date(int(match["year"])), not _dated(text)
    return None, False


def _issue_title(label: str, name: str) -> str | None:
    """What follows the numbering, unless it is only the journal's name again."""
    title = label.strip(" ,:;-–—|")
    if not title:
        return None
    mine, journal = fold(re.sub(r"\([^()]*\)", " ", title)), fold(re.sub(r"\([^()]*\)", " ", name))
    if mine in ("", journal) or fold(title) == fold(name):
        return None
    return title


def _between(text: str, start: int, end: int, found: list[re.Match[str]]) -> str:
    """What of the numbering no pattern has taken."""
    kept = list(text[start:end])
    for match in found:
        for position in range(match.start() - start, min(match.end(), end) - start):
            kept[position] = " "
    rest = "".join(kept)
    rest = _NUMBER_IN_PARENTHESES.sub(" ", rest)
    return " ".join(rest.split()).strip(_EDGES)


def _dated(text: str) -> bool:
    return bool(_LONE_MONTH.fullmatch(text) or _LONE_YEAR.fullmatch(text))
