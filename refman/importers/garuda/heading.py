"""Where the title of a pasted Garuda result ends and its authors begin.

On the page they are two elements; copied, they often come on one line with nothing but a blank
between. Some lines can be divided surely enough: a title in capitals before a name that is not, a
name that also stands at the top of an author's page, a run of names after a word in lower case.
Names are told from the title's last words by the abstract, too, which speaks of the subject, not
of its authors. Every division is a guess and marked so. Where none can be made, the whole line
stays the title, and `doubt` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from refman.importers.garuda.authors import looks_like_authors, looks_like_name
from refman.text import recase_words
from refman.text.titles import fold, is_all_caps

__all__ = ["Heading", "read_heading"]

_DOUBT = "the title and the authors stand on one line and cannot be told apart"
_GAP = re.compile(r"\t[\t ]*|[ \u00a0]{2,}")
_WORD = re.compile(r"\S+")
_LONGEST = 5_000
_LONGEST_NAME = 6
"""Words that a single name may have, initials counted."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title and the authors behind it, each as text."""

    title: str
    authors: list[str] = field(default_factory=list)
    guessed: bool = True
    doubt: str | None = None


def read_heading(text: str, abstract: str, page_names: tuple[str, ...] = ()) -> Heading:
    """Divide a line that holds a title and perhaps, behind it, authors."""
    line = text.strip()
    if len(line) > _LONGEST:
        return Heading(line, doubt=_DOUBT)
    for split in (_by_page_name(line, page_names), _by_gap(line)):
        if split:
            return _heading(line, split)
    line = " ".join(line.split())
    split = _by_case(line, abstract) or _by_filler(line, abstract)
    split = split or _by_separators(line, abstract)
    if split:
        return _heading(line, split)
    split = _by_run(line, abstract)
    if split:
        return _heading(line, split)
    doubtful = ";" in line or _ends_in_name(line, abstract)
    return Heading(line, guessed=doubtful, doubt=_DOUBT if doubtful else None)


def _heading(line: str, split: int) -> Heading:
    return Heading(" ".join(line[:split].split()), [" ".join(line[split:].split())])


def _by_page_name(line: str, page_names: tuple[str, ...]) -> int | None:
    """The name at the top of an author's page, at the end of the line."""
    for name in page_names:
        folded = fold(name)
        words = list(_WORD.finditer(line))
        count = len(name.split())
        if not folded or count >= len(words):
            continue
        tail = words[-count].start()
        if fold(line[tail:]) == folded:
            return tail
    return None


def _by_gap(line: str) -> int | None:
    """A tab or several blanks, with nothing but names behind them."""
    gaps = list(_GAP.finditer(line))
    for gap in gaps[-3:]:
        rest = line[gap.end() :]
        if looks_like_authors(rest) or looks_like_name(rest):
            return gap.end()
    return None


def _by_case(line: str, abstract: str) -> int | None:
    """Names in ordinary case behind a title in capitals, or the other way round."""
    words = list(_WORD.finditer(line))
    kinds = [_kind(word.group()) for word in words]
    if "caps" not in kinds:
        return None
    last = len(kinds) - 1 - kinds[::-1].index("caps")
    start = last + 1
    while start < len(words) and kinds[start] == "other":
        start += 1
    if start < len(words) and is_all_caps(line[: words[start].start()]):
        while (
            start - 1 > 0 and kinds[start - 1] == "initial" and words[start - 1].group()[-1] == "."
        ):
            start -= 1
        return _checked(line, words[start].start(), abstract)
    # An ordinary title, then names in capitals.
    start = len(kinds)
    while start > 0 and kinds[start - 1] in ("caps", "initial"):
        start -= 1
    ordinary = line[: words[start].start()] if start < len(words) else ""
    tail = line[len(ordinary) :]
    count = len(tail.split())
    if (
        not ordinary.strip()
        or is_all_caps(ordinary)
        or not 2 <= count <= _LONGEST_NAME
        or any(_is_known(word) for word in tail.split())
    ):
        return None
    return _checked(line, len(ordinary), abstract)


def _kind(word: str) -> str:
    letters = [char for char in word if char.isalpha()]
    if not letters:
        return "other"
    if any(char.islower() for char in letters):
        return "name" if letters[0].isupper() else "lower"
    return (
        "caps"
        if len(letters) > 1 and not re.fullmatch(r"(?:[A-Z]\.){2,}[,;]?", word)
        else "initial"
    )


