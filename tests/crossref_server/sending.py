"""From a `Response` to bytes on a socket, with the faults of the connection."""

from __future__ import annotations

import gzip
import os
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from tests.crossref_server.faults import Fault, FaultName
from tests.crossref_server.messages import Response
from tests.crossref_server.mishaps import any_of


@dataclass(frozen=True)
class Parcel:
    """What is to be sent: status, headers, body after compression, and whether to send the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    with_body: bool


def pack(
    response: Response,
    headers: Mapping[str, str],
    faults: Sequence[Fault],
    accept_encoding: str,
    json_type: str,
    with_body: bool,
) -> Parcel:
    """Encode, truncate if a fault says so, and compress.

    headers: those of the server; the response's own come on top. json_type: content type of JSON
    bodies without one of their own. with_body: False for HEAD, whose headers are those of GET.
    """
    body = response.encoded()
    if any_of(faults, FaultName.TRUNCATED_JSON):
        body = body[: len(body) // 2]
    flood = any_of(faults, FaultName.FLOOD)
    found = {**headers, **response.headers}
    kind = response.content_type or (json_type if response.payload is not None else None)
    if kind is not None:
        found["Content-Type"] = kind
    if body and flood is None and "gzip" in accept_encoding.lower():
        body = gzip.compress(body, compresslevel=1, mtime=0)
        found["Content-Encoding"] = "gzip"
        found["Vary"] = "Accept-Encoding"
    found["Content-Length"] = str(len(body) + (flood.amount if flood else 0))
    return Parcel(response.status, found, body, with_body)


def send(
    handler: BaseHTTPRequestHandler,
    parcel: Parcel,
    faults: Sequence[Fault],
    release: Callable[[], None],
    pause: Callable[[float], None],
) -> None:
    """Write a parcel to the handler's connection.

    release: called just before the last bytes go out, to free the place among the requests in
        flight; after them the client may send its next request before this thread goes on.
    pause: waits so many seconds, less when the server stops.
    """
    if any_of(faults, FaultName.CUT_BEFORE_HEADERS):
        handler.close_connection = True
        return
    handler.send_response_only(parcel.status)
    for name, value in parcel.headers.items():
        handler.send_header(name, value)
    body = parcel.body if parcel.with_body else b""
    half = len(body) // 2
    slow = any_of(faults, FaultName.SLOW_BODY)
    if any_of(faults, FaultName.RESET_MID_BODY):
        _write(handler, body[:half])
        release()
        _reset(handler)
    elif any_of(faults, FaultName.SHORT_BODY):
        release()
        _write(handler, body[:half])
        handler.close_connection = True
    elif (flood := any_of(faults, FaultName.FLOOD)) is not None:
        release()
        _flood(handler, body, flood.amount)
    elif slow is not None:
        _drip(handler, body, slow, release, pause)
    else:
        release()
        _write(handler, body)


def _write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Headers (if not yet sent) and a body, at once."""
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def _flood(handler: BaseHTTPRequestHandler, body: bytes, size: int) -> None:
    """The body after so many bytes of the space that JSON allows, none of them held at once."""
    _write(handler, b"")
    piece = b" " * 65536
    for start in range(0, size, len(piece)):
        handler.wfile.write(piece[: size - start])
    handler.wfile.write(body)
    handler.wfile.flush()


def _drip(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    fault: Fault,
    release: Callable[[], None],
    pause: Callable[[float], None],
) -> None:
    """Headers at once, then `size` bytes every `seconds`."""
    _write(handler, b"")
    step = max(1, fault.amount)
    for start in range(0, len(body), step):
        pause(fault.wait)
        if start + step >= len(body):
            release()
        handler.wfile.write(body[start : start + step])
        handler.wfile.flush()


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection with RST instead of FIN.

    A socket that lingers for 0 s resets on close. The handler's files still hold the socket, so
    its descriptor is closed directly.
    """
    handler.close_connection = True
    connection: socket.socket = handler.connection
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
