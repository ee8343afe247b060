"""What the screens remember from one time to the next, in a file of the user's state folder.

It is a convenience only: a file that is missing, damaged or cannot be written is passed over, and
whatever makes no sense in it is left out.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from refman.store import Order
from refman.tui.columns import COLUMNS, NARROWEST, USUAL, WIDEST, Sizes

LEAST_SHARE, USUAL_SHARE, MOST_SHARE = 20, 40, 75
"""How much of the room the details may have, in hundredths."""
MOST_QUERIES = 50

_LONGEST_QUERY = 1_000
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """How the screen was left. None stands for what nobody has decided on."""

    order: str = Order.ADDED.name
    descending: bool = True
    columns: tuple[str, ...] = USUAL
    sizes: Sizes = ()
    sidebar: bool | None = None
    detail: bool = True
    share: int | None = None
    queries: tuple[str, ...] = ()
    """What was searched for, the latest last."""
    last: Mapping[str, str] = field(default_factory=dict)
    """The query that each library was left with, by its path."""
    exports: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What was chosen for an export, by the format; the one used last stands last."""
    style: str | None = None
    """The style of references that was chosen on the screen."""


class Memory:
    """`path` is the file; with None nothing is remembered."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def load(self) -> Remembered:
        """What is remembered."""
        if self._path is None:
            return Remembered()
        try:
            with self._path.open(encoding="utf-8") as stream:
                found = json.loads(stream.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return Remembered()
        return _sensible(found) if isinstance(found, dict) else Remembered()

    def save(self, remembered: Remembered) -> None:
        """Remember this, if that can be done."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", dir=self._path.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(asdict(remembered), stream, indent=1)
                Path(name).replace(self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)


def _sensible(found: dict[str, Any]) -> Remembered:
    kept: dict[str, Any] = {}
    if found.get("order") in Order.__members__:
        kept["order"] = found["order"]
    for name in ("descending", "detail", "sidebar"):
        if isinstance(found.get(name), bool):
            kept[name] = found[name]
    share = found.get("share")
    if isinstance(share, int) and LEAST_SHARE <= share <= MOST_SHARE:
        kept["share"] = share
    columns = found.get("columns")
    if isinstance(columns, list) and columns and all(name in COLUMNS for name in columns):
        kept["columns"] = tuple(columns)
    queries = found.get("queries")
    if isinstance(queries, list):
        kept["queries"] = tuple(filter(_is_query, queries))[-MOST_QUERIES:]
    last = found.get("last")
    if isinstance(last, dict):
        kept["last"] = {path: query for path, query in last.items() if _is_query(query)}
    sizes = found.get("sizes")
    if isinstance(sizes, list):
        pairs = [pair for pair in sizes if isinstance(pair, list) and len(pair) == 2]
        kept["sizes"] = tuple((name, size) for name, size in pairs if _is_size(name, size))
    exports = found.get("exports")
    if isinstance(exports, dict):
        kept["exports"] = {
            name: {key: value for key, value in options.items() if _is_query(value)}
            for name, options in exports.items()
            if isinstance(options, dict)
        }
    if _is_query(found.get("style")):
        kept["style"] = found["style"]
    return Remembered(**kept)


def _is_size(name: object, size: object) -> bool:
    known = name in COLUMNS and name != "title"
    return known and isinstance(size, int) and NARROWEST <= size <= WIDEST


def _is_query(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST_QUERY
