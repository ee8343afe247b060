"""Lists of names in one text, as databases, tables and pages write them.

`Dwi, Rizkika; Budi, A.`, `Govil N., Sharma A.`, `JA Smith, B Jones…`, `Smith, J., & Doe, A. B.`,
`Gottfried Vossen and Mathias Weske`, `Ani|Budi`. Semicolons, bars and line breaks part names for
certain; a comma may part two names or the two halves of one, so what only commas part is judged by
the look of all the pieces, and told as unsure where that does not settle it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refman.model.name import Name
from refman.text.markup import unescape
from refman.text.names import MAX_NAME, OTHERS, parse_name

MAX_NAMES = 20_000
"""Most names that are taken out of one text."""

_SURE = re.compile(r"[;|\n\u2022\uff1b]")
_AND = re.compile(r",?\s+(?:and|AND|und|dan|et)\s+(?!al\b)|,?\s+&\s+")
_COMMA = re.compile(r"\s*[,\uff0c\u3001]\s*")
_IDENTIFIER = re.compile(r"\s*[(\[]\s*(?:\d{5,20}|\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*[)\]]\s*$")
_INITIALS = re.compile(
    r"(?:[^\W\d_]\.[\s-]?){1,6}|[A-ZÀ-ÖØ-Þ]{1,3}|(?:[A-ZÀ-ÖØ-Þ]\.?[\s-]){1,5}[A-ZÀ-ÖØ-Þ]\.?"
)
_STOPPED = re.compile(r"\b[A-Z]{2,3}\.$")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:et\.?\s?al|others|and others|dkk|dll|u\.\s?a|\[?…\]?|\.\.\.)\.?", re.IGNORECASE
)
_CUT = re.compile(r"\s*(?:…|\.\.\.)\s*$|,?\s+(?:et\s?al|dkk)\.?\s*$", re.IGNORECASE)


class NameList(NamedTuple):
    """Names in their order, and whether it is certain where one ends and the next begins."""

    names: tuple[Name, ...]
    sure: bool


def parse_name_list(text: str) -> NameList:
    """The names in a text.

    `et al.`, `dkk.` and a closing ellipsis become `OTHERS` at the end. Numbers in parentheses
    behind a name (Scopus's author identifiers) are taken off. Nothing is raised; a text that is
    longer than names are is one literal.
    """
    text = (unescape(text) if "&" in text else text).strip(" \t\n,;|")
    if not text:
        return NameList((), sure=True)
    cut = _CUT.search(text[-40:])
    if cut is not None:
        text = text[: len(text) - len(cut.group())].rstrip(" ,;")
    pieces: Sequence[str]
    if _SURE.search(text):
        pieces, sure = _SURE.split(text)[:MAX_NAMES], True
    elif len(text) > 50 * MAX_NAME:
        return NameList((Name(literal=text),), sure=False)
    else:
        pieces, sure = _by_commas(text)
    names: list[Name] = []
    for piece in pieces:
        name = parse_cell_name(piece)
        if name is not None:
            names.append(name)
    if cut is not None and names and names[-1] is not OTHERS:
        names.append(OTHERS)
    return NameList(tuple(names), sure)


def parse_cell_name(text: str) -> Name | None:
    """One name, also as `Govil N.` or `van Berg JA`; None where there is none."""
    text = " ".join(_IDENTIFIER.sub("", text[: 2 * MAX_NAME]).split()).strip(" ,")
    if not text or not any(char.isalpha() for char in text):
        return OTHERS if text in ("…", "...") else None
    if _OTHERS.fullmatch(text):
        return OTHERS
    family, space, last = text.rpartition(" ")
    if space and "," not in text and _ends_in_initials(family, last):
        return parse_name(f"{family}, {last}")
    return parse_name(text)


def _ends_in_initials(family: str, last: str) -> bool:
    """Whether the family name stands first: `Govil N.`, but not `J. A. B.` or `Paul II`."""
    if _SUFFIX.fullmatch(last) or not _INITIALS.fullmatch(last):
        return False
    first = family.split(" ", 1)[0]
    return len(first) > 1 and not _INITIALS.fullmatch(first) and len(first.rstrip(".")) > 1


def _by_commas(text: str) -> tuple[Sequence[str], bool]:
    """The names of a text without any sure separator."""
    if _STOPPED.search(text):
        text = text[:-1]
    parts = [part for part in _AND.split(text) if part and part.strip(" ,")]
    if len(parts) > 1 and not any("," in part for part in parts):
        return parts, True
    pieces = [piece for part in parts for piece in _COMMA.split(part) if piece]
    if len(pieces) > MAX_NAMES:
        return [text], False
    if len(pieces) < 2:
        return pieces, True
    if all(map(_is_shortened, pieces)):
        return pieces, True
    pairs = _pairs(pieces)
    if pairs is not None:
        return pairs, True
    if len(pieces) > len(parts) > 1 and all(part.count(",") == 1 for part in parts):
        # `Smith, John and Doe, Jane`
        return parts, True
    if len(pieces) == 3 and len(parts) == 1 and _SUFFIX.fullmatch(pieces[-1]):
        return [text], True
    if len(pieces) == 2 and len(parts) == 1:
        return _two(text, pieces)
    # Whole names follow one another, or single words of which nobody knows what they are.
    return pieces, all(" " in piece for piece in pieces)


def _two(text: str, pieces: Sequence[str]) -> tuple[Sequence[str], bool]:
    """`Dwi, Rizkika` is one, `Ani Budi, Citra Dewi` are two."""
    first, second = pieces
    if " " in first and " " in second and not first[0].islower():
        return pieces, False
    sure = " " not in first or _INITIALS.fullmatch(second) is not None
    return [text], sure


def _pairs(pieces: Sequence[str]) -> list[str] | None:
    """`Smith, J., Doe, A. B.`: a family name and initials by turns; None where it is not so."""
    found: list[str] = []
    index = 0
    while index + 1 < len(pieces):
        family, given = pieces[index], pieces[index + 1]
        if _INITIALS.fullmatch(family) or not _INITIALS.fullmatch(given):
            return None
        index += 2
        name = f"{family}, {given}"
        if index < len(pieces) and _SUFFIX.fullmatch(pieces[index]):
            name += f", {pieces[index]}"
            index += 1
        found.append(name)
    return found if index == len(pieces) else None


def _is_shortened(piece: str) -> bool:
    """`Govil N.` or `JA Smith`: a name whole in itself, with initials on one of its sides."""
    words = piece.split()
    if len(words) < 2:
        return False
    return _INITIALS.fullmatch(words[-1]) is not None or _INITIALS.fullmatch(words[0]) is not None
