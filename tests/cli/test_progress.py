"""The line of progress: at a terminal, and in a log."""

from __future__ import annotations

import io
import sys
import time

import pytest

from refman.cli.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    return clock


def test_a_terminal_has_one_line_written_over(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    shown = Progress("looked \x1b[31mup", 1000)
    for done in range(1, 301):
        now[0] += 0.02
        shown(done, {"found": done, "not_found": 0, "a status of many words": 123456789})
    shown.close()
    text = terminal.getvalue()
    assert "\x1b" not in text
    assert "\n" not in text
    lines = [line for line in text.split("\r") if line.strip()]
    assert lines
    assert all(len(line) <= 79 for line in lines)
    assert len(lines) <= 6.0 / 0.1, "ten times a second at the most"
    assert lines[-1].startswith("looked [31mup: ")
    assert " of 1,000, 50 a second, " in lines[-1]
    assert text.endswith("\r"), "the line is taken away"


def test_what_is_quick_is_not_told(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = Progress("read")
    now[0] += 0.5
    shown(100)
    shown.close()
    assert terminal.getvalue() == ""


def test_a_log_is_told_once_a_minute(now: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    shown = Progress("looked up", 1000, 100)
    for done in range(100, 900):
        now[0] += 0.2
        shown(done, {"found": done - 100, "not_found": 1})
    shown.close()
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("looked up: 399 of 1,000, 5.0 a second, 2 min left (299 found, 1 not f")
    assert second.startswith("looked up: 699 of 1,000, 5.0 a second, 1 min left")
