"""`refman edit`."""

from __future__ import annotations

import tempfile

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import one_line
from refman.cli.session import Session, pass_session
from refman.errors import EditConflict, UsageError
from refman.model import Work
from refman.services import editing
from refman.services.library import Library


@click.command("edit")
@click.argument("key")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Give a field a value."
)
@click.option("--unset", "cleared", multiple=True, metavar="FIELD", help="Empty a field.")
@click.option("--key", "new_key", metavar="NEWKEY", help="Give the work another citation key.")
@pass_session
def edit_command(
    session: Session, key: str, settings: tuple[str, ...], cleared: tuple[str, ...],
    new_key: str | None,
) -> int:  # fmt: skip
    """Change fields of a work; with no option, in your $EDITOR.

    What you write stands against every source, until you undo it. Names are written as
    "Family, Given; Family, Given", dates as 2021-08-15 as far as they are known.
    """
    with session.open() as library:
        work = library.get(key)
        changes: dict[str, str] = {}
        for setting in settings:
            field, equals, value = setting.partition("=")
            if not equals:
                raise UsageError(f"--set takes FIELD=VALUE, not {setting!r}.")
            changes[field] = value
        gone = set(cleared)
        form: str | None = None
        if not changes and not gone and new_key is None:
            if not session.is_interactive:
                raise UsageError(
                    "Nothing to change.", hint="Use --set FIELD=VALUE or --unset FIELD."
                )
            form = click.edit(editing.form_from_work(work), extension=".refman")
            if form is None:
                say("Nothing was changed.")
                return Exit.DONE
            changes, gone = editing.changes_from_form(work, form)
        try:
            _apply(library, work, changes, gone)
        except EditConflict as error:
            if form is not None:
                # What somebody has typed is not thrown away.
                error.hint = f"{error.hint} What you wrote is in {_kept(form)}."
            raise
        if new_key is not None:
            library.rename(library.get(key), new_key)
            say(f"{work.citation_key} is now {new_key}; the old key still finds it.")
    return Exit.DONE


def _kept(form: str) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="refman-", suffix=".refman", delete=False, encoding="utf-8"
    ) as stream:
        stream.write(form)
    return stream.name


def _apply(library: Library, work: Work, changes: dict[str, str], gone: set[str]) -> None:
    if not changes and not gone:
        return
    changed = library.edit(work, changes, gone)
    for field, (before, after) in changed.items():
        old, new = (
            one_line(editing.text_from_value(field, value)) if value not in (None, ()) else "—"
            for value in (before, after)
        )
        say(f"{field}: {old[:100]} → {new[:100]}")
    if not changed:
        say("Nothing was changed.")
