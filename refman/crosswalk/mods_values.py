"""The kinds of value in a MODS record: titles, parts, places, amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from refman.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_pmcid,
    parse_pmid,
)
from refman.text.xml_elements import attribute, child, child_text, children, marked, text

_ISBN = re.compile(r"(?:\d[\s-]?){9}(?:\d[\s-]?){3}[\dX]|(?:\d[\s-]?){9}[\dX]", re.IGNORECASE)
_ISSN = re.compile(r"\d{4}\s?-?\s?\d{3}[\dX]", re.IGNORECASE)
_PAGES_IN_ALL = re.compile(
    r"(\d{1,5})\s?(?:p|pp|pages?|s|S|Seiten|p[áa]g(?:inas?|s)?|pagine|hlm|hal|halaman|blz|str)\b\.?"
)
"""In English, German, French, Spanish, Italian, Indonesian, Dutch and Slavonic catalogues."""
_PAGES_OF_PART = re.compile(
    r"\bp(?:ages?|p)?\.?\s{1,4}([a-z]?\d{1,6}\s?[-–]\s?[a-z]?\d{1,6})", re.IGNORECASE
)
_VOLUMES = re.compile(r"(\d{1,4})\s{1,4}(?:v|vols?|volumes?|scores?|sound|video)\b", re.IGNORECASE)
_SIZE = re.compile(r"[\d/ x×]{1,20}(?:cm|mm|m|in|ft)\b\.?")

DETAILS = {
    "volume": "volume", "issue": "issue", "number": "issue", "section": "section",
    "chapter": "chapter_number", "report number": "number", "article": "number",
    "edition": "edition", "paper": "section",
}  # fmt: skip
"""The types of `<detail>`, and their fields."""


class Amount(NamedTuple):
    """What an extent says in words: `vii, 322 p. : ill. ; 23 cm + 1 CD`."""

    pages_in_all: str | None
    pages: str | None
    volumes: str | None
    size: str | None


def read_amount(extent: str) -> Amount:
    """The numbers in an extent, which ISBD parts by `:`, `;` and `+`."""
    amount, _, rest = extent[:1000].partition(";")
    amount = amount.partition(":")[0].partition("+")[0]
    size = _SIZE.search(rest)
    pages_in_all, pages, volumes = (
        match.group(1) if (match := pattern.search(amount)) is not None else None
        for pattern in (_PAGES_IN_ALL, _PAGES_OF_PART, _VOLUMES)
    )
    return Amount(pages_in_all, pages, volumes, size.group().strip() if size is not None else None)


def serial_number(kind: str, said: str) -> str:
    """The ISBN or ISSN in a text with more in it (`0801486394 (pbk.)`); else the text."""
    match = (_ISBN if kind == "isbn" else _ISSN).search(said)
    raw = match.group() if match is not None else said
    return (parse_isbn(raw) if kind == "isbn" else parse_issn(raw)) or raw


def read_identifier(kind: str, said: str) -> tuple[str, str | None]:
    """The field that an identifier of some type belongs to, and its value there, if it has one."""
    if kind == "doi":
        return "DOI", parse_doi(said) or said
    if kind in ("pmid", "pubmed"):
        return "PMID", parse_pmid(said)
    if kind in ("pmc", "pmcid"):
        return "PMCID", parse_pmcid(said)
    if kind == "arxiv":
        return "arXiv", parse_arxiv(said)
    if kind in ("uri", "hdl") and "doi.org/" in said:
        return "DOI", parse_doi(said)
    return "", None


def title_of(info: etree._Element, *, whole: bool = True) -> str:
    """`nonSort` title: `subTitle`. `partNumber`: `partName`."""
    found = {name: marked(child(info, name)) for name in ("nonSort", "title", "subTitle")}
    title = found["title"].rstrip(" :/") if found["subTitle"] else found["title"]
    title = ": ".join(part for part in (title, found["subTitle"]) if part)
    if found["nonSort"]:
        glue = "" if found["nonSort"].endswith(("'", "’", "-")) else " "
        title = f"{found['nonSort']}{glue}{title}"
    part = ": ".join(
        filter(None, (marked(child(info, name)) for name in ("partNumber", "partName")))
    )
    if part and whole:
        title = f"{title.removesuffix('.')}. {part}" if title else part
    return title.removesuffix(" /")


def detail_number(part: etree._Element | None, kind: str) -> str:
    """The number in a part's detail of some kind, or of none."""
    for detail in children(part, "detail"):
        if attribute(detail, "type") in (kind, ""):
            return child_text(detail, "number")
    return ""


def places(origin: etree._Element) -> Iterable[str]:
    """Places in words; a code of MARC's list of countries is none."""
    terms = [term for place in children(origin, "place") for term in children(place, "placeTerm")]
    found = (text(term) for term in terms if attribute(term, "type") != "code")
    return filter(None, dict.fromkeys(found))
