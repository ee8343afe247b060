"""Reviews, mismatches and duplicates: what the keys decide, and that it is undone."""

from __future__ import annotations

from pathlib import Path

from refman.model import (
    Date,
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
)
from refman.services import importing
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.screens.dialog import Confirm
from refman.tui.screens.duplicates import DuplicatesScreen
from refman.tui.screens.main import MainScreen
from refman.tui.screens.reviewing import ReviewScreen
from refman.tui.side_by_side import Line, compared, drawn
from tests.tui.conftest import HOSTILE, clock, fill, press, running, screen_text, toasts, until
from tests.tui.test_snapshots import check_all


def test_sides_are_wrapped_beside_each_other() -> None:
    lines = drawn([Line("title", ("one two three", "x" * 30), True, "+")], 60, 2)
    assert [line.label.rstrip() for line in lines] == ["+≠ title", ""]
    assert [line.cells for line in lines] == [
        ("one two three".ljust(20), "x" * 20),
        (" " * 20, ("x" * 10).ljust(20)),
    ]


def test_what_differs_comes_first() -> None:
    a = Description(type="book", title="A", volume="1")
    b = Description(type="book", title="B")
    assert [field for field, _ in compared([a, b])] == ["title", "type", "volume"]


def propose(path: Path, state: RecordState = RecordState.PROPOSED, count: int = 1) -> None:
    """Have a source say something of the newest works."""
    with Library(path, clock=clock) as library, library.store.writing() as writer:
        change = writer.change("source", "enrich", "proposals")
        origin = Origin(kind=OriginKind.SOURCE, name="crossref", location="10.5555/coli.1")
        works = list(library.search("", limit=count))
        said = [
            Description(title=f"{HOSTILE} {work.id}", publisher="Sea Press", page="1-9")
            for work in works
        ]
        records = [Record(description=each, origin=origin, state=state) for each in said]
        writer.append(change, [(w.id, r) for w, r in zip(works, records, strict=True)])
        if state is RecordState.MISMATCH:
            writer.set_enrichment([work.id for work in works], EnrichmentStatus.MISMATCH)


def newest(path: Path, place: int = 0) -> Description:
    with Library(path, clock=clock) as library:
        return list(library.search("", limit=place + 1))[place].description


async def test_proposals_are_decided_field_by_field(app: RefmanApp, path: Path) -> None:
    propose(path, count=3)
    async with running(app) as pilot:
        await press(pilot, "r")
        await until(lambda: "vandijk2019growth" in screen_text(app)[:400], "the first work")
        assert isinstance(app.screen, ReviewScreen)
        assert "[bold red]x[/x]" in screen_text(app)
        fields = [line.label for line in app.screen._fields._lines]
        for field, keys in (
            ("title", ["r"]),
            ("publisher", ["a"]),
            ("page", ["e", "backspace", "8", "enter"]),
        ):
            app.screen._fields.cursor = fields.index(field)
            for key in keys:
                await press(pilot, key)
        await check_all(pilot, app, "review")
        await press(pilot, "enter")
        await until(lambda: "2 · " in screen_text(app)[:400], "the second work")
        await press(pilot, "A", "enter")
        await until(lambda: "3 · " in screen_text(app)[:400], "the third work")
        await press(pilot, "enter")
        await until(lambda: "Nothing more" in screen_text(app), "the end")
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        assert "Decided on 2 works. u undoes, one after the other." in toasts(app)
        assert newest(path).publisher == "Sea Press"
        assert newest(path).title == "Growth of <i>Escherichia coli</i> at sea"
        assert newest(path, 1).page == "1-9"
        assert newest(path).page == "1-8"
        assert newest(path, 2).publisher == "Wiley"
        await press(pilot, "u")
        await until(lambda: newest(path, 1).page != "1-9", "undone")
        assert newest(path).publisher == "Sea Press"


