"""How likely two works are one, where the rules for certainty leave it open."""

from __future__ import annotations

import re

from refman.model import Description
from refman.rules.evidence import (
    first_page,
    is_series,
    is_supplement,
    same_container,
    same_count,
    same_pages,
    same_place,
    years_apart,
)
from refman.rules.likeness import Likeness, bare_title, is_cut, is_notice, shared_letters
from refman.rules.match import likeness_of_titles, tells_apart, translated
from refman.rules.people import compare_people
from refman.text.titles import fold

_CONFERENCE = re.compile(r"conference|proceedings|symposium|workshop|congress|meeting|\bconf\b")
_JOURNAL = re.compile(
    r"\b(?:j|journal|jurnal|trans|transactions|record|letters|annals|archives|magazine|bulletin|"
    r"zeitschrift|revista|revue|rivista)\b"
)
_SUBTITLE = re.compile(r"[:.?!] | [-–—] ")
_SHORT_TITLE = 30
_LONG_TITLE = 20
_TELLING_TITLE = 45
"""Letters with which hardly two works of the same people begin."""


def score_of(a: Description, b: Description) -> float:
    """How likely two works are one, between 0 and 0.99; docs/duplicates.md has the table."""
    title_a, title_b = bare_title(a.title or ""), bare_title(b.title or "")
    titles = likeness_of_titles(a, b)
    if translated(a, b, titles):
        return 0.85
    people = compare_people(a.author or a.editor, b.author or b.editor)
    apart, container, place = years_apart(a, b), _container(a, b), _place(a, b)
    if people is Likeness.NEAR or titles <= Likeness.CONTRARY:
        return 0.0
    if container is False and place is not True:
        return 0.0
    score = 0.55 * _shared(a, b, titles)
    score += {Likeness.SAME: 0.25, Likeness.UNLIKE: -0.1}.get(people, 0.0)
    if titles is Likeness.NEAR and people is Likeness.UNKNOWN:
        score -= 0.2
    if titles is not Likeness.SAME and not is_cut(title_a, title_b):
        # Subtitles are left off at the end; what is put before a title, or into it, makes it
        # another one.
        score -= 0.15
    score += {0: 0.1, 1: -0.05, None: 0.0}.get(apart, -0.1 if place is True else -0.3)
    score += 0.15 if container else 0.0
    score += {True: 0.2, None: 0.0, False: -0.3}[place]
    if place is not True:
        score -= _doubt(a, b, container=container)
    return max(0.0, min(score, 0.99))


def _shared(a: Description, b: Description, titles: Likeness) -> float:
    """The share of two titles that is the same, in letters; a subtitle left off counts little."""
    if titles is Likeness.SAME:
        return 1.0
    title_a, title_b = bare_title(a.title or ""), bare_title(b.title or "")
    shared = shared_letters(title_a, title_b)
    short, long = sorted((a.title or "", b.title or ""), key=len)
    if len(short) < _LONG_TITLE or not is_cut(title_a, title_b):
        return shared
    if short.endswith(("…", "...")):
        return max(shared, 0.85)
    if years_apart(a, b) not in (0, None):
        return shared
    if min(len(title_a), len(title_b)) >= _TELLING_TITLE:
        return 1.0
    if bare_title(_SUBTITLE.split(long, maxsplit=1)[0]) == bare_title(short):
        return max(shared, 0.85)
    return shared


def _doubt(a: Description, b: Description, *, container: bool | None) -> float:
    """What speaks against two works of one title whose pages do not say that they are one."""
    doubt = 0.0
    if container and _counted_apart(a, b):
        doubt += 0.3
    if is_supplement(a) is not is_supplement(b) and (a.issue or a.page) and (b.issue or b.page):
        doubt += 0.2
    if not (tells_apart(a) and tells_apart(b)):
        doubt += 0.3
    elif years_apart(a, b) == 1 and len(bare_title(a.title or "")) < _SHORT_TITLE:
        # Columns appear every year under one title.
        doubt += 0.15
    elif is_notice(bare_title(a.title or "")) or is_notice(bare_title(b.title or "")):
        doubt += 0.15
    return doubt


def _place(a: Description, b: Description) -> bool | None:
    """Whether both stand on the same pages; two whole ranges tell more than one first page."""
    place = same_place(a, b)
    if place is None and same_pages(a, b) and same_count(a.volume, b.volume) is not False:
        return True
    return place


def _counted_apart(a: Description, b: Description) -> bool:
    """Whether they stand in two volumes, or in two issues.

    Not where one has no page: it may be from before the paper had its volume.
    """
    if (first_page(a) is None) is not (first_page(b) is None):
        return False
    return False in (same_count(a.volume, b.volume), same_count(a.issue, b.issue))


def _container(a: Description, b: Description) -> bool | None:
    """Whether both stand in the same container; of conferences, names seldom tell."""
    same = same_container(a, b)
    if same is not False:
        return same
    if "book" in (a.type, b.type):
        # The container of a whole book is a series.
        return None
    if is_series(a.container_title) is not is_series(b.container_title):
        return None
    names = (fold(a.container_title or ""), fold(b.container_title or ""))
    talks = [bool(_CONFERENCE.search(name)) for name in names]
    if all(talks):
        return None
    if any(talks) and any(_JOURNAL.search(name) for name in names):
        return False
    if {a.type, b.type} == {"article-journal", "paper-conference"}:
        return False
    return False if _is_placed(a) and _is_placed(b) else None


def _is_placed(description: Description) -> bool:
    """Whether its container is known by more than a name, which may be wrong or said otherwise."""
    return bool(description.volume or description.ISSN or first_page(description))
