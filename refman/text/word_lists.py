"""Lists of words, written as one text."""

from __future__ import annotations


def word_list(text: str) -> frozenset[str]:
    """The words of a text that are set apart by white space."""
    return frozenset(text.split())
