"""The kinds of value in a Crossref record, read with nothing taken for granted.

A record comes from outside: any value may be missing, null, empty, of another type than the
documentation says, or a single value where a list should be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from refman.model import Date
from refman.model.identifier import parse_isbn, parse_issn
from refman.text.markup import clean_inline, plain_text, strip_markup

_DASHES = re.compile("\\s*[\u2010-\u2015\u2212]\\s*")
_ISBD = (" /", " :", " ;", " =")
_PII = re.compile(r"S[0-9]{15}[0-9X]")
_NO_PAGES = frozenset(("n/a", "n/a-n/a", "no", "no-no", "na-na", "-", "?", "??", "none"))
_ISBN_PREFIX = re.compile(r"(?:https?://id\.crossref\.org/isbn/|urn:isbn:)", re.IGNORECASE)
_ISSN_PREFIX = re.compile(r"(?:https?://id\.crossref\.org/issn/|urn:issn:)", re.IGNORECASE)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ORDER = {"print": 0, "electronic": 1}


def items(value: object) -> list[Any]:
    """A list as it is, nothing as no items, anything else as the one item."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """Those items that are objects."""
    return (item for item in items(value) if isinstance(item, dict))


def line(value: object) -> str | None:
    """A text or number as one plain line, without markup; None where it says nothing."""
    if isinstance(value, str):
        if "<" in value or "&" in value:
            value = strip_markup(value)
        return plain_text(value) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def bare(value: object) -> str | None:
    """An identifier or address as it came, but for control characters: it has no markup."""
    return (plain_text(value) or None) if isinstance(value, str) else None


def first_line(value: object) -> str | None:
    """The first item of a list that says something, or the value where it is no list."""
    return next((text for item in items(value) if (text := line(item))), None)


def tidy_line(value: object) -> str | None:
    """A line without the punctuation that library catalogues (ISBD) put between areas."""
    text = line(value)
    return _without_isbd(text) if text else None


def _without_isbd(text: str) -> str:
    return text[:-1].rstrip() if text[-1] == "," or text[-2:] in _ISBD else text


def titles(value: object) -> list[str]:
    """The titles of a list, with CSL's inline marks, each once."""
    found = (clean_inline(item) for item in items(value) if isinstance(item, str))
    return list(dict.fromkeys(_without_isbd(title) for title in found if title))


def date(value: object) -> Date | None:
    """The date in `{"date-parts": [[2021, 8, 15]]}`.

    None for `[[null]]`, `[[]]`, `[]` and the like, with which Crossref says that it knows no date.
    Two parts make a range, as in CSL.
    """
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    if not isinstance(parts, list):
        return None
    dates = [found for part in parts[:2] if (found := _date_of(part)) is not None]
    if len(dates) == 2 and dates[0] != dates[1]:
        return ranged(dates[0], dates[1])
    return dates[0] if dates else None


def ranged(start: Date, end: Date) -> Date:
    """The range from one date to the other."""
    return Date(start.year, start.month, start.day, end=end)


def _date_of(parts: object) -> Date | None:
    numbers: list[int] = []
    for part in items(parts)[:3]:
        number = _number(part)
        if number is None:
            break
        numbers.append(number)
    if not numbers or numbers[0] == 0:
        return None
    return Date.of(*numbers)


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 4:
        return int(value)
    return None


def pages(value: object) -> str | None:
    """A page range with plain hyphens; None for `n/a-n/a`, which some publishers deposit."""
    text = line(value)
    if text is None or text.lower() in _NO_PAGES:
        return None
    return text if text.isascii() else _DASHES.sub("-", text)


def article_number(value: object) -> str | None:
    """An article number; None for a publisher item identifier, which some deposit as one."""
    text = line(value)
    return None if text is None or _PII.fullmatch(text) else text


def edition(value: object) -> str | None:
    """An edition; None for edition 0, which is some publishers' word for none."""
    text = line(value)
    return None if text == "0" else text


def issns(numbers: object, typed: object) -> tuple[str, ...]:
    """The ISSNs, print before electronic, each once; one that is not valid as it came."""
    return _identifiers(numbers, typed, _issn)


def isbns(numbers: object, typed: object) -> tuple[str, ...]:
    """The ISBNs, print before electronic, each once; one that is not valid as it came."""
    return _identifiers(numbers, typed, _isbn)


def _issn(text: str) -> str:
    bare = _ISSN_PREFIX.sub("", text)
    return parse_issn(bare) or bare


def _isbn(text: str) -> str:
    bare = _ISBN_PREFIX.sub("", text)
    return parse_isbn(bare) or bare


def _identifiers(numbers: object, typed: object, parse: Any) -> tuple[str, ...]:
    ranks: dict[str, int] = {}
    for item in mappings(typed):
        text = line(item.get("value"))
        if text:
            ranks.setdefault(parse(text), _ORDER.get(str(item.get("type")), 2))
    for number in items(numbers):
        text = line(number)
        if text:
            ranks.setdefault(parse(text), 2)
    return tuple(sorted(ranks, key=ranks.__getitem__))


def says_something(value: object, depth: int = 20) -> bool:
    """Whether there is anything in a value: not null, empty, or made of such."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return depth == 0 or any(says_something(item, depth - 1) for item in inner)
    return value is not None and value != ""


def as_json(value: object) -> str:
    """Compact JSON that is valid Unicode text. Raises `RecursionError` where it is too deep."""
    text = _ENCODER.encode(value)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # A lone surrogate: only its escape can be stored.
        return json.dumps(value, separators=(",", ":"))
    return text


def unlisted(value: object, mapped: Iterable[str]) -> bool:
    """Whether the objects in a value say anything under other keys than the mapped ones."""
    known = frozenset(mapped)
    return any(
        key not in known and says_something(content)
        for item in mappings(value)
        for key, content in item.items()
    )


def words(value: object) -> str | None:
    """One of Crossref's hyphenated words as a person writes it: `referee-report`."""
    text = line(value)
    return text.replace("-", " ").replace("_", " ").capitalize() if text else None


def span(start: Date | None, end: Date | None) -> Date | None:
    """From one date to the other, as far as they are known."""
    if start is None or end is None or start == end:
        return start or end
    return ranged(start, end)


def web_address(value: object) -> str | None:
    """An address of the web; None for anything else."""
    text = bare(value)
    if text is None or not text.lower().startswith(("http://", "https://")) or " " in text:
        return None
    try:
        urlsplit(text)
    except ValueError:
        return None
    return text
