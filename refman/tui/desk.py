"""All that the screens work with: the library, by way of threads, and what lies outside."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from refman.model import Work
from refman.rules import citekey
from refman.services import citing
from refman.services.library import Library
from refman.store import Page
from refman.tui.completion import Vocabulary
from refman.tui.enrichment import EnrichmentSetup
from refman.tui.library_thread import LibraryThread
from refman.tui.outside import Outside
from refman.tui.pages import PREVIEWS, Rendering, Tab
from refman.tui.places import Labels
from refman.tui.state import Listing
from refman.tui.summary import Entry
from refman.tui.unsaved import Unsaved
from refman.tui.window import PAGE_SIZE, Fetch, Window, turned

_CHANGES = 50
"""Changes of a work that its details tell."""
_FAR = 20
"""Pages from the beginning on from where a reload counts first, to come from the nearer end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`open_library` is called once in each thread that needs a library.

    Rows and details are read in one thread, counts in another, so that a slow count keeps nobody
    waiting; changes are made in a third. What takes Python
    long has two more: references and previews, and the counts of the sidebar.
    """

    path: Path
    open_library: Callable[[], Library]
    enrichment: EnrichmentSetup
    export_formats: Callable[[], Sequence[str]]
    outside: Outside = field(default_factory=Outside)
    style: str = "apa"
    """The style of formatted references."""
    template: str = citekey.DEFAULT
    """The template of new citation keys."""
    draft_file: Path | None = None
    """Where what was written and not saved is kept."""
    reader: LibraryThread = field(init=False)
    counter: LibraryThread = field(init=False)
    writer: LibraryThread = field(init=False)
    renderer: LibraryThread = field(init=False)
    surveyor: LibraryThread = field(init=False)

    def __post_init__(self) -> None:
        for name in ("reader", "counter", "renderer", "surveyor"):
            object.__setattr__(self, name, LibraryThread(self.open_library, name))
        object.__setattr__(self, "writer", LibraryThread(self.open_library, "writer", holds=None))

    @property
    def unsaved(self) -> Unsaved:
        """What was written in a form and not saved."""
        return Unsaved(self.draft_file, self.path)

    def close(self) -> None:
        """End the threads."""
        for thread in (self.surveyor, self.renderer, self.counter, self.reader, self.writer):
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
            if listing.ranked:
                end = (way.number + 1) * PAGE_SIZE
                best = islice(library.ranked(listing.node, limit=end), end - PAGE_SIZE, None)
                return signed(library, Page(tuple(best)))
            page = library.page(
                listing.node,
                listing.order,
                descending=descending,
                limit=way.limit,
                after=way.after,
                before=way.before,
                offset=way.offset,
            )
            return signed(library, turned(page) if way.from_end else page)

        return await self.reader.ask(ask)

    async def rendering(self, work: Work, tab: Tab, form: int, style: str) -> Rendering | None:
        """What a page of the details shows of a work that takes a while to make.

        `form` is the place of a format in `PREVIEWS`. Raises `UsageError` for a style.
        """
        if tab is Tab.WORK:

            def cited(_: Library) -> Rendering:
                text = "\n".join(citing.cite([work], style, citing.CiteFormat.TEXT))
                return Rendering(work.id, f"As {style} has it", text)

            return await self.renderer.ask(cited)
        if tab is not Tab.EXPORT:
            return None
        name, label = PREVIEWS[form]

        def exported(library: Library) -> Rendering:
            text = "".join(
                piece for piece in library.export(name, [work]) if isinstance(piece, str)
            )
            other = PREVIEWS[(form + 1) % len(PREVIEWS)][1]
            return Rendering(work.id, f"{label} (4 again: {other})", text)

        return await self.renderer.ask(exported)

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
            if work is None:
                return None
            store = library.store
            return Entry(
                work,
                store.records(work_id),
                store.notes(work_id),
                [Path(file.path).name for file in store.attachments(work_id)],
                store.history(work_id=work_id, limit=_CHANGES),
            )

        return await self.reader.ask(ask)

    async def labels(self) -> Labels:
        """What the works are kept under. Raises `StoreError`."""

        def ask(library: Library) -> Labels:
            collections, tags = library.names("collections"), library.names("tags")
            return Labels(collections, tags, library.saved_searches())

        return await self.surveyor.ask(ask)

    async def vocabulary(self) -> Vocabulary:
        """The names in use, for completing words. Raises `StoreError`."""
        labels = await self.labels()
        tags, collections = (
            [name for name, _ in named] for named in (labels.tags, labels.collections)
        )
        return Vocabulary(tags, collections, [*(labels.searches or {})])

    async def saved_searches(self) -> Mapping[str, str]:
        """The queries that are kept, by name. Raises `StoreError`."""
        return await self.reader.ask(lambda library: library.saved_searches())

    async def data_version(self) -> int:
        """A number that changes when the library has changed. Raises `StoreError`."""
        return await self.reader.ask(lambda library: library.store.data_version)

    async def damage(self) -> str | None:
        """What is to be said of a file that is damaged. Raises `StoreError`."""
        if await self.reader.ask(lambda library: library.store.damage) is None:
            return None
        return (
            f"{self.path} is damaged. What can be read is shown, and nothing is written. "
            "refman doctor --fix mends it, or says how to save it."
        )


def signed(library: Library, page: Page) -> Page:
    """The page with what its signs tell."""
    marks = library.store.marks([row.id for row in page.rows])
    rows = (row._replace(marks=marks.get(row.id, row.marks)) for row in page.rows)
    return replace(page, rows=tuple(rows))
