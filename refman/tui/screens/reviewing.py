"""The screen on which proposals are decided field by field, and mismatches side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from refman.services.editing import text_from_value
from refman.services.reviewing import Decision, MismatchVerdict, Proposal, Review, Verdict
from refman.tui.display import counted, one_line
from refman.tui.screens.comparing import ComparingScreen
from refman.tui.screens.dialog import Prompt
from refman.tui.side_by_side import Line, cell, compared, differ, heads
from refman.tui.summary import NO_TEXT, origin_text
from refman.tui.widgets.comparison import Comparison

Decisions = Mapping[tuple[int, str], Decision]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What the screen asks for. Each may raise `RefmanError`."""

    find: Callable[[], Awaitable[Review | None]]
    """The next work about which something is to be decided."""
    decide: Callable[[int, Decisions], Awaitable[None]]
    settle: Callable[[int, MismatchVerdict], Awaitable[None]]
    accept_kind: Callable[[Proposal], Awaitable[int]]
    """Accept what this source proposes for this field in all works; how many those were."""


class ReviewScreen(ComparingScreen):
    """Gives how many works were decided on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,n", "next", "Save, next", key_display="Enter"),
        Binding("a", "decide('accept')", "Accept"),
        Binding("r", "decide('reject')", "Reject"),
        Binding("e", "edit", "Edit"),
        Binding("A", "decide_all('accept')", "Accept all"),
        Binding("R", "decide_all('reject')", "Reject all"),
        Binding("K", "accept_kind", "Accept field everywhere"),
        Binding("b", "settle('believe')", "It is this work"),
        Binding("d", "settle('dismiss')", "It is another"),
        Binding("x", "settle('drop-doi')", "Take the DOI off"),
        Binding("escape", "give_up", "Close", key_display="Esc"),
    ]

    def __init__(self, reviewer: Reviewer) -> None:
        super().__init__("Looking for what is proposed …", "review-fields")
        self._reviewer = reviewer
        self._review: Review | None = None
        self._decisions: dict[tuple[int, str], Decision] = {}
        self._mismatch = False
        self._number = 0
        self._busy = True

    def on_mount(self) -> None:
        """Look for the first one."""
        self._start(self._advance)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only the keys that mean something for what is shown."""
        if action in ("decide", "decide_all", "edit", "accept_kind"):
            return self._review is not None and not self._mismatch
        if action == "settle":
            return self._review is not None and self._mismatch
        return True

    # What is shown

    async def _advance(self) -> None:
        review = self._review
        if review is not None and not self._mismatch and review.mismatches:
            self._mismatch = True
        else:
            review = await self._reviewer.find()
            self._number += 1
            self._mismatch = review is not None and not review.proposals
        self._review, self._decisions = review, {}
        self._draw(0)
        self.refresh_bindings()
        self._fields.focus()

    def _draw(self, cursor: int | None = None) -> None:
        review = self._review
        if review is None:
            if not self._busy or self._number:
                more = "more " if self._number else ""
                self._title.update(Content(f"Nothing {more}is to be decided. Esc closes."))
                self._heads.update(Content(""))
                self._fields.show((), 2)
                self._say("")
            return
        key = one_line(review.work.citation_key)
        title = one_line(review.work.description.title or "")
        width = self._fields.scrollable_content_region.width
        if self._mismatch:
            self._title.update(Content(f"Is {key} what its DOI leads to?  {title}"))
            names = ("In the library", f"At its DOI ({origin_text(review.mismatches[0])})")
            lines = _mismatch_lines(review)
        else:
            self._title.update(Content(f"{self._number} · {key}  {title}"))
            names = ("Now", "Proposed")
            lines = [self._line(proposal) for proposal in review.proposals]
        self._heads.update(Content(heads(names, width)))
        self._fields.show(lines, 2, cursor)
        self._tell()

    def _line(self, proposal: Proposal) -> Line:
        decision = self._decisions.get(_place(proposal))
        sign, chosen = " ", None
        new = cell(proposal.field, proposal.new)
        if decision is Verdict.ACCEPT:
            sign, chosen = "+", 1
        elif decision is Verdict.REJECT:
            sign, chosen = "-", 0
        elif decision is not None:
            sign, chosen, new = "e", 1, str(decision)
        old = cell(proposal.field, proposal.old)
        return Line(proposal.field.replace("_", " "), (old, new), True, sign, chosen)

    def _tell(self) -> None:
        if self._mismatch or self._review is None:
            self._say("Nothing of the other record was taken over. Which is it?")
            return
        proposal = self._current
        if proposal is not None and not self._busy:
            left = len(self._review.proposals) - len(self._decisions)
            self._say(f"{proposal.source}, {counted(left, 'field')} open")

    @property
    def _current(self) -> Proposal | None:
        review = self._review
        if review is None or self._mismatch or not review.proposals:
            return None
        return review.proposals[self._fields.cursor]

    # What the keys do

    def action_decide(self, verdict: str) -> None:
        """Accept or reject the field, or take that back; go to the next."""
        proposal = self._current
        if proposal is None:
            return
        if self._decisions.get(_place(proposal)) is Verdict(verdict):
            del self._decisions[_place(proposal)]
            self._draw()
        else:
            self._decisions[_place(proposal)] = Verdict(verdict)
            self._draw(self._fields.cursor + 1)

    def action_decide_all(self, verdict: str) -> None:
        """Accept or reject what is still open of this work."""
        if self._review is not None:
            for proposal in self._review.proposals:
                self._decisions.setdefault(_place(proposal), Verdict(verdict))
            self._draw()

    def action_edit(self) -> None:
        """Write another text in place of what is proposed."""
        proposal = self._current
        if proposal is None or proposal.field in NO_TEXT:
            return
        before = "" if proposal.new is None else text_from_value(proposal.field, proposal.new)

        def edited(text: str | None) -> None:
            if text is not None:
                self._decisions[_place(proposal)] = text
                self._draw(self._fields.cursor + 1)

        name = proposal.field.replace("_", " ")
        prompt = Prompt(f"Take over for {name}", "Your own word, as an edit.", value=before)
        self.app.push_screen(prompt, edited)

    def action_accept_kind(self) -> None:
        """Accept what this source proposes for this field, in this work and in all others."""
        proposal = self._current
        if proposal is None or self._busy:
            return

        async def accept() -> None:
            self._say(f"Looking for every {proposal.field} of {proposal.source} …")
            works = await self._reviewer.accept_kind(proposal)
            self._done += works
            self.app.notify(f"Accepted {proposal.field} in {counted(works, 'work')}. u undoes.")
            await self._decided_and_on()

        self._start(accept)

    def action_settle(self, verdict: str) -> None:
        """Decide on a mismatch, and go on."""
        review = self._review
        if review is None or self._busy:
            return

        async def settle() -> None:
            await self._reviewer.settle(review.work.id, MismatchVerdict(verdict))
            self._done += 1
            await self._advance()

        self._start(settle)

    def action_next(self) -> None:
        """Save what was decided of this work, and go on to the next one."""
        if self._review is not None and not self._busy:
            self._start(self._decided_and_on)

    async def _decided_and_on(self) -> None:
        if self._review is not None and self._decisions:
            await self._reviewer.decide(self._review.work.id, dict(self._decisions))
            self._done += 1
        await self._advance()

    def on_comparison_clicked(self, message: Comparison.Clicked) -> None:
        """A click on what is proposed accepts it, one on what there is rejects."""
        if message.side is not None and self._current is not None:
            self.action_decide("accept" if message.side == 1 else "reject")

    def on_comparison_moved(self) -> None:
        """Say who proposes it."""
        self._tell()

    def action_give_up(self) -> None:
        """Close. What was decided of this work and not saved is saved first."""
        review, decisions = self._review, dict(self._decisions)
        if review is None or not decisions or self._mismatch:
            self.dismiss(self._done)
            return

        async def leave() -> None:
            await self._reviewer.decide(review.work.id, decisions)
            self.dismiss(self._done + 1)

        self._start(partial(leave))


def _place(proposal: Proposal) -> tuple[int, str]:
    return (proposal.record.id or 0, proposal.field)


def _mismatch_lines(review: Review) -> list[Line]:
    sides = [review.work.description, review.mismatches[0].description]
    return [
        Line(field.replace("_", " "), tuple(cell(field, value) for value in values), differ(values))
        for field, values in compared(sides)
    ]