def _checked(line: str, start: int, abstract: str) -> int | None:
    """The place, where what follows is a name and no subject of the abstract."""
    tail = line[start:]
    if not (looks_like_authors(tail) or looks_like_name(tail)):
        return None
    # `… DI KOTA Medan`, `… DI PT Maju Jaya`: the end of the title, though in another case.
    before = line[:start].split()[-1:]
    if ";" in tail or "," in tail:
        return start
    if all(_is_known(word) for word in tail.split()) or _wants_more("".join(before)):
        return None
    return None if _is_mentioned(tail, abstract) else start


def _is_mentioned(words: str, abstract: str) -> bool:
    return bool(abstract) and f" {fold(words)} " in f" {fold(abstract)} "


def _is_known(word: str) -> bool:
    """Whether a word is a place, a people, an acronym: something that titles end in."""
    key = word.strip(".,;:()'\"“”").casefold()
    return (
        key in recase_words.FORMS
        or key in recase_words.INDONESIAN_FORMS
        or key in recase_words.GENERIC
        or key in recase_words.COMMON
        or key in recase_words.CONNECTORS
    )


def _by_filler(line: str, abstract: str) -> int | None:
    """The hyphen, or the name again, that stands for a family name: `… Law Minollah -`."""
    words = list(_WORD.finditer(line))
    if len(words) < 3:
        return None
    end = len(words)
    while end > 0 and _kind(words[end - 1].group()) == "other":
        end -= 1
    dashed = end < len(words) and words[end].group() in ("-", "–")
    names = [fold(word.group()) for word in words[max(0, end - 2) : end]]
    if len(names) == 2 and names[0] == names[1] and words[end - 2].group().endswith(","):
        return words[end - 2].start()
    if not dashed or end < 2 or _kind(words[end - 1].group()) != "name":
        return None
    # One word is the name if the one before it is surely the title's.
    before = words[end - 2].group()
    if _kind(before) == "lower" or _is_known(before) or _is_mentioned(before, abstract):
        return words[end - 1].start()
    return None


def _by_separators(line: str, abstract: str) -> int | None:
    """Several authors with `;` between: only where the first one begins is to be found."""
    first, semicolon, rest = line.partition(";")
    if not semicolon or not looks_like_authors(rest.strip(" ;") + ";"):
        return None
    comma = first.rfind(",")
    if comma > 0 and looks_like_name(first[comma + 1 :]):
        # `… title words Family, Given`: the family name is one word, or the run behind a small one.
        words = list(_WORD.finditer(first[:comma]))
        if len(words) < 2 or not looks_like_name(words[-1].group()):
            return None
        return words[-1].start()
    return _run_start(first, abstract)


def _by_run(line: str, abstract: str) -> int | None:
    """One author behind a title in sentence case: `… pada pria tidak merokok Adji, Iwan`."""
    comma = line.rfind(",")
    tail_start = _run_start(line, abstract)
    if tail_start is None:
        return None
    if not abstract and comma < tail_start:
        # Without an abstract to set them off, two capitalised words may be anything.
        return None
    return tail_start


def _run_start(text: str, abstract: str) -> int | None:
    """Where the run of capitalised words at the end begins, if it can be a name."""
    words = list(_WORD.finditer(text))
    start = len(words)
    while start > 0 and _kind(words[start - 1].group()) in ("name", "initial"):
        start -= 1
    if start == 0 or _kind(words[start - 1].group()) != "lower":
        return None
    # Places and what the abstract speaks of belong to the title.
    first = start
    while first < len(words) and (
        _is_known(words[first].group()) or _is_mentioned(words[first].group(), abstract)
    ):
        first += 1
    run = words[first:]
    if not 2 <= len(run) <= _LONGEST_NAME or any(_is_known(word.group()) for word in run):
        return None
    # `in`, `pada`, `SMA`: a word in front that asks for a name, but not for an author's.
    if _wants_more(words[first - 1].group()):
        return None
    tail = text[run[0].start() :]
    return run[0].start() if looks_like_name(tail) and not _is_mentioned(tail, abstract) else None


def _wants_more(word: str) -> bool:
    key = word.strip(".,;:()").casefold()
    return (
        key in recase_words.CONNECTORS
        or key in recase_words.PLACE_HEADS
        or key in recase_words.SCHOOL_HEADS
        or key in ("karya", "tokoh", "menurut", "bersama", "oleh", "versus", "vs", "novel")
    )


def _ends_in_name(line: str, abstract: str) -> bool:
    """Whether the line's last two words might be a name, so that doubt is due."""
    words = line.split()
    tail = " ".join(words[-2:])
    return (
        len(words) > 3
        and looks_like_name(tail)
        and not any(_is_known(word) for word in words[-2:])
        and not _is_mentioned(tail, abstract)
    )
