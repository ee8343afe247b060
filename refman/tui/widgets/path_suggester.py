"""Names of files that complete themselves while one types a path."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

_MOST = 5_000
"""Entries of a folder that are looked at."""


class PathSuggester(Suggester):
    """The first file, in order of name, that goes on as typed; folders end in a slash."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """What the path could be."""
        if not value.strip():
            return None
        return await asyncio.to_thread(completed, value)


def completed(value: str) -> str | None:
    """The path that a beginning is completed to, None where there is none."""
    head, slash, begun = value.rpartition("/")
    folder = Path(head + slash or ".").expanduser()
    best: str | None = None
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_MOST), entries, strict=False):
                name = entry.name
                if not name.startswith(begun) or (name.startswith(".") and not begun):
                    continue
                if name.isprintable() and (best is None or name < best.rstrip("/")):
                    best = name + ("/" if entry.is_dir() else "")
    except OSError:
        return None
    return None if best is None or best == begun else head + slash + best
