"""What an import would bring, before it is done, and what it brought.

All of it runs in a library's thread.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from refman import plugins
from refman.errors import InputError
from refman.model import Description, Record
from refman.ports import ImportOptions, Problem
from refman.rules import citekey
from refman.services import importing, pasting
from refman.services.importing import ImportItem, ImportPolicy, ImportStatus, choose_importer
from refman.services.library import Library, utc_now
from refman.services.pasting import Correction, Entry
from refman.text.reading import TextInput
from refman.tui.columns import short_author
from refman.tui.display import one_line

LOOKED_AT = 200
"""Entries that a preview reads; a file may have a million."""
REPORTED = 500
"""Failed entries that are kept to be shown."""
_NAME_OF_PASTE = "pasted"
_LIKELY = "may be the same work"

Material = str | Path
"""Text that was pasted, or the file that was named."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One entry of an input: what would become of it, and what it says.

    `place` is its number among all entries; `description` what is known of it, corrections
    included, None for what could not be read.
    """

    status: ImportStatus
    text: str
    reason: str | None
    place: int = 0
    description: Description | None = None
    key: str | None = None
    """The key that it would have, or that of the work that it belongs to."""
    corrected: bool = False

    @property
    def word(self) -> str:
        """What would become of it, in a word or two."""
        match self.status:
            case ImportStatus.FAILED:
                return "cannot read"
            case ImportStatus.MERGED | ImportStatus.SKIPPED:
                return f"same as {self.key}"
        return "likely there" if (self.reason or "").startswith(_LIKELY) else "new"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a user wants other than it came: fields corrected, entries left out, by place."""

    corrections: Mapping[int, Correction] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would come to. `more` says that only the beginning was read."""

    format: str
    lines: tuple[PreviewLine, ...]
    more: bool = False

    @property
    def counts(self) -> Mapping[ImportStatus, int]:
        """How many entries would be imported, merged, skipped and failed."""
        return Counter(line.status for line in self.lines)

    @property
    def likely(self) -> int:
        """How many of the new ones may be there already."""
        return sum(line.word == "likely there" for line in self.lines)


@dataclass(slots=True)
class ImportReport:
    """What an import came to."""

    counts: Counter[ImportStatus] = field(default_factory=Counter)
    failed: list[ImportItem] = field(default_factory=list)
    mistake: str | None = None
    stopped: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything came of it that could be undone."""
        return bool(self.counts[ImportStatus.IMPORTED] + self.counts[ImportStatus.MERGED])

    @property
    def words(self) -> str:
        """`12 imported, 3 merged`."""
        words = [f"{self.counts[status]:,} {status}" for status in ImportStatus]
        return ", ".join(word for word in words if not word.startswith("0 ")) or "nothing"


@contextlib.contextmanager
def _read(
    material: Material,
) -> Iterator[tuple[str, str, Callable[[], str | None], Iterator[Entry]]]:
    """What a material is in words, its name, where it was no UTF-8, and its entries."""
    if isinstance(material, str):
        reading = pasting.read(material, _NAME_OF_PASTE)
        yield reading.label, _NAME_OF_PASTE, lambda: None, reading.entries
        return
    path = material.expanduser()
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    with stream:
        source = TextInput(stream, str(path))
        importer = choose_importer(source, None)
        entries = plugins.entries(importer, source, ImportOptions())
        yield importer.info.label, str(path), lambda: source.mistake, entries


def look(
    library: Library,
    material: Material,
    template: str = citekey.DEFAULT,
    wishes: Wishes | None = None,
) -> Preview:
    """What importing this would come to. Nothing is changed. Raises `RefmanError`.

    What is left out is shown as well, as it would be if it were not.
    """
    wishes = wishes or Wishes()
    with _read(material) as (label, name, _, read):
        entries = list(itertools.islice(read, LOOKED_AT + 1))
    more = len(entries) > LOOKED_AT
    entries = [*pasting.corrected(entries[:LOOKED_AT], wishes.corrections, frozenset())]
    policy = ImportPolicy(dry_run=True, template=template)
    items = importing.import_entries(library.store, entries, name, policy)
    found = tuple(
        _line(place, entry, item, corrected=place in wishes.corrections)
        for (place, entry), item in zip(_whole(entries), items, strict=False)
    )
    return Preview(label, found, more)


def _whole(entries: Iterable[Entry]) -> Iterator[tuple[int, Entry]]:
    """The entries of which something becomes, with their places; remarks are left out."""
    for place, entry in enumerate(entries):
        if isinstance(entry, Record) or not entry.partial:
            yield place, entry


def _line(place: int, entry: Entry, item: ImportItem, *, corrected: bool) -> PreviewLine:
    if isinstance(entry, Problem):
        where = "" if entry.line is None else f"line {entry.line}: "
        text = f"{where}{one_line(entry.raw)}"
        return PreviewLine(item.status, text, one_line(entry.reason), place)
    description = entry.description
    author = short_author("; ".join(name.inverted for name in description.author))
    named = description.title or (f"DOI {description.DOI}" if description.DOI else "[no title]")
    parts = (author, str(description.year or ""), one_line(named))
    reason = None if item.reason is None else one_line(item.reason)
    key = None if item.citation_key is None else one_line(item.citation_key)
    text = " ".join(part for part in parts if part)
    return PreviewLine(item.status, text, reason, place, description, key, corrected)


def bring_in(
    library: Library,
    material: Material,
    progress: Callable[[int], None],
    is_stopped: Callable[[], bool],
    template: str = citekey.DEFAULT,
    wishes: Wishes | None = None,
) -> ImportReport:
    """Import it, with new keys by a template.

    What was done before it was stopped stays. Raises `RefmanError`.
    """
    wishes = wishes or Wishes()
    report = ImportReport()
    since = next((change.id for change in library.store.history(limit=1)), 0)
    places: list[int] = []
    """Of entries that were read, those that become something."""
    said: list[tuple[ImportItem, Correction]] = []

    def batch_done(done: int) -> None:
        progress(done)
        if is_stopped():
            raise _StoppedError

    with _read(material) as (_, name, mistake, read):
        entries = _noted(read, wishes.left_out, places)
        wanted = pasting.corrected(entries, wishes.corrections, wishes.left_out)
        policy = ImportPolicy(template=template)
        run = importing.import_entries(library.store, wanted, name, policy, batch_done)
        try:
            for number, item in enumerate(run):
                report.counts[item.status] += 1
                if item.status is ImportStatus.FAILED and len(report.failed) < REPORTED:
                    report.failed.append(item)
                correction = wishes.corrections.get(places[number]) if wishes.corrections else None
                if correction is not None:
                    said.append((item, correction))
        except _StoppedError:
            report.stopped = True
        report.mistake = mistake()
    if said:
        pasting.keep_corrections(library.store, said, since, utc_now)
    return report


def _noted(
    entries: Iterable[Entry], left_out: frozenset[int], places: list[int]
) -> Iterator[Entry]:
    """The entries, with the places noted of those that an item will be given for."""
    for place, entry in enumerate(entries):
        whole = isinstance(entry, Record) or not entry.partial
        if whole and place not in left_out:
            places.append(place)
        yield entry


class _StoppedError(Exception):
    """Ends an import between two batches."""
