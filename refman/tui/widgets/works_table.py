"""The list of works: drawn a line at a time, from the rows that are in memory.

It holds a `Window` and draws what of it is in sight, so that a million works cost what ten do.
Rows that are not in memory are asked for by a message, and drawn as dots until they come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from refman.tui import signs
from refman.tui.columns import USUAL, Columns, Sizes
from refman.tui.matches import Finder, Span
from refman.tui.messages import CursorMoved, MarkToggled, RowsWanted, StretchWanted
from refman.tui.window import Window


class WorksTable(ScrollView, can_focus=True):
    """The works of a listing. `show` gives it what to draw."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "works-table--cursor",
        "works-table--cursor-blurred",
        "works-table--marked",
        "works-table--match",
        "works-table--missing",
        "works-table--retracted",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        # At once, so that what is typed behind it in the same breath is searched for.
        Binding("slash", "screen.do('search')", "Search", key_display="/", priority=True),
        Binding("down,j", "move(1)", "Next", show=False),
        Binding("up,k", "move(-1)", "Previous", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False),
        Binding("shift+down,J", "screen.stretch(1)", "Mark downwards", show=False),
        Binding("shift+up,K", "screen.stretch(-1)", "Mark upwards", show=False),
        Binding("shift+pagedown", "screen.stretch(1, True)", "Mark a page", show=False),
        Binding("shift+pageup", "screen.stretch(-1, True)", "Mark a page upwards", show=False),
        Binding("g,home", "jump(False)", "First", show=False),
        Binding("G,end", "jump(True)", "Last", show=False),
    ]

    cursor = reactive(0, repaint=False)

    def __init__(self, *, id: str, classes: str = "") -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._window = Window()
        self._marked: Mapping[int, str] = {}
        self._empty_text = ""
        self._columns: tuple[str, ...] = USUAL
        self._sizes: Sizes = ()
        self._finder = Finder()
        self._asked: tuple[int, int] | None = None

    def show(
        self,
        window: Window,
        marked: Mapping[int, str],
        cursor: int,
        empty_text: str = "",
        columns: tuple[str, ...] = USUAL,
        sizes: Sizes = (),
        finder: Finder | None = None,
    ) -> None:
        """Draw this: rows, marks, what to say where there are no rows, and in which columns.

        What `finder` finds is shown as found.
        """
        self._columns, self._sizes, self._finder = columns, sizes, finder or Finder()
        self._window, self._marked, self._empty_text = window, marked, empty_text
        self._asked = None
        size = Size(self.scrollable_content_region.width, window.height)
        if size != self.virtual_size:
            self.virtual_size = size
        self.set_reactive(WorksTable.cursor, cursor)
        self._keep_in_sight()
        self.refresh()
        self._ask_for_rows()

    @property
    def in_sight(self) -> tuple[int, int]:
        """The first and the last row on the screen."""
        first = self.scroll_offset.y
        return first, first + max(1, self.size.height) - 1

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw the two lines anew, and say so."""
        self.refresh_line(before)
        self.refresh_line(after)
        self._keep_in_sight()
        self.post_message(CursorMoved(after))

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on a row."""
        return max(0, min(cursor, self._window.height - 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._ask_for_rows()

    def on_resize(self) -> None:
        """The lines have another width."""
        self.virtual_size = Size(self.scrollable_content_region.width, self._window.height)
        self._keep_in_sight()
        self._ask_for_rows()

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self.cursor += step

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages; the list scrolls along."""
        step = round(pages * max(1, self.size.height - 1))
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)
        self.cursor += step

    def action_jump(self, to_end: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.cursor = self._window.height - 1 if to_end else 0

    def on_click(self, event: events.Click) -> None:
        """Choose the row, or mark it where its signs were clicked; with Shift, all up to it."""
        index = self.scroll_offset.y + event.y
        if index < self._window.height and event.shift:
            self.post_message(StretchWanted(index))
        elif index < self._window.height:
            self.cursor = index
            if event.x < signs.WIDTH:
                self.post_message(MarkToggled(index))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        index = self.scroll_offset.y + y
        style = self.rich_style
        spans: list[Span] = []
        if index >= self._window.height:
            text = self._empty_text if self._window.height == 0 and y == 1 else ""
            return Strip([Segment(f"  {text}".ljust(width), style)]).adjust_cell_length(width)
        row = self._window.row(index)
        if row is None:
            style += self.get_component_rich_style("works-table--missing", partial=True)
            text = "   ·"
        else:
            is_marked = row.id in self._marked
            columns = Columns.for_width(width, self._columns, self._sizes)
            text = columns.row(row, marked=is_marked)
            spans = [*columns.found(text, self._finder)] if self._finder else []
            if row.status == "retracted":
                style += self.get_component_rich_style("works-table--retracted", partial=True)
            if is_marked:
                style += self.get_component_rich_style("works-table--marked", partial=True)
        if index == self.cursor:
            name = "cursor" if self.has_focus else "cursor-blurred"
            style += self.get_component_rich_style(f"works-table--{name}", partial=True)
        match = self.get_component_rich_style("works-table--match", partial=True)
        return Strip(_segments(text, style, spans, match)).adjust_cell_length(width, style)

    def _keep_in_sight(self) -> None:
        first, last = self.in_sight
        if self.cursor < first:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor > last:
            self.scroll_to(y=self.cursor - (last - first), animate=False)

    def _ask_for_rows(self) -> None:
        wanted = self.in_sight
        if wanted != self._asked and self._window.missing(*wanted):
            self._asked = wanted
            self.post_message(RowsWanted(*wanted))


def _segments(text: str, style: Style, spans: Sequence[Span], match: Style) -> list[Segment]:
    """A line, with what was found on it in a style of its own."""
    segments, at = [], 0
    for first, last in spans:
        segments.append(Segment(text[at:first], style))
        segments.append(Segment(text[first:last], style + match))
        at = last
    return [*segments, Segment(text[at:], style)]
