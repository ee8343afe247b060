"""What services on the web have in common when they are asked after DOIs by HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

from refman.model.identifier import doi_key
from refman.ports import Response
from refman.text.addresses import shown

MAX_URL = 3_800
"""Bytes of the URL of a request for many DOIs: what every service takes, and proxies too."""

ABSENT = frozenset((HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
"""Statuses by which a service says that it has no record."""
TOO_MUCH_AT_ONCE = frozenset(
    (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
)
"""Statuses after which each DOI of a list is better asked for alone."""


def spellings(dois: Iterable[str]) -> list[list[str]]:
    """The DOIs, those together that differ in letter case only; each spelling once."""
    groups: dict[str, list[str]] = {}
    for doi in dict.fromkeys(dois):
        groups.setdefault(doi_key(doi), []).append(doi)
    return list(groups.values())


def batches(
    groups: Iterable[Sequence[str]], most: int, room: int, separator: int = 1
) -> Iterator[list[Sequence[str]]]:
    """Groups of spellings by the batch: `most` of them and `room` bytes at the most.

    A DOI takes the bytes of `in_path` and of a separator.
    """
    batch: list[Sequence[str]] = []
    length = 0
    for same in groups:
        added = len(in_path(same[0])) + separator
        if batch and (len(batch) == most or length + added > room):
            yield batch
            batch, length = [], 0
        batch.append(same)
        length += added
    if batch:
        yield batch


def in_path(doi: str, safe: str = "/:()") -> str:
    """A DOI as it stands in a path or query; what is not `safe` is percent-encoded as UTF-8."""
    return quote(doi, safe=safe, errors="replace")


def same_doi(one: str, other: str) -> bool:
    """Whether two DOIs are the same for their registry, which lowers letters of every script.

    One of them may be percent-encoded: some DOIs are registered so.
    """
    return unquote(one).strip().lower() == unquote(other).strip().lower()


def json_of(response: Response, service: str) -> tuple[Any, str | None]:
    """The JSON in a good answer, or what is wrong with it, in words."""
    if response.status != HTTPStatus.OK:
        return None, refusal(response, service)
    if not response.body.strip():
        return None, f"{service}'s answer is empty"
    try:
        return json.loads(response.body), None
    except (ValueError, RecursionError):
        what = "a web page" if is_web_page(response) else "not JSON"
        return None, f"{service}'s answer is {what}"


def refusal(response: Response, service: str) -> str:
    """A status other than 200, in words."""
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    said = said_in(response.body)
    return f"{service} answered {response.status}{phrase}" + (f": {said}" if said else "")


def is_web_page(response: Response) -> bool:
    """Whether something for readers came, and not for programs."""
    return response.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def wrong_address(response: Response, service: str) -> str:
    """What to say where such a page came in place of a service's word that it has no record."""
    return f"a web page answered {response.status}; is that address {service}'s?"


def said_in(body: bytes) -> str:
    """What an error's JSON says, on one line; empty where it says nothing.

    Read are a message, JSON:API's list of errors, and Crossref's `message`, which is a list of
    what is wrong with a question, or names and describes a fault of the service.
    """
    said = parsed(body)
    if not isinstance(said, dict):
        return ""
    errors, message = said.get("errors"), said.get("message")
    if isinstance(message, list):
        faults = (shown(one.get("message")) for one in message[:5] if isinstance(one, dict))
        return "; ".join(fault for fault in faults if fault)
    if isinstance(message, dict):
        return shown(message.get("description") or message.get("name"))
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        said = errors[0]
    for key in ("title", "detail", "message", "error"):
        if isinstance(said.get(key), str):
            return shown(said[key])
    return ""


def parsed(body: bytes) -> Any:
    """The JSON in a body; None where there is none, or it is nested too deeply."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
