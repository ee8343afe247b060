"""One line that says what is listed, and one that says how far an enrichment is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Label, ProgressBar, Static

from refman.rules.query import EVERYTHING
from refman.tui.display import counted, one_line
from refman.tui.enrichment import Progress
from refman.tui.state import LibraryView


def status_text(view: LibraryView) -> str:
    """What is listed: how many, which one, sorted how, how many marked."""
    window = view.window
    total = "counting…" if window.total is None else counted(window.total, "work")
    number = f"{view.cursor + 1:,} of " if window.height else ""
    parts = [number + total, f"by {view.listing.order_name}"]
    place = view.listing.place
    if place.node != EVERYTHING:
        parts.insert(1, f"in {one_line(place.label)}")
    if view.marked:
        parts.append(f"{len(view.marked):,} marked")
    return " · ".join(parts)


class StatusLine(Static):
    """The line about the list."""

    def show(self, view: LibraryView) -> None:
        """Say what is listed."""
        self.update(Content(status_text(view)), layout=False)


class EnrichmentLine(Horizontal):
    """The line about an enrichment; it is there only while one is under way."""

    def compose(self) -> ComposeResult:
        """A bar, figures, and how to stop."""
        yield Label("Enriching ", markup=False)
        yield ProgressBar(id="enrichment-bar", show_eta=False, show_percentage=False)
        yield Label("", id="enrichment-words", markup=False)

    def show(self, progress: Progress | None) -> None:
        """Say how far it is; with None, disappear."""
        self.display = progress is not None
        if progress is None:
            return
        self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)
        total = "" if progress.total is None else f" of {progress.total:,}"
        parts = [f" {progress.done:,}{total}", progress.pace, "Esc stops"]
        if progress.counts:
            parts.append(progress.words)
        told = Content(" · ".join(filter(None, parts)))
        self.query_one("#enrichment-words", Label).update(told, layout=False)
