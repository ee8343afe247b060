"""All that the screens work with: the library, by way of threads, and what lies outside."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refman.services.library import Library
from refman.store import Page
from refman.tui.enrichment import EnrichmentSetup
from refman.tui.library_thread import LibraryThread
from refman.tui.outside import Outside
from refman.tui.state import Listing
from refman.tui.summary import Entry
from refman.tui.window import PAGE_SIZE, Fetch, Window, turned

_FAR = 20
"""Pages from the beginning on from where a reload counts first, to come from the nearer end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`open_library` is called once in each thread that needs a library.

    Rows and details are read in one thread, counts in another, so that a slow count keeps nobody
    waiting; changes are made in a third.
    """

    path: Path
    open_library: Callable[[], Library]
    enrichment: EnrichmentSetup
    export_formats: Callable[[], Sequence[str]]
    outside: Outside = field(default_factory=Outside)
    reader: LibraryThread = field(init=False)
    counter: LibraryThread = field(init=False)
    writer: LibraryThread = field(init=False)

    def __post_init__(self) -> None:
        for name in ("reader", "counter", "writer"):
            object.__setattr__(self, name, LibraryThread(self.open_library, name))

    def close(self) -> None:
        """End the threads."""
        for thread in (self.counter, self.reader, self.writer):
            thread.close()

    @contextlib.asynccontextmanager
    async def another(self) -> AsyncIterator[LibraryThread]:
        """A thread for one long question."""
        thread = LibraryThread(self.open_library, "long question")
        try:
            yield thread
        finally:
            thread.close(timeout=0)

    async def page(self, listing: Listing, way: Fetch) -> Page:
        """One page of a listing. Raises `StoreError`."""
        descending = listing.descending is not way.from_end

        def ask(library: Library) -> Page:
            return library.page(
                listing.node,
                listing.order,
                descending=descending,
                limit=way.limit,
                after=way.after,
                before=way.before,
                offset=way.offset,
            )

        page = await self.reader.ask(ask)
        return turned(page) if way.from_end else page

    async def total(self, listing: Listing) -> int:
        """How long a listing is. Raises `StoreError`."""
        return await self.counter.ask(lambda library: library.count(listing.node))

    async def window(self, listing: Listing, first: int, last: int) -> Window:
        """The pages of a listing that hold these rows, read anew. Raises `StoreError`."""
        window = Window()
        numbers = range(first // PAGE_SIZE, max(first, last) // PAGE_SIZE + 1)
        if numbers.stop > _FAR:
            window = window.counted(await self.total(listing))
        for number in numbers:
            if window.total is not None and number * PAGE_SIZE >= window.total > 0:
                break
            window = window.with_page(number, await self.page(listing, window.fetch(number)))
        return window

    async def entry(self, work_id: int) -> Entry | None:
        """A work and what was said of it; None where it is gone. Raises `StoreError`."""

        def ask(library: Library) -> Entry | None:
            work = library.store.work(work_id)
            return None if work is None else Entry(work, library.store.records(work_id))

        return await self.reader.ask(ask)

    async def data_version(self) -> int:
        """A number that changes when the library has changed. Raises `StoreError`."""
        return await self.reader.ask(lambda library: library.store.data_version)
