"""Deciding for each record of an import which work it belongs to, and writing that.

What a batch needs from the library (works with the same identifiers or titles, keys in use) is
asked in a few questions for all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from refman.model import Record
from refman.ports import Problem
from refman.rules import citekey
from refman.services.keys import KeyGiver
from refman.services.labels import collection_name, label_name
from refman.services.twins import Twin, TwinFinder
from refman.store import NewRecord, Writer

_RAW_KEPT = 64 * 1024
"""Characters of an unreadable entry that are kept."""


class ImportStatus(StrEnum):
    """What became of one entry."""

    IMPORTED = "imported"
    MERGED = "merged"
    SKIPPED = "skipped"
    FAILED = "failed"


class OnDuplicate(StrEnum):
    """What to do with a record of a work that is there already."""

    MERGE = "merge"
    SKIP = "skip"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class ImportItem:
    """What became of one entry: its key in the library, where it stood, and why."""

    status: ImportStatus
    citation_key: str | None
    location: str
    reason: str | None = None
    work_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPolicy:
    """What the user asks of an import."""

    on_duplicate: OnDuplicate = OnDuplicate.MERGE
    tags: tuple[str, ...] = ()
    collection: str | None = None
    enrich: bool = False
    """Whether works with a DOI are marked as waiting for enrichment."""
    dry_run: bool = False
    template: str = citekey.DEFAULT


@dataclass(slots=True)
class _Plan:
    """What one batch comes to before anything is written."""

    new: list[NewRecord] = field(default_factory=list)
    new_items: list[int] = field(default_factory=list)
    """For each new record, the place of its item."""
    additions: list[tuple[int, Record]] = field(default_factory=list)
    """Records for works that are in the library."""
    later: list[tuple[int, Record]] = field(default_factory=list)
    """Records for works of this batch, by their place in `new`."""
    aliases: list[tuple[int, str]] = field(default_factory=list)
    """Further keys of works that are in the library."""
    later_aliases: list[tuple[int, str]] = field(default_factory=list)
    """Further keys of works of this batch, by their place in `new`."""
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    items: list[ImportItem] = field(default_factory=list)


class Placement:
    """One import: what is remembered from batch to batch."""

    def __init__(self, name: str, policy: ImportPolicy) -> None:
        self._name = name
        self._policy = replace(
            policy,
            tags=tuple(label_name(tag) for tag in policy.tags),
            collection=None if policy.collection is None else collection_name(policy.collection),
        )
        self._change: int | None = None
        self._counts: Counter[str] = Counter()
        self._keys = KeyGiver()

    @property
    def done(self) -> int:
        """How many entries have been dealt with."""
        return self._counts.total()

    def take(self, writer: Writer, batch: Sequence[Record | Problem]) -> list[ImportItem]:
        """Decide on a batch and write it."""
        told = f"import of {self._name}"
        self._change = writer.go_on(self._change, "import", "import", told)
        plan = self._decide(writer, batch)
        ids = writer.insert(self._change, plan.new)
        additions = plan.additions + [(ids[place], record) for place, record in plan.later]
        if additions:
            writer.append(self._change, additions)
        writer.add_aliases(
            self._change, plan.aliases + [(ids[place], key) for place, key in plan.later_aliases]
        )
        writer.save_problems(self._change, plan.problems)
        for place, work_id in zip(plan.new_items, ids, strict=True):
            plan.items[place] = replace(plan.items[place], work_id=work_id)
        touched = ids + [work_id for work_id, _ in additions]
        if self._policy.on_duplicate is OnDuplicate.MERGE:
            # What is there already and says the same belongs to this import as well.
            touched += [item.work_id for item in plan.items if item.work_id is not None]
        self._organise(writer, touched)
        self._counts.update(item.status.value for item in plan.items)
        return plan.items

    def close(self, writer: Writer) -> None:
        """Say in the history what the import came to."""
        if self._change is not None:
            counts = ", ".join(f"{count} {status}" for status, count in self._counts.items())
            writer.summarise(self._change, f"import of {self._name}: {counts}")
            writer.forget_if_empty(self._change)

    def _organise(self, writer: Writer, work_ids: Sequence[int]) -> None:
        assert self._change is not None
        for tag in self._policy.tags:
            writer.label(self._change, "tags", tag, work_ids)
        if self._policy.collection:
            writer.label(self._change, "collections", self._policy.collection, work_ids)
        if self._policy.enrich:
            writer.mark_pending(work_ids)

    def _decide(self, writer: Writer, batch: Sequence[Record | Problem]) -> _Plan:
        records = [entry for entry in batch if isinstance(entry, Record)]
        remarks = _remarks(batch)
        finder = TwinFinder(writer, records)
        self._keys.prepare(writer, [_wanted_key(record, self._policy) for record in records])
        plan = _Plan()
        for entry in batch:
            if isinstance(entry, Record):
                self._place(writer, entry, finder, plan, remarks)
            elif not entry.partial:
                location = self._location(entry)
                plan.problems.append((location, entry.reason, entry.raw[:_RAW_KEPT]))
                plan.items.append(ImportItem(ImportStatus.FAILED, None, location, entry.reason))
        return plan

    def _location(self, problem: Problem) -> str:
        return self._name if problem.line is None else f"{self._name}:{problem.line}"

    def _place(
        self,
        writer: Writer,
        record: Record,
        finder: TwinFinder,
        plan: _Plan,
        remarks: Mapping[str, str],
    ) -> None:
        location = record.origin.location or self._name
        remark = remarks.get(location)
        twin = None
        if self._policy.on_duplicate is not OnDuplicate.ADD:
            twin = finder.find(record)
        if twin is None:
            self._place_new(writer, record, finder, plan, location, remark)
            return
        status, reason = ImportStatus.MERGED, f"same work as {twin.citation_key}"
        if self._policy.on_duplicate is OnDuplicate.SKIP:
            status = ImportStatus.SKIPPED
        elif twin.has(writer, record):
            status, reason = ImportStatus.SKIPPED, f"already there as {twin.citation_key}"
        else:
            self._add_to(twin, record, plan)
        if self._policy.on_duplicate is OnDuplicate.MERGE:
            self._also_known(twin, record, plan)
        twin.records.append(record)
        if status is ImportStatus.MERGED and remark is not None:
            reason = remark
        plan.items.append(ImportItem(status, twin.citation_key, location, reason, twin.work_id))

    def _add_to(self, twin: Twin, record: Record, plan: _Plan) -> None:
        """Let a record be one more of a work that there is."""
        if twin.work_id is None:
            plan.later.append((twin.place, record))
        else:
            plan.additions.append((twin.work_id, record))

    def _also_known(self, twin: Twin, record: Record, plan: _Plan) -> None:
        """Let a work that there is be found by the key of a record, too."""
        key = record.citation_key
        if not key or not citekey.is_valid_key(key):
            return
        if twin.work_id is None:
            plan.later_aliases.append((twin.place, key))
        else:
            plan.aliases.append((twin.work_id, key))

    def _place_new(
        self,
        writer: Writer,
        record: Record,
        finder: TwinFinder,
        plan: _Plan,
        location: str,
        remark: str | None,
    ) -> None:
        wanted = _wanted_key(record, self._policy)
        key = self._keys.give(writer, wanted)
        if remark is None and record.citation_key and key != record.citation_key:
            remark = f"its key {record.citation_key} was in use or unusable; it is {key} here"
        if remark is None and finder.doubtful is not None:
            remark = f"may be the same work as {finder.doubtful}"
        finder.add(record, key, len(plan.new))
        plan.new_items.append(len(plan.items))
        plan.new.append(NewRecord(record, key))
        plan.items.append(ImportItem(ImportStatus.IMPORTED, key, location, remark))


def _remarks(batch: Sequence[Record | Problem]) -> dict[str, str]:
    """What was said of entries that could be read in part, by the record's location."""
    remarks: dict[str, str] = {}
    previous: str | None = None
    waiting: list[Problem] = []
    for entry in batch:
        if isinstance(entry, Record):
            previous = entry.origin.location
            for problem in waiting:
                remarks.setdefault(previous or "", problem.reason)
            waiting = []
        elif entry.partial:
            line = f":{entry.line}"
            if previous is not None and (previous.endswith(line) or entry.line is None):
                remarks.setdefault(previous, entry.reason)
            else:
                waiting.append(entry)
    if previous is not None:
        for problem in waiting:
            remarks.setdefault(previous, problem.reason)
    return remarks


def _wanted_key(record: Record, policy: ImportPolicy) -> str:
    own = citekey.clean_key(record.citation_key) if record.citation_key else None
    return own or citekey.make_key(record.description, policy.template)
