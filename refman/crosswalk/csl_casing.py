"""Letter case and initials as CSL 1.0.2 has them, for the elements of `csl_elements`.

citeproc-py takes every word of a title for one to capitalise or not, whatever stands around it, and
makes sentence case by taking the capitals off names.
"""

from __future__ import annotations

import re
from typing import Any

from citeproc.string import MixedString, NoCase, String

from refman.text.word_lists import word_list

_STOP_WORDS = word_list(
    """a about above across after against along amid among an and around as at before behind below
    beneath beside between beyond but by de despite down during et ex except for from in inside into
    la le like near next nor of off on onto or out outside over past per since so than the through
    till to toward towards under underneath until unto up upon van versus via von vs with within
    without yet"""
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLE_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*")
_AFTER_WHICH_A_TITLE_BEGINS = frozenset(":.?!—“\"'‘(\ue030\ue032")
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\b[\w-]+(?:\.[\w-]+)+")


def title_case(text: Any) -> Any:
    """A text with its words capitalised as English titles have them, but for no-case spans.

    A word with a capital stays as it is; so does what looks like an address.
    """
    plain = str(text)
    fixed = [match.span() for match in _ADDRESS.finditer(plain)] if "." in plain else []
    words = list(_TITLE_WORD.finditer(plain))
    letters = list(plain)
    for index, match in enumerate(words):
        start, end = match.span()
        word = match.group()
        if not word.islower() or any(begin <= start < stop for begin, stop in fixed):
            continue
        if len(word) == 1 and (not word.isascii() or plain[end : end + 1].isdigit()):
            continue  # The α of α-amylase, the p of p53.
        before = plain[:start].rstrip()[-1:]
        inside = 0 < index < len(words) - 1 and before not in _AFTER_WHICH_A_TITLE_BEGINS
        if word in _STOP_WORDS and inside:
            continue
        capital = word[0].upper()
        letters[start] = capital if len(capital) == 1 else word[0]
    return _recast(text, "".join(letters))


def _recast(text: Any, changed: str) -> Any:
    """The changed text in the segments of the old one, whose no-case spans stay."""
    if not isinstance(text, MixedString):
        return text if isinstance(text, NoCase) else String(changed)
    segments: list[Any] = []
    place = 0
    for segment in list.__iter__(text):
        length = len(str(segment))
        kept = isinstance(segment, NoCase)
        segments.append(segment if kept else String(changed[place : place + length]))
        place += length
    return MixedString(segments)


def _capitalised(text: Any) -> Any:
    """A text whose first letter is a capital, if its first word has none."""
    plain = str(text)
    first = re.search(r"[^\W\d_]+", plain)
    if first is None or not first.group().islower():
        return text
    place = first.start()
    if any(char.isalnum() for char in plain[:place]):
        return text
    return _recast(text, plain[:place] + plain[place].upper() + plain[place + 1 :])


class Cased:
    """Letter case: title case left articles and what follows a hyphen; sentence case lost names."""

    def case(self, text: Any, language: str | None = None) -> Any:
        """The text in the case that the element asks for."""
        wanted = self.get("text-case")  # type: ignore[attr-defined]
        if wanted == "title":
            return title_case(text) if language in (None, "en") else text
        if wanted == "sentence":
            if str(text).isupper() and len(str(text)) > 1:
                text = _recast(text, str(text).lower())
            return _capitalised(text)
        if wanted == "capitalize-first":
            return _capitalised(text)
        if wanted == "capitalize-all":
            return _recast(
                text, _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:], str(text))
            )
        if wanted in ("lowercase", "uppercase"):
            changed = str(text).lower() if wanted == "lowercase" else str(text).upper()
            # ß in capitals is two letters, which no segment has room for.
            return _recast(text, changed) if len(changed) == len(str(text)) else String(changed)
        return text


def initials(given: str, mark: str, *, hyphened: bool = True) -> str:
    """Given names as initials, each with its mark; a particle and a script without case stay."""
    out = ""
    for word in given.replace(".", ". ").split():
        parts = [part.strip(".") for part in re.split(r"[-‐‑]", word)]
        parts = [part for part in parts if part]
        if not parts:
            continue
        if not parts[0][0].isupper():
            out = f"{out.rstrip()} {word} ".lstrip()
            continue
        if len(parts) == 1 and word.isupper() and 1 < len(parts[0]) <= 3 and given == word:
            parts, joint = list(parts[0]), ""
        else:
            joint = "-" if hyphened else ""
        ends = mark.rstrip() if joint else mark
        out += f"{ends}{joint}".join(part[0].upper() for part in parts) + mark
    return out.strip()


def spaced(given: str, mark: str) -> str:
    """Whole given names whose initials, if there are any, have their mark: `Anisa M.`"""
    if not mark.strip():
        return given
    return re.sub(r"(?<![\w.])([^\W\d_])(?![\w.'’-])", rf"\1{mark.strip()}", given)
