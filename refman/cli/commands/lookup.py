"""`refman lookup`."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from refman import plugins
from refman.cli.diagnostics import Exit, say
from refman.cli.lookup_run import Run
from refman.cli.plain import plain
from refman.cli.progress import Progress
from refman.cli.reports import check_folder, check_report_name, write_report
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.ports import AnswerStatus
from refman.services.doi_tables import DoiTables
from refman.services.exporting import export, write_file
from refman.services.filling import filled
from refman.services.looking_up import Lookup, LookupItem
from refman.services.tally import Summary, Tally
from refman.store.journal import Journal
from refman.text.counting import counted

_COLUMNS = ("row", "given", "doi", "status", "source", "citation_key", "reason")
_SUFFIX = ".refman-journal"


@click.command("lookup")
@click.argument("dois", nargs=-1, metavar="[DOI]...")
@click.option(
    "--dois",
    "files",
    multiple=True,
    metavar="FILE|-",
    help="DOIs in any spelling: one a line, or in a column of a table (CSV, TSV).",
)
@click.option(
    "--column",
    metavar="NAME|N",
    help="The column that holds the DOIs, by its name or number; else it is found out.",
)
@click.option(
    "--to",
    "format_name",
    default="csl-json",
    show_default=True,
    metavar="FORMAT",
    help="csv fills in the table: every row as it came, with what was found beside it.",
)
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
@click.option(
    "--restart", is_flag=True, help="Begin anew, where a run into the same file was stopped."
)
@pass_session
def lookup_command(
    session: Session, dois: tuple[str, ...], files: tuple[str, ...], column: str | None,
    format_name: str, output: Path | None, report: Path | None, sources: tuple[str, ...], *,
    restart: bool,
) -> int:  # fmt: skip
    """Look up DOIs and print their works, without touching a library.

    With -o a run that is stopped, however that happens, can be gone on with: the same command, with
    the same input (from standard input, too), takes what was answered from FILE.refman-journal and
    asks for the rest. The journal is gone when every DOI is answered.
    """
    check_report_name(report)
    check_folder(output)
    _check_distinct([*files, output, report])
    plugins.exporter(format_name)
    names = session.source_names(sources)
    with DoiTables(dois, files, column) as tables, _opened(
        output, tables, names, restart=restart
    ) as journal:  # fmt: skip
        lookup = Lookup(tables.rows, journal)
        count = _noted(lookup, tables, journal)
        teller = _Teller(journal, quiet=output is None and sys.stdout.isatty())
        tally = Tally()

        def pieces(items: Iterable[LookupItem]) -> Iterator[str]:
            rows = map(teller.row, map(tally, items))
            return (
                filled(tables.columns, rows)
                if format_name == "csv"
                else _exported(format_name, rows)
            )

        with contextlib.closing(teller), Run(session, lookup, sources, teller.answer) as run:
            if journal.path is not None:
                run.answer_all()
            else:
                with contextlib.closing(run.items()) as items:
                    _write(output, pieces(itertools.chain(items, lookup.rest())))
        if journal.path is not None:
            if run.interrupted and journal.unreached:
                return _stopped(journal)
            # The output is made of the journal, now that it is full.
            with contextlib.closing(teller):
                teller.begin("written", count)
                _write(output, pieces(lookup.rest()))
        summary = tally.summary()
        if report is not None:
            write_report(report, _COLUMNS, _report_rows(lookup), summary)
        journal.is_done = True
        teller.tell(summary)
        if journal.unreached and journal.path is not None and journal.settled:
            say(f"{counted(journal.unreached, 'DOI')} could not be reached; the same command asks "
                "for them again, and for nothing else.")  # fmt: skip
        if run.interrupted and journal.unreached:
            return Exit.INTERRUPTED
    return Exit.DONE if set(summary.outcomes) == {AnswerStatus.FOUND.value} else Exit.PARTLY


def _check_distinct(names: Iterable[str | Path | None]) -> None:
    """Raise `UsageError` where one file would be written over another that is named, too."""
    seen: set[Path] = set()
    for name in names:
        if name is None or str(name) == "-":
            continue
        path = Path(name).resolve()
        if path in seen and not path.is_char_device():
            raise UsageError(f"{name} is named twice; input, output and report are three files.")
        seen.add(path)


def _noted(lookup: Lookup, tables: DoiTables, journal: Journal) -> int:
    """How many rows there are, their DOIs being noted. Raises `UsageError` where there is none."""
    count = lookup.note()
    if not count:
        raise UsageError("No DOI to look up.", hint="Name DOIs, or a file of them with --dois.")
    for mistake in tables.mistakes:
        say(mistake)
    if journal.resumed:
        dois = counted(journal.wanted, "DOI")
        say(f"Going on where a run was stopped: {journal.resumed:,} of {dois} answered.")
    return count


def _stopped(journal: Journal) -> int:
    say(f"Interrupted: {journal.settled:,} of {counted(journal.wanted, 'DOI')} answered, and kept "
        f"in {journal.path}. The same command goes on from there.")  # fmt: skip
    return Exit.INTERRUPTED


@contextlib.contextmanager
def _opened(
    output: Path | None, tables: DoiTables, names: tuple[str, ...], *, restart: bool
) -> Iterator[Journal]:
    """The journal beside the output; one for this run only where none can be gone on with."""
    # A pipe or a device has nothing beside it.
    if output is None or (output.exists() and not output.is_file()):
        if restart:
            raise UsageError("Only what goes to a file (-o) can be gone on with, or restarted.")
        with Journal.temporary() as journal:
            yield journal
        return
    about = f"{tables.about} with {', '.join(names)}"
    fingerprint = "\n".join((tables.fingerprint, *names))
    with Journal.open(_beside(output), fingerprint, about, restart=restart) as journal:
        yield journal


def _beside(output: Path | None) -> Path:
    assert output is not None
    return output.with_name(output.name + _SUFFIX)


def _exported(format_name: str, items: Iterable[LookupItem]) -> Iterator[str]:
    """The works in a format, each once."""
    works = (item.work for item in items if item.work is not None and item.is_first)
    return (piece for piece in export(format_name, works) if isinstance(piece, str))


def _write(output: Path | None, pieces: Iterator[str]) -> None:
    if output is not None:
        write_file(output, pieces)
        return
    at_terminal = sys.stdout.isatty()
    for piece in pieces:
        sys.stdout.write(plain(piece) if at_terminal else piece)


def _report_rows(lookup: Lookup) -> Iterator[dict[str, object]]:
    for number, item in enumerate(lookup.report(), start=1):
        yield {
            "row": number,
            "given": item.given,
            "doi": item.doi,
            "status": item.status.value,
            "source": item.source,
            "citation_key": item.citation_key,
            "reason": item.reason,
        }


_TOLD = 20
"""Rows without a work that are told one by one."""


class _Teller:
    """Tells on standard error how far it is, and in the end what was not found."""

    def __init__(self, journal: Journal, *, quiet: bool) -> None:
        self._counts: Counter[str] = Counter()
        self._before = journal.resumed
        self._progress = None if quiet else Progress("looked up", journal.wanted, journal.resumed)
        self._written: Progress | None = None
        self._rows = 0
        self._missed: list[str] = []
        self._untold = 0

    def answer(self, status: AnswerStatus) -> None:
        """A DOI was answered."""
        self._counts[status.value] += 1
        if self._progress is not None:
            self._progress(self._before + self._counts.total(), self._counts)

    def begin(self, what: str, total: int) -> None:
        """From here on it is rows that are counted."""
        self._written = Progress(what, total)

    def row(self, item: LookupItem) -> LookupItem:
        """A row is done. Returns its item."""
        self._rows += 1
        if self._written is not None:
            self._written(self._rows)
        if item.status is not AnswerStatus.FOUND:
            if len(self._missed) < _TOLD:
                status = item.status.value.replace("_", " ")
                self._missed.append(f"{item.given[:100]}: {status}: {item.reason}")
            else:
                self._untold += 1
        return item

    def close(self) -> None:
        """Take the progress away."""
        for progress in (self._progress, self._written):
            if progress is not None:
                progress.close()

    def tell(self, summary: Summary) -> None:
        """The rows without a work, and the sums."""
        for line in self._missed:
            say(line)
        if self._untold:
            say(f"… and {self._untold:,} more; --report FILE tells of each.")
        outcomes = summary.outcomes.items()
        say(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in outcomes) + ".")
        if summary.retracted:
            say(f"{counted(summary.retracted, 'work')} retracted.")
