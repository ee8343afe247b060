"""The results on a page of Google Scholar.

A result has a title, a line `Y Bengio, A Courville - Foundations and trends®…, 2009 - dl.acm.org`,
and a piece of text. Names are shortened and lists of them, titles and journals cut off with an
ellipsis, so most of it is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refman.crosswalk.page_names import Vocabulary
from refman.crosswalk.page_statements import Statement
from refman.text.html_page import elements_of_class, text_of
from refman.text.name_lists import parse_name_list

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KIND = re.compile(r"^\s*(?:\[([^\]]{1,20})\]\s*){1,3}")
_PARTS = re.compile(r"\s+[-–]\s+")
_YEAR = re.compile(r"(?:^|,\s*|\s)((?:1[5-9]|20)\d\d)$")
_CITED = re.compile(r"(?:cited by|dirujuk|dikutip)\D{0,20}(\d{1,7})", re.IGNORECASE)


def statements_from_results(root: HtmlElement) -> Iterator[tuple[int, list[Statement]]]:
    """The line of each result, and what is said in it; nothing on any other page."""
    for element in elements_of_class(root, "gs_ri"):
        heading = next(iter(elements_of_class(element, "gs_rt")), None)
        if heading is None:
            continue
        statements = list(_statements(element, heading))
        if any(said.role == "title" for said in statements):
            yield int(element.sourceline or 1), statements


def _statements(element: HtmlElement, heading: HtmlElement) -> Iterator[Statement]:
    link = heading.find(".//a")
    whole = text_of(heading)
    kind = _KIND.match(whole)
    title = text_of(link) if link is not None else whole[kind.end() :] if kind else whole
    if title:
        yield _said("title", "title", title)
    if kind is not None and kind[1].lower() in ("book", "buku", "b"):
        yield _said("type", "kind", "book")
    if link is not None and (link.get("href") or "").startswith("http"):
        yield _said("page_address", "link", str(link.get("href")))
    for line in elements_of_class(element, "gs_a")[:1]:
        yield from _source(text_of(line).replace("\xa0", " "))
    for piece in elements_of_class(element, "gs_rs")[:1]:
        yield _said(None, "snippet", text_of(piece))
    for links in elements_of_class(element, "gs_fl")[:2]:
        match = _CITED.search(text_of(links))
        if match is not None:
            yield _said(None, "cited-by", match[1])


def _source(line: str) -> Iterator[Statement]:
    """The line of authors, journal, year and site, parted by hyphens between blanks."""
    authors, *rest = _PARTS.split(line[:1000])
    for name in parse_name_list(authors).names:
        yield Statement(Vocabulary.OPEN_GRAPH, "author", "authors", name)
    if len(rest) > 1:
        yield _said(None, "site", rest.pop())
    where = " - ".join(rest)
    year = _YEAR.search(where)
    if year is not None:
        yield _said("issued", "year", year[1])
        where = where[: year.start()].rstrip(" ,")
    if where and not (year is None and "." in where and " " not in where):
        yield _said("container_title", "where", where)


def _said(role: str | None, name: str, value: str) -> Statement:
    return Statement(Vocabulary.OPEN_GRAPH, role, name, value)
