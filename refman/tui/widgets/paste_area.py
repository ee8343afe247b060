"""Where text is pasted to be imported. What would take long to lay out is kept, and not shown."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from refman.tui.dropped import dropped_path

MOST_SHOWN = 200_000
"""Characters of a paste that are laid out."""


class PasteArea(TextArea):
    """`material` is what was pasted, shown or not."""

    class FileDropped(Message):
        """The path of a file was pasted."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class LargePaste(Message):
        """What was pasted is too large to be shown."""

    def __init__(self, pasted: str, *, id: str, classes: str) -> None:  # noqa: A002
        pasted = unified(pasted)
        self._kept = pasted if len(pasted) > MOST_SHOWN else ""
        super().__init__(
            told(self._kept) if self._kept else pasted,
            id=id,
            classes=classes,
            compact=True,
            soft_wrap=False,
            read_only=bool(self._kept),
        )

    @property
    def material(self) -> str:
        """All that was pasted."""
        return self._kept or self.text

    async def _on_paste(self, event: events.Paste) -> None:
        path = dropped_path(event.text)
        if path is not None:
            event.prevent_default()
            event.stop()
            self.post_message(self.FileDropped(path))
        elif len(event.text) + len(self.text) > MOST_SHOWN:
            event.prevent_default()
            event.stop()
            before = self.material
            text = unified(event.text)
            self._kept = f"{before}\n{text}" if before.strip() else text
            self.text = told(self._kept)
            self.read_only = True
            self.post_message(self.LargePaste())

    def empty(self) -> None:
        """Take everything away."""
        self._kept, self.read_only = "", False
        self.text = ""


def unified(text: str) -> str:
    """The text with the line ends that files have: terminals paste a return for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def told(text: str) -> str:
    """What stands in the place of a text that is not shown."""
    lines = text.count("\n") + 1
    return f"{len(text):,} characters in {lines:,} lines were pasted. Ctrl+L takes them away.\n"
