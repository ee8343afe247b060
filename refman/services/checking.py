"""Checking works of a library, or the entries of a plain file, and mending what is safe to mend.

A file is checked as it lies, with no library: what cannot be read, keys that are there twice, what
each entry lacks, entries that are one work, and keys that a manuscript cites and the file has not.
With sources at hand each DOI is verified: that it is registered, and that it is this work's. What
could not be verified is told apart from what is wrong.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from refman import plugins
from refman.errors import InputError
from refman.model import (
    Description,
    EnrichmentStatus,
    Origin,
    OriginKind,
    Record,
    Work,
)
from refman.model.identifier import doi_key
from refman.ports import Answer, AnswerStatus, ImportOptions, Problem
from refman.rules.agreement import agrees
from refman.rules.check import Finding, Severity, problems
from refman.rules.citekey import clean_key
from refman.rules.duplicates import Kind, compare, meeting
from refman.rules.query import Node
from refman.services.asking import Sources, ask
from refman.services.check_places import Places
from refman.services.importing import choose_importer
from refman.store import Store
from refman.text.counting import counted
from refman.text.reading import TextInput

_LINE = re.compile(r":(\d+)$")
_MACRO = re.compile(r"macro \S+")
_FIND = "take it out; `refman enrich --find-dois` looks for the right one"
_USUAL = {name: frozenset(("language",)) for name in ("bibtex", "biblatex")}
"""What is no mistake in a format: biblatex knows languages by their names."""
_OFTEN = 3
"""So many remarks of one wording are told one by one."""


@dataclass(frozen=True, slots=True)
class Located:
    """A finding, and where it is: a line and a column of a file, both from 1."""

    path: str
    line: int
    column: int
    citation_key: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    citation_key: str
    description: Description


class CheckedFile:
    """The entries of a file, and what there is to say of them.

    Raises `InputError` for a file that cannot be read or is in no format that is known.
    """

    def __init__(self, path: Path, format_name: str | None = None) -> None:
        self.path = path
        self._entries: list[_Entry] = []
        self._problems: list[Problem] = []
        try:
            with path.open("rb") as stream:
                source = TextInput(stream, str(path))
                importer = choose_importer(source, format_name)
                options = ImportOptions(recase_titles=False)
                for item in plugins.entries(importer, source, options):
                    if isinstance(item, Problem):
                        self._problems.append(item)
                    else:
                        self._entries.append(_entry(item, len(self._entries)))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        self._places = Places(path, importer.info.name)
        self._usual = _USUAL.get(importer.info.name, frozenset())

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its entries."""
        return tuple(entry.citation_key for entry in self._entries)

    def only(self, keys: Collection[str]) -> list[str]:
        """Leave out all entries but those with these keys. Returns the keys that there are not."""
        known = {entry.citation_key for entry in self._entries}
        self._entries = [entry for entry in self._entries if entry.citation_key in keys]
        return [key for key in keys if key not in known]

    def findings(self) -> Iterator[Located]:
        """What is wrong or doubtful, in the order of the file."""
        twice = list(self._twice())
        told = {located.line for located in twice}
        unreadable = [
            one
            for one in self._unreadable()
            # The importer remarks on keys, too.
            if one.line not in told or one.finding.severity is Severity.ERROR
        ]
        found = [*unreadable, *twice, *self._alike()]
        for entry in self._entries:
            found += [
                self._located(entry, finding)
                for finding in problems(entry.description)
                if finding.code not in self._usual
            ]
        yield from sorted(found, key=lambda located: (located.line, located.column))

    async def verified(self, sources: Sources) -> AsyncIterator[Located]:
        """What verifying each DOI brings to light, as the answers come."""
        waiting: dict[str, list[_Entry]] = defaultdict(list)
        for entry in self._entries:
            if entry.description.DOI:
                waiting[doi_key(entry.description.DOI)].append(entry)
            else:
                yield self._located(entry, _unverified("it has no DOI"))
        dois = [entries[0].description.DOI or "" for entries in waiting.values()]
        async for found in ask(dois, sources):
            if found.supplement:
                continue
            answer = found.answer
            for entry in waiting.get(doi_key(answer.DOI), ()):
                for finding in _verdicts(entry.description, answer):
                    yield self._located(entry, finding)

    def _unreadable(self) -> Iterator[Located]:
        """What could not be read; what is said again and again of fields, once."""
        kinds = [_MACRO.sub("macro", problem.reason) for problem in self._problems]
        times = Counter(kind for kind, one in zip(kinds, self._problems) if one.partial)
        told: set[str] = set()
        for kind, problem in zip(kinds, self._problems):
            severity = Severity.WARNING if problem.partial else Severity.ERROR
            reason = problem.reason
            if problem.partial and times[kind] > _OFTEN:
                if kind in told:
                    continue
                told.add(kind)
                reason = f"{reason} (and {times[kind] - 1} more like it)"
            finding = Finding("", "unreadable", reason, severity)
            yield Located(str(self.path), problem.line or 1, 1, "", finding)

    def _twice(self) -> Iterator[Located]:
        """Keys that are there twice. BibTeX compares them without regard to letter case."""
        first: dict[str, int] = {}
        for entry in self._entries:
            key = entry.citation_key.lower()
            if key in first:
                message = f"the key {entry.citation_key} is there already, in line {first[key]}"
                advice = "give one of the two another key"
                finding = Finding("", "key", message, Severity.ERROR, None, advice)
                yield self._located(entry, finding)
            else:
                first[key] = entry.line

    def _alike(self) -> Iterator[Located]:
        for a, b in meeting(entry.description for entry in self._entries):
            one, other = self._entries[a], self._entries[b]
            if compare(one.description, other.description).kind in (Kind.SAME, Kind.LIKELY):
                message = f"it is the same work as {one.citation_key}, in line {one.line}"
                advice = "leave out one of them"
                finding = Finding("", "duplicate", message, Severity.WARNING, None, advice)
                yield self._located(other, finding)

    def _located(self, entry: _Entry, finding: Finding) -> Located:
        line, column = self._places.of(entry.line, finding.field)
        return Located(str(self.path), line, column, entry.citation_key, finding)


