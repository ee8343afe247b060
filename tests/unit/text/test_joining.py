from __future__ import annotations

import pytest

from refman.text.joining import join_lines


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["one", " two "], "one two"),
        (["endo-", "scopic"], "endoscopic"),
        (["long-", "term"], "long-term"),
        (["Jean-", "Pierre"], "Jean-Pierre"),
        (["IL-", "10"], "IL-10"),
        (["45–", "50"], "45–50"),
        (["https://example.org/", "abc"], "https://example.org/abc"),
        (["a -", "b"], "a - b"),
        (["", "one", ""], "one"),
        ([], ""),
    ],
)
def test_lines_are_joined(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text
