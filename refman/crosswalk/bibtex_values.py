"""Single values of BibTeX fields, each read and written."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from refman.model.identifier import parse_doi, parse_isbn, parse_issn, parse_pmcid, parse_pmid
from refman.text.latex import clean, decode, encode
from refman.text.latex_math import is_balanced

_ESCAPED = re.compile(r"\{?\\([_%&#~])\}?")
_RISKY = re.compile(r"\\(?:[{}\\]|\Z)")
_URL_COMMAND = re.compile(r"\\url\s*\{([^{}\s]+)\}|(https?://[^\s{}\\]+)")
_HREF = re.compile(
    r"\\(?:url|path|nolinkurl)\s*\{([^{}\s]+)\}|\\href\s*\{([^{}\s]+)\}\s*\{[^{}]*\}|"
    r"\\texttt\s*\{([^{}\s]+)\}"
)
_DASHES = re.compile(r"\s*(?:[-‐‑‒–—−]+)\s*")
_PAGES = re.compile(r"[\w.:]+-[\w.:]+(?:, ?[\w.:]+(?:-[\w.:]+)?)*")
_NUMBERS = re.compile(r"\d+-\d+", re.ASCII)
_LIST = re.compile(r"[,;]")
_BRACES = re.compile(r"[{},;]")
_ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b", re.ASCII)
_ISBN = re.compile(r"\b(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dXx]\b", re.ASCII)
_LABEL_WORDS = """
    print printed online electronic issn eissn pissn isbn e p pbk hbk pb hb paperback hardcover
    hardback cloth ebook linking cd rom softcover pdf epub and alk paper
"""
_LABELS = frozenset(_LABEL_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
_LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB",
    "ukenglish": "en-GB", "german": "de", "ngerman": "de", "french": "fr", "francais": "fr",
    "spanish": "es", "italian": "it", "portuguese": "pt", "brazilian": "pt-BR", "dutch": "nl",
    "russian": "ru", "polish": "pl", "swedish": "sv", "danish": "da", "norwegian": "no",
    "finnish": "fi", "czech": "cs", "turkish": "tr", "japanese": "ja", "chinese": "zh",
    "korean": "ko", "arabic": "ar", "indonesian": "id", "bahasa indonesia": "id", "malay": "ms",
    "vietnamese": "vi", "thai": "th", "greek": "el", "hungarian": "hu", "ukrainian": "uk",
}  # fmt: skip

_BABEL = {tag: name for name, tag in reversed(_LANGUAGES.items()) if " " not in name}
_BABEL["de"] = "ngerman"
"""The first name of each language, and German in its present spelling."""


def read_verbatim(raw: str) -> str:
    """A value that is no LaTeX: an address, a number. Escapes that only LaTeX needs are undone."""
    text = clean(raw)
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def write_verbatim(text: str, *, unicode: bool = True) -> str:
    """A value that is no LaTeX; what would unbalance the file is percent-encoded.

    In ASCII, so is every other character (RFC 3987).
    """
    text = clean(text)
    if "\\" in text or "{" in text or "}" in text:
        risky = _RISKY.search(text) is not None or not is_balanced(text)
        if risky or read_verbatim(text) != text:
            text = text.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
    return text if unicode or text.isascii() else quote(text, safe=string.punctuation + " ")


def read_doi(raw: str) -> str:
    """A DOI in whatever form; what is none stays as it came."""
    text = read_verbatim(raw)
    link = _HREF.fullmatch(text) if "\\" in text else None
    if link is not None:
        text = link.group(1) or link.group(2) or link.group(3)
    return parse_doi(text) or text


def read_url(raw: str) -> str:
    """An address, also where a command or braces hold it."""
    text = read_verbatim(raw)
    while text[:1] == "{" and text[-1:] == "}" and is_balanced(text[1:-1]):
        text = text[1:-1].strip()
    command = _HREF.fullmatch(text) if text[:1] == "\\" else None
    return (command.group(1) or command.group(2) or command.group(3)) if command else text


def read_pmid(raw: str) -> str:
    """A PubMed number; what is none stays as it came."""
    return parse_pmid(raw) or read_verbatim(raw)


def read_pmcid(raw: str) -> str:
    """A PubMed Central number, `PMC…`; what is none stays as it came."""
    text = read_verbatim(raw)
    return parse_pmcid(f" {text}") or text


def read_pages(raw: str) -> str:
    """Pages with a plain hyphen between them, as in CSL: `123-130`."""
    text = raw if raw.isascii() and "\\" not in raw and "{" not in raw else decode(raw)
    return _DASHES.sub("-", clean(text))


def write_pages(text: str, *, unicode: bool) -> str:
    """Pages with BibTeX's double hyphen: `123--130`."""
    text = clean(text)
    if not _PAGES.fullmatch(text):
        return encode(text, unicode=unicode)
    return "--".join(encode(number, unicode=unicode) for number in text.split("-"))


