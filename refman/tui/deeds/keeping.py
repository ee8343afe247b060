"""Deeds that keep something with works: notes, files, collections, searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from refman.model import Work
from refman.services import belongings
from refman.services.library import Library
from refman.store import NoteRow
from refman.tui.display import one_line
from refman.tui.pages import Tab
from refman.tui.screens.dialog import Prompt
from refman.tui.screens.writing import NoteDialog
from refman.tui.widgets.path_suggester import PathSuggester

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


async def note(screen: MainScreen) -> None:
    """Write a note on the work under the cursor, or go on with its latest one."""
    await _write(screen, new=False)


async def new_note(screen: MainScreen) -> None:
    """Write a further note on the work under the cursor."""
    await _write(screen, new=True)


async def _write(screen: MainScreen, *, new: bool) -> None:
    row = screen.view.current
    entry = None if row is None else await screen.desk.entry(row.id)
    if entry is None:
        screen.say("There is no work to write a note on.")
        return
    work = entry.work
    old = None if new or not entry.notes else entry.notes[-1]
    which = f" {len(entry.notes)} of {len(entry.notes)}" if old and len(entry.notes) > 1 else ""
    heading = f"Note{which} on {one_line(work.citation_key)} (Markdown)"
    text = await screen.app.push_screen_wait(NoteDialog(heading, old.text if old else ""))
    if text is None or text.strip() == (old.text.strip() if old else ""):
        return
    told = await screen.desk.writer.ask(lambda library: _keep(library, work, old, text))
    screen.say(f"{told} u undoes.")
    if screen.detail.display and screen.detail.tab is not Tab.NOTES and text.strip():
        screen.detail.turn_to(Tab.NOTES)
    await screen.reload()


def _keep(library: Library, work: Work, old: NoteRow | None, text: str) -> str:
    store = library.store
    if old is None:
        belongings.add_note(store, work, text)
        return "Noted."
    belongings.change_note(store, work, old.id, text if text.strip() else None)
    return "Changed the note." if text.strip() else "Took the note away."


async def attach(screen: MainScreen) -> None:
    """Attach a file to the work under the cursor."""
    row = screen.view.current
    if row is None:
        screen.say("There is no work to attach a file to.")
        return
    prompt = Prompt(
        f"Attach to {one_line(row.citation_key)}",
        "A file; it is copied beside the library. → completes.",
        suggester=PathSuggester(),
    )
    answer = await screen.app.push_screen_wait(prompt)
    if answer is None:
        return
    path = Path(answer).expanduser()

    def ask(library: Library) -> Path:
        work = library.get(row.citation_key)
        return belongings.attach(library.store, library.path, work, path)

    place = await screen.desk.writer.ask(ask)
    screen.say(f"Attached {one_line(place.name)}. O opens it, u undoes.")
    await screen.reload()


async def save_search(screen: MainScreen) -> None:
    """Keep what is typed in the search line under a name; with `-` before it, forget it."""
    text, saved = screen.view.listing.text.strip(), screen.view.saved
    details = f"The search: {one_line(text)}" if text else "Nothing is searched for. -name forgets."
    prompt = Prompt("Save the search as", details, saved)
    answer = await screen.app.push_screen_wait(prompt)
    if answer is None:
        return
    forget = answer.startswith("-") and answer[1:].strip().lower() in {n.lower() for n in saved}
    name = answer[1:].strip() if forget else answer
    if not text and not forget:
        screen.say("Type a search first (/), then save it.", "warning")
        return
    query = None if forget else text
    await screen.desk.writer.ask(lambda library: library.save_search(name, query))
    shown = one_line(name)
    screen.say(f"Forgot {shown}. u undoes." if forget else f"Saved as {shown}. u undoes.")
    await screen.reload()
