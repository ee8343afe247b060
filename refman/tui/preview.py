"""What an import would bring, before it is done, and what it brought.

All of it runs in a library's thread.
"""

from __future__ import annotations

import contextlib
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from refman import plugins
from refman.errors import InputError
from refman.model import Record
from refman.ports import ImportOptions, Problem
from refman.rules import citekey
from refman.services import importing
from refman.services.importing import (
    ImportItem,
    ImportPolicy,
    ImportStatus,
    choose_importer,
)
from refman.services.library import Library
from refman.text.reading import TextInput
from refman.tui.columns import short_author
from refman.tui.display import one_line

LOOKED_AT = 200
"""Entries that a preview reads; a file may have a million."""
REPORTED = 500
"""Failed entries that are kept to be shown."""
_NAME_OF_PASTE = "pasted"

Material = str | Path
"""Text that was pasted, or the file that was named."""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One entry of an input: what would become of it, and what it says."""

    status: ImportStatus
    text: str
    reason: str | None


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
def _opened(material: Material) -> Iterator[tuple[BinaryIO, str]]:
    if isinstance(material, str):
        yield io.BytesIO(material.encode("utf-8", "replace")), _NAME_OF_PASTE
        return
    path = material.expanduser()
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    with stream:
        yield stream, str(path)


def look(library: Library, material: Material, template: str = citekey.DEFAULT) -> Preview:
    """What importing this would come to. Nothing is changed. Raises `RefmanError`."""
    with _opened(material) as (stream, name):
        source = TextInput(stream, name)
        importer = choose_importer(source, None)
        read = plugins.entries(importer, source, ImportOptions())
        entries = list(itertools.islice(read, LOOKED_AT + 1))
    more = len(entries) > LOOKED_AT
    entries = entries[:LOOKED_AT]
    policy = ImportPolicy(dry_run=True, template=template)
    items = importing.import_entries(library.store, entries, name, policy)
    whole = [entry for entry in entries if isinstance(entry, Record) or not entry.partial]
    found = tuple(_line(entry, item) for entry, item in zip(whole, items, strict=False))
    return Preview(importer.info.label, found, more)


def _line(entry: Record | Problem, item: ImportItem) -> PreviewLine:
    if isinstance(entry, Problem):
        where = "" if entry.line is None else f"line {entry.line}: "
        return PreviewLine(item.status, f"{where}{one_line(entry.raw)}", one_line(entry.reason))
    description = entry.description
    author = short_author("; ".join(name.inverted for name in description.author))
    parts = (author, str(description.year or ""), one_line(description.title or "[no title]"))
    reason = None if item.reason is None else one_line(item.reason)
    return PreviewLine(item.status, " ".join(part for part in parts if part), reason)


def bring_in(
    library: Library,
    material: Material,
    progress: Callable[[int], None],
    is_stopped: Callable[[], bool],
    template: str = citekey.DEFAULT,
) -> ImportReport:
    """Import it. What was done before it was stopped stays. Raises `RefmanError`."""
    report = ImportReport()

    def batch_done(done: int) -> None:
        progress(done)
        if is_stopped():
            raise _StoppedError

    with _opened(material) as (stream, name):
        policy = ImportPolicy(template=template)
        run = library.import_stream(stream, name, policy=policy, progress=batch_done)
        try:
            for item in run:
                report.counts[item.status] += 1
                if item.status is ImportStatus.FAILED and len(report.failed) < REPORTED:
                    report.failed.append(item)
        except _StoppedError:
            report.stopped = True
        report.mistake = run.mistake
    return report


class _StoppedError(Exception):
    """Ends an import between two batches."""
