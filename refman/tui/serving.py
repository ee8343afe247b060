"""The same screens in a browser, through textual-serve.

Each page that is opened runs a screen of its own. Who can reach the port can read and change the
library, so a request must name this very server (`Host`, and `Origin` where a browser sends it;
otherwise any web page could open a socket to a port of its visitor's machine), and away from the
loopback it must bring the token that the first address has.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

_COOKIE = "refman-token"


class LibraryServer(Server):
    """A server of one library's screens.

    `token` is what a browser must bring; None asks for none. `public_url` is the address that
    browsers use, where a proxy stands between.
    """

    def __init__(
        self,
        library: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        token: str | None = None,
        public_url: str | None = None,
    ) -> None:
        command = shlex.join(
            [sys.executable, "-m", "refman", "--library", str(library.resolve()), "tui"]
        )
        shown_host = f"[{host}]" if ":" in host else host
        super().__init__(
            command,
            host=host,
            port=port,
            title="refman",
            public_url=public_url or f"http://{shown_host}:{port}",
        )
        self._token = token
        self._names = {urlsplit(self.public_url).netloc}
        if host in ("127.0.0.1", "::1", "localhost"):
            self._names |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return self.public_url + (f"/?token={self._token}" if self._token else "/")

    def initialize_logging(self) -> None:
        """Only warnings, on standard error."""
        logging.basicConfig(level="WARNING", format="%(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the command does."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded())
        return app

    def _guarded(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            origin = request.headers.get("Origin")
            if request.host not in self._names or (
                origin is not None and urlsplit(origin).netloc not in self._names
            ):
                raise web.HTTPForbidden(text="This is refman's screen, under another name.\n")
            if self._token is None:
                return await handler(request)
            if self._is_token(request.query.get("token")) and request.path == "/":
                # The address in the browser's history no longer has the token.
                response = web.HTTPFound("/")
                response.set_cookie(_COOKIE, self._token, httponly=True, samesite="Strict")
                raise response
            if not self._is_token(request.cookies.get(_COOKIE)):
                raise web.HTTPForbidden(text="Open the address that `refman serve` printed.\n")
            return await handler(request)

        return guard

    def _is_token(self, given: str | None) -> bool:
        assert self._token is not None
        return given is not None and hmac.compare_digest(given.encode(), self._token.encode())


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)
