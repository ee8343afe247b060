"""Titles: comparing them, cleaning them, and bringing capitals back to sentence case.

`fold` is for comparing only. `clean_inline`, `strip_markup` and `plain_abstract` take markup away
(`refman.text.markup`). `recase` acts on titles in capitals and on no others: it is a guess, and
whoever uses it keeps the title as it came. What it cannot know is listed in `refman.text.recasing`.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from refman.text.markup import clean_inline, plain_abstract, strip_markup
from refman.text.recasing import Recaser

__all__ = [
    "Recased",
    "clean_inline",
    "fold",
    "is_all_caps",
    "plain_abstract",
    "recase",
    "strip_markup",
]

_ASCII_FOLD = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() and code < 128 else 32 for code in range(256)
)
_SMALL = string.ascii_lowercase.encode("ascii")
_FOLD_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe20-\ufe2f]"
)
_FOLD_APOSTROPHES = re.compile("['`´‘’‛ʹʻʼʽ\u055a\uff07]")
_FOLD_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
_LONGEST_TITLE = 20_000
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Recased:
    """A title in sentence case, and whether that differs from what came."""

    text: str
    changed: bool


def fold(text: str) -> str:
    """A title as it is compared: words of lower-case letters and digits with one blank between.

    Tags, letter case, diacritics, punctuation and compatibility forms (`ﬁ`, `²`) make no
    difference; an apostrophe joins what stands on its sides. Scripts other than Latin stay.
    """
    if text.isascii() and "<" not in text and "&" not in text:
        folded = text.encode("ascii").translate(_ASCII_FOLD, b"'`")
        return " ".join(folded.decode("ascii").split())
    # Once more after NFKD, which makes plain capitals of mathematical ones.
    text = unicodedata.normalize("NFKD", strip_markup(text).casefold()).casefold()
    text = _FOLD_APOSTROPHES.sub("", _FOLD_MARKS.sub("", text)).translate(_FOLD_LETTERS)
    return unicodedata.normalize("NFC", _NOT_WORD.sub(" ", text).strip())


def is_all_caps(title: str) -> bool:
    """Whether a title is set in capitals, but for the odd symbol (`pH`)."""
    text = title
    if "<" in title or "&" in title:
        text = strip_markup(title)
    elif title.isascii():
        # Nearly every title of a large import ends here.
        raw = title.encode("ascii")
        without_small = len(raw.translate(None, _SMALL))
        if len(raw) - without_small > without_small // 6:
            return False
    upper = lower = 0
    words = 0
    longest = 0
    for word in text.split():
        ups = sum(char.isupper() for char in word)
        lows = sum(char.islower() for char in word)
        upper += ups
        lower += lows
        if ups >= 2 and not lows:
            words += 1
            longest = max(longest, ups)
    if upper == 0 or upper < 6 * lower:
        return False
    return words >= 2 or longest >= 6


def recase(title: str, evidence: Iterable[str] = (), language: str | None = None) -> Recased:
    """A title in capitals put in sentence case; any other comes back as it is.

    `evidence` is text by and about the same work in ordinary case: its abstract, keywords, the
    journal's name. `language` is a BCP 47 tag; without one the title's own small words decide
    between English and Indonesian. How each word is decided: `refman.text.recasing`.
    """
    if not is_all_caps(title) or len(title) > _LONGEST_TITLE:
        return Recased(title, changed=False)
    text = Recaser(title, evidence, language).text()
    return Recased(text, changed=text != title)
