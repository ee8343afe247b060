"""`refman tag` and `refman collection`."""

from __future__ import annotations

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import one_line
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.text.counting import counted


def _organise(
    session: Session, table: str, name: str | None, keys: tuple[str, ...], query: str | None,
    *, remove: bool, as_json: bool,
) -> int:  # fmt: skip
    with session.open() as library:
        if name is None:
            counts = library.names(table)
            if as_json:
                click.echo(json_text(dict(counts)))
            for known, count in () if as_json else counts:
                click.echo(f"{count:>8,}  {one_line(known)}")
            return Exit.DONE if counts else Exit.PARTLY
        if not keys and query is None:
            raise UsageError("Which works?", hint="Name citation keys, or use --query.")
        works, complete = works_named(library, keys)
        works += library.search(query) if query is not None else ()
        count = library.label(table, name, works, on=not remove)
        say(_told(table, name, count, remove=remove))
    return Exit.DONE if works and complete else Exit.PARTLY


def _told(table: str, name: str, count: int, *, remove: bool) -> str:
    """What was done, in a sentence."""
    works, noun = counted(count, "work"), table.removesuffix("s")
    if table == "tags":
        return f"Took the tag {name} off {works}." if remove else f"Put the tag {name} on {works}."
    way = "Took {} out of" if remove else "Put {} in"
    return f"{way.format(works)} the {noun} {name}."


_HELP = {
    "tags": "Put a tag on works, take it off with --remove, or, without a name, list the tags.",
    "collections": "Put works in a collection, take them out with --remove, or, without a name, "
    "list the collections.",
}


def _command(table: str) -> click.Command:
    off = "Take the tag off." if table == "tags" else "Take the works out."

    @click.command(table.removesuffix("s"), help=_HELP[table])
    @click.argument("name", required=False)
    @click.argument("keys", nargs=-1, metavar="[KEY]...")
    @click.option("--query", metavar="QUERY", help="All works that this finds.")
    @click.option("--remove", is_flag=True, help=off)
    @click.option("--json", "as_json", is_flag=True, help="List as JSON.")
    @pass_session
    def command(
        session: Session, name: str | None, keys: tuple[str, ...], query: str | None,
        *, remove: bool, as_json: bool,
    ) -> int:  # fmt: skip
        return _organise(session, table, name, keys, query, remove=remove, as_json=as_json)

    return command


tag_command = _command("tags")
collection_command = _command("collections")
