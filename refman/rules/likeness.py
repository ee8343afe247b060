"""How alike two titles are.

They are compared word by word after folding, so that letter case, accents, tags and punctuation
make no difference. rapidfuzz pairs the words that differ only by a slip of the pen; it is loaded
when two titles are really not equal. For names see `refman.rules.people`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from refman.text.mojibake import without_mojibake
from refman.text.titles import fold


class Likeness(IntEnum):
    """How alike two values are; `UNKNOWN` where one of them is missing."""

    CONTRARY = -1
    """The one says that it is not the other: a paper and its erratum, two parts of a series."""
    UNLIKE = 0
    NEAR = 1
    """Most is shared, but each side has something that the other has not."""
    PART = 2
    """One title is the other with something left out: a subtitle, a cut end."""
    SAME = 3
    UNKNOWN = 4


def _entries(text: str, between: str | None = None) -> frozenset[str]:
    return frozenset(" ".join(entry.split()) for entry in text.split(between))


GENERIC = _entries(
    """
    abstracts, acknowledgements, announcement, announcements, author index, author reply, avant
    propos, back matter, book review, book review column, book reviews, books in brief, books
    received, call for papers, calls for papers, calls for papers and announcements, calls for
    papers announcements, case report, chairmans message, chairs message, commentary, conclusion,
    conclusions, contents, contributors, correction, corrections, correspondence, corrigendum,
    daftar isi, daftar pustaka, discussion, editor s note, editorial, editorial board, editorial
    introduction, editors note, editors notes, editors page, einleitung, erratum, foreword, from the
    editor, from the editors, front cover, front matter, guest editorial, in brief, in memoriam, in
    this issue, introduccion, introduction, introduction to the special issue, issue information,
    kata pengantar, letter from the editor, letter to the editor, letters to the editor, list of
    contributors, masthead, meeting abstracts, message from the editor, news and notes, news and
    views, notes on contributors, obituaries, obituary, pendahuluan, preface, presidents message,
    presidents page, publisher s note, reply to comment, reviews of books, subject index, summary,
    table of contents, title page, untitled, volume contents, vorwort
    """,
    ",",
)
"""Titles, folded, that many works bear."""

_TAKEN_BACK = re.compile(
    r"\s*[\[(]?(?:retracted|withdrawn|removed|temporary removal)"
    r"(?:\s+(?:article|paper|chapter))?\s*(?:[:\])]|[-–—]\s)[\s:]*",
    re.IGNORECASE,
)
_TAKEN_BACK_END = re.compile(
    r"\s*[\[(](?:retracted|withdrawn)(?:\s(?:article|paper|chapter))?[^\])]{0,60}[\])]\s*$",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?<=\w\W)(?:\s{0,3}[\[(](?:article in )?(?:review|\d{1,4} refs?|english|german|french|"
    r"spanish|italian|portuguese|russian|polish|dutch|turkish|czech|hungarian|japanese|chinese|"
    r"korean)[\])]\.?)+$",
    re.IGNORECASE,
)
"""What databases put behind a title: `[Review] [45 refs]`, `[German]`."""
_TAKEN_BACK_FIRST = frozenset("rRwWtT[( ")
_TAKEN_BACK_HINT = re.compile("retracted|withdrawn|remov", re.IGNORECASE)
_CHAPTER = re.compile(r"(?:chapter|chapitre|kapitel|capitulo|bab) (?:\d{1,3}|[ivxl]{1,6}) ")
_NUMBERED = re.compile(r"\d{1,2}(?: \d{1,2}){0,3} (?=\D)")
_NOTICE = re.compile(
    r"(?:(?:authors?|publishers?|editorial) (?=correct|errat|corrig|expression))?"
    r"(?:erratum|errata|corrigendum|corrigenda|correction|addendum|retraction|retraction note|"
    r"comment on|comments on|commentary on|reply to|response to|author reply|discussion of|"
    r"review of|reviewer report for|review for|decision letter for|author response for|"
    r"expression of concern)\b"
)
_NOTICE_END = re.compile(
    r" vol (?:\w{1,8} )?\d{1,5} (?:\w{1,12} ){1,3}(?:19|20)\d\d$| (?:erratum|corrigendum)$"
)
"""What Web of Science puts behind the title of a work that is corrected: `(vol 16, pg 3, 2021)`."""
_DIGITS = re.compile(r"(?<![a-z]{2})\d+|\d+(?![a-z]{2})")
"""Figures; one with letters on both sides is a letter misread: `mathe1natics`."""
_ROMAN = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18,
}  # fmt: skip
_PART_WORDS = _entries("part teil bagian partie parte section series bagian deel study vol")
_MARKS = _entries("i v x a b c d e f g h")
"""What is a number only behind one of the words above, or at a title's end."""
_IDLE = _entries(
    """a an and are as at by de der des di die das dan dalam dari dengan du el en for from from la
    las le les los in into is its of on or pada s the their to un una und une untuk using via
    was were with within y yang et e o os as da do"""
)
_LABELS = _entries(
    "abstract panel session tutorial demo demonstration poster keynote invited extended"
)
"""What programmes hang on a title in brackets."""
_TAIL = 150
"""Letters at the end of a title in which such additions stand."""
_BEGINNING = 16
"""Letters by which it is seen whether two titles begin alike."""
_MAX_WORDS = 60
"""How many words are compared one by one."""


