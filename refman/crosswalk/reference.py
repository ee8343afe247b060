"""One reference of a list, as far as its form can be trusted, as a description.

The common styles are told by their punctuation: where quotation marks, the year in parentheses,
and volume, issue and pages stand. What a form does not settle is not stated, and a line of no known
form gives identifiers only. The line itself is always kept, as `Extra("text", "reference", line)`,
so that a search for its DOI can use it.

See `docs/formats/text.md` for the styles, and for how often each field is right.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from refman.crosswalk.reference_dated import read_dated
from refman.crosswalk.reference_marks import take_marks
from refman.crosswalk.reference_parts import Parts, fields_of
from refman.crosswalk.reference_placed import read_fields, read_placed
from refman.crosswalk.reference_quoted import read_quoted
from refman.crosswalk.reference_whole_books import read_whole_book
from refman.model import Description, Extra
from refman.text.reference_names import CAPITAL

FORMAT = "text"
REFERENCE = "reference"
"""The name under which the line is kept."""
MAX_REFERENCE = 8_000
"""Characters of a reference that are taken apart."""

_MARKER = re.compile(
    r"\s{0,8}(?:\[\d{1,4}\]|\(\d{1,3}\)|\d{1,4}\s?[.):](?=\s|[^\W\d])|\[[A-Z][\w+]{1,11}\](?=\s)"
    rf"|[•·▪●*–—-](?=\s)|\d{{1,3}}\s(?={CAPITAL}\.)|1\s(?={CAPITAL}|&|(?:van|von|de|di|le|la|el)\s)"
    rf"|1(?={CAPITAL}(?:[a-z]|{CAPITAL}{{2}}))|&NA;[,;.]?(?=\s))\s{{0,8}}"
)
_LOOSE_DOT = re.compile(rf"(?<={CAPITAL}\.) \.(?=,| \()")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\u202a-\u202e]")
_GUESSED = frozenset(
    (
        "type",
        "title",
        "author",
        "editor",
        "container_title",
        "publisher",
        "publisher_place",
        "edition",
        "page",
        "number",
    )
)
"""Fields that rest on where a sentence seems to end, or that references cut short."""
_READERS = (read_fields, read_quoted, read_dated, read_whole_book, read_placed)


@dataclass(frozen=True, slots=True)
class ReadReference:
    """A description, which of its fields are guesses, and the form that was recognised."""

    description: Description
    guessed: frozenset[str]
    form: str | None


def read_reference(line: str) -> ReadReference:
    """What one reference says. Raises nothing, whatever the line is."""
    text = clean_line(line)
    marked = take_marks(_LOOSE_DOT.sub(".", without_marker(text[:MAX_REFERENCE])))
    parts = _parts(marked.text)
    fields = dict(marked.fields)
    if parts is not None:
        fields |= fields_of(parts)
    fields["extra"] = (Extra(FORMAT, REFERENCE, text),)
    return ReadReference(
        Description(**fields), _GUESSED & fields.keys(), parts.form if parts is not None else None
    )


def _parts(text: str) -> Parts | None:
    for read in _READERS:
        found = read(text)
        if found is not None:
            return found
    return None


def clean_line(line: str) -> str:
    """A line in normal Unicode, without control characters and with single blanks."""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", line)).split())


def without_marker(line: str) -> str:
    """A line without its number or bullet."""
    for _ in range(2):
        match = _MARKER.match(line)
        if match is None:
            break
        line = line[match.end() :]
    return line
