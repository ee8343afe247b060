"""The machinery of every server here: life cycle, and one request from arrival to answer.

HTTP/1.1 with keep-alive on 127.0.0.1, one thread for each connection.
"""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Self

from tests.crossref_server import mishaps, sending
from tests.crossref_server.faults import Fault, FaultBox, FaultName
from tests.crossref_server.limiter import Admission, Limit, Limiter
from tests.crossref_server.listener import Listener
from tests.crossref_server.log import LogEntry, RequestLog
from tests.crossref_server.messages import (
    Request,
    Response,
    html,
    method_not_allowed,
    options,
    too_many,
)
from tests.crossref_server.speed import Pace, Speed

MAX_LINE = 4096
"""Longest request line in bytes (Crossref staff, 2017); longer ones get 414."""

_POLL = 0.02  # seconds between looks at the stop flag; decides how long a shutdown takes


@dataclass(frozen=True)
class Wire:
    """Details of the answers that may differ between deployments.

    json_type: content type of JSON (``application/json;charset=utf-8`` is seen too).
    flavour: look of the limiter's own 429, see `tests.crossref_server.faults.FLAVOURS`.
    max_line: longest request line in bytes. long_line_status: 414, or 403 as once seen in 2026.
    etags: whether answers carry a validator, and one that still holds gets 304.
    """

    json_type: str = "application/json"
    flavour: str = "empty"
    max_line: int = MAX_LINE
    long_line_status: int = 414
    etags: bool = False


