"""What an identifier without a name is: `info:doi/…`, `urn:ISBN:…`, an address, a bare number."""

from __future__ import annotations

import re
from urllib.parse import unquote

from refman.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_pmid,
)
from refman.text.markup import plain_text

_LABEL = re.compile(r"(?:info:|urn:)?(doi|pmid|isbn|issn|arxiv|hdl|oclcnum)[:/ ]\s*", re.IGNORECASE)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_LONGEST = 2000


def identify(text: str) -> dict[str, str]:
    """The field that an identifier belongs in, with its value; nothing where that is not clear."""
    text = plain_text(text[:_LONGEST])
    match = _LABEL.match(text)
    label = match[1].lower() if match else ""
    rest = text[match.end() :] if match else text
    if label == "doi" or text.startswith("10.") or _DOI_ADDRESS.match(text):
        doi = parse_doi(unquote(rest)) if "%" in rest else parse_doi(rest)
        return {"DOI": doi} if doi is not None else {}
    if label == "pmid":
        number = parse_pmid(rest)
        return {"PMID": number} if number else {}
    if label == "arxiv" or "arxiv.org/abs/" in text:
        number = parse_arxiv(rest)
        if number:
            return {"arXiv": number}
    if text.startswith(("http://", "https://")):
        return {"URL": text} if " " not in text else {}
    if label in ("", "isbn") and (number := parse_isbn(rest)) is not None:
        return {"ISBN": number}
    if label in ("", "issn") and (number := parse_issn(rest)) is not None:
        return {"ISSN": number}
    return {}
