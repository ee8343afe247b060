"""Text from records, made safe and fit for a line of the screen.

What comes from outside is never read as markup, and nothing of it reaches the terminal that is
not a character to be seen: control characters (C0, C1) go, as do the marks that turn the direction
of writing. The inline marks of CSL become styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"\s+")
_MARK = re.compile(
    r"</?(?P<tag>i|b|sup|sub)>"
    r"|<span (?:style=\"font-variant: ?small-caps;\"|class=\"nocase\")>|(?P<span></span>)"
)
_STYLES = {"i": "italic", "b": "bold"}
MAX_CELLS = 2000
"""Longest line, in characters, that is looked at: the screen is narrower than that."""

Piece = tuple[str, str]
"""Some text and the style it is to be shown in, by Textual's names; `""` is plain."""


def one_line(text: str) -> str:
    """The text without control characters and marks, its blanks made single ones."""
    text = text[:MAX_CELLS]
    if "<" in text:
        text = _MARK.sub("", text)
    if text.isascii() and text.isprintable():
        return text
    return _BLANKS.sub(" ", _CONTROLS.sub("", text)).strip()


def lines(text: str) -> str:
    """The text without control characters, its line ends kept."""
    return _CONTROLS.sub("", text.expandtabs(4))


def pieces(text: str) -> Iterator[Piece]:
    """The text in pieces, each in the style that CSL's inline marks give it."""
    text = lines(text)
    depth = {"i": 0, "b": 0}
    start = 0
    for mark in _MARK.finditer(text):
        yield from _piece(text[start : mark.start()], depth)
        start = mark.end()
        tag = mark["tag"]
        if tag in depth:
            step = -1 if mark.group().startswith("</") else 1
            depth[tag] = max(0, depth[tag] + step)
    yield from _piece(text[start:], depth)


def _piece(text: str, depth: dict[str, int]) -> Iterator[Piece]:
    if text:
        yield text, " ".join(_STYLES[tag] for tag, count in depth.items() if count)


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells of the terminal, with `…` where it was cut."""
    if width <= 0:
        return ""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    cut = set_cell_size(text, width - 1).rstrip()
    return cut + "…" + " " * (width - 1 - cell_len(cut))


def counted(number: int, noun: str) -> str:
    """`1 work`, `12,000 works`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
