"""Requests and responses as plain values, apart from sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

Json = dict[str, Any]

ROUTES_ALLOWED = "GET, HEAD, OPTIONS"
_MAILTO = re.compile(r"mailto:([^\s()<>,;@]+@[^\s()<>,;@]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+")
_DOI = re.compile(r"10\.\d{4,}/\S+")


@dataclass(frozen=True)
class Request:
    """One request.

    target: the request target as sent. path: its path, still percent-encoded, without the
    query, a ``/v1`` prefix and a trailing slash. params: query parameters, decoded, the last of
    several of one name. headers: names in lower case. client: address of the sender.
    line_bytes: length of the request line without its line end.
    """

    method: str
    target: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    client: str
    line_bytes: int

    @classmethod
    def parse(
        cls, method: str, target: str, headers: Mapping[str, str], client: str, line_bytes: int
    ) -> Request:
        """Take a request line apart; `target` is text whose code points are the bytes sent."""
        path, _, query = target.partition("?")
        path = re.sub(r"^https?://[^/]*", "", path).partition("#")[0]
        path = re.sub(r"^/v1(\.0)?(?=/|$)", "", path).rstrip("/")
        # Bytes above 127 are not allowed in a target but are sent by careless clients: as UTF-8.
        raw = query.encode("latin-1").decode("utf-8", "replace")
        params = dict(parse_qsl(raw, keep_blank_values=True, errors="replace"))
        lowered = {name.lower(): value for name, value in headers.items()}
        return cls(method, target, path, params, lowered, client, line_bytes)

    @property
    def user_agent(self) -> str:
        """The User-Agent header, empty when there is none."""
        return self.headers.get("user-agent", "")

    def mailto(self) -> str | None:
        """The contact address, lower case: ``mailto=`` first, else ``mailto:`` in User-Agent."""
        given = self.params.get("mailto", "").strip()
        if _ADDRESS.fullmatch(given):
            return given.lower()
        found = _MAILTO.search(self.user_agent)
        return found.group(1).lower() if found else None


def decode_path(raw: str) -> str:
    """Percent-decode a path once, as UTF-8."""
    return unquote_to_bytes(raw.encode("latin-1", "replace")).decode("utf-8", "replace")


def extract_doi(text: str) -> str | None:
    """The DOI in a text such as ``https://doi.org/10.5555/ABC``, lower-cased; None without one.

    As Crossref's server does: the first ``10.dddd/...`` up to white space, lower-cased, without
    characters that do not print.
    """
    found = _DOI.search(text)
    if found is None:
        return None
    return "".join(c for c in found.group().lower() if c.isprintable())


@dataclass(frozen=True)
class Response:
    """One answer.

    payload: JSON body, None when `body` is the body. from_edge: the answer comes from the load
    balancer, not from the API, and so carries no limit and no CORS headers.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    payload: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    from_edge: bool = False

    def with_headers(self, headers: Mapping[str, str]) -> Response:
        """The same answer with more headers."""
        return replace(self, headers={**self.headers, **headers})

    def encoded(self) -> bytes:
        """The body in bytes, before any compression."""
        if self.payload is None:
            return self.body
        return json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()


def ok(message_type: str, message: Any) -> Response:
    """200 in Crossref's envelope."""
    payload = {
        "status": "ok",
        "message-type": message_type,
        "message-version": "1.0.0",
        "message": message,
    }
    return Response(200, payload=payload)


def not_found() -> Response:
    """404 for a record that is not here: plain text, not JSON (observed 2026)."""
    return Response(404, b"Resource not found.", "text/plain")


def route_not_found() -> Response:
    """404 for a path that is no route: JSON."""
    payload = {
        "status": "error",
        "message-type": "route-not-found",
        "message-version": "1.0.0",
        "message": "Route not found",
    }
    return Response(404, payload=payload)


def failures(found: list[Json]) -> Response:
    """400 for failed validation: ``message`` is a list."""
    payload = {"status": "failed", "message-type": "validation-failure", "message": found}
    return Response(400, payload=payload)


def exception(name: str, description: str) -> Response:
    """500 with a stack trace in JSON and the name in a header."""
    stack = [f"org.crossref.api.{name}.handle({name}.java:{line})" for line in (211, 87, 42)]
    payload = {
        "status": "error",
        "message-type": "exception",
        "message-version": "1.0.0",
        "message": {
            "name": f"class java.lang.{name}",
            "description": description,
            "message": description,
            "stack": stack,
            "cause": None,
        },
    }
    return Response(500, payload=payload, headers={"Exception-Name": name})


def method_not_allowed() -> Response:
    """405: GET, HEAD and OPTIONS only."""
    return Response(405, b"Method not allowed.", "text/plain", headers={"Allow": ROUTES_ALLOWED})


def options() -> Response:
    """The answer to OPTIONS."""
    return Response(200, headers={"Allow": ROUTES_ALLOWED})


def html(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Response:
    """A page of the load balancer."""
    page = (
        f"<html><body><h1>{status} {reason}</h1>\n"
        "The request could not be answered.\n</body></html>\n"
    )
    return Response(status, page.encode(), "text/html", headers=headers or {}, from_edge=True)


def too_many(flavour: str, retry_after: str) -> Response:
    """429 in one of the looks seen: see `tests.crossref_server.faults.FLAVOURS`."""
    if flavour == "html":
        return html(429, "Too Many Requests")
    if flavour == "empty":
        return Response(429, from_edge=True)
    return Response(429, headers={"Retry-After": retry_after}, from_edge=True)
