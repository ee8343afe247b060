"""A saved web page, taken apart: its `meta` elements, its embedded references and data.

Pages are HTML as browsers take it (WHATWG HTML), read by libxml2: nothing is fetched, entities are
those of HTML, and size and depth are bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_PAGE = 16 * 1024 * 1024
"""Longest page, in characters."""
MAX_META = 20_000
MAX_EMBEDDED = 50_000
_MAX_VALUE = 200_000
_MAX_JSON = 4 * 1024 * 1024
_MAX_DEPTH = 60
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_WRAPPINGS = (("<![CDATA[", "]]>"), ("<!--", "-->"))
"""What was put around scripts for old readers."""


class Meta(NamedTuple):
    """A `meta` element: its name in lower case, what it says, and in which language."""

    name: str
    content: str
    language: str
    line: int


class Embedded(NamedTuple):
    """A text embedded in a page, and its line."""

    text: str
    line: int


class Page(NamedTuple):
    """The parts of a page."""

    metas: list[Meta]
    open_urls: list[Embedded]
    """COinS: the `title` of each element of the class `Z3988`."""
    data: list[tuple[Any, int]]
    """What the scripts of the type `application/ld+json` hold, each with its line."""
    title: str
    language: str
    address: str | None
    """Where the page says that it lives."""
    root: HtmlElement


def parse_page(text: str) -> Page | None:
    """The parts of a page; None where there is nothing that could be one. Raises nothing."""
    # Loaded here: only pages need it.
    from lxml import etree, html  # noqa: PLC0415

    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(
            _ILLEGAL.sub(" ", text).encode("utf-8", "replace"), parser=parser
        )
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return Page(
        metas=list(_metas(root)),
        open_urls=[
            Embedded(value[:_MAX_VALUE], _line(element))
            for element in _having_class(root, "Z3988")
            if (value := element.get("title"))
        ],
        data=list(_data(root)),
        title=_text_of(root.find(".//title")),
        language=root.get("lang") or "",
        address=_address(root),
        root=root,
    )


def elements_of_class(root: HtmlElement, name: str) -> list[HtmlElement]:
    """The elements of a class, in order."""
    return list(_having_class(root, name))


def text_of(element: HtmlElement | None) -> str:
    """All text of an element, on one line."""
    return _text_of(element)


def _text_of(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(element.itertext())[:_MAX_VALUE].split())


def _line(element: HtmlElement) -> int:
    return int(element.sourceline or 1)


def _having_class(root: HtmlElement, name: str) -> Iterator[HtmlElement]:
    count = 0
    for element in root.iter():
        classes = element.get("class") if isinstance(element.tag, str) else None
        if classes and name in classes.split():
            yield element
            count += 1
            if count >= MAX_EMBEDDED:
                return


def _metas(root: HtmlElement) -> Iterator[Meta]:
    for count, element in enumerate(root.iter("meta")):
        if count >= MAX_META:
            return
        content = element.get("content")
        if not content or not content.strip():
            continue
        language = element.get("lang") or element.get("xml:lang") or ""
        names = (element.get(key) or "" for key in ("name", "property", "itemprop"))
        for name in dict.fromkeys(name.strip().lower() for name in names):
            if name:
                yield Meta(name, content[:_MAX_VALUE], language, _line(element))


def _address(root: HtmlElement) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            address = str(element.get("href")).strip()
            return address if address.startswith(("http://", "https://")) else None
    return None


def _data(root: HtmlElement) -> Iterator[tuple[Any, int]]:
    for element in root.iter("script"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if kind != "application/ld+json":
            continue
        text = _unwrapped((element.text or "").strip())
        if not 2 <= len(text) <= _MAX_JSON or _is_deep(text):
            continue
        try:
            yield json.loads(text, strict=False), _line(element)
        except (ValueError, RecursionError):
            continue


def _unwrapped(script: str) -> str:
    """A script without what stands around it, which may stand in comments."""
    if script[:1] not in ("<", "/"):
        return script
    for start, end in _WRAPPINGS:
        if start in script[:20]:
            script = script.partition(start)[2].rpartition(end)[0] or script
    return script.strip("/* \t\r\n")


def _is_deep(text: str) -> bool:
    """Whether brackets nest deeper than any data about a work does."""
    depth = deepest = 0
    for char in text:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest > _MAX_DEPTH
