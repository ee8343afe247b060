"""The only part of refman that speaks HTTP.

Importing the package costs nothing; its names are looked up on first use (PEP 562), because the
client behind them takes 150 ms to load and most commands never need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refman.net.client import Net, NetSettings
    from refman.net.habanero_search import search
    from refman.net.limits import Grant
    from refman.net.pacing import Pacer
    from refman.net.shared import SharedPacer

__all__ = ["Grant", "Net", "NetSettings", "Pacer", "SharedPacer", "search"]

_HOMES = {
    "Grant": "refman.net.limits",
    "Net": "refman.net.client",
    "NetSettings": "refman.net.client",
    "Pacer": "refman.net.pacing",
    "SharedPacer": "refman.net.shared",
    "search": "refman.net.habanero_search",
}


def __getattr__(name: str) -> Any:
    """Find a public name in the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'refman.net' has no attribute {name!r}")
    return getattr(import_module(home), name)
