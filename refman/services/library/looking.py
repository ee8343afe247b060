"""Looking at what is in a library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from refman.errors import NotFoundError
from refman.model import Record, Work, stated
from refman.rules.query import EVERYTHING, Node
from refman.services.library.opened import OpenLibrary
from refman.store import ChangeRow, Order, Page, Position, Row

if TYPE_CHECKING:
    from refman.rules.check import Finding
    from refman.rules.merge import Claim
    from refman.services.works import Works
    from refman.store.past import WorkChange

# What a listing does not need is loaded when it is called.
# ruff: noqa: PLC0415


class LookingLibrary(OpenLibrary):
    """The questions."""

    def page(
        self,
        query: str | Node = EVERYTHING,
        order: Order = Order.ADDED,
        *,
        descending: bool = True,
        limit: int = 100,
        after: Position | None = None,
        before: Position | None = None,
        offset: int = 0,
    ) -> Page:
        """A page of a list, as `refman.store.Reader.page` gives it."""
        return self.store.page(
            self.node(query),
            order,
            descending=descending,
            limit=limit,
            after=after,
            before=before,
            offset=offset,
        )

    def rows(
        self,
        query: str | Node = EVERYTHING,
        order: Order = Order.ADDED,
        *,
        descending: bool = True,
        limit: int | None = None,
    ) -> Iterator[Row]:
        """The lines of a list, read a page at a time."""
        return self.store.rows(self.node(query), order, descending=descending, limit=limit)

    def search(self, query: str | Node = "", limit: int | None = None) -> Works:
        """The works that a query finds, the newest first; they are read as they are looked at."""
        from refman.services.works import Works

        return Works(lambda: self.store, self.node(query), limit)

    def works_of(self, rows: Iterable[Row]) -> Iterator[Work]:
        """The works that lines of a list stand for, some at a time."""
        lines = iter(rows)
        while batch := [row.id for row in islice(lines, 500)]:
            yield from self.store.works(batch)

    def count(self, query: str | Node = EVERYTHING) -> int:
        """How many works a query finds."""
        return self.store.count(self.node(query))

    def find(self, key: str) -> Work | None:
        """The work with a citation key, present or former, or a DOI; None where there is none."""
        work_id = self.store.find(key)
        return None if work_id is None else self.store.work(work_id)

    def get(self, key: str) -> Work:
        """The work with a citation key, present or former, or a DOI. Raises `NotFoundError`."""
        work = self.find(key)
        if work is None:
            similar = self.store.similar_keys(key)
            hint = f"Keys that begin like it: {', '.join(similar)}." if similar else None
            raise NotFoundError(f"There is no work {key!r} in {self.path}.", hint=hint)
        return work

    def records(self, work: Work) -> list[Record]:
        """All that was ever said of a work, and by whom."""
        return self.store.records(work.id)

    def claims(self, work: Work) -> Mapping[str, list[Claim]]:
        """Who claims what for each field of a work; the claim that stands comes first."""
        from refman.rules import merge

        records = self.records(work)
        fields = {
            field: None
            for record in records
            for field in (*(name for name, _ in stated(record.description)), *record.cleared)
        }
        return {field: merge.explain(records, field) for field in fields}

    def history(self, work: Work | None = None, limit: int = 100) -> list[ChangeRow]:
        """The latest changes, newest first; of one work, or of the library."""
        return self.store.history(work_id=None if work is None else work.id, limit=limit)

    def past(
        self, work: Work, changes: Sequence[ChangeRow] | None = None
    ) -> Mapping[int, Sequence[WorkChange]]:
        """What changes (by default its latest hundred) came to for a work, by their numbers.

        Each gives before and after of what it changed. Works that were merged into this one are
        told of, too.
        """
        rows = self.history(work) if changes is None else changes
        return self.store.past(work.id, [row.id for row in rows])

    def changed_by(self, change_id: int, limit: int = 100, offset: int = 0) -> Sequence[WorkChange]:
        """What a change came to for some of the works that it touched. Raises `NotFoundError`."""
        self.store.change_row(change_id)
        return self.store.touched(change_id, limit=limit, offset=offset)

    def ranked(self, query: str | Node, limit: int | None = None) -> Iterator[Row]:
        """The lines of a list, the best match first."""
        return self.store.ranked(self.node(query), limit)

    def saved_searches(self) -> Mapping[str, str]:
        """The queries that are kept, by name; `search:NAME` stands for one in a query."""
        return dict(self.store.saved_searches())

    def names(self, table: str) -> list[tuple[str, int]]:
        """The `tags` or `collections`, each with the number of works in it."""
        return self.store.names(table)

    def works_by_keys(self, keys: Sequence[str]) -> Iterator[Work]:
        """The works with these keys, in this order. Raises `NotFoundError` at an unknown one."""
        for key in keys:
            yield self.get(key)

    def findings(self, query: str | Node = EVERYTHING) -> Iterator[tuple[Work, Finding]]:
        """What is missing, malformed or doubtful in the works that a query finds."""
        from refman.services import checking

        return checking.check_library(self.store, self.node(query))
