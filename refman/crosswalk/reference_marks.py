"""What a reference marks as an identifier or an address, taken out of its line.

DOI, PMID, PMCID, arXiv, ISBN, ISSN and URL, with the words that introduce them and the date of
access; the text that is left holds names, title and place only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from refman.model.identifier import (
    DOI_PATTERN,
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_pmcid,
    parse_pmid,
)
from refman.text.addresses import is_resolver, page_address
from refman.text.dates import read_date

_DOI_LEAD = re.compile(
    r"(?:(?:Available (?:at|from|online)|Retrieved from|URL|Crossref|CrossRef)\s{0,2}:?\s{0,2})?"
    r"[\[(<]?(?:https?://(?:[\w-]{1,30}\.){1,4}\w{2,10}/(?:doi/)?(?:abs/|full/|pdf/|epdf/)?"
    r"|(?:https?://)?(?:dx\.)?doi\.org/|(?:digital object identifier|doi|DOI|Doi)\s{0,2}"
    r"[:.]?\s{0,2}"
    r"(?:https?://(?:dx\.)?doi\.org/)?)?\s?$",
    re.IGNORECASE,
)
_BROKEN_DOI = re.compile(r"(https?://(?:dx\.)?doi\.org/|\b(?:doi|DOI)\s?:?\s?10\.\d{4,9}/) (?=\S)")
_URL = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"“”]{3,1500}>?")
_URL_LEAD = re.compile(
    r"(?:,\s?)?(?:[\[(]?(?:Available(?: online| at| from)?|Retrieved(?: \w{1,10} \d{1,2}, \d{4},)"
    r"?(?: from)?|Accessed"
    r"|URL|Online|Web|In Internet|Tersedia(?: pada| di)?|Diakses(?: dari)?|Link)[\])]?"
    r"\s{0,2}:?\s{0,2}){1,3}$",
    re.IGNORECASE,
)
_ACCESSED = re.compile(
    r"[\[(]?\b(?:(?:Last )?[Aa]ccessed|[Rr]etrieved|[Vv]iewed|[Cc]ited|Diakses|[Cc]onsulted"
    r"|Zugriff am)\b"
    r"(?: (?:on|at|pada|tanggal))?\s{0,2}:?\s{0,2}"
    r"(?P<date>\d{1,2}(?:st|nd|rd|th)?[ -][^\W\d]{3,9}\.?,?[ -]\d{4}|[^\W\d]{3,9}\.?"
    r" \d{1,2},? \d{4}"
    r"|\d{4} [^\W\d]{3,9}\.?(?: \d{1,2})?|[^\W\d]{3,9}\.? \d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{4}"
    r"|\d{4}-\d\d-\d\d)"
    r"[\])]?[.,;]?"
)
_PMID = re.compile(r"[\[(;]?\s?(?:PubMed\s{0,2})?PMID\s{0,2}:?\s{0,2}(\d{1,9})\b[\]).;,]{0,2}")
_PMCID = re.compile(
    r"[\[(;]?\s?(?:PubMed Central(?: PMCID)?|PMCID)\s{0,2}:?\s{0,2}(PMC\d{1,9})\b[\]).;,]{0,2}"
    r"|[;,]\s?(PMC\d{5,9})\b[.;,]{0,2}"
)
_ARXIV = re.compile(
    r"(?:arXiv (?:e-?prints?|preprint),?\s{0,2})?(?:arXiv|ArXiv|arxiv)\s{0,2}:\s{0,2}"
    r"((?:\d{4}\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?)\s?(?:\[[\w.-]{2,20}\])?"
)
_ISBN = re.compile(
    r"\(?\bISBN(?:-1[03])?\s{0,2}:?\s{0,2}((?:97[89][- ]?)?[\d][\d -]{7,14}[\dXx])\b\)?[.,;]?"
)
_ISSN = re.compile(r"\(?\bISSN\s{0,2}:?\s{0,2}(\d{4}-?\d{3}[\dXx])\b\)?[.,;]?")
_LABELS = re.compile(
    r"\[?\b(?:Online|online|Electronic version|Crossref|CrossRef|PubMed|Google Scholar"
    r"|Web of Science|Scopus|MathSciNet|Zbl|"
    r"ADS|CAS|Medline|MEDLINE)\]|\[(?:Internet|Online|online|e-?[Bb]ook|PDF|serial online)\]"
)
_LONE_DOTS = re.compile(r"(?:\.? \.){1,4}(?= |$)")
_NOTES = re.compile(
    r"(?:[. ] ?\[?(?:Epub(?: ahead of print)?(?: \d{4}[^.\[\]]{0,20})?|pii: \S{1,40}|e?Collection"
    r" \d{4}[^.]{0,20}"
    r"|Print \d{4}[^.]{0,20}|Review|Clinical Trial|Comment|Letter|Editorial|No abstract available"
    r"|(?:Erratum|Comment|Update) (?:in|on|of|for): ?.{1,200}"
    r"|English|Spanish|French|German|Italian|Portuguese|Russian|Chinese|Japanese|Polish|Turkish"
    r"|Dutch|Korean"
    r"|Indonesian|Danish|Swedish|Norwegian|Czech|Hungarian|Persian|Hebrew|Multiple languages)"
    r"\]?\.?){1,6}$"
)
"""What PubMed adds behind a reference."""
_BROKEN_MARK = re.compile(
    r"[\s,;.(\[]{0,4}(?:\bPubMed )?\bdoi\s?:[^“”:]{0,60}$"
    r"|[.;] (?:[Dd]iscussion [\w–-]{1,12}|Published online [^.]{4,30})\.?$",
    re.IGNORECASE,
)
"""A DOI that a line's end or a blank has cut, and what journals add behind the pages."""
_OPENS = {")": "(", "]": "["}
_DANGLING = re.compile(
    r"[\s,;:(\[]{0,4}(?:\b(?:doi|DOI|Doi|URL|Available(?: at| from| online)?|Retrieved from|from"
    r"|DOI Link)\b\s{0,2}:?\s{0,2}){1,2}[.\s\])]{0,3}$"
)


