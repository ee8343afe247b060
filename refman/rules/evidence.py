"""What besides title and names speaks for or against two descriptions being of one work."""

from __future__ import annotations

import re
from html import unescape

from refman.model import Date, Description
from refman.text.titles import fold

_DATES = ("issued", "published_print", "published_online", "event_date", "available_date")
_BRACKETED = re.compile(r"\([^()]{0,80}\)")
_PUBLISHERS = frozenset(("acm", "ieee", "siam", "iop", "aip", "aiaa"))
"""Societies whose name is put before a journal's, or left out."""
_NAMELESS = frozenset(("", "none", "nan", "null", "unknown", "n a"))
"""What programs write where they know no journal."""
_FIRST_PAGE = re.compile(r"[A-Za-z]{0,3}\d{1,9}")
_LAST_PAGE = re.compile(r"(\d{1,9})\s{0,3}[-\u2010-\u2015]{1,3}\s{0,3}[A-Za-z]{0,3}(\d{1,9})")
_COUNT = re.compile(r"(\d{1,6})(?: (\d{1,6})\b)?")
_SUPPLEMENT = re.compile(r"sup|\bs ?\d")
_SERIES = re.compile(
    r"lecture notes\b|\bln[cabe]i?s\b|communications in computer and information|"
    r"\b(?:book|conference|proceeding|proceedings) series\b|^(?:advances|studies|topics) in\b|"
    r"^springer \w+ in\b"
)
"""Series of books, which are given in the place of the book."""
_SLIP_LENGTH = 12
_ARTICLE_NUMBER = 6
"""From so many characters on what stands for a page is an article's own: `CD002020`."""
_IDLE = frozenset(
    (
        "of",
        "the",
        "and",
        "a",
        "an",
        "in",
        "for",
        "on",
        "et",
        "de",
        "la",
        "le",
        "der",
        "die",
        "das",
        "und",
    )
)

PARTS = frozenset(
    ("chapter", "entry", "entry-dictionary", "entry-encyclopedia", "figure", "paper-conference")
)
"""CSL types of what stands in a book."""
WHOLES = frozenset(
    ("book", "classic", "collection", "thesis", "report", "periodical", "standard", "map")
)
"""CSL types of what stands for itself, and to which an ISBN belongs."""
_PUBLISHED = frozenset(("article-journal", "paper-conference", "chapter", "article-magazine"))


def is_whole_book(description: Description) -> bool:
    """Whether an ISBN is that of the work itself, and not of the book it stands in."""
    if description.type in WHOLES:
        return True
    return description.type in (None, "document") and description.container_title is None


def is_preprint(description: Description) -> bool:
    """Whether it is a preprint: CSL's `article` without a place in a journal."""
    if description.container_title and (description.volume or description.page):
        return False
    if description.genre and "preprint" in description.genre.lower():
        return True
    if description.DOI and description.DOI.startswith("10.48550/"):
        return True
    return description.type == "article" or bool(
        description.arXiv and not description.container_title and not description.DOI
    )


def is_published(description: Description) -> bool:
    """Whether it appeared in a journal, in proceedings or as a part of a book."""
    return description.type in _PUBLISHED and not is_preprint(description)


def years_apart(a: Description, b: Description) -> int | None:
    """The least distance between the years that the two may be dated to; None if unknown."""
    ours, theirs = years_of(a), years_of(b)
    if not ours or not theirs:
        return None
    return min(abs(one - other) for one in ours for other in theirs)


def years_of(description: Description) -> set[int]:
    """The years that a work may be dated to: in print, online, of the event."""
    years = set()
    for name in _DATES:
        date: Date | None = getattr(description, name)
        if date is not None and date.year is not None:
            years.add(date.year)
            if date.end is not None and date.end.year is not None:
                years.add(date.end.year)
    return years


def first_page(description: Description) -> str | None:
    """The page it begins on, or the article number that stands for one."""
    for value in (description.page_first, description.page, description.number):
        match = _FIRST_PAGE.search(value) if value else None
        if match:
            return match.group().lower().lstrip("0") or "0"
    return None


def same_count(a: str | None, b: str | None) -> bool | None:
    """Whether two volumes, or two issues, are one; None where one of them is missing.

    `3 March` is 3, `1-2, SI` is 1-2, and 346 is a part of 346-347; a supplement is none.
    """
    if not a or not b:
        return None
    one, other = fold(a), fold(b)
    if one == other:
        return True
    if one.startswith("sup") is not other.startswith("sup"):
        return False
    ours, theirs = _counts(one), _counts(other)
    return not ours.isdisjoint(theirs)


def _counts(folded: str) -> set[str]:
    """The numbers of a volume or an issue: the first, and those it is joined with."""
    match = _COUNT.search(folded)
    if match is None:
        return set()
    first, last = match.groups()
    return {first.lstrip("0"), (last or first).lstrip("0")}


