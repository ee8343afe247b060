"""The places of a library, drawn a line at a time: whoever has a thousand tags pays for what shows.

Moving the cursor is choosing: the list follows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from refman.tui.display import fitted, one_line
from refman.tui.messages import PlaceChosen
from refman.tui.places import Place


class Sidebar(ScrollView, can_focus=True):
    """`show` gives it what to draw; it says which place was chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sidebar--heading",
        "sidebar--chosen",
        "sidebar--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "screen.do('search')", "Search", show=False, priority=True),
        Binding("down,j", "move(1)", "Next", show=False),
        Binding("up,k", "move(-1)", "Previous", show=False),
        Binding("pagedown,ctrl+d", "move(10)", "Further down", show=False),
        Binding("pageup,ctrl+u", "move(-10)", "Further up", show=False),
        Binding("g,home", "move(-100000)", "First", show=False),
        Binding("G,end", "move(100000)", "Last", show=False),
        Binding("enter,l,right", "go", "To the list", show=False),
        Binding("d,delete", "screen.do('take_away')", "Take away", show=False),
        Binding("escape,h", "screen.do('to_list')", "Back to the list", show=False),
    ]

    cursor = reactive(0, repaint=False)

    def __init__(self, *, id: str, classes: str = "") -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._places: Sequence[Place] = ()

    @property
    def places(self) -> Sequence[Place]:
        """What is drawn."""
        return self._places

    def show(self, places: Sequence[Place]) -> None:
        """Draw these; the cursor stays on its place."""
        name = self._places[self.cursor].name if self.cursor < len(self._places) else None
        self._places = places
        cursor = next((i for i, place in enumerate(places) if place.name == name), 0)
        self.set_reactive(Sidebar.cursor, cursor)
        self.virtual_size = Size(self.scrollable_content_region.width, len(places))
        self._keep_in_sight()
        self.refresh()

    def choose(self, place: Place) -> None:
        """Put the cursor on a place; nothing is said of it."""
        index = next((i for i, known in enumerate(self._places) if known.name == place.name), 0)
        self.set_reactive(Sidebar.cursor, index)
        self.watch_cursor()

    def action_move(self, step: int) -> None:
        """Choose another place; headings are passed over."""
        choices = [i for i, place in enumerate(self._places) if not place.is_heading]
        if not choices:
            return
        here = choices.index(self.cursor) if self.cursor in choices else 0
        self._choose(choices[max(0, min(here + step, len(choices) - 1))])

    def action_go(self) -> None:
        """Do what the place stands for, or go to the list of what is there."""
        place = self._places[self.cursor] if self._places else None
        if place is not None and place.deed is not None:
            self.call_later(self.screen.run_action, f"do({place.deed!r})")
        else:
            self.call_later(self.screen.run_action, "do('to_list')")

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked, or do what it stands for."""
        index = self.scroll_offset.y + event.y
        if index < len(self._places) and not self._places[index].is_heading:
            self._choose(index)
            if self._places[index].deed is not None:
                self.action_go()

    def _choose(self, index: int) -> None:
        if index == self.cursor:
            return
        self.cursor = index
        if self._places[index].node is not None:
            self.post_message(PlaceChosen(self._places[index]))

    def watch_cursor(self) -> None:
        """Draw it."""
        self._keep_in_sight()
        self.refresh()

    def on_resize(self) -> None:
        """The lines have another width."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._places))
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, index = self.size.width, self.scroll_offset.y + y
        style = self.rich_style
        if index >= len(self._places):
            return Strip([Segment(" " * width, style)])
        place = self._places[index]
        if place.is_heading:
            style += self.get_component_rich_style("sidebar--heading", partial=True)
        if index == self.cursor:
            name = "cursor" if self.has_focus else "chosen"
            style += self.get_component_rich_style(f"sidebar--{name}", partial=True)
        return Strip([Segment(line(place, width), style)]).adjust_cell_length(width, style)

    def _keep_in_sight(self) -> None:
        first, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < first:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= first + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)


def line(place: Place, width: int) -> str:
    """A place as a line: its name, further in where it is below another, and how many are there."""
    count = "" if place.count is None else f" {place.count:,} "
    label = " " * (2 * place.depth - 1 if place.depth else 0) + one_line(place.label)
    return fitted(" " + label, width - len(count)) + count
