"""The dialog that takes pasted text or a file, shows what is in it, and imports it."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from refman.errors import RefmanError
from refman.services.importing import ImportItem, ImportStatus
from refman.tui.display import one_line
from refman.tui.messages import ImportProgressed
from refman.tui.preview import LOOKED_AT, ImportReport, Material, Preview
from refman.tui.screens.dialog import Dialog, buttons, title
from refman.tui.widgets.scrolled import Scrolled

Look = Callable[[Material], Awaitable[Preview]]
BringIn = Callable[[Material, Callable[[int], None], Callable[[], bool]], Awaitable[ImportReport]]

_PAUSE = 0.25
_WORDS = {
    ImportStatus.IMPORTED: ("new", ""),
    ImportStatus.MERGED: ("duplicate", "$text-warning"),
    ImportStatus.SKIPPED: ("duplicate", "$text-warning"),
    ImportStatus.FAILED: ("cannot read", "$text-error"),
}


class ImportDialog(Dialog[ImportReport]):
    """`look` says what an input would bring, `bring_in` imports it; `pasted` is there already."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Import", show=False, priority=True),
    ]

    def __init__(self, look: Look, bring_in: BringIn, pasted: str = "") -> None:
        super().__init__()
        self._look, self._bring_in = look, bring_in
        self._pasted = pasted
        self._timer: Timer | None = None
        self._halt = threading.Event()
        self._importing = False
        self._report: ImportReport | None = None

    def compose(self) -> ComposeResult:
        """Where to paste, where to name a file, and what was found."""
        with Vertical(classes="dialog -tall"):
            yield title("Import: paste search results, BibTeX, RIS, CSL-JSON, DOIs …")
            yield TextArea(
                self._pasted,
                id="import-text",
                classes="-ansi-scrollbar",
                compact=True,
                soft_wrap=False,
            )
            yield Input(id="import-path", compact=True, placeholder="… or name a file")
            with Scrolled(id="import-found", classes="-ansi-scrollbar"):
                yield Static("", id="import-preview", markup=False)
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
        text = self.query_one("#import-text", TextArea).text
        return text if text.strip() else None

    def on_text_area_changed(self) -> None:
        """Look at it once the typing pauses."""
        self._wait()

    def on_input_changed(self) -> None:
        """Look at it once the typing pauses."""
        self._wait()

    def on_input_submitted(self) -> None:
        """Enter in the file's line imports it."""
        self.action_start()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._preview)

    def _preview(self) -> None:
        if not self._importing and self._report is None:
            self.run_worker(self._show_preview, group="preview", exclusive=True)  # type: ignore[arg-type]

    async def _show_preview(self) -> None:
        material = self.material
        if material is None:
            self._say(Content(""))
            return
        if isinstance(material, Path):
            self._say(Content("Looking …"))
        try:
            self._say(_preview_content(await self._look(material)))
        except RefmanError as error:
            self._say(_error_content(error))

    def action_start(self) -> None:
        """Import it; when that is done, close."""
        if self._report is not None:
            self.dismiss(self._report)
        elif not self._importing and (material := self.material) is not None:
            self._importing = True
            work = partial(self._import, material)
            self.run_worker(work, group="preview", exclusive=True)  # type: ignore[arg-type]

    async def _import(self, material: Material) -> None:
        self._say(Content("Importing …"))
        try:
            report = await self._bring_in(
                material,
                lambda done: void(self.post_message(ImportProgressed(done))),
                self._halt.is_set,
            )
        except RefmanError as error:
            self._say(_error_content(error))
            return
        finally:
            self._importing = False
        if report.failed or report.mistake:
            self._report = report
            self._say(_report_content(report))
            self.query_one("#import-found").focus()
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
        self.query_one("#import-preview", Static).update(content)


def void(_: object) -> None:
    """Nothing: a callback's answer is of no interest."""


def _error_content(error: RefmanError) -> Content:
    hint = f"\n{error.hint}" if error.hint else ""
    return Content.assemble((error.message, "$text-error"), (hint, "dim"))


def _preview_content(preview: Preview) -> Content:
    counts = preview.counts
    new = counts[ImportStatus.IMPORTED]
    twins = counts[ImportStatus.MERGED] + counts[ImportStatus.SKIPPED]
    failed = counts[ImportStatus.FAILED]
    head = f"{preview.format}: {new} new, {twins} already here, {failed} unreadable"
    if preview.more:
        head += f", and more (only the first {LOOKED_AT} were looked at)"
    parts: list[tuple[str, str]] = [(head + "\n", "bold")]
    for line in preview.lines:
        word, style = _WORDS[line.status]
        parts.append((f"{word:<12}", style or "dim"))
        parts.append((line.text[:300], ""))
        if line.reason:
            parts.append((f"  ({line.reason[:300]})", "dim"))
        parts.append(("\n", ""))
    return Content.assemble(*parts)


def _report_content(report: ImportReport) -> Content:
    head = f"Done: {report.words}."
    parts: list[tuple[str, str]] = [(head + "\n", "bold")]
    if report.mistake:
        parts.append((f"{report.mistake}\n", "$text-warning"))
    if report.failed:
        parts.append(("These could not be read; they are kept in the library:\n", ""))
    parts.extend((_failure(item), "") for item in report.failed)
    return Content.assemble(*parts)


def _failure(item: ImportItem) -> str:
    return f"{one_line(item.location)}  {one_line(item.reason or '')}\n"
