"""What the line about an enrichment says of its pace."""

from __future__ import annotations

import pytest

from refman.tui.enrichment import Pace, Progress, duration


def test_the_pace_is_that_of_the_last_seconds() -> None:
    pace = Pace()
    assert pace.note(0.0, 0) is None
    assert pace.note(0.5, 100) is None
    assert pace.note(10.0, 1000) == 100
    for second in range(11, 60):
        rate = pace.note(float(second), 1000 + second)
    assert rate == pytest.approx(1, abs=0.1)


def test_it_is_said_with_the_time_that_is_left() -> None:
    assert Progress(done=100, total=1000, rate=45).pace == "45/s, 20 s left"
    assert Progress(done=100, rate=0.5).pace == "30/min"
    assert Progress(done=100, total=1000).pace == ""
    assert duration(0.2) == "1 s"
    assert duration(200) == "3 min"
    assert duration(7_800) == "2 h 10 min"
    assert duration(1e7) == "2,777 h"
