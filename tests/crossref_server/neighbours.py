"""Crossref's neighbours: doi.org, DataCite's REST API and OpenAlex."""

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
_UNKNOWN = "DOI does not exist"
_CSL = "application/vnd.citationstyles.csl+json"


class DoiOrgServer(LoopbackServer):
    """doi.org: ``/ra/{doi or prefix},…`` and the redirect of ``/{doi}``.

    agencies: DOI or prefix -> name of its agency (``Crossref``, ``DataCite``, ``mEDRA``); a DOI's
        own entry goes before its prefix's. A name of "" says that the DOI does not exist.
    homes: agency name -> base URL that ``/{doi}`` with an Accept header redirects to
        (``Crossref`` and ``DataCite`` are understood, others get ``/{doi}`` appended); without one
        a page is named that has no address.
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
        """The DOIs of the path, none for a prefix alone."""
        found = (extract_doi(decode_path(part)) for part in request.path.split(","))
        return tuple(doi for doi in found if doi is not None)

    def route(self, request: Request) -> Response:
        """``/ra/`` and its older name ``/doiRA/``, else resolution."""
        service, _, rest = request.path.lstrip("/").partition("/")
        if service in ("ra", "doiRA"):
            # Commas part DOIs; those inside of one come percent-encoded.
            return self._agency_answer([decode_path(part) for part in rest.split(",")])
        text = decode_path(request.path).lstrip("/")
        return self._resolve(text, request.headers.get("accept", ""))

    def _agency_of(self, text: str) -> str | None:
        lowered = text.lower()
        prefix = lowered.partition("/")[0]
        return self._agencies.get(lowered, self._agencies.get(prefix))

    def _agency_answer(self, texts: list[str]) -> Response:
        """200 with a list in every case but the one unregistered prefix."""
        agency = self._agency_of(texts[0])
        alone = len(texts) == 1 and _PREFIX.match(texts[0])
        if alone and agency is None and self._prefix_404:
            return html(404, "Not Found")
        return Response(200, payload=[self._entry_of(text) for text in texts])

    def _entry_of(self, text: str) -> Json:
        if not _PREFIX.match(text):
            return {"DOI": text, "status": "Invalid DOI"}
        agency = self._agency_of(text)
        return {"DOI": text, "RA": agency} if agency else {"DOI": text, "status": _UNKNOWN}

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
        paths = {
            "Crossref": f"works/{encoded}/transform",
            "DataCite": f"dois/{mime}/{encoded}",
        }
        return Response(302, headers={"Location": f"{home}/{paths.get(agency, encoded)}"})


class DataciteServer(LoopbackServer):
    """DataCite's REST API: ``/dois/{doi}``, ``/dois?ids=…``, ``/dois?query=doi:…`` and CSL-JSON.

    records: JSON:API resources (``id``, ``type``, ``attributes``), as in ``data`` of an answer.
    limits: `DATACITE_LIMITS` by default. A 429 carries Retry-After in seconds, a record an ETag.
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
        wire = wire or Wire(
            json_type="application/json; charset=utf-8", flavour="seconds", etags=True
        )
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
        """The DOI of the path or of the query, or those of ``ids``."""
        if request.path == "/dois" and "ids" in request.params:
            return tuple(part.strip().lower() for part in request.params["ids"].split(","))
        text = request.params.get("query", "") if request.path == "/dois" else request.path
        doi = extract_doi(decode_path(text) if request.path != "/dois" else text.strip('"'))
        return () if doi is None else (doi,)

    def route(self, request: Request) -> Response:
        """``/dois``, ``/dois/{doi}`` and ``/dois/{type}/{doi}``."""
        if request.path == "/dois":
            return self._listed(request)
        if not request.path.startswith("/dois/"):
            return _missing()
        dois = self.asked_dois(request)
        record = self._records.get(dois[0]) if dois else None
        if record is None:
            return _missing()
        if decode_path(request.path).startswith(f"/dois/{_CSL}/"):
            return Response(200, payload=_csl(record["attributes"]), content_type=_CSL)
        return Response(200, payload={"data": record})

    def _listed(self, request: Request) -> Response:
        """The records in an order of their own, 25 of them unless ``page[size]`` says more."""
        there = sorted(doi for doi in set(self.asked_dois(request)) if doi in self._records)
        size = int(request.params.get("page[size]", 25))
        meta = {"total": len(there), "totalPages": -(-len(there) // max(size, 1)), "page": 1}
        data = [self._records[doi] for doi in reversed(there)][: min(size, 1000)]
        return Response(200, payload={"data": data, "meta": meta, "links": {}})


class OpenAlexServer(LoopbackServer):
    """OpenAlex: ``/works/doi:{doi}`` and ``/works?filter=doi:A|B``, with ``select``.

    works: work objects, found by their ``doi``.
    keys: the API keys that are known; another one gets 401.
    The other parameters are those of `LoopbackServer`; no limits by default.
    """

    def __init__(
        self,
        works: Iterable[Json] = (),
        *,
        keys: Iterable[str] = (),
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
        self._keys = frozenset(keys)
        self._works = {
            doi: work for work in works if (doi := extract_doi(str(work.get("doi")))) is not None
        }

    def refuse(self, request: Request) -> Response | None:
        """401 for a key that is not known."""
        key = request.params.get("api_key")
        if key is None or key in self._keys:
            return None
        return Response(401, payload={"error": "Invalid API key", "message": "It is not known."})

    def pool_and_key(self, request: Request) -> tuple[str, str]:
        """A key's own pool, or that of everybody."""
        key = request.params.get("api_key")
        return ("openalex-key" if key else "openalex"), key or request.client

    def limit_headers(self, limit: Limit, pool: str) -> dict[str, str]:
        """None that mean anything here."""
        return {}

    def is_single(self, request: Request) -> bool:
        """One work, not a list."""
        return request.path != "/works"

    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """The DOI of the path, or those of the filter."""
        if request.path != "/works":
            doi = extract_doi(decode_path(request.path))
            return () if doi is None else (doi,)
        name, _, value = request.params.get("filter", "").partition(":")
        if name != "doi":
            return ()
        found = (extract_doi(part) for part in value.split("|"))
        return tuple(doi for doi in found if doi is not None)

    def route(self, request: Request) -> Response:
        """``/works`` and ``/works/doi:{doi}``."""
        dois = self.asked_dois(request)
        if request.path == "/works":
            return self._listed(request, dois)
        work = self._works.get(dois[0]) if dois else None
        if work is None or not decode_path(request.path).startswith("/works/doi:"):
            return Response(404, _FLASK, "text/html; charset=utf-8")
        return Response(200, payload=_selected(work, request))

    def _listed(self, request: Request, dois: tuple[str, ...]) -> Response:
        """A page of works; 400 for another filter, or for too much at once."""
        size = int(request.params.get("per-page", 25))
        if not dois or len(dois) > 100 or not 1 <= size <= 100 or "," in request.params["filter"]:
            return Response(
                400, payload={"error": "Invalid query parameters error.", "message": ""}
            )
        there = sorted({doi for doi in dois if doi in self._works}, reverse=True)
        results = [_selected(self._works[doi], request) for doi in there[:size]]
        meta = {"count": len(there), "page": 1, "per_page": size}
        return Response(200, payload={"meta": meta, "results": results, "group_by": []})


_FLASK = (
    b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    b"<p>The requested URL was not found on the server. If you entered the URL manually please "
    b"check your spelling and try again.</p>\n"
)


def _selected(work: Json, request: Request) -> Json:
    names = request.params.get("select")
    return work if names is None else {name: work.get(name) for name in names.split(",")}


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
