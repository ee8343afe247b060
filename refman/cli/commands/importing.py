"""`refman import`."""

from __future__ import annotations

import contextlib
import gc
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click

from refman.cli.diagnostics import Exit, report, say
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import InputError, RefmanError, StoreError, UsageError
from refman.services.importing import (
    ImportItem,
    ImportPolicy,
    ImportStatus,
    OnDuplicate,
    choose_importer,
    import_source,
)
from refman.services.library import Library
from refman.text.reading import TextInput

_SHOWN = 10


@dataclass(slots=True)
class _Outcome:
    """What an import came to, over all its files."""

    counts: Counter[str] = field(default_factory=Counter)
    work_ids: list[int] = field(default_factory=list)
    unreadable: int = 0
    doubtful: bool = False
    shown: list[ImportItem] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    """Keys that works have after they were enriched, by their ids."""


@click.command("import")
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@click.option(
    "--from", "format_name", metavar="FORMAT", help="The format; without it, it is recognised."
)
@click.option("--enrich", is_flag=True, help="Complete the works by their DOIs afterwards.")
@click.option("--tag", "tags", multiple=True, metavar="T", help="Put this tag on the works.")
@click.option("--collection", metavar="C", help="Put the works in this collection.")
@click.option(
    "--on-duplicate",
    type=click.Choice([choice.value for choice in OnDuplicate]),
    default="merge",
    show_default=True,
    help="What to do with works already there.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell what became of each entry, as JSON.")
