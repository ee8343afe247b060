"""What the keys do to works, and how it is undone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from refman.errors import ConfigError, StoreDamaged, StoreError, StoreTooNew
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.deeds import DEEDS
from refman.tui.palette import DeedCommands
from refman.tui.screens.dialog import Confirm, Prompt
from refman.tui.screens.keys import KeysHelp
from refman.tui.screens.main import MainScreen
from tests.tui.conftest import (
    Recorder,
    app_on,
    press,
    running,
    screen_text,
    toasts,
    until,
)


async def test_deleting_asks_and_can_be_undone_and_done_again(
    app: RefmanApp,
) -> None:
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "d")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        await press(pilot, "n")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        assert app.main.view.window.total == 62
        await press(pilot, *"  d")
        await until(lambda: "Delete 2 works?" in screen_text(app), "a question")
        await press(pilot, "y")
        await until(lambda: app.main.view.window.total == 60, "two fewer")
        assert "Deleted 2 works. u brings them back." in toasts(app)
        assert not app.main.view.marked
        await press(pilot, "u")
        await until(lambda: app.main.view.window.total == 62, "undone")
        assert "Undone: deletion of 2 works. Ctrl+R does it again." in toasts(app)
        await press(pilot, "ctrl+r")
        await until(lambda: app.main.view.window.total == 60, "done again")


async def test_undoing_where_there_is_nothing_is_a_sentence(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "u")
        await until(lambda: app.main.view.window.total == 0, "the import undone")
        await press(pilot, "u")
        await until(lambda: any("nothing to undo" in toast for toast in toasts(app)), "a toast")


async def test_the_doi_opens_in_the_browser(app: RefmanApp, outside: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "o")
        await until(lambda: outside.opened, "something opened")
        assert outside.opened == ["https://doi.org/10.5555/coli.1"]
        await press(pilot, "j", "o")
        await until(lambda: any("neither a DOI" in toast for toast in toasts(app)), "a toast")


async def test_a_tag_is_added_taken_off_and_undone(app: RefmanApp, path: Path) -> None:
    def tagged() -> int:
        with Library(path) as library:
            return library.count("tag:read")

    async with running(app, (80, 24)) as pilot:
        await press(pilot, "t")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"read")
        await press(pilot, "enter")
        await until(lambda: tagged() == 1, "a tag")
        await until(lambda: "Tags  read" in screen_text(app), "details")
        await press(pilot, "u")
        await until(lambda: tagged() == 0, "undone")
        await press(pilot, "ctrl+r")
        await until(lambda: tagged() == 1, "done again")
        await press(pilot, "t")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"-read")
        await press(pilot, "enter")
        await until(lambda: tagged() == 0, "taken off")
        await press(pilot, "t")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")


async def test_a_work_is_edited_in_the_editor(app: RefmanApp, outside: Recorder) -> None:
    async with running(app) as pilot:
        outside.edits = [lambda form: form.replace("volume = {12}", "volume = {13}")]
        await press(pilot, "B")
        await until(lambda: "Changed volume. u undoes." in toasts(app), "a toast")
        await until(lambda: "13(3)" in screen_text(app), "details")
        assert "← you" in screen_text(app)
        outside.edits = [lambda form: form]
        await press(pilot, "B")
        await until(lambda: "Nothing was changed." in toasts(app), "a toast")


async def test_an_edit_that_cannot_be_read_can_be_mended(app: RefmanApp, outside: Recorder) -> None:
    async with running(app) as pilot:
        outside.edits = [
            lambda form: form.rstrip().removesuffix("}"),
            lambda form: form + ", note = {mended}}",
        ]
        await press(pilot, "B")
        await until(lambda: "a brace or a quotation mark" in screen_text(app), "a question")
        await press(pilot, "y")
        await until(lambda: "Changed note. u undoes." in toasts(app), "a toast")
        assert not outside.forms[1].rstrip().endswith("}\n}"), "what was written is there"
        outside.edits = [lambda form: form.replace('"3"', '"4"')]
        app.main.action_do("edit_csl")
        await until(lambda: "Changed issue. u undoes." in toasts(app), "edited as CSL-JSON")
        outside.edits = [lambda form: form.replace("issue: 4", "issue: 5")]
        app.main.action_do("edit_text")
        await until(lambda: "12(5)" in screen_text(app), "edited as lines")


async def test_help_shows_every_key_of_the_screen(app: RefmanApp) -> None:
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "question_mark")
        await until(lambda: isinstance(app.screen, KeysHelp), "help")
        await pilot.pause()
        assert "Search as you type" in screen_text(app)
        await press(pilot, "G")
        await until(lambda: "its DOI belongs to another work" in screen_text(app), "the end")
        await press(pilot, "escape")
        assert isinstance(app.screen, MainScreen)


async def test_the_palette_has_every_deed(app: RefmanApp) -> None:
    async with running(app) as pilot:
        provider = DeedCommands(app.screen)
        found = {hit.text async for hit in provider.discover()}
        assert found == {deed.title for deed in DEEDS.values()}
        await press(pilot, "ctrl+p")
        await until(lambda: "Search for commands" in screen_text(app), "the palette")
        await press(pilot, *"reverse")
        await until(lambda: "Sort the other way round (Z)" in screen_text(app), "the deed")
        await press(pilot, "enter")
        await until(lambda: not app.main.view.listing.descending, "reversed")


async def test_keys_may_be_others(path: Path) -> None:
    app = app_on(path, keys={"mark": "v", "undo": "U,ctrl+z"})
    async with running(app) as pilot:
        await press(pilot, "v")
        assert len(app.main.view.marked) == 1
        await press(pilot, "space")
        assert len(app.main.view.marked) == 1
        await press(pilot, "U")
        await until(lambda: app.main.view.window.total == 0, "the import undone")
        await press(pilot, "question_mark")
        await until(lambda: isinstance(app.screen, KeysHelp), "help")
        await press(pilot, "pagedown")
        await until(lambda: "U ctrl+z" in screen_text(app), "help with these keys")


@pytest.mark.parametrize(
    ("keys", "words"), [({"makr": "v"}, "makr"), ({"mark": "t"}, "'t' is for mark and for tag")]
)
def test_keys_that_make_no_sense_are_refused(path: Path, keys: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        app_on(path, keys=keys)


async def test_quitting_ends_well(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "q")
    assert app.return_code == 0


async def test_a_file_that_is_no_library_ends_it_with_an_error(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_text("this is no library")
    app = app_on(path)
    async with app.run_test():
        await until(lambda: app.return_value is not None, "an end")
    assert isinstance(app.return_value, StoreDamaged)


async def test_a_library_from_a_newer_refman_ends_it_with_an_error(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    app = app_on(path)
    async with app.run_test():
        await until(lambda: app.return_value is not None, "an end")
    assert isinstance(app.return_value, StoreTooNew)


async def test_what_goes_wrong_later_is_one_sentence(
    app: RefmanApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> int:
        raise StoreError("The library is in use by another program.", hint="Try again.")

    async with running(app) as pilot:
        monkeypatch.setattr(Library, "delete", refuse)
        await press(pilot, "d")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        await press(pilot, "y")
        sentence = "The library is in use by another program. Try again."
        await until(lambda: sentence in toasts(app), "a sentence")
        assert app.main.view.window.total == 62


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_library_that_cannot_be_written_can_be_read(path: Path) -> None:
    path.chmod(0o444)
    app = app_on(path)
    async with running(app) as pilot:
        await press(pilot, "d")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        await press(pilot, "y")
        await until(lambda: any("cannot be written" in toast for toast in toasts(app)), "a toast")


async def test_damage_is_told_and_what_can_be_read_is_shown(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'works'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    app = app_on(path)
    async with running(app):
        await until(lambda: any("is damaged" in text for text in toasts(app)), "a word of it")
        await until(lambda: "van Dijk" in screen_text(app), "the works")
