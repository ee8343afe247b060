"""`refman searches`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session


@click.command("searches")
@click.option("--remove", "name", metavar="NAME", help="Forget the one with this name.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def searches_command(session: Session, name: str | None, *, as_json: bool) -> int:
    """List the saved searches, with how many works each finds. `refman list --save` makes one."""
    with session.open() as library:
        if name is not None:
            library.save_search(name, None)
            say(f"Forgot the search {name}; `refman undo` brings it back.")
            return Exit.DONE
        saved = library.saved_searches()
        counts = {known: library.count(query) for known, query in saved.items()}
    if as_json:
        rows = [{"name": k, "query": q, "count": counts[k]} for k, q in saved.items()]
        click.echo(json_text(rows))
    for known, query in () if as_json else saved.items():
        click.echo(f"{counts[known]:>8,}  {one_line(known)}: {one_line(query)}")
    return Exit.DONE if saved else Exit.PARTLY
