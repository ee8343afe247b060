"""The names of journals, in full or abbreviated: a user's own list first, then the rules of ISO 4.

Lists are read in the forms that people have them in: `full;abbreviated` or `"full","abbreviated"`
(JabRef's, a third field is left), `full = abbreviated` (JabRef's old form), with `#` before a
remark; and the LTWA as the ISSN International Centre gives it away, three fields under a heading
that begins with `WORD`, which then takes the place of the words that refman has itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from refman.model import Description
from refman.rules.title_language import languages
from refman.text import iso4
from refman.text.titles import fold

_OF_JOURNALS = frozenset(
    ("article-journal", "article-magazine", "article-newspaper", "periodical", "review",
     "review-book")
)  # fmt: skip
_CODES = {"en": "eng", "id": "ind", "es": "spa", "pt": "por", "fr": "fre", "it": "ita",
          "de": "ger", "nl": "dut"}  # fmt: skip
"""Of the LTWA (ISO 639-2/B), by ISO 639-1."""
_HEADING = "WORD"
_LONGEST_NAME = 500


@dataclass(slots=True)
class JournalNames:
    """What is known of the names of journals."""

    _short: dict[str, str] = field(default_factory=dict)
    _full: dict[str, str] = field(default_factory=dict)
    _words: iso4.TitleWords | None = None

    @classmethod
    def of(cls, lists: Iterable[str]) -> JournalNames:
        """From the texts of lists; of two that name a journal, the first counts.

        Lines that are in none of the forms are passed over.
        """
        names = cls()
        for text in lists:
            lines = text.removeprefix("\ufeff").splitlines()
            if lines and lines[0].lstrip('"').startswith(_HEADING):
                separator = "\t" if "\t" in lines[0] else ";" if ";" in lines[0] else ","
                names._words = iso4.TitleWords.of(lines, separator)
                continue
            for full, short in _pairs(lines):
                names._short.setdefault(fold(full), short)
                names._full.setdefault(fold(short), full)
        return names

    def __len__(self) -> int:
        return len(self._short)

    def abbreviated(self, description: Description) -> str | None:
        """The abbreviated name of the journal that a work stands in; None where it is in none.

        What the user's list says comes before what the work's sources say, and that before ISO 4.
        """
        full, short = description.container_title, description.container_title_short
        listed = self._short.get(fold(full)) if full else None
        if listed is None and short and (not full or len(short) < len(full)):
            listed = short
        if listed is not None or not full or not is_in_journal(description):
            return listed
        return iso4.abbreviate(full, self._words or iso4.built_in(), _languages(description))

    def full(self, description: Description) -> str | None:
        """The full name of the journal that a work stands in, as far as it is known."""
        title = description.container_title or description.container_title_short
        return self._full.get(fold(title), title) if title else None


def is_in_journal(description: Description) -> bool:
    """Whether what a work stands in is a serial, whose name ISO 4 is for."""
    return description.type in _OF_JOURNALS


def _languages(description: Description) -> list[str]:
    """Codes of the language that a journal's name is in, by its little words, or the work's."""
    likely = languages(description.container_title or "")
    if len(likely) > 2 and description.language:
        likely = frozenset((description.language[:2].lower(),))
    return [_CODES[name] for name in likely if name in _CODES] if len(likely) <= 2 else []


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Full and abbreviated names, in the form that most of the first lines have."""
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    some = lines[:50]
    separator = max(("\t", ";", " = ", ","), key=lambda mark: sum(mark in line for line in some))
    if separator == " = ":
        rows: Iterable[list[str]] = ([*line.split(" = ", 1)] for line in lines)
    else:
        # A quotation mark that is not closed must not take the rest of the file for one field.
        rows = (next(csv.reader([line], delimiter=separator), []) for line in lines)
    for row in rows:
        if len(row) < 2:
            continue
        full, short = row[0].strip(), row[1].split(";")[0].strip()
        if full and short and len(full) <= _LONGEST_NAME and len(short) <= _LONGEST_NAME:
            yield full, short
