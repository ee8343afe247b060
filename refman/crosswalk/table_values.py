"""The kinds of cell in a table of references: lists, dates, numbers that a spreadsheet spoilt."""

from __future__ import annotations

import re
from dataclasses import replace

from refman.crosswalk.ris_values import one_line
from refman.model import Date, Name, Relation, Update
from refman.model.identifier import parse_doi, parse_issn
from refman.text.dates import read_date
from refman.text.markup import plain_text
from refman.text.names import parse_name

_SPLIT = re.compile(r"[;|\n]")
_COMMA = re.compile(r",(?![^()]{0,200}\))")
OPEN_URL_DOI = re.compile(
    r"[?&](?:rft_)?id=(?:info)?(?::?doi[:/])(10\.[^&\s]{4,300})", re.IGNORECASE
)
CITED = re.compile(
    r"(?P<journal>[^()\n]{2,300}?)\s*\((?P<year>\d{4})\)\s*(?P<volume>[\w-]{1,15})?"
    r"(?::(?P<issue>[\w\-/ .]{1,30}?))?\s*(?:\((?P<page>[\w\-–, ]{1,30})\))?\s*\."
    r"(?:\s*Date of Publication:\s*(?P<issued>[^.]{4,40}))?.{0,300}",
    re.DOTALL,
)
"""Embase's `Source`: `Cancer (2004) 102:4 (253-258). Date of Publication: 25 Aug 2004`."""
CITED_BY_PUBMED = re.compile(
    r"(?P<journal>[^;:]{2,300}?)\.\s(?P<issued>\d{4}(?:[\s-][\w-]{1,12}){0,3})"
    r"(?:;(?P<volume>[\w .-]{1,30})?(?:\((?P<issue>[^()]{1,40})\))?(?::(?P<page>[\w-]{1,30}))?)?\."
)
"""PubMed's `Citation`: `Lancet. 2020 May 1;8(2):10-20. doi: 10.1000/x. Epub 2020 Apr 1.`"""
_MIDNIGHT = re.compile(
    r"\s+0?0:00(?::00)?(?:\.0+)?(?:\s*AM)?$|\s+12:00(?::00)?\s*AM$", re.IGNORECASE
)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def own_names(text: str) -> tuple[Name, ...]:
    """Names as our own export has them; one without a comma was never divided."""
    return tuple(_own_name(name) for piece in text.split("; ") if (name := plain_text(piece)))


def _own_name(text: str) -> Name:
    family, *rest = text.split(", ")
    if not rest or len(rest) > 2 or not family.strip() or not rest[0].strip():
        return Name(literal=text)
    name = parse_name(f"{family}, {rest[0]}")
    if name.literal is not None:
        name = Name(family=family, given=rest[0])
    return replace(name, suffix=rest[1]) if len(rest) == 2 else name


def own_paragraphs(text: str) -> str:
    """An abstract as our own export has it."""
    return "\n\n".join(filter(None, map(plain_text, text.split("\n\n"))))


def date_through(cell: str) -> Date | None:
    """Scopus's `9 March 2022 through 10 March 2022`."""
    start, through, end = cell[:200].partition(" through ")
    first, last = (read_date(start), read_date(end)) if through else (None, None)
    if first is None or last is None or not (first.whole and last.whole):
        return None
    return replace(first.date, end=last.date)


def keywords(cell: str) -> list[str]:
    """The keywords in a cell, parted by semicolons, bars, line breaks or else commas."""
    pieces = _SPLIT.split(cell)
    if len(pieces) == 1:
        # Embase writes qualifiers in parentheses, with commas between them.
        pieces = _COMMA.split(cell) if "(" in cell else cell.split(",")
    return [word for piece in pieces if (word := one_line(piece).strip(" ,."))]


def padded_issn(cell: str) -> str:
    """An ISSN whose leading zeros a spreadsheet took for nothing, with them."""
    text = cell.strip()
    if 5 <= len(text) < 8 and text[:-1].isdecimal() and parse_issn(text.zfill(8)) is not None:
        return text.zfill(8)
    return cell


def update_from_text(text: str) -> Update | None:
    """A notice as our own export has it: `retraction 10.1000/notice`."""
    kind, _, doi = text.strip().partition(" ")
    if not kind.replace("_", "").isalpha() or (doi and parse_doi(doi) != doi):
        return None
    return Update(kind, doi or None)


def relations_from_text(text: str) -> list[Relation]:
    """Relations as our own export has them: `is-preprint-of 10.1000/x; …`; none where it is not."""
    pairs = [part.split(" ", 1) for part in text.split("; ")]
    if any(len(pair) != 2 for pair in pairs):
        return []
    return [
        Relation(kind, target, "doi" if parse_doi(target) == target else "uri")
        for kind, target in pairs
    ]


def date_text(cell: str, *, american: bool) -> str:
    """A date without the midnight that a spreadsheet adds; `american` is month before day."""
    text = _MIDNIGHT.sub("", plain_text(cell[:200]))
    match = _AMERICAN.fullmatch(text) if american else None
    return f"{match[3]}/{match[1]}/{match[2]}" if match else text
