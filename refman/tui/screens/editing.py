"""The form in which a work is edited, or written down: a line for each field, checked as one types.

What the fields hold and what is to say of them is `refman.tui.draft`'s; here it is shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from refman.errors import EditConflict, RefmanError
from refman.model import FIELDS, NAME_FIELDS, Description
from refman.model.vocabulary import CSL_TYPES
from refman.services.editing import Revision
from refman.tui.display import counted, one_line
from refman.tui.draft import KEY, LONG_FIELDS, Draft, Remark, hint_for
from refman.tui.screens.choosing import PickDialog
from refman.tui.screens.dialog import Confirm, Dialog
from refman.tui.screens.names import NamesDialog
from refman.tui.screens.settling import ConflictDialog
from refman.tui.summary import NO_TEXT, value_text
from refman.tui.widgets.form import Form, FormRow

_PAUSE = 0.12
"""Seconds without a key after which what was written is checked."""
_LONGEST = 60_000
"""Characters of a text that is still edited here."""
_LANGUAGES = ("en", "id", "de", "fr", "es", "pt", "pt-BR", "it", "nl", "ms", "ru", "ja", "zh", "ar")


@dataclass(frozen=True, slots=True)
class Present:
    """What a work says now, who says what, and its key."""

    description: Description
    sources: dict[str, str]
    key: str
    work: Any = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What the form asks for. Each may raise `RefmanError`."""

    save: Callable[[Revision, Present], Awaitable[str]]
    """Keep it; what was done, in words."""
    look: Callable[[str, str | None], Awaitable[tuple[Remark | None, Remark | None]]]
    """What there is to say of a citation key and of a DOI that somebody writes."""
    again: Callable[[], Awaitable[Present | None]]
    """What the work says by now."""
    elsewhere: Callable[[str], str]
    """Edit a text in the user's editor."""
    keep: Callable[[Mapping[str, str]], None]
    """Keep what was written so far, or with nothing forget it."""


