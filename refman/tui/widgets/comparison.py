"""Fields of several sides, beside each other, with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from refman.tui.side_by_side import Drawn, Line, column_width, drawn, label_width


class Comparison(ScrollView, can_focus=True):
    """`show` gives it what to draw."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "comparison--cursor",
        "comparison--chosen",
        "comparison--same",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next field", show=False),
        Binding("up,k", "move(-1)", "Field before", show=False),
        Binding("pagedown,ctrl+d", "move(8)", "Further down", show=False),
        Binding("pageup,ctrl+u", "move(-8)", "Further up", show=False),
        Binding("g,home", "move(-1000)", "First", show=False),
        Binding("G,end", "move(1000)", "Last", show=False),
    ]

    cursor = reactive(0, repaint=False)

    class Moved(Message):
        """The cursor is on another field."""

    class Clicked(Message):
        """A side of a field was clicked."""

        def __init__(self, index: int, side: int | None) -> None:
            super().__init__()
            self.index, self.side = index, side

    def __init__(self, *, id: str, classes: str = "") -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[Line] = ()
        self._sides = 1
        self._drawn: list[Drawn] = []

    def show(self, lines: Sequence[Line], sides: int, cursor: int | None = None) -> None:
        """Draw these fields of so many sides."""
        self._lines, self._sides = lines, sides
        wanted = self.cursor if cursor is None else cursor
        self.set_reactive(Comparison.cursor, max(0, min(wanted, len(lines) - 1)))
        self._lay_out()

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on a field."""
        return max(0, min(cursor, len(self._lines) - 1))

    def watch_cursor(self) -> None:
        """Draw it, and say so."""
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """The sides have another width."""
        self._lay_out()

    def action_move(self, step: int) -> None:
        """Go to another field."""
        self.cursor += step

    def on_click(self, event: events.Click) -> None:
        """Go to the field that was clicked, and say which side it was."""
        y = self.scroll_offset.y + event.y
        if y < len(self._drawn):
            self.cursor = self._drawn[y].index
            x = event.x - label_width() - 1
            each = column_width(self._width, self._sides) + 1
            side = x // each if 0 <= x < each * self._sides else None
            self.post_message(self.Clicked(self.cursor, side))

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _lay_out(self) -> None:
        self._drawn = drawn(self._lines, self._width, self._sides)
        self.virtual_size = Size(self._width, len(self._drawn))
        self._keep_in_sight()
        self.refresh()

    def _keep_in_sight(self) -> None:
        places = [y for y, line in enumerate(self._drawn) if line.index == self.cursor]
        if not places:
            return
        first, height = self.scroll_offset.y, max(1, self.size.height)
        if places[0] < first:
            self.scroll_to(y=places[0], animate=False)
        elif places[-1] >= first + height:
            self.scroll_to(y=min(places[0], places[-1] - height + 1), animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, place = self.size.width, self.scroll_offset.y + y
        style = self.rich_style
        if place >= len(self._drawn):
            return Strip([Segment(" " * width, style)])
        line = self._drawn[place]
        field = self._lines[line.index]
        if not field.differs:
            style += self.get_component_rich_style("comparison--same", partial=True)
        head = style
        if line.index == self.cursor:
            head += self.get_component_rich_style("comparison--cursor", partial=True)
        segments = [Segment(line.label, head)]
        for side, cell in enumerate(line.cells):
            look = style
            if side == field.chosen and field.differs:
                look += self.get_component_rich_style("comparison--chosen", partial=True)
            segments += [Segment(" ", style), Segment(cell, look)]
        return Strip(segments).adjust_cell_length(width, style)
