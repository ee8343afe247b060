"""Blocks of a BibTeX file that belong to no entry, kept beside one and written back.

In `Description.extra` they bear the name of their block with its `@`, which no field has;
`after` is added where the block stood after the entry and not before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from refman.model import Extra
from refman.text.latex_math import is_balanced

COMMENT = "@comment"
PREAMBLE = "@preamble"
STRING = "@string"
TEXT = "@text"
"""What lies between entries and is no block at all."""
_AFTER = " after"
_NAMES = frozenset((COMMENT, PREAMBLE, STRING, TEXT))

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0\ufdd1\ud800-\udfff]")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
_BLOCK = re.compile(r"\n[ \t]*@")
_DEFINITION = re.compile(r"[A-Za-z][\w:.+/*-]{0,200} = (\{.*\})", re.DOTALL)


def is_kept_block(name: str) -> bool:
    """Whether an extra of this name is a block and no field."""
    return name[:1] == "@" and name.removesuffix(_AFTER) in _NAMES


def kept_extras(
    format_name: str, before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]] = ()
) -> list[Extra]:
    """Blocks, each a name and its content, as extras; macros that follow each other as one."""
    named = [(name, _clean(text)) for name, text in before]
    named += [(name + _AFTER, _clean(text)) for name, text in after]
    extras: list[Extra] = []
    for name, group in groupby((pair for pair in named if pair[1]), key=itemgetter(0)):
        texts = [text for _, text in group]
        if name.startswith(STRING):
            texts = ["\n".join(texts)]
        extras += [Extra(format_name, name, text) for text in texts]
    return extras


def write_kept(extras: Iterable[Extra]) -> tuple[list[str], list[str]]:
    """The blocks to write before an entry, and those to write after it.

    None of them can be taken for an entry, or end in the middle of one.
    """
    before: list[str] = []
    after: list[str] = []
    for extra in extras:
        name = extra.name.removesuffix(_AFTER)
        value = _clean(extra.value)
        texts = value.split("\n") if name == STRING else [value]
        blocks = filter(None, (_block(name, text) for text in texts))
        (before if name == extra.name else after).extend(blocks)
    return before, after


def is_definition(block: str) -> bool:
    """Whether a written block is one that says nothing new when it comes again."""
    return block.startswith((STRING, PREAMBLE))


def _block(name: str, text: str) -> str:
    if not text:
        return ""
    if name == TEXT:
        # BibTeX takes every @ for the beginning of an entry, wherever it stands, and biber warns
        # of what is no comment.
        lines = text.replace("@", "(at)").split("\n")
        return "\n".join(line if line[:1] in ("%", "") else f"% {line}" for line in lines)
    if not is_balanced(text):
        text = text.replace("{", "(").replace("}", ")")
    text = _BLOCK.sub("\n (at)", text)
    if text.startswith("@"):
        text = f"(at){text[1:]}"
    if name == PREAMBLE and _is_group(text):
        return f"{PREAMBLE}{{{text}}}"
    definition = _DEFINITION.fullmatch(text) if name == STRING else None
    if definition is not None and _is_group(definition.group(1)):
        return f"{STRING}{{{text}}}"
    return f"{COMMENT}{{{text}}}"


def _is_group(text: str) -> bool:
    """Whether a text is one group in braces."""
    return text[:1] == "{" and text[-1:] == "}" and is_balanced(text[1:-1])


def _clean(text: str) -> str:
    """Text without control characters, in NFC, its lines as they are but for blanks at their ends.

    A backslash at the very end would escape the brace after it.
    """
    text = _TRAILING.sub("", _CONTROL.sub("", text)).strip().rstrip("\\").rstrip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)
