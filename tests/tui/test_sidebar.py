"""The sidebar: what is there, how many of it, and that choosing lists it."""

from __future__ import annotations

from pathlib import Path

from refman.model import Description
from refman.rules.query import EVERYTHING, And, Is, Or, Term
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.places import Labels, Place, arranged, joined
from refman.tui.widgets.sidebar import Sidebar, line
from tests.tui.conftest import clock, fill, press, ready, running, screen_text, until


def test_collections_are_a_tree() -> None:
    found = arranged(
        Labels([("Thesis/Chapter 2", 3), ("Thesis / Chapter 1", 2), ("Other", 1)], [], {})
    )
    tree = [place for place in found if place.name.startswith("collection/")]
    assert [(place.label, place.depth, place.count) for place in tree] == [
        ("Other", 1, 1),
        ("Thesis", 1, None),
        ("Chapter 1", 2, 2),
        ("Chapter 2", 2, 3),
    ]
    assert tree[1].node == Or(
        (
            Term("Thesis/Chapter 2", "collection", phrase=True),
            Term("Thesis / Chapter 1", "collection", phrase=True),
        )
    )


def test_a_place_and_a_query_are_joined() -> None:
    word, state = Term("sea"), Is("pending")
    assert joined(EVERYTHING, word) is word
    assert joined(state, EVERYTHING) is state
    assert joined(state, And((word, word))) == And((state, word, word))


def test_a_saved_search_that_cannot_be_read_is_no_place() -> None:
    found = arranged(Labels((), (), {"loop": "search:loop", "fine": "sea"}))
    assert [place.label for place in found if place.name.startswith("search/")] == ["fine"]


def test_a_line_has_its_count_at_the_end() -> None:
    assert line(Place("tag/x", "a rather long tag", None, 1, 1234), 20) == "  a rather l… 1,234 "


def _labelled(path: Path) -> None:
    with Library(path, clock=clock) as library:
        works = list(library.search("", limit=4))
        library.label("collections", "Thesis/Seas", works[:3])
        library.label("collections", "Thesis/Soils", works[2:4])
        library.label("tags", "read", works[:1])
        library.save_search("fungal", "fungi")


def _count(sidebar: Sidebar, label: str) -> int | None:
    return next((place.count for place in sidebar.places if place.label == label), -1)


async def test_places_are_counted_chosen_and_searched_in(app: RefmanApp, path: Path) -> None:
    _labelled(path)
    async with running(app) as pilot:
        sidebar = app.main.sidebar
        await until(lambda: _count(sidebar, "fungal") == 1, "counts")
        assert _count(sidebar, "All works") == 62
        assert _count(sidebar, "Thesis") == 4
        assert _count(sidebar, "No DOI") == 1
        assert _count(sidebar, "Retracted") == 0
        await press(pilot, "h")
        assert sidebar.has_focus
        thesis = next(i for i, place in enumerate(sidebar.places) if place.label == "Thesis")
        while sidebar.cursor < thesis:
            await press(pilot, "j")
        await until(lambda: app.main.view.window.total == 4, "the collection")
        await press(pilot, *"/fungi")
        await until(lambda: app.main.view.window.total == 1, "a search in it")
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 4, "the collection again")
        await until(lambda: "1 of 4 works · in Thesis · by added" in screen_text(app), "its name")
        await press(pilot, "escape")
        await until(lambda: app.main.view.window.total == 62, "all works")
        assert sidebar.cursor == 0
        fill(path, [Description(title="A new one without anything")])
        await until(lambda: _count(sidebar, "No DOI") == 2, "counted anew")
        await pilot.click("#sidebar", offset=(3, 0))
        await until(lambda: app.main.view.window.total == 63, "all")
        await press(pilot, "/", *"search:fungal", "enter")
        await until(lambda: app.main.view.window.total == 1, "a saved search by name")
        await press(pilot, "b")
        assert not sidebar.display


async def test_a_narrow_screen_has_it_on_demand(app: RefmanApp) -> None:
    async with running(app, (80, 24)) as pilot:
        assert not app.main.sidebar.display
        await press(pilot, "b")
        await until(lambda: "Needs attention" in screen_text(app), "the sidebar")
        await pilot.resize_terminal(20, 5)
        await ready(app)
        await pilot.resize_terminal(80, 24)
        await until(lambda: "Needs attention" in screen_text(app), "the sidebar again")
        assert "Speaking of fungi" in screen_text(app)
