"""Whoever works on a library, goes back and forth again finds what plain lists in memory would say.

The model is that of an editor: a stack of states that were, and one of states that were left by
going back. A state is a few words for each work: what was said of it, by whom, in which order.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from refman.errors import NotFoundError
from refman.model import Description, Origin, OriginKind, Record
from refman.services.importing import ImportPolicy, OnDuplicate, import_entries
from refman.services.library import Library
from tests.property.libraries import ScratchStore

_FIELDS = ("title", "volume", "publisher")
_WORDS = st.sampled_from(["Alpha", "Beta gamma", "Délta", "7"])
_NAMES = st.sampled_from(["read", "Thesis", "later"])
_WHICH = st.integers(0, 30)


@dataclass
class _Work:
    """What the model knows of a work."""

    key: str
    aliases: set[str] = field(default_factory=set)
    imported: list[dict[str, str]] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    written: list[tuple[int, str, str | None]] = field(default_factory=list)
    """When, which field, and what; None for a field that was cleared."""
    tags: set[str] = field(default_factory=set)
    collections: set[str] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def value(self, name: str) -> str | None:
        """One's own last word, else the first import's, else the source's."""
        words = [(when, what) for when, of, what in self.written if of == name]
        if words:
            return max(words, key=lambda word: word[0])[1]
        for said in (*self.imported, self.answered):
            if name in said:
                return said[name]
        return None


