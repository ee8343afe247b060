"""The dialog that asks which works to write, in which format, how, and into which file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from refman.errors import RefmanError
from refman.services.citing import style_names
from refman.tui.display import lines
from refman.tui.exports import (
    ExportPreview,
    ExportWishes,
    Scope,
    extension_of,
    info_of,
    remembered,
)
from refman.tui.screens.dialog import Confirm, Dialog, buttons, text, title
from refman.tui.screens.files import FileDialog
from refman.tui.widgets.path_suggester import PathSuggester
from refman.tui.widgets.scrolled import Scrolled
from refman.tui.widgets.tick import Tick

Look = Callable[[ExportWishes], Awaitable[ExportPreview]]

_STEM = "references"
_PAUSE = 0.2
_JOURNALS = (("as they are", ""), ("in full", "full"), ("abbreviated", "abbreviated"))


class ExportDialog(Dialog[ExportWishes]):
    """`scopes` are the choices of works with what is said of each; `look` makes a preview.

    `kept` is what was chosen before, by format; the one used last stands last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write", show=False, priority=True),
        Binding("ctrl+o", "find_file", "Find a folder or manuscript", show=False, priority=True),
    ]

    def __init__(
        self,
        scopes: Mapping[Scope, str],
        formats: Sequence[str],
        look: Look,
        kept: Mapping[str, Mapping[str, str]],
    ) -> None:
        super().__init__()
        self._scopes, self._formats, self._look, self._kept = scopes, formats, look, kept
        last = next((name for name in reversed([*kept]) if name in formats), formats[0])
        self._last = remembered(last, kept.get(last, {}))
        self._proposed = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """What, how, where to; and below how it would look."""
        scopes = [(Content(label), scope.value) for scope, label in self._scopes.items()]
        formats = [(Content(_label(name)), name) for name in self._formats]
        last = self._last
        with Vertical(classes="dialog -tall"):
            yield title("Export")
            yield _line("Works", Select(scopes, id="export-scope", allow_blank=False, compact=True))
            yield _line("Cited in", _input("export-manuscript", "", path=True))
            yield _line(
                "Format",
                Select(
                    formats,
                    id="export-format",
                    allow_blank=False,
                    compact=True,
                    value=last.format,
                ),
            )
            yield _line("File", _input("export-path", "", path=True))
            yield _line(
                "Journals",
                Select(
                    [(Content(label), value) for label, value in _JOURNALS],
                    id="export-journals",
                    allow_blank=False,
                    compact=True,
                ),
                Tick("ASCII", id="export-ascii"),
                Tick("DOI as address", id="export-doi"),
            )
            yield _line("Only fields", _input("export-fields", "all; or author, title, …"))
            yield _line("Without", _input("export-without", "abstract, file, …"))
            yield _line("Style", _input("export-style", "apa, ieee, … (as configured)"))
            with Scrolled(id="export-scroll", classes="-ansi-scrollbar"):
                yield Static("", id="export-preview", markup=False)
            yield text("", id="export-note")
            yield buttons(("Write (Ctrl+S)", "write", "primary"), ("Cancel", "give_up", "default"))

    def on_mount(self) -> None:
        """Propose what was chosen the last time."""
        self.query_one("#export-style", Input).suggester = SuggestFromList(style_names())
        self._put(self._last)
        self._show_lines()

    @property
    def wishes(self) -> ExportWishes:
        """What is chosen now."""
        typed = {
            name: self.query_one(f"#export-{name}", Input).value.strip()
            for name in ("manuscript", "path", "fields", "without", "style")
        }
        return ExportWishes(
            scope=Scope(str(self.query_one("#export-scope", Select).value)),
            format=str(self.query_one("#export-format", Select).value),
            journals=str(self.query_one("#export-journals", Select).value),
            ascii=self.query_one("#export-ascii", Tick).value,
            doi_as_url=self.query_one("#export-doi", Tick).value,
            **typed,
        )

    def _put(self, wishes: ExportWishes) -> None:
        """Show what was chosen before for a format."""
        self.query_one("#export-journals", Select).value = wishes.journals
        self.query_one("#export-ascii", Tick).value = wishes.ascii
        self.query_one("#export-doi", Tick).value = wishes.doi_as_url
        for name in ("fields", "without", "style"):
            self.query_one(f"#export-{name}", Input).value = getattr(wishes, name)
        path = self.query_one("#export-path", Input)
        if path.value == self._proposed:
            self._proposed = path.value = wishes.path or _STEM + extension_of(wishes.format)

    def _show_lines(self) -> None:
        """Show only the lines that mean something now."""
        wishes = self.wishes
        info = info_of(wishes.format)
        for name, shown in (
            ("manuscript", wishes.scope is Scope.CITED),
            ("style", info is not None and info.for_readers),
        ):
            line = self.query_one(f"#export-{name}", Input).parent
            assert isinstance(line, Widget)
            line.display = shown

    def on_select_changed(self, event: Select.Changed) -> None:
        """Another format has other wishes; in any case there is another preview."""
        event.stop()
        if event.select.id == "export-format":
            name = str(event.value)
            self._put(remembered(name, self._kept.get(name, {})))
        self._show_lines()
        self._wait()

    def on_tick_changed(self) -> None:
        """There is another preview."""
        self._wait()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what would be written over; and there is another preview."""
        if event.input.id == "export-path":
            self._say(self._fate())
        else:
            self._wait()

    def _fate(self) -> str:
        """What there is at the place that is named."""
        value = self.query_one("#export-path", Input).value.strip()
        path = Path(value).expanduser()
        if not value or not path.exists():
            return ""
        return "That is a folder." if path.is_dir() else "There is such a file; it is replaced."

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._preview)

    def _preview(self) -> None:
        self.work("preview", self._show_preview)

    async def _show_preview(self) -> None:
        shown, said = "", self._fate()
        try:
            found = await self._look(self.wishes)
            shown, said = found.text, " ".join(filter(None, (found.note, said)))
        except RefmanError as error:
            said = " ".join(filter(None, (error.message, error.hint)))
        self.query_one("#export-preview", Static).update(Content(lines(shown)))
        self._say(said)

    def _say(self, note: str) -> None:
        self.query_one("#export-note", Static).update(Content(lines(note)))

    def on_input_submitted(self) -> None:
        """Enter in a line writes."""
        self.action_write()

    def action_find_file(self) -> None:
        """Find the manuscript, where that is being named; else the folder to write to."""
        for_manuscript = self.query_one("#export-manuscript", Input).has_focus
        field = self.query_one("#export-manuscript" if for_manuscript else "#export-path", Input)
        before = Path(field.value.strip() or ".").expanduser()

        def chosen(found: Path | None) -> None:
            if found is not None:
                field.value = str(found if for_manuscript else found / before.name)

        dialog = (
            FileDialog("The manuscript", before.parent, (".tex", ".md", ".docx", ".typ"))
            if for_manuscript
            else FileDialog("The folder to write to", before.parent, folders=True)
        )
        self.app.push_screen(dialog, chosen)

    def action_write(self) -> None:
        """That is the choice; what is there already is replaced after a question."""
        wishes = self.wishes
        path = Path(wishes.path).expanduser()
        if not wishes.path or path.is_dir():
            self._say("Name a file to write.")
            return
        try:
            _ = wishes.options
        except RefmanError as error:
            self._say(" ".join(filter(None, (error.message, error.hint))))
            return
        if not path.is_file():
            self.dismiss(wishes)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(wishes)

        self.app.push_screen(Confirm(f"Replace {path.name}?", str(path), "Replace"), answered)


def _label(format_name: str) -> str:
    info = info_of(format_name)
    return format_name if info is None else info.label


def _input(name: str, placeholder: str, *, path: bool = False) -> Input:
    suggester = PathSuggester() if path else None
    return Input(id=name, compact=True, placeholder=placeholder, suggester=suggester)


def _line(name: str, *widgets: Widget) -> Horizontal:
    return Horizontal(
        Label(name, classes="export-name", markup=False), *widgets, classes="export-line"
    )
