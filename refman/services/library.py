"""A library and all that can be done with it: what `import refman` offers.

The command line and the screens call these same methods. Each use case lives in a module of its
own; here they are gathered behind one object that holds the open file.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock, get_ident
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from refman.errors import NotFoundError
from refman.model import Record, Work, stated
from refman.rules.query import EVERYTHING, Node, expanded, parse
from refman.store import ChangeRow, Order, Page, Position, Row, Store, Wanted

if TYPE_CHECKING:
    from refman.ports import ExportOptions, ImportOptions, Loss
    from refman.rules.merge import Claim
    from refman.services.enriching import EnrichItem, EnrichPolicy, Sources
    from refman.services.hand_edits import Edits, SyncReport
    from refman.services.importing import ImportItem, ImportPolicy, ImportRun, Progress
    from refman.services.redoing import Preview
    from refman.services.rekeying import NewKey
    from refman.services.works import Works
    from refman.store.past import WorkChange


# The use cases below the first heading are loaded when they are called: a listing, which is what
# people wait for most often, must not pay for asyncio and the plug-ins.
# ruff: noqa: PLC0415


def utc_now() -> str:
    """The time in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Library:
    """One open library file, for any number of threads: each has a connection of its own.

    Every method may raise `refman.errors.StoreError`; queries in text may raise `UsageError`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool = False,
        clock: Any = utc_now,
        announce: Callable[[str], None] | None = None,
    ) -> None:
        self.path = Path(path)
        self._clock = clock
        self._owner = get_ident()
        self._store = Store.open(self.path, clock=clock, create=create, announce=announce)
        self._others: dict[int, Store] = {}
        self._lock = Lock()
        self._is_closed = False

    @property
    def store(self) -> Store:
        """The connection of this thread."""
        me = get_ident()
        if me == self._owner:
            return self._store
        with self._lock:
            if self._is_closed:
                raise ValueError(f"{self!r} is closed.")
            store = self._others.get(me)
            if store is None:
                store = self._others[me] = Store.open(self.path, clock=self._clock)
            return store

    def close(self) -> None:
        """Close the file. All that was done is in it already."""
        with self._lock:
            self._is_closed = True
            others, self._others = list(self._others.values()), {}
        for store in others:
            store.interrupt()
            store.close()
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self.store.count()

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    # Looking

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
            self._node(query),
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
        return self.store.rows(self._node(query), order, descending=descending, limit=limit)

    def search(self, query: str | Node = "", limit: int | None = None) -> Works:
        """The works that a query finds, the newest first; they are read as they are looked at."""
        from refman.services.works import Works

        return Works(lambda: self.store, self._node(query), limit)

    def works_of(self, rows: Iterable[Row]) -> Iterator[Work]:
        """The works that lines of a list stand for, some at a time."""
        lines = iter(rows)
        while batch := [row.id for row in islice(lines, 500)]:
            yield from self.store.works(batch)

    def count(self, query: str | Node = EVERYTHING) -> int:
        """How many works a query finds."""
        return self.store.count(self._node(query))

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
        return self.store.ranked(self._node(query), limit)

    def saved_searches(self) -> Mapping[str, str]:
        """The queries that are kept, by name; `search:NAME` stands for one in a query."""
        return dict(self.store.saved_searches())

    def save_search(self, name: str, query: str | None) -> None:
        """Keep a query under a name, or with None forget it. Raises `UsageError`."""
        from refman.services import searches

        searches.save(self.store, name, query)

    def _node(self, query: str | Node) -> Node:
        node = parse(query) if isinstance(query, str) else query
        if isinstance(query, str) and ("search:" in query or "saved:" in query):
            saved = {name.lower(): text for name, text in self.store.saved_searches()}
            node = expanded(node, lambda name: saved.get(name.lower()))
        return node

    # Bringing in

    def import_stream(
        self,
        stream: BinaryIO,
        name: str = "-",
        *,
        format: str | None = None,  # noqa: A002
        policy: ImportPolicy | None = None,
        options: ImportOptions | None = None,
        progress: Progress | None = None,
    ) -> ImportRun:
        """Import what a stream holds, in a format given or recognised.

        The run yields what became of each entry. Raises `InputError` for an input that is empty,
        binary or in no known format.
        """
        from refman.services import importing

        return importing.import_stream(
            self.store,
            stream,
            name,
            format_name=format,
            policy=policy,
            options=options,
            progress=progress,
        )

    def import_text(
        self, text: str, name: str = "pasted", policy: ImportPolicy | None = None
    ) -> list[ImportItem]:
        """Import what somebody pasted. Returns what became of each entry."""
        stream = io.BytesIO(text.encode("utf-8", "replace"))
        return list(self.import_stream(stream, name, policy=policy))

    def import_file(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002
        policy: ImportPolicy | None = None,
    ) -> list[ImportItem]:
        """Import a file. Returns what became of each entry. Raises `InputError`, `OSError`."""
        with Path(path).open("rb") as stream:
            return list(self.import_stream(stream, str(path), format=format, policy=policy))

    # Enriching

    def waiting(self, work_ids: Iterable[int]) -> list[tuple[int, str]]:
        """Those of some works that wait for enrichment, as (id, DOI)."""
        return self.store.dois_of(work_ids)

    def targets(self, query: str | Node, wanted: Wanted | None = None) -> Iterator[tuple[int, str]]:
        """Works that a query finds and that are to be enriched, as (id, DOI).

        By default those that have not been answered.
        """
        return self.store.dois_to_enrich(self._node(query), wanted or Wanted())

    def count_targets(self, query: str | Node, wanted: Wanted | None = None) -> int:
        """How many works `targets` gives."""
        return self.store.count_to_enrich(self._node(query), wanted or Wanted())

    def begin_refresh(self, query: str | Node, sources: Sequence[str]) -> Wanted:
        """Have what these sources said of the works of a query asked for again.

        Gives the works that this leaves to be enriched: all of the query, or those that a refresh
        was stopped before.
        """
        node = self._node(query)
        stopped = Wanted(stale=sources)
        only_open = self.store.count_to_enrich(node, Wanted())
        if self.store.count_to_enrich(node, stopped) > only_open:
            return stopped
        with self.store.writing() as writer:
            writer.mark_stale(node, sources)
        return Wanted(all=True)

    def enrich(
        self,
        targets: Iterable[tuple[int, str]],
        sources: Sources,
        policy: EnrichPolicy | None = None,
    ) -> AsyncIterator[EnrichItem]:
        """Enrich works, given by id and DOI, as `refman.services.enriching` says."""
        from refman.services import enriching

        return enriching.enrich(self.store, targets, sources, policy or enriching.EnrichPolicy())

    # Changing

    def edit(
        self, work: Work, changes: Mapping[str, str], clear: Iterable[str] = ()
    ) -> Mapping[str, tuple[Any, Any]]:
        """Set fields, given as text, and clear others. Returns before and after of what changed.

        Raises `UsageError` for an unknown field or a value that it cannot hold.
        """
        from refman.services import editing

        return editing.edit(self.store, work, changes, clear, self._clock())

    def rename(self, work: Work, key: str) -> None:
        """Give a work another citation key; the old one still finds it. Raises `UsageError`."""
        from refman.services import editing

        editing.rename(self.store, work, key)

    def new_keys(
        self, query: str | Node = EVERYTHING, template: str | None = None
    ) -> Iterator[NewKey]:
        """The works that a query finds whose key a template would change, with the new one.

        Nothing is changed: `rekey` gives them. Raises `UsageError` for a template.
        """
        from refman.rules import citekey
        from refman.services import rekeying

        return rekeying.propose(self.store, self._node(query), template or citekey.DEFAULT)

    def rekey(self, keys: Sequence[NewKey]) -> list[NewKey]:
        """Give works the keys that were proposed, as one change. Returns those that were given."""
        from refman.services import rekeying

        return rekeying.rekey(self.store, keys)

    def delete(self, works: Iterable[Work]) -> int:
        """Take works out of the library; `undo` brings them back. Returns how many there were."""
        from refman.services import editing

        return editing.delete(self.store, works)

    def label(self, table: str, name: str, works: Iterable[Work | Row], *, on: bool = True) -> int:
        """Put works under a name in `tags` or `collections`, or take them out.

        Lines of a list do as well as works. Returns how many works that changed.
        """
        from refman.services import editing

        return editing.label(self.store, table, name, works, on=on)

    def undo(
        self,
        change_id: int | None = None,
        *,
        partly: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> ChangeRow:
        """Take back a change, or the latest that was not taken back. Returns it.

        `partly` takes back what is left of it where later changes stand in the way. Raises
        `NotFoundError` where there is none, `UsageError` where something is in the way.
        """
        from refman.services import redoing

        return redoing.undo(self.store, change_id, partly=partly, progress=progress)

    def preview_undo(
        self, change_id: int | None = None, *, partly: bool = False, limit: int = 20
    ) -> Preview:
        """What `undo` would do; nothing is changed. Raises what `undo` raises."""
        from refman.services import redoing

        return redoing.preview(self.store, change_id, partly=partly, limit=limit)

    def redo(self, *, progress: Callable[[int, int], object] | None = None) -> ChangeRow:
        """Do again what was undone last, unless something else was done since. Returns it.

        Raises `NotFoundError` where there is nothing.
        """
        from refman.services import redoing

        return redoing.redo(self.store, progress=progress)

    # Looking after

    def names(self, table: str) -> list[tuple[str, int]]:
        """The `tags` or `collections`, each with the number of works in it."""
        return self.store.names(table)

    def check(self) -> list[str]:
        """What is wrong with the file, in sentences; nothing where it is sound."""
        return self.store.check()

    def mend(self) -> int:
        """Make everything derived anew from the records. Returns the number of works."""
        with self.store.writing() as writer:
            return writer.rebuild()

    def backup(self, target: str | Path) -> None:
        """Copy the library, whole and consistent, while it is in use."""
        self.store.backup(Path(target))

    # Taking out

    def export(
        self,
        format: str,  # noqa: A002
        works: Iterable[Work],
        options: ExportOptions | None = None,
    ) -> Iterator[str | Loss]:
        """The works in a format, in pieces of text, and what it could not carry."""
        from refman.services import exporting

        return exporting.export(format, works, options)

    def sync(
        self,
        path: str | Path,
        query: str | Node = EVERYTHING,
        *,
        format: str | None = None,  # noqa: A002
        edits: Edits | None = None,
    ) -> SyncReport:
        """Bring a file into step with the works of a query, as `refman.services.syncing` says.

        What was edited in it by hand is proposed, unless `edits` says otherwise. Raises
        `InputError` for a file that cannot be read or written, `UsageError` for its format.
        """
        from refman.services import syncing

        file = Path(path)
        sync = syncing.FileSync(self.store, file, syncing.format_for(file, format))
        return sync.run(lambda: list(self.search(query)), edits=edits or syncing.Edits.PROPOSE)

    def works_by_keys(self, keys: Sequence[str]) -> Iterator[Work]:
        """The works with these keys, in this order. Raises `NotFoundError` at an unknown one."""
        for key in keys:
            yield self.get(key)
