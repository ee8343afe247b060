"""Deeds that show a work elsewhere, or another part of the screen."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from refman.services import belongings
from refman.services.belongings import FileState
from refman.services.library import Library
from refman.tui.display import one_line
from refman.tui.memory import LEAST_SHARE, MOST_SHARE, USUAL_SHARE
from refman.tui.outside import address_of
from refman.tui.pages import Tab

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


async def open_page(screen: MainScreen) -> None:
    """Show the page of the work under the cursor in the browser."""
    row = screen.view.current
    entry = None if row is None else await screen.desk.entry(row.id)
    if entry is None:
        screen.say("There is no work to open.")
        return
    address = address_of(entry.work.description)
    if address is None:
        key = one_line(entry.work.citation_key)
        screen.say(f"{key} has neither a DOI nor an address.", "warning")
        return
    outside = screen.desk.outside
    with ExitStack() as stack:
        if outside.browser_needs_terminal:
            stack.enter_context(screen.app.suspend())
        outside.browse(address)
    screen.say(f"Opened {address}.")


async def open_file(screen: MainScreen) -> None:
    """Show the file attached last to the work under the cursor, in the system's viewer."""
    row = screen.view.current
    if row is None:
        screen.say("There is no work to open.")
        return

    def ask(library: Library) -> list[FileState]:
        return belongings.states(library.store, library.path, library.get(row.citation_key))

    files = await screen.desk.reader.ask(ask)
    if not files:
        screen.say(f"{one_line(row.citation_key)} has no file; a attaches one.", "warning")
        return
    sound = [file for file in files if file.fault is None]
    if not sound:
        screen.say(f"{one_line(str(files[-1].path))}: {files[-1].fault}.", "warning")
        return
    screen.desk.outside.show_file(sound[-1].path)
    screen.say(f"Opened {one_line(sound[-1].path.name)}.")


def toggle_detail(screen: MainScreen) -> None:
    """Show the details, or hide them."""
    detail = screen.detail
    if detail.has_focus:
        screen.set_focus(screen.table)
    detail.toggle_class("-hidden")
    screen.load_detail()


def turn_to(screen: MainScreen, tab: Tab) -> None:
    """Show a page of the details."""
    screen.detail.remove_class("-hidden")
    screen.detail.turn_to(tab)
    screen.load_detail()


def turn(screen: MainScreen, step: int) -> None:
    """Show the next page of the details, or the one before."""
    screen.detail.remove_class("-hidden")
    screen.detail.turn(step)
    screen.load_detail()


def widen(screen: MainScreen, step: int) -> None:
    """Give the details more of the room, or less."""
    share = (screen.share or USUAL_SHARE) + step
    screen.share = max(LEAST_SHARE, min(share, MOST_SHARE))
    screen.resize_panes()


def to_detail(screen: MainScreen) -> None:
    """Show the details, and let the keys scroll them."""
    detail = screen.detail
    if not detail.display:
        detail.remove_class("-hidden")
        screen.load_detail()
    screen.set_focus(detail)


def to_list(screen: MainScreen) -> None:
    """Give the list the keys."""
    screen.set_focus(screen.table)


def leftwards(screen: MainScreen) -> None:
    """Go from the list to the sidebar, from anywhere else to the list."""
    there = screen.table.has_focus and screen.sidebar.display
    screen.set_focus(screen.sidebar if there else screen.table)


def toggle_sidebar(screen: MainScreen) -> None:
    """Show the sidebar, or hide it."""
    sidebar = screen.sidebar
    if sidebar.has_focus:
        screen.set_focus(screen.table)
    shown = not sidebar.display
    sidebar.set_class(shown, "-shown")
    sidebar.set_class(not shown, "-hidden")
    screen.call_after_refresh(screen.survey)


def other_pane(screen: MainScreen) -> None:
    """Go to the next of the panes that are shown."""
    panes = [pane for pane in (screen.table, screen.detail, screen.sidebar) if pane.display]
    here = next((i for i, pane in enumerate(panes) if pane.has_focus), -1)
    screen.set_focus(panes[(here + 1) % len(panes)])


def show_help(screen: MainScreen) -> None:
    """Show the keys of this screen."""
    screen.app.call_later(screen.app.run_action, "keys")


def leave(screen: MainScreen) -> None:
    """Leave refman."""
    screen.app.exit(0)
