from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from refman.errors import StoreMissing
from refman.services.library import Library
from refman.tui.library_thread import LibraryThread

_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def _thread(tmp_path: Path) -> LibraryThread:
    return LibraryThread(lambda: Library(tmp_path / "library.db", create=True), "test")


async def test_answers_come_from_the_one_thread(tmp_path: Path) -> None:
    thread = _thread(tmp_path)
    names = {await thread.ask(lambda _: threading.current_thread().name) for _ in range(3)}
    assert names == {"test"}
    assert await thread.ask(lambda library: library.count()) == 0
    thread.close()


async def test_a_cancelled_question_is_interrupted_and_the_next_one_is_not(tmp_path: Path) -> None:
    thread = _thread(tmp_path)
    await thread.ask(len)
    started = threading.Event()

    def endless(library: Library) -> None:
        started.set()
        library.store._connection.execute(_ENDLESS).fetchone()

    task = asyncio.create_task(thread.ask(endless))
    await asyncio.to_thread(started.wait, 5)
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await thread.ask(len) == 0
    assert time.monotonic() - begun < 2
    thread.close()


async def test_a_question_that_waits_can_be_taken_back(tmp_path: Path) -> None:
    thread = _thread(tmp_path)
    hold = threading.Event()
    first = asyncio.create_task(thread.ask(lambda _: hold.wait(5)))
    asked: list[int] = []
    second = asyncio.create_task(thread.ask(lambda _: asked.append(1)))
    await asyncio.sleep(0.05)
    second.cancel()
    hold.set()
    await first
    assert await thread.ask(len) == 0
    assert asked == []
    thread.close()


async def test_a_library_that_cannot_be_opened_is_an_error_of_every_question(
    tmp_path: Path,
) -> None:
    thread = LibraryThread(lambda: Library(tmp_path / "none.db"), "test")
    for _ in range(2):
        with pytest.raises(StoreMissing):
            await thread.ask(len)
    thread.close()