@pass_session
def import_command(
    session: Session, files: tuple[str, ...], format_name: str | None, *, enrich: bool,
    tags: tuple[str, ...], collection: str | None, on_duplicate: str, dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Bring references from files, or from standard input, into the library.

    The library is made if there is none. Works that are there already are not added again; what
    an entry adds to one is merged into it. Entries that cannot be read are named, and kept.
    """
    if not files:
        if sys.stdin.isatty():
            raise UsageError(
                "No file to import.", hint="Name files, or - to paste here and end with Ctrl-D."
            )
        files = ("-",)
    # Records are many and hold no circles: looking for some among them costs a twelfth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    policy = ImportPolicy(
        on_duplicate=OnDuplicate(on_duplicate),
        tags=tags,
        collection=collection,
        enrich=enrich,
        dry_run=dry_run,
        template=session.key_template,
    )
    # Keys of works that are known by their DOI only are settled when they have been enriched.
    printer = _Printer(as_json=as_json, wait=enrich)
    outcome = _Outcome()
    with contextlib.ExitStack() as stack:
        stack.enter_context(printer)
        open_library = _Opener(session, stack, dry_run=dry_run)
        for name in files:
            try:
                _import_one(open_library, name, format_name, policy, outcome, printer)
            except InputError as error:
                report(error)
                outcome.unreadable += 1
        _summarise(outcome, dry_run=dry_run)
        enrichment = None
        if enrich and not dry_run and outcome.work_ids:
            enrichment = _enrich(session, open_library(), outcome)
        printer.close(outcome, enrichment)
    return _status(outcome, len(files))


class _Opener:
    """Opens the library once there is something to put in it, so that no mistake makes one."""

    def __init__(self, session: Session, stack: contextlib.ExitStack, *, dry_run: bool) -> None:
        self._session = session
        self._stack = stack
        self._dry_run = dry_run
        self._library: Library | None = None

    def __call__(self) -> Library:
        if self._library is None:
            if self._dry_run and not self._session.path.exists():
                folder = self._stack.enter_context(tempfile.TemporaryDirectory())
                library = Library(Path(folder) / "dry-run.db", create=True)
            else:
                library = self._session.open(create=True)
            self._library = self._stack.enter_context(library)
        return self._library


@contextlib.contextmanager
def _stream(name: str) -> Iterator[BinaryIO]:
    """The bytes of a file or of standard input. Raises `InputError`."""
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name} is a folder.", hint=f"Name the files in it: {name}/*")
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error


def _import_one(
    open_library: _Opener, name: str, format_name: str | None, policy: ImportPolicy,
    outcome: _Outcome, printer: _Printer,
) -> None:  # fmt: skip
    shown_name = "standard input" if name == "-" else name
    progress = Progress(f"{shown_name}: read")
    with _stream(name) as stream:
        source = TextInput(stream, name)
        importer = choose_importer(source, format_name)
        count = 0
        try:
            for item in import_source(
                open_library().store, source, importer, policy, progress=progress
            ):
                count += 1
                _note(item, outcome)
                printer.item(item)
        finally:
            progress.close()
    if importer.info.media_type == "application/pdf" and name != "-" and not policy.dry_run:
        _attach(open_library(), Path(name), outcome.work_ids[-count:] if count else [])
    if count == 0:
        say(
            f"refman: {shown_name} was read as {importer.info.label}, but there is no reference "
            "in it."
        )
    if source.mistake is not None:
        say(f"refman: {shown_name}: {source.mistake}.")
        outcome.doubtful = True


def _attach(library: Library, path: Path, work_ids: Iterable[int]) -> None:
    """Attach a document to the work that it is."""
    from refman.services import belongings  # noqa: PLC0415

    for work in library.store.works(list(work_ids)):
        place = belongings.attach(library.store, library.path, work, path)
        say(f"{place} is attached to {work.citation_key}.")


def _note(item: ImportItem, outcome: _Outcome) -> None:
    outcome.counts[item.status.value] += 1
    if item.work_id is not None:
        outcome.work_ids.append(item.work_id)
    if len(outcome.shown) <= _SHOWN:
        outcome.shown.append(item)
    if item.reason and (item.status is ImportStatus.FAILED or item.status is ImportStatus.IMPORTED):
        say(f"{item.location}: {item.reason}")


def _summarise(outcome: _Outcome, *, dry_run: bool) -> None:
    counts = outcome.counts
    if len(outcome.shown) <= _SHOWN:
        for item in outcome.shown:
            if item.citation_key is not None:
                because = f" ({item.reason})" if item.status is not ImportStatus.IMPORTED else ""
                say(f"{item.status.value} {item.citation_key}{because}")
    if counts or not outcome.unreadable:
        told = ", ".join(f"{counts[status.value]:,} {status.value}" for status in ImportStatus)
        say(f"{'Would be: ' if dry_run else ''}{told}.")


def _enrich(session: Session, library: Library, outcome: _Outcome) -> Counter[str]:
    """Enrich what was imported. That it cannot be done now spoils nothing of the import."""
    # Loaded here: an import that needs no source must not wait for what asks them.
    from refman.cli.enrichment import advise, enrich  # noqa: PLC0415
    from refman.services.enriching import EnrichItem, EnrichPolicy  # noqa: PLC0415

    targets = library.waiting(outcome.work_ids)
    few = len(outcome.shown) <= _SHOWN
    reasons: list[str | None] = []

    def on_item(item: EnrichItem) -> None:
        if item.work_id is not None:
            outcome.keys[item.work_id] = item.citation_key
        if item.status.value == "pending":
            reasons[:] = [item.reason]
        elif item.reason is not None:
            say(f"{item.citation_key}: {item.status.value.replace('_', ' ')}: {item.reason}")
        elif few and item.changed:
            say(f"{item.citation_key}: {item.source} gave {', '.join(item.changed)}")

    policy = EnrichPolicy(settle_keys=True, template=session.key_template)
    try:
        counts = enrich(session, library, targets, policy, patient=False, on_item=on_item)
    except StoreError:
        raise
    except RefmanError as error:
        report(error)
        outcome.doubtful = True
        return Counter(pending=sum(1 for _ in library.waiting(outcome.work_ids)))
    if counts["enriched"]:
        say(f"{counts['enriched']:,} enriched.")
    advise(session, counts, reasons[0] if reasons else None)
    outcome.doubtful |= any(counts[status] for status in ("mismatch", "failed", "not_found"))
    return counts


def _status(outcome: _Outcome, files: int) -> Exit:
    nothing = not outcome.counts
    if outcome.unreadable == files and nothing:
        return Exit.USAGE
    if outcome.unreadable or outcome.counts["failed"] or outcome.doubtful or nothing:
        return Exit.PARTLY
    return Exit.DONE


class _Printer:
    """Prints the JSON of an import as it goes, so that its length does not matter.

    With `wait`, it prints all at the end, since keys may still change.
    """

    def __init__(self, *, as_json: bool, wait: bool) -> None:
        self._on = as_json
        self._wait = wait
        self._waiting: list[ImportItem] = []
        self._items = 0
        self._closed = False

    def __enter__(self) -> _Printer:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if self._items and not self._closed:
            # A document that was begun is ended, whatever happened.
            sys.stdout.write("\n]}\n")

    def item(self, item: ImportItem) -> None:
        """Take in what became of one entry."""
        if self._on and self._wait:
            self._waiting.append(item)
        elif self._on:
            self._print(item, item.citation_key)

    def _print(self, item: ImportItem, key: str | None) -> None:
        record = {
            "status": item.status.value,
            "citation_key": key,
            "source": item.location,
            "reason": item.reason,
        }
        separator = ",\n  " if self._items else '{"records": [\n  '
        sys.stdout.write(separator + json_text(record, indent=None))
        self._items += 1

    def close(self, outcome: _Outcome, enrichment: Counter[str] | None) -> None:
        """Print the counts and end the document."""
        if not self._on:
            return
        for item in self._waiting:
            self._print(item, outcome.keys.get(item.work_id or 0, item.citation_key))
        counts = outcome.counts
        told: dict[str, object] = {status.value: counts[status.value] for status in ImportStatus}
        if enrichment is not None:
            told["enrichment"] = dict(enrichment)
        begin = "\n], " if self._items else '{"records": [], '
        sys.stdout.write(begin + json_text(told, indent=None)[1:] + "\n")
        self._closed = True
