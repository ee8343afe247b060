"""Garuda (Garba Rujukan Digital), Indonesia's portal of journal articles: its pages as records.

The portal exports nothing but single records, so what users have is a page: copied out of a
browser, or saved as HTML. Both are read, results and single documents alike; nothing is fetched.

What a page does not say clearly is inferred and marked as a guess (`Record.guessed`): a title in
capitals is re-cased by its abstract, authors that hang on the title are taken off it where that
is safe, a name without a comma is never divided. The title as it came is kept in
`Record.verbatim`. A result that could not be read whole is named by a partial `Problem`.

Limits: no page captured from the live portal was at hand, only one built after it, a pasted one,
and the markup that public scrapers agree on. The layout of a document's own page is less sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from refman.importers.garuda.detail import is_detail, read_detail
from refman.importers.garuda.page import read_page
from refman.importers.garuda.paste import read_paste
from refman.importers.garuda.result import FORMAT, Result, read_result
from refman.model import Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample

__all__ = ["GarudaImporter", "importer"]

_HTML = re.compile(
    r"<!doctype\s+html|<html[\s>]|<xmp[\s>]|<a\s[^<>]{0,300}/documents/detail/|class=[\"']?article-item",
    re.IGNORECASE,
)
_GARUDA_LINK = re.compile(
    r"(?:href|src)\s{0,3}=\s{0,3}[\"']?[^\"'<>\s]{0,200}(?:/documents/detail/\d|garuda\.(?:kemdik|ristek))",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(r"^[^\S\n]*(?:Publisher|Penerbit)[^\S\n]?:", re.MULTILINE)
_ROW = re.compile(r"Check[^\S\n]?in[^\S\n]?Google[^\S\n]?Scholar")
_OTHER_BUTTONS = re.compile(r"^[^\S\n]*(?:Show[^\S\n]Abstract|Original[^\S\n]Source)", re.MULTILINE)
_COUNTS = re.compile(
    r"^[^\S\n]*Found[^\S\n][\d.,]+[^\S\n]Documents?\b|Total[^\S\n]Record[^\S\n]?:",
    re.MULTILINE | re.IGNORECASE,
)
_PEEK = 300
_OTHER_FORMATS = ("@", "TY  -", "%0 ", "%A ", "PMID-", "{", "[")


class GarudaImporter:
    """Reads pages of Garuda; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Garuda result page",
            extensions=(".txt", ".html", ".htm"),
            description="a page of Garuda, copied from the browser or saved",
        )

    def recognise(self, sample: Sample) -> float:
        """How sure it is that the sample is a page of Garuda."""
        text = sample.text
        if text.lstrip().startswith(_OTHER_FORMATS):
            return 0.0
        if _HTML.search(text):
            return 0.95 if _GARUDA_LINK.search(text) else 0.0
        publisher, row = _PUBLISHER.search(text), _ROW.search(text)
        claim = "Claim Missing Document" in text
        if (publisher and row) or (claim and (publisher or row)):
            return 0.95
        if claim or (row and _OTHER_BUTTONS.search(text)):
            return 0.9
        if publisher and (_OTHER_BUTTONS.search(text) or _COUNTS.search(text)):
            return 0.85
        if "Article Info" in text and "Journal Info" in text and "Publish Date" in text:
            return 0.8
        return 0.1 if "garuda" in sample.name.casefold() else 0.0

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """The records of a page, each followed by a problem where it is not whole."""
        lines = enumerate(source.lines(), start=1)
        peeked = list(islice(lines, _PEEK))
        head = "".join(line[:2_000] for _, line in peeked)
        for result in _reader(head, peeked)(chain(peeked, lines)):
            yield from read_result(result, source.name, options)


def _reader(
    head: str, lines: list[tuple[int, str]]
) -> Callable[[Iterable[tuple[int, str]]], Iterator[Result]]:
    """Which of the three kinds of page begins so."""
    if _HTML.search(head):
        return read_page
    return read_detail if is_detail(lines) else read_paste


importer = GarudaImporter()
"""What the entry point `garuda` names."""
