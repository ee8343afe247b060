"""The kinds of value in a DataCite record, read with nothing taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refman.crosswalk.crossref_values import bare, line, mappings, ranged
from refman.model import Date, Relation
from refman.model.identifier import parse_arxiv, parse_doi
from refman.text.addresses import page_address
from refman.text.dates import read_date

MAX_RELATIONS = 10_000

FIELD_OF_SCIENCE = "FOS: "
"""What subjects begin with that DataCite works out from others."""

_CODES = "(?:unac|unal|unap|unas|unav|unkn|none|null|tba|etal)"
_NOTHING = re.compile(rf"\(:{_CODES}\)(?:\W.{{0,40}})?|:{_CODES}", re.IGNORECASE)
_DAY = re.compile(r"(-?\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ][0-9:.+Zz -]{0,24})?")
_LONGEST_DATE = 100
_ARXIV_DOI = "10.48550/arxiv."
_OF_REFERENCES = frozenset(("References", "Cites", "IsReferencedBy", "IsCitedBy"))
"""Lists of references, in either direction, which stay in the raw answer as Crossref's do."""
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_WORD = 60
_PAGES = re.compile(r"([0-9]{1,5}) ?(?:p\.?|pp\.?|pages?|seiten|s\.)", re.IGNORECASE)
_NO_LANGUAGE = frozenset(("und", "zxx", "mul", "mis", "none"))


def said(value: object) -> str | None:
    """A text, unless it is one of DataCite's codes for a missing value, such as `(:unav)`.

    The codes are those of the schema's appendix "Standard values for unknown information".
    """
    text = line(value)
    return None if text is None or _NOTHING.fullmatch(text) else text


def address(value: object) -> str | None:
    """The address of a page, http or https."""
    return page_address(value) if isinstance(value, str) else None


def date(value: object) -> Date | None:
    """A date or a range in W3CDTF or RKMS-ISO8601, the time of day left out; None for words."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = said(value)
    if text is None or len(text) > _LONGEST_DATE:
        return None
    start_text, slash, end_text = (part.strip() for part in text.partition("/"))
    start = _day(start_text)
    if start is None or (slash and end_text not in ("", "..") and _day(end_text) is None):
        found = read_date(text)
        return found.date if found is not None and found.date.year else None
    if not slash:
        return start
    if end_text in ("", ".."):
        return ranged(start, Date(literal=".."))
    end = _day(end_text)
    return start if end is None or end == start else ranged(start, end)


def _day(text: str) -> Date | None:
    match = _DAY.fullmatch(text)
    found = Date.parse(match[1]) if match else None
    return found if found is not None and found.year else None


def arxiv_of(doi: str | None) -> str | None:
    """The arXiv identifier in a DOI that arXiv registered for a preprint."""
    if doi is None or not doi.lower().startswith(_ARXIV_DOI):
        return None
    return parse_arxiv(doi[len(_ARXIV_DOI) :])


def relations(value: object) -> Iterator[Relation]:
    """The related identifiers but for references and citations: `is-version-of`, `has-part`, …"""
    for entry in mappings(value):
        kind = entry.get("relationType")
        target = bare(entry.get("relatedIdentifier"))
        if not isinstance(kind, str) or not target or kind in _OF_REFERENCES:
            continue
        id_type = (line(entry.get("relatedIdentifierType")) or "doi").lower()
        if id_type == "doi":
            target = parse_doi(target) or target
        word = line(_WORD.sub("-", kind[:_LONGEST_WORD]))
        if word:
            yield Relation(word.lower(), target, id_type)


def page_range(entry: Mapping[str, Any]) -> str | None:
    """`firstPage` and `lastPage` as one."""
    first, last = said(entry.get("firstPage")), said(entry.get("lastPage"))
    if first is None or last is None or first == last:
        return first or last
    return f"{first}-{last}"


def number_of_pages(sizes: list[Any]) -> str | None:
    """The number in `6 pages`, where that is all that is said of the size."""
    text = line(sizes[0]) if len(sizes) == 1 else None
    match = _PAGES.fullmatch(text) if text and len(text) < 20 else None
    return match[1] if match else None


def language(value: object) -> str | None:
    """A language; codes in lower case, and none for `und` and `zxx`."""
    text = said(value)
    if text is None or text.lower() in _NO_LANGUAGE:
        return None
    return text.lower() if len(text) < 4 else text