class EditScreen(Dialog[str]):
    """Gives what was done, in words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "go(1)", "Next field", show=False, priority=True),
        Binding("shift+tab", "go(-1)", "Field before", show=False, priority=True),
        Binding("ctrl+s", "save", "Save", key_display="Ctrl+S", priority=True),
        Binding("ctrl+n", "another", "Another field", key_display="Ctrl+N", priority=True),
        Binding("ctrl+t", "take_over", "Take over", key_display="Ctrl+T", priority=True),
        Binding("ctrl+l", "empty", "Empty", key_display="Ctrl+L", priority=True),
        Binding("ctrl+g", "restore", "As it was", key_display="Ctrl+G", priority=True),
        Binding("ctrl+o", "elsewhere", "In $EDITOR", key_display="Ctrl+O", priority=True),
        Binding("escape", "give_up", "Close", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    .form { width: 100%; height: 1fr; padding: 0 1; border: round $primary; background: $surface; }
    .form-title { height: 1; text-style: bold; }
    Form { height: 1fr; layers: lines editor; }
    #form-lines { height: 1fr; layer: lines; scrollbar-size-vertical: 1; overflow-x: hidden; }
    .form-editor { layer: editor; position: absolute; }
    FormLines > .form--current { text-style: bold reverse; }
    FormLines > .form--quiet { text-style: dim; }
    FormLines > .form--error { color: $text-error; }
    FormLines > .form--warning { color: $text-warning; }
    #edit-note { height: auto; max-height: 3; }
    """

    def __init__(self, heading: str, draft: Draft, writing: Writing, present: Present) -> None:
        super().__init__()
        self._heading, self._draft, self._writing = heading, draft, writing
        self._present = present
        self._form = Form(id="edit-fields")
        self._note = Static("", id="edit-note", markup=False)
        self._current = ""
        self._remarks: dict[str, Remark] = {}
        self._timer: Timer | None = None
        self._busy = False
        self._seen: tuple[str, str | None] = ("", None)

    def compose(self) -> ComposeResult:
        """Heading, fields, a note, the keys."""
        with Vertical(classes="form"):
            yield Static(Content(one_line(self._heading)), classes="form-title", markup=False)
            yield self._form
            yield self._note
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Go to the first field that is to be written."""
        is_new = not self._draft.key and not self._draft.several
        self._check()
        self.call_after_refresh(self._go_to, self._fields[1] if is_new else "title")

    # The fields

    @property
    def _fields(self) -> list[str]:
        return [*self._draft.fields, *([] if self._draft.several else [KEY])]

    def _rows(self) -> list[FormRow]:
        return [self._row(field) for field in self._fields]

    def _row(self, field: str) -> FormRow:
        draft = self._draft
        text, is_closed = draft.text(field), False
        if field != KEY and (len(text) > _LONGEST or not draft.is_text(field)):
            text, is_closed = self._closed_text(field), True
        various = field in draft.various and not text
        return FormRow(
            field,
            field.replace("_", " "),
            text,
            draft.source(field),
            self._remarks.get(field),
            "(various)" if various else hint_for(field) if field == self._current else "",
            not is_closed and (field in LONG_FIELDS or "\n" in text),
            is_closed,
        )

    def _closed_text(self, field: str) -> str:
        value = self._draft.value(field)
        if field in NAME_FIELDS:
            shown = value_text(field, value[:2])
            return f"{counted(len(value), 'name')} (Enter): {shown}; …"
        if isinstance(value, tuple):
            return f"{counted(len(value), 'item')} (Ctrl+O): {value_text(field, value[:5])} …"
        return f"{len(value):,} characters (Ctrl+O): {one_line(str(value)[:200])}"

    def _go_to(self, field: str) -> None:
        """Have the editor on a field."""
        self._current = field
        rows = self._rows()
        self._form.show(rows, field)
        row = next(row for row in rows if row.field == field)
        suggestions = {"type": sorted(CSL_TYPES), "language": _LANGUAGES}.get(field)
        self._form.edit(row, None if suggestions is None else SuggestFromList(suggestions))

    def action_go(self, step: int) -> None:
        """Go to the next field, or the one before."""
        fields = self._fields
        here = fields.index(self._current) if self._current in fields else 0
        self._go_to(fields[(here + step) % len(fields)])

    def on_form_clicked(self, message: Form.Clicked) -> None:
        """Go to the field that was clicked; a large one is opened."""
        again = message.field == self._current
        self._go_to(message.field)
        if again and self._row(message.field).is_closed:
            self.action_open_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field; where there is another way of writing, to that."""
        event.stop()
        if self._current == "type" or self._current in NAME_FIELDS:
            self.action_open_up()
        else:
            self.action_go(1)

    # What is written

    def on_form_written(self, message: Form.Written) -> None:
        """Take it down at once, and check it when the typing pauses."""
        self._draft.write(self._current, message.text)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._check)

    def _check(self) -> None:
        self.work("check", self._checked)

    async def _checked(self) -> None:
        self._show()
        draft = self._draft
        self._writing.keep(draft.texts)
        looked_for = (draft.key, draft.value("DOI"))
        if looked_for != self._seen and not draft.several:
            self._seen = looked_for
            try:
                draft.key_remark, draft.doi_remark = await self._writing.look(*looked_for)
            except RefmanError as error:
                self._say(error)
                return
            self._show()

    def _show(self) -> None:
        """Say of each field who said it and what is wrong."""
        remarks = self._remarks = self._draft.remarks()
        self._form.show(self._rows(), self._current)
        refused = [name for name, remark in remarks.items() if remark.refused]
        changed = len(self._draft.changed)
        parts = [counted(changed, "change") if changed else "nothing changed"]
        if refused:
            parts.append(f"{refused[0].replace('_', ' ')} cannot be saved as it is")
        doubts = len(remarks) - len(refused)
        if doubts:
            parts.append(counted(doubts, "remark"))
        self._note.update(Content(" · ".join(parts)))

    def _say(self, error: RefmanError) -> None:
        words = " ".join(filter(None, (error.message, error.hint)))
        self._note.update(Content.assemble((one_line(words), "$text-error")))

    # What the keys do

    def action_open_up(self) -> None:
        """Another way of writing a field: names in parts, the list of types, a long text."""
        field = self._current
        if field == "type":
            now = self._draft.value("type") or ""
            self.app.push_screen(
                PickDialog("Type", sorted(CSL_TYPES), now), lambda name: self._put("type", name)
            )
        elif field in NAME_FIELDS:
            names = self._draft.value(field)
            self.app.push_screen(
                NamesDialog(field.replace("_", " "), names), lambda names: self._put(field, names)
            )
        else:
            self.action_elsewhere()

    def _put(self, field: str, value: Any) -> None:
        """Take down a value that was written elsewhere."""
        if value is not None:
            self._draft.put(field, value)
            self._put_back()

    def _put_back(self) -> None:
        """Show in the editor what its field is now."""
        self._go_to(self._current)
        self._check()

    def action_another(self) -> None:
        """Write a field that does not belong to the type; one that is shown is gone to."""
        shown = [name for name in self._draft.fields if name in FIELDS]
        hidden = [name for name in FIELDS if name not in shown and name not in NO_TEXT]

        def chosen(field: str | None) -> None:
            if field is not None:
                if field in hidden:
                    self._draft.open(field)
                self._go_to(field)

        self.app.push_screen(PickDialog("Another field", [*hidden, *shown]), chosen)

    def action_take_over(self) -> None:
        """Make what a machine said your own word, so that none changes it; or leave that."""
        if self._current != KEY:
            self._draft.take_over(self._current)
            self._show()

    def action_empty(self) -> None:
        """Have the field be empty."""
        if self._current != KEY:
            self._draft.clear(self._current)
            self._put_back()

    def action_restore(self) -> None:
        """Have the field be as it was."""
        self._draft.restore(self._current)
        self._put_back()

    def action_elsewhere(self) -> None:
        """Edit the field in the user's editor."""
        field, elsewhere = self._current, self._writing.elsewhere
        if field in (KEY, *NAME_FIELDS):
            return
        before = self._draft.text(field)
        try:
            text = elsewhere(before)
        except RefmanError as error:
            self._say(error)
            return
        if text.rstrip("\n") != before.rstrip("\n"):
            self._draft.write(field, text.rstrip("\n"))
            self._put_back()

    # How it ends

    def action_save(self) -> None:
        """Keep it, with what was typed just before."""
        self.call_later(lambda: self.call_later(self._save))

    def _save(self) -> None:
        draft = self._draft
        refused = draft.refused
        if refused is not None:
            self._show()
            self._go_to(refused)
            return
        if not draft.changed:
            self.dismiss(None)
        elif not self._busy:
            self._busy = True
            self.work("save", self._saved, exclusive=False)

    async def _saved(self) -> None:
        try:
            self.dismiss(await self._writing.save(self._draft.revision(), self._present))
        except EditConflict:
            await self._settle()
        except RefmanError as error:
            self._say(error)
        finally:
            self._busy = False

    async def _settle(self) -> None:
        """Somebody else has changed what is changed here: show both, and let the user choose."""
        now = await self._writing.again()
        if now is None:
            self._note.update(Content("The work is no longer in the library."))
            return
        mine = self._draft.revision()
        fields = [
            field
            for field in (*mine.values, *mine.cleared)
            if getattr(now.description, field) != getattr(self._present.description, field)
        ]
        sides = [
            (field, getattr(now.description, field), mine.values.get(field)) for field in fields
        ]

        def chosen(theirs: frozenset[str] | None) -> None:
            if theirs is None:
                return
            for field in theirs:
                self._draft.restore(field)
            self._present = now
            self._draft.based_on(now.description, now.sources, now.key)
            self._save()

        self.app.push_screen(ConflictDialog(one_line(now.key), sides), chosen)

    def action_give_up(self) -> None:
        """Close, after a question where something would be lost."""
        changed = self._draft.changed
        if not changed:
            self.dismiss(None)
            return
        fields = ", ".join(one_line(field.replace("_", " ")) for field in changed[:8])

        def answered(drop: bool | None) -> None:
            if drop:
                self._writing.keep({})
                self.dismiss(None)

        question = Confirm("Close without saving?", f"Written: {fields}.", "Drop it", "Go on")
        self.app.push_screen(question, answered)
