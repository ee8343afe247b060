"""Crossref's bibliographic search: a reference in, a handful of candidates out.

`search` asks through habanero, one question of a person's making. It is synchronous and unpaced:
whoever makes many keeps the pace (`refman.net.limits.Bucket`), or, where a client is open, takes a
turn with it and calls from a thread:

    async with net.turn(base_url, "array"):
        items = await asyncio.to_thread(search, text, base_url=base_url, mailto=mailto)

For thousands of works the same question is asked by `refman.net.Net`: `search_url` is its address,
`read_items` reads the answer. habanero makes a new connection for each call, tries nothing again,
hides the headers that grant a pace, and a thread that waits for it cannot be interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from refman import __version__
from refman.errors import SourceError, SourceRefused, SourceUnavailable

FIELDS = (
    "DOI", "title", "subtitle", "author", "editor", "issued", "published-print",
    "published-online", "container-title", "short-container-title", "ISSN", "volume", "issue",
    "page", "article-number", "type", "score",
)  # fmt: skip
"""What is asked of each candidate: enough to judge whether it is the work that is meant."""

MAX_QUERY = 2000
"""Bytes of the query in the address; the service cuts a request off at 4,096 in all."""
MAX_ROWS = 20


def search(
    query: str, *, base_url: str, mailto: str | None, rows: int = 5, timeout: float = 30.0
) -> list[Mapping[str, Any]]:
    """Crossref's best candidates for a reference, as `query.bibliographic` ranks them.

    `query` is the reference or its title in plain text; what is over 2,000 bytes is left out.
    Gives works in Crossref's JSON with `FIELDS` only, best first. They are candidates: the score
    cannot be compared between queries, so each must be checked against the work.
    Raises `ConfigError` for a base address that is not asked, `SourceRefused` or
    `SourceUnavailable` where there is no answer.
    """
    # Both are heavy, and habanero brings an HTTP library of its own.
    import habanero  # noqa: PLC0415

    from refman.net.addresses import checked, origin  # noqa: PLC0415

    host = origin(checked(base_url))
    text = _within(" ".join(query.split()), MAX_QUERY)
    if not text:
        return []
    service = habanero.Crossref(
        base_url=base_url.rstrip("/"),
        mailto=mailto,
        ua_string=f"refman/{__version__}",
        timeout=timeout,
    )
    try:
        answer = service.works(
            query_bibliographic=text, limit=max(1, min(rows, MAX_ROWS)), select=list(FIELDS)
        )
        items = answer["message"]["items"]
    except Exception as error:
        # Its errors share no ancestor: its own, those of its HTTP library, bare RuntimeErrors,
        # and whatever an unforeseen answer trips over.
        raise _mapped(error, host) from error
    if not isinstance(items, list):
        raise SourceUnavailable(f"{host} does not answer properly: its list is none")
    return [item for item in items if isinstance(item, Mapping)]


def search_url(query: str, *, base_url: str, mailto: str | None, rows: int = 5) -> str:
    """The address of the same question, for a client of one's own; "" where there is no query."""
    text = _within(" ".join(query.split()), MAX_QUERY)
    if not text:
        return ""
    asked = {
        "query.bibliographic": text,
        "rows": str(max(1, min(rows, MAX_ROWS))),
        "select": ",".join(FIELDS),
    }
    if mailto:
        asked["mailto"] = mailto
    return f"{base_url.rstrip('/')}/works?{urlencode(asked, quote_via=quote, safe=',@')}"


def read_items(body: bytes) -> list[Mapping[str, Any]]:
    """The candidates in the answer to `search_url`, best first.

    Raises `SourceUnavailable` for what is no list of works.
    """
    try:
        items = json.loads(body)["message"]["items"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SourceUnavailable("The search was not answered properly") from error
    if not isinstance(items, list):
        raise SourceUnavailable("The search was not answered properly: its list is none")
    return [item for item in items if isinstance(item, Mapping)]


def _within(text: str, limit: int) -> str:
    """The words that fit into `limit` bytes of an address."""
    kept: list[str] = []
    size = 0
    for word in text.split(" "):
        size += len(quote(word, safe="")) + 1
        if size > limit + 1:
            break
        kept.append(word)
    return " ".join(kept)


def _mapped(error: Exception, host: str) -> SourceError:
    """An error of ours for one of habanero's, without the addresses that its texts hold."""
    status = getattr(error, "status_code", None)
    if status is None:
        status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 403:
        return SourceRefused(f"{host} refuses to serve us (status 403)")
    if status == 429:
        return SourceUnavailable(
            f"{host} asks for fewer requests (status 429)", "Try again in a minute."
        )
    if isinstance(status, int) and status >= 300:
        return SourceUnavailable(f"{host} could not answer a search (status {status})")
    if isinstance(error, RuntimeError):
        return SourceUnavailable(f"{host} does not answer", "Try again later.")
    return SourceUnavailable(f"{host} does not answer properly")
