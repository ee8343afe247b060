"""The screens as text. SNAPSHOTS=write makes them anew; read what has changed before you commit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import TextArea

from refman.tui.app import RefmanApp
from refman.tui.screens.exporting import ExportDialog
from refman.tui.screens.importing import ImportDialog
from refman.tui.screens.keys import KeysHelp
from tests.tui.conftest import app_on, press, running, screen_text, until
from tests.tui.test_exchange import BROKEN

FOLDER = Path(__file__).with_name("snapshots")
SIZES = [(80, 24), (120, 40), (200, 60)]


def check(app: RefmanApp, name: str, size: tuple[int, int]) -> None:
    file = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
    text = screen_text(app) + "\n"
    if os.environ.get("SNAPSHOTS") == "write":
        file.write_text(text)
    assert text == file.read_text(), f"{file.name} shows another screen"


@pytest.mark.parametrize("size", SIZES)
async def test_the_list(app: RefmanApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await press(pilot, "space", "k")
        await until(lambda: "vandijk" in screen_text(app), "details")
        await pilot.pause(0.1)
        check(app, "list", size)


@pytest.mark.parametrize("size", SIZES)
async def test_a_broken_query(app: RefmanApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await press(pilot, *"/sea (")
        await until(lambda: app.main.view.problem, "a problem")
        await until(lambda: "vandijk" in screen_text(app), "details")
        await pilot.pause(0.1)
        check(app, "broken-query", size)


@pytest.mark.parametrize("size", SIZES)
async def test_help(app: RefmanApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "question_mark")
        await until(lambda: isinstance(app.screen, KeysHelp), "help")
        await pilot.pause(0.1)
        check(app, "help", size)


@pytest.mark.parametrize("size", SIZES)
async def test_import(app: RefmanApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "i")
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        app.screen.query_one(TextArea).text = BROKEN
        await until(lambda: "unreadable" in screen_text(app), "a preview")
        await pilot.pause(0.1)
        check(app, "import", size)


@pytest.mark.parametrize("size", SIZES)
async def test_export(app: RefmanApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await until(lambda: "vandijk" in screen_text(app), "details")
        await press(pilot, "x")
        await until(lambda: isinstance(app.screen, ExportDialog), "the dialog")
        await pilot.pause(0.1)
        check(app, "export", size)


@pytest.mark.parametrize("size", SIZES)
async def test_welcome(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_on(Path("library.db"))
    async with running(app, size) as pilot:
        await until(lambda: "empty" in screen_text(app))
        await pilot.pause(0.1)
        check(app, "welcome", size)
