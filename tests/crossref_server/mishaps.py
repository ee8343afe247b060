"""What the faults do to an answer: replace it, change its message, or change its headers.

Faults of the connection itself (cut, slow, short) are in `tests.crossref_server.sending`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import formatdate
from urllib.parse import quote

from tests.crossref_server.faults import Fault, FaultName
from tests.crossref_server.messages import (
    Json,
    Request,
    Response,
    exception,
    html,
    too_many,
)

LOST_DOI = "10.5555/there-is-nothing-here"
"""Where REDIRECT_TO_404 leads."""

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def retry_after(flavour: str, seconds: float, now: float) -> str:
    """Text of Retry-After: an HTTP date for the flavour "date", else whole seconds, rounded up."""
    if flavour == "date":
        return formatdate(math.ceil(now + seconds), usegmt=True)
    return str(math.ceil(seconds))


def replacement(fault: Fault, request: Request, now: float) -> Response | None:
    """The answer a fault gives in place of the true one, None when it leaves that alone.

    now: the server's wall clock, for dates.
    """
    if fault.name in _FIXED:
        return _FIXED[fault.name]
    match fault.name:
        case FaultName.TOO_MANY:
            return too_many(fault.flavour, retry_after(fault.flavour, fault.wait, now))
        case FaultName.RETRY_AFTER_HUGE:
            flavour = "date" if fault.flavour == "date" else "seconds"
            return too_many(flavour, retry_after(flavour, fault.wait, now))
        case FaultName.UNAVAILABLE:
            headers = {} if fault.seconds is None else {"Retry-After": str(math.ceil(fault.wait))}
            return html(503, "Service Unavailable", headers)
        case _:
            return _redirect(fault, request.target.partition("?")[0])


_FIXED = {
    FaultName.BLOCKED: html(403, "Forbidden"),
    FaultName.UNAUTHORIZED: Response(401, b"Unauthorized", "text/plain"),
    FaultName.SERVER_EXCEPTION: exception("NullPointerException", "the index did not answer"),
    FaultName.BAD_GATEWAY: html(502, "Bad Gateway"),
    FaultName.GATEWAY_TIMEOUT: html(504, "Gateway Time-out"),
    FaultName.HTML_OK: html(200, "Down for maintenance"),
    FaultName.EMPTY_OK: Response(200, b"", "application/json"),
}


def _redirect(fault: Fault, path: str) -> Response | None:
    """301 for the faults that lead astray; a Location never carries the query."""
    lost = f"/works/{quote(LOST_DOI, safe='')}"
    match fault.name:
        case FaultName.REDIRECT_LOOP:
            location = path
        case FaultName.REDIRECT_OTHER_HOST | FaultName.DNS_FAILURE:
            location = fault.value + path
        case FaultName.REDIRECT_TO_404 if path != lost:
            location = lost
        case _:
            return None
    return Response(301, headers={"Location": location})


class Alterations:
    """Changes to the message of a true answer; remembers how often a record was changed."""

    def __init__(self) -> None:
        self._changes: dict[str, int] = {}
        self._lock = threading.Lock()

    def apply(self, fault: Fault, request: Request, response: Response) -> Response:
        """`response` with its message changed by `fault`, itself when that does not apply.

        Only 200 answers with a record or a list of records are changed.
        """
        payload = response.payload
        if response.status != 200 or not isinstance(payload, dict):
            return response
        message = payload.get("message")
        if not isinstance(message, dict):
            return response
        if fault.name is FaultName.MESSAGE_LIST:
            return replace(response, payload={**payload, "message": _odd_list()})
        changed = self._change(fault, request, message)
        return replace(response, payload={**payload, "message": changed})

    def _change(self, fault: Fault, request: Request, message: Json) -> Json:
        items = message.get("items")
        match fault.name:
            case FaultName.WRONG_TOTAL if items is not None:
                return {**message, "total-results": message["total-results"] + fault.amount}
            case FaultName.CURSOR_REPEATS if request.params.get("cursor", "*") != "*":
                # The first page keeps its true cursor; from then on nothing moves.
                return {**message, "next-cursor": request.params["cursor"]}
            case FaultName.MISSING_ITEMS if items is not None:
                return _without_items(fault, message)
            case FaultName.DUPLICATE_ITEMS if items:
                return {**message, "items": [*items, *items[: fault.amount]]}
            case FaultName.WRONG_DOI:
                return _each(message, lambda work: {**work, "DOI": fault.value}, first_only=True)
            case FaultName.HUGE_RECORD:
                filler = _filler(fault.amount)
                return _each(message, lambda work: {**work, "abstract": filler}, first_only=True)
            case FaultName.CHANGING_RECORD:
                return _each(message, self._reindexed, first_only=False)
            case _:
                return message

    def _reindexed(self, work: Json) -> Json:
        """The record with its indexed date one more day later than at the last call."""
        doi = str(work.get("DOI", ""))
        with self._lock:
            self._changes[doi] = days = self._changes.get(doi, 0) + 1
        old = str((work.get("indexed") or {}).get("date-time", "2026-01-01T00:00:00Z"))
        moved = datetime.strptime(old[:19] + "Z", _STAMP) + timedelta(days=days)
        indexed = {
            "date-parts": [[moved.year, moved.month, moved.day]],
            "date-time": moved.strftime(_STAMP),
            "timestamp": int((moved - datetime(1970, 1, 1)).total_seconds() * 1000),
        }
        return {**work, "indexed": indexed}


def _odd_list() -> list[Json]:
    """A message of the form of a validation failure, though the status is 200."""
    return [{"type": "unknown", "value": "", "message": "The request could not be understood"}]


def _each(message: Json, change: Callable[[Json], Json], first_only: bool) -> Json:
    """Apply `change` to the record, or to the records (or the first) of a list."""
    items = message.get("items")
    if items is None:
        return change(message)
    count = 1 if first_only else len(items)
    return {**message, "items": [*map(change, items[:count]), *items[count:]]}


def _without_items(fault: Fault, message: Json) -> Json:
    """The list without the fault's DOIs, or without its first items, as if never registered."""
    items = message["items"]
    kept = (
        [work for work in items if str(work.get("DOI")) not in fault.dois]
        if fault.dois
        else items[fault.amount :]
    )
    total = message["total-results"] - (len(items) - len(kept))
    return {**message, "items": kept, "total-results": total}


def _filler(size: int) -> str:
    """`size` characters of an abstract; packs to almost nothing."""
    sentence = "The same sentence again and again. "
    return "<jats:p>" + (sentence * (size // len(sentence) + 1))[:size] + "</jats:p>"


def clock_jump(faults: Sequence[Fault]) -> float:
    """Seconds the server's wall clock is off by."""
    return sum(fault.wait for fault in faults if fault.name is FaultName.CLOCK_JUMP)


def change_limit_headers(headers: dict[str, str], faults: Sequence[Fault]) -> dict[str, str]:
    """The limit headers as the faults leave them."""
    for fault in faults:
        if fault.name is FaultName.LIMIT_HEADERS_ABSENT:
            headers = {}
        elif fault.name is FaultName.LIMIT_HEADERS_GARBAGE:
            headers = dict.fromkeys(headers, fault.value)
    return headers


def any_of(faults: Sequence[Fault], name: FaultName) -> Fault | None:
    """The first fault of a name."""
    return next((fault for fault in faults if fault.name is name), None)
