"""Deeds that change works, and take changes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from refman.errors import UsageError
from refman.tui import state
from refman.tui.display import counted, one_line
from refman.tui.screens.dialog import Confirm
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_SHOWN = 6


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
    """Take back the latest change; where later ones are in the way, what is left of it."""
    try:
        change = await screen.desk.writer.ask(lambda library: library.undo())
    except UsageError as error:
        question = Confirm(error.message, "What is left of it can be taken back.", "Take it back")
        if not await screen.app.push_screen_wait(question):
            return
        change = await screen.desk.writer.ask(lambda library: library.undo(partly=True))
    screen.say(f"Undone: {one_line(change.summary)}. Ctrl+R does it again.")
    await screen.reload()


async def redo(screen: MainScreen) -> None:
    """Do again what was undone last, here or elsewhere."""
    change = await screen.desk.writer.ask(lambda library: library.redo())
    screen.say(f"Done again: {one_line(change.summary)}. u undoes.")
    await screen.reload()


def _what(works: Mapping[int, str]) -> str:
    return one_line(next(iter(works.values()))) if len(works) == 1 else f"{len(works):,} works"
