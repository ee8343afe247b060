"""`refman cite`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, works_named
from refman.cli.plain import plain
from refman.cli.session import Session, pass_session
from refman.services.citing import CiteFormat, cite


@click.command("cite")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("--style", metavar="NAME", help="A style of the CSL project: apa, ieee, nature, …")
@click.option(
    "--to",
    "form",
    type=click.Choice([form.value for form in CiteFormat]),
    default="text",
    show_default=True,
)
@pass_session
def cite_command(session: Session, keys: tuple[str, ...], style: str | None, form: str) -> int:
    """Print formatted references."""
    with session.open() as library:
        works, complete = works_named(library, keys)
    for reference in cite(works, style or session.settings.style, CiteFormat(form)):
        click.echo(plain(reference))
    return Exit.DONE if complete else Exit.PARTLY
