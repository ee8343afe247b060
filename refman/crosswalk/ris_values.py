"""The kinds of value under a RIS tag, both ways: texts, dates, pages, serial numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from refman.model import Date, Name
from refman.model.identifier import parse_isbn, parse_issn
from refman.text.dates import ReadDate, read_date
from refman.text.markup import clean_inline, plain_abstract, plain_text, strip_markup
from refman.text.names import parse_name

_RANGE = re.compile(r"([^\s\-–—]{1,20})\s*[-–—]{1,2}\s*([^\s\-–—]{1,20})")
_KEY = re.compile(r"[^\s,{}\\\"'#%~()=]{2,250}")
_NOT_A_KEY = re.compile(
    r"(?:wos|isi|medline|pmid|pmc|doi|scopus|eid|ccc|rayyan)[:-]|[^A-Za-z]*/|[^/]*:/|10\.",
    re.IGNORECASE,
)
_LONGEST_KEPT = 200
"""Longest value whose reading is remembered: a library has the same ones again and again."""
_AND = re.compile(r"[;&]|\band\b")
_HEADINGS = ("abstract", "abstrak")
_DASHES = re.compile(r"\s*[-–—]{1,2}\s*")
_VOLUME_AND_ISSUE = re.compile(r"([^\s()]{1,20})\s?\(([^()]{1,20})\)")
_NO_PAGES = frozenset(("no", "na", "n/a", "n.a.", "no pagination", "specified", "pagination"))
_LABELS = re.compile(r"\([^()]{0,40}\)|\b(?:e|p|l)?-?is[sb]n\b:?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;,\n]")
_EIGHT_DIGITS = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_INITIALS_FIRST = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}[^\W\d_][^\d.,]*")
_INITIALS_LAST = re.compile(r"([^\W\d_][^\d.,]*) ((?:[^\W\d_]\.?[ -]?){1,3})")
_GENERATIONS = frozenset(("jr", "sr", "jnr", "snr", "ii", "iii", "iv"))
_PROCEEDINGS = re.compile(
    r"proceeding|conference|symposium|workshop|congress|lecture notes|transactions", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>\"/.]+[./][^\s<>\"]+")
_MONTH_NAMES = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_SEASON_NAMES = ("Spring", "Summer", "Autumn", "Winter")


def one_line(value: str) -> str:
    """A plain text on one line, without markup."""
    if "&" in value or "<" in value:
        return plain_text(strip_markup(value))
    # As in `_is_tidy`, without the call: this is asked of every value.
    tidy = value.isascii() and value.isprintable() and "  " not in value
    return value if tidy and value == value.strip() else plain_text(value)


def title_line(value: str) -> str:
    """A title, with CSL's inline marks at the most."""
    return clean_inline(value) if "&" in value or "<" in value else one_line(value)


def tidy(value: str) -> str:
    """The text on one line, normalised, without control characters; most texts are so already."""
    return value if _is_tidy(value) else plain_text(value)


def _is_tidy(value: str) -> bool:
    return value.isascii() and value.isprintable() and "  " not in value and value == value.strip()


def paragraphs(value: str) -> str:
    """An abstract: paragraphs with an empty line between them.

    A line break in it may come from wrapping. It ends a paragraph only where a sentence ends
    before it, and something begins with a capital or a mark after it.
    """
    if "\n" not in value:
        marked = "&" in value or "<" in value or value[:8].lower().startswith(_HEADINGS)
        return value if not marked and _is_tidy(value) else plain_abstract(value)
    parts: list[str] = []
    before = ""
    for line in value.split("\n"):
        text = line.strip()
        if text and parts:
            parts.append("\n\n" if not before or _begins_anew(before, line) else " ")
        parts.append(text)
        before = text
    return plain_abstract("".join(parts))


def _begins_anew(before: str, line: str) -> bool:
    return before[-1] in '.!?:)"”' and not line[0].isspace() and not line[0].islower()


def note_lines(values: Iterable[str]) -> str:
    """Notes, each on a line of its own."""
    lines = (one_line(line) for value in values for line in value.split("\n"))
    return "\n".join(line for line in lines if line)


def split_keywords(values: Sequence[str]) -> tuple[str, ...]:
    """The keywords of a record, each once: a line each, or parted by semicolons.

    Where there is one value only, two commas and more part it, unless its last part has an `and`:
    `Ecology, Evolution, Behavior and Systematics` is one subject.
    """
    words: dict[str, None] = {}
    for raw in values:
        separator = ";"
        if len(values) == 1 and _is_list(raw):
            separator = ","
        for piece in raw.replace("\n", separator).split(separator):
            if word := one_line(piece).removeprefix("%K "):
                words[word] = None
    return tuple(words)


