"""Wikipedia's citation templates for refman: the importer and the exporter.

refman reaches them by the entry points in `pyproject.toml`, and only when the format is wanted. Of
refman, a plug-in uses `refman.model` and `refman.ports`; the rest may change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refman.model import Origin, OriginKind, Record, Work
from refman.ports import ExportOptions, FormatInfo, ImportOptions, Input, Loss, Problem, Sample

from refman_wikipedia.fields import FORMAT, description_from_template, template_from_description
from refman_wikipedia.templates import split

_INFO = FormatInfo(
    name=FORMAT,
    label="Wikipedia citations",
    extensions=(".wiki", ".wikitext"),
    media_type="text/x-wiki",
    description="citation templates: {{cite journal}}, {{cite book}}, …",
)
_CITATION = re.compile(r"\{\{\s*cit(?:e [a-z]+|ation)\s*\|", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[\s\"'<>/\\=#{}|]+")


class WikipediaImporter:
    """Fulfils `refman.ports.Importer`."""

    info = _INFO

    def recognise(self, sample: Sample) -> float:
        """By content first; a name alone is worth little."""
        if _CITATION.search(sample.text):
            # BibTeX and JSON can hold a template in a note, and are surer of themselves.
            return 0.8
        return 0.2 if sample.name.endswith(_INFO.extensions) else 0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """A record a template; one that is not closed, or says nothing, is a problem."""
        for found in split(source.lines()):
            if isinstance(found, Problem):
                yield found
                continue
            description = description_from_template(found)
            if description is None:
                yield Problem(
                    reason=f"{{{{{found.name}}}}} says nothing", line=found.line, raw=found.text
                )
                continue
            yield Record(
                description=description,
                origin=Origin(
                    kind=OriginKind.IMPORT, name=FORMAT, location=f"{source.name}:{found.line}"
                ),
                citation_key=found.key,
            )


class WikipediaExporter:
    """Fulfils `refman.ports.Exporter`."""

    info = _INFO

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A reference a work, on a line; `options.omit` and the like have been seen to already."""
        for work in works:
            key = _NOT_IN_NAMES.sub("_", work.citation_key).strip("_") or "unnamed"
            template, lost = template_from_description(work.description)
            yield f'<ref name="{key}">{template}</ref>\n'
            for field in lost:
                yield Loss(
                    citation_key=work.citation_key,
                    field=field,
                    reason="citation templates have no parameter for it",
                )


importer = WikipediaImporter()
exporter = WikipediaExporter()
