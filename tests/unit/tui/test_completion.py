"""What the last word of a query goes on as."""

from __future__ import annotations

import pytest

from refman.rules.query import parse
from refman.tui.completion import Vocabulary, completed, completions
from refman.tui.widgets.search_line import HINT, hint

WORDS = Vocabulary(("read", "to read", "[red]x"), ("Thesis/Chapter 2",), ("mine",))


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("aut", "author:"),
        ("sea -tag:re", "sea -tag:read"),
        ("(col", "(collection:"),
        ("Tag:RE", "Tag:REad"),
        ('tag:"to', 'tag:"to read"'),
        ("search:m", "search:mine"),
        ("is:retr", "is:retracted"),
        ("is:unr", "is:unread"),
        ("has:ab", "has:abstract"),
        ("tag:read", None),
        ("a", None),
        ("author:x", None),
        ("", None),
        ("sea ", None),
    ],
)
def test_words_go_on(typed: str, whole: str | None) -> None:
    assert completed(typed, WORDS) == whole


def test_all_that_is_offered_can_be_read_as_a_query() -> None:
    for typed in ("is:", "has:", "missing:", "tag:", "collection:", "search:"):
        assert completions(typed, WORDS)
        for whole in completions(typed, WORDS):
            parse(whole)


def test_the_hint_names_what_is_meant_and_fits() -> None:
    assert hint("tag:", WORDS, 80).startswith('Tab: tag:read  tag:"to read"')
    assert len(hint("has:", WORDS, 60)) <= 56
    assert hint("", WORDS, 80) == HINT
