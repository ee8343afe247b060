"""Tags and entities in titles and abstracts, made plain or brought down to CSL's few inline marks.

What comes in is whatever publishers deposit: JATS (`<jats:p>`, `<italic>`), HTML, MathML,
Crossref's own face markup, entities escaped once or twice, and white space from pretty-printed
XML. What goes out is text with the marks that CSL 1.0.2 allows in a title, or none at all.

A `<` is a tag only where it begins a known element, one with a prefix, or one with attributes;
`p < 0.05` and `<x>` are text. Nothing is parsed as XML, so there is nothing to expand.

Limits: MathML is reduced to the text of its leaves, so a fraction loses its bar. The blanks that
pretty-printing put around `<sub>` and `<sup>` are taken out where they are surely not meant (in
front of the mark, and between two marks of one chemical formula), not elsewhere.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from refman.text.word_lists import word_list

__all__ = ["clean_inline", "plain_abstract", "plain_text", "strip_markup", "unescape"]


_SMALL_CAPS = '<span style="font-variant:small-caps;">'
NO_CASE = '<span class="nocase">'

_INLINE = {
    "i": "<i>", "em": "<i>", "italic": "<i>", "cite": "<i>",
    "b": "<b>", "strong": "<b>", "bold": "<b>",
    "sub": "<sub>", "inf": "<sub>",
    "sup": "<sup>",
    "sc": _SMALL_CAPS, "scp": _SMALL_CAPS, "small-caps": _SMALL_CAPS, "smallcaps": _SMALL_CAPS,
}  # fmt: skip

_BLOCKS = word_list(
    "abstract article blockquote body dd disp-formula disp-quote div dl dt h1 h2 h3 h4 h5 h6 head "
    "header html hr label list list-item li ol p paragraph para sec section simplesect statement "
    "table td th title tr ul verse-group verse-line"
)
_HEADINGS = frozenset(("title", "label", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "head"))
_BREAKS = frozenset(("br", "break"))
_OTHERS = word_list(
    "a abbr acronym alternatives annotation annotation-xml big center chem-struct code del "
    "ext-link "
    "fn font graphic img inline-formula inline-graphic ins italic-toggle kbd math maction menclose "
    "merror mfenced mfrac mi milestone-end milestone-start mmultiscripts mn mo mover mpadded "
    "mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr "
    "munder munderover named-content none nobr nolabel overline pre q roman ruby rb rt s "
    "sans-serif se semantics small span strike styled-content tex-math tt u underline uri var "
    "xmp xref monospace email institution"
)
_KNOWN = _BLOCKS | _BREAKS | _OTHERS | frozenset(_INLINE)
_SCRIPTS = frozenset(("sub", "sup", "inf"))
_UNREAD = frozenset(("annotation", "annotation-xml", "script", "style"))

# Possessive quantifiers: nothing is tried twice, so no input takes more than linear time.
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:._-]{0,63}+)"
    r"(?P<attributes>(?:\s++[A-Za-z_][\w:.-]*+\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=]++))*+)"
    r"\s*+(?P<empty>/?)>"
    r"|<!--[^<>]*+-->|<!\[CDATA\[|\]\]>|<\?[^<>]*+\?>"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?|[()\[\]·.,+\-–−]){1,12}")

_MARK_BEGINS = re.compile(r"<[A-Za-z/!?]")
_ABSTRACT_WORDS = word_list(
    "abstract abstrak abstracts summary résumé resume resumen resumo zusammenfassung riassunto "
    "abstrakt intisari ringkasan öz özet"
)
_ABSTRACT_LEAD = re.compile(
    r"(?:(?:abstract|abstrak)\s*[:.\-–—]\s*|(?:ABSTRACT|ABSTRAK)\s+(?=[A-Z\"“‘(])|"
    r"(?:Abstract|Abstrak)(?:\s*\n\s*|(?=Background|Objective|Purpose|Introduction|This|The)))",
)
_ABSTRACT_LEAD_ANY = re.compile(r"(?:abstract|abstrak)\s*[:.\-–—]+\s*", re.IGNORECASE)


def unescape(text: str) -> str:
    """Character references resolved until nothing changes, three times at the most.

    Only those that end in a semicolon: `AT&T` and `S&notes` are text.
    """
    for _ in range(3):
        if "&" not in text:
            break
        resolved = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
        if resolved == text:
            break
        text = resolved
    return text


def plain_text(text: str) -> str:
    """One line of NFC text: no control characters, white space collapsed. Markup is left alone."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = _INVISIBLE.sub("", text)
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    return " ".join(text.split())


