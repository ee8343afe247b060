"""The DOI system itself, asked by content negotiation, without doing any input or output.

First doi.org is asked which agency each DOI is registered with, many at once, `/ra/A,B`: that says
at once which DOIs do not exist, and what to make of silence later. Then each DOI is asked for
alone, `/{doi}` with CSL-JSON as the wanted form: doi.org redirects to the agency, which answers
(https://doi.info/doi-handbook/HTML/which-ra_-service.html, https://citation.doi.org/docs.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from refman.crosswalk.citeproc_answers import agency_in, answer_from_item, item_in
from refman.crosswalk.web_answers import (
    ABSENT,
    MAX_URL,
    TOO_MUCH_AT_ONCE,
    batches,
    in_path,
    is_web_page,
    json_of,
    parsed,
    same_doi,
    spellings,
    wrong_address,
)
from refman.model.identifier import doi_key
from refman.ports import Answer, Limit, Request, Response
from refman.text.addresses import service_address, shown

DEFAULT_URL = "https://doi.org"
MAX_BATCH = 50
"""DOIs whose agencies are asked for at once."""

KIND = "doi"
"""The kind of requests for records: doi.org redirects them to an agency, so that it is counted
there too."""
AGENCY_KIND = "doi-agency"
"""The kind of requests for the names of agencies."""
LIMITS: Mapping[str, Limit] = {KIND: Limit(5, 3.0, 2), AGENCY_KIND: Limit(2, 1.0, 1)}
"""By kind. doi.org publishes none; the agencies' are those for anonymous clients (DataCite: 500 in
five minutes)."""

OFFERING = frozenset(("crossref", "datacite", "istic", "jalc", "medra", "op"))
"""Agencies that answer with CSL-JSON, or should."""
SILENT = frozenset(("airiti", "cnki", "eidr", "kisti"))
"""Agencies that have none: to ask would only lead to a page for readers."""

_CSL = {"accept": "application/vnd.citationstyles.csl+json"}
_JSON = {"accept": "application/json"}
_AGENCIES = "/ra/"
_NO_RECORD = ABSENT | {HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.MULTIPLE_CHOICES}
_NOWHERE = frozenset(("doi does not exist", "invalid doi"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest(Request):
    """A request for a record, with the name of the agency that should have it.

    What silence means depends on the agency, which only the response before has named. It goes
    with the request, for a source remembers nothing; a copy with other headers
    (`dataclasses.replace`) still has it.
    """

    agency: str | None = None


class DoiSource:
    """The DOI system at `base_url`; fulfils `refman.ports.WebSource`."""

    def __init__(self, base_url: str = DEFAULT_URL) -> None:
        self._base = base_url.rstrip("/")

    @property
    def name(self) -> str:
        """`doi`."""
        return "doi"

    @property
    def supplement(self) -> bool:
        """It is asked for what those before it do not hold."""
        return False

    @property
    def limits(self) -> Mapping[str, Limit]:
        """What may be asked of doi.org, and of agencies through it."""
        return LIMITS

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """One request for the agencies of up to 50 DOIs, each DOI in exactly one.

        Spellings of one DOI that differ in letter case only are asked for once.
        """
        room = MAX_URL - len(self._base) - len(_AGENCIES)
        for batch in batches(spellings(dois), MAX_BATCH, room):
            path = ",".join(in_path(same[0]) for same in batch)
            yield Request(
                url=f"{self._base}{_AGENCIES}{path}",
                dois=tuple(doi for same in batch for doi in same),
                kind=AGENCY_KIND,
                headers=_JSON,
            )

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """What a response says about each DOI of its request.

        The agencies' names lead to answers for DOIs that cannot be had, and to requests for the
        records of all others, also where the names could not be had. It raises nothing.
        """
        if request.kind == AGENCY_KIND:
            yield from self._read_agencies(request, response)
        else:
            agency = request.agency if isinstance(request, RecordRequest) else None
            for doi in request.dois:
                yield self._read_record(doi, agency, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer that a kept item gives."""
        kept = parsed(payload)
        item = item_in(kept)
        if item is None:
            return Answer.failed(doi, "the kept answer cannot be read")
        return answer_from_item(doi, item, agency_in(kept), self.name)

    # Requests

    def _record(self, same: Sequence[str], agency: str | None) -> Request:
        url = f"{self._base}/{in_path(same[0])}"
        return RecordRequest(url=url, dois=tuple(same), kind=KIND, headers=_CSL, agency=agency)

    # Responses

    def _read_agencies(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status in TOO_MUCH_AT_ONCE and len(request.dois) > 1:
            for same in spellings(request.dois):
                yield self._record(same, None)
            return
        known = _agencies(response)
        for same in spellings(request.dois):
            agency, status = known.get(doi_key(same[0]), (None, None))
            if status in _NOWHERE:
                yield from (Answer.not_found(doi, "the DOI does not exist") for doi in same)
            elif agency is not None and agency.lower() in SILENT:
                yield from (Answer.not_found(doi, _without_metadata(agency)) for doi in same)
            else:
                yield self._record(same, agency)

    def _read_record(self, doi: str, agency: str | None, response: Response) -> Answer:
        offers = agency is None or agency.lower() in OFFERING
        if response.status in _NO_RECORD:
            if agency is None and is_web_page(response):
                return Answer.failed(doi, wrong_address(response, "doi.org"))
            return Answer.not_found(doi, _absent(agency, offers, response.status))
        if response.status == HTTPStatus.OK and is_web_page(response):
            if not offers:
                return Answer.not_found(doi, _without_metadata(agency))
            return Answer.failed(doi, f"{agency or 'doi.org'} answered with a web page")
        item, trouble = json_of(response, agency or "the registration agency")
        if trouble is not None:
            return Answer.failed(doi, trouble)
        if item_in(item) is None:
            return Answer.failed(
                doi, f"{agency or 'the registration agency'} answered with no record"
            )
        given = item.get("DOI")
        if isinstance(given, str) and not same_doi(given, doi) and not _is_alias(given, response):
            return Answer.failed(doi, f"the DOI led to another work, {shown(given)}")
        return answer_from_item(doi, item, agency, self.name)


def open_source(settings: Mapping[str, str]) -> DoiSource:
    """The source that the setting `doi_url` describes; it may be missing.

    Raises `ConfigError` for a `doi_url` that is no address of a service.
    """
    return DoiSource(service_address(settings.get("doi_url"), "REFMAN_DOI_URL", DEFAULT_URL))


def _agencies(response: Response) -> dict[str, tuple[str | None, str | None]]:
    """By DOI the agency's name, or in lower case why there is none; empty where it is not said."""
    answer, trouble = json_of(response, "doi.org")
    if trouble is not None or not isinstance(answer, list):
        return {}
    found: dict[str, tuple[str | None, str | None]] = {}
    for entry in answer:
        doi = entry.get("DOI") if isinstance(entry, dict) else None
        if isinstance(doi, str):
            agency, status = _text(entry.get("RA")), _text(entry.get("status"))
            said = (agency, status.lower() if status else None)
            found.setdefault(doi_key(doi.strip()), said)
            found.setdefault(doi_key(unquote(doi).strip()), said)
    return found


def _text(value: Any) -> str | None:
    return (shown(value)[:100] or None) if isinstance(value, str) else None


def _without_metadata(agency: str | None) -> str:
    return f"registered with {agency}, which offers no metadata"


def _absent(agency: str | None, offers: bool, status: int) -> str:
    """Why there is no record, as far as doi.org and the agency say."""
    if agency is None:
        return "doi.org knows of no metadata for it"
    if not offers or status in (HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.MULTIPLE_CHOICES):
        return _without_metadata(agency)
    if status == HTTPStatus.NO_CONTENT:
        return f"registered with {agency}, which has no metadata of it"
    return f"registered with {agency}, which has no record of it"


def _is_alias(given: str, response: Response) -> bool:
    """Whether the agency itself redirected to the DOI it gives, as Crossref does for aliases."""
    path, given = unquote(response.url.partition("?")[0]).lower(), unquote(given).strip().lower()
    before, found, after = path.partition(f"/{given}")
    return bool(given and before and found) and (not after or after.startswith("/"))
