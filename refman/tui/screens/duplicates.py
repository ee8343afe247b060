"""The screen on which works that look alike are compared, merged, linked or kept apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from refman.model import Description, Work
from refman.tui.display import counted, one_line
from refman.tui.messages import Compared
from refman.tui.screens.comparing import ComparingScreen
from refman.tui.screens.dialog import Confirm
from refman.tui.side_by_side import Line, cell, compared, differ, heads
from refman.tui.widgets.comparison import Comparison

_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Alike:
    """Works that look like one, or (with `versions`) like a preprint and what came of it."""

    works: tuple[int, ...]
    score: float
    versions: bool = False
    chosen: bool = False
    """Somebody put them together; nothing says that they are one."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The works of one group, and what would come of a merge."""

    works: Sequence[Work]
    merged: Description


@dataclass(frozen=True, slots=True)
class Matchmaker:
    """What the screen asks for. Each may raise `RefmanError`."""

    find: Callable[[Callable[[int], None]], Awaitable[Sequence[Alike]]]
    """All groups; the callable is told how many works have been compared."""
    load: Callable[[Alike], Awaitable[Sides]]
    merge: Callable[[Sequence[Work], Work, Mapping[str, Any]], Awaitable[None]]
    merge_all: Callable[[Sequence[Alike]], Awaitable[int]]
    keep_apart: Callable[[Sequence[Work]], Awaitable[None]]
    link: Callable[[Sequence[Work]], Awaitable[None]]


