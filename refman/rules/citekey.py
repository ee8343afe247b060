"""Citation keys: made from a description, or brought by an entry.

A key made by the usual template is ASCII, lower case, letters and digits only:
`dwi2021effectiveness` for the first author's family name, the year and the first word of the title
that means something, the order of Better BibTeX's default. Templates may also be formulas of
Better BibTeX (`refman.rules.key_formula`) and patterns of JabRef (`refman.rules.key_pattern`).
`docs/citation-keys.md` gives all the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container
from functools import lru_cache

from refman.model import Description, Name
from refman.rules.key_names import (
    MAX_TEXT,
    initials_of_organisation,
    is_organisation,
    people,
    plain,
    word_of_person,
)
from refman.rules.key_template import MAX_TEMPLATE, fault
from refman.rules.key_words import STOP_WORDS
from refman.text.markup import strip_markup

DEFAULT = "{auth}{year}{title}"
"""The template of keys where the user names no other."""
MAX_LENGTH = 250
"""The longest key that BibTeX programs are known to bear."""

_MAX_PART = 40
_FALLBACK = "work"

_FIELD = re.compile(r"\{(\w{1,20})(?::([1-9]))?\}")
_NOTATION = re.compile(r"[\[{('\"]")
_LITERAL = re.compile(r"[A-Za-z0-9_:.+/-]*")
_WORD = re.compile(r"[a-z0-9]+")
_JOINER = re.compile(r"(?<=[a-z0-9])['`-](?=[a-z0-9])")
_ELISION = re.compile(r"\b(?:[ldsnmtjc]|qu|dell|nell|sull|all|un)'(?=[a-z0-9])")
_UNSAFE = re.compile(r"[\s,{}\"'#%~\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_Part = Callable[[Description, int], str]


def make_key(description: Description, template: str = DEFAULT) -> str:
    """The key that a template gives for a description.

    Where it gives none, or nothing but punctuation, the key is the work's DOI or another
    identifier, else `work`.

    A template is text with fields in braces: `{auth}` the first author's (else editor's) family
    name, `{auths:2}` those of the first two, `{year}`, `{yy}` its last two digits, `{title}` and
    `{title:3}` the first words of the title that are no stop words, `{journal}` the initials of
    the journal's. Or it is a formula of Better BibTeX, or a pattern of JabRef in square brackets.
    Raises `UsageError`, which shows the place, for any other.
    """
    made = _reader(template)(description)[:MAX_LENGTH]
    if made.strip("_:.+/-"):
        return made
    return _identifier(description) or _FALLBACK


def check_template(template: str) -> None:
    """Raises `UsageError`, which shows the place, for a template that cannot be read."""
    _reader(template)


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
def _reader(template: str) -> Callable[[Description], str]:
    """What makes a key by a template. The first sign that means something tells the notation."""
    if len(template) > MAX_TEMPLATE:
        raise fault(template, MAX_TEMPLATE, f"it has more than {MAX_TEMPLATE} characters")
    sign = _NOTATION.search(template)
    if sign is not None and sign.group() == "{":
        return _of_parts(template)
    # Loaded here, for the usual template needs neither.
    if sign is not None and sign.group() == "[":
        from refman.rules.key_pattern import parse_pattern  # noqa: PLC0415

        return parse_pattern(template).key
    from refman.rules.key_formula import parse_formula  # noqa: PLC0415

    return parse_formula(template).key


def _of_parts(template: str) -> Callable[[Description], str]:
    pieces: list[tuple[str, _Part | None, int]] = []
    position = 0
    for match in _FIELD.finditer(template):
        pieces.append((_literal(template, position, match.start()), None, 0))
        part = _PARTS.get(match.group(1))
        if part is None:
            known = f"There are {', '.join(sorted(_PARTS))}."
            raise fault(template, match.start(1), f"there is no part {match.group(1)!r}", known)
        pieces.append(("", part, int(match.group(2) or 1)))
        position = match.end()
    pieces.append((_literal(template, position, len(template)), None, 0))
    compiled = tuple(piece for piece in pieces if piece[0] or piece[1])

    def make(description: Description) -> str:
        return "".join(
            [piece if part is None else part(description, count) for piece, part, count in compiled]
        )

    return make


def _literal(template: str, start: int, end: int) -> str:
    text = template[start:end]
    match = _LITERAL.match(text)
    if match is not None and match.end() < len(text):
        raise fault(
            template,
            start + match.end(),
            f"a key cannot hold {text[match.end()]!r}",
            "Letters, digits and _:.+/- may stand in one, and parts in braces.",
        )
    return text


def _ascii(text: str, language: str | None) -> str:
    """Lower-case ASCII; other scripts are transliterated, by the language's habit if it has one."""
    return plain(text, language).lower()


def _identifier(description: Description) -> str:
    """An identifier as a key: ACM's BibTeX, for one, has DOIs for keys."""
    for name in (description.DOI, description.arXiv, description.PMCID, description.PMID):
        if name and (key := "".join(_LITERAL.findall(_ascii(name, None)))):
            return key[:MAX_LENGTH]
    return ""


def _author(description: Description, _count: int) -> str:
    names = people(description)
    return _family(names[0], description.language) if names else ""


def _authors(description: Description, count: int) -> str:
    return "".join(_family(name, description.language) for name in people(description)[:count])


def _family(name: Name, language: str | None) -> str:
    if name.literal is not None:
        return _of_literal(name.literal[:MAX_TEXT], language)
    return "".join(_WORD.findall(_ascii(name.full_family[:MAX_TEXT], language)))[:_MAX_PART]


def _of_literal(literal: str, language: str | None) -> str:
    """What a name that was not split is known by: an organisation's initials, a person's word."""
    if is_organisation(literal, language):
        found = initials_of_organisation(literal, language)
    else:
        found = word_of_person(literal, language)
    return "".join(_WORD.findall(found.lower()))[:_MAX_PART]


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
    words = _WORD.findall(_ascii(title[:MAX_TEXT], description.language))
    return "".join(word[0] for word in words if word not in STOP_WORDS)[:12]


_PARTS: dict[str, _Part] = {
    "auth": _author,
    "auths": _authors,
    "journal": _journal,
    "title": _title,
    "year": _year,
    "yy": _short_year,
}
