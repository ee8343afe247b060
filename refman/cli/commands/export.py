"""`refman export`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.model import Work
from refman.ports import ExportOptions, Loss, TextEncoding
from refman.services.cited import cited_keys
from refman.services.exporting import export, write_file
from refman.services.library import Library
from refman.text.counting import counted

_LOSSES_SHOWN = 20


@click.command("export")
@click.argument("query", nargs=-1)
@click.option(
    "--to", "format_name", required=True, metavar="FORMAT", help="bibtex, ris, csl-json, …"
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Into this file, which is replaced whole or not at all.",
)
@click.option("--keys", metavar="KEY,...", help="These works, in this order.")
@click.option(
    "--cited-in",
    "manuscripts",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What this .aux, .bcf, .tex, .md, .qmd or .typ file cites.",
)
@click.option(
    "--ascii", "only_ascii", is_flag=True, help="Other letters as TeX commands or escapes."
)
@click.option("--without", metavar="FIELD,...", help="Leave out fields, such as abstract.")
@pass_session
def export_command(
    session: Session, query: tuple[str, ...], format_name: str, output: Path | None,
    keys: str | None, manuscripts: tuple[Path, ...], *, only_ascii: bool, without: str | None,
) -> int:  # fmt: skip
    """Write works in a format: all of them, those that a query finds, or those named or cited."""
    from refman.services.editing import field_named  # noqa: PLC0415

    options = ExportOptions(
        encoding=TextEncoding.ASCII if only_ascii else TextEncoding.UNICODE,
        omit=frozenset(field_named(name) for name in (without or "").split(",") if name.strip()),
    )
    if query and (keys or manuscripts):
        raise UsageError("Choose by a query, or by keys, not both.")
    chosen = [key.strip() for key in (keys or "").split(",") if key.strip()]
    for manuscript in manuscripts:
        chosen += [key for key in cited_keys(manuscript) if key not in chosen]
    with session.open() as library:
        missing: list[str] = []
        if keys or manuscripts:
            works = _by_keys(library, chosen, missing)
        else:
            works = library.search(" ".join(query))
        export_of = _Export(format_name, works, options)
        if output is None:
            for piece in export_of.pieces():
                sys.stdout.write(piece)
        else:
            written = write_file(output, export_of.pieces())
            fate = "" if written else ", which had it all already"
            say(f"{counted(export_of.count, 'work')} to {output}{fate}.")
        for key in missing:
            say(f"refman: there is no work {key!r} in the library.")
        export_of.tell_losses()
    if missing or export_of.count == 0:
        if export_of.count == 0 and not missing:
            say("Nothing matches.")
        return Exit.PARTLY
    return Exit.DONE


def _by_keys(library: Library, keys: Iterable[str], missing: list[str]) -> Iterator[Work]:
    for key in keys:
        work_id = library.store.find(key)
        work = None if work_id is None else library.store.work(work_id)
        if work is None:
            missing.append(key)
        else:
            yield work


class _Export:
    """An export under way: counts the works that pass and gathers what is lost."""

    def __init__(self, format_name: str, works: Iterable[Work], options: ExportOptions) -> None:
        self._output = export(format_name, self._counted(works), options)
        self._losses: list[Loss] = []
        self._lost = 0
        self.count = 0

    def _counted(self, works: Iterable[Work]) -> Iterator[Work]:
        for work in works:
            self.count += 1
            yield work

    def pieces(self) -> Iterator[str]:
        """The text."""
        for piece in self._output:
            if isinstance(piece, str):
                yield piece
                continue
            self._lost += 1
            if len(self._losses) < _LOSSES_SHOWN:
                self._losses.append(piece)

    def tell_losses(self) -> None:
        """Say what the format could not carry."""
        for loss in self._losses:
            say(f"{loss.citation_key}: {loss.field}: {loss.reason}")
        if self._lost > len(self._losses):
            say(f"… and {self._lost - len(self._losses):,} more such fields.")