def bare_title(title: str) -> str:
    """A title folded, without what says that the work was taken back (`RETRACTED: …`).

    Nor with what databases put behind it.
    """
    if not title.isascii():
        title = without_mojibake(title)
    if title[:1] in _TAKEN_BACK_FIRST and _TAKEN_BACK_HINT.search(title, 0, 24):
        title = _TAKEN_BACK.sub("", title, count=1)
    if title[-2:].rstrip(".")[-1:] in (")", "]"):
        tail = _TAKEN_BACK_END.sub("", title[-_TAIL:])
        title = title[:-_TAIL] + _ADDED.sub("", tail)
    # A character lost to a wrong encoding must not cut a word in two.
    return fold(title.replace("\ufffd", ""))


def is_generic(folded: str) -> bool:
    """Whether a folded title is too short or too common to tell works apart."""
    return len(folded) - folded.count(" ") < 12 or folded in GENERIC


def is_notice(folded: str) -> bool:
    """Whether a folded title says that the work is about another: an erratum, a reply, a review."""
    return bool(_NOTICE.match(folded) or _NOTICE_END.search(folded))


def compare_titles(a: str, b: str) -> Likeness:
    """How alike two titles are, as given by `bare_title`."""
    if not a or not b:
        return Likeness.UNKNOWN
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return Likeness.SAME
    if is_notice(a) is not is_notice(b) or _is_about(a, b) or _is_about(b, a):
        return Likeness.CONTRARY
    a, b = _same_script(_unnumbered(a, b), _unnumbered(b, a))
    if a == b:
        return Likeness.SAME
    words_a, words_b = _without_stump(a.split(), b.split())
    numbers_a, numbers_b = _numbers(words_a, words_b), _numbers(words_b, words_a)
    likeness = _compare_words(words_a, words_b)
    if numbers_a - numbers_b and numbers_b - numbers_a:
        return Likeness.UNLIKE if likeness is Likeness.UNLIKE else Likeness.CONTRARY
    if likeness is Likeness.SAME and numbers_a != numbers_b:
        return Likeness.PART
    return likeness


def shared_letters(a: str, b: str) -> float:
    """The share of the letters of two titles, as given by `bare_title`, whose words both have."""
    words_a, words_b = a.split(), b.split()
    letters = sum(map(len, words_a)) + sum(map(len, words_b))
    if not letters:
        return 0.0
    only_a, only_b = _unpaired(words_a, words_b)
    return 1 - (sum(map(len, only_a)) + sum(map(len, only_b))) / letters


def is_cut(a: str, b: str) -> bool:
    """Whether one folded title is the beginning of the other, slips of the pen forgiven."""
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where titles differ)

    short, long = sorted((a, b), key=len)
    begins = fuzz.ratio(short[:_BEGINNING], long[:_BEGINNING]) >= 70
    return begins and fuzz.ratio(short, long[: len(short)]) >= 88


def _is_about(title: str, other: str) -> bool:
    """Whether a title is the other with `Erratum to` before it, or `Reply` behind it."""
    if title.removesuffix(" reply") == other:
        return True
    return len(title) > len(other) and title.endswith(other) and bool(_NOTICE.match(title))


def _unnumbered(title: str, other: str) -> str:
    """Without `Chapter 3`, or the `3` or `2 1` that counts a section and that the other lacks."""
    title = _CHAPTER.sub("", title, count=1)
    counted = _NUMBERED.match(title)
    if counted and not other.startswith(counted.group()):
        return title[counted.end() :]
    return title


def _same_script(a: str, b: str) -> tuple[str, str]:
    """Both in Latin letters where only one of them is."""
    if is_latin(a) is is_latin(b):
        return a, b
    from anyascii import anyascii  # noqa: PLC0415  (rare, and slow to load)

    return fold(anyascii(a)), fold(anyascii(b))


def is_latin(text: str) -> bool:
    """Whether a text is mostly in Latin letters without marks, as `fold` leaves them."""
    return text.isascii() or sum(char.isascii() for char in text) * 2 > len(text)


