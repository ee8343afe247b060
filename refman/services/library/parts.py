"""What a library offers under names of its own: `library.notes.add(work, "…")`.

Each part is a few calls of the module that the use case lives in; they are made anew whenever they
are asked for, and hold nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refman.model import Work
from refman.rules.query import EVERYTHING, Node, Term
from refman.services import belongings, duplicates, file_check, labels, reviewing
from refman.services.reviewing import Decision, MismatchVerdict, Review, Verdict
from refman.services.works import Works
from refman.store import AttachmentRow, NoteRow

if TYPE_CHECKING:
    from refman.rules.duplicates import Group, Pair
    from refman.services.belongings import FileState
    from refman.services.file_check import FileFinding, Relinked
    from refman.services.labels import LabelMove
    from refman.services.library import Library


class _Part:
    def __init__(self, library: Library) -> None:
        self._library = library


class Duplicates(_Part):
    """Works that are in the library twice."""

    def find(self, query: str | Node = EVERYTHING) -> duplicates.Duplicates:
        """The groups of works that are one, and the preprints of what was published.

        At least one of each group is found by the query.
        """
        return duplicates.find(self._library.store, self._library.node(query))

    def merge(self, groups: Iterable[Group]) -> int:
        """Merge each group into its oldest work, as one change. Returns how many works went."""
        return duplicates.merge_groups(self._library.store, groups)

    def link(self, versions: Iterable[Pair]) -> int:
        """Say of preprints which work was published of them. Returns how many were not known."""
        return duplicates.link(self._library.store, versions, self._library.now)

    def keep_apart(self, works: Sequence[Work]) -> int:
        """Note that these works are not one, whatever they look like. Returns how many pairs.

        Raises `UsageError` for fewer than two.
        """
        return duplicates.keep_apart(self._library.store, works)


class Reviews(_Part):
    """What is proposed. Decisions of one call are one change, which `undo` takes back."""

    def __iter__(self) -> Iterator[Review]:
        return self.find()

    def find(self, query: str | Node = EVERYTHING) -> Iterator[Review]:
        """Of the works of a query those about which something is to be decided."""
        return reviewing.undecided(self._library.store, self._library.node(query))

    def of(self, work: Work) -> Review:
        """What is to be decided about a work."""
        return reviewing.review(self._library.store, work)

    def accept(self, reviews: Iterable[Review], fields: Iterable[str] | None = None) -> int | None:
        """Take over what is proposed, of all fields or of some.

        Returns the change's number, None where there was nothing. Raises `NotFoundError` where a
        work is gone.
        """
        return self._all(reviews, Verdict.ACCEPT, fields)

    def reject(self, reviews: Iterable[Review], fields: Iterable[str] | None = None) -> int | None:
        """Turn down what is proposed, as `accept` takes it over."""
        return self._all(reviews, Verdict.REJECT, fields)

    def decide(self, work: Work, decisions: Mapping[tuple[int, str], Decision]) -> int | None:
        """Decide field by field: (record's id, field) to a verdict, or the text to be taken.

        Returns the change's number, if any. Raises `NotFoundError`, and `UsageError` for a text
        that a field cannot hold.
        """
        return reviewing.decide(self._library.store, work.id, decisions, self._library.now)

    def settle(self, work: Work, verdict: MismatchVerdict | str) -> int | None:
        """Decide on a record of another work that the DOI led to: believe, dismiss, drop-doi.

        Returns the change's number, if any. Raises `NotFoundError`, `ValueError`.
        """
        return reviewing.settle_mismatch(
            self._library.store, work.id, MismatchVerdict(verdict), self._library.now
        )

    def _all(
        self, reviews: Iterable[Review], verdict: Verdict, fields: Iterable[str] | None
    ) -> int | None:
        chosen = None if fields is None else set(fields)
        wanted: dict[int, dict[tuple[int, str], Decision]] = {}
        for review in reviews:
            wanted[review.work.id] = {
                (proposal.record.id or 0, proposal.field): verdict
                for proposal in review.proposals
                if chosen is None or proposal.field in chosen
            }
        return reviewing.decide_all(self._library.store, wanted, self._library.now)


class Labels(_Part):
    """The names of tags or of collections, as a mapping to the number of works under each."""

    def __init__(self, library: Library, table: str) -> None:
        super().__init__(library)
        self._table = table

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts())

    def __getitem__(self, name: str) -> Works:
        """The works under a name."""
        return self._library.search(Term(name, self._table.removesuffix("s")))

    def __repr__(self) -> str:
        return repr(self.counts())

    def counts(self) -> dict[str, int]:
        """The names, each with the number of works under it."""
        return dict(self._library.names(self._table))

    def put(self, name: str, works: Iterable[Work]) -> int:
        """Put works under a name. Returns how many were not there. Raises `UsageError`."""
        return self._library.label(self._table, name, works)

    def take(self, name: str, works: Iterable[Work]) -> int:
        """Take works out from under a name. Returns how many were there."""
        return self._library.label(self._table, name, works, on=False)

    def rename(self, name: str, to: str) -> Sequence[LabelMove]:
        """Give a name another spelling; where that is in use, the two are merged.

        Raises `NotFoundError` for a name that is not in use, `UsageError` for one that cannot be.
        """
        return labels.rename_label(self._library.store, self._table, name, to)

    def delete(self, name: str) -> Sequence[LabelMove]:
        """Take a name away; the works stay. Raises `NotFoundError` for one not in use."""
        return labels.delete_label(self._library.store, self._table, name)


class Notes(_Part):
    """Notes on works, in Markdown."""

    def of(self, work: Work) -> list[NoteRow]:
        """The notes on a work, the oldest first."""
        return self._library.store.notes(work.id)

    def add(self, work: Work, text: str) -> int:
        """Put a note on a work. Returns its number. Raises `UsageError` for an empty one."""
        return belongings.add_note(self._library.store, work, text)

    def change(self, work: Work, number: int, text: str) -> None:
        """Give a note another text. Raises `NotFoundError`, `UsageError`."""
        belongings.change_note(self._library.store, work, number, text)

    def remove(self, work: Work, number: int) -> None:
        """Take a note away. Raises `NotFoundError`."""
        belongings.change_note(self._library.store, work, number, None)


class Files(_Part):
    """Files that belong to works, in a folder beside the library, or linked."""

    def of(self, work: Work) -> list[AttachmentRow]:
        """The files of a work, the first one first."""
        return self._library.store.attachments(work.id)

    def attach(self, work: Work, path: str | Path, *, link: bool = False) -> Path:
        """Attach a copy of a file, or with `link` the file where it is. Returns where it is now.

        Raises `InputError` for what cannot be read or copied.
        """
        library = self._library
        return belongings.attach(library.store, library.path, work, Path(path), link=link)

    def detach(self, work: Work, number: int) -> Path:
        """Take a file off a work; the file stays. Returns where. Raises `NotFoundError`."""
        return belongings.detach(self._library.store, self._library.path, work, number)

    def states(self, work: Work | None = None, *, thorough: bool = False) -> list[FileState]:
        """The files of a work, or all, and what is wrong with each; `thorough` reads them."""
        library = self._library
        return belongings.states(library.store, library.path, work, thorough=thorough)

    def check(self, work: Work | None = None) -> list[FileFinding]:
        """What is wrong with the files of a work, or with all that are kept; each is read."""
        return list(file_check.check_files(self._library.store, self._library.path, work))

    def relink(self, folder: str | Path, *, dry_run: bool = False) -> Relinked:
        """Look for missing files in a folder, by what is in them. Raises `InputError`."""
        library = self._library
        return file_check.relink(library.store, library.path, Path(folder), dry_run=dry_run)
