"""`refman cite`."""

from __future__ import annotations

from pathlib import Path

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import plain
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.services.citing import CiteFormat, cite, cite_in_text, style_names
from refman.services.exporting import journal_names


@click.command("cite")
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option(
    "--style", metavar="NAME|FILE", help="A style of the CSL project, or a .csl file of your own."
)
@click.option("--locale", metavar="LOCALE", help="The language of terms and dates: id-ID, …")
@click.option(
    "--to",
    "form",
    type=click.Choice([form.value for form in CiteFormat]),
    default="text",
    show_default=True,
)
@click.option("--in-text", is_flag=True, help="How each work is cited in a text or a note.")
@click.option("--list-styles", is_flag=True, help="The styles there are, or those with all WORDs.")
@pass_session
def cite_command(
    session: Session, keys: tuple[str, ...], style: str | None, locale: str | None, form: str,
    *, in_text: bool, list_styles: bool,
) -> int:  # fmt: skip
    """Print formatted references, in the order of the style.

    Styles have the names of the CSL project: apa, chicago, mla, harvard, ieee, vancouver, nature,
    ama, acs, science, elsevier-harvard, springer, and ten thousand more.
    """
    if list_styles:
        return _list_styles(keys)
    if not keys:
        raise UsageError("Which works?", hint="refman cite KEY… names them by their keys.")
    chosen, shape = style or session.settings.style, CiteFormat(form)
    with session.open() as library:
        works, complete = works_named(library, keys)
    if in_text:
        texts = cite_in_text(works, chosen, shape, locale)
    else:
        names = journal_names(Path(name) for name in session.settings.journal_list)
        texts = cite(works, chosen, shape, locale, names)
    for text in texts:
        click.echo(plain(text))
    return Exit.DONE if complete else Exit.PARTLY


def _list_styles(words: tuple[str, ...]) -> int:
    names = style_names(words)
    for name in names:
        click.echo(name)
    if not names:
        say("No style has such a name.")
    return Exit.DONE if names else Exit.PARTLY
