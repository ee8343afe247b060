"""The main screen: the list, the search line, the details, and what goes on.

It holds one `LibraryView` and has every change of it drawn. What takes time is awaited in workers,
of which a newer one cancels the older of its group; deeds are looked up in `refman.tui.deeds`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer

from refman.errors import RefmanError
from refman.model import EnrichmentStatus
from refman.services.enriching import EnrichPolicy, MergePolicy
from refman.tui import messages, state
from refman.tui.columns import sized
from refman.tui.deeds import DEEDS, exchanging
from refman.tui.desk import Desk
from refman.tui.display import lines
from refman.tui.enrichment import Enrichment, Progress, Targets
from refman.tui.feed import Feed
from refman.tui.memory import Remembered
from refman.tui.state import LibraryView
from refman.tui.widgets.column_heads import ColumnHeads
from refman.tui.widgets.detail import Detail
from refman.tui.widgets.search_line import SearchLine
from refman.tui.widgets.sidebar import Sidebar
from refman.tui.widgets.status_line import EnrichmentLine, StatusLine
from refman.tui.widgets.welcome import Welcome
from refman.tui.widgets.works_table import WorksTable

_POLL_SECONDS = 1.0
_TOAST_SECONDS = {"information": 4.0, "warning": 8.0, "error": 12.0}


class MainScreen(Screen[None]):
    """`desk` holds the library and the outside world."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            deed.keys,
            f"do('{deed.name}')",
            deed.title,
            show=deed.in_footer,
            id=deed.name,
            key_display=deed.label,
            tooltip=deed.help,
        )
        for deed in DEEDS.values()
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = "WorksTable"

    def __init__(self, desk: Desk, remembered: Remembered | None = None) -> None:
        super().__init__()
        self.desk = desk
        self._is_damage_told = False
        self._remembered = remembered or Remembered()
        self._last_query = self._remembered.last.get(str(desk.path.absolute()), "")
        self._view = state.restored(self._remembered, self._last_query)
        self.share = self._remembered.share
        self.exports = dict(self._remembered.exports)
        """What was chosen for exports, by format; the one used last stands last."""
        self.style = self._remembered.style
        """The style of references that was chosen here, in place of the configured one."""
        self._enrichment: Enrichment | None = None
        self._proposing = False
        self._feed = Feed(self)
        self.table = WorksTable(id="works", classes="-ansi-scrollbar")
        self.search_line = SearchLine(
            id="search", text=self._last_query, queries=self._remembered.queries
        )
        self.sidebar = Sidebar(id="sidebar", classes="-ansi-scrollbar")
        self.detail = Detail(id="detail", classes="-ansi-scrollbar")
        self._list = Vertical(id="list")
        self._heads = ColumnHeads(id="heads")
        self._welcome = Welcome(self.desk.path, id="welcome")
        self._status = StatusLine(id="status", markup=False)
        self._progress = EnrichmentLine(id="enrichment")

    def compose(self) -> ComposeResult:
        """The search line on top, places, list and details side by side or one above the other."""
        yield self.search_line
        with Horizontal(id="panes"):
            yield self.sidebar
            with Container(id="works-panes"):
                with self._list:
                    yield self._heads
                    yield self.table
                    yield self._welcome
                yield self.detail
        yield self._progress
        yield self._status
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the first page, and look now and then whether others changed the library."""
        self.sidebar.set_class(self._remembered.sidebar is True, "-shown")
        self.sidebar.set_class(self._remembered.sidebar is False, "-hidden")
        self.detail.set_class(not self._remembered.detail, "-hidden")
        self.relist(self.view)
        self.set_interval(_POLL_SECONDS, self._poll)

    @property
    def view(self) -> LibraryView:
        """What is shown. The table moves its cursor by itself, so that is asked for here."""
        return state.moved(self._view, self.table.cursor)

    # What deeds use

    def action_do(self, name: str) -> None:
        """Do what a key stands for."""
        under_way = DEEDS[name].run(self)
        if under_way is not None:
            self._work("deed", lambda: under_way, exclusive=False)

    def action_leave_search(self, clear: bool) -> None:
        """Go from the search line back to the list; Esc clears what was typed."""
        self.search_line.keep()
        if clear:
            self.search_line.clear()
        else:
            self.search_line.tell()
        self.set_focus(self.table)

    def action_recall(self, step: int) -> None:
        """Search for what was searched for before, or after that; then go to the list."""
        if not self.search_line.recall(step) and step < 0:
            self.action_leave_search(False)

    def learn_names(self) -> None:
        """Have the search line know the names in use."""

        async def learn() -> None:
            self.search_line.learn(await self.desk.vocabulary())

        self._work("names", learn)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted over the list is to be imported."""
        event.stop()
        self._work("deed", partial(exchanging.bring_in, self, event.text), exclusive=False)

    def say(self, message: str, severity: Any = "information") -> None:
        """Show a message for some seconds."""
        self.app.notify(
            lines(message), severity=severity, timeout=_TOAST_SECONDS[severity], markup=False
        )

    def become(self, view: LibraryView) -> None:
        """Hold another view, and draw it."""
        before, self._view = self._view, view
        if not self.is_mounted:
            return
        self.set_class(view.is_empty_library, "-empty")
        self._welcome.display = view.is_empty_library
        self.table.display = not view.is_empty_library
        self._heads.columns = view.columns
        self._heads.sizes = view.sizes
        self._heads.order = None if view.listing.ranked else view.listing.order
        self._heads.descending = view.listing.descending
        self.search_line.show_problem(view.problem)
        self._status.show(view)
        shown, then = (
            (each.window, each.marked, each.columns, each.sizes) for each in (view, before)
        )
        if shown != then or not view.stale:
            empty = "" if view.stale else "Nothing matches. Esc clears the search."
            self.table.show(
                view.window,
                view.marked,
                view.cursor,
                empty,
                view.columns,
                view.sizes,
                view.finder,
            )

    def relist(self, view: LibraryView) -> None:
        """Hold a view of another listing, and fetch its first page and its length."""
        self.become(view)
        if view.stale:
            self._work("list", self._feed.open)

    async def reload(self) -> None:
        """Read anew what is in sight: the library has changed."""
        await self._feed.reload()

    @property
    def style_name(self) -> str:
        """The style of references: the one chosen here, else the configured one."""
        return self.style or self.desk.style

    def go_to(self, work_id: int, key: str) -> None:
        """Put the cursor on a work; where it is not in memory, search for its key."""
        place = self.view.window.place_of(work_id)
        if place is None:
            self.search_line.put(f'key:"{key}"')
        else:
            self.table.cursor = place
        self.set_focus(self.table)

    def load_detail(self) -> None:
        """Show the work under the cursor, if details are shown at all."""
        if self.detail.display:
            self._work("detail", self._feed.detail)

    def resize_panes(self) -> None:
        """Give the details the share of the room that the user wants, if any was chosen."""
        if self.share is None:
            return
        beside = self.has_class("-wide")
        for pane, share in ((self._list, 100 - self.share), (self.detail, self.share)):
            pane.styles.width = f"{share}fr" if beside else "1fr"
            pane.styles.height = "1fr" if beside else f"{share}fr"

    @property
    def remembered(self) -> Remembered:
        """How the screen is to be found the next time."""
        listing, sidebar = self.view.listing, self.sidebar
        order, descending = self.view.usual or (listing.order, listing.descending)
        asked = sidebar.has_class("-shown"), sidebar.has_class("-hidden")
        last = {**self._remembered.last, str(self.desk.path.absolute()): listing.text}
        return Remembered(
            order=order.name,
            descending=descending,
            columns=self.view.columns,
            sizes=self.view.sizes,
            sidebar=asked[0] if any(asked) else None,
            detail=not self.detail.has_class("-hidden"),
            share=self.share,
            queries=self.search_line.queries,
            last={path: query for path, query in last.items() if query},
            exports=self.exports,
            style=self.style,
        )

    def survey(self) -> None:
        """Count what is in the places of the sidebar, if it is shown."""
        if self.sidebar.display and self._feed.want_survey():
            self._work("survey", self._feed.survey, exclusive=False)

    # What takes time

    def _work(
        self, group: str, deed: Callable[[], Awaitable[None]], *, exclusive: bool = True
    ) -> None:
        """Have it done; what stops it is shown as a sentence."""

        async def guarded() -> None:
            try:
                await deed()
            except RefmanError as error:
                self.say(" ".join(filter(None, (error.message, error.hint))), "error")
            except OSError as error:
                self.say(f"{error.filename or 'A file'}: {error.strerror or error}.", "error")

        self.run_worker(guarded, group=group, exclusive=exclusive)  # type: ignore[arg-type]

    def _poll(self) -> None:
        if not any(worker.group == "poll" for worker in self.workers if worker.is_running):
            self._work("poll", self._look_around)

    async def _look_around(self) -> None:
        await self._feed.look_for_changes()
        if not self._is_damage_told and (sentence := await self.desk.damage()):
            self._is_damage_told = True
            self.say(sentence, "error")

    # What widgets say

    def on_query_typed(self, message: messages.QueryTyped) -> None:
        """List what is asked for now."""
        view = state.typed(self.view, message.text)
        self.go(view)

    def on_place_chosen(self, message: messages.PlaceChosen) -> None:
        """List what is there."""
        self.go(state.placed(self.view, message.place))

    def on_sort_wanted(self, message: messages.SortWanted) -> None:
        """Sort by the column whose heading was clicked."""
        self.relist(state.clicked_order(self.view, message.order))

    def on_tab_chosen(self, message: messages.TabChosen) -> None:
        """Show that page."""
        self.detail.turn_to(message.tab)
        self.load_detail()

    def go(self, view: LibraryView) -> None:
        """Hold another view, and fetch its works if they are others."""
        if view.listing != self.view.listing:
            self.relist(view)
        else:
            self.become(view)

    def on_resize(self) -> None:
        """A wide screen has room for the sidebar."""
        self.resize_panes()
        self.call_after_refresh(self.survey)

    def on_cursor_moved(self, message: messages.CursorMoved) -> None:
        """Show that work. Moving without Shift ends a stretch of marks."""
        if message.index == self.table.cursor:
            self._view = state.settled(self._view)
        self._status.show(self.view)
        self.load_detail()

    def on_mark_toggled(self, message: messages.MarkToggled) -> None:
        """Mark that work."""
        self.become(state.toggled(state.moved(self.view, message.index)))

    def action_stretch(self, step: int, pages: bool = False) -> None:
        """Move the cursor by rows or pages, and mark what it passes."""
        rows = max(1, self.table.size.height - 1) if pages else 1
        self._draw_out(self.table.cursor + step * rows)

    def on_stretch_wanted(self, message: messages.StretchWanted) -> None:
        """Mark all up to that work."""
        self._draw_out(message.index)

    def _draw_out(self, index: int) -> None:
        self.become(state.drawn_out(self.view, index))
        self._status.show(self.view)
        self.load_detail()

    def on_column_dragged(self, message: messages.ColumnDragged) -> None:
        """Make that column so wide."""
        sizes = sized(self.view.sizes, message.column, message.width)
        self.become(state.resized(self.view, sizes))

    def on_rows_wanted(self, message: messages.RowsWanted) -> None:
        """Fetch what came into sight."""
        if not self.view.stale:
            self._work("fill", partial(self._feed.fill, message.first, message.last))

    # Enriching

    @property
    def is_enriching(self) -> bool:
        """Whether an enrichment is under way."""
        return self._enrichment is not None

    def start_enrichment(self, targets: Targets, policy: EnrichPolicy) -> None:
        """Enrich in the background."""
        self._enrichment = Enrichment(
            self.desk.open_library,
            self.desk.enrichment,
            targets,
            policy,
            lambda progress: void(self.post_message(messages.EnrichmentProgressed(progress))),
        )
        self._proposing = policy.policy is MergePolicy.REVIEW
        self._progress.show(Progress())
        self._enrichment.start()

    def stop_enrichment(self, timeout: float = 0.0) -> None:
        """Stop it, if one is under way."""
        if self._enrichment is not None:
            self._enrichment.stop(timeout)

    def on_enrichment_progressed(self, message: messages.EnrichmentProgressed) -> None:
        """Show how far it is, or what it came to."""
        progress = message.progress
        if not progress.finished:
            self._progress.show(progress)
            return
        self._enrichment = None
        self._progress.show(None)
        self.say(*enrichment_told(progress, proposing=self._proposing))
        self._work("reload", self._feed.reload)


def enrichment_told(progress: Progress, *, proposing: bool = False) -> tuple[str, str]:
    """What an enrichment came to, in a sentence, and how grave that is."""
    if progress.error is not None:
        hint = f" {progress.error.hint}" if progress.error.hint else ""
        return progress.error.message + hint, "error"
    text = ("Enrichment stopped: " if progress.stopped else "Enriched: ") + progress.words
    if progress.reason:
        return f"{text}. Not reached: {progress.reason}.", "warning"
    counts = progress.counts
    then = " u undoes." if counts.get(EnrichmentStatus.ENRICHED) else ""
    if (proposing and then) or counts.get(EnrichmentStatus.MISMATCH):
        then += " r reviews."
    return f"{text}.{then}", "information"


def void(_: object) -> None:
    """Nothing: a callback's answer is of no interest."""
