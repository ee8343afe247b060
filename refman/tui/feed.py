"""Brings the main screen what it shows, a page at a time.

Each of these is awaited in a worker. When the answer comes the listing may be another one already;
then the answer is dropped.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from refman.errors import RefmanError
from refman.rules.query import EVERYTHING
from refman.tui import places, state
from refman.tui.pages import Tab
from refman.tui.window import Fetch

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


_PASSING = 0.1
"""Seconds within which works follow one another that are only passed on the way down the list."""
_PAUSE = 0.04
"""Seconds that such a work is looked at before its details are asked for."""
_GLANCE = 0.15
"""Seconds that a work is looked at before its reference is formatted."""
_SURVEY_SHOWN = 0.2
"""Seconds after which the counts that are known so far are shown."""
_REST = 10
"""How many times longer than the last survey took the next one is put off."""
_LONGEST_REST = 60.0


class Feed:
    """Asks the screen's desk, and has the screen become what the answers make of it."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._desk = screen.desk
        self._version: int | None = None
        """The library's `data_version` when it was last looked at; None before the first page."""
        self._survey_wanted = False
        self._is_surveying = False
        self._looked_at = 0.0
        """When the details of a work were asked for last."""

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
            await self._learn_searches()
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
        now, before = time.monotonic(), self._looked_at
        self._looked_at = now
        if now - before < _PASSING:
            await asyncio.sleep(_PAUSE)
        row = self._screen.view.current
        entry = None if row is None else await self._desk.entry(row.id)
        detail = self._screen.detail
        detail.show(entry, self._screen.view.finder)
        if entry is not None and detail.tab in (Tab.WORK, Tab.EXPORT):
            # Not for works that are only passed on the way down the list.
            await asyncio.sleep(_GLANCE)
            style = self._screen.style_name
            detail.add(await self._desk.rendering(entry.work, detail.tab, detail.form, style))

    async def reload(self) -> None:
        """Read anew what is in sight: the library has changed."""
        await self._learn_searches()
        listing = self._screen.view.listing
        if self._screen.view.stale:
            return
        window = await self._desk.window(listing, *self._screen.table.in_sight)
        if window.total is None and self._screen.view.window.total is not None:
            window = window.counted(await self._desk.total(listing))
        if self._screen.view.listing == listing and not self._screen.view.stale:
            self._screen.become(state.reloaded(self._screen.view, window))
            self._screen.load_detail()
            self._screen.survey()

    async def look_for_changes(self) -> None:
        """Read anew what is in sight if anybody has changed the library. Raises `StoreError`."""
        if self._version is None:
            return
        version = await self._desk.data_version()
        if version != self._version:
            self._version = version
            await self.reload()

    async def _learn_searches(self) -> None:
        saved = await self._desk.saved_searches()
        if saved != self._screen.view.saved:
            self._screen.become(replace(self._screen.view, saved=saved))

    def want_survey(self) -> bool:
        """Ask for the sidebar to be counted. Gives whether somebody has to begin with it."""
        self._survey_wanted = True
        return not self._is_surveying

    async def survey(self) -> None:
        """Show the places of the sidebar, then how many works are in each. Raises `StoreError`.

        Counting a large library takes a while, so the longer it took the longer the next one,
        which changes meanwhile ask for, is put off.
        """
        self._is_surveying = True
        try:
            while self._survey_wanted:
                self._survey_wanted = False
                started = time.monotonic()
                await self._survey()
                took = time.monotonic() - started
                await asyncio.sleep(min(_LONGEST_REST, took * _REST))
        finally:
            self._is_surveying = False

    async def _survey(self) -> None:
        sidebar = self._screen.sidebar
        counts = {place.name: place.count for place in sidebar.places if place.count is not None}
        arranged = places.arranged(await self._desk.labels())
        sidebar.show(places.counted(arranged, counts))
        shown = time.monotonic()
        for place in arranged:
            node = place.node
            if node is None or place.count is not None or (place.order and node == EVERYTHING):
                continue
            counts[place.name] = await self._desk.surveyor.ask(
                lambda library, node=node: library.count(node)  # type: ignore[misc]
            )
            if time.monotonic() - shown > _SURVEY_SHOWN:
                sidebar.show(places.counted(arranged, counts))
                shown = time.monotonic()
        sidebar.show(places.counted(arranged, counts))
