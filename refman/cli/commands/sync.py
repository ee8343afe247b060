"""`refman sync`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from refman.cli.commands.export import tell_missing
from refman.cli.diagnostics import Exit, report, say
from refman.cli.plain import escape_json, one_line
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import InputError, StoreLocked, UsageError
from refman.model import Record, Work, stated
from refman.ports import ExportOptions, TextEncoding
from refman.rules.three_way import HandEdit
from refman.services.cited import Manuscript, cited_works, read_manuscript
from refman.services.editing import text_from_value
from refman.services.exporting import field_names
from refman.services.library import Library
from refman.services.syncing import Edits, FileSync, SyncReport, format_for
from refman.services.watching import Watch
from refman.text.counting import counted

_SHOWN = 20


@click.command("sync", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("query", nargs=-1)
@click.option("--query", "named_query", metavar="QUERY", help="The same as QUERY behind the file.")
@click.option(
    "--cited-in",
    "manuscripts",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What this manuscript cites, instead of a query.",
)
@click.option(
    "--to", "format_name", metavar="FORMAT", help="bibtex, biblatex, ris, csl-json, …; without it, "
    "the file's name tells.",
)  # fmt: skip
@click.option("--accept", is_flag=True, help="Take edits made in the file as your own word.")
@click.option("--discard", is_flag=True, help="Put the library's words back in their place.")
@click.option("--watch", is_flag=True, help="Go on, and do it again whenever something changes.")
@click.option("--ascii", "only_ascii", is_flag=True, help="As for export.")
@click.option("--without", metavar="FIELD,...", help="As for export.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="As JSON; with --watch, a line each time.")
@pass_session
def sync_command(
    session: Session, file: Path, query: tuple[str, ...], named_query: str | None,
    manuscripts: tuple[Path, ...], format_name: str | None, *, accept: bool, discard: bool,
    watch: bool, only_ascii: bool, without: str | None, dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Keep a file in step with the library: all works, those of a query, or those cited.

    The file is replaced whole, and only when that changes it. What you edited in it by hand is
    proposed to the library and stays in the file, until --accept or --discard decides. Entries that
    you added are imported; one that you took out is told, and comes back.
    """
    if accept and discard:
        raise UsageError("Either --accept or --discard.")
    text = " ".join(filter(None, (query_text(query), named_query)))
    if text and manuscripts:
        raise UsageError("Choose by a query, or by what is cited, not both.")
    options = ExportOptions(
        encoding=TextEncoding.ASCII if only_ascii else TextEncoding.UNICODE,
        omit=frozenset(field_names(without)),
    )
    edits = Edits.ACCEPT if accept else Edits.DISCARD if discard else Edits.PROPOSE
    with session.open() as library:
        sync = FileSync(
            library.store,
            file,
            format_for(file, format_name),
            options,
            journal_lists=[Path(name) for name in session.settings.journal_list],
            template=session.key_template,
        )
        choice = _Choice(library, text, manuscripts)
        teller = _Teller(file, as_json=as_json, dry_run=dry_run, watch=watch)
        if watch and not dry_run:
            _watch(library, file, sync, choice, teller, edits)
        return teller.tell(sync.run(choice.works, edits=edits, dry_run=dry_run), choice)


@dataclass(slots=True)
class _Choice:
    """Which works are meant, asked anew each time."""

    library: Library
    query: str
    manuscripts: Sequence[Path]
    missing: list[str] = field(default_factory=list)
    read: list[Manuscript] = field(default_factory=list)

    def works(self) -> list[Work]:
        """The works. Raises `InputError` for a manuscript that cannot be read."""
        if not self.manuscripts:
            return list(self.library.search(self.query))
        self.missing = []
        self.read = [read_manuscript(path) for path in self.manuscripts]
        cited = [each for manuscript in self.read for each in manuscript.cited]
        return list(cited_works(self.library.store, cited, self.missing))

    def files(self) -> list[Path]:
        """The files that the choice depends on."""
        return [*self.manuscripts, *(path for each in self.read for path in each.files)]


def _watch(
    library: Library, file: Path, sync: FileSync, choice: _Choice, teller: _Teller, edits: Edits
) -> None:
    """Bring the file into step whenever something changes, until Ctrl-C."""
    watch = Watch(library.store)
    while True:
        watch.note([file, *choice.files()])
        try:
            teller.tell(sync.run(choice.works, edits=edits), choice)
        except (InputError, StoreLocked) as error:
            # A file that is being saved, say; the next change may mend it.
            report(error)
        watch.wait()


