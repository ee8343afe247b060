"""Saved web pages: what they say of works in their `meta` elements, COinS and JSON-LD.

A page that is about one work makes one record, whoever says what of it; a page with many embedded
references makes a record of each, and so does a page of Google Scholar's results. What the names
mean is the business of `refman.crosswalk.page_names`, `open_url` and `schema_org`. Nothing is
fetched. See `docs/formats/html.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refman.crosswalk.open_url import statements_from_open_url
from refman.crosswalk.page_names import Vocabulary
from refman.crosswalk.page_reading import FORMAT, description_from_statements, same_work
from refman.crosswalk.page_statements import Statement, statements_from_metas
from refman.crosswalk.read_entry import ReadEntry, record_of
from refman.crosswalk.schema_org import statements_from_data
from refman.crosswalk.scholar_results import statements_from_results
from refman.model import Name, Record
from refman.ports import FormatInfo, ImportOptions, Input, Problem, Sample
from refman.text.html_page import MAX_PAGE, Page, elements_of_class, parse_page, text_of

_PAGE = re.compile(r"<!doctype\s{1,9}html|<html[\s>]|<head[\s>]", re.IGNORECASE)
_TELLING = re.compile(
    r"citation_title|[\"'](?:dc|dcterms|prism|eprints)[.:]|bepress_citation|Z3988|"
    r"application/ld\+json|class=[\"']?gs_r|og:title",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"<meta\s[^<>]{0,200}(?:citation_title|dc\.title)|\sclass=[\"']?[\w -]{0,100}Z3988",
    re.IGNORECASE,
)
_LOOKED_AT = 3000
_ENOUGH = 60
"""Characters by which a text is known again."""
_NOT_OF_GRAPH = frozenset(("title", "author", "issued"))
"""Roles in which the Open Graph is not asked where others speak."""
_MAX_RAW = 10_000


class _Work(NamedTuple):
    """What a page says of one work, and the line that it begins to on."""

    line: int
    statements: list[Statement]


class HtmlImporter:
    """Reads `html`; fulfils `refman.ports.Importer`."""

    @property
    def info(self) -> FormatInfo:
        """The format's names."""
        return FormatInfo(
            name=FORMAT,
            label="Web page",
            extensions=(".html", ".htm", ".xhtml"),
            media_type="text/html",
            description="saved pages of articles, books and result lists, by their metadata",
        )

    def recognise(self, sample: Sample) -> float:
        """0.9 for a page with metadata of works in its beginning, 0.6 for any other.

        A piece of a page is known by the metadata only.
        """
        if not _PAGE.search(sample.text[:_LOOKED_AT]):
            piece = sample.text.lstrip().startswith("<") and _PIECE.search(sample.text)
            return 0.85 if piece else 0.0
        return 0.9 if _TELLING.search(sample.text) else 0.6

    def read(self, source: Input, options: ImportOptions) -> Iterator[Record | Problem]:
        """The record or records of a page; a problem where it says nothing of any work."""
        text = _text(source)
        page = parse_page(text) if text is not None else None
        if text is None:
            reason = f"a page of over {MAX_PAGE >> 20} million characters"
            yield Problem(reason=reason, line=1)
        elif page is None:
            yield Problem(reason="no page that can be read", line=1, raw=text[:_MAX_RAW])
        else:
            yield from _read(page, source.name, options)


importer = HtmlImporter()
"""What the entry point `html` names."""


def _text(source: Input) -> str | None:
    """All of a page; None where it is too long."""
    pieces: list[str] = []
    size = 0
    for line in source.lines():
        size += len(line)
        if size > MAX_PAGE:
            return None
        pieces.append(line)
    return "".join(pieces)


def _read(page: Page, name: str, options: ImportOptions) -> Iterator[Record | Problem]:
    works, passed_over = _works(page)
    made = 0
    for work in works:
        record = _record(work, name, options)
        if record is not None:
            made += 1
            yield record
        elif len(works) > 1:
            raw = "; ".join(f"{said.name}={said.value}" for said in work.statements)[:_MAX_RAW]
            yield Problem(reason="nothing bibliographic in it", line=work.line, raw=raw)
    if not made and len(works) < 2:
        reason = "the page says nothing of a work that could be read"
        yield Problem(reason=reason, line=1, raw=page.title[:_MAX_RAW])
    elif passed_over:
        reason = f"{passed_over} references to other works on the page were passed over"
        yield Problem(reason=reason, line=works[0].line, partial=True)


