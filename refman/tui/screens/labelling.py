"""The dialog in which a tag or a collection is written, or picked from those that there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList

from refman.tui.display import one_line
from refman.tui.screens.dialog import Prompt

_MOST = 500
"""Names that are listed; typing finds the others."""


class LabelDialog(Prompt):
    """Gives a name, with `-` before it where the works are to be taken out.

    `names` are those that there are, with how many works are under each; `all_have` are those that
    all of the works are under, which are taken off when they are picked from the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next", show=False, priority=True),
        Binding("up", "step(-1)", "Before", show=False, priority=True),
        Binding("tab", "complete", "Complete", show=False, priority=True),
    ]

    def __init__(
        self,
        question: str,
        details: str,
        names: Sequence[tuple[str, int]],
        all_have: Collection[str] = (),
        some_have: Collection[str] = (),
    ) -> None:
        super().__init__(question, details, [name for name, _ in names])
        self._counts, self._all_have, self._some_have = dict(names), all_have, some_have
        self._found: list[str] = []
        self._list = OptionList(classes="-ansi-scrollbar", compact=True)

    def on_mount(self) -> None:
        """All names."""
        self._list.can_focus = False
        self._list.styles.max_height = 12
        self.query_one(".dialog").mount(self._list)
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only those that have what was typed in them; those that begin with it first."""
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        off = text.startswith("-")
        typed = text.removeprefix("-").strip().casefold()
        pool = [
            name
            for name in self._counts
            if not off or name in self._all_have or name in self._some_have
        ]
        ranked = sorted(
            (not name.casefold().startswith(typed), name not in self._all_have, place)
            for place, name in enumerate(pool)
            if typed in name.casefold()
        )
        self._found = [pool[place] for *_, place in ranked[:_MOST]]
        self._list.clear_options()
        self._list.add_options(self._line(name) for name in self._found)
        self._list.highlighted = None

    def _line(self, name: str) -> Content:
        sign = "✓" if name in self._all_have else "·" if name in self._some_have else " "
        return Content(f"{sign} {one_line(name)}  {self._counts[name]:,}")

    def action_step(self, step: int) -> None:
        """Go through what there is; above the first is what was typed."""
        here = -1 if self._list.highlighted is None else self._list.highlighted
        place = max(-1, min(here + step, len(self._found) - 1))
        self._list.highlighted = place if place >= 0 else None

    def action_complete(self) -> None:
        """Write the name that is picked, or the first one, to go on with it."""
        if self._found:
            line = self.query_one(Input)
            sign = "-" if line.value.startswith("-") else ""
            line.value = sign + self._found[self._list.highlighted or 0]
            line.cursor_position = len(line.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was picked, else what was typed."""
        event.prevent_default()  # of what `Prompt` does
        place = self._list.highlighted
        if place is None:
            self.dismiss(event.value.strip() or None)
        else:
            self._pick(self._found[place], off=event.value.startswith("-"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """What was clicked."""
        self._pick(self._found[event.option_index], off=False)

    def _pick(self, name: str, *, off: bool) -> None:
        self.dismiss(f"-{name}" if off or name in self._all_have else name)
