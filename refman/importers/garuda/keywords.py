"""Keywords that journals put into the abstract, in Indonesian and English.

`… text.Keywords: a; b ABSTRAK … teks.Kata kunci: c` becomes an abstract of two paragraphs and
three keywords. Where the end of the keywords cannot be told, they stay in the abstract.
"""

from __future__ import annotations

import re

__all__ = ["split_keywords"]

_LABEL = re.compile(
    r"(?:Key\s?-?words?|Kata[\s\-]{0,2}kunci|Katakunci)\s?(?:[:：]|\s[-–—]\s)\s?", re.IGNORECASE
)
_NEXT_ABSTRACT = re.compile(r"(?<![A-Za-z])(?:ABSTRAK|ABSTRACT|Abstrak|Abstract|INTISARI)\b|\n")
_LONGEST_RUN = 800
_LONGEST_KEYWORD = 80
_MOST = 100
"""Of more keywords than these, the rest stays in the abstract."""


def split_keywords(abstract: str) -> tuple[str, tuple[str, ...]]:
    """The abstract without its runs of keywords, and the keywords, each once."""
    keywords: dict[str, str] = {}
    pieces: list[str] = []
    position = 0
    for match in _LABEL.finditer(abstract):
        if match.start() < position or len(keywords) >= _MOST:
            continue
        end = _end_of_run(abstract, match.end())
        found, kept_from = _keywords(abstract, match.end(), end)
        if not found:
            continue
        pieces.append(abstract[position : match.start()])
        position = kept_from
        for keyword in found:
            keywords.setdefault(keyword.casefold(), keyword)
    pieces.append(abstract[position:])
    text = "\n\n".join(piece.strip() for piece in pieces if piece.strip())
    return text, tuple(keywords.values())


def _end_of_run(text: str, start: int) -> int:
    """Where a run of keywords must end, looked for as far as the longest run goes."""
    limit = min(len(text), start + _LONGEST_RUN)
    found = (pattern.search(text, start, limit) for pattern in (_NEXT_ABSTRACT, _LABEL))
    return min([limit, *(match.start() for match in found if match)])


def _keywords(text: str, start: int, end: int) -> tuple[list[str], int]:
    """The keywords of a run, and where the abstract goes on. None where it is no such run."""
    run = text[start:end]
    separator = ";" if ";" in run else ","
    pieces = run.split(separator)
    last = pieces[-1]
    # A full stop after the last keyword and more text behind it: the abstract goes on there.
    if len(run) == _LONGEST_RUN or len(last.strip()) > _LONGEST_KEYWORD:
        stop = re.search(r"\.\s+(?=[A-Z])", last)
        if stop is None:
            return [], start
        end = start + len(run) - len(last) + stop.end()
        pieces[-1] = last[: stop.start()]
    keywords = [" ".join(piece.split()).strip(" .,;:-–") for piece in pieces]
    keywords = [keyword for keyword in keywords if keyword]
    if not keywords or any(len(keyword) > _LONGEST_KEYWORD for keyword in keywords):
        return [], start
    return keywords, end
