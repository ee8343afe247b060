"""The authors of a Garuda result, as journals fill them in.

`Family, Given` with a comma is divided there. Nothing else is: many Indonesians have one name, or
several of which none is a family name, so `Rizkika Dwi` stays one literal. Open Journal Systems
demands a family name, and what people type to satisfy it is taken away again (`Minollah -`,
`Florenly, Florenly -`, `, Hasanuddin`); so are student numbers and degrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from refman.model import Name
from refman.text.markup import plain_text, strip_markup
from refman.text.word_lists import word_list

__all__ = ["Authors", "looks_like_authors", "looks_like_name", "read_authors"]


_MOST = 2_000
_LONGEST = 300
_STUDENT_NUMBER = re.compile(
    r"\(?\b(?:NIM|NPM|NRP|NIP|NIDN)\b\.?\s?[:.]?\s?[A-Z]{0,3}[\d.\-/]{4,24}\)?[,.]?", re.IGNORECASE
)
_DEGREE = re.compile(
    r"(?:(?:S|M|A|D|Sp|Ph|Dr|Dipl|B|Amd|A\.Md|Ns|Apt|Bd|St|Grad)\.\s?[A-Z][A-Za-z.]{0,8}|"
    r"(?:MKM|MPH|MPd|MSi|MSc|MA|MM|MH|MT|MBA|MHum|MKes|MKep|SH|SE|SPd|SKM|SKep|SSi|ST|SKom|"
    r"MKom|LLM|PhD|Ph\.?D|MD|BSc|BA|Ners|Ns|Apt|Dr|Prof|Ir|DEA|AK|CA|SpA|SpOG|SpPD|Drs|Dra|Hj)"
    r"\.?)(?:\s?\([A-Za-z.]{1,8}\))?"
)
_TITLES = re.compile(
    r"(?:(?:Prof|Dr|Drs|Dra|Ir|Ns|apt|Assoc)\b\.?,?\s+|(?:Prof|Dr|Ir)\.\s?)++(?=\S)", re.IGNORECASE
)
_EDGES = " \t,;\"'“”*_–—-"
_NO_NAME = word_list(
    """
    the of and in on for to with from by at as an is are between among against through toward using
    effect study analysis case based review approach model system development evaluation dan di pada
    dengan untuk dalam terhadap dari yang sebagai oleh melalui tentang berbasis antara menggunakan
    pengaruh hubungan analisis studi kasus tahun kota kabupaten desa provinsi siswa masyarakat
    abstract abstrak keywords universitas university jurnal journal vol volume no nomor learning
    method methods indonesia malaysia sekolah kelas guru pembelajaran penerapan implementasi
    kecamatan hukum pendidikan kesehatan ekonomi islam strategi peran upaya model metode media
    """
)
_PARTICLES = frozenset(
    ("bin", "binti", "van", "von", "der", "den", "de", "la", "al", "el", "ibn", "ibnu")
)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_]*(?:[-'’`][^\W\d_]+)*\.?(?:[^\W\d_]\.)*")


@dataclass(frozen=True, slots=True)
class Authors:
    """Names in order; `guessed` where any of them was changed or could not be divided."""

    names: tuple[Name, ...] = ()
    guessed: bool = False


def read_authors(texts: list[str]) -> Authors:
    """Read authors, one or several (with `;`) in each text."""
    names: list[Name] = []
    guessed = False
    for text in texts:
        for part in text.split(";")[:_MOST]:
            name, inferred = _read_name(part)
            if name is not None and len(names) < _MOST:
                names.append(name)
                guessed = guessed or inferred
            elif part.strip(_EDGES):
                guessed = True
    return Authors(tuple(names), guessed)


def looks_like_authors(text: str) -> bool:
    """Whether a line can be nothing but authors: `Family, Given`, or names with `;` between."""
    parts = [part for part in text[:20_000].split(";") if part.strip(_EDGES)]
    if not parts or not all(looks_like_name(part) for part in parts):
        return False
    if len(parts) > 1:
        return True
    return "," in text or text.rstrip().endswith((";", "-"))


def looks_like_name(text: str) -> bool:
    """Whether a text could be one person's name: a few words, each with a capital, none common."""
    text = _clean(text[:_LONGEST])
    words = [word for word in text.replace(",", " ").split() if word not in ("-", "–")]
    if not 1 <= len(words) <= 7 or text.count(",") > 3:
        return False
    for word in words:
        key = word.casefold().strip(".")
        if key in _NO_NAME:
            return False
        if not _NAME_WORD.fullmatch(word) and not _DEGREE.fullmatch(word):
            return False
        if not word[0].isupper() and key not in _PARTICLES and word[0].isascii():
            return False
    return True


def _clean(text: str) -> str:
    text = _STUDENT_NUMBER.sub(" ", strip_markup(text))
    return plain_text(text).strip(_EDGES)


def _read_name(text: str) -> tuple[Name | None, bool]:
    """One name, and whether it is anything but what the text says."""
    given_as = plain_text(strip_markup(text[: 4 * _LONGEST]))
    cleaned = _clean(given_as)[:_LONGEST]
    changed = cleaned != given_as
    without_title = _TITLES.sub("", cleaned, count=1) if _TITLES.match(cleaned) else cleaned
    parts = [part.strip(_EDGES) for part in without_title.split(",")]
    kept = [part for part in parts if part and any(char.isalpha() for char in part)]
    kept = kept[:1] + [part for part in kept[1:] if not _DEGREE.fullmatch(part)]
    changed = changed or without_title != cleaned or len(kept) != len(parts)
    if not kept:
        return None, changed
    cased = [_in_ordinary_case(part) for part in kept] if _is_shouted(" ".join(kept)) else kept
    changed = changed or cased != kept
    if len(cased) == 2:
        family, given = cased
        if family.casefold() == given.casefold():
            return Name(literal=given), True
        return Name(family=family, given=given), changed
    whole = ", ".join(cased)
    # `Florenly - Florenly`: one name, typed twice.
    halves = [half.strip(_EDGES) for half in re.split(r"\s[-–]+\s", whole)]
    if len(halves) == 2 and halves[0].casefold() == halves[1].casefold():
        whole = halves[0]
    return Name(literal=whole), True


def _is_shouted(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return len(letters) >= 4 and not any(char.islower() for char in letters)


def _in_ordinary_case(name: str) -> str:
    """A name out of capitals, which its initials and numerals keep."""
    words = []
    for position, word in enumerate(name.split(" ")):
        if position and word.casefold() in _PARTICLES:
            words.append(word.lower())
        elif re.fullmatch(r"[IVX]{2,4}", word) or "." in word[:-1] or len(word) == 1:
            words.append(word)
        else:
            words.append(
                re.sub(r"[^\W\d_]+", lambda match: match[0][0] + match[0][1:].lower(), word)
            )
    return " ".join(words)
