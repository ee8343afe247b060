"""Deeds that put works under tags and in collections, and that rename and take away those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from refman.errors import UsageError
from refman.services import labels, searches
from refman.services.labels import LabelMove
from refman.services.library import Library
from refman.tui import places, state
from refman.tui.display import counted, one_line
from refman.tui.places import ALL, Place
from refman.tui.screens.dialog import Confirm, Prompt
from refman.tui.screens.labelling import LabelDialog
from refman.tui.state import chosen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen

_TABLES = {"tag": "tags", "collection": "collections"}
_LOOKED_AT = 1_000
"""Works that are asked which names they have, to mark those in the list."""


async def tag(screen: MainScreen) -> None:
    """Put what is chosen under a tag; with `-` before it, take it out."""
    await _label(screen, "tags", "Tag {}", "A name; -name takes it off. ↓ picks, Tab completes.")


async def collect(screen: MainScreen) -> None:
    """Put what is chosen in a collection; with `-` before it, take it out."""
    details = "A collection, as Thesis/Chapter 2; -name takes it out. ↓ picks, Tab completes."
    await _label(screen, "collections", "Put {} in", details)


async def _label(screen: MainScreen, table: str, question: str, details: str) -> None:
    works = chosen(screen.view)
    if not works:
        screen.say("There is no work to put anywhere.")
        return
    ids = [*works]

    def known(library: Library) -> tuple[list[tuple[str, int]], Counter[str], int]:
        some = library.store.works(ids[:_LOOKED_AT])
        have = Counter(name for work in some for name in getattr(work, table))
        return library.names(table), have, len(some)

    names, have, looked_at = await screen.desk.reader.ask(known)
    everywhere = looked_at if len(ids) <= _LOOKED_AT else len(ids)
    what = one_line(next(iter(works.values()))) if len(works) == 1 else f"{len(works):,} works"
    dialog = LabelDialog(
        question.format(what),
        details,
        names,
        {name for name, count in have.items() if count == everywhere},
        {*have},
    )
    answer = await screen.app.push_screen_wait(dialog)
    if answer is None:
        return
    name, on = answer.removeprefix("-").strip(), not answer.startswith("-")
    count = await screen.desk.writer.ask(
        lambda library: library.label(table, name, library.store.works(ids), on=on)
    )
    shown, number = one_line(name), counted(count, "work")
    if table == "tags":
        told = f"Tagged {number}: {shown}" if on else f"Took the tag off {number}: {shown}"
    else:
        told = f"Put {number} in {shown}" if on else f"Put {number} out of {shown}"
    screen.say(f"{told}. u undoes." if count else f"{told}.")
    await screen.reload()


# What the places of the sidebar are called


async def rename(screen: MainScreen) -> None:
    """Give the tag, collection or saved search that the sidebar is at another name."""
    kind, name = _named(screen)
    noun = "saved search" if kind == "search" else kind
    answer = await screen.app.push_screen_wait(
        Prompt(f"Rename the {noun} {one_line(name)}", "Its works go along.", value=name)
    )
    if answer is None or answer == name:
        return
    if kind == "search":
        to = answer
        await screen.desk.writer.ask(lambda library: searches.rename(library.store, name, to))
        told = f"The search {one_line(name)} is now {one_line(answer)}."
    else:
        move = partial(_renamed, table=_TABLES[kind], name=name, to=answer)
        moves = await screen.desk.reader.ask(partial(move, dry_run=True))
        merging = [one_line(each.to or "") for each in moves if each.merges]
        if merging:
            question = Confirm(
                f"Merge it with {merging[0]}?",
                f"There is a {noun} of that name already.",
                "Merge",
            )
            if not await screen.app.push_screen_wait(question):
                return
        moves = await screen.desk.writer.ask(partial(move, dry_run=False))
        answer = moves[0].to or answer
        told = f"{one_line(name)} is now {one_line(answer)}."
    screen.say(f"{told} u undoes.")
    await screen.reload()
    await _go_on(screen, f"{kind}/{answer}")


def _renamed(
    library: Library, *, table: str, name: str, to: str, dry_run: bool
) -> Sequence[LabelMove]:
    return labels.rename_label(library.store, table, name, to, dry_run=dry_run)


async def take_away(screen: MainScreen) -> None:
    """Take away the tag, collection or saved search that the sidebar is at; the works stay."""
    kind, name = _named(screen)
    shown = one_line(name)
    if kind == "search":
        question = Confirm(f"Forget the search {shown}?", "The works stay.", "Forget it")
        if not await screen.app.push_screen_wait(question):
            return
        await screen.desk.writer.ask(lambda library: library.save_search(name, None))
        told = f"Forgot {shown}."
    else:
        take = partial(_taken_away, table=_TABLES[kind], name=name)
        moves = await screen.desk.reader.ask(partial(take, dry_run=True))
        details = f"{counted(moves[0].works, 'work')} are under it; the works stay."
        if len(moves) > 1:
            details = f"With the {counted(len(moves) - 1, 'collection')} below it; the works stay."
        question = Confirm(f"Take away the {kind} {shown}?", details, "Take it away")
        if not await screen.app.push_screen_wait(question):
            return
        await screen.desk.writer.ask(partial(take, dry_run=False))
        told = f"Took away the {kind} {shown}."
    screen.say(f"{told} u undoes.")
    await screen.reload()
    await _go_on(screen, ALL.name)


def _taken_away(library: Library, *, table: str, name: str, dry_run: bool) -> Sequence[LabelMove]:
    return labels.delete_label(library.store, table, name, dry_run=dry_run)


def _named(screen: MainScreen) -> tuple[str, str]:
    """The kind and the name of the place that is listed. Raises `UsageError` for any other."""
    kind, slash, name = screen.view.listing.place.name.partition("/")
    if not slash or kind not in (*_TABLES, "search"):
        raise UsageError("Go to a tag, a collection or a saved search in the sidebar first.")
    return kind, name


async def _go_on(screen: MainScreen, name: str) -> None:
    """Show the sidebar as it is by now, and list the place of that name in it."""
    arranged = places.arranged(await screen.desk.labels())
    folded = name.casefold()
    place: Place = next((each for each in arranged if each.name.casefold() == folded), ALL)
    screen.sidebar.show(arranged)
    screen.sidebar.choose(place)
    screen.go(state.placed(screen.view, place))
    screen.survey()
