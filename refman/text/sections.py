"""Cutting a pasted text into its kinds: BibTeX, RIS and JSON where they stand, and what is between.

Somebody who pastes has gathered things from several places: a DOI, an entry of BibTeX, a reference
as a sentence. Each section is whole lines, so that the lines of the whole can still be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_LINES = 50_000
"""Lines beyond which a text is taken for one section: nobody gathers so much by hand."""

_BIBTEX = re.compile(r"\s{0,20}@\s{0,5}[A-Za-z]{1,40}\s{0,5}[{(]")
_RIS_BEGIN = re.compile(r"\ufeff?TY {1,2}-(?: |$)")
_RIS_END = re.compile(r"ER {1,2}-")
_JSON = re.compile(r"\s{0,20}[\[{]\s{0,20}(?:[{\"]|$)")
_DOI = re.compile(
    r"\s{0,20}(?:doi:\s{0,5}|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S{1,200}\s{0,20}",
    re.IGNORECASE,
)
_ANY_DOI = re.compile(r"10\.\d{4,9}/")
_LOOKED_AT = 20
"""Lines before a DOI of which the last paragraph is looked at."""
_BRACKETS = re.compile(r'\\.|["{}()\[\]]')


_Cut = tuple[str, int, int]
"""A kind, the line that it begins at, from 0, and the one behind it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some consecutive lines of one kind; `line` is that of the first one, from 1."""

    kind: str
    line: int
    text: str


def sections(text: str) -> list[Section]:
    """The sections of a text, in order; one of kind `text` is what none of the others is."""
    lines = text.splitlines(keepends=True)
    if len(lines) > MOST_LINES:
        return [Section("text", 1, text)]
    found: list[Section] = []
    # DOIs among sentences belong to them, as on a page of search results.
    for kind, first, last in _joined(_settled([*_joined(_cut(lines))], lines)):
        piece = "".join(lines[first:last])
        if piece.strip():
            found.append(Section(kind, first + 1, piece))
    return found


def _cut(lines: list[str]) -> Iterator[_Cut]:
    """All lines, each with its neighbours of one entry."""
    place = 0
    while place < len(lines):
        kind, end = "text", place + 1
        if _BIBTEX.match(lines[place]):
            kind, end = "bibtex", _balanced(lines, place, quotes=False)
        elif _RIS_BEGIN.match(lines[place]):
            kind, end = "ris", _ris_end(lines, place)
        elif _JSON.match(lines[place]):
            kind, end = "json", _balanced(lines, place, quotes=True)
        elif _DOI.fullmatch(lines[place].rstrip("\r\n")):
            kind = "doi"
        elif not lines[place].strip():
            kind = ""
        yield kind, place, end
        place = end


def _settled(cuts: list[_Cut], lines: list[str]) -> Iterator[_Cut]:
    """The cuts, with DOIs that follow sentences made part of these, unless they have one already.

    So it is on a page of search results, where a DOI has a line for itself.
    """
    before = ""
    for kind, first, last in cuts:
        if kind == "doi" and before == "text" and len("".join(lines[first:last]).split()) == 1:
            paragraph = "".join(lines[max(0, first - _LOOKED_AT) : first]).rstrip()
            paragraph = paragraph.rpartition("\n\n")[2]
            kind = kind if _ANY_DOI.search(paragraph) else "text"  # noqa: PLW2901
        yield kind, first, last
        before = kind


def _joined(cuts: Iterator[_Cut]) -> Iterator[_Cut]:
    """Neighbours of one kind together; blank lines belong to what is before them."""
    here: _Cut | None = None
    for kind, first, last in cuts:
        if here is None:
            here = (kind, first, last)
        elif kind in ("", here[0]) or not here[0]:
            here = (here[0] or kind, here[1], last)
        else:
            yield here
            here = (kind, first, last)
    if here is not None:
        yield here


def _ris_end(lines: list[str], place: int) -> int:
    for number in range(place, len(lines)):
        if _RIS_END.match(lines[number]):
            return number + 1
    return len(lines)


def _balanced(lines: list[str], place: int, *, quotes: bool) -> int:
    """The line behind the one where all brackets are closed that are opened from `place` on.

    An entry that is never closed ends before the next one begins.
    """
    depth, within = 0, False
    for number in range(place, len(lines)):
        if number > place and not quotes and _BIBTEX.match(lines[number]):
            return number
        for match in _BRACKETS.finditer(lines[number]):
            sign = match.group()
            if quotes and sign == '"':
                within = not within
            elif (not within and sign in "{[") or (sign == "(" and not quotes and depth == 0):
                depth += 1
            elif (not within and sign in "}]") or (sign == ")" and not quotes and depth == 1):
                depth -= 1
        if depth <= 0:
            return number + 1
    return len(lines)
