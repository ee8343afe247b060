"""`refman snapshot`: Crossref's public data file, gone through as a whole."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.reports import check_folder, check_report_name, write_report
from refman.cli.session import Session, pass_session
from refman.errors import InputError, UsageError
from refman.services import selecting
from refman.services.selecting import FileSummary, Selected, Snapshot, Wishes
from refman.text.counting import counted
from refman.text.reading import TextInput

_TOLD = 20
"""DOIs that were not found, and damaged places, that are told one by one."""

_path = click.argument("path", required=False, metavar="[PATH]")
_jobs = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Processes; usually one a processor."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group("snapshot", context_settings={"help_option_names": ["-h", "--help"]})
def snapshot_command() -> None:
    """Go through a snapshot of Crossref: select records from it, or index it.

    PATH is a file or folder of its public data file; without it, the one that
    REFMAN_CROSSREF_SNAPSHOT names.
    """


@snapshot_command.command("select")
@_path
@click.option("--dois", "files", multiple=True, metavar="FILE|-", help="DOIs, one a line.")
@click.option("--doi", "dois", multiple=True, metavar="DOI", help="A DOI.")
@click.option("--issn", "issns", multiple=True, metavar="ISSN", help="All works of a journal.")
@click.option(
    "--prefix", "prefixes", multiple=True, metavar="P", help="All DOIs that begin so: 10.1234."
)
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the records go: a .jsonl or .jsonl.gz file.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A row for all that is asked for and every file, as .csv, .json or .html.",
)
@_jobs
@_as_json
@pass_session
def select_command(
    session: Session, path: str | None, files: tuple[str, ...], dois: tuple[str, ...],
    issns: tuple[str, ...], prefixes: tuple[str, ...], output: Path, report: Path | None,
    *, jobs: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Write the records with these DOIs, ISSNs or prefixes to a file.

    It is JSON Lines, which `refman import` reads and REFMAN_CROSSREF_SNAPSHOT may name. A run that
    is stopped is gone on with by the same command.
    """
    check_report_name(report)
    check_folder(output)
    rows = [*dois, *(row for name in files for row in _rows(name))]
    wishes = Wishes.of(rows, issns, prefixes)
    if not wishes:
        raise UsageError("Nothing is asked for.", hint="Name --dois, --doi, --issn or --prefix.")
    snapshot = _open(session, path, jobs)
    watch = _Watch(selecting.overview(snapshot).size, "MB of the snapshot read")
    with watch.interruptible("The same command goes on where this one was."):
        selected = selecting.select(snapshot, wishes, output, watch)
    if report is not None:
        write_report(report, selecting.COLUMNS, selected.rows())
    return _tell(selected, watch, output, as_json=as_json)


@snapshot_command.command("index")
@_path
@_jobs
@pass_session
def index_command(session: Session, path: str | None, jobs: int | None) -> int:
    """Index a snapshot, so that a look-up opens only the files that it needs.

    A run that is stopped is gone on with by the same command.
    """
    snapshot = _open(session, path, jobs)
    watch = _Watch(selecting.overview(snapshot).size, "MB of the snapshot indexed")
    with watch.interruptible("The same command goes on where this one was."):
        for summary, before in selecting.index(snapshot):
            watch(summary, before)
    selected = Selected(Wishes(), watch.files)
    say(f"Indexed {counted(selected.total('kept'), 'record')} {watch.told()}.")
    _tell_damage(selected)
    return Exit.PARTLY if selected.unreadable else Exit.DONE


@snapshot_command.command("info")
@_path
@_as_json
@pass_session
def info_command(session: Session, path: str | None, *, as_json: bool) -> int:
    """Show how large a snapshot is, and whether it is indexed."""
    found = selecting.overview(_open(session, path, None))
    if as_json:
        said = {
            "path": str(found.path), "files": found.files, "bytes": found.size,
            "indexed": found.indexed is not None, "records": found.indexed,
            "index": str(found.index_path) if found.index_path else None,
        }  # fmt: skip
        click.echo(json_text(said))
        return Exit.DONE
    click.echo(f"{found.path}: {counted(found.files, 'file')}, {_size(found.size)}")
    if found.indexed is None:
        click.echo("not indexed; `refman snapshot index` does it")
    else:
        click.echo(f"indexed: {counted(found.indexed, 'record')}, in {found.index_path}")
    return Exit.DONE


