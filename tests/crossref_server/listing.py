"""Lists of works: filter, query, order, page, select and facets of ``/works`` and its kin."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.crossref_server.filters import (
    Pair,
    Predicate,
    build_predicate,
    date_parts,
    split_filters,
    values_at,
)
from tests.crossref_server.messages import (
    Json,
    Response,
    exception,
    extract_doi,
    failures,
    not_found,
    ok,
)
from tests.crossref_server.store import WorkStore, sort_key
from tests.crossref_server.validation import DEFAULT_ROWS, list_failures
from tests.crossref_server.vocabulary import FACETS

CURSOR_LIFETIME = 300.0
"""Seconds an unused cursor lives, from the REST API documentation."""


@dataclass
class _Place:
    """Where a cursor token leads: the query it belongs to, the next item, when last used."""

    query: str
    offset: int
    used: float


class Cursors:
    """Opaque cursor tokens. A token may be used again until it has rested `lifetime` seconds."""

    def __init__(self, lifetime: float, clock: Callable[[], float]) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def issue(self, query: str, offset: int) -> str:
        """A new token. It holds ``+`` and ends in ``=`` so that sending it unencoded fails."""
        with self._lock:
            seed = hashlib.sha1(f"{query} {offset} {len(self._places)}".encode()).digest()
            token = "DnF1+" + base64.b64encode(seed).decode()
            self._places[token] = _Place(query, offset, self._clock())
            return token

    def find(self, token: str, query: str) -> int | str:
        """The offset a token leads to, or why not: "expired" or "unknown".

        A token used with other parameters than it was made for is unknown.
        """
        with self._lock:
            place = self._places.get(token)
            now = self._clock()
            if place is None or place.query != query:
                return "unknown"
            if now - place.used > self._lifetime:
                return "expired"
            place.used = now
            return place.offset


class Lister:
    """Answers list requests over a store."""

    def __init__(self, store: WorkStore, cursors: Cursors, glue: bool) -> None:
        self._store = store
        self._cursors = cursors
        self._glue = glue

    def filters(self, params: Mapping[str, str]) -> list[Pair]:
        """The filters of a request as far as they can be read."""
        return split_filters(params.get("filter", ""), self._glue) or []

    def asked_dois(self, params: Mapping[str, str]) -> tuple[str, ...]:
        """DOIs named by ``filter=doi:``, lower-cased."""
        named = (value for name, value in self.filters(params) if name == "doi")
        return tuple(doi for doi in map(extract_doi, named) if doi is not None)

    def answer(self, params: Mapping[str, str], scope: Predicate | None = None) -> Response:
        """A ``work-list``; `scope` restricts it (``/journals/{issn}/works``)."""
        wrong = list_failures(params, self._glue)
        if wrong:
            return failures(wrong)
        if params.get("cursor") and params.get("rows") == "0":
            # Observed: the server does not guard against this and fails.
            return exception("IllegalArgumentException", "rows must be > 0 when a cursor is used")
        matching, scores = self._matching(params, scope)
        start = self._start(params, scope)
        if isinstance(start, Response):
            return start
        items = self._page(params, matching, start)
        message = {
            "facets": _facets(params, matching),
            "total-results": len(matching),
            "items": [_item(work, scores, params.get("select")) for work in items],
            "items-per-page": _rows(params),
            "query": {"start-index": start, "search-terms": params.get("query")},
        }
        if "cursor" in params:
            token = self._cursors.issue(_signature(params), start + len(items))
            message["next-cursor"] = token
        return ok("work-list", message)

    def _matching(
        self, params: Mapping[str, str], scope: Predicate | None
    ) -> tuple[list[Json], dict[str, float]]:
        """Records that match, in order, and the scores of those found by a query."""
        pairs = self.filters(params)
        works = self._candidates(params, pairs)
        test = build_predicate([pair for pair in pairs if pair[0] != "doi"])
        works = [work for work in works if test(work) and (scope is None or scope(work))]
        scores: dict[str, float] = {}
        queries = _queries(params)
        for field, text in queries.items():
            found = self._store.scores(field, text)
            works = [work for work in works if work["DOI"] in found]
            for doi, score in found.items():
                scores[doi] = scores.get(doi, 0.0) + score
        field = params.get("sort", "score" if queries else "")
        if field:
            ascending = params.get("order") in ("asc", "1")
            works = sorted(works, key=sort_key(field, scores), reverse=not ascending)
        return works, scores

    def _candidates(self, params: Mapping[str, str], pairs: Sequence[Pair]) -> list[Json]:
        """All records, or those named by DOI: a batch of 50 need not go through all of them."""
        if not any(name == "doi" for name, _ in pairs):
            return self._store.all()
        named = (self._store.get(doi) for doi in set(self.asked_dois(params)))
        works = [work for work in named if work is not None]
        return sorted(works, key=lambda w: hashlib.sha1(w["DOI"].encode()).digest())

    def _start(self, params: Mapping[str, str], scope: Predicate | None) -> int | Response:
        """Index of the first item, or the answer to a cursor that leads nowhere."""
        token = params.get("cursor", "*")
        if token == "*":
            return int(params.get("offset", "0"))
        place = self._cursors.find(token, _signature(params))
        if isinstance(place, int):
            return place
        if place == "expired":
            return not_found()  # observed 2022: the plain text of a missing record
        text = "Unable to parse cursor: value must either be '*' or the next cursor returned"
        return exception("RemoteSolrException", f"{text} by a previous search: {token}")

    def _page(self, params: Mapping[str, str], works: list[Json], start: int) -> list[Json]:
        if "sample" in params:
            count = min(int(params["sample"]), len(works))
            return random.sample(works, count)
        return works[start : start + _rows(params)]


def _rows(params: Mapping[str, str]) -> int:
    """Items asked for; ``sample`` takes the place of ``rows``."""
    return int(params.get("rows", params.get("sample", str(DEFAULT_ROWS))))


def _queries(params: Mapping[str, str]) -> dict[str, str]:
    """Query field -> text; "" for plain ``query``. Blank texts ask for nothing."""
    named = {
        name.removeprefix("query").removeprefix("."): text
        for name, text in params.items()
        if name == "query" or name.startswith("query.")
    }
    return {field: text for field, text in named.items() if text.strip()}


def _signature(params: Mapping[str, str]) -> str:
    """What a cursor belongs to: the parameters that decide which records match."""
    kept = {k: v for k, v in params.items() if k not in ("cursor", "rows", "mailto", "select")}
    return repr(sorted(kept.items()))


def _item(work: Json, scores: Mapping[str, float], select: str | None) -> Json:
    item = {**work, "score": scores.get(work["DOI"], 0.0)}
    if select is None:
        return item
    return {name: item[name] for name in select.split(",") if name in item}


def _facets(params: Mapping[str, str], works: Sequence[Json]) -> Json:
    """Counts of the values of the facets asked for, most frequent first."""
    text = params.get("facet")
    if text is None:
        return {}
    wanted = dict.fromkeys(FACETS, "*")
    if ":" in text and not text.startswith("*"):
        wanted = dict(split_filters(text, glue=False) or [])
    found: Json = {}
    for name, most in wanted.items():
        counts = Counter(value for work in works for value in set(_facet_values(work, name)))
        limit = None if most == "*" else int(most) if most.isdigit() else DEFAULT_ROWS
        found[name] = {"value-count": len(counts), "values": dict(counts.most_common(limit))}
    return found


def _facet_values(work: Json, name: str) -> list[str]:
    if name == "published":
        return [str(year) for year in date_parts(work, "issued")[:1]]
    if name == "relation-type":
        return list(work.get("relation") or {})
    return [str(value) for value in values_at(work, FACETS[name])]