class DuplicatesScreen(ComparingScreen):
    """Gives how many groups were decided on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "merge", "Merge"),
        Binding("a", "keep_apart", "Keep apart"),
        Binding("n,enter", "next", "Next", key_display="n"),
        Binding("left,h", "choose(-1)", "Take the left", key_display="←"),
        Binding("right,l", "choose(1)", "the right", key_display="→"),
        Binding("i", "into", "Which key stays"),
        Binding("v", "link", "Link the versions"),
        Binding("M", "merge_all", "Merge all certain"),
        Binding("p", "before", "Before", show=False),
        Binding("escape", "give_up", "Close", key_display="Esc"),
    ]

    def __init__(self, matchmaker: Matchmaker, total: int | None) -> None:
        super().__init__("Comparing …", "duplicate-fields")
        self._ask, self._total = matchmaker, total
        self._found: list[Alike] = []
        self._place = -1
        self._sides: Sides | None = None
        self._rows: list[tuple[str, list[Any]]] = []
        self._chosen: dict[str, int] = {}
        self._into = 0

    def on_mount(self) -> None:
        """Look for duplicates."""

        async def find() -> None:
            told = lambda done: void(self.post_message(Compared(done)))  # noqa: E731
            self._found = list(await self._ask.find(told))
            await self._show(0)

        self._start(find)

    def on_compared(self, message: Compared) -> None:
        """Say how far the comparing is."""
        if self._place < 0:
            of = "" if self._total is None else f" of {self._total:,}"
            self._title.update(Content(f"Comparing … {message.done:,}{of} works. Esc stops."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only the keys that mean something for what is shown."""
        if action in ("merge", "keep_apart", "choose", "into"):
            return self._sides is not None
        if action == "link":
            return self._sides is not None and self._found[self._place].versions
        return True

    # What is shown

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        if not self._busy:
            super()._start(work)

    async def _show(self, place: int) -> None:
        self._place = max(0, place)
        self._sides, self._chosen, self._into = None, {}, 0
        while self._place < len(self._found):
            sides = await self._ask.load(self._found[self._place])
            if len(sides.works) > 1:
                self._sides = sides
                self._rows = compared([work.description for work in sides.works])
                break
            del self._found[self._place]
        self._draw(0)
        self.refresh_bindings()
        self._fields.focus()

    def _draw(self, cursor: int | None = None) -> None:
        sides = self._sides
        if sides is None:
            if self._place >= 0:
                none = "No duplicates." if not self._found and not self._done else "That was all."
                self._title.update(Content(f"{none} Esc closes."))
                self._heads.update(Content(""))
                self._fields.show((), 2)
                self._say("")
            return
        group = self._found[self._place]
        what = "A preprint and what was published of it" if group.versions else "One work"
        sure = ", certain" if group.score == 1 else ", likely"
        if group.chosen:
            what, sure = f"The {counted(len(group.works), 'marked work')}", ""
        elif group.versions:
            sure = ""
        self._title.update(Content(f"{self._place + 1} of {len(self._found)} · {what}{sure}"))
        shown = self._shown
        names = [
            ("● " if place == self._into else "  ") + one_line(work.citation_key)
            for place, work in enumerate(sides.works[:shown])
        ]
        self._heads.update(Content(heads(names, self._fields.scrollable_content_region.width)))
        self._fields.show([self._line(*row) for row in self._rows], shown, cursor)
        hidden = len(sides.works) - shown
        more = f"{counted(hidden, 'more work')} not in sight. " if hidden > 0 else ""
        self._say(f"{more}What is underlined stands after a merge; all keys lead to it.")

    @property
    def _shown(self) -> int:
        """How many works there is room for beside each other."""
        works = len(self._sides.works) if self._sides is not None else 2
        width = self._fields.scrollable_content_region.width
        return max(2, min(works, (width - 17) // (_NARROWEST + 1)))

    def _line(self, field: str, values: Sequence[Any]) -> Line:
        chosen = self._side_of(field, values)
        cells = tuple(cell(field, value) for value in values[: self._shown])
        sign = "*" if field in self._chosen else " "
        return Line(field.replace("_", " "), cells, differ(values), sign, chosen)

    def _side_of(self, field: str, values: Sequence[Any]) -> int | None:
        """Which side's value would stand."""
        if field in self._chosen:
            return self._chosen[field]
        assert self._sides is not None
        stands = getattr(self._sides.merged, field)
        return next((place for place, value in enumerate(values) if value == stands), None)

    # What the keys do

    def action_choose(self, step: int) -> None:
        """Have another side's value stand for the field under the cursor."""
        if self._sides is None or not self._rows:
            return
        field, values = self._rows[self._fields.cursor]
        here = self._side_of(field, values)
        self._choose((0 if here is None else here + step) % self._shown)

    def _choose(self, side: int) -> None:
        field, _ = self._rows[self._fields.cursor]
        self._chosen[field] = side
        self._draw()

    def on_comparison_clicked(self, message: Comparison.Clicked) -> None:
        """A click on a value has it stand."""
        if message.side is not None and self._sides is not None and message.side < self._shown:
            self._choose(message.side)

    def action_into(self) -> None:
        """Have the next work's citation key stand."""
        if self._sides is not None:
            self._into = (self._into + 1) % self._shown
            self._draw()

    def action_merge(self) -> None:
        """Make one work of them, and go on."""
        sides = self._sides
        if sides is None:
            return
        values = dict(self._rows)
        chosen = {
            field: values[field][side]
            for field, side in self._chosen.items()
            if values[field][side] != getattr(sides.merged, field)
        }
        into = sides.works[self._into]

        def merge(agreed: bool | None) -> None:
            if agreed:
                self._decide(lambda: self._ask.merge(sides.works, into, chosen))

        if len(sides.works) <= self._shown:
            merge(True)
            return
        question = f"Merge {counted(len(sides.works), 'work')} into one, not all of them in sight?"
        self.app.push_screen(Confirm(question, "One change; u undoes it.", "Merge"), merge)

    def action_keep_apart(self) -> None:
        """Note that they are not one, and go on."""
        sides = self._sides
        if sides is not None:
            self._decide(lambda: self._ask.keep_apart(sides.works))

    def action_link(self) -> None:
        """Note that one is a version of the other, and go on."""
        sides = self._sides
        if sides is not None:
            self._decide(lambda: self._ask.link(sides.works))

    def _decide(self, deed: Callable[[], Awaitable[None]]) -> None:
        async def decide() -> None:
            await deed()
            self._done += 1
            del self._found[self._place]
            await self._show(self._place)

        self._start(decide)

    def action_next(self) -> None:
        """Leave these as they are."""
        if self._place < len(self._found):
            self._start(lambda: self._show(self._place + 1))

    def action_before(self) -> None:
        """Go back to the group before."""
        if self._place > 0:
            self._start(lambda: self._show(self._place - 1))

    def action_merge_all(self) -> None:
        """Merge all groups that are certain, after a question."""
        certain = [group for group in self._found if group.score == 1 and not group.versions]
        if not certain or self._busy:
            self._say("No group is certain.")
            return

        def merge(agreed: bool | None) -> None:
            if agreed:
                self._start(work)

        async def work() -> None:
            gone = await self._ask.merge_all(certain)
            self._done += len(certain)
            self._found = [group for group in self._found if group not in certain]
            self.app.notify(f"Merged {counted(gone, 'duplicate')}. u undoes.")
            await self._show(0)

        question = f"Merge {counted(len(certain), 'group')} of works that are certainly one?"
        self.app.push_screen(Confirm(question, "One change; u undoes it.", "Merge"), merge)

    def action_give_up(self) -> None:
        """Close."""
        self.dismiss(self._done)


def void(_: object) -> None:
    """Nothing: a callback's answer is of no interest."""
