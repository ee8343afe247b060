"""The tags of one record on their way into a description: what has been taken, what is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from refman.crosswalk.read_entry import ReadEntry
from refman.crosswalk.ris_values import note_lines, one_line, read_serial_numbers, title_line
from refman.model import Description, Extra
from refman.model.identifier import parse_doi

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class TagReader:
    """One record; a class for each format says what its tags mean.

    `_left` has what has found no field yet, and becomes `extra` in the end.
    """

    FORMAT = ""
    """The format of what is kept in `extra`."""

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        self._left = {tag: [_CONTROLS.sub("", one) for one in tags[tag]] for tag in tags}
        self._fields: dict[str, Any] = {}
        self._guessed: set[str] = set()
        self._verbatim: dict[str, str] = {}
        self._kind = ""

    def _read(self, citation_key: str | None = None) -> ReadEntry:
        """What came of it, when all has been taken that can be."""
        extra = tuple(
            Extra(self.FORMAT, tag, value)
            for tag, values in self._left.items()
            for raw in values
            if (value := note_lines([raw]))
        )
        if self._kind:
            self._fields["type"] = self._kind
        description = Description(**self._fields, extra=extra)
        guessed = frozenset(self._guessed & self._fields.keys())
        return ReadEntry(description, guessed, citation_key, tuple(self._verbatim.items()))

    def _all(self, *tags: str) -> list[str]:
        """All values of some tags that say something; they then are no longer left."""
        return [value for tag in tags for value in self._left.pop(tag, ()) if value.strip()]

    def _peek(self, tag: str) -> str:
        """The first value that says something, which stays where it is."""
        return next((value for value in self._left.get(tag, ()) if value.strip()), "").strip()

    def _first(self, tag: str, form: Callable[[str], str] = one_line) -> str | None:
        """The first value that says something, as one line; the others are left."""
        values = self._left.pop(tag, [])
        for position, raw in enumerate(values, 1):
            if text := form(raw):
                if position < len(values):
                    self._left[tag] = values[position:]
                return text
        return None

    def _title(self, tag: str) -> str:
        """The first title under a tag, which may have inline marks; the others are left."""
        return self._first(tag, title_line) or ""

    def _last(self, tag: str, form: Callable[[str], str] = one_line) -> str | None:
        """The last value that says something, as one line; the others are left."""
        values = self._all(tag)
        if not values:
            return None
        text = form(values.pop())
        if values:
            self._left[tag] = values
        return text or None

    def _joined(self, tag: str, separator: str = ", ") -> str | None:
        """All values of a tag in one line."""
        return separator.join(filter(None, map(one_line, self._all(tag)))) or None

    def _keep(self, tag: str, *values: str) -> None:
        """Put back what has found no field, before what else is left of the tag."""
        if values:
            self._left[tag] = [*values, *self._left.get(tag, ())]

    def _set(self, field: str, value: Any) -> bool:
        """State a field unless it is stated, or there is nothing to say; whether it now says so."""
        if value:
            self._fields.setdefault(field, value)
        return bool(value) and self._fields[field] == value

    def _take(self, tag: str, field: str) -> None:
        """Take the first value of a tag for a field that is not stated yet."""
        if tag in self._left and field not in self._fields:
            self._set(field, self._first(tag))

    def _keywords(self, values: Iterable[str], separators: str) -> None:
        """The keywords of some values, each once, in order."""
        words = dict.fromkeys(self._fields.get("keyword", ()))
        for value in values:
            for separator in separators:
                value = value.replace(separator, "\n")  # noqa: PLW2901
            words.update(dict.fromkeys(filter(None, map(one_line, value.split("\n")))))
        self._set_anew("keyword", tuple(words))

    def _serial_numbers(self, *tags: str, of_books: bool, numbered: bool = False) -> None:
        """Take ISSNs and ISBNs.

        What is neither is kept as what it was meant to be: by its length, or an ISBN `of_books`,
        the number of what is `numbered`, as patents are, else an ISSN.
        """
        values = self._all(*tags)
        issn, isbn, other = read_serial_numbers(values)
        if other and numbered and "number" not in self._fields:
            # `4,904,581` is one number.
            self._fields["number"] = other[0] if issn or isbn else one_line(values.pop(0))
            other = other[1:] if issn or isbn else tuple(map(one_line, values))
        for one in other:
            length = sum(char.isdigit() for char in one)
            if length > 9 or (of_books and length != 8):
                isbn += (one,)
            else:
                issn += (one,)
        self._set("ISSN", issn)
        self._set("ISBN", isbn)

    def _set_anew(self, field: str, value: Any) -> None:
        if value:
            self._fields[field] = value

    def _doi(self, text: str) -> bool:
        """Take a DOI, if the text is one; whether that is the DOI of the record now."""
        doi = parse_doi(text)
        return doi is not None and " " not in doi and self._set("DOI", doi)
