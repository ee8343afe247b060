"""A library after any deeds and any undoing says what plain Python says, and is sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from refman.errors import NotFoundError, UsageError
from refman.model import (
    Description,
    EnrichmentStatus,
    Name,
    Origin,
    OriginKind,
    Record,
    RecordState,
    Work,
)
from refman.rules import merge
from refman.rules.citekey import next_free
from refman.rules.query import parse
from refman.services import redoing
from refman.store import NewRecord, Store
from refman.store.mending import MendingWriter
from tests.property.libraries import ScratchStore

_TITLES = st.sampled_from(["Alpha beta", "Gamma", "Délta", "Epsilon zeta eta"])
_KEYS = st.sampled_from(["dwi2021", "Dwi2021", "x", "xa", "Zebra"])
_SOURCES = st.sampled_from(["crossref", "openalex"])
_STATES = st.sampled_from([RecordState.STANDING, RecordState.PROPOSED, RecordState.MISMATCH])


def _record(kind: OriginKind, name: str, title: str, state: RecordState) -> Record:
    return Record(
        description=Description(title=title, author=(Name("Dwi", name),), DOI="10.1000/a"),
        origin=Origin(kind=kind, name=name),
        state=state,
    )


@dataclass
class _Change:
    """What a change did, in plain Python."""

    records: list[int] = field(default_factory=list)
    withdrew: set[int] = field(default_factory=set)
    moved: list[tuple[int, int, int]] = field(default_factory=list)
    """Records, and the works that they went from and to."""
    undoes: int | None = None
    undone_by: int | None = None


class _Model:
    """The truth: a list of records, and which changes are in force."""

    def __init__(self) -> None:
        self.records: dict[int, tuple[int, Record]] = {}
        self.changes: dict[int, _Change] = {}

    def in_force(self, change_id: int) -> bool:
        undone_by = self.changes[change_id].undone_by
        return undone_by is None or not self.in_force(undone_by)

    def withdrawn(self) -> set[int]:
        gone: set[int] = set()
        for change_id, change in self.changes.items():
            gone |= change.withdrew if self.in_force(change_id) else set(change.records)
        return gone

    def works(self) -> dict[int, list[Record]]:
        """The records that stand, of each work that has more than a source's."""
        gone = self.withdrawn()
        works: dict[int, list[Record]] = {}
        for record_id, (work_id, record) in self.records.items():
            if record_id not in gone and record.state is RecordState.STANDING:
                works.setdefault(work_id, []).append(replace(record, id=record_id))
        return {
            work_id: records
            for work_id, records in works.items()
            if any(record.origin.kind is not OriginKind.SOURCE for record in records)
        }

    def add(self, change_id: int, work_id: int, record: Record) -> None:
        record_id = len(self.records) + 1
        self.records[record_id] = (work_id, record)
        self.changes[change_id].records.append(record_id)

    def move(self, moved: list[tuple[int, int, int]]) -> None:
        for record_id, _, to in moved:
            self.records[record_id] = (to, self.records[record_id][1])

    def of_work(self, work_id: int) -> dict[int, Record]:
        return {
            record_id: record
            for record_id, (owner, record) in self.records.items()
            if owner == work_id
        }


