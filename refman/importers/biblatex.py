"""biblatex files (`.bib`): the same reader as BibTeX's, for what is evidently biblatex.

See docs/formats/biblatex.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.biblatex import NAME
from refman.importers.bibtex_records import confidence, read_records
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample

_ITS_OWN = re.compile(
    r"^[ \t]*(?:@(?:online|thesis|report|collection|mv[a-z]{4,11}|bookinbook|suppbook|"
    r"suppcollection|supp?periodical|inreference|reference|dataset|software|xdata|set)\s*[{(]|"
    r"(?:journaltitle|journalsubtitle|date|origdate|eventdate|location|maintitle|booksubtitle|"
    r"eprinttype|eprintclass|langid|entrysubtype|editor[a-c]?type|editora|pubstate|xdata|related|"
    r"institution\s*=.{1,200}\stype|eventtitle|issuetitle|annotation)\s*=)",
    re.MULTILINE | re.IGNORECASE,
)
_BIBTEX_ONLY = re.compile(
    r"^[ \t]*(?:@(?:phdthesis|mastersthesis|techreport|conference)\s*[{(]|"
    r"(?:journal|year|month|address|school|annote|archiveprefix)\s*=)",
    re.MULTILINE | re.IGNORECASE,
)


class BiblatexImporter:
    """Reads biblatex."""

    info = FormatInfo(
        name=NAME,
        label="BibLaTeX",
        extensions=(".bib", ".biblatex"),
        media_type="application/x-bibtex",
        description="biblatex databases, for biber",
    )

    def recognise(self, sample: Sample) -> float:
        """As BibTeX, and by more fields and types that only biblatex has than that only BibTeX has.

        Those are counted that begin a line.
        """
        sure = confidence(sample, self.info.extensions)
        if sure < 0.5:
            return sure / 2
        own = sum(1 for _ in _ITS_OWN.finditer(sample.text))
        foreign = sum(1 for _ in _BIBTEX_ONLY.finditer(sample.text))
        return sure + 0.005 if own > foreign else sure / 2

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record for each entry, in the order of the file but for those with a `crossref`.

        What was not taken as it stands comes as a partial problem right after its record.
        """
        return read_records(source, options, self.info.name)


importer = BiblatexImporter()