class LoopbackServer(ABC):
    """An imitation of a web service on 127.0.0.1.

    Use it in a ``with`` block, or call `start` and `stop`. Parameters of all servers:

    limits: pool -> `Limit`; pools without an entry are unlimited.
    faults: faults switched on from the start; `faults` of the server takes more at any time.
    speed: how long answers take; nothing by default.
    port: 0 for a free one. wire: see `Wire`.
    clock: seconds, for the limiter, the log and cursors; a test may give its own.
    """

    def __init__(
        self,
        *,
        limits: Mapping[str, Limit],
        faults: Iterable[Fault] = (),
        speed: Speed | None = None,
        port: int = 0,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self.wire = wire or Wire()
        self.limiter = Limiter(limits, clock)
        self.log = RequestLog()
        self.errors: list[BaseException] = []
        self._pace = Pace(speed or Speed())
        self._alterations = mishaps.Alterations()
        self._stopping = threading.Event()
        self._lock = threading.RLock()
        self._wanted_port = port
        self._port = 0
        self._listener: Listener | None = None
        self._holder: socket.socket | None = None
        self._started = False
        self.faults = FaultBox(self._faults_changed)
        for fault in faults:
            self.faults.add(fault)

    # --- what a service must say ---

    @abstractmethod
    def pool_and_key(self, request: Request) -> tuple[str, str]:
        """The pool a request counts in and whose allowance it uses."""

    @abstractmethod
    def is_single(self, request: Request) -> bool:
        """Whether a request is for one record."""

    @abstractmethod
    def asked_dois(self, request: Request) -> tuple[str, ...]:
        """DOIs asked for, lower-cased, for the log."""

    @abstractmethod
    def route(self, request: Request) -> Response:
        """The answer to a GET request when nothing is in its way."""

    def refuse(self, request: Request) -> Response | None:
        """An answer that comes before everything else, for instance 401."""
        return None

    def limit_headers(self, limit: Limit, pool: str) -> dict[str, str]:
        """Headers that tell the client its limits."""
        return limit.headers(pool)

    # --- life cycle ---

    @property
    def port(self) -> int:
        """The port listened on, the same after a time of refused connections."""
        return self._port

    @property
    def url(self) -> str:
        """Base URL without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def unresolvable_url(self) -> str:
        """A base URL whose host has no address: what a failing name server looks like."""
        return f"http://api.crossref.invalid:{self._port}"

    def start(self) -> Self:
        """Listen, in a thread of its own."""
        self._stopping.clear()
        self._started = True
        self._listen(self._wanted_port)
        self._faults_changed(self.faults)
        return self

    def stop(self) -> None:
        """Stop listening, break open connections, let waiting answers go."""
        self._started = False
        self._stopping.set()
        self._hang_up()
        if self._holder is not None:
            self._holder.close()
            self._holder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if error is None and self.errors:
            # A failure of the imitation itself must not pass for a failure of the service.
            raise RuntimeError("the server failed while answering") from self.errors[0]

    def fault(
        self, name: Fault | FaultName | str, **parameters: object
    ) -> AbstractContextManager[Fault]:
        """Switch a fault on for a ``with`` block: short for ``server.faults.on``."""
        return self.faults.on(name, **parameters)

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def _listen(self, port: int) -> None:
        with self._lock:
            if self._holder is not None:
                self._holder.close()
                self._holder = None
            self._listener = Listener(port, self)
            self._port = self._listener.server_port
            threading.Thread(
                target=self._listener.serve_forever,
                kwargs={"poll_interval": _POLL},
                name=f"{type(self).__name__}:{self._port}",
                daemon=True,
            ).start()

    def _hang_up(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown()
            listener.server_close()
            listener.break_connections()

    def _faults_changed(self, box: FaultBox) -> None:
        """Refuse connections while CONNECT_REFUSED is on."""
        if not self._started:
            return
        refusing = box.is_on(FaultName.CONNECT_REFUSED)
        if refusing and self._listener is not None:
            self._hang_up()
            # A bound socket that does not listen refuses connections and keeps the port ours.
            self._holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._holder.bind(("127.0.0.1", self._port))
        elif not refusing and self._listener is None:
            self._listen(self._port)

    # --- one request ---

    def exchange(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        """Answer one request on the handler's connection, and log it."""
        single = self.is_single(request)
        dois = self.asked_dois(request)
        pool, key = self.pool_and_key(request)
        faults = self.faults.strike(dois, "single" if single else "array")
        admission = self.limiter.enter(pool, key, self._changed_limit(faults))
        release = _Once(lambda: self.limiter.leave(pool, key))
        try:
            number = self.log.add(self._entry(request, dois, pool, key, admission, faults))
            stall = mishaps.any_of(faults, FaultName.STALL)
            if stall is not None:
                self.pause(stall.wait)
            now = time.time() + mishaps.clock_jump(faults)
            response = self._decide(request, admission, faults, now)
            headers = {"Server": "nginx", "Date": formatdate(now, usegmt=True)}
            if not response.from_edge:
                limits = self.limit_headers(admission.limit, pool)
                headers |= mishaps.change_limit_headers(limits, faults)
                headers["access-control-allow-origin"] = "*"
            parcel = sending.pack(
                response,
                headers,
                faults,
                request.headers.get("accept-encoding", ""),
                self.wire.json_type,
                with_body=request.method != "HEAD",
            )
            self.pause(self._pace.delay(single, len(parcel.body)))
            if mishaps.any_of(faults, FaultName.CUT_BEFORE_HEADERS) is None:
                self.log.set_status(number, response.status)
            sending.send(handler, parcel, faults, release, self.pause)
        finally:
            release()

    def _entry(
        self,
        request: Request,
        dois: tuple[str, ...],
        pool: str,
        key: str,
        admission: Admission,
        faults: list[Fault],
    ) -> LogEntry:
        return LogEntry(
            time=self.clock(),
            method=request.method,
            path=request.target,
            pool=pool,
            key=key,
            in_flight=admission.in_flight,
            in_flight_total=admission.in_flight_total,
            path_bytes=len(request.target),
            line_bytes=request.line_bytes,
            dois=dois,
            refused=admission.refused,
            faults=tuple(fault.name.value for fault in faults),
            user_agent=request.user_agent,
        )

    def _changed_limit(self, faults: list[Fault]) -> Limit | None:
        """The limit LIMIT_CHANGE puts in place of the pool's: 1 in 10 s unless it says another."""
        fault = mishaps.any_of(faults, FaultName.LIMIT_CHANGE)
        if fault is None:
            return None
        return fault.limit or Limit(rate=1, interval=fault.wait, concurrency=1)

    def _decide(
        self, request: Request, admission: Admission, faults: list[Fault], now: float
    ) -> Response:
        """The answer: refusals first, then faults, then the route changed by faults."""
        if request.line_bytes > self.wire.max_line:
            return html(self.wire.long_line_status, "Request-URI Too Long")
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return method_not_allowed()
        if request.method == "OPTIONS":
            return options()
        refusal = self.refuse(request)
        if refusal is not None:
            return refusal
        if admission.refused is not None:
            flavour = self.wire.flavour
            return too_many(flavour, mishaps.retry_after(flavour, admission.retry_after, now))
        for fault in faults:
            replaced = mishaps.replacement(fault, request, now)
            if replaced is not None:
                return replaced
        response = self.route(request)
        for fault in faults:
            response = self._alterations.apply(fault, request, response)
        return _validated(request, response) if self.wire.etags else response


def _validated(request: Request, response: Response) -> Response:
    """The answer with its ETag, or 304 where the client has it already (RFC 9110, 13)."""
    if response.status != 200 or response.from_edge:
        return response
    tag = f'W/"{hashlib.sha256(response.encoded()).hexdigest()[:32]}"'
    held = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    if tag in held:
        return Response(304, headers={"ETag": tag})
    return response.with_headers({"ETag": tag})


class _Once:
    """Calls a function the first time it is called, and does nothing after that."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function: Callable[[], None] | None = function

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()
