"""Where in a file of references a field of an entry stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_MAX_LINES = 200
"""Lines of an entry that are looked through."""
_Names = Mapping[str, tuple[str, ...]]
_BIBTEX: _Names = {
    "author": ("author",),
    "container_title": ("journal", "journaltitle", "booktitle"),
    "issued": ("year", "date"),
    "language": ("language", "langid"),
    "page": ("pages",),
    "relations": ("doi",),
    "updates": ("doi",),
}
"""What BibTeX calls a field, where that is not its own name."""
_RIS: _Names = {
    "author": ("au", "a1"),
    "abstract": ("ab", "n2"),
    "container_title": ("t2", "jo", "jf", "ja", "bt"),
    "doi": ("do", "m3"),
    "editor": ("a2", "ed"),
    "isbn": ("sn",),
    "issn": ("sn",),
    "issued": ("py", "y1", "da"),
    "language": ("la",),
    "page": ("sp", "ep"),
    "publisher": ("pb",),
    "relations": ("do",),
    "title": ("ti", "t1"),
    "type": ("ty",),
    "updates": ("do",),
    "url": ("ur", "l2"),
}
_CSL: _Names = {"container_title": ("container-title",), "relations": ("doi",), "updates": ("doi",)}
_WRITINGS: dict[str, tuple[re.Pattern[str], _Names, str]] = {
    "bibtex": (re.compile(r"(?<![^\s,{])([A-Za-z][\w-]{0,40})[ \t]{0,20}="), _BIBTEX, "@"),
    "biblatex": (re.compile(r"(?<![^\s,{])([A-Za-z][\w-]{0,40})[ \t]{0,20}="), _BIBTEX, "@"),
    "ris": (re.compile(r"^\ufeff?([A-Z][A-Z0-9])  ?- "), _RIS, "TY  -"),
    "csl-json": (re.compile(r'"([A-Za-z][\w-]{0,40})"\s{0,20}:'), _CSL, ""),
}
"""By format: how a field begins, what fields are called, how the next entry begins."""


class Places:
    """Finds the fields of entries in the lines of a file, of which the format is known."""

    def __init__(self, path: Path, format_name: str) -> None:
        self._lines: list[str] = []
        if format_name in _WRITINGS and path.suffix != ".gz":
            self._field, self._names, self._next = _WRITINGS[format_name]
            self._lines = path.read_text(encoding="utf-8", errors="replace").splitlines()

    def of(self, first: int, field: str) -> tuple[int, int]:
        """The line and column of a field of the entry that begins at a line, both from 1.

        Those of the entry, where the field is not found.
        """
        if not self._lines or not field:
            return first, 1
        names = (
            self._names.get(field)
            or self._names.get(field.lower())
            or (field.lower().replace("_", ""),)
        )
        for number in range(first, min(first + _MAX_LINES, len(self._lines) + 1)):
            line = self._lines[number - 1]
            if number > first and self._next and line.startswith(self._next):
                break
            for match in self._field.finditer(line):
                if match[1].lower() in names:
                    return number, match.start(1) + 1
        return first, 1