def strip_markup(text: str) -> str:
    """The text without any tags; entities resolved, white space left as it is."""
    text = unescape(text)
    return _without_tags(text) if "<" in text else text


def clean_inline(text: str) -> str:
    """A title: CSL's inline marks at the most, balanced, on one line.

    Italic, bold, sub- and superscript and small capitals in JATS, HTML or face markup become
    `<i>`, `<b>`, `<sub>`, `<sup>` and CSL's two `<span>`s; other tags go, adding no blanks.
    """
    text = unescape(text)
    if "<" in text:
        text = _inline(_join_formulas(text))
    return plain_text(text)


def plain_abstract(text: str) -> str:
    """An abstract as plain paragraphs with an empty line between them.

    The heading of a section stands before its first paragraph, `Methods: We …`; a heading that
    says no more than "Abstract" is dropped. List items are paragraphs of one line each.
    """
    text = unescape(text)
    if _MARK_BEGINS.search(text) is None:
        # A `<` before a number is a sign, and paragraphs are those of the text.
        return _drop_lead(_paragraphs(text))
    blocks = _blocks(text)
    if len(blocks) == 1:
        # Only inline marks, so that the paragraphs are those of the text.
        return _drop_lead(_paragraphs(blocks[0][0]))
    paragraphs: list[str] = []
    heading = ""
    for piece, is_heading in blocks:
        line = plain_text(piece)
        if not line:
            continue
        if is_heading:
            if paragraphs or heading or line.casefold().rstrip(":. ") not in _ABSTRACT_WORDS:
                heading = f"{heading} {_with_colon(line)}".strip()
            continue
        paragraphs.append(f"{heading} {line}".strip())
        heading = ""
    if heading:
        paragraphs.append(heading.removesuffix(":"))
    return _drop_lead("\n\n".join(paragraphs))


def _with_colon(heading: str) -> str:
    return heading if heading[-1] in ":.?!" else heading + ":"


def _paragraphs(text: str) -> str:
    """Plain text: paragraphs where there were empty lines, everything else on one line."""
    pieces = (plain_text(piece) for piece in re.split(r"\n[^\S\n]*+\n", text.replace("\r", "\n")))
    return "\n\n".join(piece for piece in pieces if piece)


def _drop_lead(text: str) -> str:
    match = _ABSTRACT_LEAD.match(text) or _ABSTRACT_LEAD_ANY.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _name_of(match: re.Match[str]) -> str | None:
    """The tag's local name in lower case, `""` for comments and the like, None for no tag."""
    name = match.group("name")
    if name is None:
        return ""
    prefix, colon, local = name.rpartition(":")
    local = local.lower()
    if local in _KNOWN or (colon and prefix) or match.group("attributes"):
        return local
    return None


