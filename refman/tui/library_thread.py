"""A thread with a library of its own, that answers one question at a time.

An open library belongs to the thread that opened it. Whoever awaits an answer and is cancelled
takes the question back: it is dropped while it waits, and interrupted while SQLite works on it.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from refman.services.library import Library
from refman.store import Store

T = TypeVar("T")

HOLDS = 4
"""Mebibytes of the library that a thread which only reads keeps in memory."""


@dataclass(slots=True, eq=False)
class _Job:
    question: Callable[[Library], Any]
    answer: Future[Any] = field(default_factory=Future)


class LibraryThread:
    """`open_library` is called in the thread, when the first question comes.

    `holds` is how many mebibytes of the file it keeps in memory; the system keeps what is read
    often anyway. None leaves it at what a library usually has, which is made for writing.
    """

    def __init__(
        self, open_library: Callable[[], Library], name: str, holds: int | None = HOLDS
    ) -> None:
        self._open_library = open_library
        self._holds = holds
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: _Job | None = None
        self._library: Library | None = None
        self._store: Store | None = None
        """The library's connection in the thread: whoever asks elsewhere gets another one."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def ask(self, question: Callable[[Library], T]) -> T:
        """The answer to a question; cancelling the task cancels the question.

        Raises what the question raises, and `StoreError` where the library cannot be opened.
        """
        if self._thread.ident is None:
            self._thread.start()
        job = _Job(question)
        self._jobs.put(job)
        try:
            answer: T = await asyncio.wrap_future(job.answer)
        except asyncio.CancelledError:
            self._take_back(job)
            raise
        return answer

    def close(self, timeout: float = 5.0) -> None:
        """Interrupt what is under way, close the library and end the thread."""
        self._jobs.put(None)
        with self._lock:
            if self._current is not None and self._store is not None:
                self._store.interrupt()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _take_back(self, job: _Job) -> None:
        # Under the lock, so that the interruption cannot hit the question after this one.
        with self._lock:
            job.answer.cancel()
            if self._current is job and self._store is not None:
                self._store.interrupt()

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                if job.answer.set_running_or_notify_cancel():
                    self._answer(job)
        finally:
            if self._library is not None:
                self._library.close()

    def _answer(self, job: _Job) -> None:
        try:
            if self._library is None:
                self._library = self._open_library()
                self._store = self._library.store
                if self._holds is not None:
                    self._store.hold(self._holds)
            with self._lock:
                self._current = job
            answer = job.question(self._library)
        except BaseException as error:  # it is raised again where it is awaited
            job.answer.set_exception(error)
        else:
            job.answer.set_result(answer)
        finally:
            with self._lock:
                self._current = None