@dataclass(slots=True)
class Marked:
    """The text without its marks, and what they said: fields of `Description`."""

    text: str
    fields: dict[str, Any] = field(default_factory=dict)


def take_marks(text: str) -> Marked:
    """Take the identifiers and addresses out of one line."""
    marked = Marked(text)
    if "10." in text:
        _take_doi(marked)
    if "PMC" in text or "PMID" in text:
        _take(marked, _PMID, "PMID", parse_pmid)
        _take(marked, _PMCID, "PMCID", parse_pmcid)
    if "rxiv" in text.lower():
        _take(marked, _ARXIV, "arXiv", parse_arxiv)
    if "ISBN" in text:
        _take(marked, _ISBN, "ISBN", parse_isbn, listed=True)
    if "ISSN" in text:
        _take(marked, _ISSN, "ISSN", parse_issn, listed=True)
    _take_accessed(marked)
    if "://" in text or "www." in text:
        _take_url(marked)
    if "[" in text:
        marked.text = _LABELS.sub(" ", marked.text)
    for _ in range(2):
        marked.text = _BROKEN_MARK.sub("", marked.text.rstrip())
    if marked.fields:
        marked.text = _DANGLING.sub("", marked.text.rstrip())
    text = " ".join(marked.text.split())
    marked.text = _NOTES.sub(".", _LONE_DOTS.sub(".", text)) if marked.fields else text
    return marked


def _take_doi(marked: Marked) -> None:
    text = _BROKEN_DOI.sub(r"\1", marked.text)
    match = DOI_PATTERN.search(text)
    if match is None:
        return
    doi = parse_doi(match.group())
    if doi is None:
        return
    lead = _DOI_LEAD.search(text[max(0, match.start() - 120) : match.start()])
    length = lead.end() - lead.start() if lead is not None else 0
    before = text[: match.start() - length]
    after = text[match.start() + len(doi) :]
    marked.fields["DOI"] = doi
    marked.text = f"{before.rstrip(' ,;([')} {after.lstrip(')]>')}"


def _take(
    marked: Marked, pattern: re.Pattern[str], name: str, parse: Any, *, listed: bool = False
) -> None:
    match = pattern.search(marked.text)
    if match is None:
        return
    value = parse(next(group for group in match.groups() if group))
    if value is None:
        return
    marked.fields[name] = (value,) if listed else value
    marked.text = f"{marked.text[: match.start()]} {marked.text[match.end() :]}"


def _take_accessed(marked: Marked) -> None:
    match = _ACCESSED.search(marked.text)
    if match is None:
        return
    read = read_date(match["date"])
    if read is None or not read.whole or read.date.year is None:
        return
    marked.fields["accessed"] = read.date
    marked.text = f"{marked.text[: match.start()].rstrip(' ,;')} {marked.text[match.end() :]}"


def _address(text: str) -> str:
    """An address without what the sentence around it left at its end."""
    text = text.strip("<>").rstrip(".,;")
    while text.endswith((")", "]")) and text.count(text[-1]) > text.count(_OPENS[text[-1]]):
        text = text[:-1].rstrip(".,;")
    return text


def _take_url(marked: Marked) -> None:
    for match in reversed(list(_URL.finditer(marked.text))[:20]):
        found = _address(match.group())
        address = page_address(found if "://" in found else f"http://{found}")
        if address is not None and not is_resolver(address):
            marked.fields["URL"] = address
        start = match.start()
        lead = _URL_LEAD.search(marked.text[max(0, start - 80) : start])
        if lead is not None:
            start -= lead.end() - lead.start()
        rest = marked.text[match.start() + match.group().find(found) + len(found) :].lstrip(
            ">)].,; "
        )
        marked.text = f"{marked.text[:start]} {rest}"
