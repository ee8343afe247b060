"""Records of tagged lines, cut apart: MEDLINE, Refer, Web of Science, Ovid, RefWorks.

Each field is a line with a tag and a value, which may go on in lines without a tag. Where a
record ends, the formats do not agree: at a tag (`ER`), before a tag (`%0`), or at an empty line.
An empty line alone says little, since some files have one after every line, and some have them
within an abstract: it ends a record only if what follows, up to the next empty line, repeats a tag
that a record has once.

Memory is bounded by the longest record (`MAX_ENTRY`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_ENTRY = 16 * 1024 * 1024
"""Longest record, in characters, that is still read."""
MAX_RAW = 100_000
"""How much of a text that could not be read is kept, in characters."""

_MAX_STRAY = 1000


class Field(NamedTuple):
    """A tag, its value (the lines of it joined by `\\n`), and the line it begins on."""

    tag: str
    value: str
    line: int


class Entry(NamedTuple):
    """A record as it stands."""

    line: int
    fields: list[Field]

    @property
    def tags(self) -> dict[str, list[str]]:
        """The values of each tag, in order; a label's value may begin on the line below it."""
        tags: dict[str, list[str]] = {}
        for field in self.fields:
            tags.setdefault(field.tag, []).append(field.value.strip())
        return tags

    @property
    def raw(self) -> str:
        """About what stood in the file."""
        return "\n".join(f"{field.tag} {field.value}" for field in self.fields)[:MAX_RAW]


class Fault(NamedTuple):
    """What belongs to no record, or is too long for one."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How the lines of a format are told apart."""

    tag: Callable[[str], tuple[str, str] | None]
    """The tag and the value of a line (without its end), or None where it has no tag."""
    begins: frozenset[str] = frozenset()
    """Tags before which a record ends, unless it has nothing but that tag yet."""
    ends: frozenset[str] = frozenset()
    """Tags that end a record and are no field of it."""
    once: frozenset[str] = frozenset()
    """Tags whose second coming after an empty line shows that a new record has begun."""
    opens: frozenset[str] = frozenset()
    """Tags that begin a new record after an empty line, and anywhere if they come again."""
    outside: Callable[[str], bool] = bool
    """Whether a line between records is worth a word (it is stripped)."""
    goes_on: Callable[[str, str, bool], bool] = lambda _tag, _line, _apart: True
    """Whether a line without a tag goes on with the value of the tag before it.

    It gets that tag, the line, and whether an empty line stands between them.
    """


def split(lines: Iterator[str], grammar: Grammar) -> Iterator[Entry | Fault]:
    """The records of a file and what is none, one after the other."""
    return _Splitter(grammar).run(lines)


class _Open(NamedTuple):
    """A field that may go on."""

    tag: str
    parts: list[str]
    line: int


class _Splitter:
    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._entry: list[_Open] = []
        self._seen: set[str] = set()
        self._block: list[_Open] = []
        """What came after an empty line: the same record still, or the next one."""
        self._paused = False
        self._size = 0
        self._stray: list[str] = []
        self._stray_line = 0

    def run(self, lines: Iterator[str]) -> Iterator[Entry | Fault]:
        tag_of = self._grammar.tag
        for number, line in enumerate(lines, 1):
            text = line.rstrip("\r\n")
            if number == 1:
                text = text.removeprefix("\ufeff")
            if not text.strip():
                self._pause()
                continue
            found = tag_of(text)
            if found is None:
                self._untagged(text, number)
            else:
                yield from self._tagged(*found, number)
            self._size = self._size + len(text) if self._entry else 0
            if self._size > MAX_ENTRY:
                yield self._too_long()
        yield from self._end()

    def _pause(self) -> None:
        self._entry += self._block
        self._seen.update(field.tag for field in self._block)
        self._block = []
        self._paused = True

    def _tagged(self, tag: str, value: str, number: int) -> Iterator[Entry | Fault]:
        grammar = self._grammar
        if tag in grammar.ends:
            yield from self._end()
            return
        if tag in grammar.begins and any(one.tag != tag for one in self._entry + self._block):
            yield from self._end()
        apart = self._paused or bool(self._block)
        again = tag in self._seen
        if (tag in grammar.opens and (apart or again)) or (apart and again and tag in grammar.once):
            yield from self._next()
            apart = False
        field = _Open(tag, [value.strip()], number)
        if self._entry and apart:
            self._block.append(field)
        else:
            if not self._entry:
                yield from self._no_longer_stray()
            self._entry.append(field)
            self._seen.add(tag)
        self._paused = False

    def _untagged(self, text: str, number: int) -> None:
        fields = self._block or self._entry
        if fields and self._grammar.goes_on(fields[-1].tag, text, self._paused):
            if self._paused:
                fields[-1].parts.append("")
                self._paused = False
            fields[-1].parts.append(text.strip())
        elif self._grammar.outside(text.strip(" \t\ufeff")):
            self._stray_line = self._stray_line or number
            if len(self._stray) < _MAX_STRAY:
                self._stray.append(text)

    def _next(self) -> Iterator[Entry | Fault]:
        """End the record; what came after the empty line is the beginning of the next one."""
        block, self._block = self._block, []
        yield from self._end()
        self._entry = block
        self._seen = {field.tag for field in block}

    def _end(self) -> Iterator[Entry | Fault]:
        self._pause()
        yield from self._no_longer_stray()
        if self._entry:
            fields = [Field(one.tag, "\n".join(one.parts), one.line) for one in self._entry]
            yield Entry(fields[0].line, fields)
        self._clear()

    def _no_longer_stray(self) -> Iterator[Fault]:
        if self._stray:
            raw = "\n".join(self._stray)[:MAX_RAW]
            yield Fault(self._stray_line, "text that belongs to no record or field", raw)
            self._stray = []
            self._stray_line = 0

    def _clear(self) -> None:
        self._entry, self._block, self._seen = [], [], set()
        self._paused = False
        self._size = 0

    def _too_long(self) -> Fault:
        fields = self._entry + self._block
        raw = "\n".join(f"{one.tag} {' '.join(one.parts[:100])}" for one in fields[:100])[:MAX_RAW]
        self._clear()
        reason = f"a record of over {MAX_ENTRY >> 20} MB; its end is missing, or it is none"
        return Fault(fields[0].line, reason, raw)
