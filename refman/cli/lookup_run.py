"""Running a lookup from the command line: rows as they are settled, and what Ctrl-C means."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from types import FrameType
from typing import Any, TypeVar

from refman.cli.enrichment import open_sources
from refman.cli.session import Session
from refman.ports import AnswerStatus
from refman.services.looking_up import Lookup, LookupItem

_T = TypeVar("_T")
_OnAnswer = Callable[[AnswerStatus], None]


class Run:
    """One lookup under way: asks, and gives the rows as they are settled.

    To be entered: it opens the sources. On leaving, requests that are under way are ended. The
    first Ctrl-C ends the asking, the second is a `KeyboardInterrupt` wherever it comes.
    """

    def __init__(
        self, session: Session, lookup: Lookup, names: tuple[str, ...], on_answer: _OnAnswer
    ) -> None:
        self._opened = open_sources(session, names)
        self._lookup = lookup
        self._on_answer = on_answer
        self.interrupted = False
        self._told = False
        self._stack = contextlib.ExitStack()
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Run:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._minding_interrupts())
            self._runner = stack.enter_context(asyncio.Runner())
            self._sources = self._runner.run(self._opened.__aenter__())
            stack.callback(self._close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def answer_all(self) -> None:
        """Ask for every DOI, or as many as there are until Ctrl-C."""

        async def work() -> None:
            async with contextlib.aclosing(self._lookup.answers(self._sources)) as answers:
                async for status in answers:
                    self._on_answer(status)

        with contextlib.suppress(asyncio.CancelledError):
            self._runner.run(self._minded(work()))

    def items(self) -> Generator[LookupItem, None, None]:
        """Ask, and give an item for every row as it is settled, or until Ctrl-C."""
        bursts = self._lookup.bursts(self._sources, self._on_answer)
        with contextlib.closing(self._taken(bursts)) as taken:
            for burst in taken:
                yield from burst

    def _taken(self, given: AsyncGenerator[_T]) -> Generator[_T, None, None]:
        """What is given, one after the other; the requests go on while the next is awaited."""
        try:
            with contextlib.suppress(asyncio.CancelledError):
                while (one := self._runner.run(self._minded(anext(given, None)))) is not None:
                    yield one
        finally:
            self._runner.run(given.aclose())

    def _close(self) -> None:
        self._runner.run(self._opened.__aexit__(None, None, None))

    async def _minded(self, doing: Awaitable[_T]) -> _T:
        """Do it as a task that Ctrl-C cancels."""
        self._task = asyncio.current_task()
        if self.interrupted and not self._told:
            # It came while items were being written, so nobody was told.
            self._tell()
        try:
            return await doing
        finally:
            self._task = None

    def _tell(self) -> None:
        assert self._task is not None
        self._told = True
        self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    @contextlib.contextmanager
    def _minding_interrupts(self) -> Iterator[None]:
        usual = signal.getsignal(signal.SIGINT)
        if (
            threading.current_thread() is not threading.main_thread()
            or usual is not signal.default_int_handler
        ):
            # Where interrupts are ignored, or minded by others, they stay so.
            yield
            return
        signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, usual)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        if self._task is not None:
            self._tell()
