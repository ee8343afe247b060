"""Queries on the command line, where a term to exclude looks like an option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from refman.cli.diagnostics import say
from refman.errors import UsageError

QUERY_SETTINGS: dict[str, Any] = {
    "ignore_unknown_options": True,
    "help_option_names": ["--help"],
}
"""Settings of a command that lets `-word` through to its query, also `-history`."""


class QueryCommand(click.Command):
    """A command that takes a query. `-h` alone asks for help, as it does everywhere else."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with `-h` read as `--help`: it must never choose all works but some."""
        options = args[: args.index("--")] if "--" in args else args
        if "-h" in options:
            args = ["--help"]
        return super().parse_args(ctx, args)


def query_text(terms: Sequence[str]) -> str:
    """The query that the words of a command line make.

    A word with a blank in it was quoted in the shell, and holds a query or a part of one. Raises
    `click.NoSuchOption` for what can only be meant as an option.
    """
    for term in terms:
        if term.startswith("--"):
            raise click.NoSuchOption(term.partition("=")[0])
    return " ".join(terms)


def say_nothing_matches(query: str) -> None:
    """Say so, and what may be the cause: a word that looks like a field which there is not."""
    from refman.rules.query import unknown_field  # noqa: PLC0415

    say("Nothing matches.")
    if word := unknown_field(query):
        say(f"  {word} was searched for as text, for there is no field {word.partition(':')[0]}.")


def chosen_by(query: str | None) -> str | None:
    """The query that chooses the works to be changed, as it is.

    Raises `UsageError` for one that finds all works for it asks for nothing, such as `-` or `*`.
    """
    from refman.rules.query import finds_everything, parse  # noqa: PLC0415

    if query is not None and query.strip() and finds_everything(parse(query)):
        raise UsageError(
            f"There is nothing to look for in {query!r}, so it would choose every work.",
            hint="--query '' chooses every work.",
        )
    return query
