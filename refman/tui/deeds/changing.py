"""Deeds that change works, and take changes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from refman.services import redoing
from refman.services.library import Library
from refman.tui import state
from refman.tui.display import counted, one_line
from refman.tui.screens.dialog import Confirm, Prompt
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_SHOWN = 6


async def tag(screen: MainScreen) -> None:
    """Put what is chosen under a tag; with `-` before it, take it out."""
    works = chosen(screen.view)
    if not works:
        screen.say("There is no work to tag.")
        return
    known = await screen.desk.reader.ask(lambda library: library.names("tags"))
    what = _what(works)
    prompt = Prompt(f"Tag {what}", "A name; -name takes it off.", [name for name, _ in known])
    answer = await screen.app.push_screen_wait(prompt)
    if answer is None:
        return
    name, on = answer.removeprefix("-").strip(), not answer.startswith("-")

    def ask(library: Library) -> int:
        return library.label("tags", name, library.store.works([*works]), on=on)

    count = await screen.desk.writer.ask(ask)
    deed = "Tagged" if on else "Took the tag off"
    screen.say(f"{deed} {counted(count, 'work')}: {one_line(name)}. u undoes.")
    await screen.reload()


async def delete(screen: MainScreen) -> None:
    """Delete what is chosen, after a question."""
    works = chosen(screen.view)
    if not works:
        screen.say("There is no work to delete.")
        return
    keys = [one_line(key) for key in works.values()]
    details = "\n".join(keys[:_SHOWN])
    if len(keys) > _SHOWN:
        details += f"\n… and {len(keys) - _SHOWN:,} more"
    if not await screen.app.push_screen_wait(Confirm(f"Delete {_what(works)}?", details, "Delete")):
        return
    count = await screen.desk.writer.ask(
        lambda library: library.delete(library.store.works([*works]))
    )
    screen.become(state.without(screen.view, works))
    screen.say(f"Deleted {counted(count, 'work')}. u brings them back.")
    await screen.reload()


async def undo(screen: MainScreen) -> None:
    """Take back the latest change."""
    change = await screen.desk.writer.ask(lambda library: library.undo())
    screen.say(f"Undone: {one_line(change.summary)}. Ctrl+R does it again.")
    await screen.reload()


async def redo(screen: MainScreen) -> None:
    """Do again what was undone last, here or elsewhere."""
    change = await screen.desk.writer.ask(lambda library: redoing.redo(library.store))
    screen.say(f"Done again: {one_line(change.summary)}.")
    await screen.reload()


def _what(works: Mapping[int, str]) -> str:
    return one_line(next(iter(works.values()))) if len(works) == 1 else f"{len(works):,} works"
