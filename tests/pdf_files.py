"""Small PDF files, made for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = tuple[int, str]
"""A size of letters, and what is written in them."""

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    ' xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/">'
    '<rdf:Description rdf:about=""{attributes}>{properties}</rdf:Description>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def made_pdf(
    pages: Sequence[Sequence[Line]] = ((),),
    info: Mapping[str, str] | None = None,
    xmp: str = "",
    attributes: str = "",
    password: str | None = None,
) -> bytes:
    """The bytes of a PDF with these lines on its pages, and this metadata."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(b"\n".join(_drawn(lines)))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if info:
        writer.add_metadata({f"/{name}": value for name, value in info.items()})
    if xmp or attributes:
        packet = DecodedStreamObject()
        packet.set_data(XMP.format(properties=xmp, attributes=attributes).encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(lines: Sequence[Line]) -> list[bytes]:
    drawn = []
    height = 760
    for size, text in lines:
        height -= size + 4
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(f"BT /F1 {size} Tf 50 {height} Td ({escaped}) Tj ET".encode("latin-1"))
    return drawn
