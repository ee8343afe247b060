"""`refman tag` and `refman collection`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from refman.cli.diagnostics import Exit, say, works_named
from refman.cli.plain import one_line, plain
from refman.cli.queries import chosen_by, say_nothing_matches
from refman.cli.render import json_text
from refman.cli.session import Session, pass_session
from refman.errors import UsageError
from refman.rules.query import Term
from refman.services import labels
from refman.services.library import Library
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.model import Work
    from refman.store import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What was asked for on the command line."""

    table: str
    name: str | None
    keys: Sequence[str]
    query: str | None
    rename: tuple[str, str] | None
    remove: bool
    delete: bool
    dry_run: bool
    yes: bool
    as_json: bool

    @property
    def noun(self) -> str:
        return self.table.removesuffix("s")

    def check(self) -> None:
        """Raise `UsageError` for what contradicts itself."""
        chosen = bool(self.keys) or self.query is not None
        if self.rename is not None and (self.name or chosen or self.remove or self.delete):
            raise UsageError("--rename takes two names, and nothing else with them.")
        if self.delete and (self.name is None or chosen or self.remove):
            raise UsageError(f"--delete takes the name of a {self.noun}, and nothing else with it.")
        if self.name is not None and not chosen and not self.delete:
            raise UsageError("Which works?", hint="Name citation keys, or use --query.")
        if self.name is None and chosen:
            raise UsageError(f"Which {self.noun}?", hint="Its name comes first.")


def _organise(session: Session, wish: _Wish) -> int:
    wish.check()
    with session.open() as library:
        if wish.rename is not None:
            return _rename(library, wish, *wish.rename)
        if wish.name is None:
            return _list(library, wish)
        if wish.delete:
            return _delete(session, library, wish, wish.name)
        return _label(library, wish, wish.name)


def _list(library: Library, wish: _Wish) -> int:
    counts = library.names(wish.table)
    if wish.as_json:
        click.echo(json_text(dict(counts)))
    elif wish.table == "tags":
        for name, count in counts:
            click.echo(f"{count:>8,}  {one_line(name)}")
    else:
        for branch in labels.collection_tree(library.store):
            click.echo(f"{branch.within:>8,}  {'  ' * branch.depth}{one_line(branch.label)}")
    if not counts:
        say(f"There are no {wish.table}.")
    return Exit.DONE if counts else Exit.PARTLY


def _rename(library: Library, wish: _Wish, old: str, new: str) -> int:
    moves = labels.rename_label(library.store, wish.table, old, new, dry_run=wish.dry_run)
    _tell_moves(library, wish, moves)
    if not wish.dry_run:
        say("`refman undo` takes it back.")
    return Exit.DONE


def _delete(session: Session, library: Library, wish: _Wish, name: str) -> int:
    moves = labels.delete_label(library.store, wish.table, name, dry_run=True)
    if wish.dry_run:
        _tell_moves(library, wish, moves)
        return Exit.DONE
    below = f" with {len(moves) - 1} below it" if len(moves) > 1 else ""
    count = library.count(Term(moves[0].name, wish.noun))
    question = f"Take the {wish.noun} {one_line(moves[0].name)}{below} off {_works(count)}?"
    session.confirm(question, yes=wish.yes)
    _tell_moves(library, wish, labels.delete_label(library.store, wish.table, name))
    say("The works stay; `refman undo` brings it back.")
    return Exit.DONE


def _tell_moves(library: Library, wish: _Wish, moves: Sequence[labels.LabelMove]) -> None:
    if wish.as_json:
        click.echo(json_text([asdict(move) for move in moves]))
    else:
        for move in moves:
            # One that is there only by what is below it goes without saying.
            if move.works or len(moves) == 1:
                say(_told_move(wish, move))
    name = min((move.name for move in moves), key=len)
    for saved in labels.searches_asking(library.store, wish.table, name):
        say(f"The saved search {one_line(saved)} asks for the {wish.noun} {one_line(name)}.")


def _told_move(wish: _Wish, move: labels.LabelMove) -> str:
    name, works = one_line(move.name), _works(move.works)
    if move.to is None:
        return f"{'Would take' if wish.dry_run else 'Took'} {name} off {works}."
    would = "would be" if wish.dry_run else "is now"
    merged = f"; merged with the {wish.noun} of that name" if move.merges else ""
    return f"{name} {would} {one_line(move.to)} ({works}{merged})."


