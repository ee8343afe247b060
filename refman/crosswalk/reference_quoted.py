"""References whose titles stand in quotation marks: Chicago, MLA, IEEE, Harvard and others."""

from __future__ import annotations

import re
from dataclasses import replace

from refman.crosswalk.reference_books import read_book
from refman.crosswalk.reference_parts import Parts, names_or_body, take_editors
from refman.crosswalk.reference_places import YEAR, Place, date_of, find_place
from refman.crosswalk.reference_titles import book_title, boundaries, is_gathering, is_publisher
from refman.model import Date

_MAX_TITLE = 1500
_CLOSING = {"“": "”", '"': '"', "‘": "’", "«": "»", "„": "“"}
_OPENING = re.compile(r"(?:^|[\s(.,])([“\"‘«„])(?=\s?\S)")
_SINGLE = {mark: re.compile(rf"[,.?!]?{mark}(?=[\s,.;(]|$)") for mark in '’"'}
_YEAR_AFTER = re.compile(rf"\(?(?P<year>{YEAR})\)?[.,] ")
_YEAR_AT_END = re.compile(
    rf"(?:^|[ ,]{{1,2}})[(\[]?(?P<year>{YEAR})[a-z]?(?P<when>,[^()]{{1,30}})?[)\]]?[.,:]?$"
    r"|[ ,]{1,2}\(?n\.\s?d\.\)?[.,]?$"
)
_OTHERS_FIRST = re.compile(r"(?:[Ee]dited by|Eds?\.|Translated by|Trans\.|Illustrated by) ")
_LONE_VOLUME = re.compile(r",? (?P<volume>\d{1,3}) \(")
"""Behind a title in quotation marks a number before the year is a volume, as in MLA's style."""
_ARCHIVED = re.compile(r"\. Portico\.?$")
_GOES_ON = re.compile(r" (?:[Ii]n|[Ee]dited by)\b|\s{0,3}$")
_MAX_UNREAD = 400
"""Longest text, in characters, that stands where names do and is passed over."""


def read_quoted(text: str) -> Parts | None:
    """`Authors. “Title.” Journal …`; None where the first quotation is no title."""
    match = _OPENING.search(text, 0, 3000)
    if match is None:
        return None
    start = match.start(1)
    end = _end_of_quotation(text, start)
    if end is None or end - start < 3:
        return None
    before, title, after = text[:start].rstrip(), text[start + 1 : end], text[end + 1 :]
    if not _ends_title(title, after) or (before and before[-1] not in ".,;)"):
        return None
    issued, before = _year_at_end(before)
    unnamed = not before.strip(" .,;:")
    names = None if unnamed else names_or_body(before)
    parts = Parts("quoted", names=names, title=title, issued=issued)
    after = after.strip(" ,.")
    if issued is None and unnamed and (dated := _YEAR_AFTER.match(after)) is not None:
        parts.issued, after = date_of(dated["year"]), after[dated.end() :]
    _read_rest(parts, f", {after}")
    take_editors(parts, before)
    _without_journal_as_author(parts)
    if names is None and not unnamed:
        known = parts.is_periodical and len(before) <= _MAX_UNREAD
        return parts if known else None
    return parts if parts.container or parts.issued or parts.place is not None else None


def _ends_title(title: str, after: str) -> bool:
    """Whether a title, and not some words of one, ends with a quotation."""
    if after[:1] in (":", ";"):
        return False
    return title[-1] in ".,?!…" or after[:1] in (".", ",") or _GOES_ON.match(after) is not None


def _end_of_quotation(text: str, start: int) -> int | None:
    """Where the quotation mark that opens at `start` is closed."""
    opening = text[start]
    closing = _CLOSING[opening]
    limit = min(len(text), start + _MAX_TITLE)
    if closing in _SINGLE:
        # The mark may be an apostrophe: one that ends a title has punctuation at its side.
        for match in _SINGLE[closing].finditer(text, start + 1, limit):
            at = match.end() - 1
            if closing == '"' or match.group()[0] in ",.?!" or text[at + 1 : at + 2] in (",", "."):
                return at
        return None
    depth = 0
    for at in range(start, limit):
        if text[at] == opening:
            depth += 1
        elif text[at] == closing:
            depth -= 1
            if depth == 0:
                return at
    return None


def _year_at_end(text: str) -> tuple[Date | None, str]:
    match = _YEAR_AT_END.search(text, max(0, len(text) - 50))
    if match is None:
        return None, text
    return date_of(match["year"], match["when"]), text[: match.start()]


def _read_rest(parts: Parts, after: str) -> None:
    """Container and place, from what stands behind a title."""
    after = _ARCHIVED.sub("", after)
    if after[2:5].lower() in ("in ", "in:"):
        read_book(parts, after[5:].strip())
        return
    place = find_place(after) or find_place(after, "spaced")
    if place is None and parts.issued is not None:
        place = find_place(after, "volumed")
    if place is None:
        bare = after.strip(" .,")
        if parts.issued is not None and is_gathering(bare) and not any(m in bare for m in ",:"):
            parts.container = bare
        return
    head = after[: place.start].strip(" ,;:")
    lone = _LONE_VOLUME.match(after, place.start) if place.form == "lone" else None
    parts.place = replace(place, volume=lone["volume"]) if lone is not None else place
    if place.form == "apa-unissued" and _is_same_year(place, parts):
        # A journal whose volumes are years: `(2007) ‘Title’, Journal, 2007, pp. 1–13`.
        parts.place = replace(place, volume=str(parts.issued.year) if parts.issued else None)
    if _OTHERS_FIRST.match(head) and (starts := boundaries(head)):
        head = head[starts[-1] :]
    if parts.is_periodical or is_gathering(head):
        parts.container = head or None
    elif not is_publisher(head) or "," in head:
        parts.container = book_title(head) if head else None


def _is_same_year(place: Place, parts: Parts) -> bool:
    """Whether the year that stands before the title stands in the volume's place too."""
    ours, theirs = parts.issued, place.issued
    return ours is not None and theirs is not None and ours.year == theirs.year


def _without_journal_as_author(parts: Parts) -> None:
    """Some styles put the journal first where no author is named."""
    names = parts.names
    if names is None or not parts.is_periodical or len(names.names) > 1:
        return
    body = names.names[0].display
    if parts.container is None or parts.container == body:
        parts.container, parts.names = body, None
