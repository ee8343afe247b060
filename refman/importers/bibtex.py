"""BibTeX files (`.bib`), read through bibtexparser.

See docs/formats/bibtex.md for what is taken, what is kept aside, and what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from refman.crosswalk.bibtex import FORMAT
from refman.importers.bibtex_records import confidence, read_records
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample


class BibtexImporter:
    """Reads BibTeX, and biblatex as well."""

    info = FormatInfo(
        name=FORMAT,
        label="BibTeX",
        extensions=(".bib", ".bibtex"),
        media_type="application/x-bibtex",
        description="BibTeX and biblatex databases, as written by reference managers and editors",
    )

    def recognise(self, sample: Sample) -> float:
        """By an `@type{key,` at the beginning of a line."""
        return confidence(sample, self.info.extensions)

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record for each entry, in the order of the file but for those with a `crossref`.

        What was not taken as it stands comes as a partial problem right after its record.
        """
        return read_records(source, options, self.info.name)


importer = BibtexImporter()
