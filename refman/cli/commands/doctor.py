"""`refman doctor`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.services import belongings
from refman.text.counting import counted


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Make what is derived anew from the records.")
@click.option("--files", "thorough", is_flag=True, help="Read all attached files, too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def doctor_command(session: Session, *, fix: bool, thorough: bool, as_json: bool) -> int:
    """Check the library file: its integrity, and the lists and the index against the records.

    Attached files that are gone are told; with --files, those that were changed, too.
    """
    with session.open() as library:
        wrong = library.check()
        files = belongings.states(library.store, library.path, thorough=thorough)
        lost = [f"{state.path}: {state.fault}." for state in files if state.fault]
        if fix:
            count = library.mend()
            say(f"Made {counted(count, 'work')} and the search index anew from the records.")
            wrong = library.check()
        if as_json:
            report = {"library": str(library.path), "works": len(library), "problems": wrong + lost}
            click.echo(json_text(report))
        else:
            for sentence in wrong + lost:
                click.echo(one_line(sentence))
            if not wrong and not lost:
                click.echo(f"{library.path}: {counted(len(library), 'work')}, all is well.")
    if wrong and not fix:
        say("`refman doctor --fix` makes what is derived anew; `refman backup` first copies it.")
    if wrong:
        return Exit.LIBRARY
    return Exit.PARTLY if lost else Exit.DONE
