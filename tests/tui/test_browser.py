"""The screens in a real browser, where there is one: Chromium, driven by its DevTools protocol."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from refman.tui.serving import new_token
from tests.tui.test_serving import library, served  # noqa: F401

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(_CHROMIUM is None, reason="there is no Chromium here")


class Tab:
    """A page of the browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = json.loads((await self._socket.receive()).data)
            if answer.get("id") == number:
                found: dict[str, Any] = answer["result"]
                return found

    async def evaluate(self, script: str) -> str:
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return str(found["result"].get("value"))

    async def until(self, script: str, condition: Callable[[str], bool]) -> str:
        async with asyncio.timeout(60):
            while not condition(found := await self.evaluate(script)):
                await asyncio.sleep(0.2)
        return found

    async def press(self, text: str) -> None:
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, key=text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=text)

    async def click(self, x: int, y: int) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Tab]:
    process = await asyncio.create_subprocess_exec(
        str(_CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        f"--user-data-dir={profile}", "about:blank",
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told = profile / "DevToolsActivePort"
        async with asyncio.timeout(60):
            while not told.exists() or len(told.read_text().split()) < 2:
                await asyncio.sleep(0.1)
        address = f"http://127.0.0.1:{told.read_text().split()[0]}/json"
        async with ClientSession() as client:
            async with client.get(address) as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with client.ws_connect(
                pages[0]["webSocketDebuggerUrl"], max_msg_size=0
            ) as socket:
                yield Tab(socket)
    finally:
        process.terminate()
        await process.wait()


async def test_the_screen_is_drawn_and_keys_work(
    library: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    async with served(library, new_token()) as server, browser(tmp_path / "profile") as tab:
        await tab.call("Page.navigate", url=f"{server.public_url}/")
        shown = await tab.until("document.body.innerText", lambda text: text not in ("", "None"))
        assert "Open the address" in shown, "without the token nobody gets in"
        await tab.call("Page.navigate", url=server.address)
        await tab.until("document.body.className", lambda name: "-first-byte" in name)
        assert "token" not in await tab.evaluate("location.href")
        # The program begins to listen a moment after it has begun to draw.
        async with asyncio.timeout(60):
            while "-closed" not in await tab.evaluate("document.body.className"):
                await tab.click(400, 200)
                await tab.press("q")
                await asyncio.sleep(0.5)
