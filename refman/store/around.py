"""Reading around damage.

Where a question fails since pages of the file make no sense, all that can still be read is saved
into a library of its own, in the temporary folder, and that answers instead: this question from
where it stopped, and all that follow. Nobody else sees it, and it goes when the library is closed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from refman.errors import RefmanError, StoreDamaged
from refman.rules.query import EVERYTHING, Node
from refman.store.connection import WAY_OUT, Connection
from refman.store.reading import Reader
from refman.store.rows import Row
from refman.text.counting import counted

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from refman.store.rescuing import Rescue


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _also_around(
    question: Callable[Concatenate[Any, _P], _R],
) -> Callable[Concatenate[Any, _P], _R]:
    """The question of a reader, put again to what answers instead where it fails."""

    @functools.wraps(question)
    def asked(self: Any, /, *given: _P.args, **named: _P.kwargs) -> _R:
        try:
            return question(self, *given, **named)
        except UnicodeEncodeError:
            # That is in what was asked, and no fault of the file.
            raise
        except (StoreDamaged, ValueError) as error:
            if isinstance(error, ValueError):
                # A word in the file that is none of those that can stand there.
                error = StoreDamaged(f"The library holds what cannot be read ({error}).")
            answer: _R = getattr(self._around(error), question.__name__)(*given, **named)
            return answer

    return asked


class AroundReader(Reader):
    """A reader that knows a way around damage. It tells of it, once."""

    def __init__(
        self,
        connection: Connection,
        clock: Callable[[], str],
        announce: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(connection)
        self._clock = clock
        self._announce = announce
        self._is_told = self._is_late = False
        self._saved: Rescue | None = None
        self._instead: Reader | None = None
        self._scrap: TemporaryDirectory[str] | None = None

    @property
    def damage(self) -> str | None:
        """What was found to be damaged in the file; None where nothing was."""
        return self._connection.damage

    def _close_instead(self) -> None:
        if self._instead is not None:
            self._opened_instead.close()
            self._instead = None
        if self._scrap is not None:
            self._scrap.cleanup()
            self._scrap = None

    def _around(self, error: StoreDamaged) -> Reader:
        """What answers instead. Raises the error where nothing can be saved."""
        if self._instead is None:
            if self._connection.in_transaction:
                # A change must not be built on less than there was.
                raise error
            self._connection.translating.damage = self._connection.damage or error.message
            # Loaded here, for no sound library needs it.
            from tempfile import TemporaryDirectory  # noqa: PLC0415

            from refman.store.connection import connect  # noqa: PLC0415
            from refman.store.rescuing import rescue  # noqa: PLC0415

            self._scrap = TemporaryDirectory(prefix="refman-rescue-")
            copy = Path(self._scrap.name) / "library.db"
            try:
                self._saved = rescue(Path(self._connection.name), copy, self._clock, lambda _: None)
                self._opened_instead = connect(copy, create=False, clock=self._clock)
                self._instead = Reader(self._opened_instead)
            except RefmanError:
                raise error from None
            if not self._is_late:
                self.tell()
        return self._instead

    def tell_later(self) -> None:
        """Say nothing of damage until `tell` is called."""
        self._is_late = True

    def tell(self) -> None:
        """Say that the library is damaged, if that is known, and what follows from it; once."""
        if self._announce is None or self.damage is None or self._is_told:
            return
        self._is_told = True
        self._announce(
            f"refman: {self._connection.name} is damaged ({self.damage}): it is only read now, and "
            "not written to."
        )
        self._announce(f"  {WAY_OUT}")
        if self._saved is not None:
            lost = "; ".join(f"{what}: {count:,}" for what, count in self._saved.lost.items())
            left = f"lost are {lost}" if lost else "none is lost"
            self._announce(f"  {counted(self._saved.works, 'work')} can still be read; {left}.")

    # Each question, put again where it fails

    page = _also_around(Reader.page)
    count = _also_around(Reader.count)
    works = _also_around(Reader.works)
    records = _also_around(Reader.records)
    notes = _also_around(Reader.notes)
    attachments = _also_around(Reader.attachments)
    names = _also_around(Reader.names)
    history = _also_around(Reader.history)
    change_row = _also_around(Reader.change_row)
    count_touched = _also_around(Reader.count_touched)
    touched = _also_around(Reader.touched)
    past = _also_around(Reader.past)
    records_by_work = _also_around(Reader.records_by_work)
    labels = _also_around(Reader.labels)
    saved_searches = _also_around(Reader.saved_searches)

    def ranked(self, query: Node = EVERYTHING, limit: int | None = None) -> Iterator[Row]:
        """As `Reader.ranked`."""
        given: set[int] = set()
        try:
            for row in super().ranked(query, limit):
                given.add(row.id)
                yield row
        except StoreDamaged as error:
            yield from (r for r in self._around(error).ranked(query, limit) if r.id not in given)

    def find(self, key: str) -> int | None:
        """As `Reader.find`."""
        try:
            found = super().find(key)
        except StoreDamaged as error:
            return self._around(error).find(key)
        if found is None and self._instead is not None:
            return self._instead.find(key)
        return found
