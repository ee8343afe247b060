"""`refman searches`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.services import searches
from refman.services.library import Library


@click.command("searches")
@click.option("--remove", "name", metavar="NAME", help="Forget the one with this name.")
@click.option("--rename", "names", nargs=2, metavar="OLD NEW", help="Give one another name.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def searches_command(
    session: Session, name: str | None, names: tuple[str, str] | None, *, as_json: bool
) -> int:
    """List the saved searches, with how many works each finds. `refman list --save` makes one."""
    if name is not None and names is not None:
        raise UsageError("--remove and --rename cannot be asked for at once.")
    with session.open() as library:
        if names is not None:
            searches.rename(library.store, *names)
            say(f"{one_line(names[0])} is now {one_line(names[1])}; `refman undo` takes it back.")
            if names[0].lower() != names[1].lower():
                _tell_asking(library, names[0])
            return Exit.DONE
        if name is not None:
            library.save_search(name, None)
            say(f"Forgot the search {name}; `refman undo` brings it back.")
            _tell_asking(library, name)
            return Exit.DONE
        saved = library.saved_searches()
        counts = {known: _count(library, query) for known, query in saved.items()}
    if as_json:
        rows = [{"name": k, "query": q, "count": counts[k]} for k, q in saved.items()]
        click.echo(json_text(rows))
    for known, query in () if as_json else saved.items():
        count = counts[known]
        shown = "?" if count is None else f"{count:,}"
        click.echo(f"{shown:>8}  {one_line(known)}: {one_line(query)}")
    if not saved:
        say("There are no saved searches.")
    return Exit.DONE if saved else Exit.PARTLY


def _count(library: Library, query: str) -> int | None:
    """How many works a saved search finds; None for one that means what is no longer there."""
    try:
        return library.count(query)
    except UsageError:
        return None


def _tell_asking(library: Library, name: str) -> None:
    for saved in searches.asking(library.store, name):
        say(f"The saved search {one_line(saved)} means {one_line(name)}, and finds nothing now.")
