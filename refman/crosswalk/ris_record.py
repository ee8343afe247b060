"""One RIS record on its way into a description: what is left of it, and what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from refman.crosswalk.ris_values import one_line, read_name, title_line
from refman.text.dates import read_date


class RisRecord:
    """The tags of a record that have found no field yet, and the fields so far.

    `ris_type` is its `TY`, `kind` the CSL type that was made of it; `guessed` names the fields
    that were inferred. A value is taken once: what a field cannot take is left for `extra`.
    """

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        self.left: dict[str, Sequence[str]] = dict(tags)
        self.fields: dict[str, Any] = {}
        self.guessed: set[str] = set()
        self.ris_type = self.kind = ""

    def peek(self, tag: str) -> str:
        """The first value, which stays where it is."""
        values = self.left.get(tag)
        return values[0].strip() if values else ""

    def first(self, tag: str) -> str | None:
        """The first value that says something, as one line; the others are left."""
        values = self.left.pop(tag, ())
        for position, raw in enumerate(values, 1):
            if text := one_line(raw):
                if position < len(values):
                    self.left[tag] = values[position:]
                return text
        return None

    def keep(self, tag: str, *values: str) -> None:
        """Put values back, before those that are left."""
        if values:
            self.left[tag] = [*values, *self.left.get(tag, ())]

    def take_text(self, tag: str, field: str) -> None:
        """Read a tag that is there as a text."""
        self._take(tag, field, one_line)

    def take_title(self, tag: str, field: str) -> None:
        """Read a tag that is there as a title."""
        self._take(tag, field, title_line)

    def _take(self, tag: str, field: str, read: Callable[[str], str]) -> None:
        """The first value that says something; others are left where they say something else."""
        others = []
        for raw in self.left.pop(tag):
            text = read(raw)
            if text and self.fields.setdefault(field, text) != text:
                others.append(text)
        if others:
            self.keep(tag, *others)

    def take_people(self, tag: str, field: str) -> None:
        """Read a tag that is there as names; further ones follow those of other tags."""
        names = [name for raw in self.left.pop(tag) if (name := read_name(raw)) is not None]
        if names:
            if any(name.literal for name in names):
                self.guessed.add(field)
            self.fields[field] = self.fields.get(field, ()) + tuple(names)

    def take_date(self, tag: str, field: str) -> None:
        """Read a tag that is there as a date, if all of it is one."""
        raw = self.first(tag)
        found = read_date(raw) if raw is not None else None
        if found and found.whole and found.date.year is not None and field not in self.fields:
            self.fields[field] = found.date
        elif raw is not None:
            self.keep(tag, raw)