def _without_stump(a: list[str], b: list[str]) -> tuple[list[str], list[str]]:
    """Without a figure at which one title was cut: `… the COVID 1` of `… the COVID 19 pandemic`.

    Not where the figure may count parts of a series.
    """
    for short, long in ((a, b), (b, a)):
        end = len(short) - 1
        if (
            2 <= end < len(long) - 1
            and short[end].isdigit()
            and long[:end] == short[:end]
            and long[end].startswith(short[end])
            and short[end - 1] not in _PART_WORDS
        ):
            del short[end]
            break
    return a, b


def _numbers(words: Sequence[str], others: Sequence[str]) -> Counter[str]:
    """The figures in a title, Roman ones too, and the letters that count its parts.

    A single letter counts behind a word like `part`, and where both titles end in one.
    """
    found: Counter[str] = Counter()
    last = len(words) - 1 if others[-1:] and (others[-1] in _MARKS or others[-1] in _ROMAN) else -1
    for index, word in enumerate(words):
        found.update(number.lstrip("0") or "0" for number in _DIGITS.findall(word))
        if word in _MARKS and index != last and not (index and words[index - 1] in _PART_WORDS):
            continue
        if word in _ROMAN:
            found[str(_ROMAN[word])] += 1
        elif word in _MARKS:
            found[word] += 1
    return found


def _compare_words(a: list[str], b: list[str]) -> Likeness:
    short, long = sorted((" ".join(a), " ".join(b)), key=len)
    # A cut inside a word leaves a stump: `… human traff`.
    if len(short) >= 20 and long.startswith(short):
        return Likeness.PART
    if len(a) < 3 or len(b) < 3:
        return _compare_short(a, b)
    only_a, only_b = _unpaired(a, b)
    if not only_a and not only_b:
        return Likeness.SAME
    letters_a, letters_b = sum(map(len, a)), sum(map(len, b))
    if not only_a or not only_b:
        return Likeness.PART if min(letters_a, letters_b) >= 12 else Likeness.NEAR
    missing = sum(map(len, only_a if letters_a <= letters_b else only_b))
    other = sum(map(len, only_a)) + sum(map(len, only_b))
    if other <= 0.3 * (letters_a + letters_b) or missing <= 0.2 * min(letters_a, letters_b):
        return Likeness.NEAR
    return Likeness.UNLIKE


def _compare_short(a: list[str], b: list[str]) -> Likeness:
    """Titles of a word or two, and those of scripts that put no blanks between words."""
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where titles differ)

    short, long = sorted((" ".join(a), " ".join(b)), key=len)
    if len(a) == len(b) and all(
        one == other or _is_slip(one, other, fuzz.ratio(one, other)) for one, other in zip(a, b)
    ):
        return Likeness.SAME
    if not short.isascii() and not long.isascii():
        if fuzz.ratio(short, long) >= 75:
            return Likeness.SAME
        return Likeness.PART if len(short) >= 4 and short in long else Likeness.UNLIKE
    return Likeness.PART if f"{long} ".startswith(f"{short} ") else Likeness.UNLIKE


def _unpaired(a: list[str], b: list[str]) -> tuple[list[str], list[str]]:
    """The words of each side that the other has not, slips of the pen forgiven."""
    joined = _joints(a, b) | _joints(b, a)
    in_a, in_b = set(a), set(b)
    only_a = [word for word in a if word not in in_b and word not in joined]
    only_b = [word for word in b if word not in in_a and word not in joined]
    if not only_a and not only_b:
        return [], []
    from rapidfuzz import fuzz  # noqa: PLC0415

    left: list[str] = []
    for word in only_a[:_MAX_WORDS]:
        for index, other in enumerate(only_b[:_MAX_WORDS]):
            if _is_slip(word, other, fuzz.ratio(word, other)):
                del only_b[index]
                break
        else:
            left.append(word)
    left.extend(only_a[_MAX_WORDS:])
    idle = _IDLE | _LABELS
    return [word for word in left if word not in idle], [w for w in only_b if w not in idle]


def _joints(words: Sequence[str], others: Sequence[str]) -> set[str]:
    """Words that one side writes as two or three and the other as one: `post covid`."""
    known = set(others)
    found: set[str] = set()
    for first, second in pairwise(words):
        if first + second in known:
            found.update((first, second, first + second))
    for first, second, third in zip(words, words[1:], words[2:]):
        if first + second + third in known:
            found.update((first, second, third, first + second + third))
    return found


def _is_slip(word: str, other: str, ratio: float) -> bool:
    """Whether two words are one, misspelt or inflected: `behaviour` and `behavior`.

    Not where a short prefix turns it into its opposite: `typical` and `atypical`.
    """
    if word.isdigit() or other.isdigit() or min(len(word), len(other)) < 4:
        return False
    if word.endswith(other) or other.endswith(word):
        return False
    return ratio >= 80