def _is_list(keywords: str) -> bool:
    head, _, last = keywords.rpartition(",")
    return "," in head and ";" not in head and not _AND.search(last) and "\n" not in keywords


def is_proceedings(title: str) -> bool:
    """Whether a title is, by its words, that of proceedings."""
    return _PROCEEDINGS.search(title) is not None


def is_address(text: str) -> bool:
    """Whether a text could be an address on the web, if only a relative one."""
    return _ADDRESS.fullmatch(text) is not None


# Names


def read_name(value: str) -> Name | None:
    """The name under a tag for people, which has the family name before a comma.

    Without a comma it is an organisation, or a person with one name, and is kept whole, unless
    initials show what is the family name (`J. Doe` in IEEE Xplore, `Doe J.` in Embase). None is
    for a text without any name.
    """
    return _known_name(value) if len(value) <= _LONGEST_KEPT else _new_name(value)


def _new_name(value: str) -> Name | None:
    text = one_line(value)
    family, comma, given = text.partition(", ")
    if comma and family.isalpha() and given[:1].isalpha() and "," not in given:
        # Nearly every name.
        if " " not in given or given.rsplit(" ", 1)[1].rstrip(".").lower() not in _GENERATIONS:
            return Name(family, given)
    elif not text.strip(" ,;."):
        return None
    return parse_name(text) if "," in text else _without_comma(text)


_known_name = lru_cache(maxsize=16384)(_new_name)


def _without_comma(text: str) -> Name:
    if _INITIALS_FIRST.fullmatch(text):
        return parse_name(text)
    inverted = _INITIALS_LAST.fullmatch(text)
    if inverted is not None and inverted[2].replace(".", "").replace("-", "").strip().isupper():
        return parse_name(f"{inverted[1]}, {inverted[2].strip()}")
    return Name(literal=text)


# Dates


class Chosen(NamedTuple):
    """The date that a record's tags come to, and those of its values that say something else."""

    date: Date | None
    left: Sequence[tuple[str, str]]


def choose_date(candidates: Sequence[tuple[str, str]]) -> Chosen:
    """The best of the dates under `DA`, `Y1` and `PY`, given in the order of trust.

    The first that has a year stands, or one that says the same more exactly. `DA` often lacks the
    year (`JAN 15`); then that of the others goes with it.
    """
    if len(candidates) < 4 and all(len(text) < _LONGEST_KEPT for _, text in candidates):
        return _known_choice(tuple(candidates))
    return _choice(candidates)


def _choice(candidates: Sequence[tuple[str, str]]) -> Chosen:
    read: list[tuple[str, str, ReadDate]] = []
    years = [text[:4] for _, text in candidates if text[:4].isascii() and text[:4].isdecimal()]
    year = int(years[0]) if years and len(years[0]) == 4 else None
    for tag, text in candidates:
        found = read_date(plain_text(text), year)
        if found is not None:
            read.append((tag, text, found))
    best: ReadDate | None = None
    for _, _, found in read:
        better = best is None or (best.date.year is None and found.date.year is not None)
        if better or (best is not None and found.whole and found.date.refines(best.date)):
            best = found
    if best is None:
        return Chosen(None, ())
    left = tuple(
        (tag, text)
        for tag, text, found in read
        if not found.whole or not _is_in(found.date, best.date)
    )
    return Chosen(best.date, left)


_known_choice = lru_cache(maxsize=4096)(_choice)


def _is_in(date: Date, best: Date) -> bool:
    """Whether a date says nothing that the better one does not say."""
    return date == best or best.refines(date) or (date.is_bare_year and date.year == best.year)


def date_text(date: Date) -> tuple[str, str | None]:
    """A date as RIS has it, `2010/11/01`, and what of it RIS cannot say.

    A month or day that is not known stays empty between its slashes (`2010/11//`), a season is the
    fourth part (`2010///Spring`). Words are written as they are.
    """
    if date.year is None or not 0 <= date.year <= 9999:
        text = date.literal or date.edtf
        return text, None if date.literal else "RIS has years from 0 to 9999"
    parts = (f"{date.year:04d}", _two(date.month), _two(date.day))
    text = "/".join(parts)
    if date.season is not None:
        text += f"/{_SEASON_NAMES[date.season - 1]}"
    end = date.end
    if end is not None and _are_months_of_one_year(date, end):
        # As EBSCO writes it: `2020/04//Apr-Jun`.
        text += f"/{_month(date)}-{_month(end)}"
        end = None
    elif date.season is None and date.day is None:
        text += "/"
    lost = "the end of the range" if end is not None else None
    if date.circa:
        lost = f"{lost}, and that it is not certain" if lost else "that it is not certain"
    return text, lost


