"""What a reference says of the book or the proceedings that a work stands in: `In: …`."""

from __future__ import annotations

import re

from refman.crosswalk.reference_parts import Parts
from refman.crosswalk.reference_places import YEAR, date_of, find_place, page_of
from refman.crosswalk.reference_titles import book_title
from refman.text.reference_names import read_names

_IN = re.compile(r"(?:[.,;?!]|[.,?!][”\"’])? (?:In: ?|in: ?|Dalam:? )(?=\S)|[.?!] [Ii]n (?=[A-Z])")
_EDITORS = re.compile(
    r"(?P<names>[^()]{3,300}?)[ ,]{1,2}\(?(?:[Ee]ds?|[Ee]ditors?|Hrsg|HRSG|Hg)\.?\)?[.,:]{0,2} "
)
_PAGES = re.compile(
    r"\b(?:pp?|hlm|hal|S)\.? ?(?P<page>[\divxlc]{1,6}(?:\s?[-–—]\s?[\divxlc]{1,6})?)\b"
)
_BEFORE_PUBLISHER = re.compile(
    rf"(?: (?P<page>\d{{1,5}}[–-]\d{{1,5}})(?:\.\w{{1,4}})?)? \([^()]{{3,150}}, (?P<year>{YEAR})\)$"
)
"""Nature's way: `in Book 130–142 (Publisher, Place, 1991)`."""
_LOOSE_PAGES = re.compile(r"[:,] ?(?P<page>\d{1,5}\s?[-–—]\s?\d{1,5})[).]{0,2}$")
_YEAR_AT_END = re.compile(rf"[ ;,(](?P<year>{YEAR})\b")


def split_book(head: str) -> tuple[str, str] | None:
    """What stands before `In:` and what after it, or None where no book is named.

    Without a colon the word may begin a sentence of the title; where volume and pages of a
    journal follow, it does.
    """
    match = _IN.search(head)
    if match is None or match.start() < 3:
        return None
    if ":" not in match.group():
        place = find_place(head)
        if place is not None and place.volume and place.page:
            return None
    return head[: match.start() + 1].rstrip(" ,;"), head[match.end() :].strip()


def read_book(parts: Parts, text: str) -> None:
    """Editors, title and pages of the book that the text after `In:` names."""
    parts.fields["type"] = "chapter"
    parts.place = None
    text = text.rstrip(" .")
    placed = _BEFORE_PUBLISHER.search(text)
    if placed is not None and parts.issued is None:
        parts.issued = date_of(placed["year"])
    page = placed or _PAGES.search(text) or _LOOSE_PAGES.search(text)
    if page is not None and page["page"] and (found := page_of(page["page"])):
        parts.fields["page"] = found
    if parts.issued is None and (years := list(_YEAR_AT_END.finditer(text))):
        parts.issued = date_of(years[-1]["year"])
    if placed is not None:
        text = text[: placed.start()]
    editors = _EDITORS.match(text)
    if editors is not None:
        names = read_names(editors["names"], full=True)
        if names is None:
            return
        parts.fields["editor"] = names.names
        text = text[editors.end() :]
    parts.container = book_title(text)
