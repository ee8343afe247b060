"""The dialog that takes pasted text or a file, shows what is in it, and imports it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static, TextArea

from refman.errors import RefmanError, UnknownFormat
from refman.services.importing import ImportItem, ImportStatus
from refman.tui.display import one_line
from refman.tui.dropped import dropped_path
from refman.tui.messages import ImportProgressed
from refman.tui.preview import LOOKED_AT, ImportReport, Material, Preview, PreviewLine, Wishes
from refman.tui.screens.correcting import CorrectDialog
from refman.tui.screens.dialog import Dialog, buttons, title
from refman.tui.screens.files import FileDialog
from refman.tui.widgets.paste_area import PasteArea
from refman.tui.widgets.path_suggester import PathSuggester

Look = Callable[[Material, Wishes], Awaitable[Preview]]
BringIn = Callable[
    [Material, Wishes, Callable[[int], None], Callable[[], bool]], Awaitable[ImportReport]
]

_PAUSE = 0.25
_STYLES = {
    "new": "",
    "likely there": "$text-warning",
    "cannot read": "$text-error",
}


class FoundList(OptionList):
    """The entries that were found; what its keys do is the dialog's business."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.leave_out", "Leave out, or take in", show=False),
        Binding("e", "screen.correct", "Correct", show=False),
        Binding("j", "cursor_down", "Next", show=False),
        Binding("k", "cursor_up", "Previous", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
    ]