class Sessions(RuleBasedStateMachine):
    """Deeds through the same object that the command line and the screens use."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = ScratchStore()
        self.library = Library(self.scratch.path, clock=self.scratch.store._clock)
        self.library.store._connection.execute("PRAGMA synchronous = OFF")
        self.file = self.scratch.path.with_name("paper.pdf")
        self.file.write_bytes(b"%PDF")
        self.now: dict[int, _Work] = {}
        self.behind: list[dict[int, _Work]] = []
        self.ahead: list[dict[int, _Work]] = []
        self.changes = 0
        self.clock = 0

    def teardown(self) -> None:
        self.library.close()
        self.scratch.close()

    @initialize()
    def begin(self) -> None:
        self.bring_in("Alpha", "7", "x")
        self.bring_in("Beta gamma", None, "y")

    def _pick(self, which: int) -> tuple[int, _Work]:
        ids = sorted(self.now)
        return ids[which % len(ids)], self.now[ids[which % len(ids)]]

    def _did(self, before: dict[int, _Work]) -> None:
        """A deed that left a change can be gone back behind; one that left none did nothing."""
        newest = self.library.history(limit=1)[0].id
        if newest == self.changes:
            assert _told(before) == _told(self.now)
            return
        self.changes = newest
        self.behind.append(before)
        self.ahead.clear()
        self._is_told_in_the_history(newest, before)

    def _is_told_in_the_history(self, change: int, before: dict[int, _Work]) -> None:
        told = {each.work_id: each for each in self.library.changed_by(change)}
        for work_id in before.keys() | self.now.keys():
            was, is_now = before.get(work_id), self.now.get(work_id)
            expected = {
                name: pair
                for name in _FIELDS
                if (pair := (was and was.value(name), is_now and is_now.value(name)))[0] != pair[1]
            }
            fields = told[work_id].fields if work_id in told else {}
            assert {name: fields[name] for name in _FIELDS if name in fields} == expected

    @rule(title=_WORDS, volume=st.none() | _WORDS, key=st.sampled_from(["x", "y", "z"]))
    def bring_in(self, title: str, volume: str | None, key: str) -> None:
        before = deepcopy(self.now)
        said = Description(title=title, volume=volume)
        origin = Origin(kind=OriginKind.IMPORT, name="ris")
        policy = ImportPolicy(on_duplicate=OnDuplicate.ADD)
        record = Record(description=said, origin=origin, citation_key=key)
        [item] = import_entries(self.library.store, [record], "x.ris", policy)
        assert item.work_id is not None
        assert item.citation_key is not None
        words = {"title": title} | ({"volume": volume} if volume else {})
        self.now[item.work_id] = _Work(item.citation_key, imported=[words])
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(which=_WHICH, name=st.sampled_from(_FIELDS), text=st.none() | _WORDS)
    def edit(self, which: int, name: str, text: str | None) -> None:
        before = deepcopy(self.now)
        id_, work = self._pick(which)
        changed = self.library.edit(
            self.library.get(work.key), {name: text} if text else {}, [] if text else [name]
        )
        if work.value(name) != text:
            assert changed == {name: (work.value(name), text)}
            self.clock += 1
            self.now[id_].written.append((self.clock, name, text))
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(which=_WHICH, publisher=_WORDS, volume=st.none() | _WORDS)
    def enrich(self, which: int, publisher: str, volume: str | None) -> None:
        before = deepcopy(self.now)
        id_, work = self._pick(which)
        self.clock += 1
        retrieved = f"2026-01-01T00:{self.clock // 60:02}:{self.clock % 60:02}Z"
        record = Record(
            description=Description(publisher=publisher, volume=volume),
            origin=Origin(kind=OriginKind.SOURCE, name="crossref", retrieved=retrieved),
        )
        with self.library.store.writing() as writer:
            writer.supersede(writer.change("source", "enrich", "enrichment"), [(id_, record)])
        work.answered = {"publisher": publisher} | ({"volume": volume} if volume else {})
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(
        which=_WHICH, name=_NAMES, on=st.booleans(), table=st.sampled_from(["tags", "collections"])
    )
    def label(self, which: int, name: str, on: bool, table: str) -> None:
        before = deepcopy(self.now)
        _, work = self._pick(which)
        self.library.label(table, name, [self.library.get(work.key)], on=on)
        names: set[str] = getattr(work, table)
        names.add(name) if on else names.discard(name)
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(which=_WHICH, text=st.none() | _WORDS)
    def note(self, which: int, text: str | None) -> None:
        before = deepcopy(self.now)
        _, work = self._pick(which)
        known = self.library.get(work.key)
        if text is not None and len(work.notes) < 2:
            work.notes[self.library.notes.add(known, text)] = text
        elif work.notes:
            number = min(work.notes)
            if text is None:
                self.library.notes.remove(known, number)
                del work.notes[number]
            else:
                self.library.notes.change(known, number, text)
                work.notes[number] = text
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(which=_WHICH)
    def attach(self, which: int) -> None:
        before = deepcopy(self.now)
        _, work = self._pick(which)
        known = self.library.get(work.key)
        if work.files:
            self.library.files.detach(known, self.library.files.of(known)[0].id)
            # After a merge the same file may be there twice.
            work.files = {Path(row.path).name for row in self.library.files.of(known)}
        else:
            self.library.files.attach(known, self.file, link=True)
            work.files = {self.file.name}
        self._did(before)

    @precondition(lambda self: self.now)
    @rule(which=_WHICH)
    def delete(self, which: int) -> None:
        before = deepcopy(self.now)
        id_, work = self._pick(which)
        assert self.library.delete([self.library.get(work.key)]) == 1
        del self.now[id_]
        self._did(before)

    @precondition(lambda self: len(self.now) > 1)
    @rule(which=_WHICH, by=st.integers(1, 30))
    def merge(self, which: int, by: int) -> None:
        before = deepcopy(self.now)
        ids = sorted(self.now)
        into, other = ids[which % len(ids)], ids[(which + by) % len(ids)]
        if into == other:
            return
        stays, goes = self.now[into], self.now[other]
        self.library.merge([self.library.get(stays.key), self.library.get(goes.key)])
        del self.now[other]
        firsts = sorted([(into, stays.imported), (other, goes.imported)])
        # The imports of the older work came first, unless it was made of a merge itself.
        records = self.library.store.records(into)
        order = [
            {name: value for name in _FIELDS if (value := getattr(record.description, name))}
            for record in records
            if record.origin.kind is OriginKind.IMPORT
        ]
        assert sorted(map(str, order)) == sorted(str(said) for _, each in firsts for said in each)
        stays.imported = order
        stays.written += goes.written
        stays.answered = self._latest_answer(into)
        stays.aliases |= {goes.key, *goes.aliases}
        stays.tags |= goes.tags
        stays.collections |= goes.collections
        stays.notes |= goes.notes
        stays.files |= goes.files
        self._did(before)

    def _latest_answer(self, work_id: int) -> dict[str, str]:
        """Where two answers of one source come together, the later one comes first."""
        words: dict[str, str] = {}
        records = self.library.store.records(work_id)
        for record in sorted(records, key=lambda record: record.origin.retrieved or ""):
            if record.origin.kind is OriginKind.SOURCE and record.state.value == "standing":
                words |= {
                    name: value for name in _FIELDS if (value := getattr(record.description, name))
                }
        return words

    @precondition(lambda self: self.now)
    @rule(which=_WHICH, key=st.sampled_from(["x", "k1", "k2"]))
    def rename(self, which: int, key: str) -> None:
        before = deepcopy(self.now)
        _, work = self._pick(which)
        holder = self.library.find(key)
        if holder is not None and holder.citation_key != work.key:
            return
        self.library.rename(self.library.get(work.key), key)
        work.aliases = (work.aliases | {work.key}) - {key}
        work.key = key
        self._did(before)

    @precondition(lambda self: self.now)
    @rule()
    def rekey(self) -> None:
        before = deepcopy(self.now)
        for new in self.library.rekey(list(self.library.new_keys(template="title.fold"))):
            work = next(work for work in self.now.values() if work.key == new.before)
            work.aliases = (work.aliases | {work.key}) - {new.after}
            work.key = new.after
        self._did(before)

    @rule()
    def undo(self) -> None:
        if not self.behind:
            with pytest.raises(NotFoundError):
                self.library.undo()
            return
        self.library.undo()
        self.ahead.append(self.now)
        before, self.now = self.now, self.behind.pop()
        self.changes = self.library.history(limit=1)[0].id
        self._is_told_in_the_history(self.changes, before)

    @rule()
    def redo(self) -> None:
        if not self.ahead:
            with pytest.raises(NotFoundError):
                self.library.redo()
            return
        self.library.redo()
        self.behind.append(self.now)
        self.now = self.ahead.pop()
        self.changes = self.library.history(limit=1)[0].id

    @invariant()
    def says_what_the_model_says(self) -> None:
        found = {}
        for work in self.library.search():
            files = self.library.files.of(work)
            found[work.id] = (
                work.citation_key,
                set(work.aliases),
                {name: getattr(work.description, name) for name in _FIELDS},
                set(work.tags),
                set(work.collections),
                {note.id: note.text for note in self.library.notes.of(work)},
                {Path(row.path).name for row in files},
            )
        assert found == _told(self.now)

    @invariant()
    def is_sound(self) -> None:
        assert self.library.check() == []


def _told(works: dict[int, _Work]) -> dict[int, tuple[object, ...]]:
    return {
        id_: (
            work.key, work.aliases, {name: work.value(name) for name in _FIELDS}, work.tags,
            work.collections, work.notes, work.files,
        )
        for id_, work in works.items()
    }  # fmt: skip


Sessions.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestSessions = Sessions.TestCase
