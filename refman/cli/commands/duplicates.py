"""`refman duplicates` and `refman merge`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import one_line
from refman.cli.progress import Progress
from refman.cli.queries import QUERY_SETTINGS, QueryCommand, query_text
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.model import Work
from refman.services.library import Library, utc_now
from refman.text.counting import counted


@click.command("duplicates", cls=QueryCommand, context_settings=QUERY_SETTINGS)
@click.argument("query", nargs=-1)
@click.option("--merge", "merging", is_flag=True, help="Merge those that are certain.")
@click.option("--likely", is_flag=True, help="With --merge, those that are likely, too.")
@click.option("--link", "linking", is_flag=True, help="Link preprints to what was published.")
@click.option("--distinct", "apart", metavar="KEY,KEY...", help="Keep these works apart for good.")
@click.option("--dry-run", is_flag=True, help="Say what would be done.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def duplicates_command(
    session: Session, query: tuple[str, ...], apart: str | None, *, merging: bool, likely: bool,
    linking: bool, dry_run: bool, yes: bool, as_json: bool,
) -> int:  # fmt: skip
    """Find works that are in the library twice; all, or those of which a query finds one.

    What is certain has an identifier in common, or all that matters; what is likely should be
    looked at. `refman merge` makes one work of several; --distinct keeps apart for good what only
    looks alike. A preprint and what was published of it are two works; --link says of each that
    there is the other.
    """
    from refman.rules.query import parse  # noqa: PLC0415
    from refman.services import duplicates  # noqa: PLC0415

    with session.open() as library:
        if apart is not None:
            keys = [key.strip() for key in apart.split(",") if key.strip()]
            works = [library.get(key) for key in keys]
            new = 0 if dry_run else duplicates.keep_apart(library.store, works)
            say(f"{counted(new, 'pair')} of works kept apart.")
            return Exit.DONE
        progress = Progress("Comparing", library.count())
        try:
            found = duplicates.find(library.store, parse(query_text(query)), progress)
        finally:
            progress.close()
        chosen = [group for group in found.groups if likely or group.score == 1]
        if as_json:
            groups = list(_described(library, found.groups))
            versions = [
                [work.citation_key for work in library.store.works((pair.a, pair.b))]
                for pair in found.versions
            ]
            click.echo(json_text({"groups": groups, "versions": versions}))
        else:
            _show(library, found)
        left = len(found.groups)
        if merging and chosen:
            gone = sum(len(group.works) - 1 for group in chosen)
            if dry_run:
                say(f"Would merge {counted(gone, 'duplicate')}.")
            else:
                session.confirm(f"Merge {counted(gone, 'duplicate')}?", yes=yes)
                duplicates.merge_groups(library.store, chosen)
                left -= len(chosen)
                say(f"Merged {counted(gone, 'duplicate')}; `refman undo` takes it back.")
        if linking and not dry_run:
            new = duplicates.link(library.store, found.versions, utc_now())
            say(f"Linked {counted(new, 'work')} to other versions.")
        if not found.groups and not found.versions:
            say("No duplicates.")
    return Exit.PARTLY if left else Exit.DONE


@click.command("merge")
@click.argument("keys", nargs=-1, required=True, metavar="KEY KEY...")
@click.option("--into", metavar="KEY", help="The work that stays; without it the first one.")
@click.option("--dry-run", is_flag=True, help="Show the work that would come of it.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the merged work as JSON.")
@pass_session
def merge_command(
    session: Session, keys: tuple[str, ...], into: str | None, *, dry_run: bool, yes: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Make one work of several. Of each field the best stands; all keys lead to the work.

    Tags, collections, notes and files of all are kept. `refman undo` takes it apart again.
    """
    from refman.services import duplicates  # noqa: PLC0415

    with session.open() as library:
        works, complete = works_named(library, keys)
        if not complete:
            return Exit.PARTLY
        target = library.get(into) if into is not None else works[0]
        others = [work for work in works if work.id != target.id]
        if not others:
            raise UsageError("One work cannot be merged.", hint="Name two or more citation keys.")
        if not dry_run:
            names = ", ".join(dict.fromkeys(work.citation_key for work in others))
            session.confirm(f"Merge {names} into {target.citation_key}?", yes=yes)
            duplicates.merge(library.store, others, target)
            target = library.get(target.citation_key)
            say(
                f"Merged {counted(len(others), 'work')} into {target.citation_key}; "
                "`refman undo` takes it apart again."
            )
        else:
            say(f"Would merge {counted(len(others), 'work')} into {target.citation_key}.")
        if as_json:
            click.echo(json_text(_item(target)))
    return Exit.DONE


def _item(work: Work) -> dict[str, object]:
    from refman.services.items import item_from_work  # noqa: PLC0415

    return item_from_work(work)


def _described(library: Library, groups: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for group in groups:
        yield {
            "certain": group.score == 1,
            "score": round(group.score, 3),
            "works": [_item(work) for work in library.store.works(group.works)],
        }


def _show(library: Library, found: Any) -> None:
    for group in found.groups:
        certain = "certain" if group.score == 1 else f"likely, {group.score:.2f}"
        click.echo(f"{len(group.works)} works are one ({certain}):")
        for work in library.store.works(group.works):
            click.echo(f"  {_line(work)}")
    for pair in found.versions:
        click.echo("A preprint and what was published of it:")
        for work in library.store.works((pair.a, pair.b)):
            click.echo(f"  {_line(work)}")


def _line(work: Work) -> str:
    said = work.description
    first = said.author[0].inverted if said.author else ""
    more = " et al" if len(said.author) > 1 else ""
    parts = (
        first + more, str(said.year or ""), said.title or "", said.container_title or "",
        said.DOI or "",
    )  # fmt: skip
    return one_line(f"{work.citation_key}: " + ". ".join(part for part in parts if part))
