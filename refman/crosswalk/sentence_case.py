"""A title in capitals put in sentence case, with the rest of its record as evidence."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_lowercase
from typing import NamedTuple

from refman.model import Description
from refman.text.titles import is_all_caps, recase

_SMALL_LETTERS = str.maketrans("", "", ascii_lowercase)


class SentenceCased(NamedTuple):
    """A description, and its title as it came where it is another now."""

    description: Description
    verbatim: str | None


def in_sentence_case(description: Description) -> SentenceCased:
    """Re-case the title if it is all in capitals; any other description comes back as it is.

    The abstract, the keywords and the container's title show how words are written elsewhere.
    """
    title = description.title
    if title is None or _has_small_letters(title) or not is_all_caps(title):
        return SentenceCased(description, None)
    beside = (description.abstract, description.container_title, *description.keyword)
    evidence = [text for text in beside if text and _has_small_letters(text)]
    recased = recase(title, evidence, description.language)
    if not recased.changed or recased.text[1:] == title[1:]:
        # Names and abbreviations only: that is no title in capitals, whatever it begins with.
        return SentenceCased(description, None)
    return SentenceCased(replace(description, title=recased.text), title)


def _has_small_letters(text: str) -> bool:
    """Whether more than one character in seven is a small letter: a quick and sure no."""
    return 7 * (len(text) - len(text.translate(_SMALL_LETTERS))) > len(text)
