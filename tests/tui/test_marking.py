"""Marks in stretches, all and the others; signs; orders; widths; what looks after a library."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Click, MouseDown, MouseMove, MouseUp
from textual.widgets import Input

from refman.services import belongings
from refman.services.library import Library
from refman.store import Order
from refman.tui import signs
from refman.tui.app import RefmanApp
from refman.tui.screens.choosing import PickDialog
from refman.tui.screens.lines import LinesDialog
from refman.tui.screens.main import MainScreen
from refman.tui.widgets.search_line import SearchInput
from tests.tui.conftest import (
    AnyPilot,
    press,
    ready,
    running,
    screen_lines,
    screen_text,
    toasts,
    until,
)


async def test_marks_in_stretches_all_the_others_and_as_read(app: RefmanApp, path: Path) -> None:
    async with running(app, (80, 24)) as pilot:
        main = app.main
        await press(pilot, *"jJJ")
        assert len(main.view.marked) == 3
        await press(pilot, "shift+up")
        assert main.view.cursor == 2
        assert len(main.view.marked) == 2
        await press(pilot, *"jjj ")
        assert len(main.view.marked) == 3
        await press(pilot, "exclamation_mark")
        await until(lambda: len(main.view.marked) == 59, "the others")
        await press(pilot, "asterisk")
        await until(lambda: len(main.view.marked) == 62, "all")
        await press(pilot, "escape", "g", "K", "J", "m")
        await until(lambda: screen_text(app).count("✓") == 2, "two read")
        assert "2 works: read. u undoes." in toasts(app)
        await press(pilot, "escape", "m")
        await until(lambda: screen_text(app).count("✓") == 1, "one read")
        with Library(path) as library:
            assert library.count("is:read") == 1
            work = next(iter(library.search("is:read")))
            belongings.add_note(library.store, work, "a note")
        await until(lambda: " ✓✎" in screen_text(app) or "+✓✎" in screen_text(app), "a note")


async def test_any_column_sorts_and_the_best_match_comes_first(app: RefmanApp) -> None:
    async with running(app, (120, 30)) as pilot:
        await press(pilot, "percent_sign")
        await until(lambda: any("Search for words" in toast for toast in toasts(app)), "a word")
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, PickDialog), "orders")
        await press(pilot, *"citation")
        await until(lambda: app.screen.query_one(Input).value == "citation", "the word")
        await press(pilot, "enter")
        await until(lambda: app.main.view.listing.order is Order.KEY, "by key")
        await ready(app)
        keys = [row.citation_key for row in app.main.view.window.pages[0].rows]
        assert keys == sorted(keys)
        await press(pilot, "slash")
        await until(lambda: app.main.query_one(SearchInput).has_focus, "the line")
        await press(pilot, *"growth")
        await until(lambda: app.main.view.listing.text == "growth", "a search")
        await press(pilot, "enter")
        await until(lambda: app.main.table.has_focus, "the list")
        await press(pilot, "percent_sign")
        await until(lambda: "by relevance" in screen_text(app), "ranked")
        await ready(app)
        assert app.main.view.window.height == 1
        await press(pilot, "z")
        await until(lambda: "by added" in screen_text(app), "in turn again")
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "all")


async def test_a_column_is_drawn_wider_and_a_stretch_marked_with_the_mouse(
    app: RefmanApp,
) -> None:
    async with running(app) as pilot:
        heads = app.main.query_one("#heads")
        author = screen_lines(app)[1].index("Author") - heads.region.x
        edge = author + 15
        width = heads.size.width // 5
        edge = author + max(12, width)
        for kind, x in ((MouseDown, edge), (MouseMove, edge + 4), (MouseUp, edge + 4)):
            await pilot._post_mouse_events([kind], heads, offset=(x, 0), button=1)
        assert dict(app.main.view.sizes)["author"] == max(12, width) + 4
        assert app.main.view.listing.order is Order.ADDED
        await pilot._post_mouse_events(
            [MouseDown, MouseUp, Click], app.main.table, offset=(20, 4), button=1, shift=True
        )
        await until(lambda: len(app.main.view.marked) == 5, "a stretch")


async def palette(app: RefmanApp, pilot: AnyPilot, name: str) -> None:
    app.main.action_do(name)
    await pilot.pause()


async def test_checking_leads_to_the_work_and_keys_are_made_anew(
    app: RefmanApp, path: Path, tmp_path: Path
) -> None:
    with Library(path) as library:
        work = next(iter(library.search("coli")))
        library.rename(work, "odd")
    async with running(app) as pilot:
        await palette(app, pilot, "check")
        await until(lambda: isinstance(app.screen, LinesDialog), "findings")
        await until(lambda: "finding" in screen_text(app), "findings")
        await press(pilot, "end", "enter")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await palette(app, pilot, "rekey")
        await until(lambda: "odd → " in screen_text(app), "new keys")
        await press(pilot, "ctrl+s")
        await until(lambda: any("new keys. u undoes." in toast for toast in toasts(app)), "a word")
        with Library(path) as library:
            assert library.get("odd").citation_key != "odd"
        target = tmp_path / "refs.bib"
        await palette(app, pilot, "sync")
        await press(pilot, *str(target), "enter")
        await until(target.exists, "a file")
        await until(lambda: any("has 62 works" in toast for toast in toasts(app)), "a word")
        await palette(app, pilot, "style")
        await until(lambda: isinstance(app.screen, PickDialog), "styles")
        await press(pilot, *"ieee", "enter")
        await until(lambda: app.main.style_name == "ieee", "a style")


async def test_words_complete_and_searches_come_back_both_ways(app: RefmanApp, path: Path) -> None:
    with Library(path) as library:
        library.label("tags", "to read", library.search("coli", 1))
    async with running(app) as pilot:
        line = app.main.query_one(SearchInput)
        await press(pilot, *"/tag:to")
        await until(lambda: 'Tab: tag:"to read"' in screen_text(app), "a hint")
        line.value = 'tag:"to'
        line.cursor_position = len(line.value)
        await until(lambda: line._suggestion, "a suggestion")
        await press(pilot, "tab")
        assert line.value == 'tag:"to read"'
        await until(lambda: app.main.view.window.total == 1, "one")
        await press(pilot, "enter", "/", "x")
        await press(pilot, "up")
        assert line.value == 'tag:"to read"'
        await press(pilot, "down")
        assert line.value == 'tag:"to read"x'
        await press(pilot, "down")
        assert app.main.table.has_focus


def test_signs_have_plain_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFMAN_ASCII", "1")
    assert all(sign.isascii() for sign, _ in signs.meanings())
    assert len({sign for sign, _ in signs.meanings()}) == len(signs.meanings())
    monkeypatch.delenv("REFMAN_ASCII")
    monkeypatch.setenv("TERM", "linux")
    assert signs.shown("●✓") == "#v"
