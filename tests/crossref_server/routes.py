"""The routes of the Crossref REST API over a store of works."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from urllib.parse import quote

from tests.crossref_server.filters import FILTERS, Predicate, date_parts
from tests.crossref_server.listing import Lister
from tests.crossref_server.messages import (
    Json,
    Request,
    Response,
    decode_path,
    extract_doi,
    failures,
    not_found,
    ok,
    route_not_found,
)
from tests.crossref_server.store import WorkStore
from tests.crossref_server.transform import transform
from tests.crossref_server.validation import DEFAULT_ROWS, list_failures, single_failures
from tests.crossref_server.vocabulary import TYPES

_AGENCY_LABELS = {"crossref": "Crossref", "datacite": "DataCite", "medra": "mEDRA", "jalc": "JaLC"}
_TRANSFORM = re.compile(r"(.+)/transform(?:/(\w[\w.+-]*/\w[\w.+-]*))?", re.DOTALL)
_COLLECTIONS = ("journals", "members", "types", "prefixes", "funders")


def split_work_path(path: str) -> tuple[str, str, str]:
    """(DOI text, action, type) of a path below ``/works/``.

    action: "" for the record, "agency", or "transform" with the type named in the path ("" when
    the Accept header decides). Suffixes are looked for after decoding, so a DOI that ends in
    ``/agency`` cannot be asked for: the live service has the same hole.
    """
    text = decode_path(path.removeprefix("/works/"))
    if text.endswith("/agency"):
        return text.removesuffix("/agency"), "agency", ""
    found = _TRANSFORM.fullmatch(text)
    if found:
        return found.group(1), "transform", found.group(2) or ""
    return text, "", ""


class Routes:
    """Finds the answer to a request; knows nothing of sockets, limits or faults.

    agencies: DOI prefix -> id of the agency for ``/works/{doi}/agency`` (``datacite``).
    """

    def __init__(self, store: WorkStore, lister: Lister, agencies: Mapping[str, str]) -> None:
        self._store = store
        self._lister = lister
        self._agencies = dict(agencies)

    def is_single(self, request: Request) -> bool:
        """Whether the request counts as "single": one record, not a list."""
        parts = request.path.split("/")
        if request.path.startswith("/works/"):
            return True
        return len(parts) == 3 and parts[1] in _COLLECTIONS

    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """The DOIs a request asks for, lower-cased."""
        if request.path.startswith("/works/"):
            doi = self._find_doi(split_work_path(request.path)[0])
            return () if doi is None else (doi,)
        return self._lister.asked_dois(request.params)

    def answer(self, request: Request) -> Response:
        """The answer to a GET request."""
        path = request.path
        if path == "/works":
            return self._lister.answer(request.params)
        if path.startswith("/works/"):
            return self._work(request)
        parts = [decode_path(part) for part in path.split("/")[1:]]
        if not parts or parts[0] not in _COLLECTIONS:
            return route_not_found()
        if len(parts) == 1 and parts[0] != "prefixes":
            return self._collection(parts[0], request)
        # A funder's id may be a DOI, whose slash may come unencoded.
        works = len(parts) > 2 and parts[-1] == "works"
        name = "/".join(parts[1:-1] if works else parts[1:])
        if not name or (len(parts) > 2 and not works and parts[0] != "funders"):
            return route_not_found()
        return self._member_of(parts[0], name, works, request)

    # --- one work ---

    def _find_doi(self, text: str) -> str | None:
        """The DOI in a decoded path; a second decoding is tried when the first finds nothing.

        A DOI stored percent-encoded by a client (``%3C``) is found by this route even when it
        was encoded once more on its way, and not by ``filter=doi:``.
        """
        doi = extract_doi(text)
        if doi is None or self._known(doi) or "%" not in doi:
            return doi
        again = extract_doi(decode_path(doi))
        return again if again is not None and self._known(again) else doi

    def _known(self, doi: str) -> bool:
        return self._store.get(doi) is not None or self._store.alias_target(doi) is not None

    def _work(self, request: Request) -> Response:
        text, action, mime = split_work_path(request.path)
        wrong = single_failures(request.params)
        if wrong:
            return failures(wrong)
        doi = self._find_doi(text)
        if action == "agency":
            return self._agency(doi)
        if doi is None:
            return not_found()
        prime = self._store.alias_target(doi)
        if prime is not None:
            return _moved(prime, f"/transform/{mime}".rstrip("/") if action else "")
        work = self._store.get(doi)
        if work is None:
            return not_found()
        if action == "transform":
            return transform(work, mime or request.headers.get("accept", "*/*"))
        return ok("work", {**work, "score": 1})

    def _agency(self, doi: str | None) -> Response:
        if doi is None:
            return not_found()
        agency = "crossref" if self._known(doi) else self._agencies.get(doi.partition("/")[0])
        if agency is None:
            return not_found()
        label = _AGENCY_LABELS.get(agency, agency)
        return ok("work-agency", {"DOI": doi, "agency": {"id": agency, "label": label}})

    # --- journals, members, types, prefixes, funders: as far as the works tell ---

    def _member_of(self, kind: str, name: str, works: bool, request: Request) -> Response:
        """``/journals/{issn}`` and its like, or the works under it."""
        if not works:
            wrong = single_failures(request.params)
            if wrong:
                return failures(wrong)
        scope = _scope(kind, name)
        found = [] if scope is None else [work for work in self._store.all() if scope(work)]
        label = dict(TYPES).get(name) if kind == "types" else None
        if not found and label is None:
            return not_found()
        if works:
            return self._lister.answer(request.params, scope)
        if kind == "types":
            return ok("type", {"id": name, "label": label}) if label else not_found()
        return ok(_SINGULAR[kind], _DESCRIBE[kind](found, name))

    def _collection(self, kind: str, request: Request) -> Response:
        """``/journals`` and its like: every one the works name, ``query`` on its text."""
        wrong = list_failures(request.params, glue=False, works=False)
        if wrong:
            return failures(wrong)
        if kind == "types":
            items = [{"id": name, "label": label} for name, label in TYPES]
            return ok("type-list", {"total-results": len(items), "items": items})
        items = [_DESCRIBE[kind](works, name) for name, works in self._groups(kind).items()]
        query = request.params.get("query")
        if query:
            items = [item for item in items if query.lower() in str(item).lower()]
        start = int(request.params.get("offset", "0"))
        rows = int(request.params.get("rows", str(DEFAULT_ROWS)))
        message = {
            "total-results": len(items),
            "items": items[start : start + rows],
            "items-per-page": rows,
            "query": {"start-index": start, "search-terms": query},
        }
        return ok(f"{_SINGULAR[kind]}-list", message)

    def _groups(self, kind: str) -> dict[str, list[Json]]:
        """id -> works, in order of the ids."""
        found: dict[str, list[Json]] = {}
        for work in self._store.all():
            for name in _GROUP_IDS[kind](work):
                found.setdefault(name, []).append(work)
        return dict(sorted(found.items()))


def _moved(prime: str, action: str) -> Response:
    """301 to the prime DOI's record, the query dropped (since February 2025)."""
    location = f"/works/{quote(prime, safe='')}{action}"
    return Response(301, headers={"Location": location})


