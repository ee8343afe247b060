"""The listening socket and the reader of requests, below `tests.crossref_server.server`."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, cast

from tests.crossref_server.messages import Request


class Application(Protocol):
    """What the listener needs of a server."""

    errors: list[BaseException]

    def exchange(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        """Answer one request on the handler's connection."""


class Listener(ThreadingHTTPServer):
    """The listening socket of a `LoopbackServer`; knows its open connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # the default of 5 makes bursts of new connections wait seconds

    def __init__(self, port: int, app: Application) -> None:
        self.app = app
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server for this host's name, as the base class would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def break_connections(self) -> None:
        """Break every open connection, idle or not."""
        with self._guard:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep failures of the imitation for the test to see; clients may hang up at any time."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.app.errors.append(error)


class Handler(BaseHTTPRequestHandler):
    """Reads requests off a connection and hands them to the server."""

    protocol_version = "HTTP/1.1"
    # Without these two each answer takes 45 ms longer: headers and body go out in separate
    # packets, and the second waits for the delayed acknowledgement of the first.
    disable_nagle_algorithm = True
    wbufsize = -1

    raw_requestline: bytes

    def _answer(self) -> None:
        if int(self.headers.get("Content-Length") or 0) or "Transfer-Encoding" in self.headers:
            # A request body is never read: what follows it on the connection is lost.
            self.close_connection = True
        line = self.raw_requestline.rstrip(b"\r\n")
        words = line.split()
        target = words[1].decode("latin-1") if len(words) > 1 else "/"
        request = Request.parse(
            self.command, target, dict(self.headers.items()), self.client_address[0], len(line)
        )
        cast(Listener, self.server).app.exchange(self, request)

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, *_args: Any) -> None:
        """Nothing on standard error: the request log has it all."""