async def test_a_field_is_accepted_everywhere_at_once(app: RefmanApp, path: Path) -> None:
    propose(path, count=5)
    async with running(app) as pilot:
        await press(pilot, "r")
        await until(lambda: "[bold red]x[/x]" in screen_text(app), "the first work")
        assert isinstance(app.screen, ReviewScreen)
        labels = [line.label for line in app.screen._fields._lines]
        app.screen._fields.cursor = labels.index("page")
        await press(pilot, "K")
        await until(lambda: "Accepted page in 5 works. u undoes." in toasts(app), "a toast")
        assert [newest(path, place).page for place in range(5)] == ["1-9"] * 5
        assert newest(path, 4).publisher != "Sea Press"
        await press(pilot, "escape", "u")
        await until(lambda: newest(path, 4).page != "1-9", "all undone at once")


async def test_a_mismatch_is_shown_beside_the_work_and_settled(app: RefmanApp, path: Path) -> None:
    propose(path, RecordState.MISMATCH, count=2)
    async with running(app) as pilot:
        await press(pilot, "r")
        await until(lambda: "Is vandijk2019growth what its DOI" in screen_text(app), "both sides")
        await check_all(pilot, app, "mismatch")
        await press(pilot, "x")
        await until(lambda: "Is vandijk2019growth" not in screen_text(app), "the next")
        assert newest(path).DOI is None
        await press(pilot, "b")
        await until(lambda: "Nothing more" in screen_text(app), "the end")
        assert newest(path, 1).page == "1-9"
        await press(pilot, "escape", "u", "u")
        await until(lambda: newest(path).DOI, "both undone")


async def test_where_nothing_is_proposed_the_screen_says_so(app: RefmanApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "r")
        await until(lambda: "Nothing more is to be decided" in screen_text(app), "a sentence")
        await press(pilot, "a", "enter", "K", "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")


def doubled(path: Path) -> None:
    """Two works that are one for certain, and two that look so."""
    fill(
        path,
        [
            Description(
                type="article-journal",
                title="Growth of Escherichia coli at the sea",
                author=(Name(family="van Dijk", given="A."), Name(family="Sukarno")),
                issued=Date(2019),
                DOI="10.5555/COLI.1",
                volume="12",
            )
        ],
        on_duplicate=importing.OnDuplicate.ADD,
    )


async def test_duplicates_are_compared_chosen_from_merged_and_undone(
    app: RefmanApp, path: Path
) -> None:
    doubled(path)
    async with running(app) as pilot:
        await press(pilot, "D")
        await until(lambda: "1 of 1 · One work" in screen_text(app), "a group")
        assert isinstance(app.screen, DuplicatesScreen)
        await check_all(pilot, app, "duplicates")
        labels = [line.label for line in app.screen._fields._lines]
        app.screen._fields.cursor = labels.index("title")
        await press(pilot, "right", "i", "m")
        await until(lambda: "That was all" in screen_text(app), "the end")
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "one fewer")
        assert newest(path).title == "Growth of Escherichia coli at the sea"
        assert newest(path).abstract == "We measured growth. It was slow."
        await press(pilot, "u")
        await until(lambda: app.main.view.window.total == 63, "undone")
        await press(pilot, "D")
        await until(lambda: "1 of 1 · One work" in screen_text(app), "the group again")
        await press(pilot, "a", "escape")
        await until(lambda: isinstance(app.screen, MainScreen), "the list")
        await press(pilot, "D")
        await until(lambda: "No duplicates" in screen_text(app), "nothing any more")


async def test_marked_works_are_compared_and_all_certain_ones_merged(
    app: RefmanApp, path: Path
) -> None:
    doubled(path)
    async with running(app) as pilot:
        await press(pilot, "j", *"  D")
        await until(lambda: "1 of 1 · The 2 marked works" in screen_text(app), "the marked ones")
        await press(pilot, "M", "n")
        await until(lambda: "That was all" in screen_text(app), "the end")
        await press(pilot, "escape", "escape", "D")
        await until(lambda: "One work, certain" in screen_text(app), "a group")
        await press(pilot, "M")
        await until(lambda: isinstance(app.screen, Confirm), "a question")
        await press(pilot, "y")
        await until(lambda: "Merged 1 duplicate. u undoes." in toasts(app), "a toast")