def _scope(kind: str, name: str) -> Predicate | None:
    """The works under a journal, member, type, prefix or funder; None for an id out of form."""
    filter_name = {"journals": "issn", "members": "member", "types": "type"}.get(kind, kind)
    filter_name = {"prefixes": "prefix", "funders": "funder"}.get(filter_name, filter_name)
    validate, build = FILTERS[filter_name]
    return None if validate(name) else build(name)


_SINGULAR = {"journals": "journal", "members": "member", "prefixes": "prefix", "funders": "funder"}


def _journal(works: list[Json], issn: str) -> Json:
    newest = works[0]
    years = Counter(year for work in works for year in date_parts(work, "issued")[:1])
    return {
        "title": (newest.get("container-title") or [""])[0],
        "publisher": newest.get("publisher"),
        "ISSN": newest.get("ISSN") or [issn],
        "issn-type": newest.get("issn-type") or [],
        "subjects": [{"name": name, "ASJC": 0} for name in newest.get("subject") or []],
        "counts": {"total-dois": len(works), "current-dois": 0, "backfile-dois": len(works)},
        "coverage": {
            "abstracts-current": _share(works, "abstract"),
            "references-current": _share(works, "reference"),
            "orcids-current": 0.0,
        },
        "breakdowns": {"dois-by-issued-year": [list(pair) for pair in years.most_common()]},
        "last-status-check-time": 1_780_000_000_000,
        "flags": {"deposits": True},
    }


def _share(works: list[Json], name: str) -> float:
    return sum(1 for work in works if work.get(name)) / len(works)


def _member(works: list[Json], name: str) -> Json:
    prefixes = sorted({str(work.get("prefix")) for work in works})
    return {
        "id": int(name),
        "primary-name": works[0].get("publisher"),
        "names": sorted({str(work.get("publisher")) for work in works}),
        "prefixes": prefixes,
        "counts": {"total-dois": len(works), "current-dois": 0, "backfile-dois": len(works)},
        "last-status-check-time": 1_780_000_000_000,
    }


def _prefix(works: list[Json], name: str) -> Json:
    return {
        "prefix": f"https://id.crossref.org/prefix/{name}",
        "name": works[0].get("publisher"),
        "member": f"https://id.crossref.org/member/{works[0].get('member')}",
    }


def _funder(works: list[Json], name: str) -> Json:
    wanted = name.rpartition("/")[2]
    names = [
        str(funder.get("name"))
        for work in works
        for funder in work.get("funder") or []
        if str(funder.get("DOI", "")).rpartition("/")[2] == wanted
    ]
    return {
        "id": wanted,
        "name": names[0] if names else "",
        "uri": f"https://doi.org/10.13039/{wanted}",
        "work-count": len(works),
    }


_DESCRIBE: dict[str, Callable[[list[Json], str], Json]] = {
    "journals": _journal,
    "members": _member,
    "prefixes": _prefix,
    "funders": _funder,
}
_GROUP_IDS: dict[str, Callable[[Json], list[str]]] = {
    "journals": lambda work: (work.get("ISSN") or [])[:1],
    "members": lambda work: [str(work["member"])] if work.get("member") else [],
    "funders": lambda work: [f["DOI"] for f in work.get("funder") or [] if f.get("DOI")],
}
