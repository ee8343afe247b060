"""References whose year stands after the names: APA, Harvard, Springer, Elsevier, ASA."""

from __future__ import annotations

import re

from refman.crosswalk.reference_books import read_book, split_book
from refman.crosswalk.reference_parts import (
    Parts,
    has_initials,
    is_body,
    names_or_body,
    set_title,
    take_editors,
)
from refman.crosswalk.reference_places import FORMS, YEAR, date_of, find_place
from refman.crosswalk.reference_titles import boundaries, is_gathering, is_publisher, split_title
from refman.crosswalk.reference_whole_books import take_edition, take_publisher
from refman.model import Date
from refman.text.reference_names import Names, read_names

_MAX_NAMES = 3000
_IN_BRACKETS = re.compile(
    rf"[ ,]{{0,2}}\((?P<year>{YEAR})[a-z]?(?:/{YEAR})?(?P<when>, [^()]{{1,30}})?\)[.,:]{{0,2}}"
    rf"(?=\s|$)"
    r"|[ ,]{0,2}\((?P<none>n\.\s?d\.|in press|forthcoming|s\.\s?f\.|tanpa tahun|t\.\s?t\.)\)"
    r"[.,:]{0,2}(?=\s|$)"
)
_BARE = re.compile(
    rf"[,.:?!]{{0,2}} \(?(?P<year>{YEAR})[a-z]?\)?(?P<mark>[.,:;]{{0,2}}) (?=[^\s\d])"
)
_ENDS_IN_YEAR = re.compile(rf"\b{YEAR}\)?[.\s]{{0,2}}$")
_FORMS = tuple(
    form for form in FORMS if form not in ("yeared", "nature", "elsevier", "mla", "lone")
    and not form.startswith("acs")
)  # fmt: skip


def read_dated(text: str) -> Parts | None:
    """`Authors (2008). Title. Journal, 12(3), 45–50`; None where the year stands elsewhere."""
    match = _IN_BRACKETS.search(text, 0, _MAX_NAMES)
    if match is not None and text[match.end() :].strip(" ."):
        before, rest = text[: match.start()], text[match.end() :].strip()
        names = read_names(before, full=True) if before.strip(" .,") else None
        return _read(before, names, date_of(match["year"], match["when"]), rest)
    match = _BARE.search(text, 0, _MAX_NAMES)
    if match is None:
        return None
    before, rest = text[: match.start()], text[match.end() :]
    marked = bool(match["mark"]) and match.group()[0] in ".,:?!"
    if match.group()[0] in ".?!":
        before += match.group()[0]
    names = read_names(before, full=marked)
    if names is not None:
        if not match["mark"] and _ENDS_IN_YEAR.search(rest[-12:]):
            return None
        return _read(before, names, date_of(match["year"]), rest)
    if (
        not marked
        or "." not in match["mark"]
        or _ENDS_IN_YEAR.search(rest[-12:])
        or '"' in text
        or "“" in text
    ):
        return None
    if match.group()[0] == ",":
        before += "."  # `Title, 1994. Journal 130, 967`
    parts = _read(before, None, date_of(match["year"]), rest)
    sure = parts is not None and (parts.is_periodical or "publisher_place" in parts.fields)
    return parts if sure else None


def _read(before: str, names: Names | None, issued: Date | None, rest: str) -> Parts | None:
    if rest[:1] in '“‘«"':
        return None
    parts = Parts("dated", names=names, issued=issued)
    book = split_book(rest)
    if book is None and rest.startswith("In ") and before.endswith(".") and (
        names is None or not has_initials(names)
    ):  # fmt: skip
        parts.names, parts.title = None, before
        read_book(parts, rest[3:])
        return parts
    if book is not None and names is not None:
        parts.title = book[0]
        read_book(parts, book[1])
        take_editors(parts, before)
        return parts
    place = find_place(rest, *_FORMS) or find_place(rest, "harvard-single", "comma-volumed")
    parts.place = place
    head = rest[: place.start] if place is not None else rest
    head = head.strip(" ,;")
    divided = split_title(head, small=parts.is_periodical)
    if names is None or (divided is None and not has_initials(names)):
        _read_unnamed(parts, before.strip(), head, divided)
        return parts if parts.title is not None else None
    take_editors(parts, before)
    if divided is not None:
        _set_title(parts, *divided)
    elif place is None:
        _read_whole_book(parts, head)
    return parts


def _set_title(parts: Parts, title: str, container: str) -> None:
    if not parts.is_periodical and take_publisher(parts, container):
        parts.title, parts.place = title, None
    else:
        set_title(parts, title, container)
    if not parts.is_periodical:
        take_edition(parts)


_PUBLISHED = re.compile(r"(?P<title>.{3,400}) \((?P<publisher>[^()]{3,120})\)$")


def _read_whole_book(parts: Parts, head: str) -> None:
    """A title alone, or `Title (Publisher)`."""
    match = _PUBLISHED.match(head)
    if match is not None and is_publisher(match["publisher"]):
        head = match["title"]
        parts.fields |= {"type": "book", "publisher": match["publisher"]}
    if not boundaries(head):
        parts.title = head


def _read_unnamed(parts: Parts, before: str, head: str, divided: tuple[str, str] | None) -> None:
    """What stands before the year is no list of names: an organisation, or the title."""
    parts.names = None
    body = names_or_body(before)
    if divided is not None and (body is not None or parts.is_periodical or not before.strip(" .,")):
        parts.names = body
        _set_title(parts, *divided)
    elif divided is None and len(before) > 3 and (before[-1] in ".?!" or parts.is_periodical):
        if parts.place is not None or is_gathering(head):
            parts.title, parts.container = before, head
        elif body is not None and is_body(before):
            parts.names, parts.title = body, head
