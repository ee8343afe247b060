"""The text of an XML file from outside, made safe and well-formed where that needs no guessing.

Bytes become text by the byte order mark, the XML declaration (XML 1.0, 4.3.3 and appendix F), else
UTF-8; bytes that UTF-8 does not have are read as Windows-1252. The document type declaration is
taken out: nothing is ever loaded for it, and of its entities only those are known that stand for
a few plain characters. Named characters of HTML (`&nbsp;`) are put in, any other `&` is made
`&amp;`, and characters that XML does not allow are left out.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import BinaryIO

MAX_PROLOG = 1024 * 1024
"""Most characters that may stand before the first element."""

_CHUNK = 128 * 1024
_MAX_ENTITIES = 1000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Nothing in it is tried twice at one place but a name of bounded length.
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z_][\w.-]{0,63});)?"
    r"|&#(\d{1,7}|x[0-9a-fA-F]{1,6});"
)
_LEGAL_REFERENCE = (0x9, 0xA, 0xD)
_SUBSET_TOKEN = re.compile(r"<!--|\"|'|\[|\]|>|<\?")
_ENTITY = re.compile(
    r"<!ENTITY\s{1,9}([A-Za-z_][\w.-]{0,63})\s{1,9}"
    r"""(?:"([^"<]{0,64})"|'([^'<]{0,64})')\s{0,9}>"""
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is no character of an encoding, as one of Windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_AS_WINDOWS = "refman-windows-1252"
codecs.register_error(_AS_WINDOWS, _as_windows)


