"""Crossref's neighbours: doi.org's agency service and DataCite's REST API."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from tests.crossref_server.faults import Fault
from tests.crossref_server.limiter import Limit
from tests.crossref_server.messages import (
    Json,
    Request,
    Response,
    decode_path,
    extract_doi,
    html,
)
from tests.crossref_server.server import LoopbackServer, Wire
from tests.crossref_server.speed import Speed

DATACITE_LIMITS: Mapping[str, Limit] = {
    "datacite-anonymous": Limit(rate=500, interval=300),
    "datacite-email": Limit(rate=1000, interval=300),
}
"""Requests in five minutes; the number without an address is not published."""

_PREFIX = re.compile(r"10\.\d{4,}")
_CSL = "application/vnd.citationstyles.csl+json"


class DoiOrgServer(LoopbackServer):
    """doi.org: ``/ra/{doi or prefix}`` and the redirect of ``/{doi}``.

    agencies: DOI or prefix -> name of its agency (``Crossref``, ``DataCite``, ``mEDRA``); a DOI's
        own entry goes before its prefix's. A name of "" says that the DOI does not exist.
    homes: agency name -> base URL that ``/{doi}`` with an Accept header redirects to
        (``Crossref`` and ``DataCite`` are understood); without one a page is named that has no
        address.
    prefix_404: answer 404 for a prefix nobody has registered, as was seen at times.
    The other parameters are those of `LoopbackServer`; doi.org publishes no limits.
    """

    def __init__(
        self,
        agencies: Mapping[str, str],
        *,
        homes: Mapping[str, str] | None = None,
        prefix_404: bool = False,
        limits: Mapping[str, Limit] | None = None,
        faults: Iterable[Fault] = (),
        speed: Speed | None = None,
        port: int = 0,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            limits=limits or {}, faults=faults, speed=speed, port=port, wire=wire, clock=clock
        )
        self._agencies = {name.lower(): agency for name, agency in agencies.items()}
        self._homes = dict(homes or {})
        self._prefix_404 = prefix_404

    def pool_and_key(self, request: Request) -> tuple[str, str]:
        """One pool, counted by client address."""
        return "doi-org", request.client

    def limit_headers(self, limit: Limit, pool: str) -> dict[str, str]:
        """None are sent."""
        return {}

    def is_single(self, request: Request) -> bool:
        """Always."""
        return True

    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """The DOI of the path, none for a prefix alone."""
        doi = extract_doi(decode_path(request.path))
        return () if doi is None else (doi,)

    def route(self, request: Request) -> Response:
        """``/ra/`` and its older name ``/doiRA/``, else resolution."""
        text = decode_path(request.path).lstrip("/")
        service, _, rest = text.partition("/")
        if service in ("ra", "doiRA"):
            return self._agency_answer(rest)
        return self._resolve(text, request.headers.get("accept", ""))

    def _agency_of(self, text: str) -> str | None:
        lowered = text.lower()
        prefix = lowered.partition("/")[0]
        return self._agencies.get(lowered, self._agencies.get(prefix))

    def _agency_answer(self, text: str) -> Response:
        """200 with a list of one in every case but the unregistered prefix."""
        if not _PREFIX.match(text):
            return Response(200, payload=[{"DOI": text, "status": "Invalid DOI"}])
        agency = self._agency_of(text)
        if agency:
            return Response(200, payload=[{"DOI": text, "RA": agency}])
        if agency is None and self._prefix_404:
            return html(404, "Not Found")
        return Response(200, payload=[{"DOI": text, "status": "DOI does not exist"}])

    def _resolve(self, text: str, accept: str) -> Response:
        """302 to the agency's copy when Accept asks for data, else to a landing page."""
        doi = extract_doi(text)
        agency = self._agency_of(doi) if doi else None
        if not doi or not agency:
            return html(404, "DOI Not Found")
        mime = accept.partition(",")[0].partition(";")[0].strip()
        home = self._homes.get(agency)
        encoded = quote(doi, safe="")
        if home is None or mime in ("", "*/*", "text/html"):
            return Response(302, headers={"Location": f"http://landing.invalid/{encoded}"})
        path = f"works/{encoded}/transform" if agency == "Crossref" else f"dois/{mime}/{encoded}"
        return Response(302, headers={"Location": f"{home}/{path}"})


