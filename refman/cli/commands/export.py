"""`refman export`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.progress import Progress
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.model import Work
from refman.ports import ExportOptions, JournalForm, TextEncoding
from refman.services.cited import Manuscript, cited_works, read_manuscript
from refman.services.exporting import ALWAYS, export, field_names, write_file
from refman.services.library import Library
from refman.text.citations import Cited
from refman.text.counting import counted


@click.command("export", cls=QueryCommand, context_settings=QUERY_SETTINGS)
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
    help="What this .tex, .aux, .bcf, .md, .qmd, .Rmd, .typ, .org, .rst, .ipynb or .docx file "
    "cites.",
)
@click.option(
    "--ascii", "only_ascii", is_flag=True, help="Other letters as TeX commands or escapes."
)
@click.option("--fields", metavar="FIELD,...", help="These fields only, in this order.")
@click.option(
    "--without",
    metavar="FIELD,...",
    help="Leave out fields, such as abstract, keywords or file.",
)
@click.option(
    "--journals",
    type=click.Choice([form.value for form in JournalForm]),
    help="Names of journals in full, or as ISO 4 or your own list abbreviates them.",
)
@click.option("--doi-as-url", is_flag=True, help="The DOI as an address, in place of both.")
@click.option("--style", metavar="NAME|FILE", help="Of formatted references: apa, ieee, …")
@click.option("--locale", metavar="LOCALE", help="Of formatted references: id-ID, de-DE, …")
@click.option("--losses", is_flag=True, help="Tell each field that the format cannot carry.")
@pass_session
def export_command(
    session: Session, query: tuple[str, ...], format_name: str, output: Path | None,
    keys: str | None, manuscripts: tuple[Path, ...], *, only_ascii: bool, losses: bool,
    fields: str | None, without: str | None, journals: str | None, doi_as_url: bool,
    style: str | None, locale: str | None,
) -> int:  # fmt: skip
    """Write works in a format: all of them, those that a query finds, or those named or cited.

    Fields are named as in CSL; `tags`, `extra` (what some format had and refman has no field for),
    one of those as `bibtex:groups`, and `file` can be chosen, too. An option that means nothing to
    a format is passed over.
    """
    options = ExportOptions(
        encoding=TextEncoding.ASCII if only_ascii else TextEncoding.UNICODE,
        omit=frozenset(field_names(without)),
        fields=tuple(field_names(fields, always=ALWAYS)) or (("type",) if fields else ()),
        journals=JournalForm(journals) if journals else None,
        doi_as_url=doi_as_url,
        style=style or session.settings.style,
        locale=locale,
    )
    if query and (keys or manuscripts):
        raise UsageError("Choose by a query, or by keys, not both.")
    chosen = [key.strip() for key in (keys or "").split(",") if key.strip()]
    read = [read_manuscript(manuscript) for manuscript in manuscripts]
    with session.open() as library:
        missing: list[str] = []
        if keys or manuscripts:
            cited = [*map(Cited, chosen), *(each for one in read for each in one.cited)]
            works = (
                cited_works(library.store, cited, missing)
                if manuscripts
                else _by_keys(library, chosen, missing)
            )
        else:
            works = iter(library.search(query_text(query)))
        first = list(islice(works, 1))
        lists = [Path(name) for name in session.settings.journal_list]
        export_of = _Export(format_name, chain(first, works), options, lists, tell_each=losses)
        if output is None:
            for piece in export_of.pieces(shown=sys.stdout.isatty()):
                sys.stdout.write(piece)
        elif first:
            written = write_file(output, export_of.pieces())
            fate = "" if written else ", which had it all already"
            say(f"{counted(export_of.count, 'work')} to {output}{fate}.")
        incomplete = tell_missing(missing, read)
        if not first:
            # A file that is there is better than an empty one.
            kept = f" {output} was left as it is." if output and output.exists() else ""
            say(f"Nothing matches.{kept}")
        export_of.tell_losses()
    return Exit.PARTLY if incomplete or not first else Exit.DONE


def tell_missing(missing: Iterable[str], manuscripts: Iterable[Manuscript]) -> bool:
    """Say which works and files are not there. Returns whether there were any."""
    told = False
    for key in dict.fromkeys(missing):
        say(f"refman: there is no work {key!r} in the library.")
        told = True
    for manuscript in manuscripts:
        for sentence in manuscript.missing:
            say(f"refman: {sentence}")
            told = True
        if manuscript.cites_all:
            say(
                f"{manuscript.files[0]} asks for all that its bibliography holds; these are the "
                "works that it cites by name."
            )
    return told


def _by_keys(library: Library, keys: Iterable[str], missing: list[str]) -> Iterator[Work]:
    """The works with these keys, under the keys by which they were asked for."""
    for key in keys:
        work = library.find(key)
        if work is None:
            missing.append(key)
        else:
            names = {name.lower() for name in (work.citation_key, *work.aliases)}
            # A DOI finds a work, but is no key of it.
            yield replace(work, citation_key=key) if key.lower() in names else work


class _Export:
    """An export under way: counts the works that pass and the fields that are lost."""

    def __init__(
        self,
        format_name: str,
        works: Iterable[Work],
        options: ExportOptions,
        journal_lists: Sequence[Path],
        *,
        tell_each: bool,
    ) -> None:
        self._format = format_name
        self._output = export(format_name, self._counted(works), options, journal_lists)
        self._tell_each = tell_each
        self._lost: Counter[str] = Counter()
        self.count = 0

    def _counted(self, works: Iterable[Work]) -> Iterator[Work]:
        for work in works:
            self.count += 1
            yield work

    def pieces(self, *, shown: bool = False) -> Iterator[str]:
        """The text. Progress is told unless the text itself is shown to a person."""
        progress = None if shown else Progress("written")
        done = 0
        try:
            for piece in self._output:
                if isinstance(piece, str):
                    done += 1
                    if progress is not None:
                        progress(done)
                    yield piece
                    continue
                self._lost[piece.field] += 1
                if self._tell_each:
                    say(f"{piece.citation_key}: {piece.field}: {piece.reason}")
        finally:
            if progress is not None:
                progress.close()

    def tell_losses(self) -> None:
        """Say what the format could not carry."""
        if self._lost and not self._tell_each:
            fields = ", ".join(f"{field} ({count:,})" for field, count in self._lost.most_common())
            say(
                f"Not carried by {self._format}, or not whole: {fields}. "
                "--losses tells of which works, and why."
            )
