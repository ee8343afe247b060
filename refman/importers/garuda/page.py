"""A Garuda page saved as HTML.

Results are found by where their links lead (`/documents/detail/`, `/author/view/`) and by their
labels (`Publisher :`, `Original Source`, `DOI:`), class names being the first thing to change.
The text in `<xmp>` is raw: `<` and `&` in it are themselves. Abstracts are read whether shown or
hidden. A page without result links, a document's own, is read by its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from html.parser import HTMLParser

from refman.importers.garuda.authors import looks_like_authors, looks_like_name
from refman.importers.garuda.detail import is_detail, read_detail
from refman.importers.garuda.furniture import Kind, doi_of_links, kind_of, publisher_of
from refman.importers.garuda.paste import read_paste
from refman.importers.garuda.result import Result
from refman.text.markup import plain_text

__all__ = ["read_page"]

_CHUNK = 64 * 1024
_LONGEST_PENDING = 1024 * 1024
"""Longest tag, comment or the like that the parser may be in the middle of."""
_LONGEST_UNCLOSED = 2_000
_MOST_LINES = 20_000
_BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
        "pre", "section", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_DETAIL = re.compile(r"/documents?/(?:detail|view)/\d")
_AUTHOR = re.compile(r"/author/view/")
_PAGER = re.compile(r"/documents/?\?|[?&]page=\d")
_DOI_LINK = re.compile(r"https?://(?:dx\.)?doi\.org/(?P<doi>10\..*)", re.IGNORECASE)
_ONLY_PUNCTUATION = re.compile(r"[\s;,|•·]*")
_ABSTRACT_CLASS = re.compile(r"\babstract", re.IGNORECASE)


class _State(Enum):
    OUTSIDE = "outside"
    HEAD = "head"
    PUBLISHER = "publisher"
    LINKS = "links"
    ABSTRACT = "abstract"


def read_page(lines: Iterable[tuple[int, str]]) -> Iterator[Result]:
    """The results of a page, in order, from its numbered lines."""
    parser = _PageParser()
    chunk: list[str] = []
    size = 0
    for _, line in lines:
        chunk.append(line)
        size += len(line)
        if size >= _CHUNK:
            parser.feed_bounded("".join(chunk))
            chunk, size = [], 0
            yield from parser.take()
    parser.feed_bounded("".join(chunk))
    parser.close_bounded()
    parser.end_result()
    yield from parser.take()
    if not parser.found:
        yield from (
            read_detail(parser.lines) if is_detail(parser.lines) else read_paste(parser.lines)
        )


class _PageParser(HTMLParser):
    """Follows a page from one result's title link to the next."""

    # Before Python 3.13.6 the parser did not know that <xmp> holds raw text.
    CDATA_CONTENT_ELEMENTS = ("script", "style", "xmp")  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = False
        self.lines: list[tuple[int, str]] = []
        """The text of the page, as long as no result was found."""
        self._done: list[Result] = []
        self._result: Result | None = None
        self._detail = ""
        self._state = _State.OUTSIDE
        self._source: list[str] = []
        self._abstract: list[str] = []
        self._text: list[str] = []
        self._href: str | None = None
        self._line = 1
        self._unread = False

    def feed_bounded(self, text: str) -> None:
        """Feed a piece; a construct that does not end within bounds is dropped."""
        self.feed(text)
        if len(self.rawdata) > _LONGEST_PENDING:
            self.rawdata = ""

    def close_bounded(self) -> None:
        """End the input. What is still open then is read as text, within bounds.

        The parser tries every `<` of it anew, each time to the end, hence the bounds.
        """
        pending, self.rawdata = self.rawdata, ""
        if self.cdata_elem is not None:
            self.handle_data(pending)
        elif len(pending) <= _LONGEST_UNCLOSED:
            self.rawdata = pending
            self.close()

    def take(self) -> list[Result]:
        """The results that are complete, once."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: links are followed, the others only divide text."""
        self._boundary(tag)
        self._unread = tag in ("script", "style")
        attributes = dict(attrs)
        if tag == "a" and self._state is not _State.ABSTRACT:
            self._open_link(attributes.get("href") or "")
        elif tag == "a" and _leads_on(attributes.get("href") or ""):
            self._flush()
            self._state = _State.OUTSIDE
            self._open_link(attributes.get("href") or "")
        elif (
            self._state in (_State.PUBLISHER, _State.LINKS)
            and self._href is None
            and _ABSTRACT_CLASS.search(attributes.get("class") or "")
        ):
            self._flush()
            self._state = _State.ABSTRACT

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        self._unread = False
        if tag == "a" and self._href is not None:
            self._close_link()
        else:
            self._boundary(tag)

    def handle_data(self, data: str) -> None:
        """Collect text."""
        if not self._unread:
            if not self._text:
                self._line = self.getpos()[0]
            self._text.append(data)

    def end_result(self) -> None:
        """Finish the result that is being read."""
        self._flush()
        result = self._result
        if result is not None:
            pieces = self._source
            if not result.authors and len(pieces) > 1 and _may_be_authors(pieces[0]):
                result.authors.append(pieces.pop(0))
            result.source = " ".join(pieces)
            result.abstract = "".join(self._abstract).strip()
            self._done.append(result)
        self._result, self._source, self._abstract = None, [], []
        self._state = _State.OUTSIDE

    def _boundary(self, tag: str) -> None:
        if self._href is not None:
            return
        if self._state is _State.ABSTRACT:
            if tag in _BLOCKS or tag == "xmp":
                self._flush()
        elif self._result is not None or tag in _BLOCKS:
            self._flush()

    def _open_link(self, href: str) -> None:
        self._flush()
        self._href = href.strip()
        self._line = self.getpos()[0]

    def _close_link(self) -> None:
        href, self._href = self._href or "", None
        text = plain_text("".join(self._text))
        self._text = []
        if _DETAIL.search(href) and text:
            self._title(href, text)
        elif self._result is None:
            self._keep_line(text)
        elif _AUTHOR.search(href):
            if self._state is _State.HEAD and text:
                self._result.authors.append(text)
        elif _PAGER.search(href):
            self._state = _State.OUTSIDE
        elif not self._button(self._result, href, text) and self._state is not _State.LINKS:
            self._read(text)

    def _title(self, href: str, text: str) -> None:
        if self._result is not None and href == self._detail:
            return
        line = self._line
        self.end_result()
        self.found = True
        self.lines = []
        self._result = Result(line=line, title=text, links={"detail": href})
        self._detail = href
        self._state = _State.HEAD

    def _button(self, result: Result, href: str, text: str) -> bool:
        """Read a link of the row; whether it was one."""
        label = "".join(text.casefold().split())
        doi = _DOI_LINK.match(href)
        if label.startswith("originalsource"):
            result.url = href
        elif label.startswith("downloadoriginal"):
            result.links["download"] = href
        elif label.startswith("fullpdf"):
            result.links["pdf"] = href
        elif label.startswith("doi:") or (doi and self._state is _State.LINKS):
            result.doi = doi_of_links(text) or (doi["doi"] if doi else "")
        elif not label.startswith(("showabstract", "hideabstract", "checkingoogle")):
            return False
        self._state = _State.LINKS
        return True

    def _flush(self) -> None:
        """Read the text since the last boundary."""
        raw = "".join(self._text)
        self._text = []
        if not raw.strip():
            return
        if self._state is _State.ABSTRACT:
            self._read_abstract(raw)
        elif self._result is None:
            self._keep_line(plain_text(raw))
        else:
            self._read(plain_text(raw))

    def _keep_line(self, text: str) -> None:
        if not self.found and text and len(self.lines) < _MOST_LINES:
            self.lines.append((self._line, text))

    def _read_abstract(self, raw: str) -> None:
        kind = kind_of(plain_text(raw))
        if kind is Kind.FURNITURE:
            self._state = _State.OUTSIDE
        elif kind is not Kind.ABSTRACT:
            self._abstract.append(raw.strip() + "\n\n")

    def _read(self, text: str) -> None:
        """Read a piece of a result's text by where in the result it stands."""
        result = self._result
        if result is None or _ONLY_PUNCTUATION.fullmatch(text) or self._state is _State.OUTSIDE:
            return
        kind = kind_of(text)
        if kind is Kind.ABSTRACT:
            self._state = _State.ABSTRACT
        elif kind is Kind.PUBLISHER:
            self._state = _State.PUBLISHER
            result.publisher = publisher_of(text)
        elif kind is Kind.LINKS:
            self._state = _State.LINKS
            result.doi = result.doi or doi_of_links(text)
        elif self._state is _State.HEAD:
            self._source.append(text)
        elif self._state is _State.PUBLISHER:
            result.publisher = f"{result.publisher} {text}".strip()


def _leads_on(href: str) -> bool:
    """Whether a link inside what looks like an abstract belongs to the page again."""
    return bool(_DETAIL.search(href) or _PAGER.search(href) or _AUTHOR.search(href))


def _may_be_authors(text: str) -> bool:
    return looks_like_authors(text) or looks_like_name(text)
