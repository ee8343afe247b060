"""A library and all that can be done with it: what `import refman` offers.

The command line and the screens call these same methods. Each use case lives in a module of its
own; here they are gathered behind one object that holds the open file. What belongs together is
found under a name of its own, as `library.duplicates.find()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from refman.rules.query import EVERYTHING, Node
from refman.services.library.changing import ChangingLibrary
from refman.services.library.opened import utc_now

if TYPE_CHECKING:
    from refman.services.enriching import EnrichItem, EnrichPolicy
    from refman.services.library import parts

__all__ = ["Library", "utc_now"]

# ruff: noqa: PLC0415


class Library(ChangingLibrary):
    """One open library file, for any number of threads: each has a connection of its own.

    Every method may raise `refman.errors.StoreError`; queries in text may raise `UsageError`.
    """

    def complete(
        self,
        query: str | Node = EVERYTHING,
        *,
        sources: Sequence[str] = ("crossref", "datacite", "doi"),
        settings: Mapping[str, str] | None = None,
        policy: EnrichPolicy | None = None,
        tell: Callable[[EnrichItem], object] = lambda _: None,
    ) -> list[EnrichItem]:
        """Complete the works of a query by their DOIs, and wait for it; `enrich` in one call.

        `settings` are those of the sources by name (`mailto`, `crossref_url`, …), `tell` is told
        of each work as it is done. Returns what became of each. Raises `PluginNotFound` for a
        source that there is none of.
        """
        from refman.services.library import online

        return online.complete(self, self.node(query), sources, settings or {}, policy, tell)

    @property
    def duplicates(self) -> parts.Duplicates:
        """Works that are there twice."""
        from refman.services.library import parts

        return parts.Duplicates(self)

    @property
    def reviews(self) -> parts.Reviews:
        """What sources and edited files propose, to be decided on."""
        from refman.services.library import parts

        return parts.Reviews(self)

    @property
    def tags(self) -> parts.Labels:
        """The tags, and the works under each."""
        from refman.services.library import parts

        return parts.Labels(self, "tags")

    @property
    def collections(self) -> parts.Labels:
        """The collections, and the works in each; `/` in a name makes a tree of them."""
        from refman.services.library import parts

        return parts.Labels(self, "collections")

    @property
    def notes(self) -> parts.Notes:
        """The notes on works."""
        from refman.services.library import parts

        return parts.Notes(self)

    @property
    def files(self) -> parts.Files:
        """The files that belong to works."""
        from refman.services.library import parts

        return parts.Files(self)