class ImportDialog(Dialog[ImportReport]):
    """`look` says what an input would bring, `bring_in` imports it; `pasted` is there already.

    `extensions` says how files end that can be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Import", show=False, priority=True),
        Binding("ctrl+o", "find_file", "Find a file", show=False, priority=True),
        Binding("ctrl+l", "empty", "Take away what is there", show=False, priority=True),
    ]

    def __init__(
        self,
        look: Look,
        bring_in: BringIn,
        pasted: str = "",
        *,
        path: str = "",
        extensions: Callable[[], Collection[str]] = tuple,
    ) -> None:
        super().__init__()
        self._look, self._bring_in = look, bring_in
        self._pasted, self._path, self._extensions = pasted, path, extensions
        self._timer: Timer | None = None
        self._halt = threading.Event()
        self._importing = False
        self._wanted = False
        """Whether it is to be imported as soon as it was looked at."""
        self._report: ImportReport | None = None
        self._preview: Preview | None = None
        self._wishes = Wishes()

    def compose(self) -> ComposeResult:
        """Where to paste, where to name a file, and what was found."""
        with Vertical(classes="dialog -tall"):
            yield title("Import: paste search results, BibTeX, RIS, CSL-JSON, DOIs …")
            yield PasteArea(self._pasted, id="import-text", classes="-ansi-scrollbar")
            yield Input(
                self._path,
                id="import-path",
                compact=True,
                placeholder="… or name a file (Ctrl+O finds one)",
                suggester=PathSuggester(),
            )
            yield Static("", id="import-head", markup=False)
            yield FoundList(id="import-found", classes="-ansi-scrollbar", compact=True)
            yield buttons(
                ("Import (Ctrl+S)", "start", "primary"), ("Close (Esc)", "give_up", "default")
            )

    def on_mount(self) -> None:
        """Look at what is there already."""
        self._wait()

    @property
    def material(self) -> Material | None:
        """What there is to import: a file that was named, else what was pasted."""
        path = self.query_one("#import-path", Input).value.strip()
        if path:
            return Path(path)
        text = self.query_one(PasteArea).material
        return (dropped_path(text) or text) if text.strip() else None

    # What is to be imported

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look at it once the typing pauses."""
        event.stop()
        self._begin_anew()

    def on_input_changed(self) -> None:
        """Look at it once the typing pauses."""
        self._begin_anew()

    def on_paste_area_file_dropped(self, message: PasteArea.FileDropped) -> None:
        """That is the file."""
        self.query_one("#import-path", Input).value = str(message.path)

    def on_paste_area_large_paste(self) -> None:
        """Look at it, though it cannot be seen."""
        self._begin_anew()

    def on_input_submitted(self) -> None:
        """Enter in the file's line imports it."""
        self.action_start()

    async def action_find_file(self) -> None:
        """Find a file in the folders."""
        path = self.query_one("#import-path", Input).value.strip()
        start = Path(path).expanduser().parent if path else Path.cwd()
        # To know how files of all formats end, all formats are loaded.
        extensions = await asyncio.to_thread(self._extensions)

        def chosen(found: Path | None) -> None:
            if found is not None:
                self.query_one("#import-path", Input).value = str(found)

        self.app.push_screen(FileDialog("Import a file", start, extensions), chosen)

    def action_empty(self) -> None:
        """Begin with nothing."""
        self.query_one(PasteArea).empty()
        self.query_one("#import-path", Input).value = ""

    def _begin_anew(self) -> None:
        self._wishes = Wishes()
        self._preview = None
        self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._look_now)

    def _look_now(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self._importing and self._report is None:
            self.work("preview", self._show_preview)

    async def _show_preview(self) -> None:
        material = self.material
        if material is None:
            self._wanted = False
            self._show(Content(""))
            return
        if self._wanted or isinstance(material, Path) or len(material) > LOOKED_AT * 1000:
            self._say(Content("Looking …"))
        try:
            self._preview = await self._look(material, self._wishes)
        except RefmanError as error:
            self._wanted = False
            self._show(_error_content(error))
            return
        self._show_entries()
        if self._wanted:
            self._import_now()

    # What was found

    def action_leave_out(self) -> None:
        """Leave the entry under the cursor out, or take it in again."""
        line = self._chosen
        if line is not None:
            self._wishes = replace(self._wishes, left_out=self._wishes.left_out ^ {line.place})
            self._show_entries()
            self.query_one(FoundList).action_cursor_down()

    def action_correct(self) -> None:
        """Correct the entry under the cursor."""
        line = self._chosen
        if line is None or line.description is None:
            return
        place = line.place
        known = self._wishes.corrections.get(place)

        def done(correction: object) -> None:
            if correction is None:
                return
            both = correction if known is None else known.with_later(correction)  # type: ignore[arg-type]
            corrections = {**self._wishes.corrections, place: both}
            self._wishes = replace(self._wishes, corrections=corrections)  # type: ignore[arg-type]
            self._look_now()

        self.app.push_screen(CorrectDialog(line.description), done)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter corrects."""
        event.stop()
        self.action_correct()

    @property
    def _chosen(self) -> PreviewLine | None:
        place = self.query_one(FoundList).highlighted
        if place is None or self._preview is None or self._importing or self._report is not None:
            return None
        return self._preview.lines[place] if place < len(self._preview.lines) else None

    def _show_entries(self) -> None:
        preview = self._preview
        if preview is None:
            return
        left_out = self._wishes.left_out
        head = Content.styled(_head(preview, len(left_out)), "bold")
        lines = [_entry_content(line, line.place in left_out) for line in preview.lines]
        self._show(head, lines)

    # Importing

    def action_start(self) -> None:
        """Import it; when that is done, close. What was not looked at yet is, first."""
        if self._report is not None:
            self.dismiss(self._report)
        elif self._importing or self._wanted or self.material is None:
            return
        elif self._preview is None:
            self._wanted = True
            self._look_now()
        else:
            self._import_now()

    def _import_now(self) -> None:
        material = self.material
        self._wanted = False
        if material is not None:
            self._importing = True
            work = partial(self._import, material)
            self.work("import", work, exclusive=False)

    async def _import(self, material: Material) -> None:
        self._say(Content("Importing …"))
        try:
            report = await self._bring_in(
                material,
                self._wishes,
                lambda done: void(self.post_message(ImportProgressed(done))),
                self._halt.is_set,
            )
        except RefmanError as error:
            self._show(_error_content(error))
            return
        finally:
            self._importing = False
        if report.failed or report.mistake:
            self._report = report
            self._show(_report_head(report), [Content(_failure(item)) for item in report.failed])
            self.query_one(FoundList).focus()
        else:
            self.dismiss(report)

    def on_import_progressed(self, message: ImportProgressed) -> None:
        """Say how far it is."""
        if self._importing:
            self._say(Content(f"Importing … {message.done:,} entries done. Esc stops."))

    def action_give_up(self) -> None:
        """Close; while something is being imported, stop that."""
        if self._importing:
            self._halt.set()
        else:
            self.dismiss(self._report)

    def _say(self, content: Content) -> None:
        self.query_one("#import-head", Static).update(content)

    def _show(self, head: Content, lines: Collection[Content] = ()) -> None:
        self._say(head)
        found = self.query_one(FoundList)
        before = found.highlighted
        found.clear_options()
        found.add_options(lines)
        if lines:
            found.highlighted = min(before or 0, len(lines) - 1)


def void(_: object) -> None:
    """Nothing: a callback's answer is of no interest."""


def _error_content(error: RefmanError) -> Content:
    # Which option of the command line would help is no help here.
    hint = f"\n{error.hint}" if error.hint and not isinstance(error, UnknownFormat) else ""
    return Content.assemble((error.message, "$text-error"), (hint, "dim"))


def _head(preview: Preview, left_out: int) -> str:
    counts = preview.counts
    likely = preview.likely
    new = counts[ImportStatus.IMPORTED] - likely
    twins = counts[ImportStatus.MERGED] + counts[ImportStatus.SKIPPED]
    failed = counts[ImportStatus.FAILED]
    head = f"{preview.format}: {new} new, "
    head += f"{likely} likely here, " if likely else ""
    head += f"{twins} already here, {failed} unreadable"
    if left_out:
        head += f", {left_out} left out"
    if preview.more:
        head += f", and more (only the first {LOOKED_AT} were looked at)"
    return head + ("" if not preview.lines else "\nSpace leaves one out, Enter corrects it.")


def _entry_content(line: PreviewLine, left_out: bool) -> Content:
    if left_out:
        return Content.styled(f"left out     {line.text[:300]}", "dim strike")
    style = _STYLES.get(line.word, "$text-warning")
    parts = [(f"{line.word[:30]:<12} ", style or "dim"), (line.text[:300], "")]
    if line.corrected:
        parts.append(("  (corrected)", "dim"))
    if line.reason and not line.reason.startswith(("same work as", "already there as")):
        parts.append((f"  ({line.reason[:300]})", "dim"))
    return Content.assemble(*parts)


def _report_head(report: ImportReport) -> Content:
    head = f"Done: {report.words}."
    parts: list[tuple[str, str]] = [(head, "bold")]
    if report.mistake:
        parts.append((f"\n{report.mistake}", "$text-warning"))
    if report.failed:
        parts.append(("\nThese could not be read; they are kept in the library:", ""))
    return Content.assemble(*parts)


def _failure(item: ImportItem) -> str:
    return f"{one_line(item.location)}  {one_line(item.reason or '')}"
