"""DataCite's REST API, asked by DOI, without doing any input or output.

DOIs are asked for together, `/dois?ids=A,B&page[size]=N`: letter case does not matter to it, and
commas part the DOIs, so that one with a comma is asked for alone. What a list does not answer is
asked for alone too, `/dois/{doi}`: lists come from an index that lags behind by minutes
(https://support.datacite.org/docs/api-get-lists, and the service's own source, `find_by_ids`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from refman.crosswalk.datacite_answers import answer_from_resource, doi_of
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

DEFAULT_URL = "https://api.datacite.org"
MAX_BATCH = 50
"""DOIs in one list request; the service would give up to 1,000 records."""

KIND = "datacite"
"""The kind of all its requests: single records and lists are counted together."""
POLITE = Limit(1000, 300.0, 3)
"""For a client with a contact address."""
PUBLIC = Limit(500, 300.0, 1)
"""For an anonymous one (https://support.datacite.org/docs/rate-limit)."""

_SERVICE = "DataCite"
_JSON = {"accept": "application/vnd.api+json"}
_LIST = "/dois"


class DataciteSource:
    """The REST API at `base_url`; fulfils `refman.ports.WebSource`.

    `mailto` is the user's address, which doubles the number of requests that are granted.
    """

    def __init__(self, base_url: str = DEFAULT_URL, mailto: str | None = None) -> None:
        self._dois = base_url.rstrip("/") + _LIST
        mail = f"&mailto={quote(mailto, safe='@')}" if mailto else ""
        self._options = f"affiliation=true{mail}"
        self._limit = POLITE if mailto else PUBLIC

    @property
    def name(self) -> str:
        """`datacite`."""
        return "datacite"

    @property
    def supplement(self) -> bool:
        """It is asked for what those before it do not hold."""
        return False

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Those of the service, which are for each client's address."""
        return {KIND: self._limit}

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """One request for up to 50 DOIs, each DOI in exactly one.

        Spellings of one DOI that differ in letter case only are asked for once.
        """
        room = MAX_URL - len(self._list_url("", MAX_BATCH))
        together = []
        for same in spellings(dois):
            if "," in same[0] or len(in_path(same[0])) > room // 2:
                yield self._single(same)
            else:
                together.append(same)
        for batch in batches(together, MAX_BATCH, room):
            yield self._list(batch)

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """What a response says about each DOI of its request.

        A list leaves a further request for every DOI it does not hold. Whatever else is wrong with
        a response makes answers that say so; it raises nothing.
        """
        if request.url.partition("?")[0] == self._dois:
            yield from self._read_list(request, response)
        else:
            for doi in request.dois:
                yield self._read_single(doi, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer that a kept record gives."""
        try:
            resource = json.loads(payload)
        except (ValueError, RecursionError):
            resource = None
        if doi_of(resource) is None:
            return Answer.failed(doi, "the kept answer cannot be read")
        return answer_from_resource(doi, resource, self.name)

    # Requests

    def _list_url(self, ids: str, size: int) -> str:
        # Without the counts for a search page's filters a list is quicker.
        return f"{self._dois}?ids={ids}&page%5Bsize%5D={size}&disable-facets=true&{self._options}"

    def _list(self, batch: Sequence[Sequence[str]]) -> Request:
        if len(batch) == 1:
            return self._single(batch[0])
        ids = ",".join(in_path(same[0]) for same in batch)
        dois = tuple(doi for same in batch for doi in same)
        return Request(url=self._list_url(ids, len(batch)), dois=dois, kind=KIND, headers=_JSON)

    def _single(self, same: Sequence[str]) -> Request:
        url = f"{self._dois}/{in_path(same[0])}?{self._options}"
        return Request(url=url, dois=tuple(same), kind=KIND, headers=_JSON)

    def _singles(self, dois: Sequence[str]) -> Iterator[Request]:
        return (self._single(same) for same in spellings(dois))

    # Responses

    def _read_list(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status in TOO_MUCH_AT_ONCE:
            yield from self._singles(request.dois)
            return
        resources, trouble = _data(response)
        if trouble is None and not isinstance(resources, list):
            trouble = f"{_SERVICE}'s answer is no list of records"
        if trouble is not None:
            yield from (Answer.failed(doi, trouble) for doi in request.dois)
            return
        found: dict[str, Mapping[str, Any]] = {}
        for resource in resources:
            doi = doi_of(resource)
            if doi is not None:
                found.setdefault(doi_key(doi), resource)
        missing = []
        for doi in request.dois:
            resource = found.get(doi_key(doi))
            if resource is None:
                missing.append(doi)
            else:
                yield answer_from_resource(doi, resource, self.name)
        yield from self._singles(missing)

    def _read_single(self, doi: str, response: Response) -> Answer:
        if response.status in ABSENT:
            if is_web_page(response):
                return Answer.failed(
                    doi, f"a web page answered {response.status}; is that address DataCite's?"
                )
            return Answer.not_found(doi, f"{_SERVICE} has no record of it")
        resource, trouble = _data(response)
        if trouble is not None:
            return Answer.failed(doi, trouble)
        given = doi_of(resource)
        if given is None:
            return Answer.failed(doi, f"{_SERVICE}'s answer is no record")
        if not same_doi(given, doi):
            return Answer.failed(doi, f"{_SERVICE} answered with another work, {shown(given)}")
        return with_validators(answer_from_resource(doi, resource, self.name), response)


def open_source(settings: Mapping[str, str]) -> DataciteSource:
    """The source that the settings `datacite_url` and `mailto` describe; both may be missing.

    Raises `ConfigError` for a `datacite_url` that is no address of a service.
    """
    url = service_address(settings.get("datacite_url"), "REFMAN_DATACITE_URL", DEFAULT_URL)
    return DataciteSource(url, settings.get("mailto"))


def _data(response: Response) -> tuple[Any, str | None]:
    """The `data` of a good answer, or what is wrong with it."""
    answer, trouble = json_of(response, _SERVICE)
    if trouble is not None:
        return None, trouble
    if not isinstance(answer, dict) or "data" not in answer:
        return None, f"{_SERVICE}'s answer has no data"
    return answer["data"], None
