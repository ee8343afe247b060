"""`refman doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import StoreDamaged, UsageError
from refman.services import safety
from refman.services.safety import Area, Finding, Rescue
from refman.text.counting import counted

_BESIDE = (Area.FILES, Area.LEFTOVERS)
"""What is not the library itself."""


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Mend what can be mended from what is stored.")
@click.option("--files", "thorough", is_flag=True, help="Read all attached files, too.")
@click.option(
    "--rescue",
    "target",
    metavar="NEW.db",
    type=click.Path(path_type=Path),
    help="Save what can be read of a damaged library into a new one.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def doctor_command(
    session: Session, target: Path | None, *, fix: bool, thorough: bool, as_json: bool
) -> int:
    """Check the library file: its integrity, and the lists and the index against the records.

    Attached files that are gone are told; with --files, those that were changed, too. --fix makes
    what is derived anew from the records. Of a damaged file it puts a sound copy in its place, and
    keeps the old one, if nothing is lost by that; --rescue saves what is left otherwise, and leaves
    the damaged file as it is.
    """
    if target is not None:
        if fix:
            raise UsageError("--fix mends this library, --rescue makes a new one.")
        return _rescue(session.path, target, as_json=as_json)
    try:
        found, works = _examine(session, thorough=thorough)
        damaged = safety.is_damaged(found)
    except StoreDamaged:
        if not fix:
            raise
        damaged = True
    if fix:
        _mend(session, damaged=damaged)
        found, works = _examine(session, thorough=thorough)
    _tell(session.path, works, found, as_json=as_json)
    session.forget_damage()
    if not fix and any("--fix" in finding.remedy for finding in found):
        # A damaged file is kept by the mending itself, and makes no backup.
        first = "" if damaged else "; `refman backup` first copies it"
        say(f"`refman doctor --fix` mends what can be mended{first}.")
    if any(finding.area not in _BESIDE for finding in found):
        return Exit.LIBRARY
    return Exit.PARTLY if found else Exit.DONE


def _examine(session: Session, *, thorough: bool) -> tuple[list[Finding], int]:
    with session.open() as library, _progress("works compared with their records") as progress:
        found = safety.examine(library, thorough=thorough, progress=progress)
        return found, 0 if safety.is_damaged(found) else len(library)


def _mend(session: Session, *, damaged: bool) -> None:
    if damaged:
        with _progress("rows saved") as progress:
            saved, kept = safety.replace_damaged(session.path, progress)
        say(f"Put a sound copy with {counted(saved.works, 'work')} in the place of the library.")
        say(f"The damaged file is kept as {kept}.")
        return
    with session.open() as library:
        count = safety.mend(library)
    say(f"Made {counted(count, 'work')} and the search index anew from the records.")


def _rescue(source: Path, target: Path, *, as_json: bool) -> int:
    with _progress("rows saved") as progress:
        saved = safety.rescue(source, target, progress)
    if as_json:
        click.echo(json_text(_rescue_item(source, target, saved)))
    say(f"Saved {counted(saved.works, 'work')} of {source} to {target}.")
    for table, count in saved.saved.items():
        if count:
            say(f"{count:>9,} {table.replace('_', ' ')}")
    for what, count in saved.lost.items():
        say(f"{count:>9,} {what} (lost)")
    return Exit.PARTLY if saved.lost else Exit.DONE


def _rescue_item(source: Path, target: Path, saved: Rescue) -> dict[str, object]:
    return {
        "library": str(source),
        "rescued": str(target),
        "works": saved.works,
        "saved": dict(saved.saved),
        "lost": dict(saved.lost),
    }


def _tell(path: Path, works: int, found: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        report: dict[str, object] = {
            "library": str(path),
            "works": works,
            "problems": [finding.sentence for finding in found],
        }
        if found:
            report["findings"] = [
                {"area": str(f.area), "problem": f.sentence, "remedy": f.remedy} for f in found
            ]
        click.echo(json_text(report))
        return
    for finding in found:
        click.echo(one_line(finding.sentence))
        click.echo(f"  {one_line(finding.remedy)}")
    if not found:
        click.echo(f"{path}: {counted(works, 'work')}, all is well.")


@contextmanager
def _progress(what: str) -> Iterator[Progress]:
    progress = Progress(what)
    try:
        yield progress
    finally:
        progress.close()
