"""What is on a Garuda page besides the results: buttons, counts, pagers, headings."""

from __future__ import annotations

import re
from enum import Enum

__all__ = ["Kind", "doi_of_links", "kind_of", "publisher_of"]


class Kind(Enum):
    """What a line of a pasted page is."""

    BLANK = "blank"
    TEXT = "text"
    PUBLISHER = "publisher"
    LINKS = "links"
    ABSTRACT = "abstract"
    FURNITURE = "furniture"


_PUBLISHER = re.compile(r"(?:Publisher|Penerbit)\s?:\s?(?P<name>.*)", re.IGNORECASE)
_ABSTRACT = re.compile(r"(?:Abstract|Abstrak)\s?:?", re.IGNORECASE)
_DOI = re.compile(r"\bDOI\s?:\s?(?P<doi>[^|]*)", re.IGNORECASE)
_LABELS = re.compile(
    r"(?:Show|Hide)\s?Abstract|Download\s?Original|Original\s?Source|Check\s?in\s?Google\s?Scholar|"
    r"Full\s?PDF(?:\s?\(\s?[\d.,]*\s?[KMG]?i?B?(?:ytes)?\s?\))?|\(\s?[\d.,]+\s?[KMG]i?B\s?\)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s|•·,;/–—-]*")
_EXACT = frozenset(
    (
        "claim missing document", "check", "articles", "search", "home", "publishers", "journals",
        "authors", "subjects", "reset", "filter by year", "filter", "title", "author", "publisher",
        "journal", "documents", "document", "login", "register", "about", "about us", "contact",
        "faq", "all", "next", "previous", "prev", "first", "last", "garuda", "subject", "doi",
        "garba rujukan digital", "garuda - garba rujukan digital", "show more", "sort by",
        "by title", "by abstract", "by author", "by doi", "show all", "advance", "advanced search",
        "hide abstract", "select all", "export", "cite", "share", "co-authors", "affiliation",
    )
)  # fmt: skip
_PATTERNS = re.compile(
    r"found\s[\d.,]+\sdocuments?|page\s\d+\sof\s[\d.,]+\b.*|total\srecords?\s?:.*|"
    r"search\s.{0,300},\s?by\s(?:title|abstract|author|doi)s?|"
    r"(?:[\d\s.…«»‹›<>|→←]|next|prev(?:ious)?|first|last)++|"
    r"(?:copyright\b|©|\(c\)\s\d{4}).{0,200}|kementerian\s.{0,200}(?:©|\(c\)|20\d\d).{0,40}|"
    r"[-=_*~•·\s]{3,}|filter\sby\syear\b.{0,100}|https?://garuda\.\S{1,300}",
    re.IGNORECASE,
)
_LONGEST = 400
_HALF_A_LABEL = 25


def kind_of(text: str) -> Kind:
    """What a line is, by itself. It is expected without blanks at its ends, and on one line."""
    if not text:
        return Kind.BLANK
    if len(text) > _LONGEST:
        return Kind.TEXT
    if _PUBLISHER.fullmatch(text):
        return Kind.PUBLISHER
    if _ABSTRACT.fullmatch(text):
        return Kind.ABSTRACT
    if _is_links(text):
        return Kind.LINKS
    if text.casefold() in _EXACT or _PATTERNS.fullmatch(text):
        return Kind.FURNITURE
    return Kind.TEXT


def publisher_of(text: str) -> str:
    """The name on a publisher line, which may be empty."""
    match = _PUBLISHER.fullmatch(text)
    return match["name"].strip() if match else ""


def doi_of_links(text: str) -> str:
    """What stands behind `DOI:` in a row of links."""
    match = _DOI.search(text)
    return _LABELS.sub(" ", match["doi"]).strip() if match else ""


def _is_links(text: str) -> bool:
    """Whether a line holds labels of the row of links, and nothing else."""
    without_doi = _DOI.sub("", text, count=1)
    if without_doi != text and "|" not in text and not _LABELS.search(without_doi):
        # `DOI: 10.…` alone; a sentence that begins with it is text.
        return not without_doi.strip() and len(doi_of_links(text).split()) <= 4
    rest, count = _LABELS.subn("", without_doi)
    if not count and without_doi == text:
        return False
    if _BETWEEN.fullmatch(rest):
        return True
    # A row that was broken inside a label keeps half of it.
    return "|" in text and len(rest.replace("|", "").strip()) <= _HALF_A_LABEL
