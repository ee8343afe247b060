"""From an arXiv identifier, ISBN or PMID to the DOI under which the work can be looked up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from refman.errors import NotFoundError, SourceUnavailable
from refman.model.identifier import parse_arxiv, parse_doi, parse_isbn, parse_pmid
from refman.ports import Request, Response

if TYPE_CHECKING:
    from refman.net import Net

_WHOLE_BOOKS = frozenset(
    ("book", "monograph", "edited-book", "reference-book", "proceedings", "book-set", "report")
)
_MOST = 200
"""Records with an ISBN that are looked through for the book; the others are its chapters."""
_JSON = {"accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Services:
    """Where to ask, and as whom."""

    crossref_url: str
    openalex_url: str
    mailto: str | None = None
    openalex_api_key: str | None = None


def scheme_of(text: str) -> str | None:
    """What an identifier is: `doi`, `arxiv`, `isbn` or `pmid`; None for anything else.

    `pmid:` before a number says that it is one; a bare one that is no ISBN is taken for it.
    """
    if parse_doi(text):
        return "doi"
    bare = _bare(text)
    if parse_arxiv(bare):
        return "arxiv"
    if parse_isbn(bare):
        return "isbn"
    return "pmid" if parse_pmid(bare) else None


async def resolve(text: str, net: Net | None, services: Services) -> str:
    """The DOI of a work that another identifier names.

    arXiv gives every paper the DOI 10.48550/arXiv.…; books are asked of Crossref, PMIDs of
    OpenAlex. Raises `NotFoundError` where the service knows no DOI, `SourceError` where it cannot
    be asked.
    """
    bare = _bare(text)
    doi = parse_doi(text)
    if doi:
        return doi
    arxiv = parse_arxiv(bare)
    if arxiv:
        return f"10.48550/arXiv.{arxiv}"
    isbn, pmid = parse_isbn(bare), parse_pmid(bare)
    if not isbn and not pmid:
        raise NotFoundError(f"{text} is no identifier of a work.")
    if net is None:
        raise SourceUnavailable("offline", "Give its DOI, or go online.")
    if isbn:
        return _book(isbn, await net.fetch(_isbn_request(isbn, services)))
    assert pmid
    return _article(pmid, await net.fetch(_pmid_request(pmid, services)))


def _bare(text: str) -> str:
    text = text.strip()
    scheme, _, rest = text.partition(":")
    return rest.strip() if scheme.lower() in ("arxiv", "isbn", "pmid") else text


def _isbn_request(isbn: str, services: Services) -> Request:
    contact = f"&mailto={quote(services.mailto, safe='@')}" if services.mailto else ""
    digits = "".join(char for char in isbn if char.isalnum())
    url = (
        f"{services.crossref_url.rstrip('/')}/works?filter=isbn:{digits}&rows={_MOST}"
        f"&select=DOI,type,title{contact}"
    )
    return Request(url=url, dois=(), kind="array", headers=_JSON)


def _pmid_request(pmid: str, services: Services) -> Request:
    given = {"select": "doi,title", "mailto": services.mailto, "api_key": services.openalex_api_key}
    query = "&".join(f"{name}={quote(value, safe='@,')}" for name, value in given.items() if value)
    url = f"{services.openalex_url.rstrip('/')}/works/pmid:{pmid}?{query}"
    return Request(url=url, dois=(), kind="openalex", headers=_JSON)


def _book(isbn: str, response: Response) -> str:
    message = _json(response).get("message")
    items = message.get("items") if isinstance(message, Mapping) else None
    found = {
        doi
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, Mapping) and item.get("type") in _WHOLE_BOOKS
        if (doi := parse_doi(str(item.get("DOI"))))
    }
    if len(found) == 1:
        return found.pop()
    if found:
        several = ", ".join(sorted(found)[:5])
        raise NotFoundError(f"Crossref knows several books with the ISBN {isbn}: {several}.")
    raise NotFoundError(f"Crossref knows no book with the ISBN {isbn}.")


def _article(pmid: str, response: Response) -> str:
    doi = parse_doi(str(_json(response).get("doi") or ""))
    if doi is None:
        raise NotFoundError(f"OpenAlex knows no DOI of the PMID {pmid}.")
    return doi


def _json(response: Response) -> Mapping[str, Any]:
    """The object in an answer; empty for "not found". Raises `SourceUnavailable`."""
    if response.status == 404:
        return {}
    try:
        answer = json.loads(response.body) if response.status == 200 else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise SourceUnavailable(f"the service could not answer (status {response.status})")
    return answer
