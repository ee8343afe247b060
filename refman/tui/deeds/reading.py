"""The deed that says of works whether they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refman.services.library import Library
from refman.store import READ_TAG
from refman.tui.display import counted, one_line
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


async def toggle_read(screen: MainScreen) -> None:
    """Say that what is chosen was read; where all of it was, that it was not."""
    works = chosen(screen.view)
    if not works:
        screen.say("There is no work to read.")
        return

    def ask(library: Library) -> bool:
        found = library.store.works([*works])
        on = any(READ_TAG not in map(str.lower, work.tags) for work in found)
        library.label("tags", READ_TAG, found, on=on)
        return on

    on = await screen.desk.writer.ask(ask)
    what = one_line(next(iter(works.values()))) if len(works) == 1 else counted(len(works), "work")
    screen.say(f"{what}: {'read' if on else 'not read any more'}. u undoes.")
    await screen.reload()
