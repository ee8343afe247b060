"""The screens in a browser: who gets in, and what is shown."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError, web

from refman.services.library import Library
from refman.tui.serving import LibraryServer, new_token


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "it's a library.db"
    with Library(path, create=True) as opened:
        opened.import_text("@book{knuth1984, title={The TeXbook}, author={Knuth, Donald}}")
    return path


@asynccontextmanager
async def served(library: Path, token: str | None = None) -> AsyncIterator[LibraryServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = LibraryServer(library, port=port, token=token)
    runner = web.AppRunner(await server._make_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield server
    finally:
        await runner.cleanup()
        with warnings.catch_warnings():
            # textual-serve does not wait for the end of the programs that it has ended.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


async def test_the_library_is_shown(library: Path) -> None:
    async with served(library) as server, ClientSession() as client:
        async with client.get(server.address) as page:
            assert page.status == 200
            assert "refman" in await page.text()
        shown = b""
        async with client.ws_connect(f"{server.public_url}/ws?width=100&height=30") as stream:
            async with asyncio.timeout(30):
                while b"TeXbook" not in shown:
                    message = await stream.receive()
                    assert isinstance(message.data, bytes | str), message
                    shown += (
                        message.data if isinstance(message.data, bytes) else message.data.encode()
                    )


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
async def test_other_pages_do_not_get_in(library: Path, headers: dict[str, str]) -> None:
    async with served(library) as server, ClientSession(headers=headers) as client:
        async with client.get(server.address) as page:
            assert page.status == 403
        with pytest.raises(WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{server.public_url}/ws")


async def test_a_token_lets_one_in(library: Path) -> None:
    token = new_token()
    async with (
        served(library, token) as server,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
    ):
        for address in ("/", "/?token=wrong", "/ws", f"/ws?token={token}", "/static/js/textual.js"):
            async with client.get(server.public_url + address) as refused:
                assert refused.status == 403
        async with client.get(server.address) as page:
            assert page.status == 200
            assert "token" not in str(page.url)
        async with client.get(f"{server.public_url}/static/js/textual.js") as script:
            assert script.status == 200
