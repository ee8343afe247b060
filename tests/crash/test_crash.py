"""A kill of each kind of work, while something is written; `make crash` tries many more."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.crash.blows import Bench
from tests.crash.kinds import KINDS

_SIZE = 45


@pytest.mark.parametrize("name", KINDS)
def test_a_kill_leaves_all_or_nothing(name: str, tmp_path: Path) -> None:
    with Bench(KINDS[name], _SIZE, tmp_path).ready() as bench:
        # It raises where anything is half done; a second try where the first came too late.
        if bench.blow(Random(name), aimed=True, thorough=False) == "late":
            bench.blow(Random(name), aimed=True, thorough=False)
