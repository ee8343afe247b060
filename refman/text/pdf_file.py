"""What a PDF file says of itself (ISO 32000; XMP, ISO 16684-1), within bounds of time and memory.

The file is taken apart by a process of its own (`refman.text.pdf_child`): files from outside can
keep a reader busy for ever.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from refman.text.xml_stream import XmlEntry, local_name, xml_entries

MAGIC = b"%PDF-"
MAX_FILE = 512 * 1024 * 1024
MAX_SECONDS = 30

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PREFIXES = (
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://prismstandard.org/namespaces/", "prism"),
    ("http://ns.adobe.com/pdfx/1.3/", "pdfx"),
    ("http://ns.adobe.com/pdf/1.3/", "pdf"),
    ("http://crossref.org/crossmark/", "crossmark"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://www.niso.org/schemas/jav/", "jav"),
)
_MAX_PROPERTIES = 300
_MAX_VALUE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFile:
    """The parts of a PDF file that may tell what work it is."""

    info: dict[str, str] = field(default_factory=dict)
    """The document information dictionary, by name: `Title`, `Author`, …"""
    xmp: dict[str, list[str]] = field(default_factory=dict)
    """XMP's properties, by prefix and name: `dc:title`, `prism:doi`, …"""
    language: str = ""
    pages: int = 0
    texts: tuple[str, ...] = ()
    """The text of the first pages."""
    largest: str = ""
    """The text in the largest letters on the first page."""
    fault: str | None = None
    """Why it could not be read, or not whole."""


def is_pdf(head: bytes) -> bool:
    """Whether a file begins as PDF files do; some have other bytes before that."""
    return MAGIC in head[:1024]


def read_pdf(data: bytes) -> PdfFile:
    """What the bytes of a PDF file say. Raises nothing."""
    if len(data) > MAX_FILE:
        return PdfFile(fault=f"it is larger than {MAX_FILE >> 20} MB")
    command = [sys.executable or "python3", "-P", "-m", "refman.text.pdf_child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=data, capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return PdfFile(fault=f"reading it takes more than {MAX_SECONDS} seconds")
    except OSError as error:
        return PdfFile(fault=f"it cannot be read here ({error.strerror})")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return PdfFile(fault="reading it takes too much time or memory")
    return _from_json(found)


def _from_json(found: dict[str, Any]) -> PdfFile:
    return PdfFile(
        info=found.get("info") or {},
        xmp=_properties(found.get("xmp") or ""),
        language=found.get("language") or "",
        pages=found.get("count") or 0,
        texts=tuple(found.get("texts") or ()),
        largest=found.get("largest") or "",
        fault=found.get("fault"),
    )


def _properties(xmp: str) -> dict[str, list[str]]:
    """The properties of an XMP packet: elements and attributes of its `rdf:Description`s."""
    found: dict[str, list[str]] = {}
    for entry in xml_entries(io.BytesIO(xmp.encode("utf-8")), ("Description",)):
        if not isinstance(entry, XmlEntry):
            continue
        for name, value in entry.element.attrib.items():
            _add(found, _qualified(str(name)), str(value))
        for child in entry.element:
            items = list(child.iter(f"{_RDF}li"))
            if local_name(child):
                for item in items or [child]:
                    _add(found, _qualified(str(child.tag)), "".join(map(str, item.itertext())))
    return found


def _add(found: dict[str, list[str]], name: str, value: str) -> None:
    text = value.strip()[:_MAX_VALUE]
    if text and name and len(found) < _MAX_PROPERTIES:
        values = found.setdefault(name, [])
        if len(values) < _MAX_PROPERTIES and text not in values:
            values.append(text)


def _qualified(tag: str) -> str:
    """`dc:title` for `{http://purl.org/dc/elements/1.1/}title`; nothing for RDF's own."""
    space, _, local = tag.removeprefix("{").rpartition("}")
    prefix = next((prefix for start, prefix in _PREFIXES if space.startswith(start)), None)
    return f"{prefix}:{local}" if prefix else ""
