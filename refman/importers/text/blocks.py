"""A list of references cut into its references, however they are set apart.

By numbers (`[1]`, `1.`, `(1)`, `1:`), by bullets, by empty lines, by hanging indents, or one a
line; lines that a page cut, words divided or not, are joined. What is read ahead is one paragraph,
never the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from refman.text.joining import join_lines
from refman.text.reference_names import CAPITAL

MAX_BLOCK = 20_000
"""Longest reference, in characters; what is longer is cut there."""
_SCREEN = 110
"""Widest line, in characters, that a page or a screen would have cut."""
MAX_PARAGRAPH = 2_000
"""Most lines that are looked at together."""

_NUMBER = re.compile(
    r"[ \t]{0,12}(?:\[(?P<a>\d{1,4})\]|\((?P<b>\d{1,3})\)|(?P<c>\d{1,4})\s?[.):](?=\s|[^\W\d])"
    rf"|(?P<d>\d{{1,4}})(?:\t|[ ]{{1,3}})(?={CAPITAL}|[“\"]))\s{{0,8}}"
)
_BULLET = re.compile(r"[ \t]{0,12}[•·▪●◦*‣–—-][ \t]{1,6}(?=\S)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_STARTS = re.compile(
    rf"(?:{CAPITAL}[\w'’-]{{1,30}}(?: {CAPITAL}[\w'’-]{{1,30}}){{0,2}},? (?:{CAPITAL}\."
    rf"|{CAPITAL}{{1,3}}[,.: ])"
    rf"|{CAPITAL}\. ?(?:{CAPITAL}\. ?){{0,3}}{CAPITAL}[\w'’-]{{1,30}}|{CAPITAL}[\w'’-]{{1,30}},"
    rf" {CAPITAL}[\w'’-]{{1,30}}"
    r"|[“\"‘])"
)
_ADDRESS = re.compile(r"(?:https?://|doi:\s?|10\.\d{4})\S*", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:\d\s?[-–—]\s?[A-Za-z]?\d{1,6}|\((?:1[5-9]|20)\d\d\)|/\S{3,80}"
    r"|[;:(,]\s?\w{0,3}\d{1,6})[.)]{0,2}$"
)
"""Pages, a year in parentheses, an address: what only the end of a reference has."""
_WHOLE = re.compile(r"(?:[.)\]]|\d|/\S{2,80}|10\.\d{4,9}/\S{2,200})\s{0,3}$")


class Block(NamedTuple):
    """The text of what should be one reference, and the line on which it begins."""

    line: int
    text: str
    raw: str


Line = tuple[int, str]

_PAGE_MARK = re.compile(
    r"\s{0,40}(?:[Pp]age|[Hh]alaman|[Ss]eite) \d{1,5}(?: (?:of|dari|von) \d{1,5})?\s{0,10}$"
    r"|\s{0,40}(?:Downloaded (?:from|by|on)|This content downloaded) .{0,300}$|\f"
)
"""What a page leaves between the lines of a reference."""


def split_blocks(lines: Iterable[Line], head: list[str]) -> Iterator[Block]:
    """The blocks of a list. `head` are lines of its beginning, which show how it is set."""
    lines = ((number, line) for number, line in lines if not _PAGE_MARK.match(line[:400]))
    kind, numbers = _numbers(head)
    bullets = sum(bool(_BULLET.match(line)) for line in head)
    told = sum(bool(line.strip()) for line in head)
    if len(numbers) >= 2 and _rise(numbers):
        yield from _marked(lines, _Numbered(kind))
    elif bullets >= 2 and 4 * bullets >= told:
        yield from _marked(lines, _Bulleted())
    else:
        for paragraph in _paragraphs(lines):
            yield from _split_paragraph(paragraph)


def _numbers(head: list[str]) -> tuple[str, list[int]]:
    """How the lines of a head are numbered, as most of them are, and the numbers."""
    found = [number for line in head if (number := _number_of(line)) is not None]
    if not found:
        return "", []
    kind = Counter(kind for kind, _ in found).most_common(1)[0][0]
    return kind, [number for other, number in found if other == kind]


def _number_of(line: str) -> tuple[str, int] | None:
    """What marks the number of a line, and the number."""
    match = _NUMBER.match(line)
    if match is None:
        return None
    kind = str(match.lastgroup)
    mark = match.group().strip()[-1] if kind == "c" else kind
    return mark, int(match[kind])


def _rise(numbers: list[int]) -> bool:
    """Whether most of the numbers are each one more than the one before."""
    steps = [second - first for first, second in pairwise(numbers)]
    return 2 * steps.count(1) >= len(steps)


class _Numbered:
    """Knows which line begins a reference: one whose number is the next, or nearly."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._last: int | None = None

    def begins(self, line: str) -> bool:
        found = _number_of(line)
        if found is None or found[0] != self._kind:
            return False
        number = found[1]
        if self._last is not None and number != 1 and not self._last < number <= self._last + 5:
            return False
        self._last = number
        return True


