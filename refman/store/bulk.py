"""Many transactions one after another, each finished while the next one is prepared.

The rows of a transaction are written in the caller's thread. What is left then, the full-text index
and the commit, is half of the work and none of it Python's, so it is done in a second thread while
the caller reads on. The connection is never used by both: whoever asks it something waits.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from refman.store.connection import Connection, begin, roll_back
from refman.store.writing import Writer


class BulkWriter:
    """Writes in batches. Whatever fails is raised at the next batch, at `settle` or `close`."""

    def __init__(self, connection: Connection, clock: Callable[[], str]) -> None:
        self._connection = connection
        self._clock = clock
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bulk")
        self._thread = self._executor.submit(threading.get_ident).result()

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

    def close(self) -> None:
        """Finish the last batch and end the thread."""
        try:
            self.settle()
        finally:
            self._executor.shutdown()