def _label(library: Library, wish: _Wish, name: str) -> int:
    works, complete = works_named(library, wish.keys)
    query = chosen_by(wish.query)
    found = library.rows(query) if query is not None else iter(())
    name = labels.known_name(library.store, wish.table, name)
    chosen = _Counted(chain(works, found))
    if wish.dry_run:
        count = _preview(library, wish, name, chosen)
    else:
        count = library.label(wish.table, name, chosen, on=not wish.remove)
    if wish.as_json:
        report: dict[str, Any] = {wish.noun: name, "changed": count}
        click.echo(json_text(report))
    if chosen.count:
        say(_told(wish, name, count))
    elif wish.query is not None:
        say_nothing_matches(wish.query)
    return Exit.DONE if chosen.count and complete else Exit.PARTLY


class _Counted:
    """Goes through works, and counts them."""

    def __init__(self, works: Iterable[Work | Row]) -> None:
        self._works = works
        self.count = 0

    def __iter__(self) -> Iterator[Work | Row]:
        for work in self._works:
            self.count += 1
            yield work


def _preview(library: Library, wish: _Wish, name: str, chosen: Iterable[Work | Row]) -> int:
    """Print the keys of the works that would change. Returns how many."""
    # With a slash at its end a collection's name means it alone.
    itself = Term(f"{name}/" if wish.table == "collections" else name, wish.noun)
    there = {row.id for row in library.rows(itself)}
    told: set[int] = set()
    for each in chosen:
        if (each.id in there) is wish.remove and each.id not in told:
            told.add(each.id)
            if not wish.as_json:
                click.echo(plain(each.citation_key))
    return len(told)


def _works(count: int) -> str:
    return counted(count, "work")


def _told(wish: _Wish, name: str, count: int) -> str:
    """What was done, or would be, in a sentence."""
    works, name = _works(count), one_line(name)
    if wish.table == "tags":
        way = ("took", f"the tag {name} off") if wish.remove else ("put", f"the tag {name} on")
        told = f"{way[0]} {way[1]} {works}"
    elif wish.remove:
        told = f"took {works} out of the {wish.noun} {name}"
    else:
        told = f"put {works} in the {wish.noun} {name}"
    if wish.dry_run:
        return f"Would have {told.replace('took', 'taken')}."
    return f"{told[0].upper()}{told[1:]}."


_HELP = {
    "tags": """Put a tag on works, take it off with --remove, or, without a name, list the tags.

    What you have read carries the tag `read`: is:read and is:unread in a query ask for it.
    """,
    "collections": """Put works in a collection, take them out with --remove, or, without a name,
    list the collections.

    A `/` in a name makes a tree: Thesis/Chapter 1 is below Thesis. The query collection:Thesis
    finds what is in both, collection:Thesis/ what is in Thesis itself.
    """,
}


def _command(table: str) -> click.Command:
    noun = table.removesuffix("s")
    off = "Take the tag off." if table == "tags" else "Take the works out."
    along = "" if table == "tags" else ", with those below it"

    @click.command(noun, help=_HELP[table])
    @click.argument("name", required=False)
    @click.argument("keys", nargs=-1, metavar="[KEY]...")
    @click.option("--query", metavar="QUERY", help="All works that this finds.")
    @click.option("--remove", is_flag=True, help=off)
    @click.option(
        "--rename", nargs=2, metavar="OLD NEW",
        help=f"Give a {noun} another name{along}; one that exists is merged with it.",
    )  # fmt: skip
    @click.option("--delete", is_flag=True, help=f"Take the {noun} away{along}; the works stay.")
    @click.option("--dry-run", is_flag=True, help="Say what would be changed.")
    @click.option("--yes", "-y", is_flag=True, help="Do not ask.")
    @click.option("--json", "as_json", is_flag=True, help="As JSON.")
    @pass_session
    def command(session: Session, /, **wanted: Any) -> int:
        return _organise(session, _Wish(table=table, **wanted))

    return command


tag_command = _command("tags")
collection_command = _command("collections")
