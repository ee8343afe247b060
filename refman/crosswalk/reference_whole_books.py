"""References to whole books: `Berg, A. Title. 2nd ed. Place: Publisher, 2012.`"""

from __future__ import annotations

import re

from refman.crosswalk.reference_parts import Parts, names_or_body, take_editors
from refman.crosswalk.reference_places import YEAR, date_of
from refman.crosswalk.reference_titles import boundaries
from refman.text.reference_names import CAPITAL, Names, read_names, take_names

_EDITION = r"(?P<edition>\d{1,2})(?:st|nd|rd|th)? (?:[Ee]d(?:n|ition)?|[Ee]disi)\.?"
_PLACE = rf"(?P<place>{CAPITAL}[^\d.:;()“”]{{1,60}}): ?(?P<publisher>{CAPITAL}[^:;()“”]{{1,80}}?)"
_END = re.compile(
    rf"[.?!] (?:{_EDITION},? )?{_PLACE}[,;] (?P<year>{YEAR})"
    r"(?:\. ?\d{1,4} ?(?:pp?|h(?:al|lm)?)\.?)?[.\s]{0,3}$"
)
_PUBLISHED = re.compile(rf"{_PLACE}\.?$")
_EDITION_LAST = re.compile(rf"[.,]? \(?{_EDITION}\)?[.,]?$")
_WINDOW = 300
_MAX_AUTHORS = 600


def read_whole_book(text: str) -> Parts | None:
    """`Authors. Title. Place: Publisher, 2012`; None where it does not end so."""
    window = max(0, len(text) - _WINDOW)
    match = _END.search(text, window)
    if match is None:
        return None
    head = text[: match.start() + 1]
    found = _names_and_title(head)
    if found is None:
        return None
    names, title = found
    parts = Parts("book", names=names, title=title, issued=date_of(match["year"]))
    parts.fields |= {
        "type": "book",
        "publisher": match["publisher"].strip(),
        "publisher_place": match["place"].strip(),
    }
    if match["edition"]:
        parts.fields["edition"] = match["edition"]
    take_editors(parts, head[: len(head) - len(title)].rstrip())
    return parts


def _names_and_title(head: str) -> tuple[Names, str] | None:
    taken = take_names(head)
    if taken is not None and head[taken.end : taken.end + 2] in (". ", ": "):
        return taken, head[taken.end + 2 :]
    if taken is not None and head[: taken.end].endswith("."):
        return taken, head[taken.end :].lstrip(" :,")
    for start in boundaries(head[:_MAX_AUTHORS]):
        before = head[:start].rstrip()
        names = read_names(before, full=True) if "," in before else None
        if names is not None:
            return names, head[start:]
    starts = boundaries(head)
    body = names_or_body(head[: starts[0]]) if len(starts) == 1 else None
    return (body, head[starts[0] :]) if body is not None else None


def take_publisher(parts: Parts, text: str) -> bool:
    """Take `Place: Publisher`, if a text is that; whether it is."""
    match = _PUBLISHED.fullmatch(text.strip(" ,;"))
    if match is None or len(text) > 150:
        return False
    parts.fields |= {
        "type": "book",
        "publisher": match["publisher"].strip(" ."),
        "publisher_place": match["place"].strip(),
    }
    return True


def take_edition(parts: Parts) -> None:
    """Take `(4th ed.)` off the end of a title."""
    match = _EDITION_LAST.search((parts.title or "").rstrip(". "))
    if match is not None and parts.title is not None:
        parts.title = parts.title[: match.start()]
        parts.fields["edition"] = match["edition"]
