"""refman: references from messy sources to clean BibTeX and RIS, enriched by DOI.

Importing the package costs nothing: the public names are looked up on first use (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from refman.model import Date, Description, Name, Record, Work
    from refman.services.library import Library

__all__ = ["Date", "Description", "Library", "Name", "Record", "Work", "__version__"]

_HOMES = {
    "Date": "refman.model",
    "Description": "refman.model",
    "Name": "refman.model",
    "Record": "refman.model",
    "Work": "refman.model",
    "Library": "refman.services.library",
}


def __getattr__(name: str) -> Any:
    """Find a public name in the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'refman' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """The public names, for those who look around."""
    return sorted(__all__)
