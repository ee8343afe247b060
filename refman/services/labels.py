"""The names of tags and collections: how they are kept, given anew and taken away.

Collections make a tree by the `/` in their names: `Thesis/Chapter 1` is below `Thesis`, and goes
along where that gets another name or is taken away. Tags are a flat list.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refman.errors import NotFoundError, UsageError
from refman.rules.query import Term, parse, terms_in
from refman.text.counting import counted

if TYPE_CHECKING:
    from refman.store import Reader, Store
    from refman.store.belongings import BelongingsWriter
    from refman.store.labels import LabelRow

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MAX_NAME = 500
"""Characters of a name."""


def label_name(text: str, of: str = "A tag or collection") -> str:
    """A name as it is kept: on one line, without control characters. Raises `UsageError`.

    `of` says in the error what it should have been a name of.
    """
    name = " ".join(unicodedata.normalize("NFC", CONTROL.sub("", text)).split())
    if not name:
        raise UsageError(f"{of} needs a name.")
    if len(name) > MAX_NAME:
        raise UsageError(f"A name has at most {MAX_NAME} characters; this one has {len(name):,}.")
    return name


def collection_name(text: str) -> str:
    """The name of a collection as it is kept: `Thesis / Chapter 1/` is `Thesis/Chapter 1`.

    Raises `UsageError`.
    """
    parts = [part.strip() for part in label_name(text).split("/")]
    return label_name("/".join(part for part in parts if part))


def name_in(table: str, text: str) -> str:
    """A name as it is kept in `tags` or `collections`. Raises `UsageError`."""
    return collection_name(text) if table == "collections" else label_name(text)


@dataclass(frozen=True, slots=True)
class LabelMove:
    """A name that becomes another one, or with None goes."""

    name: str
    to: str | None
    works: int
    """How many works are under it."""
    merges: bool = False
    """Whether there are works under the other name already."""


def rename_label(
    store: Store, table: str, name: str, to: str, *, dry_run: bool = False
) -> Sequence[LabelMove]:
    """Give a name of `tags` or `collections` another spelling, as one change.

    Where the other is in use already, the two are merged; what is below a collection goes along.
    Returns what became of which name; with `dry_run` nothing is changed. Raises `NotFoundError`
    for a name that is not in use, `UsageError` for one that cannot be.
    """
    to = name_in(table, to)
    if dry_run:
        moves = _renamed(store, table, name, to)
    else:
        # What is there is asked inside: somebody may be putting works below the old name.
        with store.writing() as writer:
            moves = _renamed(writer, table, name, to)
            old = min((move.name for move in moves), key=len)
            _move(writer, table, f"{_noun(table)} {old} is now {to}", moves)
    return sorted(moves, key=lambda move: _path(move.name))


def _renamed(reader: Reader, table: str, name: str, to: str) -> list[LabelMove]:
    """What becomes of a name and of those below it, in the order in which it is to be done."""
    rows = _known(reader, table, name)
    old = rows[0].name
    if old == to:
        raise UsageError(f"It is {old} already.")
    leaving = {_folded(row.name) for row in rows}
    moves = []
    for row in rows:
        target = name_in(table, to + row.name[len(old) :])
        merges = _folded(target) not in leaving and bool(reader.labels(table, target))
        moves.append(LabelMove(row.name, target, row.works, merges))
    # One name may become what another one was: that one must have left before.
    moves.sort(key=lambda move: len(move.name), reverse=len(to) > len(old))
    return moves


def delete_label(
    store: Store, table: str, name: str, *, dry_run: bool = False
) -> Sequence[LabelMove]:
    """Take a name of `tags` or `collections` away, with what is below it, as one change.

    The works stay. Returns what became of which name; with `dry_run` nothing is changed. Raises
    `NotFoundError` for a name that is not in use.
    """
    if dry_run:
        return _deleted(store, table, name)
    with store.writing() as writer:
        moves = _deleted(writer, table, name)
        told = counted(writer.count(Term(moves[0].name, _noun(table))), "work")
        _move(writer, table, f"{_noun(table)} {moves[0].name} taken off {told}", moves)
    return moves


def _deleted(reader: Reader, table: str, name: str) -> list[LabelMove]:
    return [LabelMove(row.name, None, row.works) for row in _known(reader, table, name)]


def known_name(store: Reader, table: str, name: str) -> str:
    """A name as it is in use in `tags` or `collections`, or as it would be. Raises `UsageError`."""
    typed = label_name(name)
    known = store.labels(table, typed)
    return known[0].name if known else name_in(table, name)


def searches_asking(store: Store, table: str, name: str) -> list[str]:
    """The saved searches that ask for a name of `tags` or `collections`, or for one below it."""
    wanted, field = _folded(name), _noun(table)

    def asks(term: Term) -> bool:
        asked = _folded(term.text).rstrip("/")
        below = table == "collections" and asked.startswith(f"{wanted}/")
        return term.field == field and (asked == wanted or below)

    found = []
    for saved, query in store.saved_searches():
        # One that cannot be read, from another version perhaps, is told where it is used.
        with contextlib.suppress(UsageError):
            if any(map(asks, terms_in(parse(query)))):
                found.append(saved)
    return found


def _known(store: Reader, table: str, name: str) -> list[LabelRow]:
    """A name that is in use, or has some below it, and those: the name itself comes first."""
    below = table == "collections"
    named = known_name(store, table, name)
    rows = store.labels(table, named, below=below)
    if not rows:
        raise NotFoundError(
            f"There is no {_noun(table)} {named}.",
            hint=f"`refman {_noun(table)}` lists those that there are.",
        )
    rows.sort(key=lambda row: _path(row.name))
    if _folded(rows[0].name) != _folded(named):
        # A collection that has nothing in it itself is there by what is below it.
        from refman.store.labels import LabelRow  # noqa: PLC0415

        rows.insert(0, LabelRow(rows[0].name[: len(named)], 0))
    return rows


def _move(writer: BelongingsWriter, table: str, summary: str, moves: Iterable[LabelMove]) -> None:
    change = writer.change("user", _noun(table), summary)
    for move in moves:
        writer.move_label(change, table, move.name, move.to)
    writer.forget_if_empty(change)


def _noun(table: str) -> str:
    return table.removesuffix("s")


def _folded(name: str) -> str:
    """The name as the library compares it: without the capitals of the Latin alphabet."""
    return name.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _path(name: str) -> list[str]:
    return _folded(name).split("/")


@dataclass(frozen=True, slots=True)
class Branch:
    """A collection in the tree of all."""

    name: str
    """The whole name; one that is there only by what is below it has one, too."""
    depth: int
    works: int
    """How many works are in it itself."""
    within: int
    """How many are in it and below it, each counted once."""

    @property
    def label(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]


def collection_tree(store: Store) -> Sequence[Branch]:
    """The collections as a tree, each one before those below it."""
    known: dict[str, tuple[str, int]] = {}
    parents: set[str] = set()
    for name, count in store.names("collections"):
        known[_folded(name)] = (name, count)
        while (at := name.rfind("/")) > 0:
            name = name[:at]  # noqa: PLW2901
            parents.add(_folded(name))
            known.setdefault(_folded(name), (name, 0))
    branches = []
    for folded, (name, works) in sorted(known.items(), key=lambda item: item[0].split("/")):
        within = store.count(Term(name, "collection")) if folded in parents else works
        branches.append(Branch(name, name.count("/"), works, within))
    return branches
