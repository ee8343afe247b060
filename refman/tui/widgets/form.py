"""The lines of a form, drawn one by one, and the one editor that stands on the current one.

A work has dozens of fields, and a widget for each would take half a second to come up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import Input, TextArea

from refman.rules.check import Severity
from refman.tui.display import fitted, one_line
from refman.tui.draft import Remark
from refman.tui.side_by_side import wrapped

_LABEL = 19
_SOURCE = 18
_WIDE = 64
"""Cells from which on there is room for long names, and for who said it."""
_MOST_REMARK_LINES = 2
_MOST_LINES = 8
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class FormRow:
    """A field: its text, who said it, what there is to say of it, and how it is written."""

    field: str
    label: str
    text: str
    source: str = ""
    remark: Remark | None = None
    hint: str = ""
    is_long: bool = False
    is_closed: bool = False
    """Whether it is too large to be written here, and opened elsewhere."""


class Line(Input):
    """The editor of a field on one line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.go(1)", "Next field", show=False),
        Binding("up", "screen.go(-1)", "Field before", show=False),
    ]


class Form(Container):
    """`show` gives it its rows; it says what is written, and which field is gone to."""

    class Written(Message):
        """Somebody has written another text in the current field."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Clicked(Message):
        """A field was clicked."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines = FormLines()
        self._line = Line(compact=True, select_on_focus=False, classes="form-editor")
        self._area = TextArea(
            compact=True, tab_behavior="focus", classes="form-editor -ansi-scrollbar"
        )
        self._editor: Line | TextArea | FormLines = self.lines
        self._place: tuple[int, int, int, int, bool] | None = None

    def compose(self) -> ComposeResult:
        """The lines, and over them the editors."""
        yield self.lines
        yield self._line
        yield self._area

    def on_mount(self) -> None:
        """No field yet."""
        self._line.display = self._area.display = False

    def show(self, rows: Sequence[FormRow], current: str) -> None:
        """Draw these rows; the editor stays on the current one, with what is written in it."""
        self.lines.show(rows, current)
        self.place()

    def edit(self, row: FormRow, suggester: Suggester | None = None) -> None:
        """Have the editor hold a field, which is the current one."""
        if row.is_closed:
            self._editor = self.lines
        elif row.is_long:
            self._editor = self._area
            with self._area.prevent(TextArea.Changed):
                self._area.text = row.text
        else:
            self._editor = self._line
            self._line.suggester, self._line.placeholder = suggester, row.hint
            with self._line.prevent(Input.Changed):
                self._line.value = row.text
                self._line.cursor_position = len(row.text)
        for editor in (self._line, self._area):
            editor.display = editor is self._editor
        self._place = None
        self.place()
        self._editor.focus(scroll_visible=False)

    @property
    def text(self) -> str | None:
        """What stands in the editor; None where the current field has none."""
        if self._editor is self._line:
            return self._line.value
        return self._area.text if self._editor is self._area else None

    def place(self) -> None:
        """Put the editor where the current field is."""
        if self._editor is self.lines:
            return
        top, height = self.lines.place_of_current()
        shown = top is not None and top >= 0 and top + height <= max(1, self.lines.size.height)
        place = (self.lines.label_width, top or 0, self.lines.text_width, height, shown)
        # Each of these has the whole screen laid out anew, and most letters change none.
        if place != self._place:
            self._place = place
            styles = self._editor.styles
            styles.visibility = "visible" if shown else "hidden"
            styles.offset = place[:2]
            styles.width, styles.height = place[2], height

    def on_resize(self) -> None:
        """The editor has another width."""
        self.call_after_refresh(self.place)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is written."""
        event.stop()
        self.post_message(self.Written(event.value))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell what is written."""
        event.stop()
        self.post_message(self.Written(event.text_area.text))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line of the screen: of which row it is, and which of its lines, or of its remark."""

    row: int
    number: int
    remark: str | None = None


class FormLines(ScrollView, can_focus=True):
    """The drawing. It has the focus where the current field is opened elsewhere."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "form--label",
        "form--current",
        "form--quiet",
        "form--error",
        "form--warning",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.open_up", "Open", show=False),
        Binding("down,j", "screen.go(1)", "Next field", show=False),
        Binding("up,k", "screen.go(-1)", "Field before", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="form-lines", classes="-ansi-scrollbar")
        self._rows: Sequence[FormRow] = ()
        self._current = ""
        self._texts: list[list[str]] = []
        self._drawn: list[_Drawn] = []

    @property
    def text_width(self) -> int:
        """How wide the text of a field is."""
        return max(8, self._width - self.label_width - self._source_width)

    @property
    def label_width(self) -> int:
        """How wide the names of the fields are."""
        return _LABEL if self._width >= _WIDE else min(_LABEL, self._width // 3)

    @property
    def _source_width(self) -> int:
        return _SOURCE if self._width >= _WIDE else 0

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def show(self, rows: Sequence[FormRow], current: str) -> None:
        """Draw these."""
        self._rows, self._current = rows, current
        self._lay_out()

    def on_resize(self) -> None:
        """The lines have another width."""
        self._lay_out()

    def place_of_current(self) -> tuple[int | None, int]:
        """Where the current field is on the screen, and how high."""
        places = [
            y
            for y, line in enumerate(self._drawn)
            if line.remark is None and self._rows[line.row].field == self._current
        ]
        return (places[0] - self.scroll_offset.y, len(places)) if places else (None, 1)

    def _lay_out(self) -> None:
        width = self.text_width
        self._texts, self._drawn = [], []
        for number, row in enumerate(self._rows):
            text = (
                wrapped(row.text, width, _MOST_LINES)
                if row.is_long
                else [" ".join(row.text[:_LONGEST].split())]
            )
            height = min(_MOST_LINES, max(2, len(text) + 1)) if row.is_long else 1
            self._texts.append(text)
            self._drawn += [_Drawn(number, line) for line in range(height)]
            if row.remark is not None:
                sign = "✗" if row.remark.refused else "!"
                words = wrapped(
                    f"{sign} {one_line(row.remark.text)}",
                    width + self._source_width,
                    _MOST_REMARK_LINES,
                )
                self._drawn += [_Drawn(number, i, words[i]) for i in range(len(words))]
        self.virtual_size = Size(self._width, len(self._drawn))
        self._keep_in_sight()
        self.refresh()

    def _keep_in_sight(self) -> None:
        own = [
            y for y, line in enumerate(self._drawn) if self._rows[line.row].field == self._current
        ]
        if not own:
            return
        first, height = self.scroll_offset.y, max(1, self.size.height)
        if own[0] < first:
            self.scroll_to(y=own[0], animate=False, immediate=True)
        elif own[-1] >= first + height:
            y = max(0, min(own[0], own[-1] - height + 1))
            self.scroll_to(y=y, animate=False, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The editor goes along."""
        super().watch_scroll_y(old_value, new_value)
        if isinstance(self.parent, Form):
            self.parent.place()

    def on_click(self, event: events.Click) -> None:
        """Go to the field that was clicked."""
        y = self.scroll_offset.y + event.y
        if y < len(self._drawn) and self.parent is not None:
            self.parent.post_message(Form.Clicked(self._rows[self._drawn[y].row].field))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, place, style = self.size.width, self.scroll_offset.y + y, self.rich_style
        if place >= len(self._drawn):
            return Strip([Segment(" " * width, style)])
        line = self._drawn[place]
        row = self._rows[line.row]
        if line.remark is not None:
            severity = Severity.INFO if row.remark is None else row.remark.severity
            look = style + self._look("quiet" if severity is Severity.INFO else severity.value)
            segments = [Segment(" " * self.label_width, style), Segment(line.remark, look)]
        else:
            segments = self._text(row, line, style)
        return Strip(segments).adjust_cell_length(width, style)

    def _text(self, row: FormRow, line: _Drawn, style: Style) -> list[Segment]:
        head = style + self._look("label")
        if row.field == self._current:
            head += self._look("current")
        width = self.label_width - 1
        label = fitted(row.label, width) if line.number == 0 else " " * width
        texts = self._texts[line.row]
        text = texts[line.number] if line.number < len(texts) else ""
        look = style
        if not text and not row.text and line.number == 0:
            text, look = row.hint, style + self._look("quiet")
        source = f" ← {row.source}" if row.source and line.number == 0 else ""
        return [
            Segment(label, head),
            Segment(" ", style),
            Segment(fitted(text, self.text_width), look),
            Segment(fitted(source, self._source_width), style + self._look("quiet")),
        ]

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"form--{name}", partial=True)
