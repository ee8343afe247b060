"""References as plain text: reference lists in the common styles, and results copied from portals.

Each reference becomes a record with what its form makes certain; names, title and journal are
marked as guesses, and the line is kept as it came, for a search of its DOI
(`refman enrich --find-dois`). Headings, page numbers and buttons are passed over; a line that is no
reference becomes a `Problem`, never a record. The parts of a line are
`refman.crosswalk.reference`'s business, those of a portal's results
`refman.crosswalk.reference_portals`'s; see `docs/formats/text.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample

__all__ = ["TextImporter", "importer"]

_PEEK = 400
_OTHER_FORMATS = (
    "@", "TY  -", "%0 ", "%A ", "%T ", "PMID-", "FN ", "PT ", "{", "[{", "<", "%PDF", "#!",
    "\\documentclass",
)  # fmt: skip
_HEADER = re.compile(
    r"(?=.{0,400}\b(?:title|author|authors|doi)\b)"
    r'"?[\w ]{1,30}"?(?:[,;]"?[\w ]{1,30}"?){2,60}\s{0,9}$',
    re.IGNORECASE,
)
_OTHER_SIGNS = re.compile(
    r"^(?:[A-Z][A-Z0-9]  ?- |%[A-Z0-9] |\s{0,8}(?:def|class|import|from|return|function|var|let"
    r"|const|public|"
    r"private|#include|package|using|if|for|while)\b.{0,120}[;{(:]\s{0,3}$|\d{4}-\d\d-\d\d"
    r"[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|"
    r"(?:INFO|DEBUG|WARN|ERROR)\b|\w{1,30}\s?[=:]\s?[{\[\"])",
    re.MULTILINE,
)


class TextImporter:
    """Reads `text`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name="text",
            label="Plain references",
            extensions=(".txt", ".text"),
            description="reference lists in common styles; pasted results of Google Scholar, "
            "PubMed, Scopus, DOAJ, SINTA",
        )

    def recognise(self, sample: Sample) -> float:
        """At most 0.4: for a portal's page, or a list most of whose lines are references."""
        text = sample.text
        if text.lstrip("\ufeff \t\r\n").startswith(_OTHER_FORMATS):
            return 0.0
        lines = text.split("\n")[:_PEEK]
        told = [line for line in lines if line.strip()]
        if not told or sum(map(len, told)) < 30 or "\x00" in text:
            return 0.0
        if _HEADER.match(told[0]):
            return 0.0
        if 5 * len(_OTHER_SIGNS.findall("\n".join(line[:300] for line in told))) > len(told):
            return 0.0
        from refman.importers.text.reading import confidence  # noqa: PLC0415  (much to load)

        return confidence(lines)

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record for each reference, in the order of the text, and a problem for what is none."""
        from refman.importers.text.reading import read_text  # noqa: PLC0415

        return read_text(source, options)


importer = TextImporter()
"""What the entry point `text` names."""
