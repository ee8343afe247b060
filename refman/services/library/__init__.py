"""A library and all that can be done with it: what `import refman` offers.

The command line and the screens call these same methods. Each use case lives in a module of its
own; here they are gathered behind one object that holds the open file. What belongs together is
found under a name of its own, as `library.duplicates.find()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refman.services.library.changing import ChangingLibrary
from refman.services.library.opened import utc_now

if TYPE_CHECKING:
    from refman.services.library import parts

__all__ = ["Library", "utc_now"]

# ruff: noqa: PLC0415


class Library(ChangingLibrary):
    """One open library file, for any number of threads: each has a connection of its own.

    Every method may raise `refman.errors.StoreError`; queries in text may raise `UsageError`.
    """

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