class DataciteServer(LoopbackServer):
    """DataCite's REST API: ``/dois/{doi}``, ``/dois?query=doi:…`` and CSL-JSON.

    records: JSON:API resources (``id``, ``type``, ``attributes``), as in ``data`` of an answer.
    limits: `DATACITE_LIMITS` by default. A 429 carries Retry-After in seconds.
    The other parameters are those of `LoopbackServer`.
    """

    def __init__(
        self,
        records: Iterable[Json] = (),
        *,
        limits: Mapping[str, Limit] = DATACITE_LIMITS,
        faults: Iterable[Fault] = (),
        speed: Speed | None = None,
        port: int = 0,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        wire = wire or Wire(json_type="application/json; charset=utf-8", flavour="seconds")
        super().__init__(
            limits=limits, faults=faults, speed=speed, port=port, wire=wire, clock=clock
        )
        self._records = {_record_doi(record): record for record in records}

    def pool_and_key(self, request: Request) -> tuple[str, str]:
        """An address raises the limit; the count is by client address either way."""
        known = request.mailto() is not None
        return ("datacite-email" if known else "datacite-anonymous"), request.client

    def limit_headers(self, limit: Limit, pool: str) -> dict[str, str]:
        """None are sent."""
        return {}

    def is_single(self, request: Request) -> bool:
        """One record, not a search."""
        return request.path != "/dois"

    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """The DOI of the path or of the query."""
        text = request.params.get("query", "") if request.path == "/dois" else request.path
        doi = extract_doi(decode_path(text) if request.path != "/dois" else text.strip('"'))
        return () if doi is None else (doi,)

    def route(self, request: Request) -> Response:
        """``/dois``, ``/dois/{doi}`` and ``/dois/{type}/{doi}``."""
        if request.path == "/dois":
            found = [self._records[doi] for doi in self.asked_dois(request) if doi in self._records]
            meta = {"total": len(found), "totalPages": min(len(found), 1), "page": 1}
            return Response(200, payload={"data": found, "meta": meta, "links": {}})
        if not request.path.startswith("/dois/"):
            return _missing()
        dois = self.asked_dois(request)
        record = self._records.get(dois[0]) if dois else None
        if record is None:
            return _missing()
        if decode_path(request.path).startswith(f"/dois/{_CSL}/"):
            return Response(200, payload=_csl(record["attributes"]), content_type=_CSL)
        return Response(200, payload={"data": record})


def _record_doi(record: Json) -> str:
    """The lower-cased DOI of a record; drafts have none yet and are never found."""
    return str(record.get("id") or record["attributes"].get("doi") or "").lower()


def _missing() -> Response:
    """404 in JSON:API's form."""
    text = "The resource you are looking for doesn't exist."
    return Response(404, payload={"errors": [{"status": "404", "title": text}]})


def _csl(attributes: Json) -> Json:
    """CSL-JSON of a DataCite record, the common fields."""
    people = [
        {"family": creator["familyName"], "given": creator.get("givenName", "")}
        if creator.get("familyName")
        else {"literal": creator.get("name", "")}
        for creator in attributes.get("creators") or []
    ]
    titles = attributes.get("titles") or [{}]
    return {
        "type": (attributes.get("types") or {}).get("citeproc", "article"),
        "id": f"https://doi.org/{attributes['doi'].lower()}",
        "DOI": attributes["doi"].upper(),
        "title": titles[0].get("title", ""),
        "author": people,
        "publisher": attributes.get("publisher"),
        "issued": {"date-parts": [[attributes.get("publicationYear")]]},
    }
