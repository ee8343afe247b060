"""The form of a work: what is written, checked, asked and kept, and how it is undone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from textual.events import Paste
from textual.widgets import Input

from refman.errors import SourceUnavailable
from refman.model import Date, Description, Name, RecordState
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.screens.adding import AddDialog
from refman.tui.screens.choosing import PickDialog
from refman.tui.screens.dialog import Confirm
from refman.tui.screens.editing import EditScreen
from refman.tui.screens.main import MainScreen
from refman.tui.screens.names import NamesDialog
from refman.tui.screens.settling import ConflictDialog
from tests.tui.conftest import (
    HOSTILE,
    AnyPilot,
    FakeSource,
    Recorder,
    app_on,
    clock,
    fill,
    press,
    running,
    screen_text,
    setup_with,
    toasts,
    until,
)
from tests.tui.test_deciding import newest
from tests.tui.test_snapshots import check, check_all, settled

KEY = "vandijk2019growth"


async def form(app: RefmanApp, pilot: AnyPilot) -> EditScreen:
    await press(pilot, "E")
    await until(lambda: isinstance(app.screen, EditScreen) and app.screen._current, "the form")
    assert isinstance(app.screen, EditScreen)
    return app.screen


async def write(pilot: AnyPilot, screen: EditScreen, field: str, text: str) -> None:
    """Go to a field and paste in place of what is there."""
    screen._go_to(field)
    await pilot.pause()
    await press(pilot, "ctrl+u")
    pilot.app.post_message(Paste(text))
    await until(lambda: screen._draft.text(field) == text, f"{text} in {field}")


def told(app: RefmanApp, words: str) -> bool:
    return any(words in toast for toast in toasts(app))


def has(line: Input, text: str) -> bool:
    return line.value == text


async def back(app: RefmanApp) -> None:
    await until(lambda: isinstance(app.screen, MainScreen), "the list")


async def test_what_is_written_is_checked_as_one_types_and_kept_as_one_change(
    app: RefmanApp, path: Path, outside: Recorder
) -> None:
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        await press(pilot, *" [x]")
        await write(pilot, screen, "issued", "2021-13")
        await until(lambda: "is no date for issued" in screen_text(app), "a refusal")
        await write(pilot, screen, "ISSN", "1234-5678")
        await until(lambda: "has a wrong check digit" in screen_text(app), "a remark")
        with Library(path) as library:
            one = next(iter(library.search("has:doi -sea", limit=1)))
        doi, other = one.description.DOI or "", one.citation_key
        await write(pilot, screen, "DOI", doi)
        await until(lambda: "has this DOI, too" in screen_text(app), "another work's DOI")
        await write(pilot, screen, "citation key", "a b")
        await until(lambda: "cannot be a citation key" in screen_text(app), "a refusal")
        await write(pilot, screen, "citation key", other)
        await until(lambda: f"Another work has the key {other}" in screen_text(app), "a refusal")
        await press(pilot, "ctrl+s")
        await until(lambda: screen._current == "issued", "the first that is refused")
        await check_all(pilot, app, "edit")
        await write(pilot, screen, "issued", "2020/2021")
        await write(pilot, screen, "citation key", "dijk")
        await write(pilot, screen, "ISSN", "0378-5955")
        for key in ("shift+tab", "ctrl+l", "ctrl+g"):
            await press(pilot, key)
        await pilot.click("#form-lines", offset=(30, 5))
        assert screen._current == "volume"
        screen._go_to("volume")
        await press(pilot, "ctrl+l")
        screen._go_to("page")
        await press(pilot, "ctrl+t")
        await until(lambda: "you, taken over" in screen_text(app), "a word of one's own")
        outside.edits = [lambda text: text + "\nIt was slow.\n"]
        screen._go_to("abstract")
        await press(pilot, "ctrl+o")
        await press(pilot, "ctrl+s")
        await back(app)
        [toast] = toasts(app)
        assert toast.startswith("Changed ")
        assert "page (taken over), its key to dijk. u undoes." in toast
        now = newest(path)
        assert now.title == "Growth of <i>Escherichia coli</i> at sea [x]"
        assert now.issued == Date(2020, end=Date(2021))
        assert (now.ISSN, now.volume, now.DOI) == (("0378-5955",), None, doi)
        assert now.abstract == "We measured growth. It was slow.\nIt was slow."
        with Library(path) as library:
            assert library.claims(library.get("dijk"))["page"][0].rank == "user"
        await press(pilot, "u")
        await until(lambda: newest(path).volume == "12", "undone")
        with Library(path) as library:
            assert library.get(KEY).citation_key == KEY
            assert library.claims(library.get(KEY))["page"][0].rank == "import"


async def test_names_are_written_in_parts_added_moved_and_taken_out(
    app: RefmanApp, path: Path
) -> None:
    with Library(path, clock=clock) as library, library.store.writing() as writer:
        change = writer.change("user", "edit", "a name")
        work = next(iter(library.search("", limit=1)))
        [record] = writer.records(work.id)
        anna = Name(family="Dijk", given="Anna", non_dropping_particle="van",
                    ORCID="0000-0002-1825-0097", affiliation=("Sea; Institute",))  # fmt: skip
        said = Description(author=(anna, Name(literal="A; B"), Name(family=HOSTILE)))
        writer.append(change, [(work.id, type(record)(description=said, origin=record.origin))])
        writer.decide(change, [record], [])
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        screen._go_to("author")
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, NamesDialog), "the names")
        await until(lambda: "Ctrl+S Done" in screen_text(app), "its keys")
        await settled(app)
        check(app, "names", (80, 24))
        names = app.screen
        assert isinstance(names, NamesDialog)
        for key in "jda":
            await press(pilot, key)
        for part, text in (
            ("family", "King"),
            ("given", "M. L."),
            ("suffix", "Jr."),
            ("ORCID", "0000-0002-1825-0098"),
            ("literal", "x"),
        ):
            names._parts[part].focus()
            await pilot.pause()
            app.post_message(Paste(text))
            await until(partial(has, names._parts[part], text), text)
        await press(pilot, "ctrl+s")
        await until(lambda: "not both" in screen_text(app), "a refusal")
        await press(pilot, "backspace")
        await until(lambda: "the ORCID 0000-0002-1825-0098" in screen_text(app), "a remark")
        names._list.focus()
        await press(pilot, "K")
        await press(pilot, "ctrl+s")
        await until(lambda: app.screen is screen, "the form")
        await press(pilot, "ctrl+s")
        await back(app)
        king = Name(family="King", given="M. L.", suffix="Jr.", ORCID="0000-0002-1825-0098")
        assert newest(path).author == (anna, king, Name(family=HOSTILE))


async def test_another_type_rearranges_the_form_and_loses_nothing(
    app: RefmanApp, path: Path
) -> None:
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        screen._go_to("type")
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, PickDialog), "the types")
        await press(pilot, *"book")
        await press(pilot, "enter")
        await until(lambda: app.screen is screen and "number of pages" in screen_text(app), "book")
        assert {"volume", "issue", "page", "container_title"} <= {*screen._fields}
        assert screen._fields.index("page") > screen._fields.index("ISBN")
        await press(pilot, "ctrl+n")
        await until(lambda: isinstance(app.screen, PickDialog), "the fields")
        await press(pilot, *"call")
        await press(pilot, "enter")
        await until(lambda: app.screen is screen and screen._current == "call_number", "its line")
        await press(pilot, *"QL 1")
        await press(pilot, "ctrl+n")
        await until(lambda: isinstance(app.screen, PickDialog), "the fields again")
        await press(pilot, *"page", "enter")
        await until(lambda: app.screen is screen and screen._current == "page", "one that is shown")
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        assert "type, call number" in screen_text(app)
        await press(pilot, "n")
        await press(pilot, "ctrl+s")
        await back(app)
        assert (newest(path).type, newest(path).call_number) == ("book", "QL 1")
        assert newest(path).page == "100-110"
        screen = await form(app, pilot)
        await press(pilot, "escape")
        await back(app)


async def test_what_somebody_else_has_changed_is_shown_field_by_field(
    app: RefmanApp, path: Path
) -> None:
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        await write(pilot, screen, "volume", "13")
        await write(pilot, screen, "issue", "4")
        await write(pilot, screen, "page", "1-9")
        with Library(path, clock=clock) as library:
            library.edit(library.get(KEY), {"volume": "99", "issue": "98", "publisher": "Sea"})
        await press(pilot, "ctrl+s")
        await until(lambda: isinstance(app.screen, ConflictDialog), "both sides")
        await until(lambda: "Enter Save" in screen_text(app), "its keys")
        await settled(app)
        check(app, "conflict", (80, 24))
        await press(pilot, "left")
        await press(pilot, "enter")
        await back(app)
        now = newest(path)
        assert (now.volume, now.issue, now.page, now.publisher) == ("99", "4", "1-9", "Sea")


async def test_what_was_not_saved_when_the_terminal_went_away_is_offered_again(
    path: Path, tmp_path: Path
) -> None:
    state_file, kept = tmp_path / "screen.json", tmp_path / "draft.json"
    app = app_on(path, state_file=state_file)
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        await write(pilot, screen, "issued", "2021-")
        await until(lambda: kept.exists() and "2021-" in kept.read_text(), "kept")
    app = app_on(path, state_file=state_file)
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "E")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        assert "Written: issued." in screen_text(app)
        await press(pilot, "y")
        await until(lambda: isinstance(app.screen, EditScreen), "the form")
        await until(lambda: "'2021-' is no date" in screen_text(app), "what was written")
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        await press(pilot, "y")
        await back(app)
        assert not kept.exists()


async def test_several_works_are_edited_at_once(app: RefmanApp, path: Path) -> None:
    async with running(app, (80, 24)) as pilot:
        await press(pilot, *"   ")
        screen = await form(app, pilot)
        assert "(various)" in screen_text(app)
        before = [newest(path, place) for place in range(3)]
        await write(pilot, screen, "language", "id")
        screen._go_to("keyword")
        await press(pilot, "ctrl+l")
        await press(pilot, "ctrl+s")
        await back(app)
        assert toasts(app) == ["Changed language, keyword in 3 works. u undoes."]
        for place in range(3):
            assert newest(path, place).language == "id"
            assert newest(path, place).keyword == ()
            assert newest(path, place).title == before[place].title
        await press(pilot, "u")
        await until(lambda: newest(path) == before[0], "all undone at once")


async def blank_form(app: RefmanApp, pilot: AnyPilot, type_: str) -> EditScreen:
    await press(pilot, "A")
    await until(lambda: isinstance(app.screen, AddDialog), "a question")
    await press(pilot, "ctrl+n")
    await until(lambda: isinstance(app.screen, PickDialog), "the types")
    await press(pilot, *type_)
    await press(pilot, "enter")
    await until(lambda: isinstance(app.screen, EditScreen) and app.screen._current, "the form")
    assert isinstance(app.screen, EditScreen)
    return app.screen


async def add_by_hand_what_is_there(app: RefmanApp, pilot: AnyPilot) -> None:
    screen = await blank_form(app, pilot, "")
    await write(pilot, screen, "DOI", "10.5555/coli.1")
    await press(pilot, "ctrl+s")
    await until(lambda: f"It is the same work as {KEY}." in screen_text(app), "a question")
    await press(pilot, "n")
    await until(lambda: "It was not added." in screen_text(app), "the form again")
    await press(pilot, "escape")
    await until(lambda: isinstance(app.screen, Confirm), "a question")
    await press(pilot, "y")
    await back(app)


async def test_works_are_added_by_hand_and_by_identifier(path: Path) -> None:
    known = {"10.5555/whale": Description(title="Whales", issued=Date(1851), type="book")}

    async def resolve(text: str) -> str:
        if text == "pmid:17":
            return "10.5555/whale"
        raise SourceUnavailable("offline", hint="Go online.")

    app = app_on(path, setup=replace(setup_with(FakeSource(known)), resolve=resolve))
    async with running(app, (80, 24)) as pilot:
        await add_by_hand_what_is_there(app, pilot)
        screen = await blank_form(app, pilot, "thesis")
        assert screen._current == "author"
        app.post_message(Paste("Dwi, Rizkika"))
        await until(lambda: screen._draft.value("author"), "a name")
        await press(pilot, "down")
        app.post_message(Paste("On the growth of seals"))
        await until(lambda: screen._draft.value("title"), "a title")
        await press(pilot, "ctrl+s")
        await back(app)
        await until(lambda: app.main.view.window.total == 63, "one more")
        assert newest(path).author == (Name(family="Dwi", given="Rizkika"),)
        assert newest(path).type == "thesis"
        for text, found in (
            ("10.5555/coli.1", "It is there already"),
            ("xyz", "is no DOI, arXiv"),
            ("pmid:18", "pmid:18: offline. Go online."),
        ):
            await press(pilot, "A")
            await until(lambda: isinstance(app.screen, AddDialog), "a question")
            app.post_message(Paste(text))
            await press(pilot, "enter")
            await until(partial(told, app, found), found)
        await press(pilot, "A")
        await until(lambda: isinstance(app.screen, AddDialog), "a question")
        app.post_message(Paste("pmid:17"))
        await press(pilot, "enter")
        await until(lambda: newest(path).title == "Whales", "what its source says")
        await until(lambda: not app.main.is_enriching, "done")
        await press(pilot, "u")
        await until(lambda: app.main.view.window.total == 63, "one undo takes all of it back")


async def test_a_work_of_3000_authors_and_a_megabyte_has_a_form(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    many = tuple(Name(family=f"F{number}", given="A.") for number in range(3000))
    fill(path, [Description(title="All of us", author=many, abstract="word " * 200_000)])
    app = app_on(path)
    async with running(app, (80, 24)) as pilot:
        screen = await form(app, pilot)
        assert "3,000 names (Enter)" in screen_text(app)
        await until(lambda: "1,000,000 characters" in screen_text(app), "a line for the abstract")
        screen._go_to("author")
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, NamesDialog), "the names")
        await press(pilot, "end")
        await press(pilot, "d")
        await press(pilot, "ctrl+s")
        await until(lambda: app.screen is screen, "the form")
        await press(pilot, "ctrl+s")
        await back(app)
        assert len(newest(path).author) == 2999
        with Library(path) as library:
            states = [record.state for record in library.records(library.get("f0all"))]
        assert states == [RecordState.STANDING] * 2
