"""BibTeX and biblatex files (`.bib`), read through bibtexparser.

See docs/formats/bibtex.md for what is taken, what is kept aside, and what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.bibtex import FORMAT, read_entry
from refman.crosswalk.sentence_case import in_sentence_case
from refman.importers.bibtex_blocks import MAX_RAW, Broken, RawEntry, read_blocks
from refman.importers.bibtex_inheritance import inherit
from refman.model import Origin, OriginKind, Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.latex import clean

_ENTRY = re.compile(
    r"^[ \t]*@[ \t]*([A-Za-z]{3,30})[ \t]*[{(]\s*(?:[^\s,{}()=\"]{1,200}[^,{}=\n]{0,100}\s*,|"
    r"[\w-]{1,100}\s*=)",
    re.MULTILINE,
)
_ONLY_STRINGS = re.compile(
    r"^[ \t]*@(?:string|preamble|comment)[ \t]*[{(]", re.MULTILINE | re.IGNORECASE
)
_HTML = re.compile(r"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)


class BibtexImporter:
    """Reads BibTeX."""

    info = FormatInfo(
        name=FORMAT,
        label="BibTeX",
        extensions=(".bib", ".bibtex"),
        media_type="application/x-bibtex",
        description="BibTeX and biblatex databases, as written by reference managers and editors",
    )

    def recognise(self, sample: Sample) -> float:
        """By an `@type{key,` at the beginning of a line."""
        named = sample.name.lower().endswith(self.info.extensions)
        if "@" not in sample.text or _HTML.match(sample.text):
            return 0.2 if named and not sample.text.strip() else 0.0
        if entry := _ENTRY.search(sample.text):
            return 0.9 if sample.text[: entry.start()].strip() else 0.99
        if _ONLY_STRINGS.search(sample.text):
            return 0.7
        return 0.2 if named else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record for each entry, in the order of the file but for those with a `crossref`.

        What was not taken as it stands comes as a partial problem right after its record.
        """
        for block in inherit(read_blocks(source.lines())):
            if isinstance(block, Broken):
                yield Problem(reason=block.reason, line=block.line, raw=block.raw)
            else:
                yield from _records(block, source.name, options)


def _records(entry: RawEntry, file: str, options: ImportOptions) -> Iterator[Record | Problem]:
    key = clean(entry.key)
    reading = read_entry(entry.entry_type, key, entry.fields)
    description, verbatim = reading.description, None
    if options.recase_titles:
        description, verbatim = in_sentence_case(description)
    yield Record(
        description=description,
        origin=Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{file}:{entry.line}"),
        guessed=reading.guessed if verbatim is None else reading.guessed | {"title"},
        verbatim=() if verbatim is None else (("title", verbatim),),
        citation_key=key or None,
    )
    for remark in entry.remarks + reading.remarks:
        yield Problem(reason=remark, line=entry.line, raw=entry.raw[:MAX_RAW], partial=True)


importer = BibtexImporter()