@dataclass(slots=True)
class _Watch:
    """Follows a pass: progress on standard error, and how fast it was."""

    size: int
    what: str
    begun: float = field(default_factory=time.monotonic)
    files: list[FileSummary] = field(default_factory=list)
    before: int = 0
    """Files that a run before this one had done."""
    done: int = 0
    records: int = 0
    progress: Progress | None = None

    def __call__(self, summary: FileSummary, before: bool) -> None:
        self.files.append(summary)
        if before:
            self.before += 1
            self.size -= summary.size
            return
        self.done += summary.size
        self.records += summary.records
        if self.progress is None:
            # What was done before counts for no rate.
            self.progress = Progress(self.what, self.size // 1_000_000)
        self.progress(self.done // 1_000_000)

    @property
    def seconds(self) -> float:
        return max(time.monotonic() - self.begun, 1e-6)

    @contextlib.contextmanager
    def interruptible(self, hint: str) -> Iterator[None]:
        """Ctrl-C ends it with a word on how to go on."""
        try:
            yield
        except KeyboardInterrupt:
            self.close()
            say(hint)
            raise
        finally:
            self.close()

    def close(self) -> None:
        if self.progress is not None:
            self.progress.close()

    def told(self) -> str:
        """Where, and how fast."""
        text = f"in {counted(len(self.files), 'file')}"
        if self.before:
            text += f", {self.before:,} of them done before"
        if self.done:
            rate, records = self.done / self.seconds, self.records / self.seconds
            text += f" ({_size(self.done)} in {self.seconds:,.1f} s, {_size(rate)}"
            text += f" and {records:,.0f} records a second)"
        return text


def _open(session: Session, path: str | None, jobs: int | None) -> Snapshot:
    settings = dict(session.source_settings())
    if path is not None:
        settings["crossref_snapshot"] = path
    if jobs is not None:
        settings["jobs"] = str(jobs)
    return selecting.open_snapshot(settings)


def _tell(selected: Selected, watch: _Watch, output: Path, *, as_json: bool) -> int:
    wanted = list(selected.wanted())
    counts = Counter(str(row["status"]) for row in wanted)
    missing = [row for row in wanted if row["status"] != "found"]
    for row in missing[:_TOLD]:
        say(f"{str(row['given'])[:100]}: {str(row['status']).replace('_', ' ')}: {row['reason']}")
    if len(missing) > _TOLD:
        say(f"… and {len(missing) - _TOLD:,} more, which a --report tells.")
    _tell_damage(selected)
    if selected.lost:
        say("The same command reads only what was lost again.")
    say(
        f"Kept {counted(selected.total('kept'), 'record')} of {selected.total('records'):,} "
        f"{watch.told()}."
    )
    if as_json:
        said = {name: counts[name] for name in ("found", "not_found", "failed")}
        numbers = {name: selected.total(name) for name in ("kept", "records", "size", "unpacked")}
        damage = [
            {"file": file, "line": line or None, "reason": reason}
            for file, line, reason in selected.damage()
        ]
        click.echo(
            json_text(
                {
                    **said, **numbers, "files": len(selected.files), "done_before": watch.before,
                    "seconds": round(watch.seconds, 3), "output": str(output),
                    "unreadable": damage,
                }
            )
        )  # fmt: skip
    return Exit.PARTLY if missing or selected.unreadable else Exit.DONE


def _tell_damage(selected: Selected) -> None:
    damage = list(selected.damage())
    for file, line, reason in damage[:_TOLD]:
        say(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
    if len(damage) > _TOLD:
        say(f"… and {len(damage) - _TOLD:,} more that could not be read.")


def _size(count: float) -> str:
    """Bytes as people say them: 1.2 GB."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:,.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


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
