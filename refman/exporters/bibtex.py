"""BibTeX files for the classic styles, written by hand: stable, balanced, diff-friendly.

See docs/formats/bibtex.md for which field goes where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refman.crosswalk.bibtex import FORMAT, write_entry
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss, TextEncoding

_NOT_IN_KEYS = re.compile(r"[\s,{}()\"#%'=\\~@\x00-\x1f\x7f-\x9f]+")


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
        unicode = options.encoding is TextEncoding.UNICODE
        separator = ""
        for work in works:
            key = _key(work.citation_key)
            description = work.description
            if options.omit:
                description = without(description, options.omit)
            written = write_entry(description, key, unicode=unicode)
            lines = [f"  {name} = {value}" for name, value in written.fields]
            body = ",\n".join(lines)
            yield f"{separator}@{written.entry_type}{{{key},\n{body}\n}}\n"
            separator = "\n"
            if key != work.citation_key:
                reason = f"BibTeX allows no such key; it was written as {key}"
                yield Loss(citation_key=work.citation_key, field="citation_key", reason=reason)
            for field, reason in written.losses:
                yield Loss(citation_key=work.citation_key, field=field, reason=reason)


def _key(key: str) -> str:
    """The key as it is, but for what would end it in the file."""
    return _NOT_IN_KEYS.sub("_", key).strip("_") or "unnamed" if _NOT_IN_KEYS.search(key) else key


exporter = BibtexExporter()
