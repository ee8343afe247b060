"""`refman history` and `refman undo`."""

from __future__ import annotations

from dataclasses import asdict

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session


@click.command("history")
@click.argument("key", required=False)
@click.option("--limit", "-n", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def history_command(session: Session, key: str | None, limit: int, *, as_json: bool) -> int:
    """Show what was changed, by whom and when; of one work, or of the library."""
    with session.open() as library:
        changes = library.history(library.get(key) if key else None, limit)
    if as_json:
        click.echo(json_text([asdict(change) for change in changes]))
        return Exit.DONE
    for change in changes:
        undone = f"  (undone by {change.undone_by})" if change.undone_by else ""
        click.echo(
            f"{change.id:>6}  {change.at}  {change.actor:<7} {one_line(change.summary)}{undone}"
        )
    return Exit.DONE


@click.command("undo")
@click.argument("change", type=int, required=False)
@pass_session
def undo_command(session: Session, change: int | None) -> int:
    """Take back a change: the latest, or the one with this number. Undoing that does it again."""
    with session.open() as library:
        undone = library.undo(change)
        say(f"Undid {one_line(undone.summary)}. `refman undo {undone.undone_by}` does it again.")
    return Exit.DONE
