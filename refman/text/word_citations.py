"""The citations in Word's files: of Zotero, Mendeley and EndNote, of Word itself, and plain keys.

Zotero and Mendeley Desktop keep the works that they cite as CSL-JSON in the instruction of a field
(`ADDIN ZOTERO_ITEM CSL_CITATION`, `ADDIN CSL_CITATION`), Mendeley Cite in the tag of a content
control, EndNote as XML of its own in the instruction or in the data of a field (`ADDIN EN.CITE`).
Word's own field says the tag of a source (`CITATION Dwi21`). Keys in the text (`[@dwi2021]`) are
read as in Markdown. Where Zotero is told to use bookmarks, it keeps the same among the properties
of the document. The file is a ZIP archive (ECMA-376), of which the parts with text are read.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedReader, BytesIO, RawIOBase
from itertools import pairwise
from typing import IO, Any, BinaryIO, cast

from lxml import etree

from refman.text.citations import Citation, Cited
from refman.text.markup_citations import markdown_citations
from refman.text.xml_stream import XmlEntry, local_name, xml_entries

MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes of XML that are read of one file."""

_MAX_CODE = 8 * 1024 * 1024
_MAX_PARTS = 50
_PART = re.compile(
    r"word/(?:document|footnotes|endnotes|comments|header\d{0,3}|footer\d{0,3})\.xml"
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
_PROPERTIES = "docProps/custom.xml"
_BOOKMARK = re.compile(r"(ZOTERO_BREF_\w{1,40})_(\d{1,4})")
_MENDELEY = "MENDELEY_CITATION_v3_"
_WORDS_OWN = re.compile(r"\s*CITATION\s{1,8}(.{1,400})", re.DOTALL)


class _TooLargeError(ValueError):
    """There is more text in it than in any book."""


def word_citations(stream: BinaryIO) -> Iterator[Citation]:
    """What a .docx file cites, in the order of its text, footnotes and endnotes last.

    Raises `ValueError` for a file that is none, and for one with more text than any book has.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            yield from _in_archive(archive)
    except _TooLargeError:
        raise
    except _BROKEN as error:
        raise ValueError(f"it is no document of Word ({error})") from error


def _in_archive(archive: zipfile.ZipFile) -> Iterator[Citation]:
    # ECMA-376 knows no other way of packing; the others of ZIP may ask for very much memory.
    names = [
        entry.filename
        for entry in archive.infolist()
        if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]
    if "word/document.xml" not in names:
        raise ValueError("there is no text of Word's in it")
    texts = [name for name in dict.fromkeys(names) if _PART.fullmatch(name)]
    texts.sort(key=lambda name: (name != "word/document.xml", name))
    left = [MAX_UNPACKED]
    for name in texts[:_MAX_PARTS]:
        with archive.open(name) as part:
            yield from _in_part(part, left)
    if _PROPERTIES in names:
        with archive.open(_PROPERTIES) as part:
            yield from _in_properties(part, left)


class _Limited(RawIOBase):
    """A stream of which no more than what is left of an allowance is read."""

    def __init__(self, stream: IO[bytes], left: list[int]) -> None:
        self._stream, self._left = stream, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._left[0] -= len(piece)
        if self._left[0] < 0:
            raise _TooLargeError(f"it unpacks to over {MAX_UNPACKED >> 20} MB")
        buffer[: len(piece)] = piece
        return len(piece)


def _in_part(part: IO[bytes], left: list[int]) -> Iterator[Citation]:
    fields = _Fields()
    stream = cast("BinaryIO", BufferedReader(_Limited(part, left)))
    for entry in xml_entries(stream, {"p", "sdtPr"}):
        if isinstance(entry, XmlEntry):
            yield from fields.paragraph(entry.element)


def _in_properties(part: IO[bytes], left: list[int]) -> Iterator[Citation]:
    """The citations of bookmarks, which Zotero keeps in pieces among a document's properties."""
    pieces: dict[str, dict[int, str]] = {}
    stream = cast("BinaryIO", BufferedReader(_Limited(part, left)))
    for entry in xml_entries(stream, {"property"}):
        if isinstance(entry, XmlEntry):
            match = _BOOKMARK.fullmatch(_attribute(entry.element, "name"))
            if match is not None:
                text = "".join(str(piece) for piece in entry.element.itertext())
                pieces.setdefault(match.group(1), {})[int(match.group(2))] = text
    for bookmark in pieces.values():
        yield from _instruction("".join(bookmark[number] for number in sorted(bookmark)))


class _Fields:
    """The fields that are open, and what their instructions say so far."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._text: list[str] = []

    def paragraph(self, paragraph: etree._Element) -> Iterator[Citation]:
        """The citations of a paragraph; a field may go on in the next one."""
        self._text = []
        for element in paragraph.iter(etree.Element):
            yield from self._element(element)
        yield from _in_words("".join(self._text))

    def _element(self, element: etree._Element) -> Iterator[Citation]:
        name = local_name(element)
        if name == "fldChar":
            yield from self._mark(_attribute(element, "fldCharType"))
        elif name == "instrText" and self._open:
            self._open[-1].append(element.text or "")
        elif name == "fldSimple":
            yield from _instruction(_attribute(element, "instr"))
        elif name == "fldData" and element.text:
            yield from _endnote(_decoded(element.text))
        elif name == "tag":
            yield from _mendeley(_attribute(element, "val"))
        elif name == "t":
            # What a field shows is no text of the author's.
            self._text.append(element.text or "" if not self._open else " ")
        elif name in ("tab", "br"):
            self._text.append(" ")

    def _mark(self, kind: str) -> Iterator[Citation]:
        if kind == "begin" and len(self._open) < 20:
            self._open.append([])
        elif kind == "separate" and self._open:
            instruction, self._open[-1] = "".join(self._open[-1]), []
            yield from _instruction(instruction)
        elif kind == "end" and self._open:
            yield from _instruction("".join(self._open.pop()))


def _attribute(element: etree._Element, name: str) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).endswith(name)), ""
    )


def _instruction(text: str) -> Iterator[Citation]:
    """What a field's instruction cites."""
    text = text[:_MAX_CODE]
    if "CSL_CITATION" in text:
        yield from _csl(text[text.find("{", text.find("CSL_CITATION")) :])
    elif "EN.CITE" in text:
        yield from _endnote(text[text.find("<EndNote>") :] if "<EndNote>" in text else "")
    elif (own := _WORDS_OWN.match(text)) is not None:
        words = own.group(1).split()
        if words:
            yield Cited(words[0].strip('"'))
        for switch, tag in pairwise(words):
            if switch == "\\m":
                yield Cited(tag.strip('"'))


def _csl(text: str) -> Iterator[Citation]:
    """The items of a citation of Zotero's or Mendeley's."""
    try:
        citation, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return
    items = citation.get("citationItems") if isinstance(citation, dict) else None
    for item in items if isinstance(items, list) else ():
        data = item.get("itemData") if isinstance(item, dict) else None
        if isinstance(data, dict):
            yield Cited(_key_of(data), data)


def _key_of(item: Mapping[str, Any]) -> str:
    key = item.get("citation-key")
    return key if isinstance(key, str) else ""


def _mendeley(tag: str) -> Iterator[Citation]:
    if tag.startswith(_MENDELEY):
        yield from _csl(_decoded(tag.removeprefix(_MENDELEY)))


def _decoded(text: str) -> str:
    """Base64 as text; nothing where it is none."""
    try:
        return base64.b64decode(text[:_MAX_CODE], validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _endnote(text: str) -> Iterator[Citation]:
    """The records of a citation of EndNote's."""
    begin = text.find("<EndNote>")
    if begin < 0:
        return
    for entry in xml_entries(BytesIO(text[begin:].encode("utf-8", "replace")), {"Cite"}):
        if isinstance(entry, XmlEntry):
            item = _item_of_cite(entry.element)
            if item:
                yield Cited("", item)


def _item_of_cite(cite: etree._Element) -> dict[str, Any]:
    """What an EndNote citation says of the work, as a CSL-JSON item."""
    texts: dict[str, str] = {}
    authors: list[str] = []
    for element in cite.iter(etree.Element):
        text = "".join(str(piece) for piece in element.itertext()).strip()[:2000]
        name = local_name(element)
        if name == "author" and text:
            authors.append(text)
        elif text:
            texts.setdefault(name, text)
    item: dict[str, Any] = {
        "DOI": texts.get("electronic-resource-num"),
        "title": texts.get("title"),
        "container-title": texts.get("secondary-title"),
        "author": [_person(author) for author in authors or [texts.get("Author", "")] if author],
        "issued": _year(texts.get("year") or texts.get("Year") or ""),
    }
    return {name: value for name, value in item.items() if value}


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": name}


def _year(text: str) -> dict[str, Any] | None:
    match = re.search(r"\d{4}", text)
    return None if match is None else {"date-parts": [[int(match.group())]]}


def _in_words(text: str) -> Iterator[Citation]:
    if "@" in text:
        yield from markdown_citations(text)
