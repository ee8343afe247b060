"""What the screen was left with comes back; columns, sorting and sizes by key and mouse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refman.store import Order
from refman.tui.app import RefmanApp
from refman.tui.columns import USUAL
from refman.tui.memory import Memory, Remembered
from refman.tui.screens.columns import ColumnsDialog
from refman.tui.screens.main import MainScreen
from refman.tui.widgets.search_line import SearchInput
from tests.tui.conftest import Recorder, app_on, press, ready, running, screen_lines, until


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state" / "screen.json")
    assert memory.load() == Remembered()
    kept = Remembered(order="YEAR", columns=("title",), share=50, last={"/a": "sea"}, sidebar=False)
    memory.save(kept)
    assert memory.load() == kept
    Memory(None).save(kept)
    Memory(Path("/proc/no/such/place")).save(kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "{",
        '{"order": "nonsense", "share": 1000, "columns": ["x"], "descending": 1}',
        '{"queries": [1, "a\\u001b[31m"], "last": {"/a": 5}, "columns": [], "sidebar": "no"}',
        '{"sizes": [["title", 1], ["year"], ["year", "x"], 3], "exports": {"ris": 1}, "style": 1}',
        "[" * 100_000,
    ],
)
def test_a_file_that_makes_no_sense_is_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "screen.json"
    path.write_text(text)
    assert Memory(path).load() == Remembered()


def remembering(path: Path, state: Path) -> RefmanApp:
    return app_on(path, Recorder(), state_file=state)


async def test_a_screen_is_found_as_it_was_left(path: Path, tmp_path: Path) -> None:
    state = tmp_path / "screen.json"
    app = remembering(path, state)
    async with running(app) as pilot:
        await press(pilot, "/", *"sea", "enter")
        await until(lambda: app.main.view.listing.text == "sea", "a search")
        heads = next(line for line in screen_lines(app) if "Author" in line)
        offset = heads.index("Title") - heads.index("│") - 1
        for descending in (False, True):
            await pilot.click("#heads", offset=(offset, 0))
            await ready(app)
            assert app.main.view.listing.order is Order.TITLE
            assert app.main.view.listing.descending is descending
        await press(pilot, "C")
        await until(lambda: isinstance(app.screen, ColumnsDialog), "the columns")
        await press(pilot, "space", "j", "plus", "plus", "ctrl+s")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await pilot.pause()
        assert "Author" not in "".join(screen_lines(app)[:3])
        before = app.main.detail.size.width
        await press(pilot, "b", "<")
        await until(lambda: app.main.detail.size.width > before + 3, "wider details")
    assert json.loads(state.read_text())["sizes"] == [["year", 6]]
    assert json.loads(state.read_text())["columns"] == [name for name in USUAL if name != "author"]

    app = remembering(path, state)
    async with running(app) as pilot:
        assert app.main.view.listing.text == "sea"
        assert app.main.query_one(SearchInput).value == "sea"
        assert app.main.view.listing.order is Order.TITLE
        assert not app.main.sidebar.display
        assert app.main.share == 45
        assert "author" not in app.main.view.columns
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "all")
        await press(pilot, "/", "up")
        await until(lambda: app.main.view.listing.text == "sea", "the search before")
        await pilot.resize_terminal(80, 24)
        await until(lambda: app.main.detail.region.y > app.main.table.region.y, "one below")
