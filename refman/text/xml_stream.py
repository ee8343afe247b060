"""XML from outside, entry by entry, within bounds (XML 1.0; Namespaces in XML).

A bibliography in XML is a long list of entries in a few elements around them. Each entry is given
as an lxml element and let go of afterwards, so that memory holds an entry and never the file.
Nothing is loaded from elsewhere, no entity is expanded, nesting and size are bounded. Where the
XML is ill-formed, the entry that it happened in is told and reading goes on with the next one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterator
from typing import BinaryIO, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from refman.text.xml_text import XmlText

MAX_ENTRY = 16 * 1024 * 1024
"""Longest entry, in characters, that is still read."""
MAX_TAGS = 500_000
"""Most tags of an entry: elements take far more memory than text does."""
MAX_DEPTH = 64
"""How deep the elements of an entry may be nested."""
MAX_RAW = 100_000
"""How much of a broken entry is kept, in characters."""
MAX_FAULTS = 1000
"""After so many faults the rest of a file is not read."""

_HEADER = 64 * 1024
_DECLARED_NAMESPACE = re.compile(
    r"""\sxmlns(?::([A-Za-z_][A-Za-z0-9_.-]{0,63}))?\s?=\s?(?:"([^"<>]{1,200})"|'([^'<>]{1,200})')"""
)
_TOO_DEEP = etree.XPath(f"boolean({'/'.join('*' * MAX_DEPTH)})")


class XmlEntry(NamedTuple):
    """One entry: the line it begins on (1-based), and its element, valid until the next is read."""

    line: int
    element: etree._Element

    @property
    def raw(self) -> str:
        """The entry's own XML, up to 100,000 characters."""
        return etree.tostring(self.element, encoding="unicode", with_tail=False)[:MAX_RAW]


class XmlFault(NamedTuple):
    """What could not be read: the line, why, and the text of the entry it happened in.

    With `partial`, all entries were read, but perhaps not as they were meant.
    """

    line: int
    reason: str
    raw: str = ""
    partial: bool = False


def xml_entries(stream: BinaryIO, names: Collection[str]) -> Iterator[XmlEntry | XmlFault]:
    """The elements with one of the local names, in the order of the file, and what was no XML.

    An entry inside an entry of another name is a part of it. Raises nothing but what `stream`
    raises.
    """
    return _Reader(stream, frozenset(names)).run()


def xml_children(stream: BinaryIO, within: str) -> Iterator[XmlEntry | XmlFault]:
    """The elements directly in the root, if that has the local name, and what was no XML.

    Nothing tells them from others where the XML is ill-formed, so nothing is read after a fault.
    """
    return _Reader(stream, frozenset(), within).run()


