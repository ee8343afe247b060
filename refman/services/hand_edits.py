"""What somebody did by hand to a file that is kept in step, taken into the library.

An edit becomes a proposal, and none of the library's words is replaced by it; an entry that was
added is imported; one that was taken out is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from refman.model import Description, Origin, OriginKind, Record, RecordState, Work, without
from refman.ports import Problem
from refman.rules import citekey, three_way
from refman.rules.three_way import HandEdit
from refman.services.importing import ImportPolicy, import_entries
from refman.services.synced_file import Entry, State, SyncedFile
from refman.store import Store
from refman.text.counting import counted


class Edits(StrEnum):
    """What becomes of edits by hand."""

    PROPOSE = "propose"
    """They wait, and stand in the file meanwhile."""
    ACCEPT = "accept"
    """They are taken as the user's own word."""
    DISCARD = "discard"
    """The library's words are put back."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A field that was edited by hand, and the key of the entry."""

    citation_key: str
    edit: HandEdit


@dataclass(slots=True)
class SyncReport:
    """What a round came to."""

    works: int = 0
    written: bool = False
    edits: list[FileEdit] = field(default_factory=list)
    """What was edited by hand since the last time."""
    waiting: list[tuple[str, Record]] = field(default_factory=list)
    """What is proposed and not decided, each with the key of the work."""
    imported: list[str] = field(default_factory=list)
    """Keys of entries that were added by hand."""
    deleted: list[str] = field(default_factory=list)
    """Keys of entries that were taken out by hand."""
    problems: list[Problem] = field(default_factory=list)
    """Why the file was left as it is."""
    remarks: list[str] = field(default_factory=list)


class Taking:
    """What somebody did to the file, being taken into the library."""

    def __init__(
        self,
        store: Store,
        file: SyncedFile,
        state: State,
        pending: dict[int, Record],
        report: SyncReport,
        edits: Edits,
        *,
        template: str,
        dry_run: bool,
    ) -> None:
        self._store = store
        self._file = file
        self._state = state
        self._pending = pending
        self._report = report
        self._edits_become = edits
        self._template = template
        self._dry_run = dry_run
        self._new: list[tuple[str, Record]] = []
        self._edited: dict[str, tuple[Work, Entry, Description | None]] = {}

    def take(self, text: str, works: Mapping[str, Work]) -> bool:
        """Take in a text that is not what the file was given. False where it cannot be read."""
        entries, problems = self._file.entries(text)
        if problems:
            self._report.problems += problems
            return False
        known = {} if self._state.text is None else self._file.entries(self._state.text)[0]
        self._sort(entries, known, works)
        vanished = [key for key in known if key not in entries and key in works]
        renamed = self._renamed(vanished, known)
        self._report.deleted += [key for key in vanished if key not in renamed]
        self._state.typed = [key for key in self._state.typed if key in entries]
        self._import(renamed)
        self._propose()
        return True

    def _sort(
        self, entries: Mapping[str, Entry], known: Mapping[str, Entry], works: Mapping[str, Work]
    ) -> None:
        """Tell entries that were edited from those that are new."""
        for key, entry in entries.items():
            given = known[key].description if key in known else None
            if given == entry.description:
                continue
            work = works.get(key) or self._work(key)
            if work is None:
                self._new.append((key, entry.record))
                continue
            if key not in works and key not in self._state.typed:
                self._state.typed.append(key)
            self._edited[key] = (replace(work, citation_key=key), entry, given)

    def _work(self, key: str) -> Work | None:
        work_id = self._store.find(key)
        return None if work_id is None else self._store.work(work_id)

    def _renamed(self, vanished: Iterable[str], known: Mapping[str, Entry]) -> dict[str, str]:
        """Entries that somebody gave another key: the new one by the old."""
        left = {known[key].description: key for key in vanished}
        found = {}
        for key, record in self._new:
            old = left.pop(record.description, None)
            if old is not None and citekey.is_valid_key(key):
                found[old] = key
        return found

    def _import(self, renamed: Mapping[str, str]) -> None:
        new = [(key, record) for key, record in self._new if key not in renamed.values()]
        self._report.imported += [key for key, _ in new if not key.startswith("\0")]
        if self._dry_run:
            return
        if renamed:
            with self._store.writing() as writer:
                change = writer.change("user", "sync", f"other keys in {self._file.path.name}")
                works = {new: writer.find(old) for old, new in renamed.items()}
                writer.add_aliases(change, [(id_, key) for key, id_ in works.items() if id_])
        if new:
            policy = ImportPolicy(template=self._template)
            for _ in import_entries(
                self._store, [record for _, record in new], self._file.name, policy
            ):
                pass
        for key in (*renamed.values(), *(key for key, _ in new)):
            if key not in self._state.typed:
                self._state.typed.append(key)

    def _propose(self) -> None:
        """Note what was edited; a work's proposal out of this file takes the place of the last."""
        library = self._file.as_written(work for work, _, _ in self._edited.values())
        proposed: dict[int, Record] = {}
        for key, (work, entry, given) in self._edited.items():
            edits = three_way.hand_edits(given, entry.description, library.get(key, Description()))
            self._report.edits += [FileEdit(key, edit) for edit in edits]
            before = self._pending.get(work.id)
            if not edits and before is None:
                continue
            said, cleared = three_way.together(before, edits, given, entry.description)
            proposed[work.id] = _proposal(said, cleared, entry.location)
        name = self._file.path.name
        after = decide(
            self._store, name, self._pending, proposed, self._edits_become, dry_run=self._dry_run
        )
        self._pending.clear()
        self._pending.update(after)


