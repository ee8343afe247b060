"""JSON from outside, element by element, within bounds (RFC 8259, and JSON Lines).

A bibliography in JSON is a list, a list inside an envelope, one object, or an object a line. All
of them are read here in pieces, so that memory holds an element and never the file, and so that
one broken element costs that element only, where its end can be told. Time is linear in the
length of the text, also for one endless line and for a huge element.

Read more widely than RFC 8259 allows: line breaks inside strings, missing and superfluous commas
between elements, `NaN`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

MAX_ELEMENT = 64 * 1024 * 1024
"""Longest element, in characters, that is still read."""
MAX_RAW = 1024 * 1024
"""How much of a broken element is kept."""

_CHUNK = 128 * 1024
_GLANCE = 4 * 1024 * 1024
"""An object up to this long is read whole before it is asked whether it is an envelope."""
_MAX_STEPS = 8
_INDENTATION = 256
"""How much is kept of what is done with: the beginning of the line."""
_STRIDE = 4096
_DECODER = json.JSONDecoder(strict=False)
_BLANK = re.compile(r"[ \t\r\n\ufeff\x1e]*+")
_BLANK_OR_COMMA = re.compile(r"[ \t\r\n\ufeff\x1e,]*+")
_COLON = re.compile(r"[ \t\r\n]*+:[ \t\r\n]*+")
# A string that is not closed on its own line is taken to end there: a missing quotation mark must
# not turn the rest of the file inside out.
_STRUCTURE = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+["\n]?|[{}\[\]]', re.DOTALL)
_AFTER_GARBAGE = re.compile(r"[\n{\[]")
_AFTER_GARBAGE_IN_LIST = re.compile(r"[,\n{\[\]]")


class Element(NamedTuple):
    """One element: the line it begins on (1-based), what it says, and its text as it came."""

    line: int
    value: Any
    text: str


class Broken(NamedTuple):
    """A stretch that is no JSON: the line it begins on, why, and its text (up to 1 MB)."""

    line: int
    reason: str
    raw: str


def elements(pieces: Iterable[str], within: Collection[str] = ()) -> Iterator[Element | Broken]:
    """The elements of a JSON text that comes in pieces: lines, or chunks cut anywhere.

    At the top level a list gives its members, and anything else is an element itself; any number
    of them may follow each other. `within` names the keys of an envelope: where a top-level
    object has one of them, the list that it holds gives the elements; an object that it holds is
    looked into in the same way, and is the one element if it has none of the keys. So
    `{"status": "ok", "message": {"items": [a, b]}}` gives a and b, and
    `{"status": "ok", "message": a}` gives a, both with `within=("message", "items")`.

    Elements may be any JSON value, not only objects; strings may hold lone surrogates and control
    characters. Raises nothing but what `pieces` raises.
    """
    return _Reader(pieces, frozenset(within)).run()


class _Cut(Exception):
    """The text ends, or goes on for too long, before the value does."""


class _Bad(Exception):
    """The text is no JSON, whatever may follow."""


class _TooDeep(_Bad):
    """The text may be JSON, but nested more deeply than any bibliography."""


class _Reader:
    """A window on the text: `_text`, of which all before `_at` is done with."""

    def __init__(self, pieces: Iterable[str], within: frozenset[str]) -> None:
        self._pieces = iter(pieces)
        self._within = within
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._ended = False

    def run(self) -> Iterator[Element | Broken]:
        try:
            while char := self._next(_BLANK_OR_COMMA):
                if char == "[":
                    self._at += 1
                    yield from self._list()
                elif char == "{" and self._within:
                    yield from self._envelope(0)
                elif char == "]":
                    self._at += 1
                else:
                    yield self._element(in_list=False)
        except _Cut:
            yield self._broken(f"an element of over {MAX_ELEMENT >> 20} MB; the rest is not read")

    # The window

    def _grow(self) -> bool:
        """Let more text in, as much again as there is; False where there is no more."""
        wanted = max(_CHUNK, len(self._text) - self._at)
        gained = 0
        grown = [self._text]
        while gained < wanted:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
                break
            grown.append(piece)
            gained += len(piece)
        self._text = "".join(grown)
        return gained > 0

    def _forget(self) -> None:
        """Let go of what is done with, once it is worth the copying."""
        if self._at > max(_CHUNK, len(self._text) // 2):
            self._count_lines()
            self._text = self._text[self._at - _INDENTATION :]
            self._at = self._counted = _INDENTATION

    def _count_lines(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _next(self, blank: re.Pattern[str]) -> str:
        """The first character after blanks, which it stands on then; empty at the end."""
        while True:
            match = blank.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            self._forget()
            if not self._grow():
                return ""

    # Values

    def _decode(self, limit: int | None = None) -> tuple[Any, int]:
        """The value that begins here and where it ends. Raises `_Bad`, or `_Cut` past `limit`."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_be_cut(error):
                    raise _Bad(_reason(error)) from None
            except RecursionError:
                raise _TooDeep("it is nested too deeply") from None
            except ValueError:
                raise _Bad("it holds a number of too many digits") from None
            else:
                # A number at the very end of the window may go on.
                if end < len(self._text) or self._ended or self._text[end - 1] in '}]"':
                    return value, end
            self._grow_within(limit)

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the error may be only that the window ends inside the value."""
        return error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated string")

    def _grow_within(self, limit: int | None = None) -> None:
        if len(self._text) - self._at > (MAX_ELEMENT if limit is None else limit):
            raise _Cut
        self._grow()

    def _element(
        self, *, in_list: bool, decoded: tuple[Any, int] | None = None
    ) -> Element | Broken:
        """What begins here; afterwards the window stands behind it."""
        line = self._count_lines()
        start = self._at
        try:
            value, end = decoded or self._decode()
        except _Bad as error:
            # Nesting like that is no slip of a bracket, and not worth a new start at every line.
            hopeful = not isinstance(error, _TooDeep)
            end = self._end_of_broken(self._opening(in_list=in_list) if hopeful else "", in_list)
            broken = self._broken(str(error), end)
            self._at = end
            self._forget()
            return broken
        text = self._text[start:end]
        self._at = end
        self._forget()
        return Element(line, value, text)

    def _list(self) -> Iterator[Element | Broken]:
        """The members of a list, up to and with its closing bracket."""
        while char := self._next(_BLANK_OR_COMMA):
            if char == "]":
                self._at += 1
                return
            if char == "}":
                # Left over from an object that was broken.
                self._at += 1
                continue
            yield self._element(in_list=True)
        yield self._broken("the text ends before its list does; it may have been cut off")

    # Envelopes

    def _envelope(self, steps: int) -> Iterator[Element | Broken]:
        """An object that may be an envelope, or else is an element."""
        decoded = self._glance()
        if steps > _MAX_STEPS or (decoded is not None and not self._is_envelope(decoded[0])):
            yield self._element(in_list=False, decoded=decoded)
            return
        start = self._at
        self._at += 1
        stepped = False
        try:
            while (char := self._next(_BLANK_OR_COMMA) if stepped else self._peek()) == '"':
                key, value_at = self._key()
                opened = self._text[value_at : value_at + 1]
                self._at = value_at
                if key in self._within and opened in ("[", "{"):
                    stepped = True
                    self._at += opened == "["
                    yield from self._list() if opened == "[" else self._envelope(steps + 1)
                else:
                    self._at = self._decode()[1]
                    if stepped:
                        self._forget()
        except _Bad as error:
            char = ""
            if stepped:
                end = self._end_of_garbage(in_list=False)
                yield self._broken(f"after the list: {error}", end)
                self._at = end
        if stepped:
            self._at += char == "}"
        else:
            self._at = start
            yield self._element(in_list=False)

    def _glance(self) -> tuple[Any, int] | None:
        """The object that begins here, unless it is broken or long."""
        try:
            return self._decode(_GLANCE)
        except (_Bad, _Cut):
            return None

    def _is_envelope(self, value: dict[str, Any]) -> bool:
        return any(isinstance(value.get(key), (list, dict)) for key in self._within)

    def _peek(self) -> str:
        """Like `_next`, but without letting go of the object's beginning."""
        while True:
            match = _BLANK_OR_COMMA.match(self._text, self._at)
            assert match is not None
            if match.end() < len(self._text):
                self._at = match.end()
                return self._text[self._at]
            if self._ended:
                return ""
            self._grow_within()

    def _key(self) -> tuple[str, int]:
        """The key that begins here and where its value does. Raises `_Bad`."""
        key, end = self._decode()
        while True:
            match = _COLON.match(self._text, end)
            if match is not None and match.end() < len(self._text):
                return key, match.end()
            if self._ended or (match is None and self._text[end : end + 64].strip()):
                raise _Bad("a key without a value")
            self._grow_within()

    # Going on after what is broken

    def _broken(self, reason: str, end: int | None = None) -> Broken:
        """A stretch that begins here."""
        start = self._at
        longest = start + MAX_RAW
        stretch = self._text[start : longest if end is None else min(end, longest)]
        return Broken(self._count_lines(), reason, stretch.strip())

    def _end_of_broken(self, opening: str, in_list: bool) -> int:
        """Where to go on after the broken element that begins here.

        That is where its brackets balance, or earlier where a line begins just as this one did
        (with `opening`, unless that is empty): in an indented list only the next element does,
        and in JSON Lines each line does.
        """
        if self._text[self._at] not in "{[":
            return self._end_of_garbage(in_list=in_list)
        size = _STRIDE
        while True:
            limit = min(self._at + size, len(self._text))
            end = _balanced(self._text, self._at, limit)
            if opening:
                twin = self._text.find(opening, self._at + 1, limit if end is None else end)
                if twin >= 0:
                    return twin + 1
            if end is not None:
                return end
            if limit < len(self._text):
                # Looked at again from its start, but each time twice as far: linear all the same.
                size *= 2
            elif self._ended:
                return limit
            else:
                self._grow_within()

    def _opening(self, *, in_list: bool) -> str:
        """The line break, indentation and bracket with which a sibling of this element begins."""
        line_start = self._text.rfind("\n", max(0, self._at - _INDENTATION), self._at) + 1
        before = self._text[line_start : self._at]
        if len(before) >= _INDENTATION or before.strip(" \t},") or (in_list and not before):
            return ""
        return f"\n{before}{self._text[self._at]}"

    def _end_of_garbage(self, *, in_list: bool) -> int:
        pattern = _AFTER_GARBAGE_IN_LIST if in_list else _AFTER_GARBAGE
        while True:
            match = pattern.search(self._text, self._at + 1)
            if match is not None:
                return match.start()
            if self._ended:
                return len(self._text)
            self._grow_within()


def _balanced(text: str, start: int, limit: int) -> int | None:
    """Where the bracket that opens at `start` is closed; None where it is not before `limit`."""
    depth = 0
    for match in _STRUCTURE.finditer(text, start, limit):
        char = match.group()
        if char in ("{", "["):
            depth += 1
        elif char in ("}", "]"):
            depth -= 1
            if depth == 0:
                return match.end()
    return None


def _reason(error: json.JSONDecodeError) -> str:
    return f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
