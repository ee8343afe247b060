"""What a reference says of the book or the proceedings that a work stands in: `In: …`."""

from __future__ import annotations

import re

from refman.crosswalk.reference_parts import Parts
from refman.crosswalk.reference_places import YEAR, date_of, page_of
from refman.crosswalk.reference_titles import is_publisher
from refman.text.reference_names import read_names

_IN = re.compile(r"(?:[.,;?!]|[.,?!][”\"’])? (?:In: ?|in: ?|Dalam:? )(?=\S)|[.?!] In (?=\S)")
_EDITORS = re.compile(
    r"(?P<names>[^()]{3,300}?)[ ,]{1,2}\(?(?:[Ee]ds?|[Ee]ditors?|Hrsg|HRSG|Hg)\.?\)?[.,:]{0,2} "
)
_END_OF_BOOK = re.compile(
    rf"\.?,? \((?:pp?\.|[Vv]ol|\d{{1,2}}(?:st|nd|rd|th)|{YEAR}\))|[.,;] "
    rf"(?=(?:\d{{1,2}}(?:st|nd|rd|th)? [Ee]d|[Vv]ol|pp?\. ?\d|"
    rf"{YEAR}|[Ee]dited by|[Ee]ds?\.|[Ss]er|No\. \d))"
)
_BRACKETS = re.compile(r" \([^()]{3,120}\)?")
_SEPARATOR = re.compile(r"[.,] ")
_PAGES = re.compile(
    r"\b(?:pp?|hlm|hal|S)\.? ?(?P<page>[\divxlc]{1,6}(?:\s?[-–—]\s?[\divxlc]{1,6})?)\b"
)
_LOOSE_PAGES = re.compile(r"[:,] ?(?P<page>\d{1,5}\s?[-–—]\s?\d{1,5})[).]{0,2}$")
_YEAR_AT_END = re.compile(rf"[ ;,(](?P<year>{YEAR})\b")


def split_book(head: str) -> tuple[str, str] | None:
    """What stands before `In:` and what after it, or None where no book is named."""
    match = _IN.search(head)
    if match is None or match.start() < 3:
        return None
    return head[: match.start() + 1].rstrip(" ,;"), head[match.end() :].strip()


def read_book(parts: Parts, text: str) -> None:
    """Editors, title and pages of the book that the text after `In:` names."""
    parts.fields["type"] = "chapter"
    parts.place = None
    page = _PAGES.search(text) or _LOOSE_PAGES.search(text)
    if page is not None and (found := page_of(page["page"])):
        parts.fields["page"] = found
    if parts.issued is None and (years := list(_YEAR_AT_END.finditer(text))):
        parts.issued = date_of(years[-1]["year"])
    editors = _EDITORS.match(text)
    if editors is not None:
        names = read_names(editors["names"], full=True)
        if names is None:
            return
        parts.fields["editor"] = names.names
        text = text[editors.end() :]
    parts.container = book_title(text)


def book_title(text: str) -> str | None:
    """A book's title, of what stands in its place with publisher and place, where it is certain."""
    text = text.strip(" .,;:")
    ends = [match.start() for match in [_END_OF_BOOK.search(text)] if match is not None]
    ends += [match.start() for match in _BRACKETS.finditer(text) if is_publisher(match.group())]
    for match in list(_SEPARATOR.finditer(text))[:12]:
        following = text[match.end() :]
        if _is_abbreviation(text, match.start()):
            continue
        if is_publisher(re.split(r"[.,:;(]", following, maxsplit=1)[0]) or _PLACE.match(following):
            ends.append(match.start())
            break
    if ends:
        book = text[: min(ends)]
        return None if _SEPARATOR.search(book) and not is_whole(book) else book
    return None if any(mark in text for mark in ",:;.") or len(text) < 4 else text


def _is_abbreviation(text: str, dot: int) -> bool:
    return text[dot] == "." and len(text[:dot].rpartition(" ")[2]) < 3


_PLACE = re.compile(r"[A-Z][^\W\d]{2,20}(?:[ ,-]{1,2}[A-Z][^\W\d]{1,20}){0,3}: [A-Z]")


def is_whole(book: str) -> bool:
    """Whether the commas in a book's title belong to it: a list, or small letters after them."""
    pieces = _SEPARATOR.split(book)
    return ". " not in book and all(len(piece.split()) <= 6 for piece in pieces[1:])
