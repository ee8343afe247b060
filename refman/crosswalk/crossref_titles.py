"""The titles in a Crossref record: of the work itself, and of what it appeared in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from refman.crosswalk.crossref_values import first_line, mappings, titles
from refman.model.identifier import doi_key
from refman.text.titles import fold, is_all_caps, recase


class Title(NamedTuple):
    """A title, the same as it came where it was re-cased, and a short form found beside it."""

    text: str | None
    verbatim: str | None = None
    short: str | None = None
    unused: frozenset[str] = frozenset()
    """The fields of the record of which something was left out of `text`."""


class Containers(NamedTuple):
    """What a work appeared in, and the series to which that belongs."""

    container: str | None = None
    collection: str | None = None
    guessed: bool = False
    unused: bool = False
    """Whether there were more titles than places."""


_SERIES = re.compile(
    r"\b(?:series|serie|série|seri|reihe|schriften\w{0,12}|beiträge|lecture notes|advances in"
    r"|advances on|studies in|studies on|monographs?|library|springerbriefs|contemporary"
    r"|topics in|texts in|tracts in|progress in|research|methods in|new directions"
    r"|perspectives on|perspectives in|collections?|colección|cahiers|communications in"
    r"|graduate texts|undergraduate texts|proceedings in|handbooks of|transactions on"
    r"|companions|springer proceedings)\b",
    re.IGNORECASE,
)
_ONE_VOLUME = re.compile(
    r"\b(?:proceedings of|conference|symposium|workshop|congress|colloquium|handbook of"
    r"|encyclopedia of|introduction to|volume|[12]\d{3}|\d{1,3}(?:st|nd|rd|th))\b|['’]\d\d\b",
    re.IGNORECASE,
)
_ENDS_A_TITLE = (":", "?", "!", "…")


def read_title(message: Mapping[str, Any], abstract: str | None, recasing: bool) -> Title:
    """Title and subtitle as one; with `recasing`, in sentence case where they came in capitals.

    A subtitle that is only a running head is not joined; one that shortens the title is taken for
    the short title. A title that is nothing but the DOI is none.
    """
    main = titles(message.get("title")) or _project_titles(message)
    subtitles = titles(message.get("subtitle"))
    if main and _is_doi(main[0], message.get("DOI")):
        return Title(None, unused=frozenset(("title", "subtitle")))
    if not main:
        return Title(None, unused=frozenset(("subtitle",)))
    first, inside = _parted(main[0])
    subtitles += inside
    # Where a title is given in two languages its subtitle is too, so only the first goes with it.
    wanted = subtitles[: 1 if len(main) > 1 else None]
    joined = [subtitle for subtitle in wanted if not _is_running_head(subtitle, first)]
    short = next((subtitle for subtitle in wanted if _is_short_form(subtitle, first)), None)
    text = _join([first, *joined])
    unused = frozenset(
        key
        for key, left in (("title", len(main) > 1), ("subtitle", len(joined) < len(subtitles)))
        if left
    )
    if not recasing or not any(map(_is_in_capitals, (first, *joined))):
        return Title(text, None, short, unused)
    beside = (*titles(message.get("container-title")), *titles(message.get("subject")))
    evidence = [
        *(part for part in (abstract, *beside) if part),
        *(part for part in (first, *subtitles) if not _is_in_capitals(part)),
    ]
    language = first_line(message.get("language"))
    recased = _join([recase(part, evidence, language).text for part in (first, *joined)])
    return Title(recased, text if recased != text else None, short, unused)


def _parted(title: str) -> tuple[str, list[str]]:
    """A title and the subtitles inside it: some deposits have `Title<subtitle>More</subtitle>`."""
    if "<subtitle>" not in title:
        return title, []
    first, *rest = title.replace("</subtitle>", " ").split("<subtitle>")
    return first.strip(), [part.strip() for part in rest if part.strip()]


def _is_in_capitals(title: str) -> bool:
    # Most titles have so few capitals that nothing needs to be counted word by word.
    if "<" not in title and 3 * sum(map(str.isupper, title)) < len(title):
        return False
    return is_all_caps(title)


def _join(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += (" " if text.endswith(_ENDS_A_TITLE) or part.startswith("(") else ": ") + part
    return text


def _is_doi(title: str, doi: object) -> bool:
    return isinstance(doi, str) and title.startswith("10.") and doi_key(title) == doi_key(doi)


def _project_titles(message: Mapping[str, Any]) -> list[str]:
    """A grant has no title of its own, but that of its project."""
    return [
        title
        for project in mappings(message.get("project"))
        for entry in mappings(project.get("project-title"))
        for title in titles(entry.get("title"))
    ]


def _is_running_head(subtitle: str, title: str) -> bool:
    """Whether a subtitle only repeats the title, or is in capitals while the title is not."""
    return _repeats(subtitle, title) or (_is_in_capitals(subtitle) and not _is_in_capitals(title))


def _repeats(subtitle: str, title: str) -> bool:
    return set(fold(subtitle).split()) <= set(fold(title).split())


def _is_short_form(subtitle: str, title: str) -> bool:
    return (
        _repeats(subtitle, title)
        and len(subtitle) < len(title)
        and not _is_in_capitals(subtitle)
        # Two words that also stand in the title need not stand for it.
        and len(subtitle.split()) > 2
    )


def read_containers(message: Mapping[str, Any], kind: str) -> Containers:
    """Container and series, for a work of this CSL type.

    Crossref gives a book and the series it belongs to in one list, in either order, and says
    nowhere which is which. The words of the two decide; where they do not, the first is taken for
    the series, as the REST API gives them most often, and that is a guess.
    """
    found = titles(message.get("container-title"))
    if not found:
        return Containers()
    if kind in ("book", "report", "standard"):
        # What such a work appears in is a series.
        return Containers(None, found[0], unused=len(found) > 1)
    if len(found) == 1:
        return Containers(found[0])
    first, second = found[:2]
    if kind in ("article-journal", "periodical"):
        return Containers(first, None, guessed=True, unused=True)
    difference = _series_score(first) - _series_score(second)
    series, container = (second, first) if difference < 0 else (first, second)
    return Containers(container, series, guessed=difference == 0, unused=len(found) > 2)


def _series_score(title: str) -> int:
    """How much a title sounds like a series rather than one volume of it."""
    return len(_SERIES.findall(title)) - len(_ONE_VOLUME.findall(title))
