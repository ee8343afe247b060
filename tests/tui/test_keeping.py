"""Notes, files, collections, searches, and copying."""

from __future__ import annotations

from pathlib import Path

import pytest

from refman.services.library import Library
from refman.tui import state
from refman.tui.app import RefmanApp
from refman.tui.screens.copying import CopyDialog
from refman.tui.screens.dialog import Confirm, Prompt
from refman.tui.screens.labelling import LabelDialog
from refman.tui.screens.main import MainScreen
from refman.tui.screens.writing import NoteDialog
from refman.tui.widgets.path_suggester import completed
from tests.tui.conftest import AnyPilot, Recorder, clock, press, running, screen_text, toasts, until


def notes(path: Path) -> list[str]:
    with Library(path) as library:
        return [note.text for note in library.store.notes(library.get("vandijk2019growth").id)]


async def test_notes_are_written_gone_on_with_and_taken_away(app: RefmanApp, path: Path) -> None:
    async with running(app) as pilot:
        await press(pilot, "n")
        await until(lambda: isinstance(app.screen, NoteDialog), "a page")
        await pilot.pause(0.1)
        await press(pilot, *"Read")
        await press(pilot, "ctrl+s")
        await until(lambda: notes(path) == ["Read"], "a note")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        assert "Noted. u undoes." in toasts(app)
        await press(pilot, "n")
        await until(lambda: isinstance(app.screen, NoteDialog), "the page")
        await pilot.pause(0.1)
        await press(pilot, "!", "ctrl+s")
        await until(lambda: notes(path) == ["Read!"], "more of it")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await press(pilot, "N")
        await until(lambda: isinstance(app.screen, NoteDialog), "a new page")
        await pilot.pause(0.1)
        await press(pilot, *"two")
        await press(pilot, "ctrl+s")
        await until(lambda: notes(path) == ["Read!", "two"], "a second one")
        await until(lambda: "Read!" in screen_text(app) and "two" in screen_text(app), "the page")
        await press(pilot, "u")
        await until(lambda: notes(path) == ["Read!"], "undone")


async def test_a_file_is_attached_and_opened(
    app: RefmanApp, path: Path, outside: Recorder, tmp_path: Path
) -> None:
    paper = tmp_path / "paper of mine.pdf"
    paper.write_bytes(b"%PDF-1.7")
    async with running(app) as pilot:
        await press(pilot, "O")
        await until(lambda: any("a attaches one" in toast for toast in toasts(app)), "a toast")
        await press(pilot, "a")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        app.screen.query_one("Input").value = str(paper)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        await until(lambda: "paper of mine.pdf" in screen_text(app), "the file")
        await press(pilot, "O")
        await until(lambda: outside.opened == ["paper of mine.pdf"], "opened")
        await press(pilot, "a")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"none", "enter")
        await until(lambda: any("is no file" in toast for toast in toasts(app)), "a sentence")


def test_paths_complete_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "paper.pdf").touch()
    (tmp_path / ".hidden").touch()
    monkeypatch.chdir(tmp_path)
    assert completed("pap") == "paper.pdf"
    assert completed("papers") == "papers/"
    assert completed(f"{tmp_path}/papers") == f"{tmp_path}/papers/"
    assert completed("papers/") is None
    assert completed("/no/such/place") is None


async def test_collections_and_searches_appear_in_the_sidebar(app: RefmanApp, path: Path) -> None:
    def labels() -> list[str]:
        return [place.label for place in app.main.sidebar.places]

    async with running(app) as pilot:
        await press(pilot, *"  c")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"Thesis", "/", *"One", "enter")
        await until(lambda: "Put 2 works in Thesis/One. u undoes." in toasts(app), "a toast")
        await until(lambda: "One" in labels(), "the collection")
        await press(pilot, "/", *"sea")
        await until(lambda: app.main.view.listing.text == "sea", "a search")
        await press(pilot, "enter", "s")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"wet", "enter")
        await until(lambda: "wet" in labels(), "the search")
        assert app.main.view.saved == {"wet": "sea"}
        await press(pilot, "s")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"-wet", "enter")
        await until(lambda: "wet" not in labels(), "forgotten")
        await press(pilot, "escape")
        await until(lambda: not app.main.view.listing.text, "no search")
        await press(pilot, "s")
        await until(lambda: isinstance(app.screen, Prompt), "a prompt")
        await press(pilot, *"x", "enter")
        await until(lambda: any("Type a search first" in toast for toast in toasts(app)), "a toast")


