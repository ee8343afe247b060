"""The screens as text. SNAPSHOTS=write makes them anew; read what has changed before you commit."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from textual.widgets import TextArea

from refman.tui import feed
from refman.tui.app import RefmanApp
from refman.tui.screens.exporting import ExportDialog
from refman.tui.screens.importing import ImportDialog
from refman.tui.screens.keys import KeysHelp
from tests.tui.conftest import AnyPilot, app_on, press, running, screen_text, until
from tests.tui.test_exchange import BROKEN

FOLDER = Path(__file__).with_name("snapshots")
SIZES = [(80, 24), (120, 40), (200, 60)]


def check(app: RefmanApp, name: str, size: tuple[int, int]) -> None:
    file = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
    text = screen_text(app) + "\n"
    if os.environ.get("SNAPSHOTS") == "write":
        file.write_text(text)
    assert text == file.read_text(), f"{file.name} shows another screen"


async def check_all(pilot: AnyPilot, app: RefmanApp, name: str) -> None:
    """Compare a screen at all sizes, one after the other."""
    for size in SIZES:
        await pilot.resize_terminal(*size)
        await settled(app)
        check(app, name, size)


async def settled(app: RefmanApp) -> None:
    """Wait until the screen does not change any more."""
    if feed._GLANCE < 1:
        await until(lambda: app.main.detail.is_whole, "all of the details")
    before = ""
    while (now := screen_text(app)) != before:
        before = now
        await asyncio.sleep(0.25)


async def test_the_list(app: RefmanApp) -> None:
    async with running(app, SIZES[0]) as pilot:
        await press(pilot, "space", "k")
        await until(lambda: "vandijk" in screen_text(app), "details")
        await check_all(pilot, app, "list")


async def test_a_broken_query(app: RefmanApp) -> None:
    async with running(app, SIZES[0]) as pilot:
        await press(pilot, *"/sea (")
        await until(lambda: app.main.view.problem, "a problem")
        await until(lambda: "vandijk" in screen_text(app), "details")
        await check_all(pilot, app, "broken-query")


async def test_help(app: RefmanApp) -> None:
    async with running(app, SIZES[0]) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "question_mark")
        await until(lambda: isinstance(app.screen, KeysHelp), "help")
        await check_all(pilot, app, "help")


async def test_import(app: RefmanApp) -> None:
    async with running(app, SIZES[0]) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "i")
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        app.screen.query_one(TextArea).text = BROKEN
        await until(lambda: "unreadable" in screen_text(app), "a preview")
        await check_all(pilot, app, "import")


async def test_export(app: RefmanApp) -> None:
    async with running(app, SIZES[0]) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "x")
        await until(lambda: isinstance(app.screen, ExportDialog), "the dialog")
        await check_all(pilot, app, "export")


async def test_welcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_on(Path("library.db"))
    async with running(app, SIZES[0]) as pilot:
        await until(lambda: "empty" in screen_text(app))
        await check_all(pilot, app, "welcome")
