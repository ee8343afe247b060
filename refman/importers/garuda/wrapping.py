"""Text that a mail program or an editor has broken into short lines, put together again.

Lines broken at a width are told by that width: the first word of each next line would not have
fitted on the line before. Pages copied straight from a browser are not broken.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["paragraphs", "unwrapped", "wrap_width"]

_NARROWEST = 40
_WIDEST = 130
_SLACK = 16
"""How much shorter than the width a full line may be."""
_RUN = 3


def wrap_width(lines: Sequence[str]) -> int | None:
    """The width that lines were broken at, or None where they were not.

    Broken text has three full lines in a row somewhere, and none that is much longer.
    """
    width = max(map(len, lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return None
    run = 0
    for line in lines:
        run = run + 1 if len(line) > width - _SLACK else 0
        if run >= _RUN:
            return width
    return None


def unwrapped(lines: Sequence[str], width: int | None) -> list[list[int]]:
    """The indexes of lines that belong together: one list for each line that was broken."""
    groups: list[list[int]] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else ""
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        if groups and width and before and word and len(before) + 1 + len(word) > width:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def paragraphs(text: str) -> str:
    """An abstract with an empty line between its paragraphs, and each of them on one line."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    width = wrap_width(lines)
    joined = [" ".join(lines[index] for index in group) for group in unwrapped(lines, width)]
    return "\n\n".join(line for line in joined if line)
