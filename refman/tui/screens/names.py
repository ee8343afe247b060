"""The dialog in which names are written in their parts, added, taken out and put in order."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from refman.model import Description, Name
from refman.rules.check import problems
from refman.services.labels import CONTROL
from refman.tui.display import counted, one_line
from refman.tui.screens.dialog import Confirm, Dialog

_PARTS = (
    ("family", "Family name", ""),
    ("given", "Given names", ""),
    ("non_dropping_particle", "Particle", "van, de la: part of the family name"),
    ("dropping_particle", "… dropped", "a particle that sorting leaves out"),
    ("suffix", "Suffix", "Jr., III"),
    ("literal", "Whole name", "of an organisation, or one that is not divided"),
    ("ORCID", "ORCID", "0000-0002-1825-0097"),
    ("affiliation", "Affiliation", "with ; between several"),
)
_NAMING = ("family", "given", "non_dropping_particle", "dropping_particle", "suffix")


class NameList(OptionList):
    """The names; letters act on the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Next", show=False),
        Binding("k", "cursor_up", "Before", show=False),
        Binding("a,insert", "screen.add", "Add", key_display="a"),
        Binding("d,delete", "screen.take_out", "Take out", key_display="d"),
        Binding("J,shift+down,alt+down", "screen.move(1)", "Further down", key_display="J"),
        Binding("K,shift+up,alt+up", "screen.move(-1)", "Further up", key_display="K"),
    ]


class NamesDialog(Dialog[tuple[Name, ...]]):
    """Gives the names; `what` they are is its heading."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Done", key_display="Ctrl+S", priority=True),
        Binding("escape", "give_up", "Close", key_display="Esc"),
    ]
    DEFAULT_CSS = """
    #names { width: 2fr; height: 1fr; }
    #name-parts { width: 3fr; height: auto; padding: 0 0 0 1; }
    .name-line { height: 1; }
    .name-label { width: 13; }
    .name-line Input { width: 1fr; margin: 0 !important; }
    #name-remark { height: auto; max-height: 3; margin: 1 0 0 0; }
    """

    def __init__(self, what: str, names: Sequence[Name]) -> None:
        super().__init__()
        self._what, self._before = what, tuple(names)
        self._names = list(names)
        self._list = NameList(id="names", classes="-ansi-scrollbar", compact=True)
        self._parts = {
            part: Input(compact=True, select_on_focus=False, placeholder=hint)
            for part, _, hint in _PARTS
        }
        self._title = Static("", classes="dialog-title", markup=False)
        self._remark = Static("", id="name-remark", markup=False)

    def compose(self) -> ComposeResult:
        """The names, and beside them the parts of one."""
        with Vertical(classes="dialog -whole"):
            yield self._title
            with Horizontal():
                yield self._list
                with Vertical(id="name-parts"):
                    for part, label, _ in _PARTS:
                        with Horizontal(classes="name-line"):
                            yield Static(label, classes="name-label", markup=False)
                            yield self._parts[part]
                    yield self._remark
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """The first name; where there is none yet, one to be written."""
        self._relist(0)
        if self._names:
            self._list.focus()
        else:
            self.action_add()

    # What is shown

    def _relist(self, place: int) -> None:
        self._list.clear_options()
        self._list.add_options(Option(_shown(n, name)) for n, name in enumerate(self._names, 1))
        self._list.highlighted = max(0, min(place, len(self._names) - 1)) if self._names else None
        self._show()

    @property
    def _place(self) -> int | None:
        place = self._list.highlighted
        return place if place is not None and place < len(self._names) else None

    def _show(self) -> None:
        """Show the parts of the name under the cursor."""
        place = self._place
        name = Name() if place is None else self._names[place]
        for part, line in self._parts.items():
            value = getattr(name, part) or ""
            with line.prevent(Input.Changed):
                line.value = one_line("; ".join(value) if part == "affiliation" else value)
        self._tell()

    def _tell(self) -> None:
        self._title.update(
            Content(f"{self._what.capitalize()}: {counted(len(self._names), 'name')}")
        )
        place = self._place
        remark = "" if place is None else _remark(self._names[place])
        self._remark.update(Content.assemble((remark, "$text-warning")))

    def on_option_list_option_highlighted(self) -> None:
        """Another name."""
        self._show()

    def on_option_list_option_selected(self) -> None:
        """Enter goes to its parts."""
        place = self._place
        whole = place is not None and self._names[place].literal is not None
        self._parts["literal" if whole else "family"].focus()

    # What the keys do

    def on_input_changed(self, event: Input.Changed) -> None:
        """A part was written."""
        event.stop()
        place = self._place
        part = next((part for part, line in self._parts.items() if line is event.input), None)
        if place is None or part is None:
            return
        text = " ".join(unicodedata.normalize("NFC", CONTROL.sub("", event.value)).split())
        value: str | tuple[str, ...] | None = text or None
        if part == "affiliation":
            value = tuple(item.strip() for item in text.split(";") if item.strip())
        self._names[place] = replace(self._names[place], **{part: value})  # type: ignore[arg-type]
        self._list.replace_option_prompt_at_index(place, _shown(place + 1, self._names[place]))
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter leads back to the list."""
        event.stop()
        self._list.focus()

    def action_add(self) -> None:
        """Write a further name, behind the one under the cursor."""
        place = 0 if self._place is None else self._place + 1
        self._names.insert(place, Name())
        self._relist(place)
        self._parts["family"].focus()

    def action_take_out(self) -> None:
        """Take out the name under the cursor."""
        place = self._place
        if place is not None:
            del self._names[place]
            self._relist(place)

    def action_move(self, step: int) -> None:
        """Have the name under the cursor stand earlier, or later."""
        place = self._place
        if place is not None and 0 <= place + step < len(self._names):
            self._names.insert(place + step, self._names.pop(place))
            for number in (place, place + step):
                self._list.replace_option_prompt_at_index(
                    number, _shown(number + 1, self._names[number])
                )
            self._list.highlighted = place + step

    @property
    def _written(self) -> tuple[Name, ...]:
        return tuple(name for name in self._names if name != Name())

    def action_save(self) -> None:
        """These are the names."""
        for place, name in enumerate(self._names):
            if name != Name() and _fault(name):
                self._list.highlighted = place
                self._show()
                return
        self.dismiss(self._written)

    def action_give_up(self) -> None:
        """Close, after a question where something would be lost."""
        if self._written == self._before:
            self.dismiss(None)
            return

        def answered(drop: bool | None) -> None:
            if drop:
                self.dismiss(None)

        question = Confirm("Close without these names?", "They were changed.", "Drop it", "Go on")
        self.app.push_screen(question, answered)


def _shown(number: int, name: Name) -> Content:
    return Content(f"{number:>3} {one_line(name.inverted) or '…'}")


def _fault(name: Name) -> str | None:
    """Why this is no name."""
    if name.literal and any(getattr(name, part) for part in _NAMING):
        return "Write either the parts or the whole name, not both."
    if not name.literal and not name.family and not name.given:
        return "It needs a family name, a given name or a whole name."
    return None


def _remark(name: Name) -> str:
    if name == Name():
        return ""
    fault = _fault(name)
    if fault is not None:
        return f"✗ {fault}"
    found = [one for one in problems(Description(author=(name,))) if one.field == "author"]
    return f"! {one_line(found[0].message)}" if found else ""
