"""When Python looks for garbage: not while the first screen is made, and later among little.

To look among all that a program of this size has loaded takes a tenth of a second, in which no key
is answered; and all that is loaded at the start stays until the end.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

_THRESHOLDS = (2_000, 10, 50)
"""Objects, and rounds of the younger generation, after which the next is looked through."""


@contextlib.contextmanager
def postponed() -> Iterator[None]:
    """Inside it, look for no garbage before `settle`: what is loaded and made at first stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle() -> None:
    """Leave what is there now out of every search from here on, and search less often."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
