"""The dialog in which a file is found: one goes through folders; typing narrows what is shown."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from refman.tui.display import one_line
from refman.tui.screens.dialog import Dialog, buttons, title

_MOST = 2_000
"""Entries of a folder that are shown."""


class FileDialog(Dialog[Path]):
    """Gives a file that is there; with `folders`, a folder.

    Files that end in one of `extensions` come first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next", show=False, priority=True),
        Binding("up", "step(-1)", "Before", show=False, priority=True),
        Binding("pagedown", "step(10)", "Further down", show=False, priority=True),
        Binding("pageup", "step(-10)", "Further up", show=False, priority=True),
        Binding("ctrl+s", "take_folder", "This folder", show=False, priority=True),
        Binding("left", "parent", "The folder above", show=False, priority=True),
        Binding("right", "into", "Into the folder", show=False, priority=True),
    ]

    def __init__(
        self, question: str, start: Path, extensions: Collection[str] = (), *, folders: bool = False
    ) -> None:
        super().__init__()
        self._question, self._extensions, self._folders = question, extensions, folders
        self._folder = start if start.is_dir() else Path.cwd()
        self._entries: list[str] = []
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Where one is, a line that narrows, and what is there."""
        with Vertical(classes="dialog -tall"):
            yield title(self._question)
            yield Static("", id="file-folder", markup=False)
            yield Input(id="file-words", compact=True, placeholder="type to narrow; ← folder above")
            yield OptionList(id="file-list", classes="-ansi-scrollbar", compact=True)
            take = [("This folder (Ctrl+S)", "take_folder", "primary")] if self._folders else []
            yield buttons(*take, ("Cancel", "give_up", "default"))

    def on_mount(self) -> None:
        """Look at the first folder."""
        self.query_one(OptionList).can_focus = False
        self._look()

    def _look(self) -> None:
        self._entries = entries_of(self._folder, self._extensions, only_folders=self._folders)
        self.query_one("#file-folder", Static).update(Content(one_line(str(self._folder))))
        self.query_one(Input).value = ""
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what has these letters in its name."""
        self._narrow(event.value.strip().lower())

    def _narrow(self, typed: str) -> None:
        self._shown = ["../", *(name for name in self._entries if typed in name.lower())]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Content(one_line(name)) for name in self._shown])
        options.highlighted = min(1, len(self._shown) - 1)

    def action_step(self, step: int) -> None:
        """Go to another line."""
        options = self.query_one(OptionList)
        options.highlighted = max(0, min((options.highlighted or 0) + step, len(self._shown) - 1))

    def action_parent(self) -> None:
        """Go to the folder above."""
        self._folder = self._folder.absolute().parent
        self._look()

    def action_into(self) -> None:
        """Go into the folder under the cursor."""
        name = self._shown[self.query_one(OptionList).highlighted or 0]
        if name.endswith("/"):
            self._take(name)

    def on_input_submitted(self) -> None:
        """Take what the cursor is on."""
        self._take(self._shown[self.query_one(OptionList).highlighted or 0])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        self._take(self._shown[event.option_index])

    def _take(self, name: str) -> None:
        if name == "../":
            self.action_parent()
        elif name.endswith("/"):
            self._folder = self._folder / name
            self._look()
        else:
            self.dismiss(self._folder / name)

    def action_take_folder(self) -> None:
        """This folder."""
        if self._folders:
            self.dismiss(self._folder)


def entries_of(folder: Path, extensions: Collection[str], *, only_folders: bool) -> list[str]:
    """What is in a folder: folders, ending in a slash, files of these kinds, then the others."""
    found: list[tuple[int, str]] = []
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_MOST), entries, strict=False):
                name = entry.name
                if name.startswith("."):
                    continue
                if entry.is_dir():
                    found.append((0, f"{name}/"))
                elif not only_folders:
                    known = Path(name.removesuffix(".gz")).suffix.lower() in extensions
                    found.append((1 if known else 2, name))
    except OSError:
        return []
    return [name for _, name in sorted(found, key=lambda pair: (pair[0], pair[1].lower()))]
