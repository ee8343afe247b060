"""The pages of the details, each with what it is for."""

from __future__ import annotations

from pathlib import Path

from refman.model import Description
from refman.services import belongings
from refman.services.library import Library
from refman.tui.app import RefmanApp
from refman.tui.pages import LONGEST, TITLES, Tab, cut, heads, tab_at
from tests.tui.conftest import HOSTILE, app_on, clock, fill, press, running, screen_text, until


def test_the_tabs_are_named_where_there_is_room() -> None:
    assert "".join(text for text, _ in heads(Tab.NOTES, 80)).split() == [
        word for number, name in TITLES.items() for word in (str(number), name)
    ]
    assert "".join(text for text, _ in heads(Tab.NOTES, 30)).split() == "1 2 3 4 5 Notes 6".split()
    assert tab_at(Tab.NOTES, 30, 0) is Tab.WORK
    assert tab_at(Tab.NOTES, 30, 15) is Tab.NOTES
    assert tab_at(Tab.NOTES, 30, 29) is None


def test_a_long_text_is_cut_and_says_so() -> None:
    assert cut("x" * LONGEST) == "x" * LONGEST
    assert cut("x" * (LONGEST + 1500)).endswith("x … (1,500 more characters)")


async def test_each_key_shows_its_page(app: RefmanApp, path: Path) -> None:
    with Library(path, clock=clock) as library:
        work = library.get("vandijk2019growth")
        belongings.add_note(library.store, work, "# Heading\n\nRead *this* [bold]again[/].")
        library.edit(work, {"issue": "4"})
    async with running(app) as pilot:
        await until(lambda: "As apa has it" in screen_text(app), "a formatted reference")
        assert "With it  1 note" in screen_text(app)
        for key, words in (
            ("2", ("citation key  vandijk2019growth", "type  article-journal")),
            ("3", ("We measured growth. It was slow.",)),
            ("4", ("BibTeX (4 again: RIS)", "@article{vandijk2019growth")),
            ("4", ("RIS (4 again: CSL-JSON)", "TY  - JOUR")),
            ("5", ("Heading", "Read this [bold]again[/].")),
            ("6", ("✓ 4  ← you", "3  ← bibtex (refs.bib:62)", "edit of")),
            ("]", ("from  bibtex",)),
            ("[", ("✓ 4  ← you",)),
        ):
            await press(
                pilot, {"[": "left_square_bracket", "]": "right_square_bracket"}.get(key, key)
            )
            for word in words:
                await until(lambda word=word: word in screen_text(app), f"{word} at {key}")  # type: ignore[misc]
        assert "# Heading" not in screen_text(app)
        await pilot.click("#detail-tabs", offset=(1, 0))
        await until(lambda: app.main.detail.tab is Tab.WORK, "a click on a tab")


async def test_hostile_and_huge_texts_are_shown_as_they_are_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    fill(path, [Description(title=HOSTILE, abstract=f"{HOSTILE} " + "word " * 200_000)])
    with Library(path, clock=clock) as library:
        belongings.add_note(library.store, next(iter(library.search())), HOSTILE)
    app = app_on(path)
    async with running(app) as pilot:
        for key, word in zip("123456", ("[@click", "[@click", "[@click", "@", "[/] [@", "[@click")):
            await press(pilot, key)
            await until(lambda word=word: word in screen_text(app), f"page {key}")  # type: ignore[misc]
            text = screen_text(app)
            assert not [char for char in text if char != "\n" and not char.isprintable()]
