"""Crossref's REST API, asked by DOI, without doing any input or output.

DOIs are asked for together, `/works?filter=doi:A,doi:B&rows=N`: the filter may be repeated and then
means "or". Its limits: a request line of 4,096 bytes, 20 rows unless `rows` says more, one
malformed DOI spoils the whole request, commas separate filters, and lists hold no aliases. So what
a list does not answer, and what cannot stand in one, is asked for alone, `/works/{doi}`, where an
alias answers with a redirect (https://www.crossref.org/documentation/retrieve-metadata/rest-api/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from refman.crosswalk.crossref_answers import answer_from_message
from refman.errors import ConfigError
from refman.model.identifier import doi_key
from refman.ports import Answer, Request, Response

DEFAULT_URL = "https://api.crossref.org"
MAX_BATCH = 50
"""DOIs in one list request."""
MAX_URL = 3_800
"""Bytes of a list request's URL: 4,096, less what a proxy may add."""

SINGLE = "single"
ARRAY = "array"

_JSON = {"accept": "application/json"}
_IN_A_LIST = re.compile(r"10\.\d{4,}/\S+", re.ASCII)
_SPLITS_A_LIST = re.compile("[,%]")
_TOO_MUCH_AT_ONCE = frozenset(
    (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
)


class CrossrefSource:
    """The REST API at `base_url`; fulfils `refman.ports.WebSource`.

    `mailto` is the user's address, which gives access to the "polite" pool. Kinds of request are
    Crossref's own: `single` and `array`. How fast to ask, and what to do about 429 and 5xx, is
    the driver's business.
    """

    def __init__(self, base_url: str = DEFAULT_URL, mailto: str | None = None) -> None:
        self._works = base_url.rstrip("/") + "/works"
        self._mailto = f"mailto={quote(mailto, safe='@')}" if mailto else ""

    @property
    def name(self) -> str:
        """`crossref`."""
        return "crossref"

    @property
    def supplement(self) -> bool:
        """It is asked for what those before it do not hold."""
        return False

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """One request for up to 50 DOIs, each DOI in exactly one.

        Spellings of one DOI that differ in letter case only are asked for once.
        """
        spellings: dict[str, list[str]] = {}
        for doi in dict.fromkeys(dois):
            spellings.setdefault(doi_key(doi), []).append(doi)
        batch: list[list[str]] = []
        length = self._length_of_none()
        for same in spellings.values():
            if not _may_share(same[0]):
                yield self._single(same)
                continue
            added = len(_in_filter(same[0])) + 1
            if batch and (len(batch) == MAX_BATCH or length + added > MAX_URL):
                yield self._array(batch)
                batch, length = [], self._length_of_none()
            batch.append(same)
            length += added
        if batch:
            yield self._array(batch)

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """What a response says about each DOI of its request.

        A list leaves a further request for every DOI it does not hold. Whatever else is wrong with
        a response makes answers that say so; it raises nothing.
        """
        if request.kind == ARRAY:
            yield from self._read_array(request, response)
        else:
            for doi in request.dois:
                yield self._read_single(doi, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer that a kept record gives."""
        try:
            message = json.loads(payload)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, Mapping):
            return Answer.failed(doi, "the kept answer cannot be read")
        return answer_from_message(doi, message, self.name)

    # Requests

    def _length_of_none(self) -> int:
        return len(f"{self._works}?filter=&rows={MAX_BATCH}&{self._mailto}")

    def _array(self, batch: Sequence[Sequence[str]]) -> Request:
        if len(batch) == 1:
            return self._single(batch[0])
        filters = ",".join(_in_filter(same[0]) for same in batch)
        query = "&".join(filter(None, (f"filter={filters}", f"rows={len(batch)}", self._mailto)))
        dois = tuple(doi for same in batch for doi in same)
        return Request(url=f"{self._works}?{query}", dois=dois, kind=ARRAY, headers=_JSON)

    def _single(self, same: Sequence[str]) -> Request:
        query = f"?{self._mailto}" if self._mailto else ""
        url = f"{self._works}/{_quoted(same[0], safe='')}{query}"
        return Request(url=url, dois=tuple(same), kind=SINGLE, headers=_JSON)

    def _singles(self, dois: Sequence[str]) -> Iterator[Request]:
        spellings: dict[str, list[str]] = {}
        for doi in dois:
            spellings.setdefault(doi_key(doi), []).append(doi)
        return (self._single(same) for same in spellings.values())

    # Responses

    def _read_array(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status in _TOO_MUCH_AT_ONCE:
            yield from self._singles(request.dois)
            return
        message, trouble = _message(response)
        items = message.get("items") if isinstance(message, Mapping) else None
        if trouble is None and not isinstance(items, list):
            trouble = "Crossref's answer is no list of works"
        if trouble is not None or not isinstance(items, list):
            yield from (Answer.failed(doi, trouble or "") for doi in request.dois)
            return
        found: dict[str, Mapping[str, Any]] = {}
        for item in items:
            if isinstance(item, Mapping) and isinstance(doi := item.get("DOI"), str):
                found.setdefault(doi_key(doi.strip()), item)
        missing = []
        for doi in request.dois:
            record = found.get(doi_key(doi))
            if record is None:
                missing.append(doi)
            else:
                yield answer_from_message(doi, record, self.name)
        yield from self._singles(missing)

    def _read_single(self, doi: str, response: Response) -> Answer:
        if response.status == HTTPStatus.NOT_FOUND:
            return _read_missing(doi, response)
        if response.status == HTTPStatus.BAD_REQUEST and b"doi-not-valid" in response.body:
            return Answer.not_found(doi, f"Crossref takes it for no DOI: {_failure(response)}")
        message, trouble = _message(response)
        if trouble is not None:
            return Answer.failed(doi, trouble)
        given = message.get("DOI") if isinstance(message, Mapping) else None
        if not isinstance(message, Mapping) or not isinstance(given, str):
            return Answer.failed(doi, "Crossref's answer is no work")
        if not _same(given, doi) and _was_asked_for(doi, response):
            return Answer.failed(doi, f"Crossref answered with another work, {given[:200]}")
        return answer_from_message(doi, message, self.name)


def open_source(settings: Mapping[str, str]) -> CrossrefSource:
    """The source that the settings `crossref_url` and `mailto` describe; both may be missing.

    Raises `ConfigError` for a `crossref_url` that is no address of a service.
    """
    url = settings.get("crossref_url") or DEFAULT_URL
    if not _is_address(url):
        raise ConfigError(
            f"REFMAN_CROSSREF_URL is not the address of a service: {_short(url)}",
            f"Unset it, and {DEFAULT_URL} is asked.",
        )
    return CrossrefSource(url, settings.get("mailto"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _may_share(doi: str) -> bool:
    """Whether a DOI can stand in a list with others, and its URL is short enough to."""
    return (
        _IN_A_LIST.fullmatch(doi) is not None
        and _SPLITS_A_LIST.search(doi) is None
        and len(_in_filter(doi)) <= MAX_URL // 2
    )


def _in_filter(doi: str) -> str:
    return "doi:" + _quoted(doi, safe="/:()")


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors="replace")


def _same(one: str, other: str) -> bool:
    """Whether two DOIs are the same for Crossref, which lowers letters of every script.

    One of them may be percent-encoded: some DOIs are registered so.
    """
    return unquote(one).strip().lower() == unquote(other).strip().lower()


def _was_asked_for(doi: str, response: Response) -> bool:
    """Whether the response is to the URL of this DOI itself: no redirect to its prime DOI."""
    if not response.url:
        return False
    try:
        path = urlsplit(response.url).path
    except ValueError:
        return False
    return _same(path.partition("/works/")[2], doi)


def _message(response: Response) -> tuple[Any, str | None]:
    """The `message` of a good answer, or what is wrong with it."""
    if response.status != HTTPStatus.OK:
        return None, _refusal(response)
    if not response.body.strip():
        return None, "Crossref's answer is empty"
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        what = "a web page" if _is_html(response) else "not JSON"
        return None, f"Crossref's answer is {what}"
    if not isinstance(answer, dict) or "message" not in answer:
        return None, "Crossref's answer has no message"
    message = answer["message"]
    if isinstance(message, list):
        return None, f"Crossref found fault with the question: {_failures(message)}"
    return message, None


def _refusal(response: Response) -> str:
    """A status other than 200, in words."""
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    said = _failure(response)
    return f"Crossref answered {response.status}{phrase}" + (f": {said}" if said else "")


def _read_missing(doi: str, response: Response) -> Answer:
    """A 404 is Crossref's word for an unknown DOI, unless something else than Crossref says it."""
    if _is_html(response):
        return Answer.failed(doi, "a web page answered 404; is that address Crossref's?")
    if b"route-not-found" in response.body[:1000]:
        return Answer.failed(doi, "there is no such route; is that address Crossref's?")
    return Answer.not_found(doi, "Crossref has no record of it")


def _is_html(response: Response) -> bool:
    return response.body[:1000].lstrip().startswith(b"<")


def _failure(response: Response) -> str:
    """What an error's body says, if it is one of Crossref's JSON objects."""
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        return ""
    message = answer.get("message") if isinstance(answer, dict) else None
    if isinstance(message, list):
        return _failures(message)
    if isinstance(message, dict):
        message = message.get("description") or message.get("name")
    return _short(message)


def _failures(message: Sequence[Any]) -> str:
    said = (_short(item.get("message")) for item in message[:5] if isinstance(item, Mapping))
    return "; ".join(text for text in said if text)


def _short(text: object) -> str:
    printable = (char if char.isprintable() else " " for char in str(text or "")[:300])
    return " ".join("".join(printable).split())
