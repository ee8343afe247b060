"""`refman delete`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import plain
from refman.cli.queries import chosen_by, say_nothing_matches
from refman.cli.render import echo_lines
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.text.counting import counted


@click.command("delete")
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option("--query", metavar="QUERY", help="All works that this finds.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@pass_session
def delete_command(
    session: Session, keys: tuple[str, ...], query: str | None, *, yes: bool, dry_run: bool
) -> int:
    """Take works out of the library. `refman undo` brings them back."""
    if not keys and query is None:
        raise UsageError("Nothing to delete.", hint="Name citation keys, or use --query.")
    chosen_by(query)
    with session.open() as library:
        works, complete = works_named(library, dict.fromkeys(keys))
        if query is not None:
            works += library.search(query)
        if not works:
            if complete:
                say_nothing_matches(query or "")
            return Exit.PARTLY
        if dry_run:
            echo_lines(plain(work.citation_key) for work in works)
            say(f"Would delete {counted(len(works), 'work')}.")
            return Exit.DONE if complete else Exit.PARTLY
        what = works[0].citation_key if len(works) == 1 else f"{len(works):,} works"
        session.confirm(f"Delete {what}?", yes=yes)
        count = library.delete(works)
        say(f"Deleted {count:,}; `refman undo` brings {'it' if count == 1 else 'them'} back.")
    return Exit.DONE if complete else Exit.PARTLY
