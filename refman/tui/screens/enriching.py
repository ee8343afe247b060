"""The dialog that asks what to enrich, and how far sources are to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Checkbox, RadioButton, RadioSet

from refman.services.enriching import EnrichPolicy, MergePolicy
from refman.tui.display import counted
from refman.tui.screens.dialog import Dialog, buttons, text, title

_POLICIES = (
    (MergePolicy.FILL, "Fill gaps and correct guesses"),
    (MergePolicy.PREFER_SOURCE, "Replace all but what I wrote"),
    (MergePolicy.REVIEW, "Only propose"),
)


@dataclass(frozen=True, slots=True)
class EnrichChoice:
    """What was chosen."""

    everything_shown: bool
    policy: EnrichPolicy


class EnrichDialog(Dialog[EnrichChoice]):
    """`few` is the number of works marked (or the one under the cursor), `shown` that listed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start", show=False),
    ]

    def __init__(self, few: int, marked: bool, shown: int | None, source: str) -> None:
        super().__init__()
        self._few, self._marked, self._shown, self._source = few, marked, shown, source

    def compose(self) -> ComposeResult:
        """Which works, how, and a button to begin."""
        few = f"{counted(self._few, 'marked work')}" if self._marked else "This work"
        shown = "All that are listed"
        if self._shown is not None:
            shown += f" ({self._shown:,})"
        with Vertical(classes="dialog"):
            yield title("Enrich by DOI")
            if self._source:
                yield text(f"From {self._source}.")
            with RadioSet(id="enrich-scope", compact=True):
                yield RadioButton(Content(few), value=True, compact=True)
                yield RadioButton(Content(shown), compact=True)
            with RadioSet(id="enrich-policy", compact=True):
                for policy, label in _POLICIES:
                    yield RadioButton(
                        Content(label), value=policy is MergePolicy.FILL, compact=True
                    )
            yield Checkbox("Ask again for what was answered before", id="refresh", compact=True)
            yield buttons(("Start (Ctrl+S)", "start", "primary"), ("Cancel", "give_up", "default"))

    def action_start(self) -> None:
        """Begin."""
        policy = _POLICIES[max(0, self.query_one("#enrich-policy", RadioSet).pressed_index)][0]
        refresh = self.query_one("#refresh", Checkbox).value
        scope = self.query_one("#enrich-scope", RadioSet).pressed_index
        self.dismiss(EnrichChoice(scope == 1, EnrichPolicy(policy=policy, refresh=refresh)))