class XmlText:
    """The text of one XML file, from its first element on, read once.

    `mistake` says where the bytes turned out not to be what they were declared to be; `skipped`
    is how many line breaks stood before the first element.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._entities: dict[str, str] = {}
        self._in_cdata = False
        self._line = 1
        self.skipped = 0
        self.mistake: tuple[int, str] | None = None

    def pieces(self) -> Iterator[str]:
        """The text in pieces of about 128 kilobytes; line ends are `\\n`."""
        pieces = self._decoded()
        text = ""
        for piece in pieces:
            text += piece
            end = self._end_of_prolog(text)
            if end >= 0:
                self.skipped = text.count("\n", 0, end)
                text = text[end:]
                break
            if len(text) > MAX_PROLOG:
                break
        while True:
            cut = _safe_cut(text)
            if cut:
                yield self._made_safe(text[:cut])
            piece = next(pieces, "")
            if not piece:
                break
            text = text[cut:] + piece
        if text[cut:]:
            yield self._made_safe(text[cut:])

    # Bytes

    def _decoded(self) -> Iterator[str]:
        data = self._stream.read(_CHUNK)
        codec, data = _encoding(data)
        self._codec = codec
        decoder = codecs.getincrementaldecoder(codec)("strict")
        held = ""
        while data:
            decoded, decoder = self._decode(decoder, data)
            text = held + decoded
            held = "\r" if text.endswith("\r") else ""
            text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
            self._line += text.count("\n")
            if text:
                yield text
            data = self._stream.read(_CHUNK)
        rest, _ = self._decode(decoder, b"", final=True)
        if held or rest:
            yield (held + rest).replace("\r", "\n")

    def _decode(
        self, decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False
    ) -> tuple[str, codecs.IncrementalDecoder]:
        """Bytes as text, and the decoder for the next ones.

        From the first byte on that is not of the encoding, such bytes are read as Windows-1252.
        """
        state = decoder.getstate()
        try:
            return decoder.decode(data, final), decoder
        except UnicodeDecodeError as error:
            self._tell(error.object[: error.start], error.object[error.start])
        lenient = codecs.getincrementaldecoder(self._codec)(_AS_WINDOWS)
        lenient.setstate(state)
        return lenient.decode(data, final), lenient

    def _tell(self, before: bytes, bad: int) -> None:
        line = self._line + before.decode(self._codec, "replace").count("\n")
        self.mistake = (
            line,
            f"line {line} is not valid {self._codec.upper()} (byte 0x{bad:02x}); such bytes "
            "were read as Windows-1252, so look at the accents",
        )

    # What stands before the first element

    def _end_of_prolog(self, text: str) -> int:
        """Where the first element begins; -1 where the text ends before it."""
        at = 0
        while True:
            start = text.find("<", at)
            if start < 0 or start + 9 > len(text):
                return -1
            if text.startswith("<!--", start):
                at = _after(text, "-->", start + 4)
            elif text.startswith("<?", start):
                at = _after(text, "?>", start + 2)
            elif text[start : start + 9].upper() == "<!DOCTYPE":
                at = self._end_of_doctype(text, start + 9)
            else:
                return start if not text[at:start].strip("\ufeff \t\n") else at
            if at < 0:
                return -1

    def _end_of_doctype(self, text: str, at: int) -> int:
        start = at
        depth = 0
        while (token := _SUBSET_TOKEN.search(text, at)) is not None:
            found = token.group()
            at = token.end()
            if found == "<!--":
                at = _after(text, "-->", at)
            elif found == "<?":
                at = _after(text, "?>", at)
            elif found in ('"', "'"):
                at = _after(text, found, at)
            elif found == "[":
                depth += 1
            elif found == "]":
                depth = max(0, depth - 1)
            elif depth == 0:
                self._learn_entities(text[start:at])
                return at
            if at < 0:
                return -1
        return -1

    def _learn_entities(self, subset: str) -> None:
        """Those that stand for plain characters; one made of others is never put in."""
        for match in _ENTITY.finditer(subset):
            value = html.unescape(match.group(2) or match.group(3) or "")
            if "&" not in value and "%" not in value and len(self._entities) < _MAX_ENTITIES:
                self._entities.setdefault(match.group(1), value)

    # Characters

    def _made_safe(self, text: str) -> str:
        if not text.isprintable():
            text = _ILLEGAL.sub("", text)
        if not self._in_cdata and _CDATA not in text:
            return _AMPERSAND.sub(self._reference, text) if "&" in text else text
        pieces = []
        at = 0
        while at < len(text):
            if self._in_cdata:
                end = text.find(_CDATA_END, at)
                end = len(text) if end < 0 else end
                self._in_cdata = end == len(text)
                pieces.append(text[at:end])
            else:
                end = text.find(_CDATA, at)
                self._in_cdata = end >= 0
                end = len(text) if end < 0 else end + len(_CDATA)
                pieces.append(_AMPERSAND.sub(self._reference, text[at:end]))
            at = end
        return "".join(pieces)

    def _reference(self, match: re.Match[str]) -> str:
        name, number = match.groups()
        if number is not None:
            code = int(number[1:], 16) if number[0] == "x" else int(number)
            legal = code in _LEGAL_REFERENCE or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0x10FFFF
            return match.group() if legal and code not in (0xFFFE, 0xFFFF) else ""
        if name is None:
            return "&amp;"
        value = self._entities.get(name)
        if value is None:
            value = html5.get(f"{name};")
        return f"&amp;{name};" if value is None else html.escape(value)


def _encoding(head: bytes) -> tuple[str, bytes]:
    """The codec of a file that begins so, and the beginning without a byte order mark."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, head if mark[:1] in (b"<", b"\x00") and b"?" in mark else head[
                len(mark) :
            ]
    declared = _DECLARED.match(head)
    name = declared.group(1).decode() if declared is not None else "utf-8"
    try:
        info = codecs.lookup(name)
        info.incrementaldecoder  # noqa: B018
        "".encode(info.name)
    except (LookupError, AttributeError):
        return "utf-8", head
    if info.name.startswith(("utf-16", "utf-32")):
        # A declaration that can be read as ASCII is not in the encoding that it names.
        return "utf-8", head
    return ("cp1252" if info.name == "iso8859-1" else info.name), head


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else -1


def _safe_cut(text: str) -> int:
    """Where a text may be cut without cutting a reference or a mark of CDATA in two."""
    tail = max(0, len(text) - 80)
    held = max(text.rfind(char, tail) for char in "<&]")
    return len(text) if held < 0 else held
