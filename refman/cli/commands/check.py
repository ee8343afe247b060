"""`refman check`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text, say_nothing_matches
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import PluginBroken, UsageError
from refman.model import Work
from refman.rules.check import Finding
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.services.checking import CheckedFile, Located

_LEVELS = {"error": 0, "warning": 1, "info": 2}


@click.command("check", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1, metavar="[QUERY|FILE]...")
@click.option(
    "--cited-in",
    "manuscripts",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Of a file, only what this manuscript cites; and what it cites that is not there.",
)
@click.option("--from", "format_name", metavar="FORMAT", help="The format of the file.")
@click.option("--verify", is_flag=True, help="Of a file, look up each DOI.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Where to look it up.")
@click.option("--fix", "fixing", is_flag=True, help="In the library, mend what is safe to mend.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="info",
    show_default=True,
    help="From which severity on the exit status is 1.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="Of a file: lines, JSON, annotations of GitHub Actions, or SARIF.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def check_command(
    session: Session, query: tuple[str, ...], manuscripts: tuple[Path, ...],
    format_name: str | None, sources: tuple[str, ...], fail_on: str, form: str, *, verify: bool,
    fixing: bool, as_json: bool,
) -> int:  # fmt: skip
    """Find what is missing, malformed, doubtful or retracted: in the library, or in plain files.

    Words are a query; names of files that are there are files, for which no library is needed:
    `refman check paper.bib --cited-in paper.aux` is a gate for continuous integration. It tells
    `file:line:column: severity: message [code]`.
    """
    if "-" in query:
        raise UsageError("Standard input cannot be checked.", hint="Name the file to check.")
    files = [Path(word) for word in query if _is_file(word)]
    form = "json" if as_json else form
    meant = next((word for word in query if _names_a_file(word) and not _is_file(word)), None)
    if meant is not None:
        # A gate that a slip of the pen opens is none.
        if Path(meant).is_dir():
            raise UsageError(f"{meant} is a folder.", hint=f"Name the files in it: {meant}/*")
        raise UsageError(f"There is no file {meant}.", hint="To search for it, put it in quotes.")
    if files:
        if len(files) < len(query):
            missing = next(word for word in query if not _is_file(word))
            raise UsageError(f"There is no file {missing}.", hint="Files and a query do not mix.")
        if fixing:
            raise UsageError("--fix mends works of a library, not files.")
        return _check_files(session, files, manuscripts, format_name, sources, fail_on, form,
                            verify=verify)  # fmt: skip
    if manuscripts or verify or form in ("github", "sarif"):
        raise UsageError(
            "Name the file to check.", hint="refman check paper.bib --cited-in paper.aux"
        )
    return _check_library(session, query_text(query), fail_on, fixing=fixing, as_json=as_json)


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except (OSError, ValueError):
        return False


def _names_a_file(word: str) -> bool:
    """Whether a word can only be meant as a file: it ends as those of a format do."""
    from refman import plugins  # noqa: PLC0415

    suffix = Path(word.removesuffix(".gz")).suffix.lower()
    if not suffix or any(char in word for char in ' ":'):
        return False
    return any(
        suffix in importer.info.extensions
        for _, importer in plugins.importers()
        if not isinstance(importer, PluginBroken)
    )


def _check_library(
    session: Session, query: str, fail_on: str, *, fixing: bool, as_json: bool
) -> int:
    from refman.rules.query import parse  # noqa: PLC0415
    from refman.services import checking  # noqa: PLC0415
    from refman.services.library import utc_now  # noqa: PLC0415

    rows: list[dict[str, object]] = []
    to_fix: list[tuple[Work, Finding]] = []
    worst = fixable = count = 0
    with session.open() as library:
        for work, finding in checking.check_library(library.store, parse(query)):
            count += 1
            fixable += finding.fix is not None
            if fixing and finding.fix is not None:
                to_fix.append((work, finding))
                continue
            worst = max(worst, 3 - _LEVELS[finding.severity.value])
            if as_json:
                rows.append(_row(work.citation_key, finding))
            else:
                told = f"{finding.message}; {finding.advice}" if finding.advice else finding.message
                click.echo(one_line(f"{work.citation_key}: {finding.field}: {told}"))
        matching = bool(count) or library.count(query) > 0
        mended = checking.fix(library.store, to_fix, utc_now())
    if as_json:
        click.echo(json_text(rows))
    if fixing and not mended:
        say("Nothing can be mended safely.")
    elif fixing:
        say(f"Mended {counted(mended, 'field')}; `refman undo` takes it back.")
    elif not count and query and not matching:
        say_nothing_matches(query)
        return Exit.PARTLY
    elif not count:
        say("Nothing to complain of.")
    elif fixable:
        say(f"{counted(fixable, 'finding')} can be mended with --fix.")
    return _status(worst, fail_on)


def _row(citation_key: str, finding: Finding) -> dict[str, object]:
    return {
        "citation_key": citation_key,
        "field": finding.field or "",
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "fixable": finding.fix is not None,
        "fix": finding.fix if isinstance(finding.fix, str) else None,
        "advice": finding.advice,
    }


def _check_files(
    session: Session, files: Sequence[Path], manuscripts: Iterable[Path],
    format_name: str | None, sources: tuple[str, ...], fail_on: str, form: str, *, verify: bool,
) -> int:  # fmt: skip
    from refman import __version__  # noqa: PLC0415
    from refman.services import checking  # noqa: PLC0415
    from refman.services.cited import read_manuscript  # noqa: PLC0415

    read = [(path, read_manuscript(path)) for path in manuscripts]
    found: list[Located] = []
    entries = 0
    for path in files:
        file = checking.CheckedFile(path, format_name)
        if read and not any(manuscript.cites_all for _, manuscript in read):
            keys = [cited.key for _, manuscript in read for cited in manuscript.cited if cited.key]
            known = file.keys
            missing = set(file.only(dict.fromkeys(keys)))
            if len(files) == 1:
                found += [
                    checking.undefined(manuscript_path, cited.key, path, known)
                    for manuscript_path, manuscript in read
                    for cited in manuscript.cited
                    if cited.key in missing
                ]
        entries += len(file)
        found += file.findings()
        if verify:
            found += asyncio.run(_verified(session, file, sources))
    _tell(found, form, __version__)
    if form == "text":
        names = ", ".join(map(str, files))
        told = counted(len(found), "finding") if found else "nothing to complain of"
        say(f"{names}: {counted(entries, 'reference')}, {told}.")
    worst = max((3 - _LEVELS[one.finding.severity.value] for one in found), default=0)
    return _status(worst, fail_on)


async def _verified(session: Session, file: CheckedFile, names: tuple[str, ...]) -> list[Located]:
    from refman.cli.enrichment import open_sources  # noqa: PLC0415

    async with open_sources(session, names) as sources:
        return [located async for located in file.verified(sources)]


def _tell(located: Sequence[Located], form: str, version: str) -> None:
    from refman.services import check_reports  # noqa: PLC0415

    if form == "sarif":
        click.echo(json_text(check_reports.sarif(located, version)))
    elif form == "json":
        rows = [
            {
                "file": one.path,
                "line": one.line,
                "column": one.column,
                **_row(one.citation_key, one.finding),
            }
            for one in located
        ]
        click.echo(json_text(rows))
    else:
        line = check_reports.annotation_of if form == "github" else check_reports.line_of
        for one in located:
            click.echo(one_line(line(one)))
    sys.stdout.flush()


def _status(worst: int, fail_on: str) -> int:
    """1 where the worst finding is as grave as the user says or graver."""
    if fail_on == "never" or not worst:
        return Exit.DONE
    return Exit.PARTLY if worst >= 3 - _LEVELS[fail_on] else Exit.DONE