class _Teller:
    """Tells what a round came to."""

    def __init__(self, file: Path, *, as_json: bool, dry_run: bool, watch: bool) -> None:
        self._file = file
        self._as_json = as_json
        self._dry_run = dry_run
        self._watch = watch
        self._rounds = 0

    def tell(self, report_of: SyncReport, choice: _Choice) -> int:
        """Tell it. Returns the exit status."""
        self._rounds += 1
        if self._as_json:
            told = self._told(report_of, choice)
            if self._watch:
                click.echo(escape_json(json.dumps(told, ensure_ascii=False)))
                sys.stdout.flush()
            else:
                click.echo(json_text(told))
        incomplete = tell_missing(choice.missing, choice.read)
        for line in self._lines(report_of):
            say(line)
        doubtful = report_of.problems or report_of.waiting or not report_of.works
        return Exit.PARTLY if incomplete or doubtful else Exit.DONE

    def _told(self, found: SyncReport, choice: _Choice) -> dict[str, object]:
        return {
            "file": str(self._file),
            "written": found.written,
            "works": found.works,
            "edits": [
                {
                    "citation_key": each.citation_key,
                    "field": each.edit.field.replace("_", "-"),
                    "given": _as_text(each.edit, each.edit.given),
                    "file": _as_text(each.edit, each.edit.file),
                    "library": _as_text(each.edit, each.edit.library),
                    "contradicts": each.edit.contradicts,
                }
                for each in found.edits
            ],
            "proposals": [
                {
                    "citation_key": key,
                    "field": name.replace("_", "-"),
                    "value": None if value is None else _text(name, value),
                }
                for key, record in found.waiting
                for name, value in _proposed(record)
            ],
            "imported": found.imported,
            "deleted": found.deleted,
            "missing": choice.missing,
            "problems": [{"line": each.line, "reason": each.reason} for each in found.problems],
        }

    def _lines(self, found: SyncReport) -> list[str]:
        name = str(self._file)
        lines = [
            f"{name}:{each.line}: {each.reason}" if each.line else f"{name}: {each.reason}"
            for each in found.problems
        ]
        if found.problems:
            return [
                *lines,
                f"{name} was left as it is; it is kept in step again when that is mended.",
            ]
        lines += [
            f"{each.citation_key}: {each.edit.field.replace('_', ' ')}: {_change(each.edit)}"
            for each in found.edits[:_SHOWN]
        ]
        if len(found.edits) > _SHOWN:
            lines.append(f"… and {len(found.edits) - _SHOWN:,} more edits.")
        lines += [f"{key}: added by hand, and imported." for key in found.imported[:_SHOWN]]
        lines += [
            f"{key}: taken out by hand; the library has it still, so it is there again."
            for key in found.deleted[:_SHOWN]
        ]
        lines += found.remarks
        if found.waiting:
            keys = ", ".join(key for key, _ in found.waiting[:5])
            keys += ", …" if len(found.waiting) > 5 else ""
            lines.append(
                f"Edits by hand wait for a decision: {keys}. --accept takes them over, --discard "
                "puts the library's words back."
            )
        return [*lines, *self._fate(found)]

    def _fate(self, found: SyncReport) -> list[str]:
        works = counted(found.works, "work")
        if not found.works:
            return [f"Nothing matches; {self._file} was left as it is."]
        if found.written:
            return [f"{'Would write' if self._dry_run else 'Wrote'} {works} to {self._file}."]
        # Who watches need not be told that nothing happened.
        silent = self._watch and self._rounds > 1
        return [] if silent else [f"{self._file} is in step: {works}."]


def _change(edit: HandEdit) -> str:
    given, file, library = (
        one_line(_as_text(edit, value) or "—")[:100]
        for value in (edit.given, edit.file, edit.library)
    )
    contradicts = f" (the library says {library})" if edit.contradicts else ""
    return f"{given} → {file}{contradicts}"


def _proposed(record: Record) -> list[tuple[str, object]]:
    """The fields that a proposal is about, with their values; None for one to be cleared."""
    return [*stated(record.description), *((name, None) for name in sorted(record.cleared))]


def _as_text(edit: HandEdit, value: object) -> str | None:
    return None if value in (None, ()) else _text(edit.field, value)


def _text(name: str, value: Any) -> str:
    if name == "extra":
        return "; ".join(f"{each.name}: {each.value}" for each in value)
    if name in ("updates", "relations"):
        return "; ".join(str(each) for each in value)
    return text_from_value(name, value)
