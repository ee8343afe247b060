"""Reads LaTeX in the small dialect of bibliographies: one pass, no recursion, nothing lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from refman.text.latex_math import express, is_balanced
from refman.text.latex_tables import (
    ACCENTS,
    DISCARDED,
    RAW_ARGUMENT,
    SWITCHES,
    WRAPPERS,
    symbol,
)

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters that stand for the braces around protected text while it is worked on."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\[\s\S]|[{}$~]|-{2,3}|``|''|[^\\{}$~`'\-]+|[\s\S]")
_FORMULA = re.compile(r"\$([^$\\]*(?:\\[\s\S][^$\\]*)*)\$(?!\d)")
_BRACES = re.compile(r"\\[\s\S]|[{}]")
_BLANKS = re.compile(r"[ \t\n]*")
_LIGATURES = {"~": "\u00a0", "--": "–", "---": "—", "``": "“", "''": "”"}
_BASES = {"ı": "i", "ȷ": "j"}

_Change = Callable[[str], str]


class _Frame:
    """A group that is being read: what came before it is waiting for its end."""

    __slots__ = ("changes", "closing", "opening", "pieces", "protects", "source")

    def __init__(self, source: str, changes: list[tuple[str, _Change]], *, protects: bool) -> None:
        self.source = source
        self.changes = changes
        self.protects = protects
        self.pieces: list[str] = []
        self.opening = ""
        self.closing = ""


def scan(text: str, *, mark_braces: bool) -> str:
    """Decode LaTeX. With `mark_braces`, plain groups come out between `OPEN` and `CLOSE`."""
    return _Scanner(text, mark_braces=mark_braces).run()


class _Scanner:
    def __init__(self, text: str, *, mark_braces: bool) -> None:
        self.text = text
        self.mark_braces = mark_braces
        self.position = 0
        self.frames = [_Frame("", [], protects=False)]
        self.pending: list[tuple[str, _Change]] = []
        self.ends: dict[int, int] | None = None

    def run(self) -> str:
        text = self.text
        match = _TOKEN.match
        while self.position < len(text):
            found = match(text, self.position)
            assert found is not None
            piece = found.group()
            start = self.position
            self.position = found.end()
            self.read(piece, start)
        while len(self.frames) > 1:
            self.leave_unclosed()
        self.flush_pending()
        frame = self.frames[0]
        return "".join(frame.pieces) + frame.closing

    def read(self, piece: str, start: int) -> None:
        if piece == "{":
            self.enter()
        elif piece == "}":
            self.leave()
        elif piece[0] == "\\" and len(piece) > 1:
            self.command(piece, start)
        elif piece == "$":
            self.formula(start)
        elif piece in _LIGATURES:
            self.emit(_LIGATURES[piece])
        else:
            self.plain(piece)

    def plain(self, piece: str) -> None:
        if self.pending:
            piece = piece.lstrip(" \t\n")
            if not piece:
                return
            self.emit(piece[0])
            piece = piece[1:]
        self.frames[-1].pieces.append(piece)

    def emit(self, text: str) -> None:
        """Add what one command or character set, as the argument of a command that waits."""
        while self.pending:
            text = self.pending.pop()[1](text)
        self.frames[-1].pieces.append(text)

    def flush_pending(self) -> None:
        if self.pending:
            self.frames[-1].pieces.extend(source for source, _ in self.pending)
            self.pending = []

    def enter(self) -> None:
        protects = not self.pending and self.text[self.position : self.position + 1] != "\\"
        self.frames.append(_Frame("{", self.pending, protects=protects))
        self.pending = []

    def leave(self) -> None:
        self.flush_pending()
        if len(self.frames) == 1:
            self.frames[0].pieces.append("}")
            return
        frame = self.frames.pop()
        text = "".join(frame.pieces) + frame.closing
        if frame.protects and self.mark_braces and text:
            text = f"{OPEN}{text.replace(OPEN, '').replace(CLOSE, '')}{CLOSE}"
        self.pending = frame.changes
        self.emit(text)

    def leave_unclosed(self) -> None:
        self.flush_pending()
        frame = self.frames.pop()
        sources = "".join(source for source, _ in frame.changes)
        text = "".join(frame.pieces) + frame.closing
        self.frames[-1].pieces.append(f"{sources}{{{text}")

    def formula(self, start: int) -> None:
        found = _FORMULA.match(self.text, start)
        if found is None or not _is_formula(found.group(1)):
            self.emit("$")
            return
        self.position = found.end()
        text = express(found.group(1))
        self.emit(found.group() if text is None else text)

    def command(self, piece: str, start: int) -> None:
        name = piece[1:].rstrip("*") or piece[1:]
        if name in ACCENTS:
            self.accent(piece, name)
        elif name in WRAPPERS:
            before, after = WRAPPERS[name]
            self.pending.append((piece, lambda text: f"{before}{text}{after}"))
        elif name in SWITCHES:
            self.skip_blanks()
            before, after = SWITCHES[name]
            frame = self.frames[-1]
            frame.pieces.append(before)
            frame.closing = after + frame.closing
        elif name in RAW_ARGUMENT or name in DISCARDED or name in ("ensuremath", "symbol"):
            self.raw_argument(piece, name)
        elif name == "(" or (text := symbol(name)) is None:
            self.keep(start)
        else:
            if name.isalpha():
                self.skip_blanks()
            self.emit(text)

    def accent(self, piece: str, name: str) -> None:
        mark = ACCENTS[name]
        if name.isalpha():
            following = self.text[self.position : self.position + 1]
            if following not in ("{", " ", "\\", "\t", "\n"):
                self.keep(self.position - len(piece))
                return
        bare = mark if name.isalpha() else name
        self.pending.append((piece, lambda text: _set_accent(text, mark) or bare))

    def skip_blanks(self) -> None:
        found = _BLANKS.match(self.text, self.position)
        assert found is not None
        self.position = found.end()

    def group_end(self, start: int) -> int | None:
        """Where the group that opens at `start` has its closing brace."""
        if self.ends is None:
            self.ends = {}
            opened: list[int] = []
            for found in _BRACES.finditer(self.text):
                if found.group() == "{":
                    opened.append(found.start())
                elif found.group() == "}" and opened:
                    self.ends[opened.pop()] = found.start()
        return self.ends.get(start)

    def raw_argument(self, piece: str, name: str) -> None:
        start = self.position - len(piece)
        end = self.group_end(self.position)
        if end is None:
            self.keep(start)
            return
        content = self.text[self.position + 1 : end]
        self.position = end + 1
        if name in DISCARDED:
            self.skip_blanks()
        elif name == "ensuremath":
            text = express(content)
            self.emit(f"${content}$" if text is None else text)
        elif name == "symbol":
            self.emit(_character(content) or f"\\symbol{{{content}}}")
        else:
            self.emit(content)

    def keep(self, start: int) -> None:
        """Keep a command that we do not know, with its arguments, as it is written."""
        end = self.position
        while end < len(self.text):
            if self.text[end] == "{":
                close = self.group_end(end)
            elif self.text[end] == "[":
                close = self.text.find("]", end, end + 200)
                close = close if close >= 0 else None
            else:
                break
            if close is None:
                break
            end = close + 1
        self.position = end
        self.emit(self.text[start:end])


def _is_formula(content: str) -> bool:
    bare = content.strip()
    if not bare or not is_balanced(content):
        return False
    # Two sums of money are more likely than a formula with blanks at its ends and no command.
    return len(bare) == len(content) or any(sign in content for sign in "\\^_")


def _set_accent(text: str, mark: str) -> str:
    if not text:
        return ""
    end = 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return _BASES.get(text[0], text[0]) + text[1:end] + mark + text[end:]


def _character(number: str) -> str | None:
    if not number.isascii() or not number.isdecimal() or len(number) > 7:
        return None
    code = int(number)
    if code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or code in (0xFDD0, 0xFDD1):
        return None
    return chr(code)
