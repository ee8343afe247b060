"""The one HTTP client of refman: polite to those it asks, patient with what goes wrong.

`Net.fetch` makes the request of a source and gives back what was answered. In between it keeps to
the pace that the service grants (`refman.net.limits`), tries again what may be a passing trouble,
follows redirects by hand, and stops asking a host that has gone. It keeps no cookies, reads no
unbounded body, and puts neither addresses of requests nor those of people into its messages.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Self

import httpx

from refman import __version__
from refman.errors import ConfigError, SourceErred, SourceUnavailable
from refman.net.addresses import checked, origin, redirected
from refman.net.body import BodyBroken, BodyTooLarge, read_body, what_is_wrong
from refman.net.failures import Cause, Failures, Trouble
from refman.net.limits import Grant, default_grants, retry_after
from refman.net.pacing import BucketKey, LocalPacer, Pacer
from refman.ports import Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, *range(500, 600)})
"""Statuses that may be gone at the next try."""
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that are no longer true of an unpacked body."""
_ON_THE_WIRE = "http11.send_request_headers.started"
"""What httpx's transport calls the moment at which a connected request leaves."""
_CONNECT = 10.0
"""Most seconds for making a connection."""
_PATIENCE = 4
"""A whole answer may take so many times the timeout, which is for each single wait."""
_FIRST_BACKOFF = 1.0
_MAX_BACKOFF = 30.0
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSettings:
    """How requests are made. Raises `ConfigError` for a `mailto` that is no e-mail address."""

    mailto: str | None = None
    """Whom a service may write to; with it, Crossref serves us faster. None is built in."""
    offline: bool = False
    user_agent: str = ""
    """By default refman's name and version, and `mailto` where it is set."""
    timeout: float = 30.0
    """Seconds without any sign of the other side."""
    max_body: int = 64 * 1024 * 1024
    """Bytes of the largest answer that is read, unpacked."""
    retries: int = 4
    grants: Mapping[str, Grant] | None = None
    """Limits to begin with, by kind, until a service states its own; by default Crossref's."""
    on_wait: Callable[[str, float], None] | None = None
    """Told the host and the seconds when a service makes us wait, whether it says how long or
    leaves that to us."""
    transport: httpx.AsyncBaseTransport | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    """From 0 to 1."""

    def __post_init__(self) -> None:
        mailto = (self.mailto or "").strip() or None
        if mailto is not None and not _ADDRESS.fullmatch(mailto):
            raise ConfigError(
                "The contact address is not an e-mail address",
                "Set REFMAN_MAILTO to one, or unset it.",
            )
        object.__setattr__(self, "mailto", mailto)
        if not self.user_agent:
            contact = f"; mailto:{mailto}" if mailto else ""
            agent = f"refman/{__version__} (citation manager{contact})"
            object.__setattr__(self, "user_agent", agent)