def last_page(description: Description) -> str | None:
    """The page it ends on, written out: 128 for `123-8`."""
    match = _LAST_PAGE.search(description.page or "")
    if match is None:
        return None
    first, last = match.groups()
    full = first[: max(0, len(first) - len(last))] + last
    return full.lstrip("0") or "0"


def is_supplement(description: Description) -> bool:
    """Whether it stands in a supplement, where journals print the abstracts of meetings."""
    issue = fold(description.issue or "")
    return bool(_SUPPLEMENT.search(issue)) or (first_page(description) or "").startswith("s")


def same_pages(a: Description, b: Description) -> bool:
    """Whether both begin and end on the same pages, and there are several."""
    last = last_page(a)
    return (
        last is not None
        and last == last_page(b)
        and first_page(a) == first_page(b)
        and not (first_page(a) or "").endswith(last)
    )


def same_place(a: Description, b: Description) -> bool | None:
    """Whether both begin on the same page of the same volume; None if that cannot be told.

    False only where both know the page and differ.
    """
    one, other = first_page(a), first_page(b)
    if one is None or other is None:
        return None
    if "1" in (one, other):
        # Where each article is counted from page 1, at least before it has its issue, the page
        # says nothing.
        return None
    if one != other:
        # `e123` and `123`, `S12` and `12`, are deposited side by side, and so are `10921` and
        # `921`; where only one end of two ranges differs, it is a slip.
        same_end = last_page(a) is not None and last_page(a) == last_page(b)
        bare_one, bare_other = one.lstrip("esabcd"), other.lstrip("esabcd")
        short, long = sorted((bare_one, bare_other), key=len)
        is_cut = len(short) >= 3 and long.endswith(short)
        return None if same_end or is_cut or bare_one == bare_other else False
    if len(one) >= _ARTICLE_NUMBER and same_container(a, b) is True:
        return True
    if same_count(a.issue, b.issue) is False:
        # Where each issue is counted from page 1.
        return None
    if a.volume and b.volume:
        return same_count(a.volume, b.volume) or None
    return None if same_container(a, b) is not True else True


def same_container(a: Description, b: Description) -> bool | None:
    """Whether both stand in the same journal, book or series; None if that cannot be told."""
    if a.ISSN and not set(a.ISSN).isdisjoint(b.ISSN):
        return True
    ours, theirs = _containers(a), _containers(b)
    if not ours or not theirs:
        return None
    return any(_same_name(one, other) for one in ours for other in theirs)


def _containers(description: Description) -> list[str]:
    titles = (
        description.container_title,
        description.container_title_short,
        description.collection_title,
    )
    folded = [fold(unescape(_BRACKETED.sub(" ", title))) for title in titles if title]
    return [title for title in folded if title not in _NAMELESS]


def is_series(title: str | None) -> bool:
    """Whether a container is a series of books, and not the book: `Lecture Notes in …`."""
    return title is not None and bool(_SERIES.search(fold(title)))


def _same_name(a: str, b: str) -> bool:
    """Whether two titles of journals are one, or one abbreviates the other (ISO 4)."""
    if a == b:
        return True
    words_a, words_b = _telling(a), _telling(b)
    if not words_a or not words_b:
        return False
    if len(words_a) == len(words_b) and all(
        one.startswith(other) or other.startswith(one) for one, other in zip(words_a, words_b)
    ):
        return True
    short, long = sorted((words_a, words_b), key=len)
    if 2 <= len(short) < len(long) and all(
        full.startswith(word) for word, full in zip(short, long)
    ):
        # A subtitle, or a place, in one of them: `Ecology letters (Oxford)`.
        return True
    if len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return True
    return _is_misspelt(words_a, words_b)


def _is_misspelt(a: list[str], b: list[str]) -> bool:
    """Whether two titles are one but for a slip, or a blank that was lost.

    What tells the sections of a journal apart, a letter or a figure, must be the same.
    """
    one, other = "".join(a), "".join(b)
    if min(len(one), len(other)) < _SLIP_LENGTH:
        return False
    if {word for word in a if _tells_sections(word)} != {w for w in b if _tells_sections(w)}:
        return False
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where titles differ)

    return fuzz.ratio(one, other) >= 92


def _tells_sections(word: str) -> bool:
    return len(word) == 1 or word.isdigit()


def _telling(title: str) -> list[str]:
    """The words of a folded title that tell journals apart."""
    words = [word for word in title.split() if word not in _IDLE]
    return words[1:] if len(words) > 2 and words[0] in _PUBLISHERS else words


def container_initial(title: str) -> str:
    """The first letter of the first word that tells a container from others."""
    words = _telling(fold(title))
    return words[0][0] if words else ""
