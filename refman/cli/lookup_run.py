"""Running a lookup from the command line: rows as they are settled, and what Ctrl-C means."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from refman.cli.enrichment import open_sources
from refman.cli.session import Session
from refman.ports import AnswerStatus
from refman.services.looking_up import Lookup, LookupItem

_OnAnswer = Callable[[AnswerStatus], None]


class Run:
    """One lookup under way: gives the rows as they are settled, and asks as they are taken.

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
            sources = self._runner.run(self._opened.__aenter__())
            stack.callback(self._close)
            self._bursts = self._lookup.bursts(sources, self._on_answer)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def items(self) -> Iterator[LookupItem]:
        """An item for every row; after Ctrl-C for those that were answered until then."""
        with contextlib.suppress(asyncio.CancelledError):
            while (burst := self._runner.run(self._next())) is not None:
                yield from burst

    def _close(self) -> None:
        self._runner.run(self._bursts.aclose())
        self._runner.run(self._opened.__aexit__(None, None, None))

    async def _next(self) -> list[LookupItem] | None:
        self._task = asyncio.current_task()
        if self.interrupted and not self._told:
            # It came while items were being written, so nobody was told.
            self._tell()
        try:
            return await anext(self._bursts, None)
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