class Net:
    """Makes requests; an asynchronous context manager, for one run and one event loop.

    `pacer` takes the place of the queue that this process keeps by itself.
    """

    def __init__(self, settings: NetSettings | None = None, pacer: Pacer | None = None) -> None:
        self._settings = settings or NetSettings()
        grants = self._settings.grants or default_grants(self._settings.mailto)
        self._pacer = pacer or LocalPacer(
            grants, clock=self._settings.clock, sleep=self._settings.sleep
        )
        self._failures = Failures()
        self._opened: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    async def fetch(self, request: Request) -> Response:
        """What a service answers: any status but 403, 429 and those from 500 on.

        Redirects are followed; `Response.url` is where they led. Raises `SourceRefused` for a 403
        or a redirect to where we do not go, `SourceUnavailable` where no answer is to be had,
        `ConfigError` for an address that we do not ask. It is `SourceErred` where the service
        answered each time, but with errors of its own or with what is broken or too large: a
        smaller question may help. Where the request accepts JSON, a web page or nothing at all
        in place of it is such an answer.
        """
        url = self._allowed(request.url)
        home, seen = origin(url), {url}
        for _ in range(MAX_REDIRECTS + 1):
            headers = self._headers(request, at_home=origin(url) == home)
            response = await self._ask(url, headers, request.kind)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or not location:
                return response
            url = redirected(url, location, self._settings.mailto)
            if url in seen:
                raise SourceUnavailable(f"{origin(url)} redirects in a circle")
            seen.add(url)
        raise SourceUnavailable(f"{home} redirects more than {MAX_REDIRECTS} times")

    @asynccontextmanager
    async def turn(self, url: str, kind: str) -> AsyncIterator[None]:
        """A turn for a request that something else makes, counted and paced like our own.

        Raises like `fetch` where the host is not to be asked.
        """
        host = origin(self._allowed(url))
        async with self._pacer.slot(BucketKey(host, kind), lambda: self._failures.check(host)):
            yield

    def _allowed(self, address: str) -> httpx.URL:
        """The address, if we are to ask it at all."""
        url = checked(address)
        if self._settings.offline:
            raise SourceUnavailable(
                f"Offline: {origin(url)} was not asked", "Unset REFMAN_OFFLINE to go online."
            )
        return url

    def _headers(self, request: Request, *, at_home: bool) -> dict[str, str]:
        """The headers of a request. What is meant for one service is not shown to another."""
        settings = self._settings
        own = {name.lower(): value for name, value in request.headers.items()}
        if at_home:
            return {"user-agent": settings.user_agent, **own}
        kept = {name: value for name, value in own.items() if name == "accept"}
        return {"user-agent": _anonymous(settings.user_agent, settings.mailto), **kept}

    async def _ask(self, url: httpx.URL, headers: Mapping[str, str], kind: str) -> Response:
        """The answer of one address, after as many tries as it takes and the settings allow."""
        key = BucketKey(origin(url), kind)
        # It takes a while to make, which would count as part of the first request's time.
        self._client()
        troubles: list[Trouble] = []
        tries = self._settings.retries + 1
        while len(troubles) < tries:
            if troubles:
                await self._settings.sleep(self._backoff(len(troubles)))
            async with self._pacer.slot(key, lambda: self._failures.check(key.host)) as sent:
                # The turn may have been long in coming.
                self._failures.check(key.host)
                found = await self._try(url, headers, key, sent)
            if isinstance(found, Response):
                self._failures.tried(key.host, None)
                return found
            self._failures.tried(key.host, found)
            troubles.append(found)
            tries = self._failures.patience(key.host, found, tries)
        raise self._failures.failed(key.host, troubles)

    def _backoff(self, attempt: int) -> float:
        """Seconds before a retry: anything up to a bound that doubles ("full jitter")."""
        bound = min(_MAX_BACKOFF, _FIRST_BACKOFF * 2.0 ** min(attempt - 1, 16))
        return self._settings.jitter() * bound

    async def _try(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        key: BucketKey,
        sent: Callable[[], None],
    ) -> Response | Trouble:
        """One request: its answer, or what went wrong if it may go right another time."""
        try:
            response = await self._exchange(url, headers, sent)
        except BodyTooLarge:
            size = self._settings.max_body / 1024 / 1024
            message = f"{key.host} sends more than {size:.4g} MB for one request"
            raise SourceErred(message) from None
        except BodyBroken as error:
            return Trouble(Cause.ERRED, f"does not answer properly: {error}")
        except TimeoutError:
            seconds = self._settings.timeout * _PATIENCE
            text = f"is too slow: its answer was not there in {seconds:g} s"
            return Trouble(Cause.SILENT, text)
        except httpx.HTTPError as error:
            return self._what_happened(error)
        self._pacer.learn(key, response.headers)
        return self._judged(response, key, headers.get("accept", ""))

    def _judged(self, response: Response, key: BucketKey, accept: str) -> Response | Trouble:
        """The answer if it is one; what is wrong with it, and the pace taken back, if not."""
        if response.status == 403:
            raise self._failures.refused(key.host)
        if response.status in _PASSING:
            return self._passing(response, key)
        self._pacer.served(key)
        wrong = what_is_wrong(response, accept) if response.status == 200 else None
        return Trouble(Cause.ERRED, wrong) if wrong else response

    def _passing(self, response: Response, key: BucketKey) -> Trouble:
        """What to make of an error that is the service's own, after telling whom it concerns."""
        wanted = retry_after(response.headers, datetime.now(UTC))
        if response.status != 429 and wanted is None:
            return Trouble(Cause.ERRED, f"has trouble of its own (status {response.status})")
        wait = self._pacer.back_off(key, wanted)
        if wait > 0 and self._settings.on_wait is not None:
            self._settings.on_wait(key.host, wait)
        if response.status == 429:
            return Trouble(Cause.BUSY, "asks for fewer requests (status 429)")
        return Trouble(Cause.BUSY, f"has trouble of its own (status {response.status})")

    async def _exchange(
        self, url: httpx.URL, headers: Mapping[str, str], sent: Callable[[], None]
    ) -> Response:
        """Send and read, without judging. Raises what httpx and the body's reader raise."""
        host = origin(url)

        async def trace(event: str, _details: Mapping[str, object]) -> None:
            if event == _ON_THE_WIRE:
                sent()

        async with (
            asyncio.timeout(self._settings.timeout * _PATIENCE),
            self._client().stream(
                "GET", url, headers=headers, extensions={"trace": trace}
            ) as answer,
        ):
            self._failures.reached(host)
            body = await read_body(answer, self._settings.max_body)
            return Response(
                status=answer.status_code,
                headers={
                    name.lower(): value
                    for name, value in answer.headers.items()
                    if name.lower() not in _OF_THE_WIRE
                },
                body=body,
                url=str(url),
            )

    def _what_happened(self, error: httpx.HTTPError) -> Trouble:
        """What made a request come to nothing, without any address in it."""
        if isinstance(error, httpx.ConnectTimeout):
            text = f"does not answer: no connection within {self._connecting:g} s"
            return Trouble(Cause.UNREACHED, text)
        if isinstance(error, httpx.TimeoutException):
            return Trouble(Cause.SILENT, f"does not answer within {self._settings.timeout:g} s")
        causes = list(_causes(error))
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            text = "cannot be found; is this machine connected to the internet?"
            return Trouble(Cause.UNREACHED, text)
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            text = "does not prove to be itself: its certificate is not valid"
            return Trouble(Cause.UNREACHED, text)
        if isinstance(error, httpx.ConnectError | httpx.ProxyError):
            return Trouble(Cause.UNREACHED, "does not answer: no connection could be made")
        return Trouble(Cause.SILENT, "does not answer properly: the connection broke")

    @property
    def _connecting(self) -> float:
        """Seconds that making a connection may take."""
        return min(_CONNECT, self._settings.timeout)

    def _client(self) -> httpx.AsyncClient:
        """The client, made when it is first needed: reading the certificates takes a while."""
        if self._opened is None:
            settings = self._settings
            self._opened = httpx.AsyncClient(
                transport=settings.transport,
                # Plain http stays on this machine, so no proxy may see it.
                mounts={"http://": None} if settings.transport is None else None,
                headers={"accept-encoding": "gzip"},
                timeout=httpx.Timeout(settings.timeout, connect=self._connecting, pool=None),
                # How many are used at once, and for how long, is decided by the pacer.
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                follow_redirects=False,
            )
        return self._opened


def _anonymous(agent: str, mailto: str | None) -> str:
    """A User-Agent without the contact address."""
    if mailto is None:
        return agent
    return agent.replace(f"; mailto:{mailto}", "").replace(f"mailto:{mailto}", "").strip()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those that led to it."""
    found: BaseException | None = error
    for _ in range(10):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__
