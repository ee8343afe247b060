"""The kinds of value in a CSL-JSON item, both ways: texts, names, dates, lists.

Dates: CSL 1.0.2 has `{"date-parts": [[2021, 8, 15]]}`, two parts for a range, `season`, `circa`,
`literal` and `raw`. A season inside a range is written as a month from 21 to 24, an open end as
`[0]`; on the way in months from 13 to 16 are seasons too, as citeproc-js has it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from refman.crosswalk.crossref_values import as_json
from refman.model import Date, Name
from refman.model.identifier import parse_orcid
from refman.text.dates import read_date
from refman.text.markup import clean_inline, plain_abstract, plain_text
from refman.text.names import parse_name

OPEN = Date(literal="..")
"""The end of a range that has none."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SEPARATORS = re.compile(r"[,;]")
_NAME_PARTS = {
    "family": "family",
    "given": "given",
    "suffix": "suffix",
    "dropping-particle": "dropping_particle",
    "non-dropping-particle": "non_dropping_particle",
    "literal": "literal",
}
_NAME_FIELDS = tuple(_NAME_PARTS.items())
_NOT_CIRCA = frozenset(("", "0", "false", "no"))
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_DATE_PARTS = tuple(field.name for field in fields(Date) if field.name not in ("end", "literal"))
_LIMITS = {"year": (-9999, 9999), "month": (1, 12), "day": (1, 31), "season": (1, 4)}


# Texts


def scrub(text: str) -> str:
    """Text as it came, but for control characters and lone surrogates; NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """A plain text on one line."""
    return plain_text(text)


def title_line(text: str) -> str:
    """A title with CSL's inline marks. Ampersands stand for themselves: CSL-JSON is no HTML."""
    return clean_inline(text) if "<" in text and "&" not in text else plain_text(text)


