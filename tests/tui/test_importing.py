"""What the import dialog does with what comes: mixed, dropped, large, corrected, left out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from textual.events import Paste
from textual.widgets import Input

from refman.model import OriginKind
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.dropped import dropped_path
from refman.tui.screens.correcting import CorrectDialog
from refman.tui.screens.files import FileDialog
from refman.tui.screens.importing import FoundList, ImportDialog
from refman.tui.widgets.paste_area import MOST_SHOWN, PasteArea
from tests.tui.conftest import press, running, screen_text, toasts, until

MIXED = """10.1371/journal.pone.0115069

@book{whales2001, title = {A book of wales}, author = {Melville, Herman}, year = 2001}

TY  - JOUR
TI  - A study of things
AU  - Smith, John
PY  - 2019
ER  -

@article{coli, title = {Growth of Escherichia coli at sea}, doi = {10.5555/coli.1}, year = 2019}
"""


async def test_what_is_mixed_is_looked_over_corrected_and_imported(
    app: RefmanApp, path: Path
) -> None:
    async with running(app) as pilot:
        app.post_message(Paste(MIXED))
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        head = "List of DOIs + BibTeX + RIS: 3 new, 1 already here, 0 unreadable"
        await until(lambda: head in screen_text(app), "a preview")
        assert "same as vandijk" in screen_text(app)
        app.screen.query_one(FoundList).focus()
        await press(pilot, "g", "space")
        await until(lambda: "1 left out" in screen_text(app), "one left out")
        await press(pilot, "e")
        await until(lambda: isinstance(app.screen, CorrectDialog), "a form")
        app.screen.query_one("#correct-DOI", Input).value = "no doi"
        await press(pilot, "ctrl+s")
        await until(lambda: "'no doi' is no DOI" in screen_text(app), "a refusal")
        app.screen.query_one("#correct-DOI", Input).value = ""
        app.screen.query_one("#correct-title", Input).value = "A book of whales"
        await press(pilot, "ctrl+s")
        await until(lambda: "(corrected)" in screen_text(app), "a correction")
        await press(pilot, "ctrl+s")
        await until(lambda: app.main.view.window.total == 64, "two more")
    with Library(path) as library:
        work = library.get("whales2001")
        assert work.description.title == "A book of whales"
        said = {record.origin.kind: record for record in library.records(work)}
        assert said[OriginKind.USER].description.title == "A book of whales"
        assert dict(said[OriginKind.IMPORT].verbatim)["title"] == "A book of wales"
        assert library.count("doi:10.1371/journal.pone.0115069") == 0
        library.undo()
        assert library.count() == 62


async def test_what_is_imported_before_it_was_looked_at_is_looked_at_first(
    app: RefmanApp, tmp_path: Path
) -> None:
    file = tmp_path / "My whales.bib"
    file.write_text(MIXED.partition("TY")[0].partition("\n")[2])
    async with running(app, (80, 24)) as pilot:
        app.post_message(Paste(f"'{file}'"))
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        assert app.screen.query_one("#import-path", Input).value == str(file)
        await press(pilot, "ctrl+s")
        await until(lambda: app.main.view.window.total == 63, "one more")
        assert any(toast.startswith("1 imported") for toast in toasts(app))
        await press(pilot, "i")
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        dialog = app.screen
        app.post_message(Paste("x" * (MOST_SHOWN + 1)))
        area = dialog.query_one(PasteArea)
        await until(lambda: "200,001 characters in 1 lines" in screen_text(app), "a word")
        assert len(area.material) == MOST_SHOWN + 1
        await press(pilot, "ctrl+l")
        await until(lambda: not area.material.strip(), "nothing")
        await press(pilot, "ctrl+o")
        await until(lambda: isinstance(app.screen, FileDialog), "the folders")
        app.screen._folder = tmp_path  # type: ignore[attr-defined]
        app.screen._look()  # type: ignore[attr-defined]
        await press(pilot, *"whales", "enter")
        path = dialog.query_one("#import-path", Input)
        await until(lambda: path.value == str(file), "the file")
        await until(lambda: "1 already here" in screen_text(app), "a preview")


@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "file://{}", " {}\n"])
def test_a_dropped_file_is_known_in_every_form(tmp_path: Path, form: str) -> None:
    file = tmp_path / "my refs (1).bib"
    file.write_text("")
    name = quote(str(file)) if form.startswith("file") else str(file)
    assert dropped_path(form.format(name)) == file
    assert dropped_path(str(file).replace(" ", "\\ ").replace("(", "\\(")) == file
    for text in ("", "refs.bib", f"{file} and more", str(tmp_path), "10.1000/1", "\x1b/etc/passwd"):
        assert dropped_path(text) is None
