"""Where the real files lie that are too large, or not free enough, to be kept here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parents[1]
# Read once: the tests themselves run without any of refman's variables.
_NAMED = os.environ.get("REFMAN_TEST_CORPUS")


def corpus(*parts: str) -> Path:
    """A file or folder of the collection; the test is skipped where there is none.

    The collection is the folder that REFMAN_TEST_CORPUS names, else `shared/data` beside the
    checkout.
    """
    root = Path(_NAMED) if _NAMED else _CHECKOUT.parent / "shared" / "data"
    found = root.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"{found} is not here: set REFMAN_TEST_CORPUS to where the collection lies")
    return found
