"""Changing works, and taking changes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refman.model import Work
from refman.rules.query import EVERYTHING, Node
from refman.services.library.exchange import ExchangingLibrary
from refman.store import ChangeRow, Row

if TYPE_CHECKING:
    from refman.rules.check import Finding
    from refman.services.backups import Backup
    from refman.services.bulk_editing import BulkEdit, BulkResult, WorkEdit
    from refman.services.redoing import Preview
    from refman.services.rekeying import NewKey

# Loaded when they are called: nobody who only looks must pay for what writes.
# ruff: noqa: PLC0415


class ChangingLibrary(ExchangingLibrary):
    """The deeds. Each is a change that `undo` takes back."""

    def edit(
        self, work: Work, changes: Mapping[str, str], clear: Iterable[str] = ()
    ) -> Mapping[str, tuple[Any, Any]]:
        """Set fields, given as text, and clear others. Returns before and after of what changed.

        Raises `UsageError` for an unknown field or a value that it cannot hold.
        """
        from refman.services import editing

        return editing.edit(self.store, work, changes, clear, self.now)

    def preview_edit(
        self, chosen: str | Node | Sequence[int], wanted: BulkEdit
    ) -> Iterator[WorkEdit]:
        """What an edit would come to for the works of a query, or those with these ids.

        Nothing is changed. `refman.services.bulk_editing.bulk_edit` makes what is wanted.
        """
        from refman.services import bulk_editing

        return bulk_editing.preview(self.store, self._selection(chosen), wanted, self.now)

    def edit_all(
        self,
        chosen: str | Node | Sequence[int],
        wanted: BulkEdit,
        *,
        seen: Mapping[int, int] | None = None,
        tell: Callable[[WorkEdit], object] = lambda _: None,
        progress: Callable[[int], object] = lambda _: None,
    ) -> BulkResult:
        """Edit the works of a query, or those with these ids, as one change.

        As `refman.services.bulk_editing.apply` does it.
        """
        from refman.services import bulk_editing

        selection = self._selection(chosen)
        return bulk_editing.apply(
            self.store, selection, wanted, self.now, seen=seen, tell=tell, progress=progress
        )

    def _selection(self, chosen: str | Node | Sequence[int]) -> Node | Sequence[int]:
        if isinstance(chosen, Sequence) and not isinstance(chosen, str):
            return chosen
        return self.node(chosen)

    def rename(self, work: Work, key: str) -> None:
        """Give a work another citation key; the old one still finds it. Raises `UsageError`."""
        from refman.services import editing

        editing.rename(self.store, work, key)

    def new_keys(
        self, query: str | Node = EVERYTHING, template: str | None = None
    ) -> Iterator[NewKey]:
        """The works that a query finds whose key a template would change, with the new one.

        Nothing is changed: `rekey` gives them. Raises `UsageError` for a template.
        """
        from refman.rules import citekey
        from refman.services import rekeying

        return rekeying.propose(self.store, self.node(query), template or citekey.DEFAULT)

    def rekey(self, keys: Sequence[NewKey]) -> list[NewKey]:
        """Give works the keys that were proposed, as one change. Returns those that were given."""
        from refman.services import rekeying

        return rekeying.rekey(self.store, keys)

    def delete(self, works: Iterable[Work]) -> int:
        """Take works out of the library; `undo` brings them back. Returns how many there were."""
        from refman.services import editing

        return editing.delete(self.store, works)

    def label(self, table: str, name: str, works: Iterable[Work | Row], *, on: bool = True) -> int:
        """Put works under a name in `tags` or `collections`, or take them out.

        Lines of a list do as well as works. Returns how many works that changed.
        """
        from refman.services import editing

        return editing.label(self.store, table, name, works, on=on)

    def undo(
        self,
        change_id: int | None = None,
        *,
        partly: bool = False,
        progress: Callable[[int, int], object] | None = None,
    ) -> ChangeRow:
        """Take back a change, or the latest that was not taken back. Returns it.

        `partly` takes back what is left of it where later changes stand in the way. Raises
        `NotFoundError` where there is none, `UsageError` where something is in the way.
        """
        from refman.services import redoing

        return redoing.undo(self.store, change_id, partly=partly, progress=progress)

    def preview_undo(
        self, change_id: int | None = None, *, partly: bool = False, limit: int = 20
    ) -> Preview:
        """What `undo` would do; nothing is changed. Raises what `undo` raises."""
        from refman.services import redoing

        return redoing.preview(self.store, change_id, partly=partly, limit=limit)

    def redo(self, *, progress: Callable[[int, int], object] | None = None) -> ChangeRow:
        """Do again what was undone last, unless something else was done since. Returns it.

        Raises `NotFoundError` where there is nothing.
        """
        from refman.services import redoing

        return redoing.redo(self.store, progress=progress)

    def save_search(self, name: str, query: str | None) -> None:
        """Keep a query under a name, or with None forget it. Raises `UsageError`."""
        from refman.services import searches

        searches.save(self.store, name, query)

    def merge(self, works: Sequence[Work], into: Work | None = None) -> int:
        """Make one work of several: the first, or `into`. Returns the change's number.

        Their records, keys, tags, notes and files are its own then. Raises `UsageError` for fewer
        than two, `NotFoundError` for works that are gone.
        """
        from refman.services import duplicates

        return duplicates.merge(self.store, works, into)

    def fix(self, found: Iterable[tuple[Work, Finding]]) -> int:
        """Mend what `findings` found and can be mended safely. Returns the number of fields."""
        from refman.services import checking

        return checking.fix(self.store, found, self.now)

    # Looking after

    def check(self) -> list[str]:
        """What is wrong with the file, in sentences; nothing where it is sound."""
        return self.store.check()

    def mend(self) -> int:
        """Make everything derived anew from the records. Returns the number of works."""
        with self.store.writing() as writer:
            return writer.rebuild()

    def backup(
        self, target: str | Path | None = None, *, keep: int | None = None, replace: bool = False
    ) -> Backup:
        """Copy the library, whole and consistent, while it is in use, and check the copy.

        Without a target it lies beside the library, with the date in its name; with `keep` the
        target is a folder in which that many of the newest stay. Raises `InputError`.
        """
        from refman.services import backups

        file = None if target is None else Path(target)
        return backups.back_up(self.store, self.path, file, self.now, keep=keep, replace=replace)
