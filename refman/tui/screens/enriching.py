"""The dialog that asks what to enrich, and how far sources are to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from refman.services.enriching import EnrichPolicy, MergePolicy
from refman.tui.display import counted
from refman.tui.screens.dialog import Dialog, buttons, text, title
from refman.tui.widgets.choice import Choice

_POLICIES = (
    (MergePolicy.FILL, "Fill gaps and correct guesses"),
    (MergePolicy.PREFER_SOURCE, "Replace all but what I wrote"),
    (MergePolicy.REVIEW, "Only propose"),
)


_MOST_SEARCHES = 6
"""Saved searches that are offered; the others are listed from the sidebar first."""
_ASK = ("Only what has not been answered yet", "Ask again for everything")


@dataclass(frozen=True, slots=True)
class EnrichChoice:
    """What was chosen."""

    everything_shown: bool
    search: str | None
    """The name of a saved search whose works are meant instead."""
    policy: EnrichPolicy


class EnrichDialog(Dialog[EnrichChoice]):
    """`few` is the number of works marked (or the one under the cursor), `shown` that listed.

    `searches` are the names of the saved ones.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start", show=False),
    ]

    def __init__(
        self,
        few: int,
        marked: bool,
        shown: int | None,
        source: str,
        searches: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._searches = searches[:_MOST_SEARCHES]
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
            searches = (f"Saved search: {name}" for name in self._searches)
            yield Choice((few, shown, *searches), id="enrich-scope")
            yield Choice([label for _, label in _POLICIES], id="enrich-policy")
            yield Choice(_ASK, id="enrich-refresh")
            yield buttons(("Start (Ctrl+S)", "start", "primary"), ("Cancel", "give_up", "default"))

    def action_start(self) -> None:
        """Begin."""
        scope, policy, refresh = (
            self.query_one(f"#enrich-{name}", Choice).index
            for name in ("scope", "policy", "refresh")
        )
        chosen = EnrichPolicy(policy=_POLICIES[policy][0], refresh=refresh == 1)
        search = self._searches[scope - 2] if scope > 1 else None
        self.dismiss(EnrichChoice(scope == 1, search, chosen))
