"""What an entry of a file came to, and the record that is made of it.

The last step of the importers of tagged lines, of XML, of tables, pages and files.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Description, Origin, OriginKind, Record
from refman.ports import ImportOptions, Problem

SAY_NOTHING = frozenset(("type", "source", "extra"))
"""Fields that alone are no statement about a work."""


class ReadEntry(NamedTuple):
    """A description, the fields that were inferred, the key that came with it, and what was recast.

    `verbatim` has the text as it came of fields that were changed.
    """

    description: Description
    guessed: frozenset[str] = frozenset()
    citation_key: str | None = None
    verbatim: tuple[tuple[str, str], ...] = ()


class Entry(Protocol):
    """What stands in a file for one work."""

    @property
    def line(self) -> int:
        """The line it begins on (1-based)."""

    @property
    def raw(self) -> str:
        """Its text."""


class Place(NamedTuple):
    """An entry that is given by no more than its line and text."""

    line: int
    raw: str


def to_record(
    found: ReadEntry,
    origin: str,
    file: str,
    entry: Entry,
    options: ImportOptions,
    say_nothing: frozenset[str] = SAY_NOTHING,
) -> Record | Problem:
    """A record of what was read, or the problem that it says nothing.

    `origin` is the format.
    """
    if vars(found.description).keys() <= say_nothing:
        return Problem(reason="a record that says nothing", line=entry.line, raw=entry.raw)
    return record_of(found, origin, f"{file}:{entry.line}", options)


def record_of(found: ReadEntry, origin: str, location: str, options: ImportOptions) -> Record:
    """The record of what was read; a title in capitals is put in sentence case if wanted."""
    description, guessed, verbatim = found.description, found.guessed, dict(found.verbatim)
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed |= {"title"}
            verbatim.setdefault("title", title)
    return Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=origin, location=location),
        guessed=guessed,
        verbatim=tuple(verbatim.items()),
        citation_key=found.citation_key,
    )
