"""References whose year stands at the end, with volume and pages; and those of fields alone.

The styles of medicine, physics and chemistry: Vancouver, AMA, Nature, Science, ACS, AIP, RSC and
Elsevier, some of which leave titles out.
"""

from __future__ import annotations

import re
from dataclasses import replace

from refman.crosswalk.reference_books import read_book, split_book
from refman.crosswalk.reference_parts import Parts, set_title
from refman.crosswalk.reference_places import YEAR, Place, date_of, find_place, page_of
from refman.crosswalk.reference_titles import (
    is_gathering,
    split_at_comma,
    split_title,
)
from refman.text.reference_names import CAPITAL, Names, read_names, take_names

_ARE_EDITORS = re.compile(r",? \(?(?:editors?|[Ee]ds?\.?|Hrsg\.?)\)?(?:[.,:]{1,2}(?:\s|$)|$)")
_AFTER_NAMES = re.compile(r"[.,:;] ")
_AFTER_INITIALS = re.compile(r"[.,:;]? ")
_COMMA_FORMS = frozenset(
    ("elsevier", "nature", "lone", "acs", "elsevier-unnumbered", "acs-volumed")
)
_UNTITLED = _COMMA_FORMS | {"acs-paged"}
_YEAR = re.compile(YEAR)
_NEEDS_NAMES = frozenset(("yeared", "paged", "apa", "apa-unissued", "harvard", "bare-year"))
_SENTENCE_WORD = re.compile(r"\b[a-z]{4,}\b")
_SMALL = frozenset("avec dans della delle from pour sobre the their with para".split())


def read_placed(text: str) -> Parts | None:
    """`Authors. Title. Journal 2019;12(3):45–50`, and `Authors, Journal 12, 45 (2019)`."""
    taken = take_names(text)
    book = split_book(text)
    if book is not None and taken is not None and _after(text, taken) is not None:
        return _in_book(text, taken, *book)
    place = find_place(text, "acs-volumed") or find_place(text) or find_place(text, "bare-year")
    if place is None or (place.form == "paged" and place.issued is None):
        return None
    if place.form == "springer" and place.issued is None and _YEAR.fullmatch(place.volume or ""):
        # `Book. Publisher 2014:94–113`: not a volume.
        place = replace(place, issued=date_of(place.volume), volume=None)
    head = text[: place.start].strip()
    parts = Parts(place.form, place=place)
    rest = head
    taken = take_names(head)
    if taken is not None:
        after = _after(head, taken)
        if after is None and taken.end < len(head):
            return None
        parts.names = taken
        rest = head[after:] if after is not None else ""
        edited = _ARE_EDITORS.match(head, taken.end) if taken.end < len(head) else None
        if edited is not None:
            parts.names, parts.fields["editor"] = None, taken.names
            rest = head[edited.end() :]
    elif place.form in _NEEDS_NAMES:
        return None
    _read_title(parts, place, rest.strip(" ,;:"))
    return parts


def _after(head: str, taken: Names) -> int | None:
    """Where the text goes on behind the names; None where they do not end there."""
    dotted = head[: taken.end].endswith(".")
    match = (_AFTER_INITIALS if dotted else _AFTER_NAMES).match(head, taken.end)
    return match.end() if match is not None else None


def _in_book(text: str, taken: Names, before: str, after: str) -> Parts:
    parts = Parts("placed", names=taken)
    start = _after(text, taken)
    parts.title = before[start:] or None
    read_book(parts, after)
    return parts


def _read_title(parts: Parts, place: Place, rest: str) -> None:
    """Title and journal, or the journal alone as styles have it that leave titles out."""
    if rest.startswith("in ") and rest[3:4].isupper():
        page, parts.issued = place.page, place.issued
        read_book(parts, rest[3:])
        parts.fields |= {"page": page} if page else {}
        return
    divided = split_title(rest, small=place.is_periodical)
    if place.form in _COMMA_FORMS or (place.form == "yeared" and parts.names is not None):
        ends_in_comma = place.form in ("elsevier", "elsevier-unnumbered", "lone")
        divided = _at_last_comma(divided) if ends_in_comma else divided
        divided = split_at_comma(rest) or divided
    if divided is not None:
        set_title(parts, *divided)
    elif place.is_periodical or place.form in _UNTITLED:
        small = [word for word in _SENTENCE_WORD.findall(rest) if word not in _SMALL]
        named = not rest[:1].islower() or " " not in rest
        if "," in rest and not is_gathering(rest.partition(",")[0]):
            return
        if len(small) < 3 and named and (parts.names is not None or "," not in rest):
            parts.container = rest
    elif parts.names is not None and is_gathering(rest) and "," not in rest:
        parts.container = rest


_JOURNAL_BEGINS = re.compile(
    rf", (?P<journal>(?:{CAPITAL}[\w:’'-]{{0,12}} ){{0,3}}{CAPITAL}[\w’'-]{{0,12}}\.)$"
)


def _at_last_comma(divided: tuple[str, str] | None) -> tuple[str, str] | None:
    """Title and journal where a full stop within the journal's name was taken for the title's end.

    `A title, IET Gener. Transm. Distrib.`: in styles that have a comma behind the title.
    """
    if divided is None:
        return None
    title, journal = divided
    match = _JOURNAL_BEGINS.search(title, max(0, len(title) - 80))
    if match is None or len(journal.split()) > 6:
        return divided
    return title[: match.start()], f"{match['journal']} {journal}"


_FIELDS = re.compile(
    rf"\.\s(?P<year>(?:{YEAR})?)\.\s(?P<volume>[^.]{{0,24}}(?:\.[^.\s]{{1,8}})?)\.\s"
    r"(?P<issue>[^.]{0,24})\.\s?(?P<page>[^.]{0,30})$"
)
_NO_NAMES = re.compile(r"(?:, )+(?=,|$)|(?:, )+,? ?(?=\. )")
_INITIAL_NEXT = re.compile(rf"{CAPITAL}\.|,|{CAPITAL}\.?-{CAPITAL}")


def read_fields(text: str) -> Parts | None:
    """`Authors. Title. Journal. 2016. 7. 11. 5-6`: fields parted by full stops alone."""
    tail = text[-160:]
    match = _FIELDS.search(tail)
    if match is None or not (match["year"] or (match["volume"] + match["issue"]).strip() == ""):
        return None
    head = text[: len(text) - len(tail) + match.start()]
    issued = date_of(match["year"] or None)
    page = page_of(match["page"].strip() or None)
    place = Place("fields", 0, issued, match["volume"] or None, match["issue"] or None, page)
    parts = Parts("fields", place=place)
    if head.startswith((".", ",")):
        rest = head.lstrip(" .,")
    else:
        taken = _names_to_dot(_NO_NAMES.sub("", head))
        if taken is None:
            return parts
        parts.names, rest = taken
    pieces = rest.split(". ")
    if len(pieces) == 2:
        parts.title, parts.container = pieces
    return parts


def _names_to_dot(head: str) -> tuple[Names, str] | None:
    """`Family, Given, Family, Given. Title`: the list up to a full stop, and the rest."""
    found: tuple[Names, str] | None = None
    end = 0
    for match in list(re.finditer(r"\.\s", head[:4000]))[:60]:
        before = head[: match.start()]
        if "," not in before or _INITIAL_NEXT.match(head, match.end()):
            continue
        # A full stop after a list may be one in it, if many names follow.
        if found is not None and before.count(",", end) < 2:
            continue
        names = read_names(before, full=True)
        if names is not None:
            found, end = (names, head[match.end() :]), match.end()
    return found
