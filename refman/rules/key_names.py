"""The name that a person or an organisation gives to a citation key."""

from __future__ import annotations

import re

from refman.model import NAME_FIELDS, Description, Name, stated
from refman.rules.key_words import (
    CHINESE_DOUBLE_NAMES,
    KOREAN_DOUBLE_NAMES,
    ORGANISATION_WORDS,
    STOP_WORDS,
    VIETNAMESE_FAMILY_NAMES,
)
from refman.text.transliteration import to_ascii

MAX_TEXT = 400
"""How much of a name is looked at; a key needs no more."""

_WORD = re.compile(r"[A-Za-z0-9]+")
_BRACKETED = re.compile(r"\(([A-Z][A-Z0-9-]{1,11})\)")
_VIETNAMESE = re.compile(r"[ơưđăƠƯĐĂ\u1ea0-\u1ef9]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,4}")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,4}")
_APOSTROPHES = str.maketrans("‘’ʼʻ′‐‑–", "'''''---")


def plain(text: str, language: str | None) -> str:
    """ASCII, with the apostrophes and hyphens of typography as those of a typewriter."""
    return text if text.isascii() else to_ascii(text.translate(_APOSTROPHES), language)


def people(description: Description) -> tuple[Name, ...]:
    """Those that a work is known by: its authors, else its editors, else those of the book."""
    return description.author or description.editor or description.container_author


def creators(description: Description, kind: str = "*") -> tuple[Name, ...]:
    """The creators of a kind; of any kind, those that come first among all."""
    if kind == "author":
        return description.author
    if kind == "editor":
        return description.editor or description.collection_editor
    if kind == "translator":
        return description.translator
    others = (names for role, names in stated(description) if role in NAME_FIELDS)
    first = description.author or creators(description, "editor") or description.translator
    return first or next(others, ())


def is_organisation(literal: str, language: str | None) -> bool:
    """Whether a name that was not split has a word that no person is called by."""
    words = plain(literal.partition(",")[0] or literal, language).lower().replace("'", "")
    return not ORGANISATION_WORDS.isdisjoint(_WORD.findall(words))


def word_of_person(literal: str, language: str | None) -> str:
    """The word by which a person is known whose name was not split, in ASCII.

    It is the last, titles and degrees behind a comma left aside; but the first of a Vietnamese
    name, and of one in Chinese characters or Hangul the family name that begins it. A Japanese
    name is taken whole: nothing tells where its family name ends.
    """
    name = (literal.partition(",")[0] or literal).strip()
    if _HAN.fullmatch(name) and (language or "")[:2].lower() not in ("ja", "jp"):
        name = name[: 2 if name[:2] in CHINESE_DOUBLE_NAMES and len(name) > 2 else 1]
    elif _HANGUL.fullmatch(name):
        name = name[: 2 if name[:2] in KOREAN_DOUBLE_NAMES and len(name) > 2 else 1]
    elif _VIETNAMESE.search(name) or (language or "")[:2].lower() == "vi":
        first = to_ascii(name.split(maxsplit=1)[0]) if name else ""
        if first.lower() in VIETNAMESE_FAMILY_NAMES:
            return first
    words: list[str] = _WORD.findall(plain(name, language).replace("'", ""))
    return next((word for word in reversed(words) if len(word) > 1), words[-1] if words else "")


def initials_of_organisation(literal: str, language: str | None) -> str:
    """The acronym that an organisation has in brackets, else its initials.

    Of two words or fewer it is the first one that tells. The letters are in capitals where they
    are an acronym.
    """
    acronym = _BRACKETED.search(literal)
    if acronym is not None:
        return acronym.group(1).replace("-", "")
    text = plain(literal.partition(",")[0] or literal, language).replace("'", "")
    words: list[str] = _WORD.findall(text)
    telling = [word for word in words if word.lower() not in STOP_WORDS] or words
    if len(telling) >= 3:
        return "".join(word[0].upper() for word in telling)[:12]
    return telling[0] if telling else ""


def initials(name: Name, *, every: bool) -> str:
    """The first letters of the given names, or of the first one."""
    given = plain((name.given or "")[:MAX_TEXT], None)
    capitals = [char for char in given if char.isupper()]
    found = capitals or [word[0].upper() for word in _WORD.findall(given)]
    return "".join(found if every else found[:1])
