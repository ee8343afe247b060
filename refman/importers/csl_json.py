"""CSL-JSON: a list of items, one item, `{"items": […]}`, or an item a line.

The format is that of CSL 1.0.2 (its schema `csl-data.json`), as `refman.crosswalk.csljson` reads
it; see `docs/formats/csl-json.md`. An item that cannot be read is a problem, and those after it
are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refman.crosswalk.crossref import record_from_message
from refman.crosswalk.crossref_types import csl_type
from refman.crosswalk.csljson import FORMAT, description_from_item, is_crossref, key_of_item
from refman.crosswalk.sentence_case import in_sentence_case
from refman.model import Description, Origin, OriginKind, Record, stated
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.json_stream import Broken, Element, elements

_ENVELOPE = ("items",)
_MAX_RAW = 100_000
_START = re.compile(r"\s*+(?:\[\s*+)?\{")
_TYPE = re.compile(r'"type"\s*+:\s*+"([a-z_-]++)"')
_VARIABLE = re.compile(
    r'"(?:container-title|title-short|publisher-place|citation-key|non-dropping-particle|'
    r'collection-title|number-of-pages|event-place|original-date|DOI|ISBN)"\s*+:\s*+["{\[0-9]'
)
_DATE = re.compile(r'"(?:date-parts|issued)"\s*+:')
_TITLE_LIST = re.compile(r'"title"\s*+:\s*+\[')
_CROSSREF = re.compile(r'"(?:indexed|message-type)"\s*+:')
_SAY_NOTHING = frozenset(("type", "extra"))


class CslJsonImporter:
    """Reads `csl-json`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="CSL-JSON",
            extensions=(".json", ".csljson", ".jsonl"),
            media_type="application/vnd.citationstyles.csl+json",
            description="items of the Citation Style Language, as Zotero and pandoc write them",
        )

    def recognise(self, sample: Sample) -> float:
        """0.95 for objects with CSL's types and dates; 0 for answers of Crossref's REST API.

        The two are alike, but a title is a text here and a list there.
        """
        text = sample.text
        if not _START.match(text):
            return 0.0
        if _CROSSREF.search(text):
            # Crossref's own CSL-JSON, by content negotiation, shares all its other fields.
            return 0.0 if _TITLE_LIST.search(text) or '"title"' not in text else 0.97
        typed = any(csl_type(kind) == kind for kind in _TYPE.findall(text))
        dated = _DATE.search(text) is not None
        if typed and (dated or _VARIABLE.search(text)):
            return 0.95
        if dated and _VARIABLE.search(text):
            return 0.8
        return 0.4 if typed and '"title"' in text else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """One record an item, in the order of the file. Memory holds one item at a time."""
        for element in elements(source.lines(), within=_ENVELOPE):
            if isinstance(element, Broken):
                yield Problem(reason=element.reason, line=element.line, raw=element.raw)
            else:
                yield from _read(element, source.name, options)


def _read(element: Element, name: str, options: ImportOptions) -> Iterator[Record | Problem]:
    item, line = element.value, element.line
    if not isinstance(item, dict):
        yield _not_an_item(element, "not a CSL-JSON item, but some other JSON value")
        return
    origin = Origin(kind=OriginKind.IMPORT, name=FORMAT, location=f"{name}:{line}")
    if is_crossref(item):
        yield record_from_message(item, origin, recase=options.recase_titles)
        return
    description, remarks = description_from_item(item)
    if all(field in _SAY_NOTHING for field, _ in stated(description)):
        yield _not_an_item(element, "not a CSL-JSON item: no variable of CSL says anything")
        return
    yield _record(description, origin, key_of_item(item), options)
    if remarks:
        yield Problem(reason="; ".join(remarks), line=line, partial=True)


def _record(
    description: Description, origin: Origin, key: str | None, options: ImportOptions
) -> Record:
    guessed = set()
    verbatim: tuple[tuple[str, str], ...] = ()
    if options.recase_titles:
        description, title = in_sentence_case(description)
        if title is not None:
            guessed.add("title")
            verbatim = (("title", title),)
    if description.issued is not None and description.issued.is_bare_year:
        guessed.add("issued")
    return Record(
        description=description,
        origin=origin,
        guessed=frozenset(guessed),
        verbatim=verbatim,
        citation_key=key,
    )


def _not_an_item(element: Element, reason: str) -> Problem:
    return Problem(reason=reason, line=element.line, raw=element.text[:_MAX_RAW])


importer = CslJsonImporter()