def _without_tags(text: str) -> str:
    pieces = []
    for token in _tokens(text):
        if token.name is None:
            pieces.append(token.text)
        elif token.name in _BLOCKS or token.name in _BREAKS:
            pieces.append(" ")
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of text, or a tag with the local name of its element."""

    text: str
    name: str | None = None
    closing: bool = False
    empty: bool = False
    attributes: str = ""


def _tokens(text: str) -> list[_Token]:
    """Text and tags in order; of MathML only the text of its leaves."""
    tokens: list[_Token] = []
    position = 0
    for match in _TAG.finditer(text):
        name = _name_of(match)
        if name is None:
            continue
        if match.start() > position:
            tokens.append(_Token(text[position : match.start()]))
        position = match.end()
        closing, empty = bool(match.group("close")), bool(match.group("empty"))
        tokens.append(_Token(match.group(), name, closing, empty, match.group("attributes") or ""))
    if position < len(text):
        tokens.append(_Token(text[position:]))
    return _without_math(tokens) if any(token.name == "math" for token in tokens) else tokens


def _without_math(tokens: list[_Token]) -> list[_Token]:
    """The same with every `math` element made one piece of text; annotations in it are left out."""
    kept: list[_Token] = []
    leaves: list[str] | None = None
    unread = 0
    for token in tokens:
        if token.name == "math":
            if leaves is None and not token.closing and not token.empty:
                leaves, unread = [], 0
            elif leaves is not None and token.closing:
                kept.append(_Token("".join(leaves)))
                leaves = None
        elif leaves is None:
            kept.append(token)
        elif token.name in _UNREAD and not token.empty:
            unread = max(0, unread + (-1 if token.closing else 1))
        elif token.name == "mspace":
            leaves.append(" ")
        elif token.name is None and not unread:
            leaves.append(_leaf(token.text))
    if leaves is not None:
        kept.append(_Token("".join(leaves)))
    return kept


def _leaf(text: str) -> str:
    """A leaf without the blanks that lie between MathML's tags."""
    return text.strip() if "\n" in text or text.isspace() else text


def _inline(text: str) -> str:
    """Balanced CSL marks; an end without its beginning, or the reverse, is left out."""
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in _tokens(text):
        name = token.name
        if name is None:
            out.append(token.text)
        elif name in _BREAKS or name in _BLOCKS:
            out.append(" ")
        elif token.empty:
            continue
        elif token.closing:
            if opened and opened[-1][0] == name:
                _, index = opened.pop()
                out.append(_end_of(out[index]))
        elif name in _INLINE or name == "span":
            opened.append((name, len(out)))
            out.append(_INLINE.get(name) or _span(token.attributes))
    for _, index in opened:
        out[index] = ""
    return "".join(out)


def _span(attributes: str) -> str:
    lowered = attributes.lower()
    if "small-caps" in lowered:
        return _SMALL_CAPS
    if "nocase" in lowered:
        return NO_CASE
    return ""


def _end_of(start: str) -> str:
    if start.startswith("<span"):
        return "</span>"
    return f"</{start[1:]}" if start else ""


def _join_formulas(text: str) -> str:
    """Take the blanks of pretty-printing out of formulas: `ZrW⏎ <sub>2</sub>⏎ O⏎ <sub>8</sub>`."""
    if "\n" not in text:
        return text
    out: list[str] = []
    after_script = False
    tokens = _tokens(text)
    for index, token in enumerate(tokens):
        piece = token.text
        if token.name is None and index + 1 < len(tokens) and tokens[index + 1].name in _SCRIPTS:
            stripped = piece.rstrip()
            if after_script and _FORMULA.fullmatch(piece.strip()):
                piece = piece.strip()
            elif "\n" in piece[len(stripped) :]:
                piece = stripped
        if token.name is not None:
            after_script = token.name in _SCRIPTS and token.closing
        out.append(piece)
    return "".join(out)


def _blocks(text: str) -> list[tuple[str, bool]]:
    """The text between block tags, and whether it is a heading."""
    blocks: list[tuple[str, bool]] = []
    current: list[str] = []
    heading = False
    for token in _tokens(text):
        if token.name is None:
            current.append(token.text)
        elif token.name in _BREAKS:
            current.append(" ")
        elif token.name in _BLOCKS:
            blocks.append(("".join(current), heading))
            current = []
            heading = token.name in _HEADINGS and not token.closing
    blocks.append(("".join(current), heading))
    return blocks