def local_name(element: etree._Element) -> str:
    """The element's name without namespace and prefix."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


class _Reader:
    """A parser, and the text that it was fed last.

    `_kept` begins at line `_kept_line` and goes at least as far back as the end of the last entry
    that was given out. When the parser stops at a fault, a new one is begun at the next entry,
    inside the same elements (`_around`).
    """

    def __init__(self, stream: BinaryIO, names: frozenset[str], within: str = "") -> None:
        self._text = XmlText(stream)
        self._names = names
        self._within = within
        named = "|".join(re.escape(name) for name in sorted(names)) or "(?!)"
        self._start = re.compile(rf"<(?:[\w.-]{{1,64}}:)?(?:{named})(?=[\s/>])")
        self._end = re.compile(rf"</(?:[\w.-]{{1,64}}:)?(?:{named})\s{{0,9}}>")
        self._kept: list[str] = []
        self._kept_line = 1
        self._kept_size = 0
        self._kept_tags = 0
        self._header = ""
        self._around = ""
        self._resumed = False
        self._gave = False
        self._faults = 0
        self._parser: etree.XMLPullParser | None = None
        self._base = 0
        self._kept_column = 0
        """How many characters stand before `_kept` on its first line, as the parser counts."""

    def run(self) -> _Found:
        for piece in self._text.pieces():
            if self._parser is None and not self._resumed:
                self._kept_line = 1 + self._text.skipped
                self._begin("")
            if len(self._header) < _HEADER:
                self._header += piece[:_HEADER]
            yield from self._take(piece)
            if self._faults >= MAX_FAULTS:
                reason = f"more than {MAX_FAULTS} faults; the rest is not read"
                yield XmlFault(self._kept_line, reason)
                return
        if self._parser is not None:
            yield from self._finish(self._parser)
        elif not self._resumed:
            yield XmlFault(1, "not XML: there is no element in it")
        if self._text.mistake is not None:
            line, reason = self._text.mistake
            yield XmlFault(line, reason, partial=True)

    def _begin(self, around: str) -> None:
        """A new parser, which is next fed what stands at the beginning of `_kept`."""
        self._base = self._kept_line - 1
        self._kept_column = len(around)
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=[f"{{*}}{name}" for name in self._names] or None,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        if around:
            try:
                self._parser.feed(around)
            except etree.XMLSyntaxError:
                # It was made of what stood in a file that is broken itself.
                self._begin("<entries>")

    def _take(self, piece: str) -> _Found:
        """Feed a piece; after a fault, what of it comes after the fault."""
        while piece and self._faults < MAX_FAULTS:
            self._kept.append(piece)
            self._kept_size += len(piece)
            self._kept_tags += piece.count("<")
            if self._parser is None:
                piece = self._resume(0)
                continue
            fault = None
            try:
                self._parser.feed(piece)
            except etree.XMLSyntaxError as error:
                fault = error
            given = yield from self._given(self._parser)
            if fault is not None:
                piece = yield from self._mend(fault)
                continue
            if given:
                self._forget(keep=2)
            elif self._kept_size > MAX_ENTRY or self._kept_tags > MAX_TAGS:
                yield self._too_long()
            return

    def _given(self, parser: etree.XMLPullParser) -> Generator[XmlEntry | XmlFault, None, bool]:
        """The entries that are complete; whether there were any."""
        given = False
        for _, element in parser.read_events():
            if not isinstance(element, etree._Element) or not self._is_entry(element):  # noqa: SLF001
                continue
            given = self._gave = True
            self._around = self._around or _opening(element)
            line = self._base + _line(element)
            entry = XmlEntry(line, element)
            if _TOO_DEEP(element):
                yield self._fault(line, "an entry that is nested too deeply", entry.raw)
            else:
                yield entry
            _let_go(element)
        return given

    def _is_entry(self, element: etree._Element) -> bool:
        if self._within:
            root = element.getparent()
            return (
                root is not None and root.getparent() is None and local_name(root) == self._within
            )
        name = local_name(element)
        for parent in element.iterancestors():
            around = local_name(parent)
            # One of its own name is an entry that was never closed.
            if around in self._names and around != name:
                return False
        return True

    def _finish(self, parser: etree.XMLPullParser) -> _Found:
        fault = None
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            fault = None if "amespace" in (error.msg or "") else error
        yield from self._given(parser)
        if fault is not None:
            rest = yield from self._mend(fault, at_end=True)
            yield from self._take(rest)

    def _forget(self, keep: int) -> None:
        """Let go of all but the last pieces."""
        for piece in self._kept[:-keep]:
            self._kept_line += piece.count("\n")
            self._kept_size -= len(piece)
            self._kept_tags -= piece.count("<")
            begun = piece.rfind("\n") + 1
            self._kept_column = len(piece) - begun + (0 if begun else self._kept_column)
        del self._kept[:-keep]

    # Faults

    def _fault(self, line: int, reason: str, raw: str = "") -> XmlFault:
        self._faults += 1
        return XmlFault(line, reason, raw[:MAX_RAW])

    def _mend(
        self, error: etree.XMLSyntaxError, *, at_end: bool = False
    ) -> Generator[XmlEntry | XmlFault, None, str]:
        """Tell the fault; the text from the next entry on."""
        text = "".join(self._kept)
        row, column = error.position
        line = self._base + max(row or 1, 1)
        if line == self._kept_line:
            column -= self._kept_column
        at = len(text) if at_end else _offset(text, line - self._kept_line, max(column, 1))
        # The end tag at which the parser stopped has ended nothing; at the end of all it has.
        last_end = self._last_end(text, at if at_end else at - 1)
        broken = self._start.search(text, last_end, at)
        following = self._start.search(text, max(at - 1, broken.end() if broken else 0))
        end = following.start() if following is not None else len(text)
        if broken is not None:
            raw = text[broken.start() : end].strip()
            begun = self._kept_line + text.count("\n", 0, broken.start())
            yield self._fault(begun, f"not well-formed: {_reason(error, line)}", raw)
        elif not self._resumed:
            raw = text[max(0, at - 500) : min(end, at + 500)].strip()
            fault = self._fault(line, f"not well-formed: {_reason(error, line)}", raw)
            # Between entries, as where files were put together, no entry is lost.
            yield fault._replace(partial=self._gave and following is not None)
        else:
            # What was around the entries is closed, but the new parser has not seen it begin.
            self._faults += 1
        self._kept = [text]
        return self._resume(end)

    def _last_end(self, text: str, limit: int) -> int:
        """Where the last entry that ends before the limit does; 0 where none ends."""
        return max((match.end() for match in self._end.finditer(text, 0, limit)), default=0)

    def _resume(self, at: int) -> str:
        """Go on at the next entry in `_kept` from `at`; the text from there on, to be fed."""
        self._resumed = True
        text = "".join(self._kept)
        found = self._start.search(text, at)
        start = found.start() if found is not None else len(text)
        self._kept_line += text.count("\n", 0, start)
        self._kept, self._kept_size, self._kept_tags = [], 0, 0
        if found is None:
            self._parser = None
        else:
            self._begin(self._around or f"<entries{_namespaces(self._header)}>")
        return text[start:]

    def _too_long(self) -> XmlFault:
        text = "".join(self._kept)
        begun = self._start.search(text, self._last_end(text, len(text)))
        start = begun.start() if begun is not None else 0
        line = self._kept_line + text.count("\n", 0, start)
        reason = f"an entry of over {MAX_ENTRY >> 20} MB, or of over {MAX_TAGS:,} tags"
        fault = self._fault(line, reason, text[start : start + MAX_RAW])
        self._resume(len(text))
        return fault


_Found = Generator[XmlEntry | XmlFault, None, None]


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


def _let_go(element: etree._Element) -> None:
    """Free the entry, and what stands before it and around it."""
    element.clear()
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        while parent is not None and one.getprevious() is not None:
            del parent[0]


def _opening(element: etree._Element) -> str:
    """The start tags of what is around an entry, without attributes but their namespaces."""
    tags = []
    for parent in reversed(list(element.iterancestors())):
        name = local_name(parent)
        prefix = f"{parent.prefix}:" if parent.prefix else ""
        spaces = "".join(
            f" xmlns{':' if key else ''}{key or ''}={quoteattr(uri)}"
            for key, uri in parent.nsmap.items()
        )
        tags.append(f"<{prefix}{name}{spaces}>")
    return "".join(tags)


def _namespaces(header: str) -> str:
    """The namespaces that are declared in a text, each prefix once, as attributes."""
    found: dict[str, str] = {}
    for prefix, double, single in _DECLARED_NAMESPACE.findall(header):
        found.setdefault(f"xmlns:{prefix}" if prefix else "xmlns", double or single)
    return "".join(f' {name}="{uri}"' for name, uri in found.items() if '"' not in uri)


def _offset(text: str, rows: int, column: int) -> int:
    """Where a line (counted from 0) and a column (from 1) are in a text."""
    at = 0
    for _ in range(rows):
        following = text.find("\n", at) + 1
        if not following:
            break
        at = following
    return min(at + column - 1, len(text))


def _reason(error: etree.XMLSyntaxError, line: int) -> str:
    """What the parser says, with the line as it is in the file."""
    said = re.sub(r", line \d+, column \d+$", "", error.msg or "it ends too early")
    said = re.sub(r" line \d+ and ", " and ", said)
    said = re.sub(r"( in tag \S+) line \d+", r"\1", said)
    return f"{said[:1].lower()}{said[1:200]} (line {line})"
