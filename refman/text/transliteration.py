"""Any script as ASCII, by the habit of the language where that has one.

A letter means another thing in another language: `ä` is `ae` to a German and `a` to a Finn, `г` is
`g` in Russian and `h` in Ukrainian. Where the language is not known, letters lose their marks.
Chinese characters are read as Mandarin, in works of every language.
"""

from __future__ import annotations

import unicodedata

_LETTERS: dict[str, dict[str, str]] = {
    "de": {"ä": "ae", "ö": "oe", "ü": "ue"},
    "da": {"å": "aa", "ø": "oe", "æ": "ae"},
    # South Slavs write đ as dj; Vietnamese, who have the letter too, as d.
    "hr": {"đ": "dj"},
    # The transliteration that Ukraine uses in passports since 2010.
    "uk": {"г": "h", "ґ": "g", "и": "y", "є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia",
           "х": "kh", "щ": "shch", "ь": "", "’": ""},
    # The streamlined system of Bulgaria, and the Latin letters of Serbia and North Macedonia.
    "bg": {"щ": "sht", "ъ": "a", "х": "h", "ц": "ts", "й": "y", "ь": "y", "ю": "yu", "я": "ya"},
    "sr": {"ђ": "dj", "ж": "z", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "х": "h", "ц": "c",
           "ч": "c", "џ": "dz", "ш": "s", "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "đ": "dj"},
}  # fmt: skip
_SAME = {"ge": "de", "no": "da", "nb": "da", "nn": "da", "bs": "hr", "mk": "sr"}
_LANGUAGES = {
    "german": "de", "deutsch": "de", "ngerman": "de", "danish": "da", "norwegian": "no",
    "croatian": "hr", "bosnian": "bs", "ukrainian": "uk", "bulgarian": "bg", "serbian": "sr",
    "macedonian": "mk", "english": "en", "french": "fr", "spanish": "es", "portuguese": "pt",
    "italian": "it", "dutch": "nl", "swedish": "sv", "finnish": "fi", "polish": "pl",
    "czech": "cs", "russian": "ru", "chinese": "zh", "japanese": "ja", "korean": "ko",
    "arabic": "ar", "turkish": "tr", "indonesian": "id", "malay": "ms", "vietnamese": "vi",
}  # fmt: skip


def _both_cases(letters: dict[str, str]) -> dict[int, str]:
    capitals = {letter.upper(): plain.capitalize() for letter, plain in letters.items()}
    return str.maketrans(capitals | letters)


_TABLES = {language: _both_cases(letters) for language, letters in _LETTERS.items()}


def language_code(language: str | None) -> str:
    """The two letters of a language that is given as a tag or by its English name, else nothing."""
    if not language:
        return ""
    folded = language.strip().lower()
    return _LANGUAGES.get(folded, folded[:2])


def to_ascii(text: str, language: str | None = None) -> str:
    """The text in ASCII letters, with the capitals that it has. Surrogates are left out."""
    if text.isascii():
        return text
    from anyascii import anyascii  # noqa: PLC0415  (most texts are ASCII)

    text = unicodedata.normalize("NFC", text)
    code = language_code(language)
    table = _TABLES.get(_SAME.get(code, code))
    if table is not None:
        text = text.translate(table)
    return anyascii("".join(char for char in text if not "\ud800" <= char <= "\udfff"))