def _proposal(said: Description, cleared: frozenset[str], location: str) -> Record:
    origin = Origin(kind=OriginKind.USER, name="user", location=location)
    return Record(description=said, cleared=cleared, origin=origin, state=RecordState.PROPOSED)


def decide(
    store: Store,
    name: str,
    pending: Mapping[int, Record],
    proposed: Mapping[int, Record],
    edits: Edits,
    *,
    dry_run: bool = False,
) -> dict[int, Record]:
    """Do with proposals what is to become of them. Returns those that wait, by the work.

    `pending` are those that were there, and `proposed` what takes their place, out of the file of
    a name.
    """
    wanted = {
        work_id: record
        for work_id, record in {**pending, **proposed}.items()
        if record.cleared or record.description != Description()
    }
    if edits is Edits.PROPOSE:
        changed = [id_ for id_ in proposed if not _same(pending.get(id_), wanted.get(id_))]
        gone = [pending[id_] for id_ in changed if id_ in pending]
        added = [(id_, wanted[id_]) for id_ in changed if id_ in wanted]
    else:
        gone, added = list(pending.values()), []
        if edits is Edits.ACCEPT:
            added = [(id_, each) for id_, record in wanted.items() for each in _accepted(record)]
    if (gone or added) and not dry_run:
        told = {
            Edits.PROPOSE: "proposed", Edits.ACCEPT: "accepted", Edits.DISCARD: "discarded",
        }[edits]  # fmt: skip
        works = counted(len({id_ for id_, _ in added} | {r.work_id for r in gone}), "work")
        with store.writing() as writer:
            change = writer.change("user", "sync", f"{told} edits in {name}: {works}")
            there = writer.present(id_ for id_, _ in added)
            at = writer.now
            writer.decide(change, gone, [(id_, _at(r, at)) for id_, r in added if id_ in there])
    return wanted if edits is Edits.PROPOSE or (dry_run and edits is Edits.ACCEPT) else {}


def _accepted(record: Record) -> Iterator[Record]:
    """The records of a proposal that is taken over.

    A user's word replaces all others, which is not what a comment or an unknown field that was
    added means to do: those go to the others as an import's do.
    """
    word = replace(
        record, state=RecordState.STANDING, description=without(record.description, ("extra",))
    )
    if word.cleared or word.description != Description():
        yield word
    if record.description.extra:
        yield replace(
            word,
            description=Description(extra=record.description.extra),
            cleared=frozenset(),
            origin=replace(
                record.origin, kind=OriginKind.IMPORT, name=record.description.extra[0].format
            ),
        )


def _at(record: Record, now: str) -> Record:
    return replace(record, id=None, origin=replace(record.origin, retrieved=now))


def _same(a: Record | None, b: Record | None) -> bool:
    if a is None or b is None:
        return a is b
    return a.description == b.description and a.cleared == b.cleared
