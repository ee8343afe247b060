"""biblatex files, in the data model that biber holds them to.

See docs/formats/biblatex.md for which field goes where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from refman.crosswalk.biblatex import NAME, write_biblatex_entry
from refman.crosswalk.bibtex import Written
from refman.exporters.bibtex_entries import write_works
from refman.model import Description, Work
from refman.ports import ExportOptions, FormatInfo, Loss


class BiblatexExporter:
    """Writes biblatex."""

    info = FormatInfo(
        name=NAME,
        label="BibLaTeX",
        extensions=(".bib", ".biblatex"),
        media_type="application/x-bibtex",
        description="biblatex databases, for biber",
    )

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """One entry a work, a blank line between; what found no place follows its entry."""
        return write_works(works, options, _entry)


def _entry(description: Description, key: str, unicode: bool, left_out: Collection[str]) -> Written:
    return write_biblatex_entry(description, key, unicode=unicode, left_out=left_out)


exporter = BiblatexExporter()
