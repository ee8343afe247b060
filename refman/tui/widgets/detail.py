"""The pane that shows one work whole, on pages of which one is seen at a time."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Group
from rich.markdown import Markdown
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from refman.tui.display import lines
from refman.tui.matches import Finder
from refman.tui.messages import TabChosen
from refman.tui.pages import PREVIEWS, TITLES, Rendering, Tab, cut, heads, page, tab_at
from refman.tui.summary import Entry
from refman.tui.widgets.scrolled import Scrolled


class Tabs(Widget):
    """The line of tabs over a page."""

    tab: reactive[Tab] = reactive(Tab.WORK)

    def render(self) -> Content:
        """The tabs, the present one in reverse."""
        return Content.assemble(*heads(self.tab, self.size.width))

    def on_click(self, event: events.Click) -> None:
        """Say which one was clicked."""
        tab = tab_at(self.tab, self.size.width, event.x)
        if tab is not None:
            self.post_message(TabChosen(tab))


class Detail(Scrolled):
    """What is known of the work under the cursor, and where it came from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "screen.do('search')", "Search", show=False, priority=True),
        Binding("escape,h,enter", "screen.do('to_list')", "Back to the list", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        # Held, not looked up: an answer may come while the screen is being made or taken down.
        self._text = Static("", markup=False)
        self._tabs = Tabs(id="detail-tabs")
        self._entry: Entry | None = None
        self._finder = Finder()
        self._rendering: Rendering | None = None
        self.form = 0
        """The place in `PREVIEWS` of the format that a work is shown in."""

    def compose(self) -> ComposeResult:
        """The tabs and the text."""
        yield self._tabs
        yield self._text

    @property
    def is_whole(self) -> bool:
        """Whether nothing is on its way any more that the page is to show."""
        made = self._rendering is not None or self.tab not in (Tab.WORK, Tab.EXPORT)
        return made if self._entry is not None else True

    @property
    def tab(self) -> Tab:
        """The page that is shown."""
        return self._tabs.tab

    def turn_to(self, tab: Tab) -> None:
        """Show another page; the page of previews once more shows the next format."""
        if tab is Tab.EXPORT is self.tab:
            self.form = (self.form + 1) % len(PREVIEWS)
        self._tabs.tab = tab
        self.show(self._entry)

    def turn(self, step: int) -> None:
        """Show the next page, or the one before; after the last comes the first."""
        self._tabs.tab = Tab((self.tab - 1 + step) % len(TITLES) + 1)
        self.show(self._entry)

    def show(self, entry: Entry | None, finder: Finder | None = None) -> None:
        """Show a work from its beginning; with None, nothing. What `finder` finds is marked."""
        self._entry, self._rendering = entry, None
        if finder is not None:
            self._finder = finder
        self._draw()
        if self.is_attached:
            self.scroll_home(animate=False)

    def add(self, rendering: Rendering | None) -> None:
        """Show what took a while to make of the work, if it is still that one."""
        entry = self._entry
        if rendering is not None and entry is not None and entry.work.id == rendering.work_id:
            self._rendering = rendering
            self._draw()

    def _draw(self) -> None:
        entry = self._entry
        if entry is None:
            self._text.update(Content(""))
        elif self.tab is Tab.NOTES and entry.notes:
            parts: list[Markdown | Text] = []
            for note in entry.notes:
                parts.append(Text(note.modified[:16].replace("T", " "), style="dim"))
                parts.append(Markdown(cut(lines(note.text)), hyperlinks=False))
            parts += [Text(f"file  {text}", style="dim") for text in map(lines, entry.files)]
            self._text.update(Group(*parts))
        else:
            self._text.update(
                Content.assemble(*page(self.tab, entry, self._rendering, self._finder))
            )
