"""`refman backup`."""

from __future__ import annotations

from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.progress import Progress
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.services.backups import back_up
from refman.services.library import utc_now
from refman.text.counting import counted


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Into a folder of backups, of which the newest N stay; TARGET is the folder, by default "
    "library-backups beside library.db.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def backup_command(
    session: Session, target: Path | None, keep: int | None, *, force: bool, as_json: bool
) -> int:
    """Copy the library to a file, whole and consistent, even while it is in use.

    The copy is read through and checked before it gets its name; without TARGET, that is the
    library's with the time in it.
    """
    with session.open() as library:
        progress = Progress("pages copied")
        try:
            made = back_up(
                library.store, library.path, target, utc_now(),
                keep=keep, replace=force, progress=lambda done, _total: progress(done),
            )  # fmt: skip
        finally:
            progress.close()
    say(f"Copied {counted(made.works, 'work')} to {made.path}.")
    if made.removed:
        names = ", ".join(path.name for path in made.removed)
        say(f"Removed {counted(len(made.removed), 'older backup')}: {names}.")
    if as_json:
        report = {
            "library": str(library.path),
            "backup": str(made.path),
            "works": made.works,
            "bytes": made.size,
            "removed": [str(path) for path in made.removed],
        }
        click.echo(json_text(report))
    return Exit.DONE
