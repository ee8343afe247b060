"""Citation keys: made from a description, or brought by an entry.

A made key is ASCII, lower case, letters and digits only: `dwi2021effectiveness` for the first
author's family name, the year and the first word of the title that means something, the order of
Better BibTeX's default. `docs/citation-keys.md` gives all the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container
from functools import lru_cache

from refman.errors import UsageError
from refman.model import Description, Name
from refman.rules.key_words import ORGANISATION_WORDS, STOP_WORDS
from refman.text.markup import strip_markup

DEFAULT = "{auth}{year}{title}"
"""The template of keys where the user names no other."""
MAX_LENGTH = 250
"""The longest key that BibTeX programs are known to bear."""

_MAX_PART = 40
_MAX_TEXT = 400
"""How much of a name is looked at; a key needs no more."""
_FALLBACK = "work"

_FIELD = re.compile(r"\{(\w{1,20})(?::([1-9]))?\}")
_LITERAL = re.compile(r"[A-Za-z0-9_:.+/-]*")
_WORD = re.compile(r"[a-z0-9]+")
_JOINER = re.compile(r"(?<=[a-z0-9])['`-](?=[a-z0-9])")
_ELISION = re.compile(r"\b(?:[ldsnmtjc]|qu|dell|nell|sull|all|un)'(?=[a-z0-9])")
_APOSTROPHES = str.maketrans("‘’ʼʻ′‐‑–", "'''''---")
_BRACKETED = re.compile(r"\(([A-Z][A-Z0-9-]{1,11})\)")
_UNSAFE = re.compile(r"[\s,{}\"'#%~\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LANGUAGE_LETTERS = {
    "de": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}),
    "da": str.maketrans({"å": "aa", "ø": "oe", "æ": "ae", "Å": "Aa", "Ø": "Oe", "Æ": "Ae"}),
}
_LANGUAGES = {"ge": "de", "no": "da", "nb": "da", "nn": "da"}

_Part = Callable[[Description, int], str]


def make_key(description: Description, template: str = DEFAULT) -> str:
    """The key that a template gives for a description.

    Where it gives none, the key is the work's DOI or another identifier, else `work`.

    A template is text with fields in braces: `{auth}` the first author's (else editor's) family
    name, `{auths:2}` those of the first two, `{year}`, `{yy}` its last two digits, `{title}` and
    `{title:3}` the first words of the title that are no stop words, `{journal}` the initials of
    the journal's. Raises `UsageError` for any other field, and for text that a key cannot hold.
    """
    return (
        "".join(
            [
                piece if part is None else part(description, count)
                for piece, part, count in _compiled(template)
            ]
        )[:MAX_LENGTH]
        or _identifier(description)
        or _FALLBACK
    )


def with_suffix(base: str, n: int) -> str:
    """The n-th key of equal base: `x`, `xa`, `xb`, … `xz`, `xaa`, …"""
    letters = ""
    while n > 0:
        n, rest = divmod(n - 1, 26)
        letters = chr(97 + rest) + letters
    return base + letters


def next_free(base: str, taken: Container[str]) -> str:
    """`base`, or `base` with the first suffix under which nothing is taken.

    Keys that differ only in letter case are one key here, since file systems and some programs
    hold them for one: `taken` is asked for the key in lower case.

    Behind the first 26 suffixes the steps widen, so that ten thousand equal keys are given out
    in reasonable time; the key found is free all the same, but may leave smaller ones unused.
    """
    n = 0
    while with_suffix(base, n).lower() in taken:
        n += 1
        if n > 26:
            return with_suffix(base, _gallop(base, taken, n))
    return with_suffix(base, n)


def is_valid_key(key: str) -> bool:
    """Whether BibTeX and LaTeX can hold the key: no blanks, commas, braces, quotes, `#%~\\`.

    Other signs are left to those who cite with them. biber refuses `()=` too.
    """
    return 0 < len(key) <= MAX_LENGTH and _UNSAFE.search(key) is None


def clean_key(key: str) -> str | None:
    """The key without what BibTeX cannot hold, at most 250 characters; None if nothing is left."""
    cleaned = _UNSAFE.sub("", unicodedata.normalize("NFC", key[: 4 * MAX_LENGTH]))
    return cleaned[:MAX_LENGTH] or None


def _gallop(base: str, taken: Container[str], n: int) -> int:
    """A free number above `n`, all of its neighbours below being taken."""
    low, step = n - 1, 1
    while with_suffix(base, low + step).lower() in taken:
        low, step = low + step, step * 2
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        if with_suffix(base, middle).lower() in taken:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=32)
def _compiled(template: str) -> tuple[tuple[str, _Part | None, int], ...]:
    pieces: list[tuple[str, _Part | None, int]] = []
    position = 0
    for match in _FIELD.finditer(template):
        pieces.append((_literal(template[position : match.start()]), None, 0))
        part = _PARTS.get(match.group(1))
        if part is None:
            raise UsageError(
                f"A citation key has no part {match.group(1)!r}.",
                f"The parts are {', '.join(sorted(_PARTS))}.",
            )
        pieces.append(("", part, int(match.group(2) or 1)))
        position = match.end()
    pieces.append((_literal(template[position:]), None, 0))
    if all(part is None for _, part, _ in pieces):
        raise UsageError(
            "A template for citation keys needs a part in braces.", f"The usual one is {DEFAULT}."
        )
    return tuple(piece for piece in pieces if piece[0] or piece[1])


def _literal(text: str) -> str:
    if _LITERAL.fullmatch(text) is None:
        raise UsageError(
            f"A citation key cannot hold {text!r}.", "Letters, digits and _:.+/- may stand in one."
        )
    return text


def _ascii(text: str, language: str | None) -> str:
    """Lower-case ASCII; other scripts are transliterated, by the language's habit if it has one."""
    if text.isascii():
        return text.lower()
    from anyascii import anyascii  # noqa: PLC0415  (most texts are ASCII)

    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    if language:
        code = language[:2].lower()
        letters = _LANGUAGE_LETTERS.get(_LANGUAGES.get(code, code))
        if letters is not None:
            text = text.translate(letters)
    plain = "".join(char for char in text if not "\ud800" <= char <= "\udfff")
    return anyascii(plain).lower()