def lines(text: str) -> str:
    """A text whose line breaks mean something."""
    if "<jats:" in text:
        return plain_abstract(text)
    if text.isprintable():
        return plain_text(text)
    kept = [plain_text(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(kept).strip("\n")


def scalar(value: object) -> str | None:
    """A text or number as text; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    return None


def compact(value: object) -> str:
    """Any JSON value as text: a text as it is, null as nothing, others as compact JSON."""
    if isinstance(value, str):
        return scrub(value)
    try:
        return "" if value is None else scrub(as_json(value))
    except RecursionError:
        return ""


def structure(text: str) -> object:
    """The object or list whose compact JSON the text is, or else the text itself."""
    if text[:1] not in ("{", "[") or "\\u" in text:
        return text
    try:
        value = json.loads(text, parse_constant=_refuse)
        return value if as_json(value) == text else text
    except (ValueError, RecursionError):
        return text


def _refuse(constant: str) -> object:
    raise ValueError(constant)


# Lists that CSL has as one text


def split_keywords(text: str) -> tuple[str, ...]:
    """Keywords, parted by semicolons where there are any, else by commas."""
    pieces = text.split(";" if ";" in text else ",")
    return tuple(word for piece in pieces if (word := plain_text(piece)))


def split_identifiers(text: str, parse: Callable[[str], str | None]) -> tuple[str, ...]:
    """ISSNs or ISBNs, parted by commas, semicolons or blanks; one that is none as it came."""
    found: list[str] = []
    for piece in _SEPARATORS.split(text):
        whole = plain_text(piece)
        if not whole:
            continue
        one = parse(whole)
        words = whole.split(" ") if one is None else []
        several = [parse(word) for word in words]
        if one is not None or len(words) < 2 or None in several:
            found.append(one or whole)
        else:
            found.extend(number for number in several if number is not None)
    return tuple(dict.fromkeys(found))


# Names


def name_to_csl(name: Name) -> dict[str, str]:
    """The parts that CSL has: all but ORCID and affiliation."""
    written = {}
    for key, field in _NAME_FIELDS:
        value = getattr(name, field)
        if value is not None:
            written[key] = value
    return written


def name_from_csl(value: object) -> Name | None:
    """A name object, or a text, which is taken apart; None where there is no name in it."""
    if isinstance(value, str):
        return parse_name(plain_text(value)) if plain_text(value) else None
    if not isinstance(value, Mapping):
        return None
    parts: dict[str, Any] = {}
    for key, content in value.items():
        field = _NAME_PARTS.get(key) or _NAME_PARTS.get(str(key).replace("_", "-"))
        text = scalar(content) if field is not None else None
        if field is not None and text is not None and (text := plain_text(text)):
            parts[field] = text
    if "family" in parts:
        parts.pop("literal", None)
    elif "literal" not in parts:
        parts = _only_name(parts, value.get("name"))
        if not parts:
            return None
    else:
        parts = {"literal": parts["literal"]}
    orcid = value.get("ORCID")
    return Name(
        **parts,
        ORCID=parse_orcid(orcid) if isinstance(orcid, str) else None,
        affiliation=affiliations(value.get("affiliation")),
    )


def _only_name(parts: dict[str, Any], whole: object) -> dict[str, Any]:
    """Without a family name: `name` as some write it, or the one name that a person has."""
    if isinstance(whole, str) and (text := plain_text(whole)):
        name = parse_name(text)
        return {field: value for _, field in _NAME_FIELDS if (value := getattr(name, field))}
    only = [parts[field] for field in ("given", "non_dropping_particle") if field in parts]
    return {"literal": " ".join(only)} if only else {}


def affiliations(value: object) -> tuple[str, ...]:
    """Places, as texts or as objects with a name."""
    found = value if isinstance(value, list) else [value]
    texts = (place.get("name") if isinstance(place, Mapping) else place for place in found)
    return tuple(text for place in texts if isinstance(place, str) and (text := plain_text(place)))


# Dates


def date_to_csl(date: Date) -> dict[str, object]:
    """CSL's form of a date, as near as it comes."""
    if date.year is None:
        return {"literal": date.literal} if date.literal else {}
    written: dict[str, object] = {}
    if date.end is None:
        written["date-parts"] = [list(date.parts)]
        if date.season is not None:
            written["season"] = date.season
    else:
        end = [0] if date.end == OPEN else _parts_with_season(date.end)
        written["date-parts"] = [_parts_with_season(date), end or [0]]
    if date.circa:
        written["circa"] = True
    return written


def _parts_with_season(date: Date) -> list[int]:
    if date.season is not None and date.year is not None:
        return [date.year, 20 + date.season]
    return list(date.parts)


def date_from_csl(value: object) -> tuple[Date | None, bool]:
    """The date in any of the forms that CSL-JSON comes with, and whether that was all of it."""
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, list):
        value = value[0] if value and isinstance(value[0], Mapping) else {"date-parts": value}
    elif isinstance(value, int) and not isinstance(value, bool):
        value = {"date-parts": [[value]]}
    if not isinstance(value, Mapping):
        return None, not says(value)
    parts = value.get("date-parts", value.get("date_parts"))
    date, whole = _from_lists(parts)
    if date is None and "year" in value:
        date, whole = _from_parts([value.get(key) for key in ("year", "month", "day")])
    if date is None:
        texts = (value.get(key) for key in ("raw", "edtf", "literal", "date-time"))
        text = next((text for text in map(scalar, texts) if text), None)
        return _from_text(text) if text else (None, not says(parts))
    date, seen = _with_season(date, value.get("season"))
    circa = value.get("circa")
    if circa and str(circa).lower() not in _NOT_CIRCA:
        date = replace(date, circa=True)
    return date, whole and seen


def says(value: object) -> bool:
    """Whether there is anything but nulls, noughts and emptiness in a value."""
    if isinstance(value, list):
        return any(says(item) for item in value[:4])
    return bool(value)


def _from_text(text: str) -> tuple[Date | None, bool]:
    found = read_date(plain_text(text))
    return (None, True) if found is None else (found.date, found.whole)


def _from_lists(parts: object) -> tuple[Date | None, bool]:
    if not isinstance(parts, list) or not parts:
        return None, True
    if not isinstance(parts[0], list):
        parts = [parts]
    start, whole = _from_parts(parts[0])
    if start is None or len(parts) < 2:
        return start, whole
    if parts[1] in ([0], ["0"]):
        return replace(start, end=OPEN), whole
    end, end_whole = _from_parts(parts[1])
    if end is None or end == start:
        return start, whole and end_whole
    return replace(start, end=end), whole and end_whole


def _from_parts(parts: object) -> tuple[Date | None, bool]:
    """Year, month and day; a month past December is a season."""
    if not isinstance(parts, list):
        return None, False
    known = [part for part in parts[:3] if part is not None and part != ""]
    numbers = [number for part in known if (number := _whole_number(part)) is not None]
    if len(numbers) < len(known) or not numbers or numbers == [0]:
        return None, not known or numbers == [0]
    if len(numbers) > 1 and (13 <= numbers[1] <= 16 or 21 <= numbers[1] <= 24):
        season = numbers[1] - (12 if numbers[1] < 20 else 20)
        start = Date.of(numbers[0])
        return (None, False) if start is None else (replace(start, season=season), len(numbers) < 3)
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    date = Date.of(*numbers)
    return date, date is not None and len(date.parts) == len(numbers)


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value.strip()
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdecimal() and len(digits) <= 5:
            return int(text)
    return None


def _with_season(date: Date, season: object) -> tuple[Date, bool]:
    if season is None or season == "":
        return date, True
    number = _whole_number(season)
    if number is None:
        number = _SEASONS.get(str(season).strip().lower())
    elif number > 20:
        number -= 20
    if number is None or not 1 <= number <= 4 or date.month is not None or date.end is not None:
        return date, False
    return replace(date, season=number), True


def date_to_record(date: Date) -> dict[str, object]:
    """All that a `Date` holds, by the names of its fields."""
    written: dict[str, object] = {}
    for field in _DATE_PARTS:
        value = getattr(date, field)
        if value is not None and value is not False:
            written[field] = value
    if date.literal is not None:
        written["literal"] = date.literal
    if date.end is not None:
        written["end"] = date_to_record(date.end)
    return written


def date_from_record(value: object, depth: int = 0) -> Date | None:
    """What `date_to_record` wrote, or EDTF text; None for anything else."""
    if isinstance(value, str):
        return Date.parse(plain_text(value))
    if not isinstance(value, Mapping) or depth > 1:
        return None
    read: dict[str, Any] = {}
    for field, (least, most) in _LIMITS.items():
        number = value.get(field)
        if number is None:
            continue
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            return None
        read[field] = number
    literal = value.get("literal")
    if isinstance(literal, str):
        read["literal"] = plain_text(literal)
    if "end" in value:
        read["end"] = date_from_record(value["end"], depth + 1)
    return Date(**read, circa=value.get("circa") is True) if read else None
