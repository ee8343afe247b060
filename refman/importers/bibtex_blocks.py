"""BibTeX files cut into entries: bounded in memory, line by line, whatever their state.

bibtexparser does the parsing proper, a piece of the file at a time. A piece ends where a line
begins a new block; there its splitter starts afresh too, whatever came before, so no entry is read
differently than if it had had the whole file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)

from refman.crosswalk.bibtex_dates import MACROS
from refman.importers.bibtex_kept import Keeper
from refman.importers.bibtex_splitter import Splitter

PIECE = 256 * 1024
"""Characters after which a piece is cut at the next block."""
LONGEST_PIECE = 16 * 1024 * 1024
"""Characters after which a piece is cut at any line, for what does not look like BibTeX."""
MAX_RAW = 64 * 1024
MAX_HELD = 100
"""Blocks held back until it is known whether the file goes on."""
MAX_MACROS = 10_000
MAX_MACRO = 16 * 1024
"""Longest text, in characters, that a macro may stand for, and that joining may make of macros."""

# The parser's warnings are our Problems; without a handler Python would print them.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

_BEGUN = re.compile(r"Unexpected block start: `(@\w{1,40})")
_NO_ENTRY = "only comments and definitions, and no entry that they could be kept with"
_BLOCK_START = re.compile(r"\s*@\w*[ \t]*[{(]")
_KEY_WITH_BRACES = re.compile(r"\s*@(\w+)[ \t]*[{(]([^,=\n]{0,500}?[{}][^,=\n]{0,500}),")
_NO_KEY = re.compile(r"\s*@(\w+)[ \t]*[{(](?=\s*\w+\s*=)")
_MISSING_COMMA = re.compile(r"(?<=[}\"0-9])(?=[^\S\n]*\n)\s+([A-Za-z][\w-]*)\s*=\s*(?=[{\"0-9])")
_ESCAPED_BREAK = re.compile(r"(?<!\\)\\\\(?=[{}])")
_TOKEN = re.compile(r'\s*(?:(#)|(["{])|([^\s#"{},]+))')


@dataclass(slots=True)
class RawEntry:
    """An entry with its macros resolved: its fields as the file has them, without enclosure."""

    line: int
    entry_type: str
    key: str
    fields: list[tuple[str, str]]
    remarks: list[str]
    raw: str
    before: list[tuple[str, str]] = field(default_factory=list)
    """What stands before it and is no entry: names of blocks, and their content."""
    after: list[tuple[str, str]] = field(default_factory=list)
    """The same, at the end of the file."""


@dataclass(slots=True)
class Broken:
    """A block that is no entry."""

    line: int
    reason: str
    raw: str


def read_blocks(lines: Iterable[str]) -> Iterator[RawEntry | Broken]:
    """The entries of a file in order, with 1-based lines, each with what stands before it.

    `@string` macros hold from where they are defined; months are predefined. What stands after the
    last entry comes with that; where there is none at all, as a `Broken`.
    """
    macros = {name: name for name in MACROS}
    keeper = Keeper()
    last: RawEntry | None = None
    held: list[RawEntry | Broken] = []
    for first_line, text in _pieces(lines):
        for block in _read_piece(text, first_line, macros, keeper):
            if isinstance(block, RawEntry):
                if keeper.is_cut:
                    block.remarks.append("what stands before it in the file is too long to keep")
                block.before = keeper.take()
                last = block
                yield from held
                held = []
            elif len(held) > MAX_HELD:
                yield from held
                held = []
            held.append(block)
    line, kept = keeper.first_line, keeper.take()
    if last is not None and last in held:
        last.after = kept
    elif line is not None:
        raw = "\n".join(text for _, text in kept)[:MAX_RAW]
        held.append(Broken(line, _NO_ENTRY, raw))
    yield from held


def _pieces(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    piece: list[str] = []
    size = 0
    first = 1
    for line in lines:
        if size >= PIECE and (
            size >= LONGEST_PIECE or ("@" in line and _BLOCK_START.match(line) is not None)
        ):
            yield first, "".join(piece)
            first += len(piece)
            piece = []
            size = 0
        piece.append(line)
        size += len(line)
    if piece:
        yield first, "".join(piece)


def _read_piece(
    text: str, first_line: int, macros: dict[str, str], keeper: Keeper
) -> Iterator[RawEntry | Broken]:
    if "@" not in text:
        keeper.text(text, first_line)
        return
    text = _mend_backslashes(text)
    starts: list[int] = []
    blocks = Splitter(text).split().blocks
    previous: Block | None = None
    for number, found in enumerate(blocks):
        block: Block | None = found
        if isinstance(found, (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)):
            block = found.ignore_error_block
        if isinstance(block, Entry):
            yield _entry(block, first_line, macros)
        elif isinstance(block, ParsingFailedBlock):
            starts = starts or _line_starts(text)
            raw = _whole_block(block, _next_line(blocks, number), text, starts)
            yield _rescue(block, raw, first_line, macros)
        elif block is not None and not (
            # What lies behind a broken block belongs to it.
            isinstance(block, ImplicitComment) and isinstance(previous, ParsingFailedBlock)
        ):
            keeper.add(block, first_line + (block.start_line or 0), partial(resolve, macros=macros))
        if isinstance(block, String):
            _define(block, macros)
        previous = block


def _mend_backslashes(text: str) -> str:
    """A blank after each backslash that bibtexparser would take to escape what it does not.

    To BibTeX a brace is a brace after two backslashes too, and a line ends after one.
    """
    if "\\\n" in text:
        text = text.replace("\\\n", "\\ \n")
    if "\\\\}" in text or "\\\\{" in text:
        text = _ESCAPED_BREAK.sub(r"\\\\ ", text)
    return text


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _entry(block: Entry, first_line: int, macros: dict[str, str]) -> RawEntry:
    fields: list[tuple[str, str]] = []
    remarks: list[str] = []
    for found in block.fields:
        value: str = found.value
        if value[:1] == "{" and value.find("{", 1) < 0 and value.find("}") == len(value) - 1:
            fields.append((found.key, value[1:-1]))
        else:
            _add_field(found.key, value, macros, fields, remarks)
    line = first_line + (block.start_line or 0)
    return RawEntry(line, block.entry_type, block.key, fields, remarks, block.raw or "")


def _add_field(
    name: str,
    value: str,
    macros: dict[str, str],
    fields: list[tuple[str, str]],
    remarks: list[str],
) -> None:
    """Add a field, and those that follow in its value for want of a comma."""
    while True:
        missing = _MISSING_COMMA.search(value) if "=" in value else None
        if missing is not None:
            text, remark = resolve(value[: missing.start()], macros)
            if remark is None:
                fields.append((name, text))
                remarks.append(f"a comma is missing after the field {name}")
                name, value = missing.group(1), value[missing.end() :]
                continue
        text, remark = resolve(value, macros)
        fields.append((name, text))
        if remark:
            remarks.append(f"{name}: {remark}")
        return


def _define(block: String, macros: dict[str, str]) -> None:
    name = block.key.lower()
    # However a style spells January, `jan` is the first month.
    if name not in MACROS and (name in macros or len(macros) < MAX_MACROS):
        macros[name] = resolve(block.value, macros)[0][:MAX_MACRO]


def resolve(value: str, macros: dict[str, str]) -> tuple[str, str | None]:
    """The text of a value: `{…}`, `"…"`, a number or a macro, or several joined with `#`.

    The second part says in words what was wrong with it; then the text is kept all the same.
    """
    pieces: list[str] = []
    remark = None
    position = length = 0
    joined = True
    while position < len(value):
        found = _TOKEN.match(value, position)
        if found is None:
            break
        joiner, opening, word = found.groups()
        position = found.end()
        if joiner:
            joined = True
            continue
        if not joined:
            return _unenclosed(value), "parts of the value are not joined with #"
        joined = False
        if word:
            text = word if word.isdecimal() else macros.get(word.lower(), "")
            if not text and word.lower() not in macros:
                text = word
                remark = f"the macro {word} is not defined"
        else:
            end = _end_of_string(value, position, closing="}" if opening == "{" else '"')
            if end < 0:
                return _unenclosed(value), "the value is not closed"
            text = value[position:end]
            position = end + 1
        length += len(text)
        if length > MAX_MACRO and pieces:
            return "".join(pieces), "the value is too long; its end was cut off"
        pieces.append(text)
    rest = value[position:].strip()
    if rest:
        return _unenclosed(value), "the value has something after its end"
    return "".join(pieces), remark


_STRING_SIGN = re.compile(r'(?<!\\)[{}]|"')


def _end_of_string(value: str, start: int, closing: str) -> int:
    depth = 0
    for match in _STRING_SIGN.finditer(value, start):
        sign = match.group()
        if depth == 0 and sign == closing:
            if closing == '"' and match.start() and value[match.start() - 1] == "\\":
                continue
            return match.start()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
    return -1


def _unenclosed(value: str) -> str:
    text = value.strip()
    if text[:1] == "{" and text[-1:] == "}":
        return text[1:-1]
    return text.strip('"')


def _rescue(
    block: ParsingFailedBlock, raw: str, first_line: int, macros: dict[str, str]
) -> RawEntry | Broken:
    """What can be read of a block that the parser gave up.

    An entry whose key holds braces is read with the key freed of them, one without a key as such.
    """
    line = first_line + (block.start_line or 0)
    mended = remark = ""
    key = _KEY_WITH_BRACES.match(raw)
    if key is not None:
        bare = key.group(2).replace("{", "").replace("}", "")
        mended = f"@{key.group(1)}{{{bare},{raw[key.end() :]}"
        remark = "the key has braces in it; they were left out"
    elif (start := _NO_KEY.match(raw)) is not None:
        mended = f"@{start.group(1)}{{,{raw[start.end() :]}"
        remark = "the entry has no key"
    blocks = Splitter(mended).split().blocks if mended else []
    entry = blocks[0] if blocks else None
    if isinstance(entry, DuplicateFieldKeyBlock):
        entry = entry.ignore_error_block
    if isinstance(entry, Entry):
        found = _entry(entry, line, macros)
        found.line = line
        found.raw = raw
        found.remarks.append(remark)
        return found
    reason = str(getattr(block.error, "abort_reason", "") or block.error)
    return Broken(line, _in_words(reason), raw)


def _next_line(blocks: Sequence[Block], number: int) -> int | None:
    """The line on which the next block begins that is more than what lies between blocks."""
    for block in blocks[number + 1 : number + 3]:
        if not isinstance(block, ImplicitComment):
            return block.start_line
    return None


def _whole_block(
    block: ParsingFailedBlock, next_line: int | None, text: str, starts: list[int]
) -> str:
    """The text of a block up to the next one; the parser kept only what it had understood."""
    raw = (block.raw or "")[:MAX_RAW]
    line = block.start_line or 0
    if next_line is not None and next_line <= line:
        return raw.rstrip()
    start = max(text.find(raw[:200], starts[line]), starts[line])
    end = len(text) if next_line is None else starts[next_line]
    return text[start : min(end, start + MAX_RAW)].rstrip()


def _in_words(reason: str) -> str:
    """The parser's reason as half a sentence on one line, in words of those who write the files."""
    if begun := _BEGUN.match(reason):
        return (
            f"a brace or a quotation mark is not closed before the next entry ({begun[1]}) begins"
        )
    if reason.startswith("Unexpectedly reached end of file"):
        return "a brace or a quotation mark is not closed before the file ends"
    words = " ".join(reason.split()).rstrip(". ")
    return words[:1].lower() + words[1:300]