def _identifier(description: Description) -> str:
    """An identifier as a key: ACM's BibTeX, for one, has DOIs for keys."""
    for name in (description.DOI, description.arXiv, description.PMCID, description.PMID):
        if name and (key := "".join(_LITERAL.findall(_ascii(name, None)))):
            return key[:MAX_LENGTH]
    return ""


def _author(description: Description, _count: int) -> str:
    people = _people(description)
    return _family(people[0], description.language) if people else ""


def _authors(description: Description, count: int) -> str:
    people = _people(description)[:count]
    return "".join(_family(name, description.language) for name in people)


def _people(description: Description) -> tuple[Name, ...]:
    return description.author or description.editor or description.container_author


def _family(name: Name, language: str | None) -> str:
    if name.literal is not None:
        return _of_literal(name.literal[:_MAX_TEXT], language)
    return "".join(_WORD.findall(_ascii(name.full_family[:_MAX_TEXT], language)))[:_MAX_PART]


def _of_literal(literal: str, language: str | None) -> str:
    """The last word of a person's name that was not split; of an organisation, its initials.

    An organisation is known by a word that no person is called by; if it has an acronym in
    brackets that is taken, and of two words or fewer the first.
    """
    text = _ascii(literal.partition(",")[0] or literal, language).replace("'", "")
    words: list[str] = _WORD.findall(text)
    if not words:
        return ""
    if ORGANISATION_WORDS.isdisjoint(words):
        return next((word for word in reversed(words) if len(word) > 1), words[-1])[:_MAX_PART]
    acronym = _BRACKETED.search(literal)
    if acronym is not None:
        return acronym.group(1).replace("-", "").lower()
    telling = [word for word in words if word not in STOP_WORDS] or words
    if len(telling) >= 3:
        return "".join(word[0] for word in telling)[:12]
    return telling[0][:_MAX_PART]


def _year(description: Description, _count: int) -> str:
    for date in (description.issued, description.published_print, description.published_online):
        if date is not None and date.year is not None:
            return str(abs(date.year))
    return ""


def _short_year(description: Description, count: int) -> str:
    return _year(description, count)[-2:]


def _title(description: Description, count: int) -> str:
    """The first words of the title that mean something, run together."""
    title = description.title or description.container_title
    if not title:
        return ""
    words = _title_words(title[: 80 + 80 * count], description.language)
    found: list[str] = []
    for word in words:
        if word not in STOP_WORDS:
            found.append(word[:_MAX_PART])
            if len(found) == count:
                break
    return "".join(found or words[:1])[: _MAX_PART * count]


def _title_words(title: str, language: str | None) -> list[str]:
    if "<" in title or "&" in title:
        title = strip_markup(title)
    # A long dash parts words, and would come out of the transliteration as a hyphen.
    text = _ascii(title.replace("—", " "), language)
    if "'" in text:
        text = _ELISION.sub("", text)
    return _WORD.findall(_JOINER.sub("", text))


def _journal(description: Description, _count: int) -> str:
    title = description.container_title or ""
    words = _WORD.findall(_ascii(title[:_MAX_TEXT], description.language))
    return "".join(word[0] for word in words if word not in STOP_WORDS)[:12]


_PARTS: dict[str, _Part] = {
    "auth": _author,
    "auths": _authors,
    "journal": _journal,
    "title": _title,
    "year": _year,
    "yy": _short_year,
}
