"""A line of a form: what the field is called, where it is written, who said it, what is wrong."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static, TextArea

from refman.rules.check import Severity
from refman.tui.display import fitted, one_line
from refman.tui.draft import Remark

LABEL = 18
SOURCE = 16
_STYLES = {Severity.ERROR: "$text-error", Severity.WARNING: "$text-warning", Severity.INFO: "dim"}


class Line(Input):
    """A field on one line. Enter goes on, or asks for another way of writing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.go(1)", "Next field", show=False),
        Binding("up", "screen.go(-1)", "Field before", show=False),
    ]


class Lines(TextArea):
    """A field on several lines; Tab leaves it."""


class Closed(Static, can_focus=True):
    """A field that is too large to be written here. Enter opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.open_up", "Open", show=False),
        Binding("down,j", "screen.go(1)", "Next field", show=False),
        Binding("up,k", "screen.go(-1)", "Field before", show=False),
    ]

    def on_click(self) -> None:
        """A click opens it, too."""
        self.call_later(self.screen.run_action, "open_up")


Editor = Line | Lines | Closed


class FieldRow(Vertical):
    """`editor` is where `name` is written."""

    class Written(Message):
        """Somebody has written something else."""

        def __init__(self, row: FieldRow, text: str) -> None:
            super().__init__()
            self.row, self.text = row, text

    def __init__(self, field: str, label: str, editor: Editor) -> None:
        super().__init__(classes="field-row")
        self.field, self.editor = field, editor
        self._label = Static(Content(fitted(label, LABEL)), classes="field-label", markup=False)
        self._source = Static("", classes="field-source", markup=False)
        self._remark = Static("", classes="field-remark", markup=False)

    def compose(self) -> ComposeResult:
        """Name, text and source beside each other, what is wrong below."""
        with Horizontal(classes="field-line"):
            yield self._label
            yield self.editor
            yield self._source
        yield self._remark

    @property
    def text(self) -> str:
        """What stands there."""
        if isinstance(self.editor, Line):
            return self.editor.value
        return self.editor.text if isinstance(self.editor, Lines) else ""

    def show_text(self, text: str) -> None:
        """Have another text stand there."""
        if text == self.text:
            return
        if isinstance(self.editor, Line):
            self.editor.value = text
        elif isinstance(self.editor, Lines):
            self.editor.text = text
        else:
            self.editor.update(Content(text))

    def show(self, source: str, remark: Remark | None) -> None:
        """Say who said it, and what is wrong."""
        self._source.update(Content(one_line(f"← {source}"[:SOURCE] if source else "")))
        self._remark.display = remark is not None
        if remark is not None:
            sign = "✗" if remark.refused else "!"
            style = _STYLES[remark.severity]
            self._remark.update(Content.assemble((f"{sign} {one_line(remark.text)}", style)))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the form."""
        event.stop()
        self.post_message(self.Written(self, event.value))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell the form."""
        event.stop()
        self.post_message(self.Written(self, event.text_area.text))


def line(text: str, suggester: Suggester | None = None, placeholder: str = "") -> Line:
    """A field on one line."""
    return Line(
        text,
        compact=True,
        select_on_focus=False,
        suggester=suggester,
        placeholder=placeholder,
        classes="field-editor",
    )


def several_lines(text: str) -> Lines:
    """A field on several lines, as high as its text, within bounds."""
    area = Lines(text, compact=True, tab_behavior="focus", classes="field-editor -ansi-scrollbar")
    area.styles.height = max(2, min(8, 1 + len(text) // 60))
    return area


def closed(text: str) -> Closed:
    """A field that is opened elsewhere."""
    return Closed(Content(text), classes="field-editor", markup=False)
