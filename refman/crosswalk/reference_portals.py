"""What one result of a portal says that was copied as text: title, names, and a line of place.

Google Scholar, PubMed, Scopus, DOAJ and SINTA each show a title, a line of names and one that says
where the work appeared. Which line is which is the importer's business
(`refman.importers.text`); here they become a description. Names are initials and lists are cut, so
all but identifiers, year, volume and issue is a guess.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from refman.crosswalk.reference import FORMAT, REFERENCE, clean_line
from refman.crosswalk.reference_marks import take_marks
from refman.crosswalk.reference_places import YEAR, find_place
from refman.crosswalk.reference_titles import is_gathering, is_publisher, tidy_title
from refman.model import Date, Description, Extra
from refman.text.reference_names import read_shown_names

_KIND = re.compile(
    r"^(?:\[(?:PDF|HTML|BOOK|BUKU|B|CITATION|KUTIPAN|C|DOC|PS|TXT|ZIP)\]\s?){1,3}", re.IGNORECASE
)
_BOOK = re.compile(r"\s{0,8}(?:\[[A-Z]{1,8}\]\s?)?\[(?:BOOK|BUKU|B)\]")
_SPACED_YEAR = re.compile(rf"(?:^|,|\s)\s?(?P<year>{YEAR})$")
_SITE = re.compile(r"\s[-–—]\s(?P<site>[^\s].{1,80})$")
_CUT = ("…", "...")
_GUESSED = frozenset(("type", "title", "author", "container_title", "page", "publisher", "number"))
_TRANSLATED = re.compile(r"^\[(.+)\]\.?$")


class Shown(NamedTuple):
    """A result as a portal shows it; `whole` is all of its text."""

    title: str
    names: str
    place: str
    whole: str
    abstract: str = ""


class ReadResult(NamedTuple):
    """A description, and which of its fields are guesses."""

    description: Description
    guessed: frozenset[str]


def read_result(shown: Shown) -> ReadResult:
    """The description of a result of PubMed, Scopus, DOAJ or SINTA."""
    whole = clean_line(shown.whole)
    fields: dict[str, Any] = dict(take_marks(whole).fields)
    place_text = take_marks(clean_line(shown.place)).text.strip(" .;,")
    place = find_place(place_text) or find_place(place_text, "acs-volumed", "comma-volumed")
    if place is not None:
        container = place_text[: place.start]
        fields |= {
            "issued": place.issued,
            "volume": place.volume,
            "issue": place.issue,
            "page": place.page,
            "number": place.number,
        }
        if place.is_periodical:
            fields["type"] = "article-journal"
    else:
        container = place_text
    year = _SPACED_YEAR.search(container.strip(" .,()"))
    if year is not None and fields.get("issued") is None:
        fields["issued"] = Date(int(year["year"]))
        container = container[: container.rfind(year["year"])]
    fields["container_title"] = container.strip(" .,;:()") or None
    return _finished(fields, shown, whole)


def read_scholar_result(shown: Shown) -> ReadResult:
    """The description of a result of Google Scholar.

    `place` is what stands behind the names: `Journal of …, 2019 - Elsevier`. A journal that is cut
    off is not stated.
    """
    whole = clean_line(shown.whole)
    fields: dict[str, Any] = dict(take_marks(whole).fields)
    fields.pop("URL", None)
    place = clean_line(shown.place)
    site = _SITE.search(place)
    if site is not None:
        place = place[: site.start()]
    elif _SPACED_YEAR.search(place) is None:
        place = ""
    year = _SPACED_YEAR.search(place)
    if year is not None:
        fields["issued"] = Date(int(year["year"]))
        place = place[: year.start()]
    venue = place.strip(" ,-–")
    if venue and not any(mark in venue for mark in _CUT):
        publisher = ": " in venue and not is_gathering(venue)
        fields["publisher" if publisher or is_publisher(venue) else "container_title"] = venue
    if _BOOK.match(shown.title) or "publisher" in fields:
        fields["type"] = "book"
    return _finished(fields, shown, whole)


def _finished(fields: dict[str, Any], shown: Shown, whole: str) -> ReadResult:
    title = _KIND.sub("", clean_line(shown.title))
    translated = _TRANSLATED.match(title)
    fields["title"] = tidy_title(translated[1] if translated is not None else title)
    names = read_shown_names(clean_line(shown.names)) if shown.names else None
    if names is not None:
        fields["author"] = names.names
    stated = {name: value for name, value in fields.items() if value}
    stated["extra"] = (Extra(FORMAT, REFERENCE, whole),)
    return ReadResult(Description(**stated), _GUESSED & stated.keys())
