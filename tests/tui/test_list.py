"""The list: moving, searching, sorting, marking, and what is drawn of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.filter import NoColor

from refman.model import Description, Name
from refman.services.library import Library
from refman.store import NewRecord, Order, Page
from refman.tui.app import RefmanApp
from refman.tui.widgets.detail import Detail
from refman.tui.widgets.search_line import SearchInput
from tests.tui.conftest import (
    HOSTILE,
    app_on,
    clock,
    fill,
    press,
    ready,
    record,
    running,
    screen_lines,
    screen_text,
    toasts,
    until,
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_newest_work_is_first_with_its_details(
    app: RefmanApp, size: tuple[int, int]
) -> None:
    async with running(app, size) as pilot:
        await until(lambda: "Journal of Marine Things" in screen_text(app), "details")
        await pilot.pause()
        text = screen_text(app)
        assert "van Dijk" in text
        assert "Escherichia coli" in text
        assert "<i>" not in text
        assert "1 of 62 works" in text
        assert max(map(len, screen_lines(app))) <= size[0]


async def test_details_name_fields_and_where_they_came_from(app: RefmanApp) -> None:
    async with running(app):
        await until(lambda: "We measured growth" in screen_text(app), "abstract")
        text = screen_text(app)
        assert "Things, 12(3)," in text
        assert "10.5555/coli.1" in text
        assert "sea, growth" in text
        assert "from  bibtex (refs.bib:62)" in text


async def test_keys_move_the_cursor(app: RefmanApp) -> None:
    async with running(app, (80, 24)) as pilot:
        page = app.main.table.size.height - 1
        for keys, place in (
            (("j", "down"), 2),
            (("k", "up"), 0),
            (("G",), 61),
            (("g",), 0),
            (("end",), 61),
            (("home",), 0),
            (("pagedown",), min(page, 61)),
            (("pageup",), 0),
            (("ctrl+d",), round(page / 2)),
            (("ctrl+u",), 0),
        ):
            await press(pilot, *keys)
            assert app.main.view.cursor == place, keys
            first, last = app.main.table.in_sight
            assert first <= place <= last
        await until(lambda: "1 of 62" in screen_text(app))


async def test_the_mouse_chooses_and_marks(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await pilot.click("#works", offset=(20, 5))
        assert app.main.view.cursor == 5
        await pilot.click("#works", offset=(0, 7))
        await until(lambda: app.main.view.marked, "a mark")
        assert app.main.view.cursor == 7


async def test_the_list_narrows_while_typing(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, *"/esch")
        await until(lambda: app.main.view.window.total == 1, "one hit")
        await pilot.pause()
        assert "1 of 1 work " in screen_text(app)
        assert 'words "a phrase"' in screen_text(app)
        await press(pilot, "enter")
        assert app.main.table.has_focus
        await until(lambda: 'words "a phrase"' not in screen_text(app), "no hint")
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "all again")
        assert app.main.query_one(SearchInput).value == ""


async def test_escape_in_the_search_line_gives_the_search_up(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, *"/zzz")
        await until(lambda: app.main.view.window.total == 0, "no hit")
        await pilot.pause()
        assert "Nothing matches" in screen_text(app)
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "all again")
        assert app.main.table.has_focus


async def test_a_broken_query_keeps_the_list_and_points_at_the_break(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, *"/esch (")
        await until(lambda: app.main.view.problem, "a problem")
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[0].startswith(" /esch (")
        assert lines[1].index("^") == lines[0].index("(")
        assert "bracket" in lines[1]
        await until(lambda: "Escherichia" in screen_text(app), "the list of the query before")
        await press(pilot, "backspace", "backspace")
        await until(lambda: app.main.view.problem is None, "no problem")


async def test_orders_and_the_other_way_round(app: RefmanApp) -> None:
    async with running(app) as pilot:
        for order in (Order.YEAR, Order.AUTHOR, Order.TITLE, Order.MODIFIED, Order.ADDED):
            await press(pilot, "z")
            await ready(app)
            assert app.main.view.listing.order is order
        await press(pilot, "Z")
        await ready(app)
        row = app.main.view.current
        assert row is not None
        assert row.id == 1
        assert "by added ↑" in screen_text(app)


async def test_space_marks_and_goes_on(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, *"  j ")
        assert len(app.main.view.marked) == 3
        assert "3 marked" in screen_text(app)
        assert screen_text(app).count("●") == 3
        await press(pilot, "escape")
        assert not app.main.view.marked


async def test_details_can_be_hidden_and_read_with_the_keys(app: RefmanApp) -> None:
    async with running(app) as pilot:
        detail = app.main.query_one(Detail)
        await press(pilot, "p")
        assert not detail.display
        await press(pilot, "enter")
        assert detail.display
        assert detail.has_focus
        await press(pilot, "escape")
        assert app.main.table.has_focus
        await press(pilot, "tab")
        assert detail.has_focus
        await press(pilot, "p")
        assert app.main.table.has_focus


async def test_details_are_below_on_a_narrow_screen_and_beside_on_a_wide_one(
    app: RefmanApp,
) -> None:
    async with running(app, (80, 24)) as pilot:
        detail, table = app.main.query_one(Detail), app.main.table
        assert detail.region.y > table.region.y
        await pilot.resize_terminal(120, 40)
        await until(lambda: detail.region.x > table.region.x, "beside")


async def test_hostile_titles_show_as_themselves(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    fill(
        path,
        [
            Description(
                title=HOSTILE,
                author=(Name(family="[red]A[/red]\x07", given="\x1bB"),),
                container_title="[/] \x1b]0;t\x07",
                note="[/nothing] \x00",
            )
        ],
    )
    app = app_on(path)
    async with running(app, (80, 24)) as pilot:
        await until(lambda: "[/nothing]" in screen_text(app), "details")
        assert "[bold red]x[/x] [31mred2J [/]" in screen_text(app)
        assert "[red]A[/red]" in screen_text(app)
        await press(pilot, "d")
        await until(lambda: "Delete" in screen_text(app), "a question")
        await press(pilot, "y")
        await until(lambda: toasts(app), "a toast")
        await pilot.pause()
        text = screen_text(app)
        assert not [char for char in text if char != "\n" and not char.isprintable()]


class CountingLibrary(Library):
    """Counts the rows that pages hold."""

    fetched = 0

    def page(self, *args: object, **kwargs: object) -> Page:
        page = super().page(*args, **kwargs)  # type: ignore[arg-type]
        CountingLibrary.fetched += len(page.rows)
        return page


async def test_of_twenty_thousand_works_only_what_is_seen_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path, create=True) as library, library.store.writing() as writer:
        change = writer.change("import", "import", "twenty thousand works")
        titles = (f"{'Study' if n % 3 else 'Review'} {n}" for n in range(20_000))
        found = (record(Description(title=title)) for title in titles)
        writer.insert(change, [NewRecord(r, f"key{n}") for n, r in enumerate(found)])
    CountingLibrary.fetched = 0
    app = app_on(path, open_library=lambda: CountingLibrary(path, clock=clock))
    async with running(app) as pilot:
        assert app.main.view.window.total == 20_000
        assert CountingLibrary.fetched <= 200
        await press(pilot, "G")
        await until(lambda: app.main.view.current, "the last row")
        assert app.main.view.cursor == 19_999
        row = app.main.view.current
        assert row is not None
        assert row.id == 1
        app.main.table.cursor = 9_000
        await until(
            lambda: app.main.view.cursor == 9_000 and app.main.view.current, "a row in the middle"
        )
        row = app.main.view.current
        assert row is not None
        assert row.id == 20_000 - 9_000
        await press(pilot, "pagedown", "pagedown", "pagedown")
        await until(lambda: app.main.view.current, "rows further down")
        await press(pilot, *"/stu")
        await until(lambda: app.main.view.listing.text == "stu", "a search")
        await ready(app)
        assert 0 < app.main.view.window.height < 20_000
    assert CountingLibrary.fetched <= 2500


async def test_what_others_do_to_the_library_is_seen(app: RefmanApp, path: Path) -> None:
    async with running(app) as pilot:
        await press(pilot, "j", "j")
        before = app.main.view.current
        fill(path, [Description(title="Written by somebody else")])
        await until(lambda: "Written by somebody else" in screen_text(app), "the new work")
        assert app.main.view.current == before
        assert app.main.view.window.total == 63


async def test_without_colour_the_terminals_own_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_on(path)
    assert any(isinstance(line_filter, NoColor) for line_filter in app._filters)
    async with running(app):
        assert app.theme.startswith("ansi")
