"""Every test runs in a home of its own, without settings and without the outside world."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _empty_home: Path
) -> Path:
    """A home without configuration; the current folder has no library above it either.

    A test that writes there takes `tmp_path` too and then has one of its own.
    """
    own = "tmp_path" in request.fixturenames
    folder: Path = request.getfixturevalue("tmp_path") if own else _empty_home
    for name in list(os.environ):
        if name.startswith(("REFMAN_", "XDG_")) or name in ("NO_COLOR", "EDITOR", "VISUAL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / f"xdg-{name.lower()}"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(autouse=True, scope="session")
def _no_outside_world() -> Iterator[None]:
    """Connections and names beyond the loopback are refused, in whatever thread."""
    with pytest.MonkeyPatch.context() as patch:
        connect, connect_ex, getaddrinfo = (
            socket.socket.connect,
            socket.socket.connect_ex,
            socket.getaddrinfo,
        )

        def refuse(address: Any) -> None:
            host = address[0] if isinstance(address, tuple) else address
            if isinstance(host, bytes):
                host = host.decode("ascii", "replace")
            if host and not str(host).startswith((*_LOOPBACK, "/", "\x00")):
                raise OSError(f"a test reached for {host}")

        def guarded_connect(self: socket.socket, address: Any) -> None:
            refuse(address)
            connect(self, address)

        def guarded_connect_ex(self: socket.socket, address: Any) -> int:
            refuse(address)
            return connect_ex(self, address)

        def guarded_names(host: Any, *arguments: Any, **options: Any) -> Any:
            if host is not None and not str(host).startswith(_LOOPBACK):
                raise socket.gaierror(socket.EAI_NONAME, "no names in tests")
            return getaddrinfo(host, *arguments, **options)

        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_names)
        yield
