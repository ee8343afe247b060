"""`refman lookup`."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from refman import plugins
from refman.cli.diagnostics import Exit, say
from refman.cli.enrichment import open_sources
from refman.cli.progress import Progress
from refman.cli.reports import check_folder, check_report_name, write_report
from refman.cli.session import Session, pass_session
from refman.errors import InputError, UsageError
from refman.model import Work
from refman.ports import AnswerStatus
from refman.services.exporting import export, write_file
from refman.services.looking_up import LookupItem, look_up, unanswered
from refman.text.reading import TextInput

_COLUMNS = ("row", "given", "doi", "status", "source", "citation_key", "reason")


@click.command("lookup")
@click.argument("dois", nargs=-1, metavar="[DOI]...")
@click.option("--dois", "files", multiple=True, metavar="FILE|-", help="DOIs, one a line.")
@click.option("--to", "format_name", default="csl-json", show_default=True, metavar="FORMAT")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A row for every row of input, as .csv, .json or .html.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Ask this source; several are asked in order.",
)
@pass_session
def lookup_command(
    session: Session, dois: tuple[str, ...], files: tuple[str, ...], format_name: str,
    output: Path | None, report: Path | None, sources: tuple[str, ...],
) -> int:  # fmt: skip
    """Look up DOIs and print their works, without touching a library."""
    check_report_name(report)
    check_folder(output)
    rows = [*dois, *(row for name in files for row in _rows(name))]
    if not rows:
        raise UsageError("No DOI to look up.", hint="Name DOIs, or a file of them with --dois.")
    plugins.exporter(format_name)
    items, interrupted = _look_up(session, rows, sources)
    works = _unique(item.work for item in items if item.work is not None)
    pieces = (piece for piece in export(format_name, works) if isinstance(piece, str))
    if output is None:
        for piece in pieces:
            sys.stdout.write(piece)
    else:
        write_file(output, pieces)
    if report is not None:
        write_report(report, _COLUMNS, (_row(i, item) for i, item in enumerate(items, start=1)))
    counts = Counter(item.status.value for item in items)
    for item in items[:_CHECKED]:
        if item.status is not AnswerStatus.FOUND:
            say(f"{item.given[:100]}: {item.status.value.replace('_', ' ')}: {item.reason}")
    say(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()) + ".")
    if interrupted:
        return Exit.INTERRUPTED
    return Exit.DONE if counts["found"] == len(items) else Exit.PARTLY


_CHECKED = 1000


def _look_up(
    session: Session, rows: list[str], sources: tuple[str, ...]
) -> tuple[list[LookupItem], bool]:
    """An item for every row, and whether Ctrl-C came before the last was answered."""
    items: list[LookupItem] = []
    progress = Progress("looked up", len(rows))

    async def work() -> None:
        async with open_sources(session, sources) as opened:
            async for item in look_up(rows, opened):
                items.append(item)
                progress(len(items))

    interrupted = False
    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        interrupted = True
        items += map(unanswered, rows[len(items) :])
    finally:
        progress.close()
    return items, interrupted


def _rows(name: str) -> Iterator[str]:
    """The lines of a file that are not empty or comments. Raises `InputError`."""
    try:
        with contextlib.ExitStack() as stack:
            stream = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
            for line in TextInput(stream, name).lines():
                row = line.strip()
                if row and not row.startswith("#"):
                    yield row
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error


def _unique(works: Iterable[Work]) -> Iterator[Work]:
    seen: set[str] = set()
    for work in works:
        if work.citation_key not in seen:
            seen.add(work.citation_key)
            yield work


def _row(number: int, item: LookupItem) -> dict[str, object]:
    return {
        "row": number,
        "given": item.given,
        "doi": item.doi,
        "status": item.status.value,
        "source": item.source,
        "citation_key": item.work.citation_key if item.work else None,
        "reason": item.reason,
    }
