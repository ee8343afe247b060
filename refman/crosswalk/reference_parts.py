"""The parts of one reference as a style's reader finds them, and what is stated of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from refman.crosswalk.reference_places import YEAR, Place
from refman.crosswalk.reference_titles import (
    book_title,
    boundaries,
    is_abbreviated,
    is_gathering,
    is_publisher,
    tidy_title,
)
from refman.model import Date, Name
from refman.text.reference_names import CAPITAL, Names, read_names

_MAX_CONTAINER = 400
_SMALL = frozenset("of the and for in on de la du des der und für y e del et dan di untuk".split())
_IS_YEAR = re.compile(YEAR)
_TWO_NUMBERS = re.compile(r"\d\.\d{1,3}$")
_VOLUME_LEFT = re.compile(r"[ ,]{1,3}(?:[Vv]ol(?:ume|\.)?|[Ii]ssue|[Nn]o\.)$")
_EDITED_AFTER = re.compile(r"[.,] (?:[Ee]dited by|[Ee]d\. by) .{3,200}$")
_NO_TITLE = re.compile(
    rf"; [^;]{{2,30}}, {CAPITAL}\.|^(?:and |& |et al|{YEAR}\b[.,;)]|[,;:.)])|\bet al[.,:]"
    rf"|[.,] {YEAR}[a-z]?[.,:] |\(\d{{4}}[a-z]?\)[.,] [A-Z]|{YEAR};|\d\(\d"
    rf"|^[^\s,.:]{{2,30}},? {CAPITAL}{{1,3}}[,.:;] |^{CAPITAL}\. ?{CAPITAL}\.|\b[Ii]n: {CAPITAL}"
    rf"| {CAPITAL}{{1,3}} \({YEAR}[a-z]?\)|^[^,.:]{{2,30}} {CAPITAL}{{1,3}}, [^,.:]{{2,30}} "
    rf"{CAPITAL}{{1,3}}[,.]"
)
_EDITOR_LAST = re.compile(r"(?<=[.?!]) [^.?!]{3,120}, eds?\.$")
"""`Title. Berg A, ed.`: the editors of the journal's issue, behind a title."""
_BODY = re.compile(
    r"\b(?:Organi[sz]ation|Ministry|Kementerian|Institute|Universit\w*|Bank|Commission|Agency|Badan|"
    r"Department|Association|Council|Office|Committee|Union|Society|Foundation|Federation|Bureau|"
    r"Center|Centre|Group|Government|Parliament|Dinas|Lembaga|Yayasan)s?\b|^[A-Z]{2,7}$"
)
_INITIAL = re.compile(rf"(?:^|[ .-]){CAPITAL}\.?$|^{CAPITAL}{{2}}$")
_EDITORS = re.compile(r"[ ,(]\(?\b(?:[Ee]ds?|[Ee]ditors?|Hrsg)\b\.?\)?[., ]{0,2}$")


@dataclass(slots=True)
class Parts:
    """What a reader made out; `form` is the style's family."""

    form: str
    names: Names | None = None
    title: str | None = None
    container: str | None = None
    place: Place | None = None
    issued: Date | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    """Further fields of the description."""

    @property
    def is_periodical(self) -> bool:
        """Whether there is a volume or an issue."""
        return self.place is not None and self.place.is_periodical


def fields_of(parts: Parts) -> dict[str, Any]:
    """The fields that a reference states, by their names in a description.

    Where what should be the title holds names or places too, the reference was misread, and
    nothing but its year is stated.
    """
    place = parts.place
    issued = parts.issued or (place.issued if place is not None else None)
    title = tidy_title(parts.title) if parts.title else None
    if parts.form != "quoted" and (parts.container or "").startswith(("“", '"')):
        parts.container = title = None
    if title and parts.form != "quoted" and _NO_TITLE.search(title):
        return {"issued": issued} if issued is not None else {}
    fields: dict[str, Any] = {
        "author": parts.names.names if parts.names is not None else None,
        "title": title,
        "issued": issued,
    }
    container = _tidy_container(parts.container) if parts.container else None
    if place is not None and _is_named_by_year(place, issued):
        container, place = None, replace(place, volume=None)
    fields["container_title"] = container
    if place is not None:
        fields |= {
            "volume": place.volume,
            "issue": place.issue,
            "page": place.page,
            "number": place.number,
        }
        if container and place.is_periodical:
            fields["type"] = "article-journal"
    fields |= parts.fields
    return {name: value for name, value in fields.items() if value}


def _is_named_by_year(place: Place, issued: Date | None) -> bool:
    """Whether what stands as a volume may be the year in the name of a conference."""
    if place.issue or place.page or place.volume is None or not _IS_YEAR.fullmatch(place.volume):
        return False
    return issued is None or issued.year is None or abs(issued.year - int(place.volume)) <= 3


def _tidy_container(text: str) -> str | None:
    text = _VOLUME_LEFT.sub("", _EDITED_AFTER.sub("", text.strip(" ,;:")))
    if text.endswith(".") and not is_abbreviated(text):
        text = text[:-1].rstrip(" ,;:")
    if not any(char.isalpha() for char in text) or len(text) > _MAX_CONTAINER:
        return None
    return None if _TWO_NUMBERS.search(text) else text


def names_or_body(text: str) -> Names | None:
    """The names of people, or of one organisation, that a text is."""
    names = read_names(text, full=True)
    return names if names is not None else _body(text)


def _body(text: str) -> Names | None:
    text = text.strip(" .,;:")
    words = text.split()
    if not 0 < len(words) <= 12 or len(text) > 120 or not text[0].isupper():
        return None
    if any(char in text for char in '"“”()[]{}=;/?!<>'):
        return None
    small = [word for word in words if word[0].islower() and word not in _SMALL]
    initials = [word for word in words if len(word.strip(".,")) == 1 and word not in ("&", "a")]
    short = [word for word in words if len(word.strip(".,")) < 3 and word.isupper()]
    if small or initials or ("," in text and (len(words) < 5 or short)):
        return None
    return Names((Name(literal=text),), len(text))


def is_body(text: str) -> bool:
    """Whether a text is the name of an organisation by its own words."""
    return _BODY.search(text.strip(" .")) is not None


def take_editors(parts: Parts, before: str) -> None:
    """Where the names are said to be editors', they are no authors."""
    if parts.names is not None and _EDITORS.search(before):
        parts.fields["editor"] = parts.names.names
        parts.names = None


def has_initials(names: Names) -> bool:
    """Whether given names are initials, as no title has them."""
    return any(_INITIAL.search(name.given or "") for name in names.names)


def set_title(parts: Parts, title: str, container: str) -> None:
    """Take title and container, as far as it is certain which is which."""
    title = _EDITOR_LAST.sub("", title)
    if parts.is_periodical:
        parts.title, parts.container = title, container
        return
    if len(boundaries(f"{title} {container}")) > 1:
        return
    parts.title = title
    paged = parts.place is not None and parts.place.page is not None
    if not paged and is_publisher(container) and not is_gathering(container):
        parts.fields |= {"type": "book", "publisher": container.strip(" .")}
    elif is_gathering(container) or parts.place is not None:
        parts.container = book_title(container)