def read_number(raw: str) -> str:
    """A volume or number; a range has a plain hyphen."""
    text = decode(raw)
    return _DASHES.sub("-", text) if "–" in text or "—" in text else text


def write_number(text: str, *, unicode: bool) -> str:
    """A volume or number; a range of plain numbers has a double hyphen."""
    return text.replace("-", "--") if _NUMBERS.fullmatch(text) else encode(text, unicode=unicode)


def read_keywords(raw: str) -> tuple[str, ...]:
    """Keywords, parted by semicolons if there is one outside braces, else by commas."""
    simple = "{" not in raw
    parts = raw.split(";" if ";" in raw else ",") if simple else _split_keywords(raw)
    words = (decode(part) for part in parts)
    return tuple(dict.fromkeys(word for word in words if word))


def _split_keywords(raw: str) -> list[str]:
    separators: dict[str, list[int]] = {",": [], ";": []}
    depth = 0
    for match in _BRACES.finditer(raw):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            separators[sign].append(match.start())
    cuts = separators[";"] or separators[","]
    starts = [0, *(cut + 1 for cut in cuts)]
    return [raw[start:end] for start, end in zip(starts, [*cuts, len(raw)])]


def write_keywords(words: tuple[str, ...], *, unicode: bool) -> str:
    """Keywords with commas between; one that holds a comma or semicolon is put in braces."""
    written = (encode(word, unicode=unicode).replace("\n", " ") for word in words)
    words = tuple(dict.fromkeys(word for word in written if word))
    return ", ".join(f"{{{word}}}" if _LIST.search(word) else word for word in words)


@lru_cache(maxsize=4096)
def read_issns(raw: str) -> tuple[str, ...]:
    """The ISSNs of a field, normalised; one with a wrong check digit as it came."""
    return _read_many(raw, _ISSN, parse_issn)


def read_isbns(raw: str) -> tuple[str, ...]:
    """The ISBNs of a field, without hyphens; one with a wrong check digit as it came."""
    return _read_many(raw, _ISBN, parse_isbn)


def _read_many(
    raw: str, pattern: re.Pattern[str], parse: Callable[[str], str | None]
) -> tuple[str, ...]:
    text = decode(raw)
    whole = parse(text)
    if whole is not None:
        return (whole,)
    found: list[str] = []
    for piece in _LIST.split(text):
        matches = [match.group() for match in pattern.finditer(piece)]
        rest = pattern.sub(" ", piece).lower()
        valid = [number for match in matches if (number := parse(match)) is not None]
        if (
            matches
            and len(valid) == len(matches)
            and all(word in _LABELS for word in _WORD.findall(rest))
        ):
            found += valid
        elif piece.strip():
            found.append(piece.strip())
    return tuple(dict.fromkeys(found))


def write_many(values: tuple[str, ...], *, unicode: bool = True) -> str:
    """Identifiers with commas between."""
    written = (encode(value, unicode=unicode) for value in values)
    return ", ".join(dict.fromkeys(text for text in written if text))


@lru_cache(maxsize=1024)
def read_language(raw: str) -> str:
    """A language tag; babel's and English names are known, others stay as they came."""
    text = decode(raw)
    return _LANGUAGES.get(text.lower(), text)


def write_language(tag: str) -> str | None:
    """The name that babel has for a language, if it is read back as that tag."""
    return _BABEL.get(tag)


def url_alone(raw: str) -> str | None:
    """The address in a `howpublished` that holds nothing else: `\\url{…}`."""
    match = _URL_COMMAND.fullmatch(raw.strip().rstrip("."))
    return (match.group(1) or match.group(2)) if match else None
