"""What all dialogs share, and the two smallest: a question and a line to fill in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import ModalScreen
from textual.suggester import Suggester, SuggestFromList
from textual.widgets import Button, Input, Static

T = TypeVar("T")
_LONGEST_ANSWER = 10_000


class Dialog(ModalScreen[T | None]):
    """A window over the main screen. Esc closes it and gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Close", show=False),
        Binding("f1", "app.keys", "Keys", show=False),
    ]

    def action_give_up(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    def work(
        self, group: str, deed: Callable[[], Awaitable[None]], *, exclusive: bool = True
    ) -> None:
        """Have it done in the background; with `exclusive`, in place of what the group does yet.

        What comes after the dialog was closed finds nothing to be shown in, and is dropped.
        """

        async def guarded() -> None:
            try:
                await deed()
            except NoMatches:
                if self in self.app.screen_stack:
                    raise

        self.run_worker(guarded, group=group, exclusive=exclusive)  # type: ignore[arg-type]

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button is as good as its key: its name is an action."""
        event.stop()
        if event.button.name:
            self.call_later(self.run_action, event.button.name)


def title(text: str) -> Static:
    """The heading of a dialog."""
    return Static(Content(text), classes="dialog-title", markup=False)


def text(content: str, *, id: str | None = None) -> Static:  # noqa: A002
    """A paragraph of plain text."""
    return Static(Content(content), id=id, classes="dialog-text", markup=False)


def buttons(*labels: tuple[str, str, str]) -> Horizontal:
    """A row of buttons: label, action, variant."""
    return Horizontal(
        *(
            Button(Content(label), name=action, variant=variant, compact=True)  # type: ignore[arg-type]
            for label, action, variant in labels
        ),
        classes="dialog-buttons",
    )


class Confirm(Dialog[bool]):
    """A question with yes and no; no is what Esc says."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Yes", show=False),
        Binding("n", "give_up", "No", show=False),
    ]

    def __init__(self, question: str, details: str, agree: str, refuse: str = "Cancel") -> None:
        super().__init__()
        self._question, self._details = question, details
        self._agree, self._refuse = agree, refuse

    def compose(self) -> ComposeResult:
        """The question, what it is about, and the answers."""
        with Vertical(classes="dialog"):
            yield title(self._question)
            yield text(self._details)
            yield buttons(
                (f"{self._agree} (y)", "agree", "error"),
                (f"{self._refuse} (n)", "give_up", "default"),
            )

    def action_agree(self) -> None:
        """Yes."""
        self.dismiss(True)


class Prompt(Dialog[str]):
    """A line to fill in, with words that complete themselves."""

    def __init__(
        self,
        question: str,
        details: str,
        suggestions: Iterable[str] = (),
        *,
        value: str = "",
        suggester: Suggester | None = None,
    ) -> None:
        super().__init__()
        self._question, self._details, self._value = question, details, value
        self._suggester = suggester or SuggestFromList(tuple(suggestions), case_sensitive=False)

    def compose(self) -> ComposeResult:
        """The question and the line."""
        with Vertical(classes="dialog"):
            yield title(self._question)
            yield text(self._details)
            yield Input(
                self._value,
                suggester=self._suggester,
                compact=True,
                max_length=_LONGEST_ANSWER,
                select_on_focus=False,
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """That is the answer."""
        self.dismiss(event.value.strip() or None)
