"""What a service sees of several refmans on one machine: real processes, real sockets."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crossref_server import CROSSREF_LIMITS, CrossrefServer, Limit, Speed, corpus, no_limits

ME = "me@library.test"


@contextmanager
def client(
    folder: Path, server: CrossrefServer, kind: str, times: int, mailto: str = ME
) -> Iterator[subprocess.Popen[str]]:
    address = f"mailto={mailto}" if mailto else ""
    paths = {"single": f"/works/{corpus.PLAIN}?", "array": "/works?rows=1&"}
    url = f"{server.url}{paths[kind]}{address}"
    command = [sys.executable, "-m", "tests.unit.net.polite_client"]
    process = subprocess.Popen(
        [*command, str(folder), url, kind, str(times), mailto],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def statuses(process: subprocess.Popen[str]) -> list[str]:
    out, _ = process.communicate(timeout=60)
    return out.split()


@pytest.mark.parametrize(("kind", "seconds"), [("array", 0.1), ("single", 0.8)])
def test_two_are_one_polite_client(tmp_path: Path, kind: str, seconds: float) -> None:
    pool = f"polite-{kind}"
    # What is sent evenly does not arrive so on a machine that is busy: a fifth of a second is
    # forgiven, and two that did not know of each other would still be far beyond.
    limit = Limit(rate=5, interval=0.8, concurrency=3, header_interval="1s")
    speed = Speed(single=seconds, batch=seconds)
    with CrossrefServer(corpus.works(), limits={**CROSSREF_LIMITS, pool: limit}, speed=speed) as s:
        with client(tmp_path, s, kind, 6) as one, client(tmp_path, s, kind, 6) as other:
            assert statuses(one) == statuses(other) == ["200"] * 6
        assert s.log.statuses() == [200] * 12
        assert s.log.max_rate(pool, 0.8) <= 5
        assert s.log.max_in_flight(pool) <= 3
    if kind == "single":
        # The rate would allow for four at once, so it was the seats that kept them apart.
        assert s.log.max_in_flight(pool) == 3


def test_one_that_is_killed_takes_no_seat_along(tmp_path: Path) -> None:
    with (
        CrossrefServer(corpus.works(), limits=no_limits()) as server,
        server.fault("stall", times=1, seconds=60),
        client(tmp_path, server, "array", 1, mailto="") as victim,
    ):
        wait_until(lambda: len(server.log) == 1)
        with client(tmp_path, server, "array", 1, mailto="") as other:
            time.sleep(1.5)
            assert len(server.log) == 1, "the only seat was taken"
            victim.send_signal(signal.SIGKILL)
            wait_until(lambda: len(server.log) == 2)
            assert statuses(other) == ["200"]


def test_a_pause_is_kept_by_those_who_come_later(tmp_path: Path) -> None:
    with (
        CrossrefServer(corpus.works()) as server,
        server.fault("too-many", times=1, flavour="seconds", seconds=3),
    ):
        with client(tmp_path, server, "single", 1) as first:
            # The pause is written before the answer is judged, and the answer takes a moment.
            wait_until(lambda: any(b'"strikes": 1' in f.read_bytes() for f in states(tmp_path)))
            first.send_signal(signal.SIGKILL)
        with client(tmp_path, server, "single", 2) as second:
            assert statuses(second) == ["200"] * 2
    refused, *answered = server.log.entries
    assert [refused.status, *(entry.status for entry in answered)] == [429, 200, 200]
    assert answered[0].time - refused.time > 2.9


def states(folder: Path) -> list[Path]:
    return list(folder.glob("*.json"))