def label_some(path: Path) -> None:
    with Library(path, clock=clock) as library:
        works = list(library.search("", limit=4))
        library.label("tags", "sea", works[:2])
        library.label("tags", "seas", works[2:])
        library.label("collections", "Thesis/One", works[:1])
        library.save_search("wet", "growth")


def names(path: Path, table: str) -> dict[str, int]:
    with Library(path) as library:
        return dict(library.names(table))


async def dialog(pilot: AnyPilot, kind: type, key: str) -> None:
    await press(pilot, key)
    await until(lambda: isinstance(pilot.app.screen, kind), f"{kind.__name__} after {key}")


async def test_a_tag_is_picked_or_its_name_completed(app: RefmanApp, path: Path) -> None:
    label_some(path)
    async with running(app) as pilot:
        await dialog(pilot, LabelDialog, "t")
        await until(lambda: "✓ sea  2" in screen_text(app), "what there is")
        await press(pilot, *"se")
        for key in ("down", "down", "enter"):
            await press(pilot, key)
        await until(lambda: names(path, "tags")["seas"] == 3, "a tag that was picked")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await dialog(pilot, LabelDialog, "t")
        await press(pilot, *"-se")
        await press(pilot, "tab")
        await press(pilot, "enter")
        await until(
            lambda: names(path, "tags")["sea"] == 1, "taken off by a name that was completed"
        )
        await until(lambda: isinstance(app.screen, MainScreen), "the list")


async def test_names_are_given_anew_merged_and_taken_away(app: RefmanApp, path: Path) -> None:
    label_some(path)

    def go(name: str) -> None:
        place = next(place for place in app.main.sidebar.places if place.name == name)
        app.main.go(state.placed(app.main.view, place))
        app.main.set_focus(app.main.sidebar)

    async with running(app) as pilot:
        go("tag/sea")
        await dialog(pilot, Prompt, "R")
        await press(pilot, "s")
        await press(pilot, "enter")
        await until(lambda: "Merge it with seas?" in screen_text(app), "a question")
        await press(pilot, "y")
        await until(lambda: names(path, "tags") == {"seas": 4}, "merged")
        await until(lambda: app.main.view.listing.place.name == "tag/seas", "there")
        go("collection/Thesis")
        await dialog(pilot, Prompt, "R")
        await press(pilot, *" A")
        await press(pilot, "enter")
        await until(lambda: names(path, "collections") == {"Thesis A/One": 1}, "a branch renamed")
        go("search/wet")
        await dialog(pilot, Prompt, "R")
        await press(pilot, *"ter")
        await press(pilot, "enter")
        await until(lambda: app.main.view.saved == {"wetter": "growth"}, "a search renamed")
        await until(lambda: app.main.view.listing.place.name == "search/wetter", "there")
        await dialog(pilot, Confirm, "d")
        await press(pilot, "y")
        await until(lambda: app.main.view.saved == {}, "forgotten")
        go("tag/seas")
        await dialog(pilot, Confirm, "d")
        assert "4 works are under it; the works stay." in screen_text(app)
        await press(pilot, "y")
        await until(lambda: names(path, "tags") == {}, "taken away")
        await press(pilot, "u")
        await until(lambda: names(path, "tags") == {"seas": 4}, "undone")
        assert any("Undone: tag seas taken off 4 works" in toast for toast in toasts(app))
        go("all")
        await press(pilot, "R")
        await until(lambda: any("Go to a tag" in toast for toast in toasts(app)), "a sentence")


async def test_works_are_copied_in_every_form(app: RefmanApp) -> None:
    async with running(app) as pilot:
        for key, text in (
            ("y", "vandijk2019growth"),
            ("c", r"\cite{vandijk2019growth}"),
            ("p", "[@vandijk2019growth]"),
            ("d", "10.5555/coli.1"),
            ("r", "van Dijk, A., & Sukarno. (2019)."),
            ("b", "@article{vandijk2019growth"),
        ):
            await press(pilot, "y")
            await until(lambda: isinstance(app.screen, CopyDialog), "the forms")
            await press(pilot, key)
            await until(lambda text=text: app.clipboard.startswith(text), text)  # type: ignore[misc]
            await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await press(pilot, *"  y")
        await until(lambda: isinstance(app.screen, CopyDialog), "the forms")
        await press(pilot, "c")
        await until(lambda: app.clipboard.startswith(r"\cite{") and "," in app.clipboard, "two")
        await press(pilot, "Y")
        await until(lambda: app.clipboard.count("@") == 2, "two as BibTeX")
