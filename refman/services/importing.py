"""Importing: records from an importer into a library, each new, merged or skipped.

A batch of records is one transaction; `refman.services.placing` decides what becomes of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from refman import plugins
from refman.errors import InputError, PluginBroken, UnknownFormat
from refman.model import Record
from refman.ports import Importer, ImportOptions, Problem, Sample
from refman.services.placing import (
    ImportItem,
    ImportPolicy,
    ImportStatus,
    OnDuplicate,
    Placement,
)
from refman.store import Store
from refman.text.reading import SAMPLE_BYTES, TextInput

__all__ = [
    "BATCH",
    "ImportItem",
    "ImportPolicy",
    "ImportRun",
    "ImportStatus",
    "OnDuplicate",
    "Progress",
    "choose_importer",
    "import_entries",
    "import_source",
    "import_stream",
]

BATCH = 2500

Progress = Callable[[int], None]
"""Called with the number of records done so far."""


class _RolledBackError(Exception):
    """Ends a dry run."""


def import_stream(
    store: Store,
    stream: BinaryIO,
    name: str,
    *,
    format_name: str | None = None,
    policy: ImportPolicy | None = None,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Import what a stream holds, in a format given or recognised.

    Raises `InputError` for an input that is empty, binary or in no known format.
    """
    source = TextInput(stream, name)
    importer = choose_importer(source, format_name)
    items = import_source(store, source, importer, policy, options=options, progress=progress)
    return ImportRun(importer.info.name, source, items)


def import_source(
    store: Store,
    source: TextInput,
    importer: Importer,
    policy: ImportPolicy | None = None,
    *,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> Iterator[ImportItem]:
    """Import an input with the importer chosen for it; yields what became of each entry."""
    entries = plugins.entries(importer, source, options or ImportOptions())
    return import_entries(store, entries, source.name, policy or ImportPolicy(), progress)


_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_PACKED = (
    b"PK\x03\x04",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
)
"""How files begin that hold others: zip, bzip2, xz, zstandard, 7-Zip, RAR."""


def choose_importer(source: TextInput, format_name: str | None) -> Importer:
    """The importer that was asked for, or the one that recognises the input.

    Raises `InputError` for an input that is empty, binary or in no known format.
    """
    named = "standard input" if source.name == "-" else source.name
    if source.is_empty and len(source.head) < SAMPLE_BYTES:
        raise InputError(f"{named} is empty.")
    if format_name is not None:
        return plugins.importer(format_name)
    if not source.is_binary:
        return plugins.recognise(Sample(source.name, source.head_text, source.head))
    try:
        # There is no text by which it could be taken for something that it is not.
        return plugins.recognise(Sample(source.name, "", source.head))
    except UnknownFormat:
        hint = None
        if source.name.lower().endswith(_SPREADSHEETS):
            hint = "From a spreadsheet, save the sheet as CSV."
        elif source.head.startswith(_PACKED):
            hint = "Unpack it first; of packed files, gzip alone is read as it is."
        raise InputError(f"{named} is a binary file, not a bibliography.", hint) from None


class ImportRun:
    """An import under way: iterate over it to have it done and see what became of each entry.

    `format` is the format that was read, `mistake` (when it is over) says where the text was not
    UTF-8.
    """

    def __init__(self, format_name: str, source: TextInput, items: Iterator[ImportItem]) -> None:
        self.format = format_name
        self._source = source
        self._items = items

    @property
    def mistake(self) -> str | None:
        """Where the text turned out not to be UTF-8, in words."""
        return self._source.mistake

    def __iter__(self) -> Iterator[ImportItem]:
        return self._items


def import_entries(
    store: Store,
    entries: Iterable[Record | Problem],
    name: str,
    policy: ImportPolicy,
    progress: Progress | None = None,
) -> Iterator[ImportItem]:
    """Bring the entries of one input into the library; yields what became of each.

    `name` is the input's name, for the history and for problems. The items of a batch come after
    the batch is durable. Raises `StoreError`, `InputError`; what came before stays.
    """
    placement = Placement(name, policy)
    batches = _batches(entries)
    if policy.dry_run:
        yield from _dry_run(store, batches, placement)
        return
    for items in _written(store, batches, placement):
        yield from items
        if progress is not None:
            progress(placement.done)
    with store.writing() as writer:
        placement.close(writer)


def _written(
    store: Store, batches: Iterator[list[Record | Problem]], placement: Placement
) -> Iterator[list[ImportItem]]:
    """Write batches; yields the items of each once it is durable, as the next one is written."""
    failure: InputError | PluginBroken | None = None
    with store.bulk() as bulk:
        items: list[ImportItem] = []
        while True:
            try:
                batch = next(batches, None)
            except (InputError, PluginBroken) as error:
                batch, failure = None, error
            if batch is None:
                break
            with bulk.batch() as writer:
                # To begin a batch is to have finished the one before.
                done, items = items, placement.take(writer, batch)
            yield done
        bulk.settle()
        yield items
        bulk.join()
    if failure is not None:
        raise failure


def _dry_run(
    store: Store, batches: Iterable[Sequence[Record | Problem]], placement: Placement
) -> Iterator[ImportItem]:
    items: list[ImportItem] = []
    try:
        with store.writing() as writer:
            for batch in batches:
                items += placement.take(writer, batch)
            raise _RolledBackError
    except _RolledBackError:
        yield from items


def _batches(entries: Iterable[Record | Problem]) -> Iterator[list[Record | Problem]]:
    """The entries, some at a time. What was read before an error comes before the error.

    They are read in the thread that writes them: a reader of its own would take the interpreter
    from SQLite at every row, and the import four times as long.
    """
    remaining = iter(entries)
    while True:
        batch: list[Record | Problem] = []
        try:
            batch.extend(islice(remaining, BATCH))
        except BaseException:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch
