"""The numbers of one RIS record: pages, volume, serial numbers, identifiers, addresses."""

from __future__ import annotations

import re

from refman.crosswalk.ris_kinds import (
    ARTICLES,
    COUNTED,
    NUMBERED,
    TIMED,
    fields_by_tag,
)
from refman.crosswalk.ris_record import RisRecord
from refman.crosswalk.ris_values import (
    is_address,
    is_range,
    one_line,
    read_pages,
    read_serial_numbers,
    split_volume,
)
from refman.model.identifier import parse_arxiv, parse_doi, parse_pmcid, parse_pmid

_WITH_ISSN = ARTICLES | {"periodical", "dataset", "document", ""}
_ISSUE = re.compile(r"[\w./()+–-]{1,20}(?: [\w./()+–-]{1,20}){0,3}")
_BRACKETED = re.compile(r"([\w.-]{1,20})\s?\[(pmid|pmcid)\]", re.IGNORECASE)
_REFMAN_PMID = re.compile(r"PM:\s?(\d{1,9})")
_OF_PUBMED = frozenset(("U1", "U2", "AN", "C2"))
_PUBMED = frozenset(("pubmed", "medline", "nlm", "pmc"))
_DOI_LABEL = re.compile(r"\s*(?:doi\s*:|https?://(?:dx\.)?doi\.org/|10\.\d{4})", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?:)?//(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:|ftp:)?//|www\.", re.IGNORECASE)
_URL_LIST = re.compile(r"(?:;\s{0,20}|\s{1,20})(?=https?://)")


def read_identifiers(record: RisRecord) -> None:
    """DOI, addresses, and the numbers of PubMed and arXiv in all their places."""
    left = record.left
    if "DO" in left:
        given = record.first("DO")
        if given is not None:
            record.fields["DOI"] = parse_doi(given) or given
    if "UR" in left:
        _addresses(record)
    if "M1" in left:
        _arxiv(record)
    for tag in ("M3", "L3", "N1"):
        if tag in left:
            _doi_in(record, tag)
    if not _OF_PUBMED.isdisjoint(left):
        _pubmed(record)


def _addresses(record: RisRecord) -> None:
    addresses: list[str] = []
    for raw in record.left.pop("UR"):
        for part in _URL_LIST.split(raw):
            if (number := _REFMAN_PMID.fullmatch(part.strip())) is not None:
                record.fields.setdefault("PMID", number[1])
            elif text := one_line(part) if " " in part.strip() else "".join(part.split()):
                addresses.append(text)
    for address in addresses:
        if "DOI" not in record.fields and _RESOLVER.match(address):
            doi = parse_doi(address)
            if doi is not None:
                record.fields["DOI"] = doi
        if "arXiv" not in record.fields and "arxiv.org/abs/" in address:
            arxiv = parse_arxiv(address)
            if arxiv is not None:
                record.fields["arXiv"] = arxiv
    url = next((address for address in addresses if _ADDRESS.match(address)), None)
    url = url or next((address for address in addresses if is_address(address)), None)
    if url is not None:
        record.fields["URL"] = one_line("".join(url.split()))
        addresses.remove(url)
    record.keep("UR", *addresses)


def _arxiv(record: RisRecord) -> None:
    others = []
    for value in record.left.pop("M1"):
        number = parse_arxiv(value) if value.strip()[:6].lower() == "arxiv:" else None
        if number is None or record.fields.setdefault("arXiv", number) != number:
            others.append(value)
    record.keep("M1", *others)


def _doi_in(record: RisRecord, tag: str) -> None:
    """A DOI under another tag; repeated there it says nothing new."""
    values = record.left[tag]
    for value in values:
        if not _DOI_LABEL.match(value):
            continue
        doi = parse_doi(value)
        if doi is not None and " " not in doi and record.fields.get("DOI", doi) == doi:
            record.fields["DOI"] = doi
            record.left[tag] = [other for other in record.left[tag] if other is not value]


def _pubmed(record: RisRecord) -> None:
    for tag in ("U1", "U2"):
        match = _BRACKETED.fullmatch(record.peek(tag))
        if match is not None:
            _pubmed_number(record, tag, match.group(2).upper(), match.group(1))
    bases = [base.strip().lower() for tag in ("DB", "DP") for base in record.left.get(tag, ())]
    if not _PUBMED.isdisjoint(bases):
        number = record.peek("AN")
        field = "PMCID" if number.upper().startswith("PMC") else "PMID"
        if _pubmed_number(record, "AN", field, number) and bases[:1] == ["pubmed"]:
            record.first("DB")
    if "scopus" in bases and record.peek("C2").isdecimal():
        _pubmed_number(record, "C2", "PMID", record.peek("C2"))
    elif record.kind in ARTICLES and "PMCID" not in record.fields:
        _pubmed_number(record, "C2", "PMCID", record.peek("C2"))


def _pubmed_number(record: RisRecord, tag: str, field: str, text: str) -> bool:
    """Take the value of a tag if it is such a number, and no other than is known."""
    number = (parse_pmid if field == "PMID" else parse_pmcid)(text)
    if number is None or record.fields.get(field, number) != number:
        return False
    record.fields[field] = number
    record.first(tag)
    return True


def read_page_numbers(record: RisRecord) -> None:
    """`SP` and `EP`: pages, their number, or a running time."""
    if "SP" not in record.left and "EP" not in record.left:
        return
    start, end = record.first("SP"), record.first("EP")
    if start is not None and end is None and not is_range(start):
        field = (
            "number_of_pages"
            if record.kind in COUNTED
            else "dimensions"
            if record.kind in TIMED
            else "page"
        )
        if field != "page":
            record.fields[field] = start
            return
    page = read_pages(start, end)
    if page is not None:
        record.fields["page"] = page
        return
    for tag, text in (("SP", start), ("EP", end)):
        if text is not None:
            record.keep(tag, text)


def read_numbers(record: RisRecord) -> None:
    """Volume and issue, serial numbers, and the number of a report, patent or bill."""
    fields = record.fields
    if "issue" not in fields and (both := split_volume(fields.get("volume", ""))) is not None:
        fields["volume"], fields["issue"] = both
    if "SN" in record.left:
        _serial_numbers(record)
    if record.kind == "patent" and "IS" in record.left and "number" not in fields:
        record.take_text("IS", "number")
    if "M1" in record.left:
        _first_number(record)


def _serial_numbers(record: RisRecord) -> None:
    values = list(record.left.pop("SN"))
    if record.kind in NUMBERED:
        for value in values:
            text = one_line(value)
            if text and read_serial_numbers([value]).are_none:
                record.fields["number"] = text
                values.remove(value)
                break
    issn, isbn, other = read_serial_numbers(values)
    # What is no valid number is kept as what it was meant to be.
    if record.kind in _WITH_ISSN:
        issn += other
    else:
        isbn += other
    if issn:
        record.fields["ISSN"] = issn
    if isbn:
        record.fields["ISBN"] = isbn


def _first_number(record: RisRecord) -> None:
    """`M1`, which is whatever number a type lacks a tag for."""
    text = one_line(record.peek("M1"))
    if text in ("", "0"):
        return
    field = fields_by_tag(record.kind).get("M1") if record.kind else None
    if field == "issue" and not _ISSUE.fullmatch(text):
        return
    if field is not None and field not in record.fields:
        record.take_text("M1", field)