class _Bulleted:
    def begins(self, line: str) -> bool:
        return _BULLET.match(line) is not None


def _marked(lines: Iterable[Line], marks: _Numbered | _Bulleted) -> Iterator[Block]:
    """Blocks that begin where there is a mark; what stands before the first is split by itself."""
    current: list[Line] = []
    begun = False
    size = 0
    for number, line in lines:
        begins = marks.begins(line)
        blank = not line.strip()
        if begins or size > MAX_BLOCK or (blank and _is_whole(current)):
            yield from [_block(current)] if begun and current else _split_paragraph(current)
            current, size = [], 0
            begun = begins
        if not blank:
            current.append((number, line[:MAX_BLOCK]))
            size += len(line)
    yield from [_block(current)] if begun and current else _split_paragraph(current)


def _is_whole(lines: list[Line]) -> bool:
    return bool(lines) and _WHOLE.search(lines[-1][1][-300:]) is not None


def _paragraphs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Runs of lines between empty ones."""
    current: list[Line] = []
    size = 0
    for number, line in lines:
        if line.strip() and len(current) < MAX_PARAGRAPH and size < 50 * MAX_BLOCK:
            current.append((number, line[:MAX_BLOCK]))
            size += len(line)
            continue
        if current:
            yield current
        current = [(number, line[:MAX_BLOCK])] if line.strip() else []
        size = len(line)
    if current:
        yield current


def _split_paragraph(lines: list[Line]) -> Iterator[Block]:
    """The references of a paragraph: by indents, one a line, or where one seems to begin."""
    if len(lines) < 2:
        yield from map(_block, [lines] if lines else [])
        return
    indented = [line[:1] in " \t" for _, line in lines]
    begins: list[bool]
    if 0 < sum(indented) < len(lines):
        # Hanging indents; or the first line of each is the one that is set in.
        hanging = not indented[0]
        begins = [set_in is not hanging for set_in in indented]
    else:
        begins = _begins([line.rstrip() for _, line in lines])
    current: list[Line] = []
    for entry, begin in zip(lines, begins):
        if begin and current:
            yield _block(current)
            current = []
        current.append(entry)
    yield _block(current)


def _begins(lines: list[str]) -> list[bool]:
    """Which lines begin a reference, where neither indents nor empty lines show it.

    A line ends a reference if it could be the end of one, and the next line begins like one, or
    its first word would have found room; or if all lines are references.
    """
    width = max(map(len, lines))
    dated = sum(_YEAR.search(_ADDRESS.sub("", line[:3000])) is not None for line in lines)
    single = (len(lines) > 4 or width > _SCREEN) and 10 * dated >= 9 * len(lines)
    begins = [True]
    for before, line in pairwise(lines):
        ends = _WHOLE.search(before[-300:]) is not None
        has_room = len(before) + 1 + len(line.split(None, 1)[0]) <= width
        starts = _STARTS.match(line) is not None and not line[0].islower()
        told = has_room or _ENDS.search(before[-120:]) is not None
        begins.append(ends and (single or (starts and told)))
    return begins


def _block(lines: list[Line]) -> Block:
    texts = [text.rstrip("\n") for _, text in lines]
    return Block(lines[0][0], join_lines(texts)[:MAX_BLOCK], "\n".join(texts)[:MAX_BLOCK])