def undefined(
    manuscript: Path, key: str, bibliography: Path, known: Collection[str] = ()
) -> Located:
    """The finding that a manuscript cites what a bibliography, with the known keys, has not."""
    message = f"{key} is cited, and is not in {bibliography}"
    near = get_close_matches(key, known, n=1, cutoff=0.8)
    advice = f"did you mean {near[0]}?" if near else ""
    finding = Finding("", "undefined", message, Severity.ERROR, None, advice)
    return Located(str(manuscript), 1, 1, "", finding)


def check_library(store: Store, query: Node) -> Iterator[tuple[Work, Finding]]:
    """What is wrong or doubtful in the works that a query finds."""
    for work in store.iterate(query):
        for finding in problems(work.description):
            yield work, finding
        if work.enrichment is EnrichmentStatus.MISMATCH:
            message = f"the DOI {work.description.DOI} is that of another work"
            yield work, Finding("DOI", "foreign", message, Severity.ERROR, None, _FIND)
        elif work.enrichment is EnrichmentStatus.NOT_FOUND:
            message = f"no source knows the DOI {work.description.DOI}"
            advice = "compare it with the work's own page"
            yield work, Finding("DOI", "unknown", message, Severity.WARNING, None, advice)


def fix(store: Store, found: Iterable[tuple[Work, Finding]], now: str) -> int:
    """Mend what is safe to mend, as one change of the user's. Returns how many fields.

    What has been changed since it was looked at is left alone.
    """
    mended: dict[int, tuple[Work, dict[str, Any]]] = {}
    for work, finding in found:
        if finding.fix is not None:
            mended.setdefault(work.id, (work, {}))[1].setdefault(finding.field, finding.fix)
    if not mended:
        return 0
    origin = Origin(kind=OriginKind.USER, name="user", retrieved=now)
    additions: list[tuple[int, Record]] = []
    count = 0
    with store.writing() as writer:
        for current in writer.works(list(mended)):
            seen, fields = mended[current.id]
            fresh = {
                field: value
                for field, value in fields.items()
                if getattr(current.description, field) == getattr(seen.description, field)
            }
            if fresh:
                count += len(fresh)
                record = Record(description=Description(**fresh), origin=origin)
                additions.append((current.id, record))
        if additions:
            change = writer.change("user", "check", f"{counted(count, 'field')} mended")
            writer.append(change, additions)
    return count


def _entry(record: Record, place: int) -> _Entry:
    match = _LINE.search(record.origin.location or "")
    key = clean_key(record.citation_key or "") or record.citation_key or f"entry {place + 1}"
    return _Entry(int(match[1]) if match else 1, key, record.description)


def _unverified(why: str) -> Finding:
    return Finding("DOI", "unverified", f"it could not be verified: {why}", Severity.INFO)


def _verdicts(ours: Description, answer: Answer) -> Iterator[Finding]:
    """What an answer about an entry's DOI says of the entry."""
    if answer.status is AnswerStatus.NOT_FOUND:
        message = f"the DOI {ours.DOI} is not registered, as far as was asked"
        advice = "compare it with the work's own page"
        yield Finding("DOI", "unknown", message, Severity.ERROR, None, advice)
        return
    if answer.record is None:
        yield _unverified(answer.reason or "no answer")
        return
    theirs = answer.record.description
    agreement = agrees(ours, theirs)
    if not agreement.ok:
        message = f"the DOI {ours.DOI} is that of another work: {agreement.reason}"
        yield Finding("DOI", "foreign", message, Severity.ERROR, None, _FIND)
        return
    told = Description(updates=theirs.updates, relations=theirs.relations, title="x", type="x")
    already = {finding.message for finding in problems(ours)}
    for finding in problems(told):
        if finding.field in ("updates", "relations") and finding.message not in already:
            yield finding
