"""How works look as text and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from refman.cli.plain import escape_json, one_line, plain

if TYPE_CHECKING:
    from refman.store import Row

_AT_A_TIME = 100
_STANDINGS = {"retracted": "✗", "concern": "E", "corrected": "C", "superseded": "P"}
_MARKS = {"pending": "…", "mismatch": "≠", "not_found": "?", "failed": "!"}


def json_text(value: object, *, indent: int | None = 2) -> str:
    """JSON, readable and safe to show; non-ASCII letters stay as they are."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent))


def print_json_array(items: Iterable[object]) -> None:
    """One JSON document, an array, written as its items come."""
    write = sys.stdout.write
    write("[")
    separator = "\n"
    for item in items:
        write(separator + json_text(item))
        separator = ",\n"
    write("\n]\n")


def authors(inverted: str | None, limit: int = 2) -> str:
    """Family names of the first authors out of inverted names: `Adji, Nabilah et al.`"""
    # Of a thousand authors no more are looked at than are shown, and whether there are others.
    parts = (inverted or "").split(";", limit + 1)[: limit + 1]
    names = [part.partition(",")[0].strip() for part in parts if part and not part.isspace()]
    shown = ", ".join(names[:limit])
    return one_line(f"{shown} et al." if len(names) > limit else shown)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as lines of key, year, authors and title, as wide as the terminal; else in full."""
    width = _terminal_width() if sys.stdout.isatty() else None
    for row in rows:
        mark = _STANDINGS.get(row.status or "") or _MARKS.get(row.enrichment or "", " ")
        head = f"{mark} {plain(row.citation_key):<28} {row.year or '':>4}  "
        line = f"{head}{authors(row.author):<24.24}  {one_line(row.title) or '(no title)'}"
        yield line if width is None or len(line) <= width else line[: width - 1] + "…"


def _terminal_width() -> int:
    # Loaded here, for it brings archives with it, and most lists go to a file or a program.
    from shutil import get_terminal_size  # noqa: PLC0415

    return get_terminal_size().columns


def echo_lines(texts: Iterable[str]) -> int:
    """Print lines to standard output. Returns how many there were.

    They are passed on some at a time, and not one by one: what is asked of a large library may be
    long.
    """
    count = 0
    rest = iter(texts)
    while some := list(islice(rest, _AT_A_TIME)):
        some.append("")
        sys.stdout.write("\n".join(some))
        count += len(some) - 1
    return count
