"""The words of a reference, held against what a record says of names, place and date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from refman.model import Description, Name
from refman.rules.evidence import first_page, years_of
from refman.rules.likeness import Likeness
from refman.text.markup import strip_markup
from refman.text.titles import fold

_MAX_WORDS = 500
_MAX_LETTERS = 5_000
_MAX_PEOPLE = 60
_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*")
_ADDRESS = re.compile(r"\b(?:doi|https?)\b\s*:?\s*\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_AFTER_NUMBER = re.compile(r"\d[a-z]?\s?[-–—]\s?[a-zA-Z]?$")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-z]?")
LINKS = frozenset(
    """
    abd abdul al and at bin binti by da dan dal de degli dei del della den der des di dos du ed
    edited editor editors eds el et hrsg ibn la le les lo och others par por red ten ter the und
    van vander vom von y zu zum zur
    """.split()
)
"""What stands between names."""
_FURNITURE = frozenset(
    """
    abstract accessed article available bibcode crossref doi edition from hal heft hlm issn issue
    jilid journal none nomor nos number org page pages pag pmid pmcid press publisher pubmed
    suppl supplement tahun university url vol volume www for
    """.split()
)
"""What stands in references whatever they refer to."""


class Token(NamedTuple):
    """A word of a line as it stands there, and folded."""

    raw: str
    word: str
    ends_range: bool = False
    """Whether it is the `99` of `90-99`."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the text around a title says of names, place and date."""

    people: Likeness
    """`UNLIKE` where there seem to be other people, `UNKNOWN` where there are none."""
    apart: int | None
    """The least distance between its years and the record's; None where either has none."""
    page: bool | None
    """Whether the first page is there; None where either side knows none."""
    volume: bool
    """Whether the volume is there, if the record has one."""
    container: bool
    strange: int
    """How many words the record does not explain."""
    is_reference: bool
    """Whether there is a year and more, as titles do not have."""

    @property
    def witnesses(self) -> int:
        """How many of people, year, page and container speak for the record."""
        year = self.apart is not None and self.apart <= 1
        return sum((self.people is Likeness.SAME, year, self.page is True, self.container))


class _Numbers(NamedTuple):
    """The numbers of a line without leading zeros, and those of them that a range begins with."""

    counted: Counter[str]
    starts: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Token]) -> _Numbers:
        counted = Counter(
            number.lstrip("0")[:9]
            for token in words
            if not token.ends_range
            for number in _NUMBER.findall(token.word)
        )
        del counted[""]
        ranges = (one for one, two in pairwise(words) if two.ends_range and not one.ends_range)
        starts = {_digits(token.word) for token in ranges}
        return cls(counted, frozenset(start for start in starts if not _YEAR.fullmatch(start)))


def tokens(line: str) -> list[Token]:
    """The words of a line, without addresses."""
    text = strip_markup(line[:_MAX_LETTERS])
    text = _ADDRESS.sub(" ", text)
    found: list[Token] = []
    for match in _WORD.finditer(text):
        start, raw = match.start(), match.group()
        ends = _AFTER_NUMBER.search(text[max(0, start - 5) : start]) is not None
        found.extend(Token(raw, word, ends and raw[-1].isdigit()) for word in fold(raw).split())
        if len(found) >= _MAX_WORDS:
            break
    return found


def names_words(names: Sequence[Name]) -> set[str]:
    """All words of the names, folded."""
    return {word for name in names[:_MAX_PEOPLE] for word in fold(name.display).split()}


def read_around(before: Sequence[Token], after: Sequence[Token], theirs: Description) -> Around:
    """Hold what stands before and behind a title against a record."""
    words = [token.word for token in (*before, *after)]
    known = set(words)
    numbers = _Numbers.of((*before, *after))
    years = {int(word[:4]) for word in words if _YEAR.fullmatch(word)}
    dated = years_of(theirs)
    container = _container_words(theirs)
    volume = _digits(theirs.volume or "")
    others = len(numbers.counted) - len(years)
    people = _people(words, known, theirs, has_names=len(before) >= 2)
    in_container = _has_container(container, known)
    return Around(
        people=people,
        apart=min((abs(a - b) for a in years for b in dated), default=None),
        page=_has_page(theirs, numbers, years),
        volume=not theirs.volume or numbers.counted[volume] > 0 or fold(theirs.volume) in known,
        container=in_container,
        strange=_strange(known, container, theirs),
        is_reference=_is_reference(years, others, people, in_container),
    )


def _is_reference(years: set[int], others: int, people: Likeness, in_container: bool) -> bool:
    if years:
        return others >= 2 or people is Likeness.SAME
    return others >= 2 and people is Likeness.SAME and in_container


def _digits(text: str) -> str:
    found = _NUMBER.search(text)
    return found.group().lstrip("0")[:9] if found else ""


def _has_page(theirs: Description, numbers: _Numbers, years: Collection[int]) -> bool | None:
    """Whether the first page is there; False where other numbers stand in its place."""
    page = first_page(theirs)
    if page is None:
        return None
    digits, volume = _digits(page), _digits(theirs.volume or "")
    if digits in numbers.starts:
        return True
    if numbers.counted[digits] > (digits == volume):
        if len(digits) > 1:
            return True
        # One figure may be the issue, and is not the page where a range begins with another.
        return False if numbers.starts else None
    others = set(numbers.counted) - {str(year) for year in years}
    others -= {volume, _digits(theirs.issue or "")}
    told = numbers.counted[volume] > 0 or bool(numbers.starts)
    return False if len(others) >= 2 or (others and told) else None


def _container_words(theirs: Description) -> list[str]:
    title = fold(theirs.container_title or theirs.collection_title or theirs.publisher or "")
    words = [word for word in title.split() if word not in LINKS and len(word) > 1]
    return words[:30]


def _has_container(container: Sequence[str], known: set[str]) -> bool:
    shared = sum(_abbreviates(word, known) for word in container)
    if container and shared >= 0.6 * len(container):
        return True
    return len(container) > 2 and "".join(word[0] for word in container) in known


def _strange(known: set[str], container: Sequence[str], theirs: Description) -> int:
    explained = names_words((*theirs.author, *theirs.editor)) | _FURNITURE | LINKS
    return sum(
        len(word) > 2 and not word[0].isdigit() and not _abbreviates(word, container)
        for word in known - explained
    )


def _abbreviates(word: str, others: Collection[str]) -> bool:
    """Whether a word, or its beginning, stands among others."""
    return any(
        word == other
        or (len(other) > 1 and word.startswith(other))
        or (len(word) > 1 and other.startswith(word))
        for other in others
    )


def _people(
    words: Sequence[str], known: set[str], theirs: Description, *, has_names: bool
) -> Likeness:
    families = [
        family
        for name in (theirs.author or theirs.editor)[:_MAX_PEOPLE]
        if (family := fold(name.full_family.replace("\ufffd", "")).replace(" ", ""))
    ]
    if not families:
        return Likeness.UNKNOWN
    text = "".join(words)
    here = [family in (text if len(family) > 4 else known) for family in families]
    if here[0] or 2 * sum(here) >= len(here):
        return Likeness.SAME
    if any(here):
        return Likeness.NEAR
    from rapidfuzz import fuzz  # noqa: PLC0415

    if any(fuzz.ratio(families[0], word) >= 75 for word in known if len(word) > 3):
        return Likeness.SAME
    return Likeness.UNLIKE if has_names else Likeness.UNKNOWN
