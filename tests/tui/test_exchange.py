"""Import, enrichment and export on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, Select, Static, TextArea

from refman.model import Date, Description, Name
from refman.services.importing import ImportPolicy
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.screens.enriching import EnrichDialog
from refman.tui.screens.exporting import ExportDialog
from refman.tui.screens.importing import ImportDialog
from refman.tui.screens.main import MainScreen
from refman.tui.widgets.choice import Choice
from refman.tui.widgets.tick import Tick
from tests.tui.conftest import (
    AnyPilot,
    FakeSource,
    app_on,
    clock,
    press,
    running,
    screen_text,
    setup_with,
    toasts,
    until,
)

SIZES = [(80, 24)]
"""The narrowest; what wider screens look like is for the snapshots."""
BIBTEX = """
@article{coli, title = {Growth of \\emph{Escherichia coli} at sea}, doi = {10.5555/coli.1},
  author = {van Dijk, Anna and Sukarno}, year = 2019, journal = {Journal of Marine Things}}
@book{whales2001, title = {A book of whales}, author = {Melville, Herman}, year = 2001}
"""
BROKEN = "@article{bad, title = {never closed\n\n" + BIBTEX


async def import_dialog(app: RefmanApp, pilot: AnyPilot) -> ImportDialog:
    await press(pilot, "i")
    await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
    assert isinstance(app.screen, ImportDialog)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_pasted_text_is_recognised_shown_and_imported(
    app: RefmanApp, path: Path, size: tuple[int, int]
) -> None:
    async with running(app, size) as pilot:
        dialog = await import_dialog(app, pilot)
        dialog.query_one(TextArea).text = BIBTEX
        await until(lambda: "BibTeX: 1 new, 1 already here" in screen_text(app), "a preview")
        with Library(path) as library:
            assert library.count() == 62
        await press(pilot, "ctrl+s")
        await until(lambda: app.main.view.window.total == 63, "one more")
        assert any(toast.startswith("1 imported") for toast in toasts(app))
        assert "A book of whales" in screen_text(app)
        await press(pilot, "u")
        await until(lambda: app.main.view.window.total == 62, "undone")


async def test_what_is_pasted_over_the_list_opens_the_dialog(app: RefmanApp) -> None:
    from textual.events import Paste

    async with running(app):
        app.post_message(Paste(BIBTEX))
        await until(lambda: isinstance(app.screen, ImportDialog), "the dialog")
        await until(lambda: "1 new" in screen_text(app), "a preview")


async def test_entries_that_cannot_be_read_are_shown_with_their_lines(app: RefmanApp) -> None:
    async with running(app) as pilot:
        dialog = await import_dialog(app, pilot)
        dialog.query_one(TextArea).text = BROKEN
        await until(lambda: "1 unreadable" in screen_text(app), "a preview")
        await press(pilot, "ctrl+s")
        await until(lambda: "These could not be read" in screen_text(app), "a report")
        assert "pasted:1" in screen_text(app)
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        assert any("1 failed" in toast for toast in toasts(app))


async def test_a_file_is_named_and_imported(app: RefmanApp, tmp_path: Path) -> None:
    file = tmp_path / "whales.bib"
    file.write_text(BIBTEX)
    async with running(app) as pilot:
        dialog = await import_dialog(app, pilot)
        dialog.query_one(Input).value = "none.bib"
        await until(lambda: "No such file" in screen_text(app), "an error")
        dialog.query_one(Input).value = file.name
        await until(lambda: "1 new" in screen_text(app), "a preview")
        dialog.query_one(Input).focus()
        await press(pilot, "enter")
        await until(lambda: app.main.view.window.total == 63, "one more")


async def test_new_works_have_keys_by_the_users_template(path: Path) -> None:
    def has(key: str) -> bool:
        with Library(path) as library:
            return library.find(key) is not None

    known = {"10.5555/whale": Description(title="Whales", issued=Date(1851))}
    setup = setup_with(FakeSource(known))
    with Library(path, clock=clock) as library:
        library.import_text("10.5555/whale", policy=ImportPolicy(enrich=True))
    app = app_on(path, setup=setup, template="year + shorttitle(1).lower")
    async with running(app) as pilot:
        dialog = await import_dialog(app, pilot)
        dialog.query_one(TextArea).text = "TY  - BOOK\nTI  - Seals\nPY  - 1999\nER  -\n"
        await until(lambda: "1 new" in screen_text(app), "a preview")
        await press(pilot, "ctrl+s")
        await until(lambda: has("1999seals"), "its key")
        await until(lambda: app.main.view.window.total == 64, "one more")
        await press(pilot, "j", "e")
        await until(lambda: isinstance(app.screen, EnrichDialog), "the dialog")
        await press(pilot, "ctrl+s")
        await until(lambda: has("1851whales"), "its key")


async def test_what_nobody_recognises_is_a_sentence(app: RefmanApp) -> None:
    async with running(app) as pilot:
        dialog = await import_dialog(app, pilot)
        dialog.query_one(TextArea).text = "%!? zzz"
        await until(lambda: "in no format that refman knows" in screen_text(app), "a sentence")
        assert "--from" not in screen_text(app)
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        assert not toasts(app)


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_library_leads_to_the_first_import(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = app_on(tmp_path / "new.db")
    async with running(app, size) as pilot:
        assert "Your library is empty" in screen_text(app)
        dialog = await import_dialog(app, pilot)
        dialog.query_one(TextArea).text = BIBTEX
        await press(pilot, "ctrl+s")
        await until(lambda: app.main.view.window.total == 2, "two works")
        await pilot.pause()
        assert "Your library is empty" not in screen_text(app)
        assert app.main.table.has_focus


async def test_one_work_is_enriched_and_it_is_said_from_where(path: Path) -> None:
    better = Description(
        type="article-journal",
        title="Growth of Escherichia coli at sea",
        author=(Name(family="van Dijk", given="Anna"), Name(family="Sukarno")),
        container_title="Journal of Marine Things",
        issued=Date(2019, 4, 2),
        publisher="Sea Press",
        DOI="10.5555/coli.1",
    )
    app = app_on(path, setup=setup_with(FakeSource({"10.5555/coli.1": better})))
    async with running(app) as pilot:
        await press(pilot, "e")
        await until(lambda: isinstance(app.screen, EnrichDialog), "the dialog")
        await pilot.pause()
        assert "From a source of ours." in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(lambda: "Enriched: 1 enriched. u undoes." in toasts(app), "a toast")
        await until(lambda: "Sea Press  ← crossref" in screen_text(app), "details")
        row = app.main.view.current
        assert row is not None
        assert row.enrichment == "enriched"


@pytest.mark.parametrize("size", SIZES)
async def test_enriching_goes_on_in_the_background_and_can_be_stopped(
    path: Path, size: tuple[int, int]
) -> None:
    source = FakeSource({}, seconds=0.05)
    app = app_on(path, setup=setup_with(source))
    async with running(app, size) as pilot:
        await press(pilot, "e")
        await until(lambda: isinstance(app.screen, EnrichDialog), "the dialog")
        app.screen.query_one("#enrich-scope", Choice).index = 1
        await press(pilot, "ctrl+s")
        await until(lambda: "of 61" in screen_text(app), "progress")
        await press(pilot, "j", "j")
        assert app.main.view.cursor == 2
        await press(pilot, "e")
        await until(lambda: any("under way" in toast for toast in toasts(app)), "a toast")
        await press(pilot, "escape")
        await until(lambda: not app.main.is_enriching, "an end")
        await until(
            lambda: any(toast.startswith("Enrichment stopped") for toast in toasts(app)), "a word"
        )
        assert len(source.asked) < 61
        await until(lambda: "of 61" not in screen_text(app), "the progress to go")


async def test_offline_is_said_in_plain_words(path: Path) -> None:
    class WebSource:
        name = "crossref"

        def requests(self, dois: object) -> object:
            return iter(())

        def read(self, request: object, response: object) -> object:
            return iter(())

    app = app_on(path, setup=setup_with(WebSource()))  # type: ignore[arg-type]
    async with running(app) as pilot:
        await press(pilot, "e")
        await until(lambda: isinstance(app.screen, EnrichDialog), "the dialog")
        await press(pilot, "ctrl+s")
        await until(lambda: toasts(app), "a toast")
        assert toasts(app) == ["Enriched: 1 not reached. Not reached: offline."]


async def export_dialog(app: RefmanApp, pilot: AnyPilot) -> ExportDialog:
    await press(pilot, "x")
    await until(lambda: isinstance(app.screen, ExportDialog), "the dialog")
    await pilot.pause()
    assert isinstance(app.screen, ExportDialog)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_marked_works_are_previewed_and_written_and_choices_remembered(
    app: RefmanApp, tmp_path: Path, size: tuple[int, int]
) -> None:
    target = tmp_path / "out.bib"
    async with running(app, size) as pilot:
        await press(pilot, *"  ")
        dialog = await export_dialog(app, pilot)
        assert "2 marked works" in screen_text(app)
        assert "references.bib" in screen_text(app)
        await until(lambda: "@" in screen_text(app), "a preview")
        dialog.query_one("#export-fields", Input).value = "titel"
        await until(lambda: "There is no field 'titel'" in screen_text(app), "a sentence")
        dialog.query_one("#export-fields", Input).value = "title, year"
        dialog.query_one("#export-ascii", Tick).action_tick()
        dialog.query_one("#export-path", Input).value = str(target)
        await press(pilot, "ctrl+s")
        await until(lambda: any("Wrote 2 works" in toast for toast in toasts(app)), "a toast")
        text = target.read_text()
        assert text.count("@") == 2
        assert "title" in text
        assert "journal" not in text
        dialog = await export_dialog(app, pilot)
        assert dialog.query_one("#export-fields", Input).value == "title, year"
        assert dialog.query_one("#export-path", Input).value == str(target)
        assert "[x] ASCII" in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(lambda: "Replace out.bib?" in screen_text(app), "a question")
        await press(pilot, "n")
        await until(lambda: app.screen is dialog, "the dialog again")
        await press(pilot, "ctrl+s")
        await until(lambda: "Replace out.bib?" in screen_text(app), "a question")
        await press(pilot, "y")
        await until(lambda: any("just that already" in toast for toast in toasts(app)), "a toast")


async def test_all_that_is_listed_or_cited_is_written(app: RefmanApp, tmp_path: Path) -> None:
    target, manuscript = tmp_path / "out.ris", tmp_path / "paper.tex"
    async with running(app) as pilot:
        row = app.main.view.current
        assert row is not None
        manuscript.write_text(rf"\cite{{{row.citation_key},nobody2000}}")
        dialog = await export_dialog(app, pilot)
        dialog.query_one("#export-format", Select).value = "ris"
        await until(lambda: "references.ris" in screen_text(app), "another file")
        dialog.query_one("#export-path", Input).value = str(target)
        await press(pilot, "ctrl+s")
        await until(lambda: any("Wrote 62 works" in toast for toast in toasts(app)), "a toast")
        text = target.read_text()
        assert text.count("TY  - ") == 62
        assert text.index("coli") < text.index("fungi")
        target.unlink()
        dialog = await export_dialog(app, pilot)
        assert dialog.query_one("#export-format", Select).value == "ris"
        dialog.query_one("#export-scope", Select).value = "cited"
        dialog.query_one("#export-manuscript", Input).value = str(manuscript)
        note = dialog.query_one("#export-note", Static)
        await until(lambda: "Cited but not here: nobody2000 (1)." in str(note.content), "a note")
        await press(pilot, "ctrl+s")
        await until(lambda: any("Wrote 1 work to" in toast for toast in toasts(app)), "a toast")
        assert "TI  - Growth of" in target.read_text()


async def test_a_folder_is_no_file_and_a_place_that_is_none_is_told(
    app: RefmanApp, tmp_path: Path
) -> None:
    async with running(app) as pilot:
        dialog = await export_dialog(app, pilot)
        dialog.query_one("#export-path", Input).value = str(tmp_path)
        await press(pilot, "ctrl+s")
        assert app.screen is dialog
        dialog.query_one("#export-path", Input).value = str(tmp_path / "none" / "out.bib")
        await press(pilot, "ctrl+s")
        await until(lambda: any("cannot be written" in toast for toast in toasts(app)), "a toast")


async def test_what_a_format_cannot_carry_is_said(
    app: RefmanApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from refman.ports import Loss

    def export(self: Library, format: str, works: object, options: object) -> object:  # noqa: A002
        yield "text"
        yield Loss(citation_key="a", field="annote", reason="no place")
        yield Loss(citation_key="b", field="annote", reason="no place")

    monkeypatch.setattr(Library, "export", export)
    async with running(app) as pilot:
        await press(pilot, "x")
        await until(lambda: isinstance(app.screen, ExportDialog), "the dialog")
        app.screen.query_one("#export-path", Input).value = str(tmp_path / "out.txt")
        await press(pilot, "ctrl+s")
        await until(
            lambda: any(
                "No room in bibtex, or not for all, of annote (2)." in t for t in toasts(app)
            ),
            "a toast",
        )
