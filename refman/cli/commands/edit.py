"""`refman edit`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import one_line
from refman.cli.queries import chosen_by
from refman.cli.session import Session, pass_session
from refman.cli.typed import not_lost
from refman.errors import UsageError
from refman.model import Work
from refman.services import editing
from refman.services.bulk_editing import BulkEdit, Replacement, bulk_edit
from refman.services.library import Library

_Triple = tuple[str, str, str]


@click.command("edit")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--query", metavar="QUERY", help="All works that this finds.")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Give a field a value."
)
@click.option(
    "--unset", "--clear", "cleared", multiple=True, metavar="FIELD", help="Empty a field."
)
@click.option(
    "--replace",
    "replaced",
    nargs=3,
    multiple=True,
    metavar="FIELD OLD NEW",
    help="Write NEW wherever a field says OLD, letter for letter.",
)
@click.option(
    "--replace-value",
    "values_replaced",
    nargs=3,
    multiple=True,
    metavar="FIELD OLD NEW",
    help="The same, only where OLD is the whole value, name or keyword.",
)
@click.option("--key", "new_key", metavar="NEWKEY", help="Give the work another citation key.")
@click.option("--dry-run", is_flag=True, help="List what would be changed, before and after.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="What was changed, as JSON.")
@pass_session
def edit_command(
    session: Session, keys: tuple[str, ...], query: str | None, settings: tuple[str, ...],
    cleared: tuple[str, ...], replaced: tuple[_Triple, ...], values_replaced: tuple[_Triple, ...],
    new_key: str | None, *, dry_run: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    """Change fields of a work; with no option, in your $EDITOR.

    What you write stands against every source, until you undo it. Names are written as
    "Family, Given; Family, Given", dates as 2021-08-15 as far as they are known.

    Several keys, or --query, change many works as one change that can be undone; --dry-run first
    shows what that would come to. NEW may be empty, which takes OLD away.
    """
    changes = _settings(settings)
    replacements = [Replacement(*each) for each in replaced]
    replacements += [Replacement(*each, whole=True) for each in values_replaced]
    if len(keys) == 1 and query is None and not (replacements or dry_run or as_json):
        return _edit_one(session, keys[0], changes, set(cleared), new_key)
    if not keys and query is None:
        raise UsageError("Which works?", hint="Name citation keys, or use --query.")
    if new_key is not None:
        raise UsageError("--key is for one work, and does without a dry run.")
    if not changes and not cleared and not replacements:
        raise UsageError(
            "Nothing to change.", hint="Use --set FIELD=VALUE, --unset FIELD or --replace."
        )
    return _edit_many(
        session, keys, query, bulk_edit(changes, cleared, replacements),
        dry_run=dry_run, yes=yes, as_json=as_json,
    )  # fmt: skip


def _settings(settings: Iterable[str]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for setting in settings:
        field, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(f"--set takes FIELD=VALUE, not {setting!r}.")
        changes[field] = value
    return changes


def _edit_many(
    session: Session, keys: tuple[str, ...], query: str | None, wanted: BulkEdit,
    *, dry_run: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    from refman.cli.bulk_edit import edit_many  # noqa: PLC0415

    chosen_by(query)
    with session.open() as library:
        works, complete = works_named(library, keys)
        chosen: str | list[int] = [*dict.fromkeys(work.id for work in works)]
        if query is not None and not keys:
            chosen = query
        elif query is not None:
            found = (row.id for row in library.rows(query))
            chosen = [*dict.fromkeys((*(work.id for work in works), *found))]
        status = edit_many(
            session, library, chosen, wanted, dry_run=dry_run, yes=yes, as_json=as_json
        )
    return status if complete else Exit.PARTLY


def _edit_one(
    session: Session, key: str, changes: dict[str, str], gone: set[str], new_key: str | None
) -> int:
    with session.open() as library:
        work = library.get(key)
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
        with not_lost(form, ".refman"):
            if form is not None:
                changes, gone = editing.changes_from_form(work, form)
            _apply(library, work, changes, gone)
        if new_key is not None:
            library.rename(library.get(key), new_key)
            say(f"{work.citation_key} is now {new_key}; the old key still finds it.")
    return Exit.DONE


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
