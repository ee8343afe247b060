"""Rows that are written away as they come and read again in another order."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from typing import Any


class Spool:
    """Rows by number, kept in a temporary file: a million of them should not fill the memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the spool is
        self._places: dict[int, int] = {}
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def put(self, number: int, row: Mapping[str, Any]) -> None:
        """Keep a row; one of the same number gives way."""
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        self._file.seek(self._end)
        self._file.write(line)
        self._places[number] = self._end
        self._end += len(line)

    def get(self, number: int) -> dict[str, Any] | None:
        """The row of a number, or None."""
        place = self._places.get(number)
        if place is None:
            return None
        self._file.seek(place)
        row: dict[str, Any] = json.loads(self._file.readline())
        return row