def _are_months_of_one_year(start: Date, end: Date) -> bool:
    return start.year == end.year and len(start.parts) == len(end.parts) == 2


def _month(date: Date) -> str:
    return "" if date.month is None else _MONTH_NAMES[date.month - 1]


def _two(number: int | None) -> str:
    return "" if number is None else f"{number:02d}"


# Pages


def read_pages(start: str | None, end: str | None) -> str | None:
    """One text for `SP` and `EP`; None where they say that there are none.

    Some programs write the whole range in `SP`, or in both.
    """
    start = _dashed(start) if start else None
    end = _dashed(end) if end else None
    if (start or end or "").lower() in _NO_PAGES:
        return None
    if start is None or end is None or start == end or _last_of(start) == end:
        return start or end
    if _RANGE.fullmatch(end) and end.startswith(start + "-"):
        return end
    return f"{start}-{end}"


def _dashed(text: str) -> str:
    text = plain_text(text)
    return _DASHES.sub("-", text) if _RANGE.fullmatch(text) else text


def _last_of(text: str) -> str | None:
    match = _RANGE.fullmatch(text)
    return match.group(2) if match else None


def split_pages(page: str) -> tuple[str, str | None]:
    """`SP` and `EP` for a text of pages; one that is no simple range goes into `SP` whole."""
    match = _RANGE.fullmatch(page)
    if match is None or match.group(1) == match.group(2):
        return page, None
    return match.group(1), match.group(2)


def is_range(text: str) -> bool:
    """Whether a text is a range of pages."""
    return _RANGE.fullmatch(text) is not None


def split_volume(volume: str) -> tuple[str, str] | None:
    """The volume and the issue in `50(2)`."""
    match = _VOLUME_AND_ISSUE.fullmatch(volume)
    return (match.group(1), match.group(2)) if match else None


# ISSN and ISBN


class SerialNumbers(NamedTuple):
    """What the `SN` lines of a record hold, each once, in order; `other` is neither."""

    issn: tuple[str, ...]
    isbn: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def are_none(self) -> bool:
        """Whether there is no valid number among them."""
        return not (self.issn or self.isbn)


def read_serial_numbers(values: Iterable[str]) -> SerialNumbers:
    """ISSNs and ISBNs with their check digits verified; several may share a line."""
    given = tuple(values)
    if len(given) < 4 and all(len(value) < _LONGEST_KEPT for value in given):
        return _known_numbers(given)
    return _serial_numbers(given)


def _serial_numbers(values: tuple[str, ...]) -> SerialNumbers:
    issn: dict[str, None] = {}
    isbn: dict[str, None] = {}
    other: dict[str, None] = {}
    for value in values:
        if _EIGHT_DIGITS.fullmatch(value):
            number = parse_issn(value)
            (other if number is None else issn)[number or value] = None
            continue
        for piece in _SEPARATORS.split(value):
            text = plain_text(_LABELS.sub(" ", piece)) or plain_text(piece)
            if not text:
                continue
            for one in _numbers(text):
                if (number := parse_issn(one)) is not None:
                    issn[number] = None
                elif (number := parse_isbn(one)) is not None:
                    isbn[number] = None
                else:
                    other[one] = None
    return SerialNumbers(tuple(issn), tuple(isbn), tuple(other))


_known_numbers = lru_cache(maxsize=4096)(_serial_numbers)


def _numbers(text: str) -> list[str]:
    """The text, or its words where each of them is a number of its own."""
    words = text.split(" ")
    if len(words) > 1 and all(parse_issn(word) or parse_isbn(word) for word in words):
        return words
    return [text]


# Keys


def is_citation_key(text: str) -> bool:
    """Whether what stands under `ID` is a citation key: a bare number, say, is the database's."""
    lettered = text.isprintable() and any(char.isalpha() for char in text)
    return lettered and _KEY.fullmatch(text) is not None and _NOT_A_KEY.match(text) is None
