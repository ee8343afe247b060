"""OpenAlex, asked by DOI for what others lack, without doing any input or output.

DOIs are asked for together, `/works?filter=doi:A|B&per-page=N`, up to 100 in a URL of less than
4,094 characters. A DOI with a comma, a bar, an exclamation or a quotation mark would be taken for
a filter's own sign, so it is asked for alone, `/works/doi:{doi}`
(https://developers.openalex.org/api-reference/authentication, …/errors).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from refman.crosswalk.openalex import SELECTED
from refman.crosswalk.openalex_answers import answer_from_work, doi_of
from refman.crosswalk.web_answers import (
    ABSENT,
    MAX_URL,
    TOO_MUCH_AT_ONCE,
    batches,
    in_path,
    is_web_page,
    json_of,
    same_doi,
    spellings,
    with_validators,
)
from refman.model.identifier import doi_key
from refman.ports import Answer, Limit, Request, Response
from refman.text.addresses import service_address, shown

DEFAULT_URL = "https://api.openalex.org"
MAX_BATCH = 100
"""DOIs in one list request."""

KIND = "openalex"
"""The kind of all its requests."""
LIMIT = Limit(10, 1.0, 3)
"""The service would serve 100 a second; what a day's lists may cost is the limit (1,000 of them
without a key, 10,000 with a free one)."""

_SERVICE = "OpenAlex"
_JSON = {"accept": "application/json"}
_IS_A_SIGN = re.compile(r"[,|!\"<>]")
_NO_WORK = b"The requested URL was not found on the server"
"""In the page with which the service says that it has no work of that DOI."""


class OpenAlexSource:
    """The API at `base_url`; fulfils `refman.ports.WebSource`.

    `api_key` is the user's key, with which ten times as much is free; `mailto` the address.
    """

    def __init__(
        self, base_url: str = DEFAULT_URL, mailto: str | None = None, api_key: str | None = None
    ) -> None:
        self._works = base_url.rstrip("/") + "/works"
        options = [f"select={','.join(SELECTED)}"]
        if mailto:
            options.append(f"mailto={quote(mailto, safe='@')}")
        if api_key:
            options.append(f"api_key={quote(api_key, safe='')}")
        self._options = "&".join(options)

    @property
    def name(self) -> str:
        """`openalex`."""
        return "openalex"

    @property
    def supplement(self) -> bool:
        """It is asked for every DOI, whoever holds the record."""
        return True

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Fewer than the service allows, for fairness."""
        return {KIND: LIMIT}

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """One request for up to 100 DOIs, each DOI in exactly one.

        Spellings of one DOI that differ in letter case only are asked for once.
        """
        room = MAX_URL - len(self._list_url("", MAX_BATCH))
        together = []
        for same in spellings(dois):
            if _IS_A_SIGN.search(same[0]) or len(in_path(same[0])) > room // 2:
                yield self._single(same)
            else:
                together.append(same)
        for batch in batches(together, MAX_BATCH, room, separator=len("%7C")):
            yield self._list(batch)

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """What a response says about each DOI of its request; it raises nothing.

        What a whole list does not hold is not found. Where the list is not whole, or could not be
        had for what is in it, the DOIs that it leaves open are asked for alone.
        """
        if request.url.partition("?")[0] == self._works:
            yield from self._read_list(request, response)
        else:
            for doi in request.dois:
                yield self._read_single(doi, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer that a kept work gives."""
        try:
            work = json.loads(payload)
        except (ValueError, RecursionError):
            work = None
        if not isinstance(work, Mapping):
            return Answer.failed(doi, "the kept answer cannot be read")
        return answer_from_work(doi, work, self.name)

    # Requests

    def _list_url(self, dois: str, size: int) -> str:
        return f"{self._works}?filter=doi:{dois}&per-page={size}&{self._options}"

    def _list(self, batch: Sequence[Sequence[str]]) -> Request:
        if len(batch) == 1:
            return self._single(batch[0])
        values = "%7C".join(in_path(same[0]) for same in batch)
        dois = tuple(doi for same in batch for doi in same)
        # A DOI that two works claim comes twice, so that there is room for some more.
        size = min(MAX_BATCH, len(batch) + len(batch) // 5 + 1)
        return Request(url=self._list_url(values, size), dois=dois, kind=KIND, headers=_JSON)

    def _single(self, same: Sequence[str]) -> Request:
        url = f"{self._works}/doi:{in_path(same[0])}?{self._options}"
        return Request(url=url, dois=tuple(same), kind=KIND, headers=_JSON)

    # Responses

    def _read_list(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status in TOO_MUCH_AT_ONCE:
            yield from map(self._single, spellings(request.dois))
            return
        answer, trouble = json_of(response, _SERVICE)
        results = answer.get("results") if isinstance(answer, dict) else None
        if trouble is None and not isinstance(results, list):
            trouble = f"{_SERVICE}'s answer is no list of works"
        if trouble is not None or not isinstance(results, list):
            yield from (Answer.failed(doi, trouble or "") for doi in request.dois)
            return
        found: dict[str, Mapping[str, Any]] = {}
        for work in results:
            doi = doi_of(work)
            if doi is not None:
                found.setdefault(doi_key(doi), work)
        missing = []
        for doi in request.dois:
            work = found.get(doi_key(doi))
            if work is None:
                missing.append(doi)
            else:
                yield answer_from_work(doi, work, self.name)
        if _is_whole(answer, results):
            yield from (Answer.not_found(doi, f"{_SERVICE} has no work of it") for doi in missing)
        else:
            yield from map(self._single, spellings(missing))

    def _read_single(self, doi: str, response: Response) -> Answer:
        if response.status in ABSENT:
            if is_web_page(response) and _NO_WORK not in response.body:
                return Answer.failed(
                    doi, f"a web page answered {response.status}; is that address OpenAlex's?"
                )
            return Answer.not_found(doi, f"{_SERVICE} has no work of it")
        work, trouble = json_of(response, _SERVICE)
        if trouble is not None:
            return Answer.failed(doi, trouble)
        given = doi_of(work)
        if given is None:
            return Answer.failed(doi, f"{_SERVICE}'s answer is no work with a DOI")
        if not same_doi(given, doi):
            return Answer.failed(doi, f"{_SERVICE} answered with another work, {shown(given)}")
        return with_validators(answer_from_work(doi, work, self.name), response)


def open_source(settings: Mapping[str, str]) -> OpenAlexSource:
    """The source that `openalex_url`, `mailto` and `openalex_api_key` describe; all may be missing.

    Raises `ConfigError` for an `openalex_url` that is no address of a service.
    """
    url = service_address(settings.get("openalex_url"), "REFMAN_OPENALEX_URL", DEFAULT_URL)
    return OpenAlexSource(url, settings.get("mailto"), settings.get("openalex_api_key"))


def _is_whole(answer: Mapping[str, Any], results: Sequence[Any]) -> bool:
    """Whether a list holds all works that the service found."""
    meta = answer.get("meta")
    count = meta.get("count") if isinstance(meta, dict) else None
    return isinstance(count, int) and count <= len(results)
