"""One pass over the files of a snapshot: the same work done on each, in several processes.

The work is a picklable function of one path, so that any engine can map it over many machines; the
one here maps it over the processors of this machine with `concurrent.futures`. Processes are
spawned, not forked: refman may have threads and a database open. They end with the process that
began them, however that ends: each watches a pipe that closes then.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar, cast

T = TypeVar("T")

_AHEAD = 2
"""Files that are handed out for each process before results are waited for."""


class Lost(NamedTuple):
    """A file on which the work could not be done, for it took all memory or was killed."""

    reason: str


def processors() -> int:
    """How many processes can work at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_begin_processes() -> bool:
    """Whether processes may be begun unasked.

    A spawned process runs the main module again. Ours allows for that; a program of somebody
    else's, which uses refman as a library, may not.
    """
    main = sys.modules.get("__main__")
    module = getattr(getattr(main, "__spec__", None), "name", None) or ""
    script = Path(getattr(main, "__file__", None) or "").name
    return module.partition(".")[0] == "refman" or script in ("refman", "refman.exe")


def each(
    files: Sequence[tuple[int, Path]], work: Callable[[Path], T], jobs: int
) -> Iterator[tuple[int, T | Lost]]:
    """Do the work on each file, given with its number; the results come as they are finished.

    With one job, one file, or where processes cannot be had, all is done in this process. `work`
    is pickled once for each process. It may be abandoned at any point: then the processes end at
    once, in the middle of what they do. What `work` raises, other than `MemoryError`, is raised.
    """
    jobs = min(jobs, len(files))
    team = _team(work, jobs) if jobs > 1 else None
    if team is None:
        for number, path in files:
            yield number, _guarded(work, path)
        return
    yield from _spread(files, team)


def _team(work: Callable[[Path], T], jobs: int) -> _Team[T] | None:
    """Processes for the work; None where there can be none: in a daemon, in some sandboxes."""
    if current_process().daemon:
        return None
    try:
        team = _Team(work, jobs)
    except (OSError, ImportError, NotImplementedError):
        return None
    return team if team.works() else None


def _spread(files: Sequence[tuple[int, Path]], team: _Team[T]) -> Iterator[tuple[int, T | Lost]]:
    waiting = iter(files)
    suspects: list[tuple[int, Path]] = []
    with team:
        handed: dict[Future[T | Lost], tuple[int, Path]] = {}
        while True:
            for number, path in waiting:
                handed[team.submit(path)] = (number, path)
                if len(handed) >= team.jobs * _AHEAD:
                    break
            if not handed:
                break
            done, _ = wait(handed, return_when=FIRST_COMPLETED)
            for future in done:
                number, path = handed.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    suspects.append((number, path))
                else:
                    yield number, result
            if suspects:
                # All that was handed out failed with the one process that was killed; which file
                # killed it shows when each is read alone.
                suspects += handed.values()
                handed.clear()
                for number, path in sorted(suspects):
                    alone: T | Lost = _alone(path, team.work)
                    yield number, alone
                suspects.clear()
                team.begin_anew()


def _alone(path: Path, work: Callable[[Path], T]) -> T | Lost:
    with _Team(work, 1) as alone:
        try:
            return alone.submit(path).result()
        except BrokenProcessPool:
            return Lost("the process that read the file was killed; is there enough memory?")


def _guarded(work: Callable[[Path], T], path: Path) -> T | Lost:
    try:
        return work(path)
    except MemoryError:
        return Lost("there is not enough memory to read the file")


class _Team(Generic[T]):
    """A pool of processes that do one work, and the pipe that they watch.

    As a context manager it lets them finish where the block ends well; else they end at once.
    """

    def __init__(self, work: Callable[[Path], T], jobs: int) -> None:
        self.work = work
        self.jobs = jobs
        self._begin()

    def begin_anew(self) -> None:
        """Have new processes in place of those that are gone."""
        self._end()
        self._begin()

    def _begin(self) -> None:
        context = get_context("spawn")
        watched, self._held = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self.jobs, mp_context=context, initializer=_enter, initargs=(self.work, watched)
        )

    def works(self) -> bool:
        """Whether a process begins at all; if not, the team is gone."""
        try:
            with _uninterrupted():
                first = self._pool.submit(_ready)
            first.result()
        except (BrokenProcessPool, OSError):
            self._end()
            return False
        except BaseException:
            self._end()
            raise
        return True

    def submit(self, path: Path) -> Future[T | Lost]:
        """Have the work done on a file. The future raises `BrokenProcessPool` if that is fatal."""
        try:
            with _uninterrupted():
                return cast("Future[T | Lost]", self._pool.submit(_do, path))
        except BrokenProcessPool as error:
            failed: Future[T | Lost] = Future()
            failed.set_exception(error)
            return failed

    def __enter__(self) -> _Team[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._pool.shutdown()
        self._end()

    def _end(self) -> None:
        self._held.close()
        self._pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that begin here do not see Ctrl-C, from their first moment on.

    At a terminal it goes to all processes alike; only the first one shall act upon it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the processes

_work: Callable[[Path], Any] | None = None


def _enter(work: Callable[[Path], Any], watched: Connection) -> None:
    global _work  # noqa: PLW0603 - what a process is there for
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(watched,), daemon=True).start()
    _work = work


def _watch(watched: Connection) -> None:
    with contextlib.suppress(OSError, EOFError):
        watched.recv_bytes()
    os._exit(1)


def _ready() -> None:
    """Done where a process has begun."""


def _do(path: Path) -> Any:
    assert _work is not None
    return _guarded(_work, path)