def _works(page: Page) -> tuple[list[_Work], int]:
    """The works of a page, and how many others are only mentioned on it."""
    results = [_Work(line, said) for line, said in statements_from_results(page.root)]
    if results:
        return results, 0
    graph: list[Statement] = []
    own: list[Statement] = []
    for said in statements_from_metas(page.metas):
        (graph if said.vocabulary is Vocabulary.OPEN_GRAPH else own).append(said)
    embedded = [_Work(one.line, statements_from_open_url(one.text)) for one in page.open_urls]
    data = [
        _Work(line, statements)
        for value, line in page.data
        for statements in statements_from_data(value)
    ]
    line = next((meta.line for meta in page.metas if meta.name == _first_name(own)), 1)
    if not any(said.role == "title" for said in own):
        if len(data) == 1:
            # Such a piece of data is about the page's own work; references are many.
            own, line = [*own, *data[0].statements], data[0].line
            data = []
        elif not data and len(embedded) == 1:
            own, line = [*own, *embedded[0].statements], embedded[0].line
            embedded = []
        elif not data and not embedded:
            return [_Work(line, [*own, *graph, *_about_page(page)])], 0
        else:
            return _united([*data, *embedded]), 0
    whole = list(own)
    others = 0
    for work in (*data, *embedded):
        if same_work(own, work.statements):
            whole += work.statements
        else:
            others += 1
    whole += [_whole(said, page) for said in graph if said.role not in _NOT_OF_GRAPH]
    if not any(said.role == "author" for said in whole):
        whole += _shown_authors(page)
    return [_Work(line, [*whole, *_about_page(page)])], others


def _first_name(statements: Sequence[Statement]) -> str | None:
    return statements[0].name if statements else None


def _about_page(page: Page) -> list[Statement]:
    if page.address is None:
        return []
    return [Statement(Vocabulary.OPEN_GRAPH, "canonical", "canonical", page.address)]


def _whole(said: Statement, page: Page) -> Statement:
    """A summary that was cut off, whole, where the page shows it."""
    text = str(said.value)
    if said.role != "summary" or not text.endswith(("…", "...")) or len(text) < _ENOUGH:
        return said
    beginning = " ".join(text[:_ENOUGH].split())[:-1]
    for element in page.root.iter("p", "div", "span"):
        shown = " ".join((element.text or "")[: 2 * _ENOUGH].split())
        if shown and beginning.startswith(shown[: len(beginning)]):
            whole = text_of(element)
            if whole.startswith(beginning) and len(whole) > len(text):
                return said._replace(value=whole)
    return said


def _shown_authors(page: Page) -> list[Statement]:
    """The authors as ScienceDirect shows them, which has them nowhere else."""
    found: list[Statement] = []
    for group in elements_of_class(page.root, "author-group")[:1]:
        given = ""
        for element in group.iter("span"):
            classes = (element.get("class") or "").split()
            if "given-name" in classes:
                given = text_of(element)
            elif "surname" in classes and (family := text_of(element)):
                name = Name(family=family, given=given) if given else Name(literal=family)
                found.append(Statement(Vocabulary.OPEN_GRAPH, "author", "author-group", name))
                given = ""
    return found


def _united(works: Sequence[_Work]) -> list[_Work]:
    """Works one after the other; neighbours that are the same work are one."""
    kept: list[_Work] = []
    for work in works:
        if kept and same_work(kept[-1].statements, work.statements):
            kept[-1].statements.extend(work.statements)
        else:
            kept.append(work)
    return kept


def _record(work: _Work, name: str, options: ImportOptions) -> Record | None:
    read = description_from_statements(work.statements)
    if not read.is_bibliographic:
        return None
    return record_of(ReadEntry(*read), FORMAT, f"{name}:{work.line}", options)
