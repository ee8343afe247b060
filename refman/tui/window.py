"""The part of a list that is in memory, and how to get the next part.

A list is cut into pages of equal size, numbered from 0. Only the pages around what is on the
screen are kept. One that is missing is asked for from the nearest place that is known: the page
before it or after it, by seeking; the beginning or the end of the list; or from a page further
off, by skipping the rows between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from refman.store import Page, Position, Row

PAGE_SIZE = 100
KEPT_PAGES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How to ask for a page: where from, how many rows to skip, in which direction."""

    number: int
    limit: int = PAGE_SIZE
    after: Position | None = None
    before: Position | None = None
    offset: int = 0
    from_end: bool = False
    """Whether to ask in the opposite order, from the list's end; `turned` turns the answer."""


def turned(page: Page) -> Page:
    """A page that was asked for in the opposite order, the right way round."""
    return Page(rows=page.rows[::-1], first=page.last, last=page.first)


@dataclass(frozen=True, slots=True)
class Window:
    """Some pages of a list. `total` is None until the list has been counted."""

    pages: Mapping[int, Page] = field(default_factory=dict)
    total: int | None = None

    @property
    def height(self) -> int:
        """How many rows the list is known to have."""
        if self.total is not None:
            return self.total
        if not self.pages:
            return 0
        number = max(self.pages)
        return number * PAGE_SIZE + len(self.pages[number].rows)

    def row(self, index: int) -> Row | None:
        """The row at a place of the list, or None while it is not in memory."""
        number, place = divmod(index, PAGE_SIZE)
        page = self.pages.get(number)
        if page is None or place >= len(page.rows):
            return None
        return page.rows[place]

    def place_of(self, work_id: int) -> int | None:
        """Where a work is in the list, if it is in memory."""
        for number, page in self.pages.items():
            for place, row in enumerate(page.rows):
                if row.id == work_id:
                    return number * PAGE_SIZE + place
        return None

    def missing(self, first: int, last: int) -> tuple[int, ...]:
        """The numbers of the pages that rows `first` to `last` (and their neighbours) need."""
        last = min(last, self.height - 1)
        if last < first:
            return ()
        wanted = range(max(0, first) // PAGE_SIZE, last // PAGE_SIZE + 1)
        near = first % PAGE_SIZE < PAGE_SIZE // 4 and wanted.start > 0
        far = last % PAGE_SIZE > PAGE_SIZE * 3 // 4 and last + PAGE_SIZE // 4 < self.height
        numbers = [*wanted]
        if far:
            numbers.append(wanted.stop)
        if near:
            numbers.append(wanted.start - 1)
        return tuple(number for number in numbers if number not in self.pages)

    def fetch(self, number: int) -> Fetch:
        """The cheapest way to a page: the one that skips the fewest rows."""
        limit = PAGE_SIZE
        ways = [Fetch(number=number, offset=number * PAGE_SIZE)]
        if self.total is not None:
            limit = min(PAGE_SIZE, self.total - number * PAGE_SIZE)
            left = max(0, self.total - number * PAGE_SIZE - limit)
            ways.append(Fetch(number=number, limit=limit, offset=left, from_end=True))
        for known, page in self.pages.items():
            if known < number and len(page.rows) == PAGE_SIZE:
                offset = (number - known - 1) * PAGE_SIZE
                ways.append(Fetch(number=number, after=page.last, offset=offset))
            elif known > number and page.rows:
                offset = (known - number - 1) * PAGE_SIZE
                ways.append(Fetch(number=number, before=page.first, offset=offset))
        return min(ways, key=lambda way: way.offset)

    def with_page(self, number: int, page: Page) -> Window:
        """The window with one more page, and without those furthest from it.

        A page that is not full is the last one, and so tells how long the list is.
        """
        end = number * PAGE_SIZE + len(page.rows)
        if len(page.rows) == PAGE_SIZE:
            total = None if self.total is None else max(self.total, end)
        elif page.rows or self.total is None:
            total = end
        else:
            total = min(self.total, end)
        pages = {**self.pages, number: page}
        if len(pages) > KEPT_PAGES:
            nearest = sorted(pages, key=lambda known: abs(known - number))[:KEPT_PAGES]
            pages = {known: pages[known] for known in nearest}
        return Window(pages, total)

    def counted(self, total: int) -> Window:
        """The window of a list that has been counted."""
        return replace(self, total=total)
