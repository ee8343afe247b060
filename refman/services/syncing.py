"""Keeping a file in step with the library, and taking back what was edited in it by hand.

The file is written whole, and only where that changes it. What it was last given is kept in the
library, so that an edit by hand can be told from one in the library: it becomes a proposal, and
stands in the file as it was written there until somebody decides. Entries that were added are
imported, and stay in the file; entries that were taken out are told, and come back. A file that
cannot be read whole is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from refman.errors import InputError, StoreReadOnly
from refman.model import Record, RecordState, Work
from refman.ports import ExportOptions
from refman.rules import citekey, three_way
from refman.services.exporting import write_file
from refman.services.hand_edits import Edits, SyncReport, Taking, decide
from refman.services.synced_file import State, SyncedFile, format_for
from refman.store import Store

__all__ = ["Edits", "FileSync", "Select", "SyncReport", "format_for"]

_TRIES = 5
_REMEMBERED = 2000

Select = Callable[[], list[Work]]
"""The works that the file is to hold, under the keys that it is to have them."""


class FileSync:
    """One file and the library that it is kept in step with."""

    def __init__(
        self,
        store: Store,
        path: Path,
        format_name: str,
        options: ExportOptions | None = None,
        *,
        journal_lists: Sequence[Path] = (),
        template: str = citekey.DEFAULT,
    ) -> None:
        self._store = store
        self._file = SyncedFile(path, format_name, options or ExportOptions(), journal_lists)
        self._template = template

    def run(
        self, select: Select, *, edits: Edits = Edits.PROPOSE, dry_run: bool = False
    ) -> SyncReport:
        """Bring the file into step, once.

        Raises `InputError` where the file cannot be read or written, and `StoreError`.
        """
        for _ in range(_TRIES):
            report = self._round(select, edits, dry_run=dry_run)
            if report is not None:
                return report
        raise InputError(
            f"{self._file.path} is being changed by another program.", hint="Try again."
        )

    def _round(self, select: Select, edits: Edits, *, dry_run: bool) -> SyncReport | None:
        """One round; None where somebody wrote to the file meanwhile."""
        report = SyncReport()
        data = self._file.data()
        text = "" if data is None else self._file.decoded(data)
        state = self._state(text)
        works = select()
        pending = self._pending(state, dry_run=dry_run)
        if text.strip() and text != state.text:
            if state.text is None:
                report.remarks.append(
                    f"{self._file.path} was not written by refman before, so what differs in it is "
                    "taken for your edits."
                )
            taking = Taking(
                self._store, self._file, state, pending, report, edits,
                template=self._template, dry_run=dry_run,
            )  # fmt: skip
            if not taking.take(text, {work.citation_key: work for work in works}):
                return report
        elif edits is not Edits.PROPOSE:
            name = self._file.path.name
            pending = decide(self._store, name, pending, {}, edits, dry_run=dry_run)
        # What was taken in may have changed what is to be in the file.
        held = self._held(select(), state, pending)
        report.works = len(held)
        report.waiting = [
            (work.citation_key, pending[work.id]) for work in held if work.id in pending
        ]
        if not held:
            return report
        new = self._file.text(held)
        # Also those that are decided: undoing that makes them proposals again.
        state.edited = list(dict.fromkeys([*state.edited, *pending]))[-_REMEMBERED:]
        state.text = new
        if self._file.data() != data:
            return None
        if dry_run:
            report.written = new.encode("utf-8", "surrogatepass") != data
            return report
        report.written = write_file(self._file.path, [new])
        self._keep(state, report)
        return report

    def _state(self, text: str) -> State:
        """What is kept of the file; of one that was moved here as it was, what is kept of that."""
        state = State.read(self._store.written(self._file.name), self._file.format)
        if state.text is None and text.strip():
            others = (State.read(body, self._file.format) for body in self._store.all_written())
            state = next((other for other in others if other.text == text), state)
        if self._file.name not in state.paths:
            state.paths.append(self._file.name)
        return state

    def _pending(self, state: State, *, dry_run: bool) -> dict[int, Record]:
        """What is proposed out of this file and not decided, by the work."""
        found: dict[int, Record] = {}
        settled: dict[int, Record] = {}
        for work_id in state.edited:
            work = self._store.work(work_id)
            for record in () if work is None else self._store.records(work_id):
                place, _, _ = (record.origin.location or "").rpartition(":")
                if record.state is RecordState.PROPOSED and place in state.paths:
                    assert work is not None
                    said = three_way.is_settled(work.description, record)
                    (settled if said else found)[work_id] = record
        if settled:
            # Somebody took it over in another way.
            decide(self._store, self._file.path.name, settled, {}, Edits.DISCARD, dry_run=dry_run)
        return found

    def _held(
        self, works: Sequence[Work], state: State, pending: Mapping[int, Record]
    ) -> list[Work]:
        """The works of the file, those that were typed into it included, as they stand in it."""
        held = list(works)
        places = {work.id: place for place, work in enumerate(held)}
        keys = {work.citation_key for work in held}
        typed: list[str] = []
        for key in state.typed:
            work_id = self._store.find(key)
            work = None if work_id is None else self._store.work(work_id)
            if work is None or key in keys:
                continue
            typed.append(key)
            if work.id in places:
                # Somebody gave the entry another key, one that the library knows by now.
                held[places[work.id]] = replace(held[places[work.id]], citation_key=key)
            else:
                held.append(replace(work, citation_key=key))
        state.typed = typed
        return [
            replace(work, description=three_way.overlaid(work.description, pending[work.id]))
            if work.id in pending
            else work
            for work in held
        ]

    def _keep(self, state: State, report: SyncReport) -> None:
        body = state.body(self._file.format)
        if body == self._store.written(self._file.name):
            return
        try:
            with self._store.writing() as writer:
                writer.keep_written(self._file.name, body)
        except StoreReadOnly:
            report.remarks.append(
                "The library cannot be written to, so edits by hand will not be noticed."
            )
