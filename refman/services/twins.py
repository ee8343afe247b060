"""Which work a record belongs to: one of the library, one of the same batch, or none yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refman.model import Description, Record
from refman.rules import match
from refman.store import Writer


@dataclass(slots=True)
class Twin:
    """A work that a record may belong to: one of the library, or one of this batch."""

    citation_key: str
    description: Description
    work_id: int | None = None
    place: int = -1
    """Its place among the new works of this batch."""
    records: list[Record] = field(default_factory=list)
    """What this batch says of it."""

    def has(self, writer: Writer, record: Record) -> bool:
        """Whether the same source has said just this of it before."""
        if any(_same_statement(record, other) for other in self.records):
            return True
        return self.work_id is not None and writer.has_record(self.work_id, record)


def _same_statement(a: Record, b: Record) -> bool:
    return a.origin.name == b.origin.name and a.description == b.description


class TwinFinder:
    """Finds for each record of a batch the work it belongs to."""

    def __init__(self, writer: Writer, records: Sequence[Record]) -> None:
        self._writer = writer
        self._statements: dict[tuple[str, Description], Twin] = {}
        self._keys = {id(record): match.keys(record.description) for record in records}
        identifiers = {pair for keys in self._keys.values() for pair in keys.identifiers}
        titles = {keys.title_key for keys in self._keys.values() if keys.title_key is not None}
        by_identifier, by_title = writer.candidates(identifiers, titles)
        ids = {id_ for found in (by_identifier, by_title) for hit in found.values() for id_ in hit}
        # In a damaged library an index may tell of works that are not there.
        twins = {
            work.id: Twin(work.citation_key, work.description, work_id=work.id)
            for work in writer.works(sorted(ids))
        }
        self._by_identifier = {
            key: [twins[id_] for id_ in hit if id_ in twins] for key, hit in by_identifier.items()
        }
        self._by_title = {
            key: [twins[id_] for id_ in hit if id_ in twins] for key, hit in by_title.items()
        }
        self.doubtful: str | None = None
        """The key of a work that the last record looked for may or may not be."""

    def find(self, record: Record) -> Twin | None:
        """The work that a record belongs to, or None for a new one."""
        self.doubtful = None
        keys = self._keys[id(record)]
        candidates: dict[int, Twin] = {}
        for scheme, value in keys.identifiers:
            for twin in self._by_identifier.get((scheme.lower(), value), ()):
                candidates[id(twin)] = twin
        if keys.title_key is not None:
            for twin in self._by_title.get(keys.title_key, ()):
                candidates.setdefault(id(twin), twin)
        for twin in candidates.values():
            if self._is(record, twin):
                return twin
        # However little an entry says, the same file again brings nothing new.
        for twin in candidates.values():
            if twin.has(self._writer, record):
                return twin
        return None if candidates else self._of_statement(record)

    def _of_statement(self, record: Record) -> Twin | None:
        """The work of which the same source has said just this, where no key leads to it."""
        keys = self._keys[id(record)]
        if keys.identifiers or keys.title_key is not None:
            return None
        statement = (record.origin.name, record.description)
        twin = self._statements.get(statement)
        if twin is None and (work_id := self._writer.stating(record)) is not None:
            work = self._writer.work(work_id)
            assert work is not None
            twin = Twin(work.citation_key, work.description, work_id=work_id)
            self._statements[statement] = twin
        return twin

    def _is(self, record: Record, twin: Twin) -> bool:
        verdict = match.same_work(twin.description, record.description)
        if verdict is match.Verdict.UNSURE:
            self.doubtful = twin.citation_key
        return verdict is match.Verdict.SAME

    def add(self, record: Record, citation_key: str, place: int) -> None:
        """Let later records of the batch find this new work."""
        twin = Twin(citation_key, record.description, place=place, records=[record])
        keys = self._keys[id(record)]
        for scheme, value in keys.identifiers:
            self._by_identifier.setdefault((scheme.lower(), value), []).append(twin)
        if keys.title_key is not None:
            self._by_title.setdefault(keys.title_key, []).append(twin)
        elif not keys.identifiers:
            self._statements[record.origin.name, record.description] = twin
