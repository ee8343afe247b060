"""`CrossrefServer`: the Crossref REST API over a set of works."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from tests.crossref_server.faults import Fault
from tests.crossref_server.limiter import (
    CROSSREF_LIMITS,
    PLUS,
    POLITE_ARRAY,
    POLITE_SINGLE,
    PUBLIC_ARRAY,
    PUBLIC_SINGLE,
    Limit,
)
from tests.crossref_server.listing import CURSOR_LIFETIME, Cursors, Lister
from tests.crossref_server.messages import Json, Request, Response
from tests.crossref_server.routes import Routes
from tests.crossref_server.server import LoopbackServer, Wire
from tests.crossref_server.speed import Speed
from tests.crossref_server.store import WorkStore


class CrossrefServer(LoopbackServer):
    """The Crossref REST API over a set of works.

    works: REST work objects, read at the first request. aliases: alias DOI -> prime DOI.
    limits: `CROSSREF_LIMITS` (the live ones) by default; `no_limits()` for tests not about pacing.
    agencies: DOI prefix -> agency id for ``/works/{doi}/agency`` of DOIs not among the works.
    plus_tokens: keys accepted in ``Crossref-Plus-API-Token: Bearer KEY``; others get 401.
    cursor_lifetime: seconds an unused cursor lives.
    glue_commas: what a comma inside a filter value does, see
        `tests.crossref_server.filters.split_filters`.
    The other parameters are those of `LoopbackServer`.
    """

    def __init__(
        self,
        works: Iterable[Json] = (),
        *,
        aliases: Mapping[str, str] | None = None,
        limits: Mapping[str, Limit] = CROSSREF_LIMITS,
        agencies: Mapping[str, str] | None = None,
        plus_tokens: Iterable[str] = (),
        cursor_lifetime: float = CURSOR_LIFETIME,
        glue_commas: bool = True,
        faults: Iterable[Fault] = (),
        speed: Speed | None = None,
        port: int = 0,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            limits=limits, faults=faults, speed=speed, port=port, wire=wire, clock=clock
        )
        self.store = WorkStore(works, aliases or {})
        lister = Lister(self.store, Cursors(cursor_lifetime, clock), glue_commas)
        self._routes = Routes(self.store, lister, agencies or {})
        self._plus_tokens = frozenset(plus_tokens)

    def pool_and_key(self, request: Request) -> tuple[str, str]:
        """Plus with a good token, polite with an address, else public."""
        token = self._token(request)
        if token is not None and token in self._plus_tokens:
            return PLUS, token
        single = self.is_single(request)
        address = request.mailto()
        if address is not None:
            return (POLITE_SINGLE if single else POLITE_ARRAY), address
        return (PUBLIC_SINGLE if single else PUBLIC_ARRAY), request.client

    def is_single(self, request: Request) -> bool:
        """One record, not a list; ``filter=doi:`` is a list whatever it finds."""
        return self._routes.is_single(request)

    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """By path or by ``filter=doi:``."""
        return self._routes.asked_dois(request)

    def refuse(self, request: Request) -> Response | None:
        """401 for a Plus token that is not known."""
        token = self._token(request)
        if token is None or token in self._plus_tokens:
            return None
        return Response(401, b"Unauthorized", "text/plain")

    def route(self, request: Request) -> Response:
        """See `tests.crossref_server.routes`."""
        return self._routes.answer(request)

    @staticmethod
    def _token(request: Request) -> str | None:
        value = request.headers.get("crossref-plus-api-token")
        return None if value is None else value.removeprefix("Bearer ").strip()
