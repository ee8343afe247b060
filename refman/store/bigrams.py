"""Search in scripts that put no blanks between words: Chinese, Japanese, Korean.

To FTS5's tokenizer such a text is one long word, of which only the beginning could be found. So
each run of these letters is kept once more, as pairs of neighbours: `智能学` as `t智能 t能学 t学`,
where the letter before tells the field. Any part of two letters or more is then a phrase of such
pairs, and a single letter the beginning of one. Texts in other scripts cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from refman.model import Description

_LETTERS = "[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
_MOST = 2000
"""Letters of one field that are kept so."""

MARKS = {
    "title": "t",
    "author": "a",
    "container_title": "j",
    "keyword": "k",
    "abstract": "x",
}
"""The letter that stands for a column of the index."""

GLOB = "*[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]*"
"""What text has that holds such letters, for SQLite."""


@cache
def _runs() -> re.Pattern[str]:
    # Compiled at need: that takes longer than all else that a query in another script costs.
    return re.compile(_LETTERS)


def words(description: Description) -> Iterator[str]:
    """The pairs of a description's texts, each a word with its field's letter before it."""
    for field, mark in MARKS.items():
        for text in _texts(description, field):
            if text.isascii():
                continue
            for run in _runs().findall(text[:_MOST]):
                yield from _pairs(run, mark)


def _texts(description: Description, field: str) -> Iterator[str]:
    if field == "author":
        for name in (*description.author, *description.editor):
            yield name.literal or f"{name.family or ''}{name.given or ''}"
    elif field == "keyword":
        yield from description.keyword
    else:
        yield getattr(description, field) or ""


def _pairs(run: str, mark: str) -> Iterator[str]:
    for place in range(len(run) - 1):
        yield mark + run[place : place + 2]
    yield mark + run[-1]


def expression(text: str, field: str | None) -> str | None:
    """A search for text with such letters, in one column or any; None for text without any."""
    if text.isascii():
        return None
    runs = _runs().findall(text)
    if not runs:
        return None
    marks = MARKS.values() if field is None else [MARKS[field]] if field in MARKS else []
    if not marks:
        return None
    return " AND ".join(
        "(" + " OR ".join(f"facets : {_phrase(run, mark)}" for mark in marks) + ")" for run in runs
    )


def _phrase(run: str, mark: str) -> str:
    if len(run) == 1:
        return f'"{mark}{run}" *'
    return '"' + " ".join(mark + run[place : place + 2] for place in range(len(run) - 1)) + '"'


def without(text: str) -> str:
    """Text without such letters."""
    return " ".join(_runs().sub(" ", text).split())
