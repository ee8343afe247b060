"""`refman rekey`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import plain
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.rules.query import parse
from refman.services.rekeying import NewKey, propose, rekey
from refman.text.counting import counted


@click.command("rekey", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1)
@click.option(
    "--template",
    metavar="T",
    help="auth.lower + year, [auth:lower][year], {auth}{year}, …; without it, the setting "
    "citation_key or the usual one.",
)
@click.option("--keep-imported", is_flag=True, help="Leave keys that came with an entry.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Tell the old and new keys as JSON.")
@pass_session
def rekey_command(
    session: Session, query: tuple[str, ...], template: str | None, *, keep_imported: bool,
    dry_run: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    """Make citation keys anew by a template, for all works or those that a query finds.

    The old keys still find the works, and manuscripts that cite by them can be exported for with
    --cited-in. `refman undo` takes all of it back.
    """
    template = template or session.key_template
    node = parse(query_text(query))
    with session.open() as library:
        keys = list(propose(library.store, node, template, keep_imported=keep_imported))
        count = library.count(node)
        if not as_json:
            for key in keys:
                click.echo(f"{plain(key.before)} → {plain(key.after)}")
        if keys and not dry_run:
            session.confirm(f"Give {counted(len(keys), 'work')} these keys?", yes=yes)
            keys = rekey(library.store, keys)
        if as_json:
            click.echo(json_text(_told(keys, count)))
        _summarise(len(keys), count, dry_run=dry_run)
    return Exit.DONE if count else Exit.PARTLY


def _told(keys: list[NewKey], count: int) -> dict[str, object]:
    return {
        "renamed": len(keys),
        "unchanged": count - len(keys),
        "keys": [{"before": key.before, "after": key.after} for key in keys],
    }


def _summarise(renamed: int, count: int, *, dry_run: bool) -> None:
    if not count:
        say("Nothing matches.")
    elif not renamed:
        say("Every key is as the template gives it; nothing was changed.")
    elif dry_run:
        say(f"Would be: {renamed:,} of {counted(count, 'key')} changed.")
    else:
        say(
            f"{renamed:,} of {counted(count, 'key')} changed; the old ones still find the works. "
            "`refman undo` takes it back."
        )
