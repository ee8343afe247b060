"""Several sides of the same fields, laid out beside each other, with what differs marked.

Reviews, mismatches and duplicates are all shown in this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from refman.model import FIELDS, Description
from refman.tui.display import fitted, one_line
from refman.tui.summary import NO_TEXT, value_text

_MOST_LINES = 6
_LABEL = 16
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `sign` says what was decided, `chosen` which side stands, if one does."""

    label: str
    cells: tuple[str, ...]
    differs: bool = True
    sign: str = " "
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line of the screen: its pieces, in the same order as the sides, and whose line it is."""

    index: int
    label: str
    cells: tuple[str, ...]


def column_width(width: int, sides: int) -> int:
    """How wide each side is."""
    return max(8, (width - _LABEL - 1) // max(1, sides) - 1)


def label_width() -> int:
    """How wide the names of the fields are."""
    return _LABEL


def drawn(lines: Sequence[Line], width: int, sides: int) -> list[Drawn]:
    """The lines of the screen, as wide as told."""
    found: list[Drawn] = []
    each = column_width(width, sides)
    for index, line in enumerate(lines):
        texts = [wrapped(cell, each) for cell in line.cells]
        for row in range(max(map(len, texts), default=1)):
            name = f"{line.sign}{'≠' if line.differs else ' '} {line.label}" if row == 0 else ""
            cells = tuple(fitted(parts[row] if row < len(parts) else "", each) for parts in texts)
            found.append(Drawn(index, fitted(name, _LABEL), cells))
    return found


def heads(names: Sequence[str], width: int) -> str:
    """The line over the sides."""
    each = column_width(width, len(names))
    return " ".join(("".ljust(_LABEL), *(fitted(name, each) for name in names)))


def wrapped(text: str, width: int, most: int = _MOST_LINES) -> list[str]:
    """A text in lines of some width, broken between words where it can be; its beginning."""
    lines = list(_broken(text[:_LONGEST], width))
    if len(lines) > most:
        last = lines[most - 1]
        return [*lines[: most - 1], fitted(last + " " * width + "…", width)]
    return lines or [""]


def _broken(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        rest = word
        if line and cell_len(line) + 1 + cell_len(rest) > width:
            yield line
            line = ""
        while cell_len(rest) > width:
            cut = _cut(rest, width)
            yield rest[:cut]
            rest = rest[cut:]
        line = f"{line} {rest}" if line else rest
    if line:
        yield line


def _cut(text: str, width: int) -> int:
    """How many characters of a long word there is room for."""
    used = 0
    for place, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return max(1, place)
    return len(text)


def cell(field: str, value: Any) -> str:
    """A value as one side shows it."""
    if value in (None, ()):
        return "—"
    if field == "updates":
        return "; ".join(one_line(f"{each.label or each.type} {each.DOI or ''}") for each in value)
    if field in NO_TEXT:
        return f"{len(value)}"
    return value_text(field, value)


def compared(descriptions: Sequence[Description]) -> list[tuple[str, list[Any]]]:
    """The fields that any of some descriptions has, with each one's value; what differs first."""
    fields = [
        field
        for field in FIELDS
        if field not in NO_TEXT
        and any(getattr(description, field) not in (None, ()) for description in descriptions)
    ]
    rows = [(field, [getattr(each, field) for each in descriptions]) for field in fields]
    return sorted(rows, key=lambda row: not differ(row[1]))


def differ(values: Sequence[Any]) -> bool:
    """Whether two sides say something else; one that says nothing does not contradict."""
    said = [value for value in values if value not in (None, ())]
    return any(value != said[0] for value in said[1:])
