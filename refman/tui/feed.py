"""Brings the main screen what it shows, a page at a time.

Each of these is awaited in a worker. When the answer comes the listing may be another one already;
then the answer is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refman.errors import RefmanError
from refman.tui import state
from refman.tui.window import Fetch

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


class Feed:
    """Asks the screen's desk, and has the screen become what the answers make of it."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._version: int | None = None
        """The library's `data_version` when it was last looked at; None before the first page."""

    async def open(self) -> None:
        """Fetch the first page of a new listing, then its length. Raises `StoreError`.

        A library whose very first page cannot be had ends the app.
        """
        listing = self._screen.view.listing
        try:
            page = await self._desk.page(listing, Fetch(number=0))
        except RefmanError as error:
            if self._version is None and not self._screen.view.window.pages:
                self._screen.app.exit(error)
                return
            raise
        if self._screen.view.listing != listing:
            return
        self._screen.become(state.opened(self._screen.view, page))
        self._screen.load_detail()
        if self._version is None:
            self._version = await self._desk.data_version()
        if self._screen.view.window.total is None:
            total = await self._desk.total(listing)
            if self._screen.view.listing == listing:
                self._screen.become(state.counted(self._screen.view, total))

    async def fill(self, first: int, last: int) -> None:
        """Fetch the pages that hold these rows. Raises `StoreError`."""
        listing = self._screen.view.listing
        for number in self._screen.view.window.missing(first, last):
            page = await self._desk.page(listing, self._screen.view.window.fetch(number))
            if self._screen.view.listing != listing or self._screen.view.stale:
                return
            self._screen.become(state.filled(self._screen.view, number, page))
            if self._screen.view.current is not None:
                self._screen.load_detail()

    async def detail(self) -> None:
        """Show the work under the cursor. Raises `StoreError`."""
        row = self._screen.view.current
        entry = None if row is None else await self._desk.entry(row.id)
        self._screen.detail.show(entry)

    async def reload(self) -> None:
        """Read anew what is in sight: the library has changed."""
        listing = self._screen.view.listing
        if self._screen.view.stale:
            return
        window = await self._desk.window(listing, *self._screen.table.in_sight)
        if window.total is None and self._screen.view.window.total is not None:
            window = window.counted(await self._desk.total(listing))
        if self._screen.view.listing == listing and not self._screen.view.stale:
            self._screen.become(state.reloaded(self._screen.view, window))
            self._screen.load_detail()

    async def look_for_changes(self) -> None:
        """Read anew what is in sight if anybody has changed the library. Raises `StoreError`."""
        if self._version is None:
            return
        version = await self._desk.data_version()
        if version != self._version:
            self._version = version
            await self.reload()
