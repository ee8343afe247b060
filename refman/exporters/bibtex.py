"""BibTeX files for the classic styles, written by hand: stable, balanced, diff-friendly.

See docs/formats/bibtex.md for which field goes where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from refman.crosswalk.bibtex import FORMAT, Written, write_entry
from refman.exporters.bibtex_entries import write_works
from refman.model import Description, Work
from refman.ports import ExportOptions, FormatInfo, Loss


class BibtexExporter:
    """Writes BibTeX."""

    info = FormatInfo(
        name=FORMAT,
        label="BibTeX",
        extensions=(".bib",),
        media_type="application/x-bibtex",
        description="BibTeX databases for the classic styles; biblatex and biber take them too",
    )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """One entry a work, a blank line between; what found no place follows its entry."""
        return write_works(works, options, _entry)


def _entry(description: Description, key: str, unicode: bool, left_out: Collection[str]) -> Written:
    return write_entry(description, key, unicode=unicode, left_out=left_out)


exporter = BibtexExporter()
