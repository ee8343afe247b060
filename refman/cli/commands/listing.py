"""`refman list`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.plain import plain
from refman.cli.queries import (
    QUERY_SETTINGS,
    QueryCommand,
    query_text,
    say_nothing_matches,
)
from refman.cli.render import echo_lines, json_text, lines, print_json_array
from refman.cli.session import Session, pass_session
from refman.model import Work
from refman.store import Order


@click.command("list", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1)
@click.option(
    "--sort",
    metavar="FIELD",
    default="added",
    show_default=True,
    help="added, year, author, title, modified, or relevance: the best match first.",
)
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="So many at most.")
@click.option("--save", "name", metavar="NAME", help="Keep the query; search:NAME is it, then.")
@click.option("--json", "form", flag_value="json", help="As a CSL-JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="As CSL-JSON, a work a line.")
@click.option("--keys", "form", flag_value="keys", help="Citation keys only.")
@click.option("--count", "form", flag_value="count", help="Only how many there are.")
@pass_session
def list_command(
    session: Session, query: tuple[str, ...], sort: str, name: str | None, *, reverse: bool,
    limit: int | None, form: str | None,
) -> int:  # fmt: skip
    """List the works that a query finds; the newest first, or sorted.

    \b
    migrant workers            both words, in any field, also as beginnings of words
    "human trafficking"        a phrase
    author:dwi title:migra     in one field
    year:2019..2021            a range; also 2019.. and ..2021
    has:doi missing:abstract   is:retracted is:pending   tag:thesis
    is:read is:unread          whether the tag `read` is on it
    is:proposed                proposals for it wait for a decision
    collection:Thesis          in it or below it; collection:Thesis/ in it alone
    is:concern is:corrected is:superseded   notices, and preprints now published
    -word    a OR b    ( )     not, either, grouping
    search:name                what was kept with --save
    """
    ranked = sort.lower() == "relevance"
    order = Order.ADDED if ranked else Order.named(sort)
    # Names go up the alphabet, times down, unless one asks for the other way round.
    descending = (order in (Order.ADDED, Order.YEAR, Order.MODIFIED)) != reverse
    with session.open() as library:
        text = query_text(query)
        if name is not None:
            library.save_search(name, text)
            say(f"Saved as {name}: `refman list search:{name}` lists it.")
        if form == "count":
            count = library.count(text)
            click.echo(count)
            return Exit.DONE if count else Exit.PARTLY
        if ranked:
            rows = library.ranked(text, limit)
        else:
            rows = library.rows(text, order, descending=descending, limit=limit)
        if form in ("json", "jsonl"):
            return _print_items(library.works_of(rows), form)
        if form == "keys":
            found = echo_lines(plain(row.citation_key) for row in rows)
        else:
            found = echo_lines(lines(rows))
        if not found and form is None:
            _say_nothing(text, limit)
        return Exit.DONE if found else Exit.PARTLY


def _say_nothing(text: str, limit: int | None) -> None:
    """Why there is no line; with a limit of 0 none was asked for."""
    if limit == 0:
        return
    if text:
        say_nothing_matches(text)
    else:
        say("The library is empty.")


def _print_items(works: Iterable[Work], form: str) -> int:
    # A plain list does without what CSL-JSON takes to load.
    from refman.services.items import item_from_work  # noqa: PLC0415

    count = 0

    def items() -> Iterator[dict[str, object]]:
        nonlocal count
        for work in works:
            count += 1
            yield item_from_work(work)

    if form == "json":
        print_json_array(items())
    else:
        echo_lines(json_text(item, indent=None) for item in items())
    return Exit.DONE if count else Exit.PARTLY
