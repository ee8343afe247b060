"""Deeds by which a person decides: on proposals, on mismatches, on duplicates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from refman.errors import RefmanError
from refman.model import Work
from refman.rules.duplicates import Comparison, Group, Kind, Pair
from refman.services import duplicates, reviewing
from refman.services.library import Library, utc_now
from refman.services.reviewing import Decision, MismatchVerdict, Proposal, Review, Verdict
from refman.tui import state
from refman.tui.display import counted
from refman.tui.library_thread import LibraryThread
from refman.tui.screens.duplicates import Alike, DuplicatesScreen, Matchmaker, Sides
from refman.tui.screens.reviewing import Decisions, Reviewer, ReviewScreen

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


async def review(screen: MainScreen) -> None:
    """Decide on what is proposed: of the marked works, else of this one and all that are listed."""
    view, writer = screen.view, screen.desk.writer
    row, marked, node = view.current, [*view.marked], view.listing.node
    stop = threading.Event()

    def wanted(library: Library) -> Iterable[Work]:
        if marked:
            return library.store.works(marked)
        here = 0 if row is None else row.id
        others = (work for work in library.store.iterate(node) if work.id != here)
        return chain(library.store.works([here]), others)

    def found(library: Library) -> Iterator[Review]:
        for work in wanted(library):
            if stop.is_set():
                return
            review = reviewing.review(library.store, work)
            if review.is_open:
                yield review

    async with screen.desk.another() as thread:
        reviews = await thread.ask(found)

        async def decide(work_id: int, decisions: Decisions) -> None:
            await writer.ask(
                lambda library: reviewing.decide(library.store, work_id, decisions, utc_now())
            )

        async def settle(work_id: int, verdict: MismatchVerdict) -> None:
            await writer.ask(
                lambda library: reviewing.settle_mismatch(
                    library.store, work_id, verdict, utc_now()
                )
            )

        async def accept_kind(proposal: Proposal) -> int:
            return await writer.ask(lambda library: _accept_kind(library, found(library), proposal))

        reviewer = Reviewer(
            lambda: thread.ask(lambda _: next(reviews, None)), decide, settle, accept_kind
        )
        done = await screen.app.push_screen_wait(ReviewScreen(reviewer))
        stop.set()
    if done:
        screen.say(f"Decided on {counted(done, 'work')}. u undoes, one after the other.")
    await screen.reload()


def _accept_kind(library: Library, reviews: Iterable[Review], like: Proposal) -> int:
    """Accept what a source proposes for a field, of all these works, as one change."""
    wanted: dict[int, dict[tuple[int, str], Decision]] = {}
    for review in reviews:
        for proposal in review.proposals:
            if proposal.field == like.field and proposal.source == like.source:
                place = (proposal.record.id or 0, proposal.field)
                wanted.setdefault(review.work.id, {})[place] = Verdict.ACCEPT
    reviewing.decide_all(library.store, wanted, utc_now())
    return len(wanted)


async def settle_duplicates(screen: MainScreen) -> None:
    """Compare what looks alike: the marked works, else all of which one at least is listed."""
    view, writer = screen.view, screen.desk.writer
    marked, node = [*view.marked], view.listing.node
    stop = threading.Event()

    async with screen.desk.another() as thread:

        async def find(told: Callable[[int], None]) -> Sequence[Alike]:
            if len(marked) > 1:
                return [Alike(tuple(marked), 0, chosen=True)]

            def progress(done: int) -> None:
                told(done)
                if stop.is_set():
                    raise RefmanError("The search for duplicates was stopped.")

            found = await thread.ask(lambda it: duplicates.find(it.store, node, progress))
            groups = sorted(found.groups, key=lambda group: -group.score)
            pairs = [
                Alike((pair.a, pair.b), pair.comparison.score, True) for pair in found.versions
            ]
            return [*(Alike(group.works, group.score) for group in groups), *pairs]

        async def load(group: Alike) -> Sides:
            def ask(library: Library) -> Sides:
                works = library.store.works(group.works)
                return Sides(works, reviewing.merged(library.store, works))

            return await thread.ask(ask)

        matchmaker = Matchmaker(find, load, *_matchmaking(writer))
        done = await screen.app.push_screen_wait(
            DuplicatesScreen(matchmaker, await screen.desk.counter.ask(Library.count))
        )
        stop.set()
    if done:
        screen.become(state.unmarked(screen.view))
        screen.say(f"Decided on {counted(done, 'group')}. u undoes, one after the other.")
    await screen.reload()


def _matchmaking(writer: LibraryThread) -> tuple[Any, Any, Any, Any]:
    """What is done with groups, in the thread that writes: see `Matchmaker`."""

    async def merge(works: Sequence[Work], into: Work, chosen: Mapping[str, Any]) -> None:
        await writer.ask(
            lambda it: reviewing.merge_choosing(it.store, works, into, chosen, utc_now())
        )

    async def merge_all(groups: Sequence[Alike]) -> int:
        certain = [Group(group.works, group.score) for group in groups]
        return await writer.ask(lambda it: duplicates.merge_groups(it.store, certain))

    async def keep_apart(works: Sequence[Work]) -> None:
        await writer.ask(lambda it: duplicates.keep_apart(it.store, works))

    async def link(works: Sequence[Work]) -> None:
        a, b = sorted(work.id for work in works)
        pair = Pair(a, b, Comparison(Kind.VERSIONS, 1))
        await writer.ask(lambda it: duplicates.link(it.store, [pair], utc_now()))

    return merge, merge_all, keep_apart, link