class AnyOrder(RuleBasedStateMachine):
    """Changes made and undone in any order, beside a model of records and changes."""

    works = Bundle("works")
    changes = Bundle("changes")

    def __init__(self) -> None:
        super().__init__()
        self.scratch = ScratchStore()
        self.store = self.scratch.store
        self.model = _Model()

    def teardown(self) -> None:
        self.scratch.close()

    def _booked(self, change_id: int) -> _Change:
        return self.model.changes.setdefault(change_id, _Change())

    def _free(self, key: str) -> str:
        return next_free(key, self.store.keys_beginning(key))

    @rule(target=works, titles=st.lists(_TITLES, min_size=1, max_size=3), key=_KEYS)
    def bring_in(self, titles: list[str], key: str) -> int:
        with self.store.writing() as writer:
            change = writer.change("import", "import", "x")
            self._booked(change)
            for title in titles:
                record = _record(OriginKind.IMPORT, "ris", title, RecordState.STANDING)
                [work_id] = writer.insert(change, [NewRecord(record, self._free(key))])
                self.model.add(change, work_id, record)
        return work_id

    @rule(work=works, title=_TITLES)
    def edit(self, work: int, title: str) -> None:
        with self.store.writing() as writer:
            change = writer.change("user", "edit", "x")
            self._booked(change)
            record = _record(OriginKind.USER, "user", title, RecordState.STANDING)
            writer.append(change, [(work, record)])
            self.model.add(change, work, record)

    @rule(work=works, title=_TITLES, source=_SOURCES, state=_STATES)
    def enrich(self, work: int, title: str, source: str, state: RecordState) -> None:
        with self.store.writing() as writer:
            change = writer.change("source", "enrich", "x")
            booked = self._booked(change)
            record = _record(OriginKind.SOURCE, source, title, state)
            booked.withdrew |= {
                record_id
                for record_id, older in self.model.of_work(work).items()
                if older.origin.kind is OriginKind.SOURCE
                and older.origin.name == source
                and (state is RecordState.STANDING or older.state is not RecordState.STANDING)
            }
            writer.supersede(change, [(work, record)])
            self.model.add(change, work, record)

    @rule(work=works)
    def remove(self, work: int) -> None:
        there = work in self.model.works()
        with self.store.writing() as writer:
            change = writer.change("user", "delete", "x")
            booked = self._booked(change)
            assert writer.remove(change, [work]) == there
            if there:
                booked.withdrew |= self.model.of_work(work).keys()

    @rule(work=works, key=_KEYS)
    def rename(self, work: int, key: str) -> None:
        holder = self.store.find(key)
        with self.store.writing() as writer:
            change = writer.change("user", "rename", "x")
            self._booked(change)
            try:
                writer.rename(change, work, key)
            except UsageError:
                assert holder not in (None, work)
            except NotFoundError:
                assert work not in self.model.works()
            else:
                assert writer.find(key) == work

    @rule(work=works, name=st.sampled_from(["a", "B", "b"]), on=st.booleans())
    def tag(self, work: int, name: str, on: bool) -> None:
        with self.store.writing() as writer:
            change = writer.change("user", "tag", "x")
            self._booked(change)
            writer.label(change, "tags", name, [work], on=on)

    @rule(into=works, others=st.lists(works, min_size=1, max_size=2))
    def merge(self, into: int, others: list[int]) -> None:
        alive = self.model.works()
        chosen = [work for work in dict.fromkeys(others) if work in alive and work != into]
        if into not in alive or not chosen:
            return
        with self.store.writing() as writer:
            change = writer.change("user", "merge", "x")
            moved = [
                (record_id, work, into) for work in chosen for record_id in self.model.of_work(work)
            ]
            self._booked(change).moved = moved
            self.model.move(moved)
            keys = [
                key for work in writer.works(chosen) for key in (work.citation_key, *work.aliases)
            ]
            writer.merge(change, into, chosen)
            assert all(writer.find(key) == into for key in keys)

    @precondition(lambda self: self.model.changes)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        change_id = data.draw(st.sampled_from(sorted(self.model.changes)))
        chain = [change_id]
        while (undone_by := self.model.changes[chain[-1]].undone_by) is not None:
            chain.append(undone_by)
        moved = self.model.changes[chain[-1]].moved
        moved_on = any(self.model.records[record_id][0] != to for record_id, _, to in moved)
        if len(chain) % 2 == 0 or moved_on:
            with pytest.raises(UsageError), self.store.writing() as writer:
                writer.undo(change_id, partly=True)
            return
        with self.store.writing() as writer:
            undoing = writer.undo(change_id, partly=True)
        back = [(record_id, to, before) for record_id, before, to in moved]
        self.model.move(back)
        self.model.changes[undoing] = _Change(undoes=chain[-1], moved=back)
        self.model.changes[chain[-1]].undone_by = undoing

    @rule()
    def rebuild(self) -> None:
        with self.store.writing() as writer:
            assert writer.rebuild() == len(self.model.works())

    @invariant()
    def is_sound(self) -> None:
        assert self.store.check() == []

    @invariant()
    def says_what_the_model_says(self) -> None:
        expected = {
            work_id: merge.reconcile(records).description
            for work_id, records in self.model.works().items()
        }
        found = list(self.store.iterate())
        assert {work.id: work.description for work in found} == expected
        assert self.store.count() == len(expected)
        for word in ("alpha", "gamma", "delta"):
            hits = {row.id for row in self.store.rows(parse(word))}
            assert hits == {
                work_id
                for work_id, description in expected.items()
                if word in (description.title or "").lower().replace("é", "e")
            }

    @invariant()
    def every_key_finds_its_work(self) -> None:
        seen: set[str] = set()
        for work in self.store.iterate():
            keys = [work.citation_key, *work.aliases]
            assert all(self.store.find(key) == work.id for key in keys)
            assert seen.isdisjoint(key.lower() for key in keys)
            seen |= {key.lower() for key in keys}
        rows = self.store._connection.execute("SELECT key FROM citation_keys").fetchall()
        assert {key.lower() for (key,) in rows} == seen


AnyOrder.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def _state(store: Store) -> dict[int, tuple[object, ...]]:
    """All that can be told of the works, but for when they were changed."""
    return {
        work.id: (
            work.citation_key,
            work.aliases,
            work.tags,
            work.collections,
            work.enrichment,
            work.description,
            tuple((note.id, note.text) for note in store.notes(work.id)),
            tuple((file.id, file.path) for file in store.attachments(work.id)),
        )
        for work in store.iterate()
    } | {0: tuple(store._connection.execute("SELECT a, b FROM distinct_works").fetchall())}


_DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "bring_in",
                "edit",
                "clear",
                "enrich",
                "remove",
                "rename",
                "tag",
                "untag",
                "collect",
                "uncollect",
                "merge",
                "keep_apart",
                "note",
                "change_note",
                "attach",
            ]
        ),
        st.integers(0, 3),
        _TITLES,
        _KEYS,
    ),
    min_size=1,
    max_size=10,
)


