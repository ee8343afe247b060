"""Identifiers, normalised once on the way in.

Each `parse_…` takes text as people write it and returns the identifier in its one normal form, or
None where it is none; check digits are verified. What is invalid is for the caller to keep as it
came. A DOI is returned as registered, letter case and all; `doi_key` is what to compare.
"""

from __future__ import annotations

import re
from operator import mul
from urllib.parse import unquote

DOI_PATTERN = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+(?:<[^\s<>]*>[^\s\"<>]*)*")
"""A DOI inside running text; what follows it may still hang on its end."""

_PLAIN_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[!-~]*[0-9A-Za-z)]")
_DOI_URL = re.compile(
    r"(?:https?://)?(?:dx\.)?(?:www\.)?doi\.org/|https?://[^/\s]+/(?:doi/)?", re.IGNORECASE
)
_DOI_LABEL = re.compile(r"(?:doi|DOI|info:doi/|urn:doi:)\s*[:=]?\s*")
_DOI_WHOLE = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_TRAILING = ".,;:!?'\"»”’"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}

_ISBN_JUNK = re.compile(r"[\s\-\u2010-\u2015]")
_ARXIV = re.compile(
    r"(?:arxiv\s*:\s*|https?://arxiv\.org/(?:abs|pdf)/)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?(?:\.pdf)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)


def parse_doi(text: str) -> str | None:
    """The bare DOI in `10.1000/x`, `doi:10.1000/x`, `https://doi.org/10.1000%2Fx` and the like.

    Punctuation that a sentence left at its end is dropped, a closing bracket only where it was
    not opened inside. Returns None for anything that does not begin `10.` and have a suffix
    (ISO 26324; the prefix is that of the DOI Handbook, 2.2).
    """
    text = text.strip()
    if _PLAIN_DOI.fullmatch(text) and not text.endswith(")"):
        return text
    start = text.find("10.")
    if start < 0:
        return None
    if start > 0:
        lead = text[:start]
        if _DOI_URL.fullmatch(lead) or "doi" in lead.lower():
            text = unquote(text[start:]) if "%" in text else text[start:]
        elif lead.strip("(<[{\"' "):
            return None
        else:
            text = text[start:]
    text = _strip_end(text.strip())
    if not _DOI_WHOLE.fullmatch(text) or any(ord(char) < 32 for char in text):
        return None
    return text


def find_dois(text: str) -> list[str]:
    """The DOIs in running text, in order, each once."""
    found: dict[str, str] = {}
    for match in DOI_PATTERN.finditer(text):
        doi = parse_doi(match.group())
        if doi is not None:
            found.setdefault(doi_key(doi), doi)
    return list(found.values())


def doi_key(doi: str) -> str:
    """The form in which DOIs are compared: ASCII letters in lower case (DOI Handbook, 2.4)."""
    return doi.lower() if doi.isascii() else "".join(c.lower() if c.isascii() else c for c in doi)


def _strip_end(text: str) -> str:
    end = len(text)
    unopened: dict[str, int] = {}
    while end:
        last = text[end - 1]
        opener = _PAIRS.get(last)
        if opener:
            if last not in unopened:
                unopened[last] = text.count(last, 0, end) - text.count(opener, 0, end)
            if unopened[last] <= 0:
                break
            unopened[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return text[:end]


_ISSN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def parse_issn(text: str) -> str | None:
    """`1234-567X` with its hyphen, or None where the check digit is wrong (ISO 3297)."""
    digits = _ISBN_JUNK.sub("", text).upper().removeprefix("ISSN").strip(": ")
    if len(digits) != 8 or not digits[:7].isdecimal() or not digits.isascii():
        return None
    check = -sum(map(mul, map(int, digits[:7]), _ISSN_WEIGHTS)) % 11
    if digits[7] != ("X" if check == 10 else str(check)):
        return None
    return f"{digits[:4]}-{digits[4:]}"


def parse_isbn(text: str) -> str | None:
    """Ten or thirteen digits without hyphens, or None where the check digit is wrong (ISO 2108)."""
    digits = _ISBN_JUNK.sub("", text).upper().removeprefix("ISBN").lstrip(":")
    if not digits.isascii():
        return None
    if len(digits) == 13 and digits.isdecimal():
        total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
        return digits if total % 10 == 0 else None
    if len(digits) == 10 and digits[:9].isdecimal() and (digits[9].isdecimal() or digits[9] == "X"):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        total = sum(value * weight for value, weight in zip(values, range(10, 0, -1)))
        return digits if total % 11 == 0 else None
    return None


def isbn_key(isbn: str) -> str:
    """The thirteen-digit form of a valid ISBN, in which ISBNs are compared."""
    if len(isbn) == 13:
        return isbn
    digits = "978" + isbn[:9]
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
    return digits + str(-total % 10)


def parse_orcid(text: str) -> str | None:
    """`0000-0002-1825-0097`, also out of its URL; None for a wrong check digit (ISO 7064)."""
    match = re.search(
        r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])$", text.strip().rstrip("/"), re.ASCII
    )
    if match is None:
        return None
    digits = "".join(match.groups()).upper()
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[15] != ("X" if check == 10 else str(check)):
        return None
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def parse_pmid(text: str) -> str | None:
    """The bare number of a PubMed identifier."""
    match = re.fullmatch(
        r"(?:pmid\s*:?\s*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?(\d{1,9})/?",
        text.strip(),
        re.IGNORECASE | re.ASCII,
    )
    return match.group(1).lstrip("0") or None if match else None


def parse_pmcid(text: str) -> str | None:
    """`PMC1234567`."""
    match = re.search(r"(?:^|/|:|\s)(PMC\d{1,9})/?$", text.strip(), re.IGNORECASE | re.ASCII)
    return match.group(1).upper() if match else None


def parse_arxiv(text: str) -> str | None:
    """`2101.00001` or `hep-th/9901001`, without the version; None for anything else."""
    match = _ARXIV.fullmatch(text.strip())
    return match.group(1) if match else None
