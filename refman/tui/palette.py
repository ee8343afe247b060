"""The deeds of the main screen in the command palette."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from refman.tui.deeds import DEEDS, Deed
from refman.tui.help_text import label
from refman.tui.screens.main import MainScreen


class DeedCommands(Provider):
    """Every deed by its name; the help says its key."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for deed in self._deeds():
            yield DiscoveryHit(deed.title, self._call(deed), help=self._help(deed))

    async def search(self, query: str) -> Hits:
        """Those that the typed letters fit."""
        matcher = self.matcher(query)
        for deed in self._deeds():
            score = matcher.match(f"{deed.title} {deed.help}")
            if score > 0:
                yield Hit(
                    score, matcher.highlight(deed.title), self._call(deed), help=self._help(deed)
                )

    def _deeds(self) -> list[Deed]:
        return list(DEEDS.values()) if isinstance(self.screen, MainScreen) else []

    def _call(self, deed: Deed) -> partial[None]:
        assert isinstance(self.screen, MainScreen)
        return partial(self.screen.action_do, deed.name)

    def _help(self, deed: Deed) -> str:
        return f"{deed.help} ({label(self.app, deed)})"