def _belong(
    writer: MendingWriter, change: int, deed: str, work: Work, which: int, text: str
) -> None:
    """Notes and files, also several in one change."""
    if deed == "note":
        writer.add_note(change, work.id, text)
    elif deed == "change_note":
        for note in writer.notes(work.id)[:1]:
            writer.change_note(change, note.id, text if which else None)
    else:
        writer.attach(change, work.id, text, None, None)
        for file in writer.attachments(work.id)[: which // 2]:
            writer.detach(change, file.id)


def _word(title: str | None) -> Record:
    """What the user says of a title; None that it has none."""
    record = _record(OriginKind.USER, "user", title or "", RecordState.STANDING)
    if title is not None:
        return record
    return replace(record, description=Description(), cleared=frozenset({"title"}))


def _do(store: Store, deed: str, which: int, title: str, key: str) -> None:
    works = list(store.iterate(descending=False))
    with store.writing() as writer:
        change = writer.change("user", deed, "x")
        if deed == "bring_in" or not works:
            record = _record(OriginKind.IMPORT, "ris", title, RecordState.STANDING)
            writer.insert(change, [NewRecord(record, next_free(key, writer.keys_beginning(key)))])
            return
        work = works[which % len(works)]
        match deed:
            case "edit" | "clear":
                writer.append(change, [(work.id, _word(title if deed == "edit" else None))])
            case "enrich":
                record = _record(OriginKind.SOURCE, "crossref", title, RecordState.STANDING)
                writer.supersede(change, [(work.id, record)])
                status = [EnrichmentStatus.ENRICHED, EnrichmentStatus.UNCHANGED][which % 2]
                writer.set_enrichment([work.id], status, "crossref", None, change_id=change)
            case "remove":
                writer.remove(change, [work.id])
            case "merge":
                writer.merge(change, work.id, [w.id for w in works[: which + 1] if w is not work])
            case "note" | "change_note" | "attach":
                _belong(writer, change, deed, work, which, title)
            case "keep_apart":
                writer.distinguish(change, [(work.id, w.id) for w in works if w is not work])
            case "rename":
                if writer.find(key) in (None, work.id) and key != work.citation_key:
                    writer.rename(change, work.id, key)
            case "tag" | "untag":
                chosen = [w.id for w in works[which:]]
                writer.label(change, "tags", key, chosen, on=deed == "tag")
            case "collect" | "uncollect":
                writer.label(change, "collections", key, [work.id], on=deed == "collect")


@settings(max_examples=60, deadline=None)
@given(_DEEDS)
@example(
    [
        ("bring_in", 0, "Gamma", "dwi2021"),
        ("rename", 0, "Gamma", "x"),
        ("rename", 0, "Gamma", "Dwi2021"),
    ]
)
def test_undoing_goes_back_step_by_step_and_redoing_forth_again(
    deeds: list[tuple[str, int, str, str]],
) -> None:
    with ScratchStore() as store:
        states = [_state(store)]
        for deed in deeds:
            _do(store, *deed)
            states.append(_state(store))
        undoings: list[int] = []
        for before in reversed(states[:-1]):
            undone = redoing.undo(store, None)
            assert undone.undone_by is not None
            undoings.append(undone.undone_by)
            assert _state(store) == before
            assert store.check() == []
        with pytest.raises(NotFoundError):
            redoing.undo(store, None)
        for after, undoing in zip(states[1:], reversed(undoings), strict=True):
            redoing.undo(store, undoing)
            assert _state(store) == after
            assert store.check() == []
        for before in reversed(states[:-1]):
            redoing.undo(store, None)
            assert _state(store) == before


_WAY_OUT = re.compile(r"refman undo (\d+) takes")


@settings(max_examples=25, deadline=None)
@given(_DEEDS, st.integers(0, 9), st.booleans())
def test_what_stands_in_the_way_of_undoing_is_named_and_can_be_taken_back_first(
    deeds: list[tuple[str, int, str, str]], which: int, forth: bool
) -> None:
    with ScratchStore() as store:
        for deed in deeds:
            _do(store, *deed)
        changes = [change.id for change in reversed(store.history())]
        chosen = changes[which % len(changes)]
        if forth:
            redoing.undo(store, None)
            redoing.redo(store)
        wanted = [chosen]
        for _ in range(4 * len(changes)):
            assert store.check() == []
            if not wanted:
                break
            before = _state(store)
            try:
                redoing.undo(store, wanted[-1])
            except UsageError as error:
                hint = error.hint or ""
            else:
                wanted.pop()
                continue
            # Nothing was done, and another change is told to be taken back before.
            assert _state(store) == before
            way_out = _WAY_OUT.search(hint)
            if way_out is None:
                assert "--force" in hint
                redoing.undo(store, wanted.pop(), partly=True)
            else:
                assert int(way_out[1]) not in wanted
                wanted.append(int(way_out[1]))
        assert not wanted
        assert store.change_row(chosen).undone_by is not None
