"""Many transactions one after another, each finished while the next one is prepared.

The rows of a transaction are written in the caller's thread. What is left then, the full-text index
and the commit, is half of the work and none of it Python's, so it is done in a second thread while
the caller reads on. The connection is never used by both: whoever asks it something waits.

Each transaction leaves the full-text index a piece of its own, and though FTS5 joins some of them,
a search has to look into all that are there. Where an import has made a good part of the library
they are joined at its end, which takes a tenth of the time and makes searches two to four times as
fast.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from refman.store.connection import Connection, begin, roll_back, transaction
from refman.store.writing import Writer

JOINED_FROM = 20_000
"""Works of an import that are worth joining the pieces of the index for."""
_JOINED_SHARE = 4
"""They are also to be this part of the library, or all of the index would be written for a few."""
_STEP = 4000
"""Pages of the index that are written in one transaction, lest others wait for too long."""


def join(connection: Connection) -> None:
    """Make the full-text index one piece, in transactions of a fraction of a second."""
    pages = -_STEP
    while True:
        before = connection.total_changes
        with transaction(connection):
            connection.execute(
                "INSERT INTO works_fts (works_fts, rank) VALUES ('merge', ?)", (pages,)
            )
        # The command itself counts as one change.
        if connection.total_changes - before < 2:
            return
        pages = _STEP


class BulkWriter:
    """Writes in batches. Whatever fails is raised at the next batch, at `settle` or `close`."""

    def __init__(self, connection: Connection, clock: Callable[[], str]) -> None:
        self._connection = connection
        self._clock = clock
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bulk")
        self._thread = self._executor.submit(threading.get_ident).result()
        self._begun_with = self._newest()

    @contextlib.contextmanager
    def batch(self) -> Iterator[Writer]:
        """A writer for one transaction. It is durable at the next `settle`, `batch` or `close`."""
        begin(self._connection)
        writer = Writer(self._connection, self._clock)
        try:
            yield writer
        except BaseException:
            roll_back(self._connection)
            raise
        # The thread may be quicker than the lending, so it waits for that.
        lent = threading.Event()
        finished = self._executor.submit(self._finish, writer, lent)
        self._connection.lend(self._thread, finished)
        lent.set()

    def _finish(self, writer: Writer, lent: threading.Event) -> None:
        lent.wait()
        try:
            writer.complete()
            self._connection.execute("COMMIT")
        except BaseException:
            roll_back(self._connection)
            raise

    def settle(self) -> None:
        """Wait until the last batch is durable. Raises what it failed with."""
        self._connection.settle()

    def join(self) -> None:
        """Join the pieces of the index, where what was written is worth it."""
        self.settle()
        newest = self._newest()
        written = newest - self._begun_with
        if written >= JOINED_FROM and written * _JOINED_SHARE >= newest:
            join(self._connection)

    def _newest(self) -> int:
        row = self._connection.execute("SELECT max(id) FROM works").fetchone()
        return int(row[0] or 0)

    def close(self) -> None:
        """Finish the last batch and end the thread."""
        try:
            self.settle()
        finally:
            self._executor.shutdown()
