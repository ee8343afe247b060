"""Whether a line of text, delivered as a title, is a reference to the work that a record describes.

Careless importers put the authors into the title, before it or behind it, or take the whole
reference for the title. Such a line is read with the record in hand: the record's title is looked
for in it, and what stands around the title is held against the record's names, container, year,
volume and first page. A line need not hold the title: some styles leave it out.

No line is read beyond its first 500 words, and reading takes time in proportion to their number.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from refman.model import Description
from refman.rules.evidence import WHOLES
from refman.rules.likeness import Likeness, bare_title, compare_titles, is_generic
from refman.rules.reference_words import LINKS, Around, Token, names_words, read_around, tokens
from refman.rules.title_language import share_a_language

_NOTICE_BEFORE = re.compile(
    r"\b(?:erratum|errata|corrigend(?:um|a)|corrections?|addendum|retraction(?: note)?|comments?|"
    r"commentary|reply|response|discussion|reviews?|expression of concern|decision letter)"
    r"(?: (?:to|on|of|for|regarding|re))?(?: the| an?)?(?: article| paper)?$"
)
_NOTICE_AFTER = frozenset(("erratum", "corrigendum", "addendum", "retraction", "reply"))
_IN = frozenset(("in", "In", "dalam", "Dalam", "dans", "Dans"))
_SUBTITLE = re.compile(r"[:.?!–—]\s")


@dataclass(frozen=True, slots=True)
class _Found:
    """Where in a line a title stands, and how well it fits, of 100."""

    first: int
    last: int
    fit: float


def refers_to(line: str, theirs: Description, *, witnesses: int = 0) -> bool | None:
    """Whether a line refers to the work `theirs`; None where it does not read as a reference.

    `witnesses` is how much else is known of the entry that agrees: its year, its journal.
    """
    words = tokens(line)
    bare = [token.word for token in words]
    verdict: bool | None = None
    for title, is_whole in _titles(theirs).items():
        found = _find(title, bare)
        if found is None or (found.first == 0 and found.last == len(words)):
            continue
        around = read_around(words[: found.first], words[found.last :], theirs)
        if not is_whole and (around.page is not True or around.people is Likeness.UNLIKE):
            continue
        judged = _titled(title, words, found, around, theirs, witnesses)
        if judged:
            return True
        verdict = judged if verdict is None else verdict
    return _untitled(words, theirs) if verdict is None else verdict


def _titles(theirs: Description) -> dict[str, bool]:
    """What the work goes by, folded, and whether that is all of its title."""
    titles = {bare_title(title): True for title in (theirs.title, theirs.original_title) if title}
    shorter = [theirs.title_short or "", _SUBTITLE.split(theirs.title or "", maxsplit=1)[0]]
    for title in shorter:
        if len(title) >= 30:
            titles.setdefault(bare_title(title), False)
    return {title: is_whole for title, is_whole in titles.items() if len(title) >= 3}


def _find(title: str, words: Sequence[str]) -> _Found | None:
    """From which word of the line to which the title stands, blanks and slips left aside."""
    wanted, text = title.replace(" ", ""), "".join(words)
    ends = list(accumulate(map(len, words)))
    starts = [0, *ends[:-1]]
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        first, last = bisect_left(starts, at), bisect_left(ends, end)
        if starts[first : first + 1] == [at] and ends[last : last + 1] == [end]:
            return _Found(first, last + 1, 100)
        at = text.find(wanted, end)
    if not 16 <= len(wanted) <= len(text):
        return None
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where the title is not there to the letter)

    near = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=85)
    if near is None or near.dest_end <= near.dest_start:
        return None
    first = bisect_right(starts, near.dest_start + 1) - 1
    last = max(first + 1, bisect_left(ends, near.dest_end - 1) + 1)
    return _Found(first, last, near.score)


def _titled(
    title: str,
    words: Sequence[Token],
    found: _Found,
    around: Around,
    theirs: Description,
    witnesses: int,
) -> bool | None:
    """The verdict where the title, or something like it, was found."""
    likeness = Likeness.SAME
    if found.fit < 100:
        region = " ".join(token.word for token in words[found.first : found.last])
        likeness = compare_titles(region, title)
    if likeness is Likeness.CONTRARY:
        return False
    if likeness is not Likeness.SAME and found.fit < 94:
        return None
    witnesses += around.witnesses
    before = words[: found.first]
    if not around.witnesses or (around.people is Likeness.UNLIKE and not around.is_reference):
        return None
    if _is_about(before, words[found.last :]) or _is_inside(before, theirs):
        return False
    if around.apart is not None and around.apart > 2 and around.page is not True:
        return False
    if around.people is Likeness.UNLIKE:
        return around.page is True and around.volume and likeness is Likeness.SAME
    letters = len(title.replace(" ", ""))
    if is_generic(title) or letters < 20:
        return witnesses >= 2 and around.page is not False
    if around.page is False:
        exact = likeness is Likeness.SAME and letters >= 30
        return exact and around.people is Likeness.SAME
    return True


def _untitled(words: Sequence[Token], theirs: Description) -> bool | None:
    """The verdict where the title is not in the line, as in the styles of chemists."""
    around = read_around(words, (), theirs)
    if not around.is_reference:
        return None
    if around.people is Likeness.UNLIKE or (around.apart is not None and around.apart > 2):
        return False
    placed = around.page is True and around.volume
    if around.page is False or (placed and _is_another(words, around, theirs)):
        return False
    if around.people is Likeness.UNKNOWN:
        certain = placed and around.container and around.apart is not None
        return True if certain else None
    if placed and (around.apart is not None or around.container):
        return True
    bare = around.strange <= (4 if theirs.volume else 2)
    dated = around.apart is not None and around.apart <= 1
    return True if bare and around.volume and around.container and dated else None


def _is_another(words: Sequence[Token], around: Around, theirs: Description) -> bool:
    """Whether there is another title in the line, in the language of this one."""
    if around.strange < 4 or not theirs.title:
        return False
    title = {word for word in bare_title(theirs.title).split() if len(word) > 3}
    shared = title.intersection(token.word for token in words)
    if 3 * len(shared) >= len(title):
        return False
    return share_a_language(" ".join(token.raw for token in words), theirs.title)


def _is_about(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether the line refers to an erratum, a comment or a review of the work."""
    text = " ".join(token.word for token in before[-6:])
    return bool(_NOTICE_BEFORE.search(text)) or bool(after and after[0].word in _NOTICE_AFTER)


def _is_inside(before: Sequence[Token], theirs: Description) -> bool:
    """Whether the line refers to a part of the work: another title stands before this one."""
    if before and before[-1].raw in _IN:
        return True
    ours = names_words((*theirs.author, *theirs.editor))
    others = [token for token in before if len(token.word) > 2 and not token.word.isdigit()]
    others = [token for token in others if token.word not in ours and token.word not in LINKS]
    small = sum(token.raw.islower() for token in others)
    if small >= 3:
        return True
    return theirs.type in WHOLES and (small > 0 or len(others) > 3)
