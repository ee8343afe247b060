"""Deeds by which a person decides: on proposals, on mismatches, on duplicates."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from refman.model import Work
from refman.services import reviewing
from refman.services.library import Library, utc_now
from refman.services.reviewing import Decision, MismatchVerdict, Proposal, Review, Verdict
from refman.tui.display import counted
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
